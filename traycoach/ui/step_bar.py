"""The bar under the title: one segment a step, the current one filling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy

from traycoach.core.routine import StepState
from traycoach.text import _
from traycoach.ui.theme import Theme

_HEIGHT: Final = 6
_GAP: Final = 6


class StepBar(QProgressBar):
    """To a screen reader a progress bar, "2 of 6 steps done". A skipped step is passed, but not filled."""

    def __init__(self, theme: Theme, steps: int, *, lesson: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._fills = [0.0] * steps
        self._done_words = _("{done} of {steps} parts done") if lesson else _("{done} of {steps} steps done")
        self.setRange(0, steps)
        self.setAccessibleName(_("Lesson") if lesson else _("Routine"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, states: Sequence[StepState], current: int, share: float) -> None:
        """Show which steps are done, and how far the current one is."""
        fills = [1.0 if state is StepState.DONE else 0.0 for state in states]
        if states[current] is StepState.OPEN:
            # Whole thousandths: a change that nobody sees is not painted.
            fills[current] = round(share, 3)
        if fills != self._fills:
            self._fills = fills
            self.update()
        done = sum(state is StepState.DONE for state in states)
        if done != self.value() or not self.format():
            self.setValue(done)
            words = self._done_words.format(done=done, steps=len(states))
            self.setFormat(words)
            self.setAccessibleDescription(words)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the height of the bar."""
        return QSize(120, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the least size."""
        return QSize(40, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the segments in the direction of reading."""
        count = len(self._fills)
        gap = _GAP if count <= 16 else 2
        width = (self.width() - gap * (count - 1)) / count
        reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for number, fill in enumerate(self._fills):
                place = count - 1 - number if reversed_ else number
                box = QRectF(place * (width + gap), 0, width, self.height())
                radius = min(3.0, width / 2)
                painter.setBrush(self._theme.colour("divider"))
                painter.drawRoundedRect(box, radius, radius)
                if fill > 0:
                    filled = QRectF(box)
                    filled.setWidth(max(width * fill, min(width, 2 * radius)))
                    if reversed_:
                        filled.moveRight(box.right())
                    painter.setBrush(self._theme.colour("accent"))
                    painter.drawRoundedRect(filled, radius, radius)
