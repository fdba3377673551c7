"""The page after the last part of a lesson: the one thing to change now, and no questions."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from traycoach.messages import OpenRoutineWindow
from traycoach.text import _
from traycoach.ui.controls import Button, Ground
from traycoach.ui.picture import Picture
from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import BODY, HEADLINE, SECTION
from traycoach.ui.words_label import Words

_NARROW: Final = 560
_SHORT: Final = 500
_PICTURE: Final = QSize(340, 210)


class LessonCard(QWidget):
    """Says `saved` with two Nones, as there is nothing to rate."""

    saved = Signal(object, object)

    def __init__(self, theme: Theme, message: OpenRoutineWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._message = message
        self.picture = Picture(theme, _PICTURE, 20, self)
        self.headline = Words(theme, SECTION, _("One thing to change now"), colour="text_second", lines=2)
        self.summary = Words(theme, HEADLINE, message.change_now or "", lines=None)
        self.lesson = Words(theme, BODY, _("Lesson: {title}").format(title=message.title), colour="text_second")
        self.save = Button(theme, _("Close"), Ground.FILLED)
        self.save.clicked.connect(self._close)
        step = message.steps[-1]
        self.picture.show_exercise(step.exercise, message.poses, step.side)
        self._lay_out()
        self.dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give up the picture and the lesson's name where the words need its room."""
        super().resizeEvent(event)
        self.dress()

    def dress(self) -> None:
        """Take over a changed theme."""
        roomy = self.height() >= _SHORT * self._theme.scale
        inset = 48 if self.width() >= _NARROW else 24
        set_margins(self._outer, self, inset, 40 if roomy else 24, inset, 32 if roomy else 20)
        self.picture.setVisible(roomy)
        self.lesson.setVisible(roomy)

    def _close(self) -> None:
        self.saved.emit(None, None)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(0)
        self._outer.addStretch(1)
        self._outer.addWidget(self.picture)
        self._outer.addSpacing(28)
        self._outer.addWidget(self.headline)
        self._outer.addSpacing(6)
        self._outer.addWidget(self.summary)
        self._outer.addSpacing(12)
        self._outer.addWidget(self.lesson)
        self._outer.addStretch(2)
        self._outer.addLayout(buttons)
