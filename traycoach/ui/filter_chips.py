"""Filters as small pills: each is on or off, and they flow into rows like words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from traycoach.ui.controls import HIT, Control
from traycoach.ui.palette import mix
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import SMALL_STRONG

_PILL: Final = 32
_INSET: Final = 10
_GAP: Final = 6


class FilterChip(Control):
    """A pill of 32 px, hit on 44, that can be switched on and off."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, parent)
        self.setCheckable(True)

    def say(self, text: str) -> None:
        """Change the text."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.update()

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self.theme.font(SMALL_STRONG))

    def ring_shape(self) -> tuple[QRectF, float]:
        """Give the pill's own outline, not its hit area."""
        height = self.theme.grown(_PILL)
        return QRectF(0, (self.height() - height) / 2, self.width(), height), height / 2

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the hit area."""
        width = QFontMetrics(self.font()).horizontalAdvance(self.caption) + 2 * self.theme.grown(_INSET)
        return QSize(max(HIT, width), max(HIT, self.theme.grown(_PILL) + 8))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the pill."""
        palette = self.theme.palette
        box, radius = self.ring_shape()
        on, hovered = self.isChecked(), self.underMouse() and self.isEnabled()
        fill = palette.accent if on else palette.card
        if hovered:
            fill = mix(fill, palette.text_on_accent if on else palette.accent_soft, 0.1 if on else 0.55)
        width = 2.0 if palette.contrast else 1.5
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(palette.accent if on else palette.border), width))
            painter.setBrush(QColor(fill))
            inset = width / 2
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
            painter.setPen(QColor(palette.text_on_accent if on else palette.text))
            painter.setFont(self.font())
            words = QFontMetrics(self.font()).elidedText(
                self.caption, Qt.TextElideMode.ElideRight, round(box.width() - _INSET)
            )
            self.setToolTip(self.caption if words != self.caption else "")
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class ChipFlow(QWidget):
    """Chips in rows. `changed` comes with every click; `single` lets at most one be on."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, texts: Sequence[str], *, single: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._single = single
        self.chips = tuple(FilterChip(theme, text, self) for text in texts)
        for chip in self.chips:
            chip.setAccessibleDescription(name)
            chip.clicked.connect(self._clicked)
        # A box layout holds a "Fixed" height to the hint, whatever the width makes of it.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def on(self) -> tuple[int, ...]:
        """The numbers of the chips that are on."""
        return tuple(number for number, chip in enumerate(self.chips) if chip.isChecked())

    def clear(self) -> None:
        """Switch all off; nothing is told."""
        for chip in self.chips:
            chip.setChecked(False)

    def flow(self) -> None:
        """Lay out anew: a text has changed."""
        self._place(self.width())
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """More rows with less width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Give the height of the rows at this width."""
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size at the width it has."""
        width = max(self.width(), self.minimumSizeHint().width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give one chip's size."""
        return QSize(HIT, self.chips[0].sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Flow into the new width."""
        super().resizeEvent(event)
        self._place(self.width())

    def dress(self) -> None:
        """Take over a changed theme."""
        self.flow()

    def _place(self, width: int, *, move: bool = True) -> int:
        x = y = 0
        row = self.chips[0].sizeHint().height()
        reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for chip in self.chips:
            if not chip.isVisibleTo(self):
                continue
            wide = min(chip.sizeHint().width(), max(HIT, width))
            if x and x + wide > width:
                x, y = 0, y + row
            if move:
                chip.setGeometry(width - x - wide if reversed_ else x, y, wide, row)
            x += wide + _GAP
        return y + row

    def _clicked(self) -> None:
        chip = self.sender()
        if self._single:
            for other in self.chips:
                if other is not chip:
                    other.setChecked(False)
        self.changed.emit()
