"""The line that says where an exercise is felt, with the warm dot that stands for the glow on the figure."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import LABEL_STRONG
from traycoach.ui.words_label import Words

_INDENT: Final = 18
_DOT: Final = 10


class FeelLine(QWidget):
    """One line of text (two with large text), indented for the dot."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words = Words(theme, LABEL_STRONG, lines=2)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self.words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.dress()

    def say(self, text: str) -> None:
        """Say where; "" hides the line."""
        self.words.setText(text)
        self.setVisible(bool(text))

    def dress(self) -> None:
        """Take over a changed theme."""
        set_margins(self._layout, self, self._theme.grown(_INDENT), 0, 0, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the dot beside the first line."""
        radius = self._theme.grown(_DOT) / 2
        left = self.width() - radius if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else radius
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("target"))
            painter.drawEllipse(QPointF(left, self._theme.line(LABEL_STRONG) / 2), radius, radius)
