"""Skull, ears and face. Source: docs/figure.md, "Parts and order", rule 6."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import cos, pi, radians, sin
from typing import Final

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Curve, Fill, Points, Tone
from traycoach.figure.outline import Blob
from traycoach.figure.skeleton import HEAD_MIDDLE, Body
from traycoach.figure.vector import Basis, Vec, at, dot, mix, place, scale, step, unit

SIZE: Final = 1.1
"""The head is slightly large on purpose: friendlier, and readable at 64 px."""

SKULL: Final[Vec] = (9.2 * SIZE, 9.5 * SIZE, 7.7 * SIZE)
EYE: Final[Vec] = (9.6, 0.2, 0.0)
"""Where the line of sight begins, in head measures from the skull's middle."""

SHAPE = tuple[float, float, float, float, float, float]
# Middle (x, y, z) and half axes, in head measures; the chin and the lower lip with the jaw closed.
_CHIN: Final[SHAPE] = (5.0, -8.4, 0, 3.3, 2.6, 3.3)
_LOWER_LIP: Final[SHAPE] = (7.0, -6.4, 0, 1.2, 1.2, 1.2)
_UPPER_LIP: Final[SHAPE] = (7.6, -5.4, 0, 1.15, 1.15, 1.15)
_NOSE: Final[tuple[tuple[SHAPE, ...], ...]] = (
    ((8.2, 1.6, 0, 0.9, 0.9, 0.9), (9.0, -0.6, 0, 0.95, 0.95, 0.95), (9.75, -2.5, 0, 1.2, 1.2, 1.2)),
    ((9.75, -2.5, 0, 1.2, 1.2, 1.2), (8.0, -3.0, 0, 1.3, 1.3, 1.3)),
)
_CREASED: Final = 0.5
"""Share of a squeeze from which on it shows beside the eyes."""
_CORNER: Final = (7.4, -5.5)
_LIPS: Final = (8.3, -5.9)
"""A corner of the mouth, and the middle of the closed lips."""
_PARTED: Final = 1.0
"""Degrees from which on the lips are drawn apart."""
_HINGE: Final = (-0.6, -2.6)
"""Where the jaw turns, before the ear: x and y in head measures."""


def middle(body: Body) -> Vec:
    """Middle of the skull in the world."""
    return at(body.points["neck_top"], body.frames["head"], *HEAD_MIDDLE)


def eye_point(body: Body) -> Vec:
    """Where the line of sight begins."""
    return at(middle(body), body.frames["head"], *scale(EYE, SIZE))


def blob(centre: Vec, basis: Basis, shape: Sequence[float]) -> Blob:
    """An ellipsoid given in head measures."""
    x, y, z, a, b, c = shape
    return Blob(at(centre, basis, x * SIZE, y * SIZE, z * SIZE), (a * SIZE, b * SIZE, c * SIZE), basis)


def chains(body: Body, shapes: tuple[tuple[SHAPE, ...], ...]) -> list[list[Blob]]:
    """Rows of ellipsoids given in head measures."""
    centre, basis = middle(body), body.frames["head"]
    return [[blob(centre, basis, shape) for shape in row] for row in shapes]


def dropped(body: Body, x: float, y: float) -> tuple[float, float]:
    """Where a point of the lower jaw, given in head measures with the jaw closed, is now."""
    angle = radians(body.channels["jaw.open"])
    along, up = x - _HINGE[0], y - _HINGE[1]
    return (
        _HINGE[0] + along * cos(angle) + up * sin(angle),
        _HINGE[1] + up * cos(angle) - along * sin(angle),
    )


def on_jaw(body: Body, shape: SHAPE) -> SHAPE:
    """An ellipsoid that goes with the lower jaw."""
    return (*dropped(body, shape[0], shape[1]), *shape[2:])


def face(body: Body) -> list[list[Blob]]:
    """Chains of the skin; the first is the skull itself, the others jaw, nose and lips."""
    chin, lip = on_jaw(body, _CHIN), on_jaw(body, _LOWER_LIP)
    jaw: tuple[tuple[SHAPE, ...], ...] = (
        ((0, 0, 0, 9.2, 9.5, 7.7),),
        ((1.4, -2.6, 0, 7.7, 6.8, 6.7), chin),
        ((-1.0, -4, 0, 6, 5, 6.3), chin),
    )
    return chains(body, (*jaw, *_NOSE, (_UPPER_LIP, lip)))


def ear(body: Body, out: float) -> list[Blob]:
    """An ear; `out` is +1 for the right one."""
    shapes = ((-1.2, -0.8, out * 7.9, 1.7, 2.0, 0.8), (-0.8, -3.2, out * 7.25, 1.4, 1.7, 1.0))
    return chains(body, (shapes,))[0]


def features(body: Body, camera: Camera, brow: Tone) -> list[Fill | Curve]:
    """Eyes, brows (in the tone `brow`) and mouth, as far as they face the camera."""
    marks: list[Fill | Curve] = []
    for out in (1.0, -1.0):
        marks += _eye(body, camera, out, brow)
    return marks + _mouth(body, camera)


def _flat(camera: Camera, points: Sequence[Vec]) -> Points[float]:
    flat: Points[float] = array("f")
    for point in points:
        flat.extend(camera.project(point))
    return flat


def _eye(body: Body, camera: Camera, out: float, hair: Tone) -> list[Fill | Curve]:
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

    ink, shut, squeeze = Tone("eye"), c["eyes.shut"], c["eyes.squeeze"]
    # Squeezed lids draw the brow down, most beside the nose, and the skin beside the eye into lines.
    left, right = (squeeze * (1.3 if side == out else 0.7) for side in (1.0, -1.0))
    brow = curve(((-1.8, 2.55 - left), (0.0, 3.35 - 1.2 * squeeze), (1.8, 2.6 - right)), 0.6, hair)
    if squeeze > _CREASED:
        lid = curve(((-1.65, -0.1), (0.0, 0.2), (1.65, -0.1)), 0.6, ink)
        lines = [
            curve(((2.2 * out, 0.0), (2.6 * out, 0.3 * up), (3.1 * out, up)), 0.34, Tone("skin_far"))
            for up in (0.7, -0.7)
        ]
        return [lid, *lines, brow]
    if shut > 0.85:
        return [curve(((-1.55, 0.1), (0.0, -0.9), (1.55, 0.1)), 0.46, ink), brow]
    x, y = c["eyes.x"] / 30.0 * 0.6, c["eyes.y"] / 30.0 * 0.55
    iris = [spot(x + 0.92 * cos(k * pi / 12), y + 1.0856 * (1.0 - 0.92 * shut) * sin(k * pi / 12)) for k in range(24)]
    lid = curve(((-1.4725, 0.35), (0.0, 1.9 * (1.0 - shut)), (1.6275, 0.45)), 0.34, ink)
    return [Fill((_flat(camera, iris),), ink), lid, brow]


def _mouth(body: Body, camera: Camera) -> list[Fill | Curve]:
    """The line of the lips; with the jaw dropped two lines, and what is dark between them."""
    basis = body.frames["head"]
    if dot(camera.toward, basis[0]) <= -0.15:
        return []
    centre = middle(body)

    def spot(x: float, y: float, z: float) -> Vec:
        return at(centre, basis, x * SIZE, y * SIZE, z * SIZE)

    # The corners follow the jaw half way, as lips do.
    fall = dropped(body, *_CORNER)
    corner = ((_CORNER[0] + fall[0]) / 2.0, (_CORNER[1] + fall[1]) / 2.0)
    left, right = (spot(*corner, z) for z in (-2.0, 2.0))

    def lip(x: float, y: float) -> Points[float]:
        control = step(scale(spot(x, y, 0.0), 1.9), mix(left, right, 0.5), -0.9)
        return _flat(camera, (left, control, right))

    line = Tone("skin_far")
    lower = Curve(lip(*dropped(body, *_LIPS)), 0.5, line)
    if body.channels["jaw.open"] < _PARTED:
        return [lower]
    upper = Curve(lip(*_LIPS), 0.5, line)
    gap = _along(upper.points) + _along(lower.points, back=True)
    return [Fill((gap,), Tone("skin_far", "eye", 0.75)), upper, lower]


def _along(curve: Points[float], *, back: bool = False) -> Points[float]:
    """Points along a quadratic curve of the picture, from its start or from its end."""
    ax, ay, bx, by, cx, cy = curve
    flat: Points[float] = array("f")
    for k in range(9):
        t = 1.0 - k / 8.0 if back else k / 8.0
        a, b, c = (1.0 - t) ** 2, 2.0 * t * (1.0 - t), t * t
        flat.extend((a * ax + b * bx + c * cx, a * ay + b * by + c * cy))
    return flat
