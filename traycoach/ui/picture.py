"""A small still picture of an exercise's key pose, with rounded corners."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from traycoach.errors import UserError
from traycoach.figure.clip import parse_clip
from traycoach.ui.figure_painter import Side, Stage
from traycoach.ui.theme import Theme

_log = logging.getLogger(__name__)


def build_stage(exercise: Mapping[str, Any], poses: Mapping[str, Any], side: str, theme: Theme) -> Stage | None:
    """Give the figure of an exercise in the theme's colours; None if its motion cannot be read (the log says why)."""
    figure_side: Side = "left" if side == "left" else "right"
    try:
        return Stage(parse_clip(exercise, poses), figure_side, theme.palette, theme.figure)
    except UserError as error:
        _log.warning("an exercise cannot be drawn: %s", error)
        return None


class Picture(QWidget):
    """The picture; without an exercise, or with one that cannot be drawn, an empty stage. For the eye only."""

    def __init__(self, theme: Theme, size: QSize, radius: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = size
        self._radius = radius
        self._exercise: Mapping[str, Any] | None = None
        self._poses: Mapping[str, Any] = {}
        self._side = "right"
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_exercise(self, exercise: Mapping[str, Any] | None, poses: Mapping[str, Any], side: str = "right") -> None:
        """Show the key pose of this exercise."""
        self._exercise, self._poses, self._side = exercise, poses, side
        self.dress()
        self.update()

    def dress(self) -> None:
        """Take over a changed theme: the picture is drawn anew when it is next painted."""
        self._image = None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the fixed size, a little grown with the text."""
        growth = (1 + self._theme.scale) / 2
        return QSize(round(self._size.width() * growth), round(self._size.height() * growth))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, drawing it first if need be."""
        dpr = self.devicePixelRatioF()
        if self._image is None and self._exercise is not None:
            stage = build_stage(self._exercise, self._poses, self._side, self._theme)
            self._image = QImage() if stage is None else stage.thumbnail(self.size(), dpr)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("stage"))
            if self._image is not None and not self._image.isNull():
                # A brush, not a clip: its corners are smooth. It knows the picture's pixel ratio by itself.
                painter.setBrush(QBrush(self._image))
            painter.drawRoundedRect(QRectF(self.rect()), self._radius, self._radius)
