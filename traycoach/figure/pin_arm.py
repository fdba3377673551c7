"""Holds a hand where its pins say: wrist by two-bone inverse kinematics, palm and fingers by the wanted directions."""

from __future__ import annotations

from math import hypot

from traycoach.figure.channels import Side
from traycoach.figure.limb import bend, blended_pole, swivelled
from traycoach.figure.pin_leg import ground_of, target
from traycoach.figure.pose import Pin, Weighted
from traycoach.figure.props import Scene, surface
from traycoach.figure.skeleton import FORE, HAND_POINTS, UPPER, Body, free_hand, sign
from traycoach.figure.vector import (
    Basis,
    Vec,
    add,
    at,
    cross,
    dot,
    frame,
    place,
    scale,
    sub,
    turn,
    unit,
    without,
)

_ROUNDS = 3
"""The wrist depends on the hand's direction and that on the forearm; three rounds settle it to a millimetre."""

_WRAP_FINGERS, _WRAP_THUMB = 62.0, 34.0
_HAND_UNDERSIDE = ((0.0, 2.4), (-8.0, 1.7), (-17.0, 0.6))
"""(along the hand, half its thickness there): wrist, palm, fingertips."""


def hold_arm(body: Body, pins: Weighted, scene: Scene) -> None:
    """Bend shoulder and elbow so that the hand touches the weighted target of `pins`, palm and fingers as asked."""
    side: Side = pins[0][0].side
    points, frames = body.points, body.frames
    held = sum(weight for _, weight in pins)
    out, chest, shoulder = sign(side), frames["chest"], points[f"shoulder_{side}"]
    free_wrist = points[f"wrist_{side}"]
    free_pole = scale(frames[f"upper_{side}"][0], -1.0)
    missing = lifted = 0.0
    for _ in range(_ROUNDS):
        goal = add(scale(free_wrist, 1.0 - held), (0.0, lifted, 0.0))
        swivel = 0.0
        hands: list[tuple[Basis, float]] = []
        for pin, weight in pins:
            hand = _held_hand(body, pin, scene)
            x, y, z = HAND_POINTS[pin.grip]
            goal = add(goal, scale(sub(target(body, pin, scene), place(hand, (x, y, z * out))), weight))
            swivel += weight * pin.swivel
            hands.append((hand, weight))

        axis = unit(sub(goal, shoulder))
        # At rest the elbow points a quarter turn behind the arm: back when it hangs, down when it is raised. An arm
        # straight out to the side has no such direction; there down and back counts.
        ahead, up = dot(axis, chest[0]), dot(axis, chest[1])
        aside = 1.0 - hypot(ahead, up)
        rest = place(chest, (up - 0.75 * aside, -ahead - aside, 0.15 * out))
        outward = place(chest, (0.0, 0.0, out))
        pole = blended_pole(free_pole, swivelled(rest, outward, axis, swivel), held, axis, outward)
        bent = bend(shoulder, goal, UPPER, FORE, pole)
        points[f"elbow_{side}"], points[f"wrist_{side}"] = bent.middle, bent.end
        upper = frame(sub(shoulder, bent.middle), scale(bent.pole, -1.0))
        front = add(scale(bent.pole, -0.8), scale(upper[0], 0.2))
        fore = frame(sub(bent.middle, bent.end), front)
        frames[f"upper_{side}"], frames[f"fore_{side}"] = upper, fore
        frames[f"hand_{side}"] = _blended_hand(free_hand(body.channels, side, fore), hands, held)
        missing = bent.missing
        lifted += _sunk(body, pins, scene)
    other = "l" if side == "r" else "r"
    helping = sum(weight for pin, weight in pins if pin.on in (f"hand_{other}", f"fore_{other}", f"upper_{other}"))
    if helping > 0.0:
        body.helping[side] = helping
    wrapped = sum(weight for pin, weight in pins if pin.grip == "wrap")
    if wrapped > 0.0:
        _close(body, side, wrapped)
    if held > 0.99 and missing > 0.0:
        body.missing[f"hand_{side}"] = missing


def _close(body: Body, side: Side, share: float) -> None:
    """Close fingers and thumb around what the hand holds, as far as it holds it."""
    closed = {f"fingers_{side}": _WRAP_FINGERS, f"thumb_{side}": _WRAP_THUMB}
    channels = {name: body.channels[name] * (1.0 - share) + value * share for name, value in closed.items()}
    body.channels = {**body.channels, **channels}
    if share > 0.5:
        body.wrapped.add(side)


def _sunk(body: Body, pins: Weighted, scene: Scene) -> float:
    """How far (cm) a hand on its way to or from the ground is under it: the straight way between would dip."""
    levels = [plane.origin[1] for pin, weight in pins if weight < 1.0 and (plane := ground_of(pin, scene)) is not None]
    if not levels:
        return 0.0
    side = pins[0][0].side
    wrist, hand = body.points[f"wrist_{side}"], body.frames[f"hand_{side}"]
    lowest = min(at(wrist, hand, 0.0, along, 0.0)[1] - thick for along, thick in _HAND_UNDERSIDE)
    return max(0.0, max(levels) - lowest)


def _blended_hand(free: Basis, hands: list[tuple[Basis, float]], held: float) -> Basis:
    first = hands[0][0]
    for hand, weight in hands[1:]:
        first = turn(first, hand, weight / held)
    return turn(free, first, held)


def _held_hand(body: Body, pin: Pin, scene: Scene) -> Basis:
    """Frame of the hand a pin asks for: palm to the surface, fingers going on from the forearm, unless told."""
    side = pin.side
    out, fore = sign(side), body.frames[f"fore_{side}"]
    plane = surface(scene, pin.on)
    palm = pin.palm
    if palm is None and plane is not None:
        palm = scale(plane.normal, -1.0)
    if palm is None:
        if pin.point is None:
            return free_hand(body.channels, side, fore)
        palm = scale(fore[2], -out)
    ahead = unit(sub(body.points[f"wrist_{side}"], body.points[f"elbow_{side}"])) if pin.point is None else pin.point
    fingers = without(ahead, palm)
    if dot(fingers, fingers) < 1e-3:
        fingers = without(body.frames["chest"][0], palm)
    return _hand_frame(unit(fingers), palm, out)


def _hand_frame(fingers: Vec, palm: Vec, out: float) -> Basis:
    up, right = scale(fingers, -1.0), scale(palm, -out)
    return cross(up, right), up, right
