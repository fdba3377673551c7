"""What a card and an overlay have in common: picture, headline, line and the four answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from traycoach.core.actions import Prompt, SnoozeChoice
from traycoach.core.events import Answer
from traycoach.core.instant import ZERO
from traycoach.core.rules import Posture
from traycoach.messages import ShowPromptWindow
from traycoach.text import _, ngettext
from traycoach.ui.controls import HIT, Button, Control, Ground
from traycoach.ui.picture import Picture
from traycoach.ui.popup_menu import MenuRow, PopupMenu
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import PROMPT_BODY, PROMPT_HEADLINE, SMALL_STRONG
from traycoach.ui.words_label import Words

PICTURE_SIDE: Final = 84
_GAP: Final = 14
_LINK_ROOM: Final = PICTURE_SIDE + _GAP - 24 - 2 * 20
"""Height left for "I'm getting up" under a headline and two lines: to be hit it reaches into the last of these."""


class PromptSheet(QWidget):
    """The content of a prompt. It says `answered` (with the length of a snooze, None for "after my meeting").

    While `deaf` it shows its buttons weaker and answers nothing.
    """

    answered = Signal(object, object)
    pause_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._deaf = False
        self._snoozes: tuple[SnoozeChoice, ...] = ()
        self._menu: PopupMenu | None = None
        self.picture = Picture(theme, QSize(PICTURE_SIDE, PICTURE_SIDE), 12, self)
        self.headline = Words(theme, PROMPT_HEADLINE, lines=3)
        self.line = Words(theme, PROMPT_BODY, colour="text_second", lines=3)
        self.getting_up = Button(theme, _("I’m getting up"), Ground.LINK, role=SMALL_STRONG, parent=self)
        self._link_room = QSpacerItem(0, 0)
        self.start = Button(theme, "", Ground.FILLED)
        self.snooze = Button(theme, _("Snooze"), Ground.BORDERED, opens_menu=True)
        self.skip = Button(theme, _("Skip"), Ground.BARE)
        self.getting_up.clicked.connect(lambda: self._answer(Answer.GETTING_UP))
        self.start.clicked.connect(lambda: self._answer(Answer.START))
        self.snooze.clicked.connect(self.open_snoozes)
        self.skip.clicked.connect(lambda: self._answer(Answer.SKIP))
        self._lay_out()

    @property
    def controls(self) -> tuple[Control, ...]:
        """All buttons, in the order of the keyboard."""
        return (self.start, self.snooze, self.skip, self.getting_up)

    def show_prompt(self, message: ShowPromptWindow) -> None:
        """Show this prompt."""
        prompt = message.prompt
        self._close_menu()
        self.picture.show_exercise(message.thumbnail, message.poses)
        self.picture.setVisible(message.thumbnail is not None)
        self.headline.setText(prompt.headline)
        self.line.setText(prompt.line)
        self.line.setVisible(bool(prompt.line))
        self.start.setText(start_words(prompt).replace("&", "&&"))
        self.start.setAccessibleName(start_words(prompt))
        self._snoozes = prompt.snoozes
        self.snooze.setVisible(bool(prompt.snoozes))
        # "Sit down" is obeyed by sitting down: the start button says that already.
        self.getting_up.setVisible(prompt.posture_asked is not Posture.SITTING)
        self._make_link_room()

    @property
    def deaf(self) -> bool:
        """Whether clicks and keys do nothing."""
        return self._deaf

    @deaf.setter
    def deaf(self, deaf: bool) -> None:
        self._deaf = deaf
        if deaf:
            self._close_menu()
        for control in self.controls:
            control.muted = deaf
            control.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, deaf)

    def key_pressed(self, key: int) -> bool:
        """Answer by keyboard: Z snoozes, X skips, Enter clicks the button that has the focus, else it starts.

        Tells whether the key meant something.
        """
        if self._deaf:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Asked of the window: a part of it remembers its own last focus after that has gone elsewhere.
            focused = self.window().focusWidget()
            next((control for control in self.controls if control is focused), self.start).click()
        elif key == Qt.Key.Key_Z and self.snooze.isVisible():
            self.open_snoozes()
        elif key == Qt.Key.Key_X:
            self.skip.click()
        else:
            return False
        return True

    def open_snoozes(self) -> None:
        """Open the menu of snooze lengths, each with the clock time it stands for."""
        if self._deaf:
            return
        rows = [*self._snooze_rows(), MenuRow(_("Pause for today"), self._ask_pause, apart=True)]
        self._menu = PopupMenu(self._theme, _("Snooze"), rows, self)
        self._menu.destroyed.connect(self._menu_gone)
        self._menu.open_at(self.snooze)

    def _snooze_rows(self) -> Sequence[MenuRow]:
        return [
            MenuRow(
                snooze_words(choice.snooze_for),
                lambda chosen=choice: self._answer(Answer.SNOOZE, chosen.snooze_for),  # type: ignore[misc]
                remark=clock_words(choice),
            )
            for choice in self._snoozes
        ]

    def _answer(self, answer: Answer, snooze_for: timedelta | None = None) -> None:
        if not self._deaf:
            self.answered.emit(answer, snooze_for)

    def _ask_pause(self) -> None:
        if not self._deaf:
            self.pause_asked.emit()

    def _menu_gone(self) -> None:
        self._menu = None

    def _close_menu(self) -> None:
        if self._menu is not None:
            self._menu.close_asked()
            self._menu = None

    def dress(self) -> None:
        """Take over a changed theme."""
        self._make_link_room()

    def event(self, event: QEvent) -> bool:
        """Put the link where the layout has left room for it."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            room, link = self._link_room.geometry(), self.getting_up
            height = max(HIT, room.height())
            width = min(link.sizeHint().width(), room.width())
            reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            left = room.right() + 1 - width if reversed_ else room.left()
            link.headroom = height - room.height()
            link.setGeometry(left, room.bottom() + 1 - height, width, height)
        return done

    def _make_link_room(self) -> None:
        height = 0 if self.getting_up.isHidden() else self._theme.grown(_LINK_ROOM)
        self._link_room.changeSize(0, height, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.headline)
        words.addWidget(self.line)
        words.addStretch(1)
        words.addItem(self._link_room)
        top = QHBoxLayout()
        top.setSpacing(_GAP)
        top.addWidget(self.picture, alignment=Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.start, 1)
        row.addWidget(self.snooze)
        row.addWidget(self.skip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(row)
        for before, after in pairwise(self.controls):
            QWidget.setTabOrder(before, after)
        self.getting_up.raise_()
        self.dress()


def start_words(prompt: Prompt) -> str:
    """Give the words of the first button: "Start (2 min)", or plainly what is asked for."""
    if prompt.routine is None or prompt.routine_length <= ZERO:
        return _("Sit down") if prompt.posture_asked is Posture.SITTING else _("Start")
    if prompt.routine_length < timedelta(seconds=55):
        seconds = round(prompt.routine_length.total_seconds())
        return _("Start ({seconds} s)").format(seconds=seconds)
    minutes = max(1, round(prompt.routine_length / timedelta(minutes=1)))
    return _("Start ({minutes} min)").format(minutes=minutes)


def snooze_words(snooze_for: timedelta | None) -> str:
    """Give a snooze in words."""
    if snooze_for is None:
        return _("After my meeting")
    minutes = ceil(snooze_for / timedelta(minutes=1))
    return ngettext("{minutes} minute", "{minutes} minutes", minutes).format(minutes=minutes)


def clock_words(choice: SnoozeChoice) -> str:
    """Give the local time a snooze stands for, as this desktop writes times."""
    time = QTime(choice.until.hour, choice.until.minute)
    from PySide6.QtCore import QLocale  # as in theme.py

    return QLocale().toString(time, QLocale.FormatType.ShortFormat)
