"""The routine window: pages, keys and clicks, the question at closing, and what the daemon is told of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from traycoach.messages import (
    DifficultyChosen,
    FromWindows,
    OpenRoutineWindow,
    RoutineFocus,
    RoutineOnScreen,
    RoutineOver,
    RoutineProgress,
    WindowPlaced,
)
from traycoach.text import _
from traycoach.ui.announce import announce
from traycoach.ui.ask_panel import AskPanel
from traycoach.ui.desktop_traits import places_are_known, use_activation_token
from traycoach.ui.end_card import EndCard
from traycoach.ui.lesson_card import LessonCard
from traycoach.ui.placement import restored
from traycoach.ui.plan import LEVELS
from traycoach.ui.playback import Clock, Playback
from traycoach.ui.prompt_card import pointer_screen
from traycoach.ui.routine_page import RoutinePage
from traycoach.ui.stage_view import FADE_MS
from traycoach.ui.surface import Surface
from traycoach.ui.theme import Theme

SIZE: Final = QSize(672, 704)
LEAST: Final = QSize(480, 560)
_SIDES: Final = ("left", "right")


class RoutineWindow(Surface):
    """Plays one routine and is then gone. `over` says that it has closed; RoutineOver has been sent by then."""

    over = Signal()

    def __init__(
        self,
        theme: Theme,
        message: OpenRoutineWindow,
        send: Callable[[FromWindows], None],
        clock: Clock | None = None,
    ) -> None:
        super().__init__(theme, Qt.WindowType.Window, sizable=True)
        self._message = message
        self._send = send
        self._is_lesson = message.is_lesson
        self._closed = False
        self._on_screen = False
        self._opened_at: QRect | None = None
        self._focused: bool | None = None
        self.ask: AskPanel | None = None
        self.end_card: EndCard | LessonCard | None = None
        self.page = RoutinePage(theme, message, self)
        self.playback = Playback(theme, message, self.page, clock, self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.page)
        self.setWindowTitle(message.title)
        self.setAccessibleName(message.title)
        self.setMinimumSize(LEAST)
        self._connect()

    def open(self) -> None:
        """Show the window where it was left, else in the middle of the screen that has the pointer, ready for keys."""
        self.setGeometry(self._place_left() or self._place_in_the_middle())
        use_activation_token(self._message.activation_token)
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.pause.setFocus(Qt.FocusReason.OtherFocusReason)

    def pause_for(self, reason: str) -> None:
        """Stop the countdown and say why, until the user lets it go on."""
        self.playback.pause()
        if self.playback.player.paused:
            self.page.say_reason(reason)
            announce(self, reason)

    def close_now(self) -> None:
        """Close without a question."""
        self._end(None, None)

    def close_asked(self) -> None:
        """Pause and ask once; a second wish to close is an answer. The end card and a lesson close at once."""
        if self.end_card is not None or self.ask is not None or self._is_lesson:
            self.close_now()
            return
        self.playback.pause()
        player = self.playback.player
        counted = _("{done} of {steps} steps will be counted.").format(done=player.steps_done, steps=len(player.steps))
        self.ask = AskPanel(self.theme, _("Stop here?"), counted, _("Stop"), _("Keep going"), self)
        self.ask.answered.connect(self._close_answered)
        announce(self, f"{self.ask.question.text()} {counted}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The keys of the routine window; the end card has its own."""
        play = self.playback
        reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        orders: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: play.toggle_pause,
            Qt.Key.Key_Left if reversed_ else Qt.Key.Key_Right: play.next,
            Qt.Key.Key_Right if reversed_ else Qt.Key.Key_Left: play.back,
            Qt.Key.Key_S: play.skip,
            Qt.Key.Key_R: play.read_step,
            Qt.Key.Key_Down: partial(self.page.scroll_lines, 1),
            Qt.Key.Key_Up: partial(self.page.scroll_lines, -1),
            **{Qt.Key.Key_1 + number: partial(play.take_level, level) for number, level in enumerate(LEVELS)},
        }
        order = self.close_asked if event.key() == Qt.Key.Key_Escape else orders.get(event.key())
        playing = self.end_card is None and self.ask is None
        if order is None or not (playing or order == self.close_asked):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            order()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep the arrow keys for the routine: a button would move the focus with them."""
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in arrows:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tell whether the window has the focus: input elsewhere is no break."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isVisible():
            self._tell_focus()
        elif event.type() is QEvent.Type.WindowStateChange:
            self.playback.see(seen=self.isVisible() and not self.isMinimized())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw again."""
        super().showEvent(event)
        self.playback.see(seen=True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Draw nothing while nobody sees it."""
        super().hideEvent(event)
        self.playback.see(seen=False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint, and say so once."""
        super().paintEvent(event)
        if not self._on_screen:
            self._on_screen = True
            QTimer.singleShot(0, self._tell_on_screen)

    def _connect(self) -> None:
        page, play = self.page, self.playback
        page.pause.clicked.connect(play.toggle_pause)
        page.back.clicked.connect(play.back)
        page.next.clicked.connect(play.next)
        page.skip.clicked.connect(play.skip)
        page.close_button.clicked.connect(self.close_asked)
        page.side_chosen.connect(lambda chip: play.take_side(_SIDES[chip]))
        page.level_chosen.connect(play.take_level)
        play.levelled.connect(lambda exercise, level: self._send(DifficultyChosen(exercise, level)))
        for control in (page.pause, page.back, page.next, page.skip, page.more, page.close_button):
            control.installEventFilter(self)
        if not self._is_lesson:
            play.progressed.connect(lambda fraction: self._send(RoutineProgress(fraction)))
        play.spoken.connect(lambda words: announce(self, words))
        play.over.connect(self._play_over)

    def _place_left(self) -> QRect | None:
        place = self._message.place
        if place is None or not places_are_known():
            return None
        wanted = QRect(place.x, place.y, place.width, place.height)
        return restored(wanted, LEAST, [screen.availableGeometry() for screen in QGuiApplication.screens()])

    def _place_in_the_middle(self) -> QRect:
        area = pointer_screen().availableGeometry()
        growth = 1 + (self.theme.scale - 1) * 0.4
        size = QSize(round(SIZE.width() * growth), round(SIZE.height() * growth)).boundedTo(area.size())
        box = QRect(area.topLeft(), size)
        box.moveCenter(area.center())
        return box

    def _tell_place(self) -> None:
        """Tell where the user has moved the window, or what size it was given."""
        box = self.geometry()
        ordinary = not (self.isMaximized() or self.isFullScreen() or self.isMinimized())
        if self._opened_at not in (None, box) and ordinary and places_are_known():
            self._send(WindowPlaced(box.x(), box.y(), box.width(), box.height()))

    def _close_answered(self, stop: bool) -> None:
        ask, self.ask = self.ask, None
        if ask is not None:
            ask.hide()
            ask.deleteLater()
        if stop:
            self.close_now()
            return
        self.page.pause.setFocus(Qt.FocusReason.OtherFocusReason)
        self.playback.resume()

    def _end(self, effort: int | None, pain: int | None) -> None:
        if self._closed:
            return
        self._closed = True
        self.playback.stop()
        self._tell_place()
        self.hide()
        self.page.stage.show_stage(None)
        player = self.playback.player
        self._send(
            RoutineOver(
                self._message.routine,
                player.done_for,
                player.steps_done,
                len(player.steps),
                effort,
                pain,
                self._is_lesson,
            )
        )
        self.over.emit()
        self.deleteLater()

    def _play_over(self) -> None:
        if self._closed:
            return
        before = self.grab() if self.isVisible() and not self.theme.reduced_motion else None
        card = self._card()
        card.saved.connect(self._end)
        self.end_card = card
        self._pages.addWidget(card)
        self._pages.setCurrentWidget(card)
        self.page.stage.show_stage(None)
        card.save.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{card.headline.text()} {card.summary.text()}")
        if before is not None:
            _Fading(self, before)

    def _card(self) -> EndCard | LessonCard:
        if self._is_lesson:
            return LessonCard(self.theme, self._message, self)
        player = self.playback.player
        card = EndCard(self.theme, self._message, self)
        card.tell(player.done_for, player.steps_done, len(player.steps), self.playback.steps[-1])
        return card

    def _tell_on_screen(self) -> None:
        if not self._closed:
            self._opened_at = self.geometry()
            self._send(RoutineOnScreen(self._message.routine, self._is_lesson))
            self._tell_focus()
            self.playback.read_step()

    def _tell_focus(self) -> None:
        focused = self.isActiveWindow()
        if self._on_screen and focused != self._focused and not self._closed and not self._is_lesson:
            self._focused = focused
            self._send(RoutineFocus(focused))

    def _theme_changed(self) -> None:
        super()._theme_changed()
        if self.end_card is None:
            self.playback.restyle()


class _Fading(QWidget):
    """The window as it was, over what it is now, going."""

    def __init__(self, window: QWidget, before: QPixmap) -> None:
        super().__init__(window)
        self._before = before
        self._share = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(window.rect())
        motion = QVariantAnimation(self)
        motion.setStartValue(1.0)
        motion.setEndValue(0.0)
        motion.setDuration(FADE_MS)
        motion.valueChanged.connect(self._weaker)
        motion.finished.connect(self.deleteLater)
        motion.start()
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what is left of it."""
        with QPainter(self) as painter:
            painter.setOpacity(self._share)
            painter.drawPixmap(0, 0, self._before)

    def _weaker(self, share: float) -> None:
        self._share = share
        self.update()
