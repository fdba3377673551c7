"""Paints the figure of one clip: `Stage` is all a window needs.

    clip = parse_clip(exercise_mapping, poses_mapping)          # traycoach.figure.clip, pure, raises UserError
    stage = Stage(clip, side="left", palette=DARK)
    stage.paint(painter, QRectF(rect), t=1.4)                   # t: seconds since the loop began, any size, any DPR
    stage.changed(1.4, 1.5)                                     # what of it differs a moment later
    stage.thumbnail(QSize(72, 56), dpr=2.0)                     # QImage of the key pose

Everything is painted in logical pixels of the given rectangle; the device pixel ratio is read from the painter. A frame
is solved and outlined once (10 ms) and replayed from its 32-bit outlines (`figure_frame`); call `bake` when idle to
have all frames ready. What never moves is one cached image. Colours come from a `Palette` by role, see `palette`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, pi, sin
from typing import Final, Literal

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QTransform

from traycoach.figure.brush import Style
from traycoach.figure.clip import Clip
from traycoach.figure.drawing import Detail, Fill, Tone
from traycoach.figure.film import Film
from traycoach.ui.figure_frame import Box, Frame, Part, Reel, around, box_around
from traycoach.ui.figure_pen import FigurePen, part_path
from traycoach.ui.palette import LIGHT, FigureLook, Palette, needs_outline

Side = Literal["right", "left"]
Insets = tuple[float, float, float, float]

FRAMES_PER_SECOND: Final = 30
PULSE_PERIOD_S: Final = 2.4
_DISC: Final = 0.44
"""Radius of the disc behind the figure, as a share of the stage's smaller side."""
_THUMB_INSET: Final = 0.045
_MOST_PATHS: Final = 120
"""Of parts: those of some three frames, 400 KB."""
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

    @property
    def device(self) -> QTransform:
        """Picture cm to pixels of the screen."""
        return self.transform * QTransform.fromScale(self.dpr, self.dpr)

    @property
    def size(self) -> QSize:
        """The rectangle in pixels of the screen."""
        return QSize(max(1, ceil(self.width * self.dpr)), max(1, ceil(self.height * self.dpr)))

    def seen(self, box: Box) -> QRectF:
        """Where a part of the picture is, logical px, with room for smooth edges."""
        across, up = box.right - box.left, box.top - box.bottom
        return self.transform.mapRect(QRectF(box.left, box.bottom, across, up)).adjusted(-1.0, -1.0, 1.0, 1.0)

    def pixels(self, seen: QRectF) -> QRect:
        """The pixels of the screen that a part of the rectangle touches."""
        on_screen = QRectF(seen.topLeft() * self.dpr, seen.size() * self.dpr).toAlignedRect()
        return on_screen & QRect(QPoint(0, 0), self.size)

    def box(self, pixels: QRect) -> Box:
        """What of the picture these pixels of the screen show."""
        inverse, _sure = self.device.inverted()
        seen = inverse.mapRect(QRectF(pixels.adjusted(-1, -1, 1, 1)))
        return Box(seen.left(), seen.top(), seen.right(), seen.bottom())


@dataclass(frozen=True, slots=True)
class _Piece:
    """A picture of a part of the stage, in pixels of the screen."""

    at: QPoint
    image: QImage


@dataclass(slots=True)
class _Layers:
    """What one layout needs: the frames, and what never moves, behind and in front of them."""

    layout: _Layout
    reel: Reel
    back: QImage
    front: _Piece | None


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
        self._plain = self._film(Detail.PLAIN)
        self._layers: _Layers | None = None
        self._sheet = QImage()
        self._pen = FigurePen(palette, look)
        self._paths: dict[int, tuple[Part, QPainterPath]] = {}

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

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        t: float,
        pulse: float | None = None,
        arrows: bool = True,
        part: QRectF | None = None,
    ) -> None:
        """Paint stage, props, figure and marks of the moment `t` (seconds, any number; taken modulo `duration`).

        `pulse` is the swell of the target glow, -1…1; None takes it from `t` (2.4 s period); pass 0.0 for no pulse.
        `arrows` False leaves out arrows and gaze ("get ready", pause). Only `part` of `rect` need be painted, if given.
        """
        layers = self._ready(rect.width(), rect.height(), _dpr(painter), self._insets)
        swell = sin(2.0 * pi * t / PULSE_PERIOD_S) if pulse is None else pulse
        frame = layers.reel.frame(layers.reel.index(t))
        self._compose(painter, rect, layers, frame, swell, self._move(t, arrows), part)

    def changed(self, before: float, now: float, arrows: tuple[bool, bool] = (True, True)) -> QRectF | None:
        """What differs between the pictures of two moments, logical px of the rectangle last painted in.

        `arrows`: whether they have arrows. None: everything, because nothing has been painted yet.
        """
        if self._layers is None:
            return None
        reel, layout = self._layers.reel, self._layers.layout
        was, is_ = (reel.frame(reel.index(t)) for t in (before, now))
        moves = self._move(before, arrows[0]), self._move(now, arrows[1])
        boxes = list(was.changes(is_, moves))
        return layout.seen(around(boxes)) if boxes else QRectF()

    def _move(self, t: float, arrows: bool) -> str | None:
        return self.clip.timeline.span(t).move.to if arrows else None

    @property
    def still_count(self) -> int:
        """Number of still poses for reduced motion (>= 1)."""
        return len(self.clip.still)

    def paint_still(self, painter: QPainter, rect: QRectF, index: int, arrows: bool = True) -> None:
        """Paint still pose `index` (0 … still_count-1), no pulse, with the arrows of the move that leads to it."""
        layers = self._ready(rect.width(), rect.height(), _dpr(painter), self._insets)
        pose = self.clip.still[index]
        t = self.clip.timeline.pose_time(pose)
        reel = layers.reel
        frame = self._posed(reel, pose) if t is None else reel.frame(reel.index(t))
        self._compose(painter, rect, layers, frame, 0.0, pose if arrows else None)

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
        rect = QRectF(0.0, 0.0, size.width(), size.height())
        self._compose(painter, rect, layers, self._posed(layers.reel, pose or self.clip.key_pose), 0.0, None)
        painter.end()
        return image

    def bake(self, budget_s: float = 0.008, t: float = 0.0) -> bool:
        """Prepare as many frames as fit into `budget_s`, but one at least, beginning with those that follow on `t`.

        True while some are left. Call it when idle. Does nothing (and gives False) before the first `paint`, which
        decides the level of detail.
        """
        if self._layers is None:
            return False
        reel, timer = self._layers.reel, QElapsedTimer()
        timer.start()
        for drawn, index in enumerate(list(reel.missing(t))):
            # The next one will take as long as those before it.
            if drawn and timer.nsecsElapsed() * (drawn + 1) / drawn > budget_s * 1e9:
                return True
            reel.frame(index)
        return False

    # -- layers

    def _film(self, detail: Detail) -> Film:
        return Film(self.clip, Style(detail, self._hair, self._outlined, self._girth))

    def _posed(self, reel: Reel, pose: str) -> Frame:
        return reel.pack(reel.film.draw(self.clip.poses[pose]))

    def _ready(self, width: float, height: float, dpr: float, insets: Insets) -> _Layers:
        layers = self._layers
        if layers is None or (layers.layout.width, layers.layout.height, layers.layout.dpr) != (width, height, dpr):
            layers = self._layers = self._build(width, height, dpr, insets)
        return layers

    def _build(self, width: float, height: float, dpr: float, insets: Insets) -> _Layers:
        # Bounds and backdrop do not depend on the level of detail, which depends on them.
        layout = self._fit(self._plain, width, height, dpr, insets)
        backdrop = self._plain.backdrop
        back = QImage(layout.size, QImage.Format.Format_RGB32)
        with _painter(back) as painter:
            painter.scale(dpr, dpr)
            self._paint_stage(painter, layout)
            painter.setTransform(layout.device)
            for shadow in backdrop.shadows:
                self._pen.shadow(painter, shadow)
            self._pen.fills(painter, backdrop.back)
        front = self._front(layout, backdrop.front)
        return _Layers(layout, self._reel(Detail.at(layout.scale)), back, front)

    def _reel(self, detail: Detail) -> Reel:
        """The frames of a level of detail. Those of another one are given up: they are not needed at this size."""
        kept = self._layers.reel if self._layers is not None else None
        return kept if kept is not None and kept.film.style.detail is detail else Reel(self._film(detail))

    def _front(self, layout: _Layout, fills: tuple[Fill, ...]) -> _Piece | None:
        if not fills:
            return None
        box = layout.pixels(layout.seen(box_around(outline for fill in fills for outline in fill.outlines)))
        if box.isEmpty():
            return None
        image = QImage(box.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        with _painter(image) as painter:
            painter.translate(-box.topLeft())
            painter.setTransform(layout.device, True)
            self._pen.fills(painter, fills)
        return _Piece(box.topLeft(), image)

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
        self,
        painter: QPainter,
        rect: QRectF,
        layers: _Layers,
        frame: Frame,
        swell: float,
        move: str | None,
        part: QRectF | None = None,
    ) -> None:
        layout = layers.layout
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.translate(rect.topLeft())
        # From here on in pixels of the screen: an image is copied much faster than it is scaled.
        painter.scale(1.0 / layout.dpr, 1.0 / layout.dpr)
        painter.drawImage(QPoint(0, 0), layers.back)
        painter.save()
        painter.setTransform(layout.device, True)
        for shadow in frame.shadows:
            self._pen.shadow(painter, shadow)
        painter.restore()
        figure = layout.pixels(layout.seen(frame.figure))
        if part is not None:
            figure &= layout.pixels(part.translated(-rect.topLeft()))
        if not figure.isEmpty():
            self._paint_figure(layout, figure, frame, swell)
            painter.drawImage(figure.topLeft(), self._sheet, QRect(QPoint(0, 0), figure.size()))
        if layers.front is not None:
            painter.drawImage(layers.front.at, layers.front.image)
        if move is not None:
            painter.setTransform(layout.device, True)
            self._pen.marks(painter, frame, move)
        painter.restore()

    def _paint_figure(self, layout: _Layout, part: QRect, frame: Frame, swell: float) -> None:
        """Paint a part of the figure's layer (pixels of the screen) into the corner of the sheet."""
        if self._sheet.width() < part.width() or self._sheet.height() < part.height():
            size = self._sheet.size().expandedTo(part.size())
            self._sheet = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        with _painter(self._sheet) as canvas:
            box = QRect(QPoint(0, 0), part.size())
            canvas.setClipRect(box)
            canvas.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            canvas.fillRect(box, Qt.GlobalColor.transparent)
            canvas.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            canvas.translate(-part.topLeft())
            canvas.setTransform(layout.device, True)
            self._pen.figure(canvas, frame, self._path, layout.box(part), swell)
        if len(self._paths) > _MOST_PATHS:
            self._paths.clear()

    def _path(self, part: Part) -> QPainterPath:
        """The path of a part; the last ones are kept for parts that stand still."""
        kept = self._paths.get(id(part))
        if kept is None:
            kept = self._paths[id(part)] = (part, part_path(part))
        return kept[1]


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
