"""Skull, hair, ears and face. Source: docs/figure.md, "Parts and order", rule 6."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Final

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Curve, Fill, Points, Tone
from traycoach.figure.outline import Blob
from traycoach.figure.profile import resample
from traycoach.figure.skeleton import HEAD_MIDDLE, Body
from traycoach.figure.vector import Basis, Vec, add, at, cross, dot, mix, place, scale, step, unit

SIZE: Final = 1.1
"""The head is slightly large on purpose: friendlier, and readable at 64 px."""

SKULL: Final[Vec] = (9.2 * SIZE, 9.5 * SIZE, 7.7 * SIZE)
EYE: Final[Vec] = (9.6, 0.2, 0.0)
"""Where the line of sight begins, in head measures from the skull's middle."""

_SHAPE = tuple[float, float, float, float, float, float]
# Middle (x, y, z) and half axes, in head measures.
_FACE: Final[tuple[tuple[_SHAPE, ...], ...]] = (
    ((0, 0, 0, 9.2, 9.5, 7.7),),
    ((1.4, -2.6, 0, 7.7, 6.8, 6.7), (5.0, -8.4, 0, 3.3, 2.6, 3.3)),
    ((-1.0, -4, 0, 6, 5, 6.3), (5.0, -8.4, 0, 3.3, 2.6, 3.3)),
)
_NOSE: Final[tuple[tuple[_SHAPE, ...], ...]] = (
    ((8.2, 1.6, 0, 0.9, 0.9, 0.9), (9.0, -0.6, 0, 0.95, 0.95, 0.95), (9.75, -2.5, 0, 1.2, 1.2, 1.2)),
    ((9.75, -2.5, 0, 1.2, 1.2, 1.2), (8.0, -3.0, 0, 1.3, 1.3, 1.3)),
    ((7.6, -5.4, 0, 1.15, 1.15, 1.15), (7.0, -6.4, 0, 1.2, 1.2, 1.2)),
)
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
_FRINGE: Final[tuple[_SHAPE, ...]] = ((4.2, 7.3, 0, 3.2, 2.0, 4.6), (6.2, 6.5, 0.6, 2.0, 1.9, 4.3))
_BUN: Final[_SHAPE] = (-9.6, 5.2, 0, 3.9, 3.9, 3.9)

_CAP_GROW: Final = 1.035
_CAP_NORMAL: Final = unit((0.8, -0.6, 0.0))
_CAP_CUT: Final = 0.22
"""The hair cap is the skull ellipsoid cut by one plane from the forehead to the nape."""

_THIN: Final = 0.98
_FADE: Final = 0.3
"""Towards its edge the cap thins from `_CAP_GROW` to `_THIN`, so that it never stands off the temples."""

_CIRCLE: Final = 84


def middle(body: Body) -> Vec:
    """Middle of the skull in the world."""
    return at(body.points["neck_top"], body.frames["head"], *HEAD_MIDDLE)


def eye_point(body: Body) -> Vec:
    """Where the line of sight begins."""
    return at(middle(body), body.frames["head"], *scale(EYE, SIZE))


def _blob(centre: Vec, basis: Basis, shape: Sequence[float]) -> Blob:
    x, y, z, a, b, c = shape
    return Blob(at(centre, basis, x * SIZE, y * SIZE, z * SIZE), (a * SIZE, b * SIZE, c * SIZE), basis)


def _chains(body: Body, shapes: tuple[tuple[_SHAPE, ...], ...]) -> list[list[Blob]]:
    centre, basis = middle(body), body.frames["head"]
    return [[_blob(centre, basis, shape) for shape in row] for row in shapes]


def face(body: Body) -> list[list[Blob]]:
    """Chains of the skin; the first is the skull itself, the others jaw and nose."""
    return _chains(body, _FACE + _NOSE)


def volume(body: Body) -> list[Blob]:
    """The hair behind the skull, to be drawn as one hull."""
    centre, basis = middle(body), body.frames["head"]
    return [_blob(centre, basis, shape) for shape in _VOLUME]


def fringe(body: Body) -> list[Blob]:
    """Hair over the forehead, to be drawn as one hull."""
    return _chains(body, (_FRINGE,))[0]


def bun(body: Body) -> list[Blob]:
    """A knot of hair at the back."""
    return _chains(body, ((_BUN,),))[0]


def ear(body: Body, out: float) -> list[Blob]:
    """An ear; `out` is +1 for the right one."""
    shapes = ((-1.2, -0.8, out * 7.9, 1.7, 2.0, 0.8), (-0.8, -3.2, out * 7.25, 1.4, 1.7, 1.0))
    return _chains(body, (shapes,))[0]


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


def cap(body: Body, camera: Camera) -> Fill:
    """The hair cap as the camera sees it."""
    basis = body.frames["head"]
    centre = at(middle(body), basis, -0.5, 0.5, 0.0)
    axes = SKULL
    sight = unit((dot(basis[0], camera.toward) / axes[0], dot(basis[1], camera.toward) / axes[1],
                  dot(basis[2], camera.toward) / axes[2]))  # fmt: skip
    across = unit(cross(sight, (0.13, 0.91, 0.37)))
    rim = _circle(across, cross(sight, across), _CIRCLE)
    hairy = [dot(point, _CAP_NORMAL) < _CAP_CUT for point in rim]
    over = unit(cross(_CAP_NORMAL, (0.21, 0.13, 0.95)))
    radius = sqrt(1.0 - _CAP_CUT * _CAP_CUT)
    edge = [
        step(scale(_CAP_NORMAL, _CAP_CUT), point, radius) for point in _circle(over, cross(_CAP_NORMAL, over), _CIRCLE)
    ]
    seen = [dot(point, sight) > 0.0 for point in edge]

    def outline(points: Sequence[Vec]) -> Points[float]:
        flat: Points[float] = array("f")
        for point in points:
            inside = min(1.0, max(0.0, (_CAP_CUT - dot(point, _CAP_NORMAL)) / _FADE))
            x, y, z = scale(point, _THIN + (_CAP_GROW - _THIN) * inside)
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
    line = [edge[k] for k in reversed(_run(seen))]
    return Fill((outline(arc + line),), tone)


def features(body: Body, camera: Camera) -> list[Fill | Curve]:
    """Eyes, brows and mouth, as far as they face the camera."""
    marks: list[Fill | Curve] = []
    for out in (1.0, -1.0):
        marks += _eye(body, camera, out)
    return marks + _mouth(body, camera)


def _flat(camera: Camera, points: Sequence[Vec]) -> Points[float]:
    flat: Points[float] = array("f")
    for point in points:
        flat.extend(camera.project(point))
    return flat


def _eye(body: Body, camera: Camera, out: float) -> list[Fill | Curve]:
    basis, c = body.frames["head"], body.channels
    if dot(camera.toward, place(basis, unit((0.9, 0.05, 0.36 * out)))) < 0.12:
        return []
    origin = at(middle(body), basis, 8.0 * SIZE, 0.2 * SIZE, 3.5 * out * SIZE)
    across = place(basis, unit((-0.36 * out, 0.0, 0.93)))
    # Seen from the side an eye keeps some of its height's look: it narrows, but not to a slit.
    flat = min(1.0, max(0.3, abs(dot(camera.right, across)) / 0.93))
    tall = 0.62 + 0.38 * flat

    def spot(a: float, b: float) -> Vec:
        return step(step(origin, across, a), basis[1], b * tall)

    def curve(points: Sequence[tuple[float, float]], width: float, tone: Tone) -> Curve:
        return Curve(_flat(camera, [spot(a, b) for a, b in points]), width, tone)

    ink, shut = Tone("eye"), c["eyes.shut"]
    brow = curve(((-1.8, 2.55), (0.0, 3.35), (1.8, 2.6)), 0.6, Tone("hair"))
    if shut > 0.85:
        return [curve(((-1.55, 0.1), (0.0, -0.9), (1.55, 0.1)), 0.46, ink), brow]
    x, y = c["eyes.x"] / 30.0 * 0.6, c["eyes.y"] / 30.0 * 0.55
    iris = [spot(x + 0.92 * cos(k * pi / 12), y + 1.0856 * (1.0 - 0.92 * shut) * sin(k * pi / 12)) for k in range(24)]
    lid = curve(((-1.4725, 0.35), (0.0, 1.9 * (1.0 - shut)), (1.6275, 0.45)), 0.34, ink)
    return [Fill((_flat(camera, iris),), ink), lid, brow]


def _mouth(body: Body, camera: Camera) -> list[Fill | Curve]:
    basis = body.frames["head"]
    if dot(camera.toward, basis[0]) <= -0.15:
        return []
    centre = middle(body)
    left, right = (at(centre, basis, 7.4 * SIZE, -5.5 * SIZE, z * SIZE) for z in (-2.0, 2.0))
    low = at(centre, basis, 8.3 * SIZE, -5.9 * SIZE, 0.0)
    control = step(scale(low, 1.9), mix(left, right, 0.5), -0.9)
    return [Curve(_flat(camera, (left, control, right)), 0.5, Tone("skin_far"))]
