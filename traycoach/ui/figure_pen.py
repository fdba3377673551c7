"""Turns packed frames and props into painter calls, in the colours of a palette. Used by `figure_painter`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QRadialGradient,
)

from traycoach.figure.drawing import Arrow, Curve, Fill, Gaze, Glow, Shadow, Tone
from traycoach.ui.figure_frame import SWELL, Box, Frame, Part, box_of, stream_of
from traycoach.ui.palette import FigureLook, Palette, dressed, mix

_SHADOW_ALPHA: Final = ((0.0, 0.34), (0.45, 0.30), (0.75, 0.12), (1.0, 0.0))
# position, alpha, share of the light core
_GLOW_STOPS: Final = (
    (0.0, 0.90, 0.42),
    (0.24, 0.88, 0.22),
    (0.46, 0.76, 0.0),
    (0.66, 0.42, 0.0),
    (0.83, 0.14, 0.0),
    (1.0, 0.0, 0.0),
)


class FigurePen:
    """Turns draw-list commands into painter calls, in the colours of a palette."""

    def __init__(self, palette: Palette, look: FigureLook) -> None:
        self._colours = dressed(palette, look)
        self._known: dict[tuple[Tone, float], QColor] = {}
        self._blob = _shadow_blob(QColor(self._colours.shadow))
        gradient = QRadialGradient(QPointF(0.0, 0.0), 1.0)
        for position, alpha, core in _GLOW_STOPS:
            stop = QColor(mix(self._colours.glow, self._colours.glow_core, core))
            stop.setAlphaF(alpha)
            gradient.setColorAt(position, stop)
        self._glow = QBrush(gradient)

    def colour(self, tone: Tone, alpha: float = 1.0) -> QColor:
        """The colour of a tone."""
        key = (tone, alpha)
        if key not in self._known:
            name = self._colours.colour(tone.role)
            if tone.share:
                name = mix(name, self._colours.colour(tone.other), tone.share)
            colour = QColor(name)
            colour.setAlphaF(alpha)
            self._known[key] = colour
        return self._known[key]

    def figure(
        self, painter: QPainter, frame: Frame, path_of: Callable[[Part], QPainterPath], seen: Box, swell: float
    ) -> None:
        """What is seen of the figure, on its own, empty layer; `path_of` gives the path of a part."""
        atop = QPainter.CompositionMode.CompositionMode_SourceAtop
        over = QPainter.CompositionMode.CompositionMode_SourceOver
        painter.setPen(Qt.PenStyle.NoPen)
        for command in frame.commands:
            if not seen.meets(box_of(command)):
                continue
            match command:
                case Part(look=look) if look.atop:
                    painter.setCompositionMode(atop)
                    painter.setBrush(self.colour(look.tone, look.alpha))
                    painter.drawPath(path_of(command))
                    painter.setCompositionMode(over)
                case Part(look=look):
                    painter.setBrush(self.colour(look.tone))
                    painter.drawPath(path_of(command))
                case Curve():
                    self._curve(painter, command)
                case Glow():
                    painter.setCompositionMode(atop)
                    self._spot(painter, command, swell)
                    painter.setCompositionMode(over)

    def fills(self, painter: QPainter, fills: Sequence[Fill]) -> None:
        """Props."""
        painter.setPen(Qt.PenStyle.NoPen)
        points = stream_of(outline for fill in fills for outline in fill.outlines)
        for fill, path in zip(fills, _read(points, [(len(fill.outlines), fill.hollow) for fill in fills]), strict=True):
            painter.setBrush(self.colour(fill.tone))
            painter.drawPath(path)

    def shadow(self, painter: QPainter, shadow: Shadow) -> None:
        """One soft ellipse on the ground."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(shadow.alpha)
        corner = QPointF(shadow.x - shadow.width, shadow.y - shadow.height)
        painter.drawImage(QRectF(corner.x(), corner.y(), 2 * shadow.width, 2 * shadow.height), self._blob)
        painter.setOpacity(1.0)

    def marks(self, painter: QPainter, frame: Frame, move: str) -> None:
        """Arrows and gazes of the running move."""
        for mark in frame.marks:
            if move in mark.moves:
                if isinstance(mark, Arrow):
                    self._arrow(painter, mark)
                else:
                    self._gaze(painter, mark)

    def _curve(self, painter: QPainter, curve: Curve) -> None:
        ax, ay, bx, by, cx, cy = curve.points
        path = QPainterPath(QPointF(ax, ay))
        path.quadTo(bx, by, cx, cy)
        painter.setPen(_round_pen(self.colour(curve.tone), curve.width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)

    def _spot(self, painter: QPainter, glow: Glow, swell: float) -> None:
        radius = glow.radius * (1.0 + SWELL * swell)
        painter.save()
        painter.translate(glow.x, glow.y)
        painter.rotate(glow.angle)
        painter.scale(glow.half + radius, radius)
        painter.setBrush(self._glow)
        painter.drawEllipse(QPointF(0.0, 0.0), 1.0, 1.0)
        painter.restore()

    def _arrow(self, painter: QPainter, arrow: Arrow) -> None:
        path = _read(stream_of(arrow.outlines), [(len(arrow.outlines), False)])[0]
        for role, width in (("rim", arrow.rim), ("arrow", arrow.rim * 0.3)):
            colour = self.colour(Tone(role))
            painter.setPen(_round_pen(colour, width))
            painter.setBrush(colour)
            painter.drawPath(path)

    def _gaze(self, painter: QPainter, gaze: Gaze) -> None:
        start, end = QPointF(gaze.x, gaze.y), QPointF(gaze.to_x, gaze.to_y)
        way = end - start
        size = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1e-6)
        aside = QPointF(-way.y(), way.x()) * (gaze.spread / size)
        gradient = QLinearGradient(start, end)
        gradient.setColorAt(0.0, self.colour(Tone("arrow"), 0.37))
        gradient.setColorAt(1.0, self.colour(Tone("arrow"), 0.05))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(gradient))
        painter.drawPolygon(QPolygonF([start, end + aside, end - aside]))
        pen = _round_pen(self.colour(Tone("arrow")), 0.7)
        pen.setDashPattern([0.1, 3.2])
        painter.setPen(pen)
        painter.drawLine(start + way * 0.05, end - way * 0.02)


def part_path(part: Part) -> QPainterPath:
    """The path of a part."""
    return _read(part.points, [(part.outlines, part.look.hollow)])[0]


def _read(points: bytes, groups: Sequence[tuple[int, bool]]) -> list[QPainterPath]:
    """One path per group: so many of the outlines in the stream (hollow: odd-even).

    Qt reads the 32-bit points itself (0.3 ms a frame); making a QPointF of each takes 2 ms.
    """
    stream = QDataStream(QByteArray(points))
    stream.setByteOrder(QDataStream.ByteOrder.LittleEndian)
    stream.setFloatingPointPrecision(QDataStream.FloatingPointPrecision.SinglePrecision)
    paths = []
    for outlines, hollow in groups:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill if hollow else Qt.FillRule.WindingFill)
        for _ in range(outlines):
            polygon = QPolygonF()
            stream >> polygon
            path.addPolygon(polygon)
            path.closeSubpath()
        paths.append(path)
    return paths


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _shadow_blob(colour: QColor) -> QImage:
    """A soft dark disc; stretched to an ellipse when painted."""
    image = QImage(128, 128, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    gradient = QRadialGradient(QPointF(64.0, 64.0), 64.0)
    for position, alpha in _SHADOW_ALPHA:
        stop = QColor(colour)
        stop.setAlphaF(alpha)
        gradient.setColorAt(position, stop)
    painter = QPainter(image)
    painter.fillRect(0, 0, 128, 128, QBrush(gradient))
    painter.end()
    return image
