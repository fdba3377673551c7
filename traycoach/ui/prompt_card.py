"""The prompt as a card in the screen's corner: it takes no focus, frees the pointer, listens after a second."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QPaintEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from traycoach.core.actions import Prompt
from traycoach.messages import ShowPromptWindow
from traycoach.ui.appear import Appearing
from traycoach.ui.desktop_traits import keep_out_of_task_lists
from traycoach.ui.placement import MARGIN, place
from traycoach.ui.prompt_sheet import PromptSheet
from traycoach.ui.surface import Surface
from traycoach.ui.theme import Theme

WIDTH: Final = 384
HEIGHT: Final = 174
INSET: Final = 16

QUIET_WINDOW: Final = Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.WindowDoesNotAcceptFocus
"""A window that stays above, is in no task list, and never becomes the active one."""


def pointer_screen() -> QScreen:
    """Give the screen that has the pointer."""
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


class CornerPrompt(Surface):
    """What card and notice share: quiet flags, the corner, the deaf beginning, `painted` once a showing.

    `closed` is said when the user or the desktop closes the window without an answer.
    """

    painted = Signal()
    closed = Signal()
    radius = 16.0

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QUIET_WINDOW, movable=False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
        # The window itself holds the focus until a key moves it: no button is the default.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.prompt: Prompt | None = None
        self._appearing = Appearing(self)
        self._paint_owed = False
        self._hearing = QTimer(self)
        self._hearing.setSingleShot(True)
        self._hearing.timeout.connect(lambda: self.set_deaf(deaf=False))

    def warm(self) -> None:
        """Create the window, hidden, so that showing it is quick."""
        self.winId()

    def set_deaf(self, *, deaf: bool) -> None:
        """Listen to clicks and keys, or not."""
        raise NotImplementedError

    def size_on(self, screen: QScreen) -> QSize:
        """Give the size of the window on this screen."""
        raise NotImplementedError

    def come(self, message: ShowPromptWindow) -> None:
        """Show the prompt: its content is already in place."""
        self.prompt = message.prompt
        self.setWindowTitle(message.prompt.headline)
        self.setAccessibleName(message.prompt.headline)
        self.setAccessibleDescription(message.prompt.line)
        self.set_deaf(deaf=True)
        self.setFocus()
        screen = pointer_screen()
        size = self.size_on(screen)
        area = screen.availableGeometry()
        self.setFixedSize(size)
        keep_out_of_task_lists(self)
        self._paint_owed = True
        box = place(size, area, QCursor.pos(), message.corner)
        self._appearing.come(box.topLeft(), animated=not self.theme.reduced_motion)
        self._hearing.start(round(message.mute_for / timedelta(milliseconds=1)))

    def go(self, *, at_once: bool = False) -> None:
        """Take the prompt from the screen."""
        self.prompt = None
        self._paint_owed = False
        self._hearing.stop()
        self.set_deaf(deaf=True)
        self._appearing.go(animated=not (at_once or self.theme.reduced_motion))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint, and say so after the first time."""
        super().paintEvent(event)
        if self._paint_owed:
            self._paint_owed = False
            # The picture reaches the screen when this event has returned.
            QTimer.singleShot(0, self.painted.emit)

    def close_asked(self) -> None:
        """The desktop closes the window: that is no answer."""
        if self.prompt is not None:
            self.closed.emit()


class PromptCard(CornerPrompt):
    """The card of 384 × 174 (more with larger text)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.sheet = PromptSheet(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INSET, INSET, INSET, INSET)
        layout.addWidget(self.sheet)

    def show_prompt(self, message: ShowPromptWindow) -> None:
        """Show this prompt in its corner."""
        self.sheet.show_prompt(message)
        self.come(message)

    def set_deaf(self, *, deaf: bool) -> None:
        """Listen, or not."""
        self.sheet.deaf = deaf

    def size_on(self, screen: QScreen) -> QSize:
        """Give the card's size: it grows with the text, up to the screen."""
        width = min(self.theme.grown(WIDTH), screen.availableGeometry().width() - 2 * MARGIN)
        return QSize(width, max(HEIGHT, sheet_height(self, width)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc hides the card, the other keys answer. A key held since before it came or listened does neither."""
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            if not self.sheet.deaf:
                self.close_asked()
        elif not self.sheet.key_pressed(event.key()):
            super().keyPressEvent(event)


def sheet_height(window: QWidget, width: int) -> int:
    """Give the height that the window's layout needs at this width."""
    layout = window.layout()
    assert layout is not None
    layout.activate()
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
