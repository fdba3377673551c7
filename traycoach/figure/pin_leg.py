"""Holds a foot or an ankle where its pins say (two-bone inverse kinematics)."""

from __future__ import annotations

from math import hypot

from traycoach.figure.channels import Side
from traycoach.figure.limb import bend, blended_pole, swivelled
from traycoach.figure.pose import Pin, Weighted
from traycoach.figure.props import GROUNDS, Scene, Surface, surface
from traycoach.figure.skeleton import FOOT_POINTS, SHANK, THIGH, Body, flat_foot, sign
from traycoach.figure.vector import (
    UP,
    Basis,
    Vec,
    add,
    dot,
    frame,
    place,
    scale,
    spin_z,
    step,
    sub,
    turn,
    unit,
)

_UPRIGHT_FOOT_TURN = 90.0
"""A foot against a wall points up."""
_SIDEWAYS = 0.5
_ROUNDS = 3


def target(body: Body, pin: Pin, scene: Scene) -> Vec:
    """The point a pin asks for: on its surface, else on its body part."""
    plane = surface(scene, pin.on)
    if plane is None:
        return body.on(pin.on, pin.along, pin.off)
    return plane.at(pin.x, pin.y, pin.z, pin.gap)


def resting_foot(pin: Pin, scene: Scene) -> Basis:
    """Frame of a foot held on a surface."""
    plane = surface(scene, pin.on)
    if plane is not None and not plane.level:
        return spin_z(flat_foot(pin.side, 0.0), _UPRIGHT_FOOT_TURN)
    return spin_z(flat_foot(pin.side, pin.toe_out), pin.toe_up - pin.heel_up)


def resting_ankle(body: Body, pin: Pin, scene: Scene) -> Vec:
    """Ankle position of a foot held on a surface. `x z` place the flat sole; raising turns about ball or heel."""
    # Between a raised heel and raised toes a foot has some of both; what is left of the turn decides.
    raised = pin.heel_up - pin.toe_up
    pivot = FOOT_POINTS["ball" if raised > 0.0 else "heel" if raised < 0.0 else "sole"]
    flat = flat_foot(pin.side, pin.toe_out)
    pivot_spot = add(target(body, pin, scene), place(flat, sub(pivot, FOOT_POINTS["sole"])))
    return sub(pivot_spot, place(resting_foot(pin, scene), pivot))


def hold_leg(body: Body, pins: Weighted, scene: Scene) -> None:
    """Bend hip and knee so that the ankle comes to the weighted target of `pins`; turns the foot with it."""
    side: Side = pins[0][0].side
    held = sum(weight for _, weight in pins)
    goal = scale(body.points[f"ankle_{side}"], 1.0 - held)
    swivel = 0.0
    for pin, weight in pins:
        spot = resting_ankle(body, pin, scene) if pin.end == "foot" else target(body, pin, scene)
        goal = add(goal, scale(spot, weight))
        swivel += weight * pin.swivel

    free_pole = body.frames[f"thigh_{side}"][0]
    _bend_leg(body, pins, goal, swivel, free_pole, scene)
    lifted = 0.0
    # Lifting the ankle turns the shin and with it the foot; two more rounds leave less than half a centimetre.
    for _ in range(_ROUNDS):
        sunk = _sunk(body, pins, scene)
        if sunk <= 0.0:
            break
        lifted += sunk
        _bend_leg(body, pins, step(goal, UP, lifted), swivel, free_pole, scene)


def _sunk(body: Body, pins: Weighted, scene: Scene) -> float:
    """How far (cm) a foot on its way to or from the ground is under it: the straight way between would dip."""
    levels = [plane.origin[1] for pin, weight in pins if weight < 1.0 and (plane := ground_of(pin, scene)) is not None]
    if not levels:
        return 0.0
    side = pins[0][0].side
    return max(levels) - min(body.point(f"{name}_{side}")[1] for name in ("heel", "ball", "toe"))


def ground_of(pin: Pin, scene: Scene) -> Surface | None:
    """The surface of a pin if it is the ground: nothing that is held there can have been under it."""
    return surface(scene, pin.on) if pin.on in GROUNDS else None


def _bend_leg(body: Body, pins: Weighted, goal: Vec, swivel: float, free_pole: Vec, scene: Scene) -> None:
    side: Side = pins[0][0].side
    points, frames, channels = body.points, body.frames, body.channels
    held = sum(weight for _, weight in pins)
    hip = points[f"hip_{side}"]
    pelvis = frames["pelvis"]
    axis, outward = unit(sub(goal, hip)), place(pelvis, (0.0, 0.0, sign(side)))
    # At rest the knee points a quarter turn ahead of the leg: forward when it hangs, up when it is raised. A leg
    # straight out to the side has no such direction; there the pelvis's own forward counts.
    forward, up = dot(axis, pelvis[0]), dot(axis, pelvis[1])
    rest = place(pelvis, (-up + _SIDEWAYS * (1.0 - hypot(forward, up)), forward, 0.0))
    pole = swivelled(rest, outward, axis, swivel)
    pole = blended_pole(free_pole, pole, held, axis, outward)
    bent = bend(hip, goal, THIGH, SHANK, pole)
    points[f"knee_{side}"], points[f"ankle_{side}"] = bent.middle, bent.end

    thigh = frame(sub(hip, bent.middle), bent.pole)
    # A little of the thigh's front keeps the shin from spinning when the knee is nearly straight.
    front = add(scale(bent.pole, 0.9), scale(thigh[0], 0.1))
    shank = frame(sub(bent.middle, bent.end), front)
    frames[f"thigh_{side}"], frames[f"shank_{side}"] = thigh, shank
    foot = spin_z(shank, channels[f"ankle_{side}"])
    standing = [(pin, weight) for pin, weight in pins if pin.end == "foot"]
    if standing:
        frames[f"foot_{side}"], body.toes[side] = _standing_foot(standing, foot, channels[f"toes_{side}"], scene)
    else:
        frames[f"foot_{side}"] = foot
    if held > 0.99 and bent.missing > 0.0:
        body.missing[f"{pins[0][0].end}_{side}"] = bent.missing


def _standing_foot(pins: list[tuple[Pin, float]], free: Basis, toes: float, scene: Scene) -> tuple[Basis, float]:
    """Foot frame and toe bend; the toes stay flat while the heel is up."""
    share = sum(weight for _, weight in pins)
    flat = resting_foot(pins[0][0], scene)
    raised = pins[0][1] * pins[0][0].heel_up
    for pin, weight in pins[1:]:
        flat = turn(flat, resting_foot(pin, scene), weight / share)
        raised += weight * pin.heel_up
    return turn(free, flat, share), max(toes, raised)
