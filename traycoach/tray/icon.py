"""The tray icon's drawing: a state and a size in, a picture out. Shapes, colours and strokes: docs/visual design, tray.

Every size is drawn on its own, 8 times larger and reduced with a box filter, because Pillow does not smooth. A drawing
is a list of layers, each one colour and one shape, so only 8-bit masks are drawn large.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from traycoach.core.actions import TrayKind, TrayState
from traycoach.tray.colours import PALETTES, Look, Palette, Rgb

SIZES = (16, 20, 22, 24, 32, 48, 64)
"""The sizes in pixels that panels ask for."""

_SCALE = 8
_STROKES = ((16, 2.0), (20, 2.4), (22, 2.6), (24, 2.8), (32, 3.6), (48, 5.2), (64, 7.0))
_SMALL = 24  # up to here: flat ring ends, bars on whole pixels, a moon without dots
_LEAST_ARC = 0.03  # so that an empty ring still shows where it begins

_Draw = Callable[[ImageDraw.ImageDraw], None]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One shape in one colour. `cut` takes the shape out of what lies below instead."""

    colour: Rgb
    draw: _Draw
    alpha: float = 1.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """An icon that can be had in any size, drawn for just that size."""

    state: TrayState
    look: Look

    def at(self, size: int) -> Image.Image:
        """Give the picture, `size` × `size` pixels, RGBA."""
        return draw_icon(self.state, size, self.look)


def draw_icon(state: TrayState, size: int, look: Look) -> Image.Image:
    """Give the icon as an RGBA picture of `size` × `size` pixels, transparent around the shape."""
    large = size * _SCALE
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    for layer in _Shapes(size, PALETTES[look]).layers(state):
        mask = Image.new("L", (large, large), 0)
        layer.draw(ImageDraw.Draw(mask))
        small = mask.reduce(_SCALE)
        if layer.cut:
            alpha = Image.composite(Image.new("L", small.size, 0), picture.getchannel("A"), small)
            picture.putalpha(alpha)
            continue
        if layer.alpha < 1:
            small = small.point([round(value * layer.alpha) for value in range(256)])
        colour = Image.new("RGBA", (size, size), (*layer.colour, 255))
        colour.putalpha(small)
        picture.alpha_composite(colour)
    return picture


class _Shapes:
    """The shapes of one icon of `size` pixels. Coordinates are pixels of the icon; `_at` scales them for the mask."""

    def __init__(self, size: int, palette: Palette) -> None:
        self.size = size
        self.palette = palette
        self.small = size <= _SMALL
        self.stroke = _stroke(size)
        self.centre = size / 2
        self.margin = 0.5 if self.small else size * 0.02
        self.radius = (size - self.stroke) / 2 - self.margin

    def layers(self, state: TrayState) -> Iterator[_Layer]:
        """Give the layers from the lowest to the highest."""
        palette = self.palette
        ring = palette.near if state.nearly else palette.ring
        faint = 0.55 if palette.one_colour else 1.0
        if palette.plate is not None:
            yield _Layer(palette.plate, self._dot(self.centre))
        match state.kind:
            case TrayKind.SITTING:
                yield from self._progress(state.progress, ring)
                yield _Layer(palette.ink, self._dot(self.size * 0.135))
            case TrayKind.STANDING:
                yield from self._progress(state.progress, ring)
                yield _Layer(palette.ink, self._bar(0.15, 0.44, upright=True))
            case TrayKind.ROUTINE:
                yield from self._progress(state.progress, ring)
                yield _Layer(palette.ink, self._triangle())
            case TrayKind.DUE:
                yield _Layer(palette.due, self._dot(self.centre - self.margin))
                yield _Layer(palette.arrow, self._arrow(down=state.down), cut=palette.one_colour)
            case TrayKind.HELD:
                yield _Layer(palette.near, self._ring(1.0, self.stroke))
                yield _Layer(palette.ink, self._bar(0.44, 0.15 if self.small else 0.125, upright=False))
            case TrayKind.PAUSED:
                yield _Layer(palette.dim, self._ring(1.0, max(1.3, self.stroke * 0.62)), faint)
                yield _Layer(palette.ink, self._two_bars())
            case TrayKind.SNOOZED:
                if not self.small:
                    yield _Layer(palette.dim, self._dotted_ring(), 0.7 if palette.one_colour else 1.0)
                yield _Layer(palette.ink, self._moon())
            case TrayKind.AWAY:
                yield _Layer(palette.dim, self._arcs(), 0.6 if palette.one_colour else 1.0)
            case TrayKind.UNKNOWN:
                yield _Layer(palette.dim, self._ring(1.0, max(1.3, self.stroke * 0.62)), faint)
                yield _Layer(palette.ink, self._question_mark())

    def _progress(self, progress: float, colour: Rgb) -> Iterator[_Layer]:
        yield _Layer(self.palette.track, self._ring(1.0, self.stroke), 0.3 if self.palette.one_colour else 1.0)
        yield _Layer(colour, self._ring(min(1.0, max(_LEAST_ARC, progress)), self.stroke))

    # --- shapes -------------------------------------------------------------------------------------------------------

    def _disc(self, draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: int = 255) -> None:
        draw.ellipse(_at(x - radius, y - radius, x + radius, y + radius), fill=fill)

    def _dot(self, radius: float) -> _Draw:
        return lambda draw: self._disc(draw, self.centre, self.centre, radius)

    def _arc(self, draw: ImageDraw.ImageDraw, start: float, end: float, width: float) -> None:
        """Draw a part of the ring; angles in degrees clockwise from 12 o'clock."""
        c, outer = self.centre, self.radius + width / 2
        draw.arc(
            _at(c - outer, c - outer, c + outer, c + outer), start - 90, end - 90, fill=255, width=round(width * _SCALE)
        )
        if not self.small and end - start < 360:
            for angle in (start, end):
                x, y = c + self.radius * math.sin(math.radians(angle)), c - self.radius * math.cos(math.radians(angle))
                self._disc(draw, x, y, width / 2)

    def _ring(self, part: float, width: float) -> _Draw:
        return lambda draw: self._arc(draw, 0, 360 * part, width)

    def _arcs(self) -> _Draw:
        def draw_arcs(draw: ImageDraw.ImageDraw) -> None:
            for third in range(3):
                start = third * 120 + 14
                self._arc(draw, start, start + 92, max(1.3, self.stroke * 0.72))

        return draw_arcs

    def _box(self, draw: ImageDraw.ImageDraw, x: float, y: float, width: float, height: float, radius: float) -> None:
        left, top, right, bottom = _at(x, y, x + width, y + height)
        # Pillow's boxes include their last pixel
        draw.rounded_rectangle((left, top, right - 1, bottom - 1), radius * _SCALE, fill=255)

    def _bar(self, width: float, height: float, *, upright: bool) -> _Draw:
        w, h = self._even(self.size * width), self._even(self.size * height)
        radius = 0.0 if self.size < 20 else min(w, h) * (0.45 if upright else 0.5)
        return lambda draw: self._box(draw, self.centre - w / 2, self.centre - h / 2, w, h, radius)

    def _two_bars(self) -> _Draw:
        width = max(2, round(self.size * 0.12))
        gap = max(1, round(self.size * 0.06))
        height = self._even(self.size * 0.36)
        radius = 0.0 if self.small else width * 0.25

        def draw_bars(draw: ImageDraw.ImageDraw) -> None:
            for x in (self.centre - gap - width, self.centre + gap):
                self._box(draw, x, self.centre - height / 2, width, height, radius)

        return draw_bars

    def _even(self, length: float) -> float:
        """Small: whole pixels that can lie centred on whole pixels."""
        return max(2, round(length / 2) * 2) if self.small else length

    def _line(self, draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
        """Draw a line with round ends and joints."""
        large = [(x * _SCALE, y * _SCALE) for x, y in points]
        draw.line(large, fill=255, width=round(width * _SCALE))
        for x, y in points:
            self._disc(draw, x, y, width / 2)

    def _arrow(self, *, down: bool) -> _Draw:
        c, size = self.centre, self.size
        sign = -1 if down else 1
        width = max(1.8, size * 0.115)

        def draw_arrow(draw: ImageDraw.ImageDraw) -> None:
            head = [(c - size * 0.2, c + sign * size * 0.02), (c, c - sign * size * 0.19)]
            self._line(draw, [*head, (c + size * 0.2, c + sign * size * 0.02)], width)
            self._line(draw, [(c, c - sign * size * 0.14), (c, c + sign * size * 0.22)], width)

        return draw_arrow

    def _triangle(self) -> _Draw:
        c, size = self.centre, self.size
        points = [(c - size * 0.11, c - size * 0.19), (c + size * 0.2, c), (c - size * 0.11, c + size * 0.19)]

        def draw_triangle(draw: ImageDraw.ImageDraw) -> None:
            draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=255)
            self._line(draw, [*points, points[0]], size * 0.05)

        return draw_triangle

    def _moon(self) -> _Draw:
        c = self.centre
        radius = self.size * (0.40 if self.small else 0.235)

        def draw_moon(draw: ImageDraw.ImageDraw) -> None:
            x = c + self.size * 0.02  # a crescent weighs to the left
            self._disc(draw, x, c, radius)
            self._disc(draw, x + radius * 0.55, c - radius * 0.42, radius * 0.86, fill=0)

        return draw_moon

    def _dotted_ring(self) -> _Draw:
        def draw_dots(draw: ImageDraw.ImageDraw) -> None:
            for index in range(10):
                angle = index / 10 * math.tau
                x, y = self.centre + self.radius * math.cos(angle), self.centre + self.radius * math.sin(angle)
                self._disc(draw, x, y, max(0.8, self.stroke * 0.34))

        return draw_dots

    def _question_mark(self) -> _Draw:
        c, size = self.centre, self.size
        width = max(1.7, size * 0.1)
        bow = size * 0.125
        top = c - size * 0.115

        def draw_mark(draw: ImageDraw.ImageDraw) -> None:
            # three quarters of a circle from the left over the top, then down into the stem
            points = [
                (c - bow * math.cos(math.radians(angle)), top - bow * math.sin(math.radians(angle)))
                for angle in range(10, 226, 5)
            ]
            self._line(draw, [*points, (c, c + size * 0.055), (c, c + size * 0.085)], width)
            self._disc(draw, c, c + size * 0.235, width * 0.58)

        return draw_mark


def _at(*numbers: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (number * _SCALE for number in numbers)
    return left, top, right, bottom


def _stroke(size: int) -> float:
    """Give the ring's stroke for this size; between the sizes of the table it lies between their strokes."""
    if size <= _STROKES[0][0]:
        return _STROKES[0][1] * size / _STROKES[0][0]
    for (low, thin), (high, thick) in itertools.pairwise(_STROKES):
        if size <= high:
            return thin + (thick - thin) * (size - low) / (high - low)
    return _STROKES[-1][1] * size / _STROKES[-1][0]
