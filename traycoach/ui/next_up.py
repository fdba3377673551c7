"""The small card that says what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from traycoach.messages import RoutineStep
from traycoach.text import _
from traycoach.ui.exercise_words import dose_of, title_of
from traycoach.ui.picture import Picture
from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import LABEL_STRONG, SMALL
from traycoach.ui.words_label import Words

LARGE_TEXT: Final = 1.5
"""From this text scale on, what comes next stands below the controls."""
_WIDEST: Final = 280


class NextUp(QWidget):
    """The next step's key pose, name and dose; after the last step "Finish"; only words where there is no room."""

    def __init__(self, theme: Theme, poses: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._poses = poses
        self._bare = False
        self._last = False
        self._name = ""
        self._picture = Picture(theme, QSize(72, 56), 8, self)
        self._small = Words(theme, SMALL, colour="text_second")
        self._strong = Words(theme, LABEL_STRONG)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._small)
        words.addWidget(self._strong)
        words.addStretch(1)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(12)
        self._layout.addWidget(self._picture)
        self._layout.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_bare(bare=False)

    def show_next(self, steps: Sequence[RoutineStep], index: int) -> None:
        """Show what comes after step `index`."""
        self._last = index + 1 >= len(steps)
        if self._last:
            self._small.setText(_("Next"))
            self._name = _("Finish")
        else:
            step = steps[index + 1]
            self._picture.show_exercise(step.exercise, self._poses, step.side)
            self._small.setText(_("Next · {dose}").format(dose=dose_of(steps, index + 1)))
            self._name = title_of(step)
        self.show_bare(bare=self._bare)

    def show_bare(self, *, bare: bool) -> None:
        """Show the words only, in two lines if need be, or the card."""
        self._bare = bare
        self._picture.setVisible(not bare and not self._last)
        # Large text has a row of its own here: one line will do.
        lines = 1 if self._theme.scale >= LARGE_TEXT else 2
        self._strong.set_lines(lines if bare else 1)
        words = lines * self._theme.line(LABEL_STRONG)
        self.setMinimumHeight(words if bare else self._picture.sizeHint().height() + 14)
        start, end = (0, 0) if bare else (20, 20) if self._last else (7, 15)
        set_margins(self._layout, self, start, 0 if bare else 7, end, 0 if bare else 7)
        self._small.setVisible(not bare)
        self._strong.setText(_("Next · {exercise}").format(exercise=self._name) if bare else self._name)
        self.updateGeometry()
        self.update()

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setMaximumWidth(self._theme.grown(_WIDEST))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card."""
        if self._bare:
            return
        palette = self._theme.palette
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = "border" if palette.contrast else "divider"
            painter.setPen(QPen(self._theme.colour(line), palette.border_width, Qt.PenStyle.SolidLine))
            painter.setBrush(self._theme.colour("card"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 14, 14)
