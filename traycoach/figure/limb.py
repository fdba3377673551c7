"""Two bones between a fixed root and a wanted end, and the direction their middle joint points to."""

from __future__ import annotations

from math import atan2, cos, degrees, radians, sin, sqrt
from typing import Final, NamedTuple

from traycoach.figure.vector import Vec, about, add, cross, dot, length, scale, step, sub, unit, without

_OPPOSITE: Final = 135.0


class Bent(NamedTuple):
    """Where the middle joint and the end came to lie; `pole` is the direction the middle joint points to."""

    middle: Vec
    end: Vec
    pole: Vec
    missing: float
    """Distance (cm) between the end and the target; 0.0 when reached."""


def bend(root: Vec, target: Vec, upper: float, lower: float, pole: Vec) -> Bent:
    """Two-bone inverse kinematics: bones `upper` and `lower` long, the middle joint on the side of `pole`."""
    way = sub(target, root)
    far = length(way)
    # Never dead straight nor folded flat: both would leave the middle joint without a direction.
    span = min(max(far, abs(upper - lower) + 0.5), (upper + lower) * 0.9995)
    axis = unit(way)
    share = (upper * upper + span * span - lower * lower) / (2.0 * upper * span)
    side = unit(without(pole, axis))
    middle = step(step(root, axis, upper * share), side, upper * sqrt(max(0.0, 1.0 - share * share)))
    return Bent(middle, step(root, axis, span), side, abs(far - span))


def swivelled(rest: Vec, outward: Vec, axis: Vec, swivel: float) -> Vec:
    """Direction of the middle joint: `rest` turned towards `outward` by `swivel` degrees, both seen along `axis`.

    Mixing two trunk directions instead of turning about the limb keeps the meaning overhead and behind the body.
    """
    inward = unit(without(rest, axis))
    aside = unit(without(outward, axis))
    return add(scale(inward, cos(radians(swivel))), scale(aside, sin(radians(swivel))))


def blended_pole(free: Vec, held: Vec, weight: float, axis: Vec, outward: Vec) -> Vec:
    """The pole of a limb that is held by `weight` (0…1): `free` turned towards `held` about the limb's `axis`.

    Mixing the two would flip the middle joint where they are opposite; then the turn goes by way of `outward`.
    """
    start, end = unit(without(free, axis)), unit(without(held, axis))
    angle = degrees(atan2(dot(cross(start, end), axis), dot(start, end)))
    if abs(angle) > _OPPOSITE:
        aside = dot(cross(start, outward), axis)
        angle += 360.0 if angle < 0.0 < aside else -360.0 if aside < 0.0 < angle else 0.0
    return about(start, axis, angle * weight)
