"""Arrows and lines of sight over the figure. Source: docs/figure.md, "Arrows and gaze"."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from traycoach.figure.camera import Camera
from traycoach.figure.clip import ArrowMark, Clip, GazeMark
from traycoach.figure.drawing import Arrow, Gaze, Mark, Points
from traycoach.figure.shape_head import eye_point
from traycoach.figure.skeleton import Body

_SAMPLES = 28
_TAIL = 0.28
"""Width of the arrow's tail as a share of the width at its head."""

Spot = tuple[float, float]


def marks(clip: Clip, body: Body, camera: Camera) -> tuple[Mark, ...]:
    """All arrows and gazes of a clip, for this body; a painter shows those of the running move."""
    arrows = [_arrow(mark, body, camera) for mark in clip.arrows]
    return (*arrows, *(_gaze(mark, body, camera) for mark in clip.gazes))


def _gaze(mark: GazeMark, body: Body, camera: Camera) -> Gaze:
    (x, y), (to_x, to_y) = camera.project(eye_point(body)), camera.project(mark.to)
    return Gaze(x, y, to_x, to_y, mark.spread, mark.moves)


def arrow_curve(mark: ArrowMark, body: Body, camera: Camera) -> list[Spot]:
    """The middle line of an arrow in the picture, from its tail to its tip."""
    world = mark.path if mark.on is None else tuple(body.on(mark.on, 0.5, point) for point in mark.path)
    start, bow, end = (camera.project(point) for point in world)
    curve = []
    for k in range(_SAMPLES):
        t = k / (_SAMPLES - 1)
        p, q, r = (1 - t) ** 2, 2 * t * (1 - t), t * t
        curve.append((p * start[0] + q * bow[0] + r * end[0], p * start[1] + q * bow[1] + r * end[1]))
    return curve


def _arrow(mark: ArrowMark, body: Body, camera: Camera) -> Arrow:
    return Arrow(_stem_and_head(arrow_curve(mark, body, camera), mark.w), 0.9 * mark.w, mark.moves)


def _stem_and_head(curve: Sequence[Spot], width: float) -> tuple[Points[float], ...]:
    """A tapered stem (28 % to 100 % of `width`) and a solid head, along a sampled curve."""
    lengths = [0.0]
    for (ax, ay), (bx, by) in pairwise(curve):
        lengths.append(lengths[-1] + hypot(bx - ax, by - ay))
    total, head = lengths[-1], 3.7 * width / 1.5

    def spot(far: float) -> Spot:
        far = min(max(far, 0.0), total)
        i = next(k for k in range(1, len(lengths)) if far <= lengths[k] or k == len(lengths) - 1)
        share = (far - lengths[i - 1]) / (lengths[i] - lengths[i - 1] or 1.0)
        (ax, ay), (bx, by) = curve[i - 1], curve[i]
        return ax + (bx - ax) * share, ay + (by - ay) * share

    stop = max(0.1, total - head * 0.75)
    left: list[Spot] = []
    right: list[Spot] = []
    for k in range(_SAMPLES):
        share = k / (_SAMPLES - 1)
        x, y = spot(stop * share)
        dx, dy = _direction(spot(stop * share - 0.2), spot(stop * share + 0.2))
        half = width * 0.5 * (_TAIL + (1.0 - _TAIL) * share)
        left.append((x - dy * half, y + dx * half))
        right.append((x + dy * half, y - dx * half))
    tip = spot(total)
    dx, dy = _direction(spot(total - head), tip)
    bx, by, wide = tip[0] - dx * head, tip[1] - dy * head, head * 0.62
    barbs = [
        (bx - dy * wide, by + dx * wide),
        tip,
        (bx + dy * wide, by - dx * wide),
        (bx + dx * head * 0.22, by + dy * head * 0.22),
    ]
    return _points([*left, *reversed(right)]), _points(barbs)


def _direction(start: Spot, end: Spot) -> Spot:
    dx, dy = end[0] - start[0], end[1] - start[1]
    size = hypot(dx, dy) or 1.0
    return dx / size, dy / size


def _points(spots: Sequence[Spot]) -> Points[float]:
    flat: Points[float] = array("f")
    for x, y in spots:
        flat.extend((x, y))
    return flat
