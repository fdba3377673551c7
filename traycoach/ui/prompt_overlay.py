"""The prompt over every monitor, with a delayed Skip and a way out that is always written there: hold Esc."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from traycoach.core.actions import Prompt
from traycoach.core.events import Answer
from traycoach.core.instant import ZERO
from traycoach.messages import ShowPromptWindow
from traycoach.text import _
from traycoach.ui.desktop_traits import on_x11
from traycoach.ui.focus_ring import FocusRing
from traycoach.ui.prompt_card import WIDTH, pointer_screen
from traycoach.ui.prompt_sheet import PromptSheet
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import STEP
from traycoach.ui.words_label import Words

ENLARGED: Final = 1.25
ESC_HELD_MS: Final = 2000
_TICK_MS: Final = 100
_LET_GO_MS: Final = 150
_CLAIM_AFTER_MS: Final = 400


class OverlayWindow(QDialog):
    """One monitor's part. `leave_asked` says that Esc was held long enough."""

    painted = Signal()
    leave_asked = Signal()

    def __init__(self, theme: Theme, screen: QScreen) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self._theme = theme
        self._paint_owed = True
        # The window itself holds the focus until a key moves it: no button is the default.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sheet = PromptSheet(theme, self)
        self.sheet.setFixedWidth(min(theme.grown(WIDTH), screen.geometry().width() - 48))
        self._hint = Words(
            theme,
            STEP,
            _("Hold Esc for 2 s to leave"),
            colour="text_second",
            lines=2,
            align=Qt.AlignmentFlag.AlignHCenter,
        )
        self._held = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._esc_still_held)
        # WORKAROUND X11: a held key repeats as release and press, and Qt knows that for a repetition only if both are
        # already in its queue (seen on xfwm4 while the overlay paints). A release counts when no press follows it.
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(_LET_GO_MS)
        self._let_go.timeout.connect(self._esc_let_go)
        self._ring = FocusRing(theme, self)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.sheet)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 32)
        layout.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(1)
        layout.addWidget(self._hint)
        self.create()
        window = self.windowHandle()
        if window is not None:
            window.setScreen(screen)
        self.setGeometry(screen.geometry())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc begins to count, the other keys answer."""
        if event.key() == Qt.Key.Key_Escape:
            self._let_go.stop()
            if not self._held.isValid():
                self._held.start()
                self._tick.start()
                self.update()
        elif not event.isAutoRepeat() and not self.sheet.key_pressed(event.key()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc seems to be let go: believe it when no press follows."""
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._let_go.start()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """The desktop's own way to close is a way out as well."""
        event.ignore()
        self.leave_asked.emit()

    def reject(self) -> None:
        """A QDialog's own way out would hide this window alone, without a word."""
        self.leave_asked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground, and how long Esc has been held."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.colour("stage"))
            if self._held.isValid():
                hint = self._hint.geometry()
                width = 160 * min(1.0, self._held.elapsed() / ESC_HELD_MS)
                bar = QRectF(self.width() / 2 - 80, hint.bottom() + 6, width, 4)
                painter.fillRect(bar, self._theme.colour("accent"))
        if self._paint_owed:
            self._paint_owed = False
            QTimer.singleShot(0, self.painted.emit)

    def _esc_let_go(self) -> None:
        self._tick.stop()
        self._held.invalidate()
        self.update()

    def _esc_still_held(self) -> None:
        self.update()
        if self._held.elapsed() >= ESC_HELD_MS:
            self._esc_let_go()
            self.leave_asked.emit()


class Overlay(QObject):
    """The windows of all monitors for one prompt. Monitors that come or go get a window or lose theirs.

    `answered` is as the sheet's; `no_screen` says that there is no monitor left to show anything on.
    """

    answered = Signal(object, object)
    pause_asked = Signal()
    painted = Signal()
    no_screen = Signal()

    def __init__(self, base: Theme, message: ShowPromptWindow) -> None:
        super().__init__()
        self.message = message
        self._base = base
        self._theme = base.enlarged(ENLARGED)
        self._since = QElapsedTimer()
        self._since.start()
        self._told = False
        self._windows: dict[QScreen, OverlayWindow] = {}
        self._skip_tick = QTimer(self)
        self._skip_tick.setInterval(250)
        self._skip_tick.timeout.connect(self._update_controls)
        self._claim = QTimer(self)
        self._claim.setSingleShot(True)
        self._claim.setInterval(_CLAIM_AFTER_MS)
        self._claim.timeout.connect(self._claim_keys)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._screens_changed)
        application.screenRemoved.connect(self._screen_removed)
        base.changed.connect(self._rebuild)

    @property
    def prompt(self) -> Prompt:
        """The prompt shown."""
        return self.message.prompt

    @property
    def windows(self) -> tuple[OverlayWindow, ...]:
        """The windows, one a monitor."""
        return tuple(self._windows.values())

    def come(self) -> None:
        """Cover every monitor."""
        self._screens_changed()
        self._skip_tick.start()
        self._claim.start()

    def go(self) -> None:
        """Uncover everything, at once. The overlay is not used again."""
        self._skip_tick.stop()
        self._claim.stop()
        self._base.changed.disconnect(self._rebuild)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.disconnect(self._screens_changed)
            application.screenRemoved.disconnect(self._screen_removed)
        for screen in list(self._windows):
            self._drop(screen)
        self.deleteLater()

    def _screens_changed(self, _screen: QScreen | None = None) -> None:
        screens = QGuiApplication.screens()
        for screen in list(self._windows):
            if screen not in screens:
                self._drop(screen)
        for screen in screens:
            if screen not in self._windows:
                self._cover(screen)
        self._update_controls()

    def _screen_removed(self, screen: QScreen) -> None:
        self._drop(screen)
        if not self._windows:
            self.no_screen.emit()

    def _rebuild(self) -> None:
        self._theme = self._base.enlarged(ENLARGED)
        for screen in list(self._windows):
            self._drop(screen)
        self._screens_changed()

    def _cover(self, screen: QScreen) -> None:
        window = OverlayWindow(self._theme, screen)
        window.setWindowTitle(self.prompt.headline)
        window.setAccessibleName(self.prompt.headline)
        window.setAccessibleDescription(self.prompt.line)
        window.sheet.show_prompt(self.message)
        window.sheet.answered.connect(self.answered)
        window.sheet.pause_asked.connect(self.pause_asked)
        window.leave_asked.connect(self._leave)
        window.painted.connect(self._window_painted)
        screen.geometryChanged.connect(self._fit(screen))
        self._windows[screen] = window
        window.showFullScreen()
        if screen is pointer_screen():
            window.raise_()
            window.activateWindow()
            window.setFocus()

    def _fit(self, screen: QScreen) -> Callable[[], None]:
        def fit() -> None:
            window = self._windows.get(screen)
            if window is not None:
                window.setGeometry(screen.geometry())

        return fit

    def _drop(self, screen: QScreen) -> None:
        window = self._windows.pop(screen, None)
        if window is not None:
            window.hide()
            window.deleteLater()

    def _window_painted(self) -> None:
        if not self._told:
            self._told = True
            self.painted.emit()

    def _leave(self) -> None:
        self.answered.emit(Answer.SKIP, None)

    def _update_controls(self) -> None:
        shown_for = timedelta(milliseconds=self._since.elapsed())
        deaf = shown_for < self.message.mute_for
        left = self.prompt.skip_after - shown_for
        for window in self.windows:
            sheet = window.sheet
            if sheet.deaf != deaf:
                sheet.deaf = deaf
            sheet.skip.setEnabled(left <= ZERO)
            seconds = ceil(left / timedelta(seconds=1))
            sheet.skip.setText(_("Skip") if left <= ZERO else _("Skip in {seconds} s").format(seconds=seconds))
        if not deaf and left <= ZERO:
            self._skip_tick.stop()

    def _claim_keys(self) -> None:
        """Keys must not go to a window that is covered, and Esc must come here."""
        if any(window.isActiveWindow() for window in self.windows) or not self.windows:
            return
        window = self._windows.get(pointer_screen(), self.windows[0])
        window.activateWindow()
        handle = window.windowHandle()
        if on_x11() and handle is not None:
            handle.setKeyboardGrabEnabled(True)
