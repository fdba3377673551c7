"""The routine window's main page: where everything stands, and what is said there. It knows no time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from traycoach.messages import OpenRoutineWindow
from traycoach.text import _
from traycoach.ui.choices import ChipGroup
from traycoach.ui.controls import Button, Control, Ground, RoundButton
from traycoach.ui.countdown_ring import CountdownRing
from traycoach.ui.feel_line import FeelLine
from traycoach.ui.glyphs import Glyph
from traycoach.ui.next_up import LARGE_TEXT, NextUp
from traycoach.ui.scrolled_words import ScrolledWords
from traycoach.ui.stage_view import StageView
from traycoach.ui.step_bar import StepBar
from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import BODY, BUTTON, CUE, LABEL_STRONG, STEP, TITLE
from traycoach.ui.words_label import Words

NARROW: Final = 600
SHORT: Final = 620
_CUE_WIDTH: Final = 400
"""A cue of 42 letters fits in one line of so many pixels at a text scale of 1, set a little smaller."""
_LOW: Final = 440
"""Under this height, in units of the text, what comes next is given up for what is to be done now."""
_INFO_GAP: Final = 28
_MORE_GAP: Final = 8
"""Between the first line of the explanation and the link to the rest of it."""
_GAPS: Final = ((14, 8), (16, 8), (22, 10))
"""Over the stage, under it and over the controls; the second where there is little height."""
_HEAD_REST: Final = 24 + 10 + 2 * 8 + 44
"""What the line of the title has besides words."""
_CHIPS_INSET: Final = 14
_HEADROOM: Final = 0.26
"""The share of the stage's width between the corners that no chip may cover: a head is there."""


class RoutinePage(QWidget):
    """Title, bar, stage, cue, ring, controls, next-up. The window connects the controls and feeds the rest."""

    side_chosen = Signal(int)
    level_chosen = Signal(str)

    def __init__(self, theme: Theme, message: OpenRoutineWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._whole_explanation = False
        self._ring_below = False
        self._places: tuple[str, ...] = ("",)
        self._is_lesson = message.is_lesson
        self.title = Words(theme, TITLE, message.title, shrinks=True)
        self.step_words = Words(theme, STEP, colour="text_second")
        self.close_button = RoundButton(theme, Glyph.CLOSE, _("Close"), 40, Ground.BARE)
        self.bar = StepBar(theme, len(message.steps), lesson=message.is_lesson)
        self.stage = StageView(theme)
        # A child of the page, not of the stage: that lets clicks through.
        self.sides = ChipGroup(theme, _("Side"), self)
        self.levels = ChipGroup(theme, _("Difficulty"), self)
        self._levels: tuple[str, ...] = ()
        self.cue = Words(theme, CUE, shrinks=True)
        self.explanation = Words(theme, BODY, colour="text_second", lines=2)
        self._reading = ScrolledWords(theme, self.explanation)
        # Not in the layout: to be hit it is higher than the line it stands in.
        self.more = Button(theme, _("More"), Ground.LINK, role=LABEL_STRONG, parent=self)
        self._more_room = QSpacerItem(0, 0)
        self.feel = FeelLine(theme)
        self.ring = CountdownRing(theme)
        self.back = RoundButton(theme, Glyph.BACK, _("Back"), 48)
        self.pause = RoundButton(theme, Glyph.PAUSE, _("Pause"), 64, Ground.FILLED)
        self.next = RoundButton(theme, Glyph.NEXT, _("Next"), 48)
        self.skip = Button(theme, _("Skip part") if self._is_lesson else _("Skip step"), Ground.BARE, role=BUTTON)
        self.next_up = NextUp(theme, message.poses)
        self.sides.chosen.connect(self.side_chosen)
        self.levels.chosen.connect(lambda chip: self.level_chosen.emit(self._levels[chip]))
        self.more.clicked.connect(self._show_whole_explanation)
        self._reading.installEventFilter(self)
        self._lay_out()
        self.dress()

    @property
    def order(self) -> tuple[Control, ...]:
        """The controls in the order of the keyboard."""
        chips = (*self.levels.chips, *self.sides.chips)
        return (self.pause, self.back, self.next, self.skip, self.more, *chips, self.close_button)

    def say_place(self, step: int, steps: int, left_for: timedelta) -> None:
        """Say which step this is, from 1, and how much of the routine is left."""
        seconds = ceil(left_for / timedelta(seconds=1))
        left = _("{minutes}:{seconds:02d} left").format(minutes=seconds // 60, seconds=seconds % 60)
        whole = _("Part {step} of {steps} · {left}") if self._is_lesson else _("Step {step} of {steps} · {left}")
        forms = (whole, _("{step} of {steps} · {left}"), _("{step} of {steps}"))
        self._places = tuple(form.format(step=step, steps=steps, left=left) for form in forms)
        self.step_words.setAccessibleName(self._places[0])
        self._fit_place()

    def _fit_place(self) -> None:
        """Say as much as the title leaves room for."""
        room = self.width() - _HEAD_REST - self.title.sizeHint().width()
        fitting = (words for words in self._places if self.step_words.width_of(words) <= room)
        self.step_words.setText(next(fitting, self._places[-1]))

    def say_step(self, explanation: str, feel: str) -> None:
        """Say how the step is done and where it is felt. A lesson is there to be read: its sentences stand in full."""
        self._whole_explanation = self._is_lesson
        self.explanation.set_colour("text_second")
        self.explanation.setText(explanation)
        self._reading.to_top()
        self.feel.say(_("Feel it: {where}").format(where=feel) if feel else "")
        self._fit()

    def say_reason(self, reason: str) -> None:
        """Say why the routine stands, where the explanation is otherwise, and in full."""
        self._whole_explanation = True
        self.explanation.set_colour("warning")
        self.explanation.setText(reason)
        self._reading.to_top()
        self._fit()

    def show_sides(self, current: str, *, can_change: bool) -> None:
        """Show which side is worked on; "none" hides the chips."""
        self.sides.setVisible(current != "none")
        if current != "none":
            right = current == "right"
            self.sides.show_chips((_("Left"), _("Right")), int(right), (can_change or not right, can_change or right))
            self._place_chips()
            self._set_tab_order()

    def show_levels(self, levels: Sequence[str], current: str) -> None:
        """Show which levels there are; a single one is no choice and hides the chips."""
        self._levels = tuple(levels)
        self.levels.setVisible(len(levels) > 1)
        if len(levels) > 1:
            # The signs are for windows in which both groups do not fit side by side.
            words = {"easier": (_("Easier"), "−"), "standard": (_("Standard"), "="), "harder": (_("Harder"), "+")}
            texts, signs = zip(*(words[level] for level in levels), strict=True)
            self.levels.show_chips(texts, levels.index(current), [True] * len(levels), signs)
            self._place_chips()
            self._set_tab_order()

    def show_paused(self, *, paused: bool) -> None:
        """Show the state of the countdown."""
        self.pause.show_sign(Glyph.PLAY if paused else Glyph.PAUSE, _("Resume") if paused else _("Pause"))
        self.stage.show_paused(paused=paused)
        self.ring.show_paused(paused=paused)

    def dress(self) -> None:
        """Take over a changed theme: with large text next-up gets a row of its own."""
        below = self._theme.scale >= LARGE_TEXT
        self._controls.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self._fit()

    def scroll_lines(self, lines: int) -> None:
        """Scroll the explanation, if there is no room for all of it."""
        self._reading.scroll_lines(lines)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep the link, which is in no layout, behind the first line of the explanation."""
        if watched is self._reading and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place_more()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give up what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme, whole = self._theme, self._whole_explanation
        height = self.height() / theme.scale
        lines = 1 if height < SHORT else 2
        self._place_ring(below=theme.scale >= LARGE_TEXT and self.width() < NARROW)
        for gap, (roomy, tight) in self._gaps.items():
            gap.changeSize(0, tight if height < _LOW else roomy)
        self.explanation.set_lines(None if whole else lines)
        # Room for two lines even if there is one: the stage must not jump from step to step.
        self._reading.setMinimumHeight(theme.line(BODY) * lines)
        self._show_more(wanted=not whole and self.explanation.is_cut_at(self._words_width()))
        roomy = height > _LOW or self._ring_below
        cue_lines = self._cue_lines(roomy=roomy)
        self.cue.set_lines(cue_lines)
        self.cue.setMinimumHeight(theme.line(CUE) * cue_lines)
        self.feel.words.set_lines(2 if roomy else 1)
        self.next_up.setVisible(height > _LOW)
        self.next_up.show_bare(bare=self.width() < NARROW)
        self._fit_place()
        self._place_chips()

    def _cue_lines(self, *, roomy: bool) -> int:
        """Two lines where few cues fit in one. In a lesson it is the name of the part, and stays as long as it."""
        width = self._words_width()
        if self._is_lesson:
            return 1 if self.cue.fits_one_line(width) else 2
        return 2 if roomy and width < _CUE_WIDTH * self._theme.scale else 1

    def _words_width(self) -> int:
        beside = 0 if self._ring_below else _INFO_GAP + self.ring.sizeHint().width()
        return self.width() - 48 - beside

    def _place_ring(self, *, below: bool) -> None:
        """Put the ring beside the words, or small beside the buttons where large words need the whole width."""
        if below == self._ring_below:
            return
        self._ring_below = below
        self.ring.show_small(small=below)
        if below:
            self._buttons.addWidget(self.ring)
        else:
            self._info.addWidget(self.ring, alignment=Qt.AlignmentFlag.AlignTop)

    def _show_more(self, *, wanted: bool) -> None:
        self.more.setVisible(wanted)
        width = self.more.sizeHint().width() + _MORE_GAP if wanted else 0
        self._more_room.changeSize(width, 0, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._info.invalidate()
        self._place_more()
        self.more.raise_()

    def _place_more(self) -> None:
        """Put the link behind the first line of the explanation."""
        hint, beside = self.more.sizeHint(), self._reading.geometry()
        reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = beside.left() - _MORE_GAP - hint.width() if reversed_ else beside.right() + 1 + _MORE_GAP
        middle = beside.top() + self._theme.line(BODY) // 2
        self.more.setGeometry(left, middle - hint.height() // 2, hint.width(), hint.height())

    def _show_whole_explanation(self) -> None:
        self._whole_explanation = True
        self._fit()

    def _place_chips(self) -> None:
        """Sides at the corner where reading begins, levels at the other one."""
        # With or without sides on the other corner: the signs must not come and go from step to step.
        room = self.stage.width() * (1 - _HEADROOM) / 2 - _CHIPS_INSET
        self.levels.shorten(short=self.levels.full_width > room)
        reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for group, at_right in ((self.sides, reversed_), (self.levels, not reversed_)):
            group.adjustSize()
            at = self.stage.pos() + QPoint(_CHIPS_INSET, 10)
            if at_right:
                at.setX(self.stage.geometry().right() + 1 - _CHIPS_INSET - group.width())
            group.move(at)
            group.raise_()

    def _set_tab_order(self) -> None:
        for before, after in pairwise(self.order):
            QWidget.setTabOrder(before, after)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        set_margins(head, self, 24, 0, 10, 0)
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.step_words)
        head.addWidget(self.close_button)
        more = QHBoxLayout()
        more.setSpacing(0)
        more.addWidget(self._reading, 1)
        more.addItem(self._more_room)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.cue)
        words.addLayout(more)
        words.addSpacing(6)
        words.addWidget(self.feel)
        words.addStretch(1)
        self._info = QHBoxLayout()
        self._info.setSpacing(_INFO_GAP)
        self._info.addLayout(words, 1)
        self._info.addWidget(self.ring, alignment=Qt.AlignmentFlag.AlignTop)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(10)
        for button in (self.back, self.pause, self.next):
            self._buttons.addWidget(button)
        self._buttons.addSpacing(6)
        self._buttons.addWidget(self.skip)
        self._buttons.addStretch(1)
        self._controls = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._controls.setSpacing(12)
        self._controls.addLayout(self._buttons, 1)
        self._controls.addWidget(self.next_up)
        body = QVBoxLayout()
        body.setContentsMargins(24, 0, 24, 22)
        body.setSpacing(0)
        self._gaps = {QSpacerItem(0, roomy): (roomy, tight) for roomy, tight in _GAPS}
        above_stage, below_stage, above_controls = self._gaps
        body.addWidget(self.bar)
        body.addItem(above_stage)
        body.addWidget(self.stage, 1)
        body.addItem(below_stage)
        body.addLayout(self._info)
        body.addItem(above_controls)
        body.addLayout(self._controls)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(body, 1)
        self._set_tab_order()
