"""Puts a stance into the world: angles, then anchor, settle, leg pins, arm pins. Gives a solved `Body`.

Source: docs/figure.md, "Placing the body". Limits: a target out of reach is met as far as the limb goes, and the
distance missing is noted in `Body.missing`.
"""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians, sqrt

from traycoach.figure.pin_arm import hold_arm
from traycoach.figure.pin_leg import hold_leg, resting_ankle
from traycoach.figure.pose import Anchor, Pin, Pose, Settle, Stance
from traycoach.figure.props import Scene, Surface, surface
from traycoach.figure.skeleton import SHANK, THIGH, Body, split_side, stand_up
from traycoach.figure.vector import ORIGIN, Vec, add, scale, sub

DEFAULT_HEIGHT = 100.0
"""Pelvis height of a pose without anchor (close-ups that show no ground)."""


def solve(stance: Stance | Pose, scene: Scene) -> Body:
    """The body of `stance` among the props of `scene`.

    Names in the stance must be valid (the parser sees to it); an unknown surface or part raises KeyError.
    """
    if isinstance(stance, Pose):
        stance = Stance.of(stance)
    if stance.settle:
        stance = _settled(stance, stance.settle, scene)
    body = stand_up(stance.channels)
    body.held, body.layer = stance.held, stance.layer
    body.shift(_root(body, stance, scene))
    legs = [pins for limb, pins in stance.pins.items() if limb.startswith("leg")]
    # An ankle may lie on the other leg, so feet on the ground come first.
    for pins in sorted(legs, key=lambda held: any(pin.end == "ankle" for pin, _ in held)):
        hold_leg(body, pins, scene)
    arms = [pins for limb, pins in stance.pins.items() if limb.startswith("arm")]
    for pins in sorted(arms, key=lambda held: max(pin.order for pin, _ in held)):
        hold_arm(body, pins, scene)
    return body


def _surface(scene: Scene, name: str) -> Surface:
    found = surface(scene, name)
    if found is None:
        raise KeyError(name)
    return found


def _root(body: Body, stance: Stance, scene: Scene) -> Vec:
    """Where the pelvis goes."""
    c = stance.channels
    offset = (c["root.x"], c["root.y"], c["root.z"])
    if not stance.anchors:
        return add(offset, (0.0, DEFAULT_HEIGHT, 0.0))
    for anchor, weight in stance.anchors:
        spot = _over(body, anchor, stance, scene) if anchor.over else _touching(body, anchor, scene)
        offset = add(offset, scale(spot, weight))
    return offset


def _touching(body: Body, anchor: Anchor, scene: Scene) -> Vec:
    plane = _surface(scene, anchor.on)
    return sub(plane.at(anchor.x, anchor.y, anchor.z), body.point(anchor.point))


def _over(body: Body, anchor: Anchor, stance: Stance, scene: Scene) -> Vec:
    """Pelvis above the feet, as high as the lower leg allows with the wanted bend."""
    ankles = {name: _foot_spot(body, name, stance, scene) for name in anchor.over}
    x = sum(spot[0] for spot in ankles.values()) / len(ankles) + anchor.x
    z = sum(spot[2] for spot in ankles.values()) / len(ankles) + anchor.z
    heights = []
    for name, spot in ankles.items():
        side = split_side(name)[1]
        bend = stance.channels[f"knee_{side}"] if anchor.bend is None else anchor.bend
        # Law of cosines; a dead-straight knee has no direction to bend in, so 2 degrees are kept.
        knee = radians(max(2.0, bend))
        reach = THIGH * THIGH + SHANK * SHANK + 2.0 * THIGH * SHANK * cos(knee)
        hip = body.points[f"hip_{side}"]
        level = (spot[0] - x - hip[0]) ** 2 + (spot[2] - z - hip[2]) ** 2
        heights.append(spot[1] + sqrt(max(1.0, reach - level)) - hip[1])
    return (x, min(heights) + anchor.y, z)


def _foot_spot(body: Body, name: str, stance: Stance, scene: Scene) -> Vec:
    """Ankle position the pins of this foot ask for; a foot without a pin counts as flat on the floor below the hip."""
    side = split_side(name)[1]
    held = [(pin, weight) for pin, weight in stance.pins.get(f"leg_{side}", ()) if pin.end == "foot"]
    total = sum(weight for _, weight in held)
    if total <= 0.0:
        return resting_ankle(body, Pin("foot", side, "floor", z=9.0 if side == "r" else -9.0), scene)
    spot = ORIGIN
    for pin, weight in held:
        spot = add(spot, scale(resting_ankle(body, pin, scene), weight / total))
    return spot


def _settled(stance: Stance, settle: Settle, scene: Scene) -> Stance:
    """The stance with the root angle at which the settled point touches (secant steps)."""
    anchor = stance.anchors[0][0]
    wanted = _surface(scene, settle.on).origin[1] + settle.y
    anchored = _surface(scene, anchor.on).origin[1] + anchor.y
    channel = f"root.{settle.dof}"

    def height_error(angle: float) -> float:
        body = stand_up({**stance.channels, channel: angle})
        return body.on(settle.of, settle.along)[1] - body.point(anchor.point)[1] + anchored - wanted

    first = stance.channels[channel]
    second = first + 2.0
    error_first, error_second = height_error(first), height_error(second)
    for _ in range(6):
        slope = error_second - error_first
        if abs(error_second) < 0.005 or abs(slope) < 1e-9:
            break
        first, second = second, second - error_second * (second - first) / slope
        error_first, error_second = error_second, height_error(second)
    return replace(stance, channels={**stance.channels, channel: second})
