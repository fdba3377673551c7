"""The page after the last step: what was done, and two questions that nobody has to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from traycoach.messages import OpenRoutineWindow, RoutineStep
from traycoach.text import _, ngettext
from traycoach.ui.choices import AnswerGroup
from traycoach.ui.controls import Button, Ground
from traycoach.ui.palette import mix
from traycoach.ui.picture import Picture
from traycoach.ui.slim_bar import SlimBar
from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import BODY, FACT, HEADLINE, LABEL, LABEL_STRONG, SECTION
from traycoach.ui.words_label import Words

WARN_FROM: Final = 2
"""The first answer on pain (0 none … 3 strong) that is more than to be expected."""
CREDIT_FROM: Final = timedelta(seconds=60)
"""As in core.breaks, which would load half the coach into this process: a break this long counts, complete or not."""
_NARROW: Final = 560


class EndCard(QWidget):
    """Says `saved` with effort (1-5 or None) and pain (0-3 or None); "Skip rating" saves neither."""

    saved = Signal(object, object)

    def __init__(self, theme: Theme, message: OpenRoutineWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._message = message
        self._credited = True
        self.picture = Picture(theme, QSize(170, 142), 16, self)
        self.headline = Words(theme, HEADLINE, lines=2)
        self.summary = Words(theme, BODY, colour="text_second", lines=3)
        self.effort = AnswerGroup(
            theme,
            _("How hard was it?"),
            (_("Very easy"), _("Easy"), _("Just right"), _("Hard"), _("Too hard")),
            self,
            bars=True,
        )
        self.pain = AnswerGroup(
            theme,
            _("Any pain during it?"),
            (_("None"), _("A little"), _("Moderate"), _("Strong")),
            self,
            warm_from=WARN_FROM,
        )
        self.advice = _Advice(theme, self)
        self.advice.hide()
        self.facts = _Facts(theme, message.facts)
        self.skip = Button(theme, _("Skip rating"), Ground.BARE)
        self.save = Button(theme, _("Save and close"), Ground.FILLED)
        self.pain.chosen.connect(self._pain_told)
        self.skip.clicked.connect(lambda: self.saved.emit(None, None))
        self.save.clicked.connect(self._save)
        self._lay_out()
        self.dress()

    def tell(self, done_for: timedelta, steps_done: int, steps: int, last: RoutineStep) -> None:
        """Tell what was done; `last` is the last step as it was done. The facts count this break: if it is one."""
        self._credited = steps_done >= steps or done_for >= CREDIT_FROM
        self.facts.setVisible(self._credited)
        seconds = round(done_for.total_seconds())
        if seconds < 60:
            length = _("{seconds} s").format(seconds=seconds)
        else:
            length = _("{minutes} min {seconds:02d} s").format(minutes=seconds // 60, seconds=seconds % 60)
        done = ngettext("{count} step done", "{count} steps done", steps_done).format(count=steps_done)
        if steps_done < steps:
            done = _("{done}, {skipped} skipped").format(done=done, skipped=steps - steps_done)
        self.headline.setText(_("Done. Well moved.") if steps_done else _("Not this time. That’s fine."))
        self.summary.setText(_("{routine} · {length}").format(routine=self._message.title, length=length) + "\n" + done)
        self.picture.show_exercise(last.exercise, self._message.poses, last.side)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """1-5 tell the effort; Enter saves, or skips if that has the focus."""
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_5:
            self.effort.choose(key - Qt.Key.Key_1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.skip if self.window().focusWidget() is self.skip else self.save).click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the answers into rows where they do not fit."""
        super().resizeEvent(event)
        self.dress()

    def dress(self) -> None:
        """Take over a changed theme."""
        inset = 48 if self.width() >= _NARROW else 24
        self._middle.setContentsMargins(inset, 0, inset, 0)
        # The text of a bare button stands ten pixels in: it is to be flush with what is above it.
        set_margins(self._buttons, self, inset - 10, 0, inset, 0)
        width = self.width() - 2 * inset
        self.effort.arrange_for(width)
        self.pain.arrange_for(width)
        large = self.width() < _NARROW * self._theme.scale
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight)
        self.picture.setVisible(not large)

    def _pain_told(self, number: int) -> None:
        self.advice.setVisible(number >= WARN_FROM)
        self.facts.setVisible(self._credited and number < WARN_FROM)

    def _save(self) -> None:
        effort = self.effort.answer
        self.saved.emit(None if effort is None else effort + 1, self.pain.answer)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addStretch(1)
        words.addWidget(self.headline)
        words.addWidget(self.summary)
        words.addStretch(1)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(26)
        self._head.addWidget(self.picture)
        self._head.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(16)
        self._buttons.addWidget(self.skip)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.save)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(self._head)
        for group in (self.effort, self.pain):
            inner.addSpacing(26)
            inner.addWidget(Words(self._theme, SECTION, group.accessibleName(), lines=2))
            inner.addSpacing(10)
            inner.addWidget(group)
        inner.addSpacing(16)
        inner.addWidget(self.advice)
        inner.addSpacing(8)
        inner.addWidget(self.facts)
        inner.addStretch(1)
        # Large text needs more height than a screen may have: the buttons stay, the rest scrolls.
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setVerticalScrollBar(SlimBar(self._theme))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        for ground in (scroll.viewport(), content):
            ground.setAutoFillBackground(False)
        self._middle = QVBoxLayout()
        self._middle.addWidget(scroll)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 40, 0, 32)
        outer.setSpacing(16)
        outer.addLayout(self._middle, 1)
        outer.addLayout(self._buttons)


class _Advice(QWidget):
    """What changes after pain, and when to ask somebody who knows the person."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        layout = QVBoxLayout(self)
        set_margins(layout, self, 20, 14, 18, 14)
        layout.setSpacing(2)
        layout.addWidget(Words(theme, LABEL_STRONG, _("Next time, take it easier."), lines=None))
        words = _(
            "Make the movements smaller and leave out what hurt. If pain lasts, spreads down a leg or arm, or comes "
            "with numbness, stop and ask a doctor or physiotherapist."
        )
        layout.addWidget(Words(theme, LABEL, words, lines=None))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the sheet with its warm edge."""
        palette = self._theme.palette
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QPainterPath()
            shape.addRoundedRect(box, 12, 12)
            painter.setClipPath(shape)
            painter.fillRect(box, QColor(mix(palette.window, palette.target, 0.12)))
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                box.setLeft(box.right() - 4)
            else:
                box.setWidth(4)
            painter.fillRect(box, QColor(palette.target))


class _Facts(QWidget):
    """Small facts of the day: a number over what it is."""

    def __init__(self, theme: Theme, facts: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(28)
        for label, value in facts:
            fact = QVBoxLayout()
            fact.setSpacing(0)
            fact.addWidget(Words(theme, FACT, value))
            fact.addWidget(Words(theme, LABEL, label, colour="text_second", lines=2))
            layout.addLayout(fact)
        layout.addStretch(1)
