"""Legs and shoes in the order of painting. Source: docs/figure.md, "Parts and order", rules 1, 2 and 7."""

from __future__ import annotations

from collections.abc import Callable

from traycoach.figure import shape_limb
from traycoach.figure.channels import Side
from traycoach.figure.drawing import Tone
from traycoach.figure.skeleton import THIGH
from traycoach.figure.stack import Stack
from traycoach.figure.vector import dot, mix

_POINTING = 0.75
"""Cosine between a thigh and the line of sight."""


def queue_leg(stack: Stack, side: Side) -> None:
    """Queue a leg with its shoe, as one part or as two."""
    points, frames = stack.body.points, stack.body.frames
    hip, knee, ankle = (points[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
    joined = stack.hip_depth(side)
    upper, lower = stack.limb_girth()
    thigh = stack.chain(shape_limb.limb(shape_limb.THIGH_LEG, hip, knee, frames[f"thigh_{side}"], upper))
    shank = stack.chain(shape_limb.limb(shape_limb.SHANK_LEG, knee, ankle, frames[f"shank_{side}"], lower))
    seam = shape_limb.first_after(shape_limb.THIGH_LEG, 0.3)
    # A thigh that points at the viewer is short in the picture; the whole knee is outlined, so that it is seen as one.
    pointing = stack.depth(knee) - stack.depth(hip) > _POINTING * THIGH
    knee_seam = 0 if pointing else shape_limb.first_after(shape_limb.SHANK_LEG, 0.2)
    tone = stack.tone("trousers", joined)
    paint_shoe = _shoe(stack, side, joined)

    def paint_thigh() -> None:
        stack.shade((stack.edge_from(thigh, seam, 0.7),), 0.27)
        stack.fill([thigh], tone)
        _seamless_hip(stack, tone)
        stack.glow_leg(side, f"thigh_{side}")

    def paint_shank() -> None:
        paint_shoe()
        stack.shade((stack.edge_from(shank, knee_seam, 0.7),), 0.27)
        stack.fill([shank], tone)
        stack.glow(f"shank_{side}", f"foot_{side}")

    def paint_leg() -> None:
        paint_shoe()
        stack.shade((stack.edge_from(thigh, seam, 0.7), stack.edge_from(shank, 0, 0.7)), 0.27)
        stack.fill([thigh, shank], tone)
        _seamless_hip(stack, tone)
        stack.glow_leg(side, f"thigh_{side}", f"shank_{side}", f"foot_{side}")

    thigh_depth = stack.depth(mix(hip, knee, 0.5)) + stack.moved(f"thigh_{side}")
    shank_depth = stack.depth(mix(knee, ankle, 0.5)) + stack.moved(f"shank_{side}")
    if abs(thigh_depth - shank_depth) < 9.0:
        thigh_depth = (thigh_depth + shank_depth) / 2.0
        shank_depth = thigh_depth
        stack.part(thigh_depth, paint_leg, f"thigh_{side}", f"shank_{side}")
    else:
        stack.part(thigh_depth, paint_thigh, f"thigh_{side}")
        stack.part(shank_depth, paint_shank, f"shank_{side}")
    stack.leg_parts += [(hip, knee, thigh_depth), (knee, ankle, shank_depth)]
    if stack.flex < 97.0:
        stack.leg_front = max(stack.leg_front, thigh_depth + 0.2)


def _shoe(stack: Stack, side: Side, joined: float) -> Callable[[], None]:
    upper, sole = (stack.row(chains) for chains in shape_limb.shoe(stack.body, side))
    ankle = stack.chain(shape_limb.ankle(stack.body, side))
    sole_tone = Tone("sole", "trousers_far", round(0.35 * stack.far(joined), 3))
    sole_behind = dot(stack.camera.toward, stack.body.frames[f"foot_{side}"][1]) > 0.25

    def paint() -> None:
        stack.edge([*upper, *sole], 0.6, 0.2)
        if sole_behind:
            stack.fill(sole, sole_tone)
        stack.fill([ankle], stack.tone("skin", joined))
        stack.fill(upper, stack.tone("shoe", joined))
        if not sole_behind:
            stack.fill(sole, sole_tone)

    return paint


def _seamless_hip(stack: Stack, tone: Tone) -> None:
    """After a near thigh the pelvis is painted again: no seam at the hip."""
    if stack.pelvis_done and tone.share < 0.1:
        stack.fill(stack.pelvis, Tone("trousers"))
