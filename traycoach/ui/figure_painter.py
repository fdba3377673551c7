"""Paints the figure of one clip: `Stage` is all a window needs.

    clip = parse_clip(exercise_mapping, poses_mapping)          # traycoach.figure.clip, pure, raises UserError
    stage = Stage(clip, side="left", palette=DARK)
    stage.paint(painter, QRectF(rect), t=1.4)                   # t: seconds since the loop began, any size, any DPR
    stage.thumbnail(QSize(72, 56), dpr=2.0)                     # QImage of the key pose

Everything is painted in logical pixels of the given rectangle; the device pixel ratio is read from the painter.
A frame is solved and outlined once (10 ms) and replayed from its 32-bit outlines; call `bake` when idle to have all
frames ready. What never moves is one cached image. Colours come from a `Palette` by role, see `palette`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, pi, sin
from typing import Final, Literal

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QTransform

from traycoach.figure.brush import Style
from traycoach.figure.clip import Clip
from traycoach.figure.drawing import Detail, Drawing, Tone
from traycoach.figure.film import Film
from traycoach.ui.figure_pen import FigurePen, figure_paths
from traycoach.ui.palette import LIGHT, FigureLook, Palette, needs_outline

Side = Literal["right", "left"]
Insets = tuple[float, float, float, float]

FRAMES_PER_SECOND: Final = 30
PULSE_PERIOD_S: Final = 2.4
_DISC: Final = 0.44
"""Radius of the disc behind the figure, as a share of the stage's smaller side."""
_THUMB_INSET: Final = 0.045
_LOOK: Final = FigureLook()


@dataclass(frozen=True, slots=True)
class _Layout:
    """How picture centimetres lie on the rectangle: logical px per cm, where the origin is, mirrored or not."""

    width: float
    height: float
    dpr: float
    scale: float
    x: float
    y: float
    mirrored: bool

    @property
    def transform(self) -> QTransform:
        """Picture cm to logical px of the rectangle."""
        if self.mirrored:
            return QTransform(-self.scale, 0.0, 0.0, -self.scale, self.width - self.x, self.y)
        return QTransform(self.scale, 0.0, 0.0, -self.scale, self.x, self.y)

    def image(self) -> QImage:
        """An empty image the size of the rectangle."""
        size = QSize(max(1, ceil(self.width * self.dpr)), max(1, ceil(self.height * self.dpr)))
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(self.dpr)
        image.fill(Qt.GlobalColor.transparent)
        return image


@dataclass(slots=True)
class _Layers:
    """The images of one layout: what never moves, behind and in front, and the figure's own layer."""

    layout: _Layout
    film: Film
    back: QImage
    front: QImage | None
    figure: QImage


class Stage:
    """One clip, one side, one palette, ready to be painted at any time and size. Not thread-safe (Qt's own rule)."""

    def __init__(
        self,
        clip: Clip,
        side: Side = "right",
        palette: Palette = LIGHT,
        look: FigureLook = _LOOK,
        insets: Insets = (24.0, 16.0, 24.0, 16.0),
    ) -> None:
        """`side` "left" mirrors the picture (clips with `sides = "none"` ignore it).

        `insets` (left, top, right, bottom, logical px) are kept free around the figure when the clip is fitted to the
        stage; close-ups with a frame of their own ignore them.
        """
        self.clip, self.side, self.palette = clip, side, palette
        self._insets = insets
        self._mirrored = side == "left" and clip.sides == "right-left"
        self._hair, self._girth, self._outlined = look.hair_shape, look.girth, needs_outline(palette, look)
        self._films: dict[Detail, Film] = {}
        self._layers: _Layers | None = None
        self._pen = FigurePen(palette, look)
        self._last: tuple[Drawing, list[QPainterPath]] | None = None

    # -- what the clip says

    @property
    def duration(self) -> float:
        """Seconds of one loop (all moves and holds). A counted step counts one repetition per loop."""
        return self.clip.timeline.duration

    @property
    def alt(self) -> str:
        """The sentence for screen readers, worded for this side."""
        return self.clip.alt_for(self.side)

    def cue(self, t: float) -> str:
        """The cue of the move running at `t`, else the last cue before it in the loop; "" if the clip has none."""
        spans = self.clip.timeline.spans
        at = spans.index(self.clip.timeline.span(t))
        before = (spans[(at - back) % len(spans)].move.cue for back in range(len(spans)))
        return next((cue for cue in before if cue), "")

    def changes_in(self, t: float) -> float:
        """Seconds until the picture (pulse aside) changes: 0.0 during a move, the rest of the hold during a hold.

        A window repaints every 1/30 s while this is 0.0; during a hold every 0.1 s if it wants the glow to pulse, or
        once after `changes_in(t)` if not.
        """
        return self.clip.timeline.still_for(t)

    # -- painting

    def paint(self, painter: QPainter, rect: QRectF, t: float, pulse: float | None = None, arrows: bool = True) -> None:
        """Paint stage, props, figure and marks of the moment `t` (seconds, any number; taken modulo `duration`).

        `pulse` is the swell of the target glow, -1…1; None takes it from `t` (2.4 s period); pass 0.0 for no pulse.
        `arrows` False leaves out arrows and gaze ("get ready", pause). Corners are rounded by the caller's clip.
        """
        layers = self._ready(rect.width(), rect.height(), _dpr(painter), self._insets)
        swell = sin(2.0 * pi * t / PULSE_PERIOD_S) if pulse is None else pulse
        move = self.clip.timeline.span(t).move.to if arrows else None
        self._compose(painter, rect, layers, layers.film.drawing(layers.film.index(t)), swell, move)

    @property
    def still_count(self) -> int:
        """Number of still poses for reduced motion (>= 1)."""
        return len(self.clip.still)

    def paint_still(self, painter: QPainter, rect: QRectF, index: int, arrows: bool = True) -> None:
        """Paint still pose `index` (0 … still_count-1), no pulse, with the arrows of the move that leads to it."""
        layers = self._ready(rect.width(), rect.height(), _dpr(painter), self._insets)
        pose = self.clip.still[index]
        t = self.clip.timeline.pose_time(pose)
        film = layers.film
        drawing = film.draw(self.clip.poses[pose]) if t is None else film.drawing(film.index(t))
        self._compose(painter, rect, layers, drawing, 0.0, pose if arrows else None)

    def image(self, size: QSize, dpr: float, t: float, pulse: float | None = None, arrows: bool = True) -> QImage:
        """The same picture as an image of `size` logical px (for cross-fades and tests)."""
        image, painter = _canvas(size, dpr)
        self.paint(painter, QRectF(0.0, 0.0, size.width(), size.height()), t, pulse, arrows)
        painter.end()
        return image

    def thumbnail(self, size: QSize, dpr: float = 1.0, pose: str | None = None) -> QImage:
        """A small picture of `pose` (default: the clip's key pose), without arrows and gaze."""
        image, painter = _canvas(size, dpr)
        inset = _THUMB_INSET * min(size.width(), size.height())
        layers = self._build(float(size.width()), float(size.height()), dpr, (inset, inset, inset, inset))
        drawing = layers.film.draw(self.clip.poses[pose or self.clip.key_pose])
        rect = QRectF(0.0, 0.0, size.width(), size.height())
        self._compose(painter, rect, layers, drawing, 0.0, None)
        painter.end()
        return image

    def bake(self, budget_s: float = 0.008) -> bool:
        """Prepare frames not drawn yet for at most `budget_s`; True while some are left. Call it when idle.

        Does nothing (and gives False) before the first `paint`, which decides the level of detail.
        """
        if self._layers is None:
            return False
        film, timer = self._layers.film, QElapsedTimer()
        timer.start()
        for index in range(film.frame_count):
            if not film.has(index):
                if timer.nsecsElapsed() > budget_s * 1e9:
                    return True
                film.drawing(index)
        return False

    # -- layers

    def _film(self, detail: Detail) -> Film:
        if detail not in self._films:
            self._films[detail] = Film(self.clip, Style(detail, self._hair, self._outlined, self._girth))
        return self._films[detail]

    def _ready(self, width: float, height: float, dpr: float, insets: Insets) -> _Layers:
        layers = self._layers
        if layers is None or (layers.layout.width, layers.layout.height, layers.layout.dpr) != (width, height, dpr):
            layers = self._layers = self._build(width, height, dpr, insets)
        return layers

    def _build(self, width: float, height: float, dpr: float, insets: Insets) -> _Layers:
        # Bounds and backdrop do not depend on the level of detail, which depends on them.
        layout = self._fit(self._film(Detail.PLAIN), width, height, dpr, insets)
        film = self._film(Detail.at(layout.scale))
        backdrop = film.backdrop
        back = layout.image()
        painter = _painter(back)
        self._paint_stage(painter, layout)
        painter.setTransform(layout.transform, True)
        for shadow in backdrop.shadows:
            self._pen.shadow(painter, shadow)
        self._pen.fills(painter, backdrop.back)
        painter.end()
        front = None
        if backdrop.front:
            front = layout.image()
            painter = _painter(front)
            painter.setTransform(layout.transform, True)
            self._pen.fills(painter, backdrop.front)
            painter.end()
        return _Layers(layout, film, back, front, layout.image())

    def _fit(self, film: Film, width: float, height: float, dpr: float, insets: Insets) -> _Layout:
        bounds = film.bounds
        left, top, right, bottom = (0.0,) * 4 if bounds.tight else insets
        wide, tall = max(1.0, width - left - right), max(1.0, height - top - bottom)
        scale = tall / (bounds.top - bounds.bottom)
        if not bounds.tight:
            scale = min(scale, wide / (bounds.right - bounds.left))
        x = left + wide / 2.0 - scale * (bounds.left + bounds.right) / 2.0
        y = top + tall / 2.0 + scale * (bounds.bottom + bounds.top) / 2.0
        return _Layout(width, height, dpr, scale, x, y, self._mirrored)

    def _paint_stage(self, painter: QPainter, layout: _Layout) -> None:
        width, height, setting = layout.width, layout.height, self.clip.setting
        painter.fillRect(QRectF(0.0, 0.0, width, height), QColor(self.palette.stage))
        painter.setPen(Qt.PenStyle.NoPen)
        if setting.disc:
            radius = min(width, height) * _DISC
            painter.setBrush(QColor(self.palette.disc))
            painter.drawEllipse(QPointF(width / 2.0, height / 2.0), radius, radius)
        if setting.floor and layout.y < height:
            thick = max(1.1 * layout.scale, 1.0)
            painter.setBrush(self._pen.colour(Tone("floor")))
            line = QRectF(width * 0.06, layout.y - thick * 0.45, width * 0.88, thick)
            painter.drawRoundedRect(line, thick / 2.0, thick / 2.0)

    def _compose(
        self, painter: QPainter, rect: QRectF, layers: _Layers, drawing: Drawing, swell: float, move: str | None
    ) -> None:
        transform = layers.layout.transform
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.translate(rect.topLeft())
        painter.drawImage(QPointF(0.0, 0.0), layers.back)
        painter.save()
        painter.setTransform(transform, True)
        for shadow in drawing.shadows:
            self._pen.shadow(painter, shadow)
        painter.restore()
        layers.figure.fill(Qt.GlobalColor.transparent)
        canvas = _painter(layers.figure)
        canvas.setTransform(transform, True)
        self._pen.figure(canvas, drawing, self._paths(drawing), swell)
        canvas.end()
        painter.drawImage(QPointF(0.0, 0.0), layers.figure)
        if layers.front is not None:
            painter.drawImage(QPointF(0.0, 0.0), layers.front)
        if move is not None:
            painter.setTransform(transform, True)
            self._pen.marks(painter, drawing, move)
        painter.restore()

    def _paths(self, drawing: Drawing) -> list[QPainterPath]:
        """The paths of a frame; those of the last one are kept for the pulse during a hold."""
        if self._last is None or self._last[0] is not drawing:
            self._last = (drawing, figure_paths(drawing))
        return self._last[1]


def _painter(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _canvas(size: QSize, dpr: float) -> tuple[QImage, QPainter]:
    image = QImage(size * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    return image, _painter(image)


def _dpr(painter: QPainter) -> float:
    return painter.device().devicePixelRatioF()
