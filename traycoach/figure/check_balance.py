"""Check 5: a figure is held by something, and a standing one keeps its centre of mass over its feet and hands.

Segment masses and their centres: D. A. Winter, Biomechanics and Motor Control of Human Movement, table 4.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from typing import Final

from traycoach.figure import check_limits as limits
from traycoach.figure.channels import SIDES
from traycoach.figure.check_finding import Finding
from traycoach.figure.check_motion import Moments, moment_finding
from traycoach.figure.check_track import Moment
from traycoach.figure.clip import Clip
from traycoach.figure.props import SURFACES, ground
from traycoach.figure.shape_head import middle
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import ORIGIN, Vec, add, at, mix, scale
from traycoach.text import _

_LIMB_MASSES: Final = (
    ("shoulder", "elbow", 0.436, 0.028),
    ("elbow", "wrist", 0.43, 0.022),
    ("hip", "knee", 0.433, 0.100),
    ("knee", "ankle", 0.433, 0.0465),
)
_HEAD_MASS: Final = 0.081
_TRUNK_MASS: Final = 0.497
_FOOT_MASS: Final = 0.0145
_SOLE_HALF: Final = 4.0
_LOW: Final = ("floor", "mat")

Spot = tuple[float, float]


def support(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 5 in every pose: held by something; standing still, in balance."""
    for moment in moments[1:]:
        if not moment.arrived:
            continue
        floats = _afloat(clip, moment)
        if floats > 0.0:
            message = _("the figure touches nothing: it needs an anchor on a surface")
            yield moment_finding(5, moment, floats, limits.AFLOAT, message)
        elif moment.held and _stands(moment):
            off = outside(centre_of_mass(moment.body), _support(moment))
            if off > limits.BALANCE:
                message = _("the figure would fall: its weight is beside its feet and hands")
                yield moment_finding(5, moment, off, limits.BALANCE, message)


def _afloat(clip: Clip, moment: Moment) -> float:
    """How far (cm) a figure hangs in the air; 0 if something holds it. Close-ups show no ground."""
    if clip.setting.frame is not None:
        return 0.0
    above = moment.lowest - ground(clip.setting.props)
    anchors = [anchor for anchor, _weight in moment.stance.anchors]
    if anchors and (above <= limits.AFLOAT or any(anchor.on not in _LOW for anchor in anchors)):
        return 0.0
    return max(above, 0.1)


def _stands(moment: Moment) -> bool:
    return any(anchor.over for anchor, _weight in moment.stance.anchors)


def centre_of_mass(body: Body) -> Spot:
    """Where the weight is, seen from above (x, z)."""
    points = body.points
    total = add(scale(middle(body), _HEAD_MASS), scale(mix(points["pelvis"], points["neck_base"], 0.5), _TRUNK_MASS))
    weight = _HEAD_MASS + _TRUNK_MASS
    for side in SIDES:
        for start, end, share, mass in _LIMB_MASSES:
            total = add(total, scale(mix(points[f"{start}_{side}"], points[f"{end}_{side}"], share), mass))
            weight += mass
        total = add(total, scale(at(points[f"ankle_{side}"], body.frames[f"foot_{side}"], 5, -4, 0), _FOOT_MASS))
        weight += _FOOT_MASS
    x, _y, z = scale(total, 1.0 / weight)
    return x, z


def _support(moment: Moment) -> list[Spot]:
    """Points of the ground plan that carry the figure: soles and pinned hands."""
    body, spots = moment.body, []
    for limb, held in moment.stance.pins.items():
        for pin, _weight in held:
            if pin.on not in SURFACES or (pin.y > limits.AFLOAT and pin.on in _LOW):
                continue
            if limb.startswith("arm"):
                spots.append(body.point(f"hand_{pin.side}"))
                continue
            names = ("ball", "toe") if pin.heel_up else ("heel",) if pin.toe_up else ("heel", "ball", "toe")
            for name in names:
                point = body.point(f"{name}_{pin.side}")
                spots += [_aside(point, out) for out in (-_SOLE_HALF, _SOLE_HALF)]
    return [(x, z) for x, _y, z in spots]


def _aside(point: Vec, by: float) -> Vec:
    return add(point, (ORIGIN[0], ORIGIN[1], by))


def outside(spot: Spot, spots: list[Spot]) -> float:
    """How far (cm) a point lies outside the convex hull of others; 0 inside."""
    hull = _hull(spots)
    if len(hull) < 3:
        return min((_to_line(spot, a, b) for a in hull for b in hull), default=1000.0)
    edges = list(zip(hull, hull[1:] + hull[:1], strict=True))
    if all((bx - ax) * (spot[1] - ay) - (by - ay) * (spot[0] - ax) >= 0.0 for (ax, ay), (bx, by) in edges):
        return 0.0
    return min(_to_line(spot, a, b) for a, b in edges)


def _to_line(spot: Spot, a: Spot, b: Spot) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = ((spot[0] - a[0]) * dx + (spot[1] - a[1]) * dy) / max(dx * dx + dy * dy, 1e-9)
    share = min(1.0, max(0.0, share))
    return hypot(spot[0] - a[0] - dx * share, spot[1] - a[1] - dy * share)


def _hull(spots: list[Spot]) -> list[Spot]:
    """Convex hull, counter-clockwise (Andrew's monotone chain)."""
    rows = sorted(set(spots))
    if len(rows) < 3:
        return rows

    def half(row: list[Spot]) -> list[Spot]:
        line: list[Spot] = []
        for spot in row:
            while len(line) > 1 and _turn(line[-2], line[-1], spot) <= 0.0:
                line.pop()
            line.append(spot)
        return line[:-1]

    return half(rows) + half(rows[::-1])


def _turn(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
