"""What props are built of: hulls, tubes, boxes and wheels as fills, and where they stand in the order of painting."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, pi, sin, sqrt

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Fill, Points, Shadow, Tone
from traycoach.figure.outline import Blob, Chain, ball
from traycoach.figure.vector import WORLD, Vec

_WHEEL_POINTS = 48


@dataclass(slots=True)
class Placed:
    """A prop's fills: behind the figure, between its legs and its arms (`near`), and in front of it."""

    back: list[Fill] = field(default_factory=list)
    near: list[Fill] = field(default_factory=list)
    front: list[Fill] = field(default_factory=list)
    shadows: list[Shadow] = field(default_factory=list)


def flatness(camera: Camera) -> float:
    """Height of a circle on the ground, as a share of its width."""
    return max(0.13, sqrt(max(0.0, 1.0 - camera.up[1] ** 2)))


def shadow_under(camera: Camera, spot: Vec, width: float, alpha: float) -> Shadow:
    """A soft shadow of half `width` on the ground."""
    x, y = camera.project(spot)
    return Shadow(x, y, width, width * flatness(camera), alpha)


def hull(camera: Camera, blobs: Iterable[Blob], role: str) -> Fill:
    """Convex hull of all blobs."""
    return Fill((Chain(blobs, camera, convex=True).outline(),), Tone(role))


def tube(camera: Camera, start: Vec, end: Vec, radius: float, role: str, end_radius: float | None = None) -> Fill:
    """A round bar."""
    chain = Chain((ball(start, radius), ball(end, radius if end_radius is None else end_radius)), camera)
    return Fill((chain.outline(),), Tone(role))


def box(camera: Camera, low: Vec, high: Vec, radius: float, role: str, top: str | None = None) -> list[Fill]:
    """A box with rounded edges and, if wanted, a top in a tone of its own."""
    xs, ys, zs = ((a + radius, b - radius) for a, b in zip(low, high, strict=True))
    fills = [hull(camera, [ball((x, y, z), radius) for x in xs for y in ys for z in zs], role)]
    if top:
        lid = [Blob((x, high[1] - 0.2, z), (radius, 0.1, radius), WORLD) for x in xs for z in zs]
        fills.append(hull(camera, lid, top))
    return fills


def wheel(camera: Camera, hub: Vec, radius: float, thick: float, role: str) -> Fill:
    """An upright ring across the z axis, `thick` from its outer to its inner edge."""

    def ring(far: float) -> Points[float]:
        points: Points[float] = array("f")
        for k in range(_WHEEL_POINTS):
            angle = 2.0 * pi * k / _WHEEL_POINTS
            points.extend(camera.project((hub[0] + far * cos(angle), hub[1] + far * sin(angle), hub[2])))
        return points

    return Fill((ring(radius), ring(radius - thick)), Tone(role), hollow=True)


def rectangle(left: float, bottom: float, right: float, top: float) -> Points[float]:
    """An upright rectangle of the picture."""
    return array("f", (left, bottom, right, bottom, right, top, left, top))
