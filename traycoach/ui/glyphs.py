"""The few signs on controls, drawn as strokes and fills so that they are sharp at any size."""

from __future__ import annotations

from enum import Enum, auto
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen


class Glyph(Enum):
    """Signs by what they mean. `BACK` and `NEXT` point against and along the direction of reading."""

    BACK = auto()
    NEXT = auto()
    PAUSE = auto()
    PLAY = auto()
    CLOSE = auto()
    OPENS_DOWN = auto()
    OPENS_UP = auto()
    CHECK = auto()
    STAR = auto()
    STAR_FULL = auto()
    HIDE = auto()
    SHOW = auto()


_STROKES: dict[Glyph, tuple[tuple[tuple[float, float], ...], ...]] = {
    Glyph.BACK: (((0.22, -0.42), (-0.2, 0.0), (0.22, 0.42)),),
    Glyph.NEXT: (((-0.22, -0.42), (0.2, 0.0), (-0.22, 0.42)),),
    Glyph.CLOSE: (((-0.4, -0.4), (0.4, 0.4)), ((-0.4, 0.4), (0.4, -0.4))),
    Glyph.OPENS_DOWN: (((-0.36, -0.16), (0.0, 0.2), (0.36, -0.16)),),
    Glyph.OPENS_UP: (((-0.36, 0.16), (0.0, -0.2), (0.36, 0.16)),),
    Glyph.CHECK: (((-0.4, 0.02), (-0.1, 0.32), (0.42, -0.3)),),
}
_POINTS = [(-pi / 2 + k * pi / 5, 0.5 if k % 2 == 0 else 0.22) for k in range(10)]
_STAR = [QPointF(r * cos(a), r * sin(a) + 0.04) for a, r in _POINTS]


def paint_glyph(
    painter: QPainter, glyph: Glyph, centre: QPointF, size: float, colour: QColor, *, mirrored: bool = False
) -> None:
    """Paint a sign of about `size` px around `centre`; `mirrored` for right-to-left reading."""
    painter.save()
    painter.translate(centre)
    painter.scale(-size if mirrored else size, size)
    if glyph is Glyph.PAUSE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for left in (-0.36, 0.1):
            painter.drawRoundedRect(QRectF(left, -0.42, 0.26, 0.84), 0.08, 0.08)
    elif glyph is Glyph.PLAY:
        triangle = QPainterPath(QPointF(-0.28, -0.42))
        triangle.lineTo(0.46, 0.0)
        triangle.lineTo(-0.28, 0.42)
        triangle.closeSubpath()
        # The stroke rounds the corners.
        painter.setPen(QPen(colour, 0.12, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(colour)
        painter.drawPath(triangle)
    elif glyph in (Glyph.STAR, Glyph.STAR_FULL):
        width = max(1.8 / size, 0.1)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(colour if glyph is Glyph.STAR_FULL else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(_STAR)
    elif glyph in (Glyph.HIDE, Glyph.SHOW):
        _paint_eye(painter, colour, max(1.8 / size, 0.1), crossed=glyph is Glyph.HIDE)
    else:
        width = max(2.2 / size, 0.14)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in _STROKES[glyph]:
            painter.drawPolyline([QPointF(x, y) for x, y in stroke])
    painter.restore()


def _paint_eye(painter: QPainter, colour: QColor, width: float, *, crossed: bool) -> None:
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    lids = QPainterPath(QPointF(-0.52, 0.0))
    lids.quadTo(QPointF(0.0, -0.58), QPointF(0.52, 0.0))
    lids.quadTo(QPointF(0.0, 0.58), QPointF(-0.52, 0.0))
    painter.drawPath(lids)
    painter.drawEllipse(QPointF(0.0, 0.0), 0.14, 0.14)
    if crossed:
        painter.drawLine(QPointF(-0.4, 0.44), QPointF(0.4, -0.44))
