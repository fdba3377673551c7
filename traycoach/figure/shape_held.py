"""Things in the hand, as fills between palm and fingers. Source: docs/figure.md, "In the hand"."""

from __future__ import annotations

from typing import Final

from traycoach.figure.camera import Camera
from traycoach.figure.channels import SIDES, Side
from traycoach.figure.drawing import Fill
from traycoach.figure.outline import ball
from traycoach.figure.prop_shapes import hull, tube
from traycoach.figure.skeleton import Body, sign
from traycoach.figure.vector import UP, Vec, at, cross, length, mix, step, sub, unit

ONE_HANDED: Final = ("bottle", "weight", "pen", "towel", "roll")
TWO_HANDED: Final = ("box", "strap")
"""Held by both hands at once: one thing between them."""
THINGS: Final = (*ONE_HANDED, *TWO_HANDED)


def held(body: Body, side: Side, thing: str, camera: Camera) -> list[Fill]:
    """The thing in one hand. Its length runs across the palm, from the little finger to the thumb."""
    wrist, basis, out = body.points[f"wrist_{side}"], body.frames[f"hand_{side}"], sign(side)

    def spot(across: float, along: float = -8.6, deep: float = 3.9) -> Vec:
        return at(wrist, basis, across, along, -deep * out)

    match thing:
        case "bottle":
            return [
                tube(camera, spot(-9.0), spot(6.5), 3.1, "cloth"),
                tube(camera, spot(6.5), spot(11.0), 2.9, "cloth", 1.5),
                tube(camera, spot(11.5), spot(13.0), 1.6, "chair_dark"),
                tube(camera, spot(-3.0), spot(2.5), 3.15, "cloth_light"),
            ]
        case "weight":
            bar = [tube(camera, spot(-6.0), spot(6.0), 1.4, "caster")]
            ends = [[ball(spot(x), 4.0), ball(spot(x + 2.6 * (1.0 if x > 0 else -1.0)), 3.6)] for x in (-6.2, 6.2)]
            return bar + [hull(camera, end, "chair_dark") for end in ends]
        case "pen":
            return [
                tube(camera, spot(-3.0, -10.5, 2.9), spot(7.5, -10.5, 2.9), 0.5, "caster"),
                tube(camera, spot(-4.0, -10.5, 2.9), spot(-3.0, -10.5, 2.9), 0.2, "caster", 0.5),
            ]
        case "towel":
            low = step(spot(-5.0), (0.0, -1.0, 0.0), 24.0)
            cloth = [
                ball(spot(-4.0), 2.6),
                ball(spot(3.0), 2.4),
                ball(low, 2.6),
                ball(at(low, basis, 4.0, 0.0, 0.0), 2.4),
            ]
            return [hull(camera, cloth, "cloth"), tube(camera, spot(-5.0), spot(5.0), 2.7, "cloth_light")]
        case _:
            return [
                tube(camera, spot(-7.5), spot(7.5), 2.7, "cloth"),
                tube(camera, spot(7.2), spot(8.2), 1.7, "cloth_light"),
            ]


def carried(body: Body, thing: str, camera: Camera) -> list[Fill]:
    """The thing between both hands."""
    right, left = (_palm(body, side) for side in SIDES)
    if thing == "strap":
        return [tube(camera, right, left, 1.3, "cloth")]
    across = sub(right, left)
    half = max(6.0, 0.5 * length(across))
    # A box is carried level, whatever the hands do.
    aside = unit((across[0], 0.0, across[2]))
    basis, middle = (cross(UP, aside), UP, aside), mix(right, left, 0.5)
    spots = [(x, y, z) for x in (-13.0, 15.0) for y in (-13.0, 11.0) for z in (-half, half)]
    whole = [ball(at(middle, basis, *spot), 0.8) for spot in spots]
    lid = [ball(at(middle, basis, *spot), 0.8) for spot in spots if spot[1] > 0.0]
    return [hull(camera, whole, "desk_side"), hull(camera, lid, "desk_top")]


def _palm(body: Body, side: Side) -> Vec:
    return at(body.points[f"wrist_{side}"], body.frames[f"hand_{side}"], 0.0, -9.0, -2.6 * sign(side))
