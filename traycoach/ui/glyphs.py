"""The few signs on controls, drawn as strokes and fills so that they are sharp at any size."""

from __future__ import annotations

from enum import Enum, auto

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


_STROKES: dict[Glyph, tuple[tuple[tuple[float, float], ...], ...]] = {
    Glyph.BACK: (((0.22, -0.42), (-0.2, 0.0), (0.22, 0.42)),),
    Glyph.NEXT: (((-0.22, -0.42), (0.2, 0.0), (-0.22, 0.42)),),
    Glyph.CLOSE: (((-0.4, -0.4), (0.4, 0.4)), ((-0.4, 0.4), (0.4, -0.4))),
    Glyph.OPENS_DOWN: (((-0.36, -0.16), (0.0, 0.2), (0.36, -0.16)),),
    Glyph.OPENS_UP: (((-0.36, 0.16), (0.0, -0.2), (0.36, 0.16)),),
    Glyph.CHECK: (((-0.4, 0.02), (-0.1, 0.32), (0.42, -0.3)),),
}


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
    else:
        width = max(2.2 / size, 0.14)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in _STROKES[glyph]:
            painter.drawPolyline([QPointF(x, y) for x, y in stroke])
    painter.restore()
