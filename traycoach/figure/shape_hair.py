"""Hair and head covering as chains and caps. Source: docs/figure.md, "Parts and order", rule 6.

A cap is the skull's ellipsoid cut by one plane; so the hair line is right for every angle of the head.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Final, NamedTuple

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Fill, Points, Tone
from traycoach.figure.outline import Blob, ball
from traycoach.figure.profile import resample
from traycoach.figure.shape_head import SHAPE, SIZE, SKULL, blob, chains, middle, on_jaw
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import Vec, add, at, cross, dot, scale, step, unit

HAIR_SHAPES: Final = ("short", "bun", "none", "long", "curly", "scarf")

_VOLUME: Final = tuple(
    row[1:]
    for row in resample(
        [
            (0, 5.9, 6.3, 0, 2.3, 2.3, 5.0),
            (1, 4.0, 7.2, 0, 3.4, 2.8, 5.6),
            (2, 1.2, 7.5, 0, 4.8, 3.1, 6.2),
            (3, -1.6, 6.6, 0, 5.6, 3.8, 6.6),
            (4, -3.9, 4.2, 0, 5.8, 4.8, 7.0),
            (5, -4.5, 0.5, 0, 5.5, 4.8, 7.1),
            (6, -4.0, -3, 0, 4.8, 3.6, 6.2),
        ],
        11,
    )
)
_FRINGE: Final[tuple[SHAPE, ...]] = ((4.2, 7.3, 0, 3.2, 2.0, 4.6), (6.2, 6.5, 0.6, 2.0, 1.9, 4.3))
_BUN: Final[SHAPE] = (-9.6, 5.2, 0, 3.9, 3.9, 3.9)

_MANE: Final[tuple[SHAPE, ...]] = (
    (-3.6, 2.0, 0, 6.0, 6.0, 7.4),
    (-5.4, -4.0, 0, 5.0, 5.0, 7.6),
    (-6.2, -11.0, 0, 4.2, 5.0, 7.6),
    (-6.0, -17.0, 0, 3.2, 3.4, 6.8),
)
_CURLS: Final = (
    *((4.6, 8.0, z) for z in (-4.2, 0.0, 4.2)),
    *((0.2, 10.2, z) for z in (-4.6, 0.0, 4.6)),
    *((-4.6, 9.4, z) for z in (-5.0, 0.0, 5.0)),
    *((-8.2, 6.0, z) for z in (-4.8, 0.0, 4.8)),
    *((-9.4, 1.0, z) for z in (-4.6, 0.0, 4.6)),
    *((-8.2, -3.6, z) for z in (-3.8, 0.0, 3.8)),
    *((x, 5.2, z) for x in (1.6, -3.0) for z in (-8.0, 8.0)),
    *((-4.6, 0.6, z) for z in (-7.8, 7.8)),
)
_CURL: Final = 3.9
_WRAP: Final[tuple[SHAPE, ...]] = (
    (-1.2, 1.6, 0, 9.8, 9.6, 8.4),
    (-1.6, -5.0, 0, 7.6, 6.4, 7.4),
    (0.6, -9.4, 0, 5.6, 3.6, 6.2),
)
_CHIN_WRAP: Final[tuple[SHAPE, ...]] = (
    (-0.4, -10.6, 0, 5.4, 3.0, 6.0),
    (2.8, -11.2, 0, 3.2, 1.9, 4.2),
)


class Cap(NamedTuple):
    """The part of the skull behind a plane: its `normal`, how far (`cut`, share of the skull) it is from the middle.

    Towards the edge it thins from `grow` to `thin` times the skull, over `fade`, so that it never stands off the face.
    """

    normal: Vec
    cut: float
    grow: float
    thin: float
    fade: float


HAIR_CAP: Final = Cap(unit((0.8, -0.6, 0.0)), 0.22, 1.035, 0.98, 0.3)
SCARF_CAP: Final = Cap(unit((0.97, -0.24, 0.0)), 0.5, 1.09, 1.05, 0.2)

_CIRCLE: Final = 84


def volume(body: Body) -> list[Blob]:
    """The hair behind the skull, to be drawn as one hull."""
    centre, basis = middle(body), body.frames["head"]
    return [blob(centre, basis, shape) for shape in _VOLUME]


def fringe(body: Body) -> list[Blob]:
    """Hair over the forehead, to be drawn as one hull."""
    return chains(body, (_FRINGE,))[0]


def bun(body: Body) -> list[Blob]:
    """A knot of hair at the back."""
    return chains(body, ((_BUN,),))[0]


def mane(body: Body) -> list[Blob]:
    """Long hair hanging behind the neck, to be drawn as one hull."""
    return chains(body, (_MANE,))[0]


def curls(body: Body) -> list[Blob]:
    """Single curls around the crown, to be drawn one by one."""
    centre, basis = middle(body), body.frames["head"]
    return [ball(at(centre, basis, x * SIZE, y * SIZE, z * SIZE), _CURL * SIZE) for x, y, z in _CURLS]


def wrap(body: Body) -> list[Blob]:
    """A scarf around the back of the head, to be drawn as one hull."""
    return chains(body, (_WRAP,))[0]


def chin_wrap(body: Body) -> list[Blob]:
    """The scarf under the chin; its front goes with the jaw."""
    back, front = _CHIN_WRAP
    return chains(body, ((back, on_jaw(body, front)),))[0]


def _circle(across: Vec, also: Vec, count: int) -> list[Vec]:
    return [add(scale(across, cos(2.0 * pi * k / count)), scale(also, sin(2.0 * pi * k / count))) for k in range(count)]


def _run(flags: Sequence[bool]) -> list[int]:
    """Indices of the first unbroken run of True around the circle; not all flags may be True."""
    count = len(flags)
    start = next((k for k in range(count) if flags[k] and not flags[k - 1]), 0)
    run: list[int] = []
    while flags[(start + len(run)) % count]:
        run.append((start + len(run)) % count)
    return run


def cap(body: Body, camera: Camera, shape: Cap = HAIR_CAP) -> Fill:
    """A cap as the camera sees it."""
    basis = body.frames["head"]
    centre = at(middle(body), basis, -0.5, 0.5, 0.0)
    axes = SKULL
    sight = unit((dot(basis[0], camera.toward) / axes[0], dot(basis[1], camera.toward) / axes[1],
                  dot(basis[2], camera.toward) / axes[2]))  # fmt: skip
    across = unit(cross(sight, (0.13, 0.91, 0.37)))
    rim = _circle(across, cross(sight, across), _CIRCLE)
    hairy = [dot(point, shape.normal) < shape.cut for point in rim]
    over = unit(cross(shape.normal, (0.21, 0.13, 0.95)))
    radius = sqrt(1.0 - shape.cut * shape.cut)
    line = _circle(over, cross(shape.normal, over), _CIRCLE)
    edge = [step(scale(shape.normal, shape.cut), point, radius) for point in line]
    seen = [dot(point, sight) > 0.0 for point in edge]

    def outline(points: Sequence[Vec]) -> Points[float]:
        flat: Points[float] = array("f")
        for point in points:
            inside = min(1.0, max(0.0, (shape.cut - dot(point, shape.normal)) / shape.fade))
            x, y, z = scale(point, shape.thin + (shape.grow - shape.thin) * inside)
            flat.extend(camera.project(at(centre, basis, x * axes[0], y * axes[1], z * axes[2])))
        return flat

    tone = Tone("hair")
    if all(seen):
        return Fill((outline(rim), outline(edge)), tone, hollow=True)
    if all(hairy):
        return Fill((outline(rim),), tone)
    # The rim is a great circle and the cut lies off the middle, so some of the rim is always hairy.
    arc = [rim[k] for k in _run(hairy)]
    # Both circles run counter-clockwise about their axes, so the cut leads back the other way.
    return Fill((outline(arc + [edge[k] for k in reversed(_run(seen))]),), tone)
