"""A scroll bar that is no more than a line, for the windows that large text makes too short."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider

from traycoach.ui.theme import Theme

WIDTH: Final = 12


class SlimBar(QScrollBar):
    """Vertical; Qt's own bar in everything but its look."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._theme = theme

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the width."""
        return QSize(WIDTH, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the thumb."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        thumb = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("border"))
            box = QRectF(self.width() - 6, thumb.top(), 5, thumb.height())
            painter.drawRoundedRect(box, 2.5, 2.5)
