"""Outlines of chains of ellipsoids, seen by the camera. Source: docs/figure.md, "Silhouettes".

A projected ellipsoid is an ellipse ("oval") with the support point c + Q·u / sqrt(uᵀQu) in direction u. Between two
neighbours of a chain there are two directions in which both reach equally far: their common tangents. The outline
runs along the ovals from tangent to tangent. Balls give their tangents in closed form; ovals by sampling the
difference of reaches in 24 directions and refining the sign change.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import acos, atan2, ceil, cos, hypot, pi, sin, sqrt
from typing import Final, NamedTuple

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Points
from traycoach.figure.vector import Basis, Vec

_HALF: Final = 12
_STEP: Final = pi / _HALF
_TURN: Final = 2.0 * pi
_TABLE: Final = tuple(
    (cos(k * _STEP), sin(k * _STEP), cos(k * _STEP) ** 2, 2 * cos(k * _STEP) * sin(k * _STEP), sin(k * _STEP) ** 2)
    for k in range(_HALF)
)
_HULL_STEPS: Final = 60
_HULL_TABLE: Final = tuple((cos(k * _TURN / _HULL_STEPS), sin(k * _TURN / _HULL_STEPS)) for k in range(_HULL_STEPS))
_BEND: Final = 0.14
"""An inner oval that shows more than this arc (radians) gets its own arc points, else one."""


class Blob(NamedTuple):
    """An ellipsoid with half `axes` along `basis`; `basis` None is a ball of radius axes[0]."""

    center: Vec
    axes: Vec
    basis: Basis | None = None


def ball(center: Vec, radius: float) -> Blob:
    """A ball."""
    return Blob(center, (radius, radius, radius))


class Oval:
    """A projected ellipsoid: centre, the matrix [[a, b], [b, c]], radius if it is a circle (else 0)."""

    __slots__ = ("_reaches", "a", "b", "c", "r", "x", "y")

    def __init__(self, blob: Blob, camera: Camera) -> None:
        right, up = camera.right, camera.up
        px, py, pz = blob.center
        self.x = right[0] * px + right[1] * py + right[2] * pz
        self.y = up[0] * px + up[1] * py + up[2] * pz
        self._reaches: list[float] | None = None
        if blob.basis is None:
            self.r = blob.axes[0]
            self.a = self.c = self.r * self.r
            self.b = 0.0
            return
        self.r = 0.0
        a = b = c = 0.0
        for (vx, vy, vz), size in zip(blob.basis, blob.axes, strict=True):
            h = (right[0] * vx + right[1] * vy + right[2] * vz) * size
            v = (up[0] * vx + up[1] * vy + up[2] * vz) * size
            a += h * h
            b += h * v
            c += v * v
        self.a, self.b, self.c = a + 1e-9, b, c + 1e-9

    def reach(self, cosine: float, sine: float) -> float:
        """Half extent in a direction, from the centre."""
        return sqrt(self.a * cosine * cosine + 2.0 * self.b * cosine * sine + self.c * sine * sine)

    def reaches(self) -> list[float]:
        """`reach` in the 12 directions of half a turn; the other half is the same."""
        if self._reaches is None:
            a, b, c = self.a, self.b, self.c
            self._reaches = [sqrt(a * cc + b * cs + c * ss) for _, _, cc, cs, ss in _TABLE]
        return self._reaches

    def arc_step(self) -> float:
        """Angle between two points of an arc, fine enough for close-ups."""
        size = sqrt(max(self.a, self.c))
        return 0.42 if size < 1.2 else 0.27 if size < 3.0 else 0.19 if size < 6.0 else 0.13


class _Tangents(NamedTuple):
    """Directions (radians, counter-clockwise) in which the first oval gives way to the second, and back."""

    away: float
    home: float


def _tangents(p: Oval, q: Oval) -> _Tangents | bool:
    """The common tangents; True if `p` contains `q`, False if `q` contains `p`."""
    dx, dy = p.x - q.x, p.y - q.y
    if p.r and q.r:
        apart, larger = hypot(dx, dy), q.r - p.r
        if apart <= abs(larger):
            return larger <= 0.0
        middle, half = atan2(dy, dx), acos(larger / apart)
        return _Tangents(middle + half, middle - half)
    lead: list[float] = []
    tail: list[float] = []
    for (c, s, _, _, _), mine, yours in zip(_TABLE, p.reaches(), q.reaches(), strict=True):
        shift, grow = dx * c + dy * s, mine - yours
        lead.append(grow + shift)
        tail.append(grow - shift)
    lead += tail
    away = home = None
    before = lead[-1]
    for k, value in enumerate(lead):
        if before >= 0.0 > value:
            if away is None:
                away = _refined(p, q, k - 1, before, value)
        elif value >= 0.0 > before and home is None:
            home = _refined(p, q, k - 1, before, value)
        before = value
    if away is None or home is None:
        return before >= 0.0
    return _Tangents(away, home)


def _refined(p: Oval, q: Oval, k: int, before: float, after: float) -> float:
    """The zero of the difference of reaches between directions `k` and `k + 1`."""
    share = before / (before - after)
    angle = (k + share) * _STEP
    c, s = cos(angle), sin(angle)
    error = (p.x - q.x) * c + (p.y - q.y) * s + p.reach(c, s) - q.reach(c, s)
    if (error >= 0.0) == (before >= 0.0):
        low, high, left, right = share, 1.0, error, after
    else:
        low, high, left, right = 0.0, share, before, error
    return (k + low + (high - low) * left / (left - right)) * _STEP


class Chain:
    """A row of blobs and the outline around it."""

    __slots__ = ("_blobs", "_camera", "_convex", "_fine", "_kept", "_links", "_seen")

    def __init__(self, blobs: Iterable[Blob], camera: Camera, convex: bool = False, fine: float = 1.0) -> None:
        """`convex` takes the convex hull of all blobs instead of walking along the row (for rows that fold back).

        `fine` below 1 sets the points of arcs closer together, for close-ups.
        """
        self._fine = fine
        self._blobs = tuple(blobs)
        self._camera = camera
        self._seen: list[Oval] | None = None
        self._convex = convex
        self._kept: list[int] | None = None
        self._links: list[_Tangents] = []

    @property
    def _ovals(self) -> list[Oval]:
        """The blobs as they are seen. Whoever asks for the order of the parts only never needs them."""
        if self._seen is None:
            self._seen = [Oval(blob, self._camera) for blob in self._blobs]
        return self._seen

    def outline(self, start: int = 0, grow: float = 0.0, stop: int | None = None) -> Points[float]:
        """The outline, counter-clockwise, grown by `grow` cm; only of the blobs from `start` up to `stop`."""
        if self._convex:
            return self._hull(grow)
        kept, links = self._links_kept()
        first = next((i for i, index in enumerate(kept) if index >= start), len(kept) - 1)
        last = len(kept) if stop is None else max(first + 1, sum(index < stop for index in kept))
        seen = self._ovals
        ovals = [seen[index] for index in kept[first:last]]
        return _walk(ovals, links[first : last - 1], grow, self._fine)

    def _links_kept(self) -> tuple[list[int], list[_Tangents]]:
        """The blobs that are not inside a neighbour, and the tangents between them."""
        if self._kept is None:
            kept: list[int] = []
            links: list[_Tangents] = []
            ovals = self._ovals
            for index, oval in enumerate(ovals):
                while kept:
                    found = _tangents(ovals[kept[-1]], oval)
                    if isinstance(found, _Tangents):
                        links.append(found)
                        kept.append(index)
                        break
                    if found:
                        break
                    kept.pop()
                    if links:
                        links.pop()
                else:
                    kept.append(index)
            self._kept, self._links = kept, links
        return self._kept, self._links

    def _hull(self, grow: float) -> Points[float]:
        points: Points[float] = array("f")
        ovals = self._ovals
        for c, s in _HULL_TABLE:
            best = max(ovals, key=lambda oval: oval.x * c + oval.y * s + oval.reach(c, s))
            _put(points, best, c, s, grow)
        return points


def _put(points: Points[float], oval: Oval, c: float, s: float, grow: float) -> None:
    """Append the support point of `oval` in direction (c, s)."""
    if oval.r:
        far = oval.r + grow
        points.extend((oval.x + far * c, oval.y + far * s))
        return
    a, b, d = oval.a, oval.b, oval.c
    x, y = a * c + b * s, b * c + d * s
    reach = sqrt(x * c + y * s)
    points.extend((oval.x + x / reach + grow * c, oval.y + y / reach + grow * s))


def _arc(points: Points[float], oval: Oval, start: float, span: float, grow: float, fine: float) -> None:
    steps = max(1, ceil(span / (oval.arc_step() * fine)))
    for k in range(steps + 1):
        angle = start + span * k / steps
        _put(points, oval, cos(angle), sin(angle), grow)


def _bend(points: Points[float], oval: Oval, start: float, end: float, grow: float, fine: float) -> None:
    """The part of an inner oval between two tangents: an arc if it bulges, one point if it is nearly straight."""
    span = (end - start + pi) % _TURN - pi
    if span > _BEND:
        _arc(points, oval, start, span, grow, fine)
    else:
        middle = start + span / 2.0
        _put(points, oval, cos(middle), sin(middle), grow)


def _walk(ovals: Sequence[Oval], links: Sequence[_Tangents], grow: float, fine: float) -> Points[float]:
    points: Points[float] = array("f")
    if not links:
        _arc(points, ovals[0], 0.0, _TURN * (1.0 - 1.0 / 48), grow, fine)
        return points
    first, last = links[0], links[-1]
    _arc(points, ovals[0], first.home, (first.away - first.home) % _TURN, grow, fine)
    for oval, (before, after) in zip(ovals[1:-1], pairwise(links), strict=True):
        _bend(points, oval, before.away, after.away, grow, fine)
    _arc(points, ovals[-1], last.away, (last.home - last.away) % _TURN, grow, fine)
    for i in range(len(ovals) - 2, 0, -1):
        _bend(points, ovals[i], links[i].home, links[i - 1].home, grow, fine)
    return points
