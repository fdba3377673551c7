"""The draw list: what a painter paints, in picture centimetres (x right, y up), in colour roles instead of colours.

Commands are plain frozen values; outlines are `array('f')` of x, y, x, y, … so that a baked frame stays small.
A painter maps centimetres to pixels, mirrors for the left side, and looks roles up in its palette.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from enum import IntEnum

Points = array  # array("f")

# Colour roles a command may name. Parts that shade away from the viewer have a second role ending in "_far".
ROLES = (
    *("skin", "skin_far", "hair", "hair_far", "shirt", "shirt_far", "trousers", "trousers_far"),
    *("shoe", "shoe_far", "sole", "eye", "shade", "ink", "glow", "glow_core", "arrow", "rim", "shadow"),
    *("chair", "chair_dark", "chair_light", "caster", "desk_side", "desk_top", "mat", "mat_side"),
    *("cloth", "cloth_light", "floor", "sky", "sun", "hill", "hill_near"),
)


class Detail(IntEnum):
    """How much of the figure is drawn: PLAIN leaves the face out, FINGERS draws each finger."""

    PLAIN = 0
    FACE = 1
    FINGERS = 2

    @classmethod
    def at(cls, scale: float) -> Detail:
        """The level for a picture of `scale` pixels per cm."""
        return cls.FINGERS if scale > 5.5 else cls.FACE if scale > 3.2 else cls.PLAIN


@dataclass(frozen=True, slots=True)
class Tone:
    """The colour `share` (0…1) of the way from `role` to `other`."""

    role: str
    other: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Fill:
    """Outlines filled together, winding rule (`hollow`: odd-even, so that the second cuts a hole)."""

    outlines: tuple[Points[float], ...]
    tone: Tone
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Shade:
    """Outlines filled with `alpha` only where the figure's layer already has colour (source-atop)."""

    outlines: tuple[Points[float], ...]
    tone: Tone
    alpha: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A round-ended quadratic stroke: start, control, end; `width` in cm."""

    points: Points[float]
    width: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Glow:
    """The target glow, source-atop: a gradient of `radius` stretched by `half` to both sides along `angle`.

    Centre and lengths in cm, angle in degrees counter-clockwise. The painter swells it by 8 % with the pulse.
    """

    x: float
    y: float
    half: float
    radius: float
    angle: float


@dataclass(frozen=True, slots=True)
class Shadow:
    """A soft ellipse on the ground, `alpha` 0…1 of the full shadow."""

    x: float
    y: float
    width: float
    height: float
    alpha: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """Stem and head of an arrow, to be filled and rimmed; `rim` is the rim's width in cm. Shown in `moves`."""

    outlines: tuple[Points[float], ...]
    rim: float
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaze:
    """A line of sight: dotted axis and fading wedge from (x, y) to (to_x, to_y). Shown in `moves`."""

    x: float
    y: float
    to_x: float
    to_y: float
    spread: float
    moves: tuple[str, ...]


FigureCommand = Fill | Shade | Curve | Glow
Mark = Arrow | Gaze


@dataclass(frozen=True, slots=True)
class Drawing:
    """One frame: shadows on the ground, the figure on a layer of its own, marks on top."""

    shadows: tuple[Shadow, ...]
    figure: tuple[FigureCommand, ...]
    marks: tuple[Mark, ...]

    def byte_count(self) -> int:
        """Bytes of all outlines (shared ones once): what a baked frame costs."""
        seen: dict[int, int] = {}
        for command in (*self.figure, *self.marks):
            outlines = command.outlines if isinstance(command, Fill | Shade | Arrow) else ()
            for points in outlines:
                seen[id(points)] = len(points) * points.itemsize
        return sum(seen.values())


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What never moves: props behind and in front of the figure, and their shadows.

    `near` (the viewer's armrest, the viewer's wheel) is painted with the figure, between its legs and its arms.
    """

    shadows: tuple[Shadow, ...]
    back: tuple[Fill, ...]
    front: tuple[Fill, ...]
    near: tuple[Fill, ...] = ()
