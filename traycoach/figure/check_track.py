"""A clip sampled for its checks: every body of one loop, what it consists of, where it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil, sqrt
from typing import Final

from traycoach.figure.channels import SIDES, Side
from traycoach.figure.check_limits import SAMPLES_PER_SECOND
from traycoach.figure.clip import Clip
from traycoach.figure.motion import Move
from traycoach.figure.outline import Blob
from traycoach.figure.pin_leg import target
from traycoach.figure.pose import Pin, Stance
from traycoach.figure.props import Scene
from traycoach.figure.shape_hand import hand
from traycoach.figure.shape_head import face
from traycoach.figure.shape_limb import FOREARM, SHANK_LEG, SLEEVE, THIGH_LEG, UPPER_ARM, Link, limb, shoe
from traycoach.figure.shape_trunk import pelvis, shirt
from traycoach.figure.skeleton import HAND_POINTS, Body, sign
from traycoach.figure.solver import solve
from traycoach.figure.vector import Basis, Vec, at, distance

_BONES = (
    (THIGH_LEG, "hip", "knee", "thigh"),
    (SHANK_LEG, "knee", "ankle", "shank"),
    (UPPER_ARM, "shoulder", "elbow", "upper"),
    (SLEEVE, "shoulder", "elbow", "upper"),
    (FOREARM, "elbow", "wrist", "fore"),
)


FLESH: Final = 30.0
"""No flesh of a piece is farther from the nearest of its joints, cm: a foot and a hand with straight fingers are 25."""

Draw = Callable[[], Iterable[Iterable[Blob]]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One sample: `arrived` in the pose `move.to`, or on the way to it; `step_s` since the sample before.

    `lowest` is the height of the lowest point of the flesh, cm.
    """

    time_s: float
    step_s: float
    move: Move
    arrived: bool
    stance: Stance
    body: Body
    lowest: float

    @property
    def held(self) -> bool:
        """Whether the figure stays here for a while."""
        return self.arrived and self.move.hold > 0.0


def track(clip: Clip) -> tuple[Moment, ...]:
    """One loop at 30 samples a second, beginning and ending in its first pose; a hold is one sample."""
    timeline, scene = clip.timeline, clip.setting.props
    first = timeline.frame(0.0)
    body = solve(first, scene)
    moments = [Moment(0.0, 0.0, clip.moves[-1], True, first, body, lowest(body))]
    for span in timeline.spans:
        steps = max(1, ceil(span.move.time * SAMPLES_PER_SECOND - 1e-6))
        step = span.move.time / steps
        for k in range(1, steps + 1):
            # The arrival is asked for a hair late: the pose itself, not the last of the way.
            t = span.start + step * k
            arrived = k == steps
            stance = Stance.of(clip.poses[span.move.to]) if arrived else timeline.frame(t)
            body = solve(stance, scene)
            moments.append(Moment(t, step, span.move, arrived, stance, body, lowest(body)))
    return tuple(moments)


def ends(body: Body) -> dict[str, Vec]:
    """Hands, feet and head."""
    points = {f"{name}_{side}": body.points[f"{joint}_{side}"] for name, joint in _ENDS for side in SIDES}
    return {**points, "head": body.points["neck_top"]}


_ENDS = (("hand", "wrist"), ("foot", "ankle"))


def flesh(body: Body) -> Iterator[tuple[list[Vec], Draw]]:
    """Trunk, head, limbs, hands and shoes: the joints of a piece, and what gives its rows of ellipsoids."""
    points, frames = body.points, body.frames
    trunk = [point for point, _frame in body.spine]
    yield [*trunk, points["hip_r"], points["hip_l"]], partial(pelvis, body, SIDES)
    yield [*trunk, points["shoulder_r"], points["shoulder_l"]], partial(shirt, body)
    yield [points["neck_top"]], partial(face, body)
    for side in SIDES:
        for links, start, end, frame in _BONES:
            root, tip = points[f"{start}_{side}"], points[f"{end}_{side}"]
            yield [root, tip], partial(_limb, links, root, tip, frames[f"{frame}_{side}"])
        yield [points[f"ankle_{side}"]], partial(_shoe, body, side)
        yield [points[f"wrist_{side}"]], partial(hand, body, side, True)


def _limb(links: tuple[Link, ...], start: Vec, end: Vec, basis: Basis) -> list[list[Blob]]:
    return [limb(links, start, end, basis)]


def _shoe(body: Body, side: Side) -> list[list[Blob]]:
    upper, sole = shoe(body, side)
    return [*upper, *sole]


def lowest(body: Body) -> float:
    """Height of the lowest point of the flesh, cm."""
    best = min(point[1] for point in body.points.values())
    # From the lowest piece up: of a figure that stands, only legs and shoes have to be looked at.
    pieces = [(min(joint[1] for joint in joints) - FLESH, draw) for joints, draw in flesh(body)]
    for bottom, draw in sorted(pieces, key=lambda piece: piece[0]):
        if bottom >= best:
            break
        for row in draw():
            for center, axes, basis in row:
                if center[1] - max(axes) < best:
                    best = min(best, center[1] - _extent_down(axes, basis))
    return best


def _extent_down(axes: Vec, basis: Basis | None) -> float:
    if basis is None:
        return axes[0]
    return sqrt(sum((way[1] * size) ** 2 for way, size in zip(basis, axes, strict=True)))


def contact_error(body: Body, pin: Pin, scene: Scene) -> float:
    """How far (cm) a held end is from where its pin wants it."""
    wanted = target(body, pin, scene)
    if pin.end == "hand":
        x, y, z = HAND_POINTS[pin.grip]
        touching = at(body.points[f"wrist_{pin.side}"], body.frames[f"hand_{pin.side}"], x, y, z * sign(pin.side))
        return distance(touching, wanted)
    if pin.end == "ankle":
        return distance(body.points[f"ankle_{pin.side}"], wanted)
    raised = pin.heel_up - pin.toe_up
    if raised:
        # The pivot stays; its height tells as much as its place.
        pivot = body.point(f"{'ball' if raised > 0.0 else 'heel'}_{pin.side}")
        return abs(pivot[1] - wanted[1])
    return distance(body.point(f"sole_{pin.side}"), wanted)
