"""Arms, hands and what they hold in the order of painting. Source: docs/figure.md, "Parts and order", rule 5."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traycoach.figure import shape_limb
from traycoach.figure.channels import SIDES, Side
from traycoach.figure.drawing import Detail, Fill, Tone
from traycoach.figure.outline import Chain
from traycoach.figure.shape_hand import hand
from traycoach.figure.shape_held import held
from traycoach.figure.skeleton import Body, sign
from traycoach.figure.stack import Stack
from traycoach.figure.vector import Vec, at, distance, dot, mix

_TOUCHING_LEG, _TOUCHING_ARM = 18.0, 11.0
"""A hand this near (cm) to the bone of a leg, or of the other arm, may touch it."""
_HELPING = 0.45
"""How much deeper in tone the helping hand is."""
_EDGEWAYS = 0.09
"""A hand turned less than this (cosine) to the viewer or away is seen from its edge."""
_BEFORE, _BEHIND = 0.5, -4.0
"""How far (cm) towards the viewer from the bone a hand must be to be painted after the leg, or before it."""


def queue_arm(stack: Stack, side: Side) -> None:
    """Queue an arm, as one part or as two."""
    points, frames, trunk = stack.body.points, stack.body.frames, stack.trunk_depth
    shoulder, elbow, wrist = (points[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist"))
    upper_depth = stack.depth(mix(shoulder, elbow, 0.5)) + 1.5
    fore_depth = stack.depth(mix(elbow, wrist, 0.6)) + 1.5
    # A near arm is never under the hem band, unless a thigh stands far in front of the trunk.
    over_hem = min(stack.leg_front + 0.1, trunk + 14.0)
    # An upper arm that hangs from the far shoulder stays behind the chest until it clearly passes it.
    before = upper_depth > (trunk - 4.0 if stack.depth(shoulder) > trunk - 2.5 else trunk)
    if before:
        upper_depth = max(upper_depth, over_hem)
    if stack.depth(wrist) > trunk + 9.0:
        # A hand in the lap lies before trunk and thighs.
        fore_depth = max(fore_depth, stack.leg_front + 0.1)
    elif before and fore_depth > trunk - 4.0:
        fore_depth = max(fore_depth, over_hem)
    fore_depth = _beside(stack, side, fore_depth) + stack.moved(f"fore_{side}")
    upper_depth += stack.moved(f"upper_{side}")
    joined = trunk + (stack.depth(shoulder) - stack.depth(points["neck_base"])) * 0.95
    root, end = stack.limb_girth()
    upper_frame = frames[f"upper_{side}"]
    upper = stack.chain(shape_limb.limb(shape_limb.UPPER_ARM, shoulder, elbow, upper_frame, root))
    sleeve = stack.chain(shape_limb.limb(shape_limb.SLEEVE, shoulder, elbow, upper_frame, root))
    fore = stack.chain(shape_limb.limb(shape_limb.FOREARM, elbow, wrist, frames[f"fore_{side}"], end))
    paint_hand = _hand(stack, side, joined)
    skin, cloth = stack.tone("skin", joined), stack.tone("shirt", joined)
    upper_seam = shape_limb.first_after(shape_limb.UPPER_ARM, 0.3)
    upper_end = shape_limb.first_after(shape_limb.UPPER_ARM, 0.85)
    sleeve_seam = shape_limb.first_after(shape_limb.SLEEVE, 0.2)
    fore_seam = shape_limb.first_after(shape_limb.FOREARM, 0.22)

    def paint_arm() -> None:
        stack.shade((stack.edge_from(upper, upper_seam, 0.55), stack.edge_from(fore, 0, 0.55)), 0.24)
        stack.shade((stack.edge_from(sleeve, sleeve_seam, 0.6),), 0.24)
        paint_hand()
        stack.fill([upper, fore], skin)
        stack.glow(f"fore_{side}")
        stack.fill([sleeve], cloth)
        stack.glow(f"upper_{side}")

    def paint_upper() -> None:
        stack.shade((stack.edge_from(upper, upper_seam, 0.55, upper_end),), 0.24)
        stack.fill([upper], skin)
        stack.shade((stack.edge_from(sleeve, sleeve_seam, 0.6),), 0.24)
        stack.fill([sleeve], cloth)
        stack.glow(f"upper_{side}")

    def paint_fore() -> None:
        stack.shade((stack.edge_from(fore, fore_seam, 0.55),), 0.24)
        paint_hand()
        stack.fill([fore], skin)
        stack.glow(f"fore_{side}")

    stack.arm_parts += [(shoulder, elbow, upper_depth), (elbow, wrist, fore_depth)]
    # One part, unless the shirt goes between upper arm and forearm.
    if abs(upper_depth - fore_depth) < 14.0 and (upper_depth > trunk) == (fore_depth > trunk):
        # The hand decides: it touches more than the upper arm does.
        stack.part(fore_depth, paint_arm, f"upper_{side}", f"fore_{side}")
    else:
        stack.part(upper_depth, paint_upper, f"upper_{side}")
        stack.part(fore_depth, paint_fore, f"fore_{side}")


def _beside(stack: Stack, side: Side, depth: float) -> float:
    """The forearm's depth, moved before or behind each leg, and the other arm, its hand is close to."""
    palm = _palm(stack.body, side)
    found = []
    for bones, near in ((stack.leg_parts, _TOUCHING_LEG), (stack.arm_parts, _TOUCHING_ARM)):
        for start, end, painted in bones:
            bone = _under(stack, palm, start, end)
            if distance(palm, bone) < near:
                found.append((stack.depth(palm) - stack.depth(bone), painted))
    away = _palm_away(stack, side)
    if side in stack.body.wrapped and abs(away) > _EDGEWAYS:
        # What a closed hand holds is on the side of its palm.
        found = [(away * _TOUCHING_LEG, painted) for _nearer, painted in found]
    # Thigh and shank may be one part and disagree: the clearer of the two has the last word.
    for nearer, painted in sorted(found, key=lambda one: abs(one[0])):
        if nearer > _BEFORE:
            depth = max(depth, painted + 0.15)
        elif nearer < _BEHIND:
            depth = min(depth, painted - 0.15)
    return depth


def _palm(body: Body, side: Side) -> Vec:
    return at(body.points[f"wrist_{side}"], body.frames[f"hand_{side}"], 0.0, -6.0, 0.0)


def _palm_away(stack: Stack, side: Side) -> float:
    """1 for a hand that shows the viewer its back, -1 for one that shows its palm."""
    return dot(stack.camera.toward, stack.body.frames[f"hand_{side}"][2]) * sign(side)


def arms_in_order(body: Body) -> list[Side]:
    """Both sides; the arm whose hand is nearer to the other arm comes last, for it has to know where that is."""

    def apart(side: Side) -> float:
        other = "l" if side == "r" else "r"
        return distance(_palm(body, side), mix(body.points[f"elbow_{other}"], body.points[f"wrist_{other}"], 0.7))

    return sorted(SIDES, key=apart, reverse=True)


def _under(stack: Stack, point: Vec, start: Vec, end: Vec) -> Vec:
    """The point of a bone that the picture shows nearest to `point`."""
    (px, py), (ax, ay), (bx, by) = (stack.camera.project(spot) for spot in (point, start, end))
    dx, dy = bx - ax, by - ay
    share = ((px - ax) * dx + (py - ay) * dy) / max(dx * dx + dy * dy, 1e-6)
    return mix(start, end, min(1.0, max(0.0, share)))


def _grasp(stack: Stack, things: Sequence[Fill], palm: Chain | None, tone: Tone) -> None:
    """A thing between the palm (painted first if it faces the viewer) and the fingers."""
    if palm is not None:
        stack.fill([palm], tone)
    stack.out.extend(things)


def _hand(stack: Stack, side: Side, joined: float) -> Callable[[], None]:
    fingers = stack.style.detail >= Detail.FINGERS
    seen = _palm_away(stack, side) < 0.0
    rows = hand(stack.body, side, fingers, hidden=side in stack.body.wrapped and not seen)
    thing = stack.body.held.get(side)
    grasped = held(stack.body, side, thing, stack.camera) if thing else []
    chains = [(stack.depth(row[-1].center), stack.chain(row)) for row in rows]
    tone = stack.tone("skin", joined)
    helping = stack.body.helping.get(side, 0.0)
    if fingers and helping:
        # The helping hand is deeper in tone, so that two hands can be told apart.
        tone = Tone("skin", "skin_far", round(tone.share + helping * _HELPING * (1.0 - tone.share), 3))

    def paint() -> None:
        if fingers:
            if grasped:
                _grasp(stack, grasped, chains[0][1] if seen else None, tone)
            for _, chain in sorted(chains[1:] if grasped and seen else chains, key=lambda pair: pair[0]):
                stack.shade((chain.outline(grow=0.22),), 0.59, Tone("skin_far"))
                stack.fill([chain], tone)
        else:
            whole = [chain for _, chain in chains]
            stack.edge(whole, 0.55, 0.24)
            if grasped:
                _grasp(stack, grasped, whole[0] if seen else None, tone)
            stack.fill(whole[1:] if grasped and seen else whole, tone)

    return paint
