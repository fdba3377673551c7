"""The hand as chains of blobs: a mitten from afar, fingers in close-ups."""

from __future__ import annotations

from typing import Final

from traycoach.figure.channels import Side
from traycoach.figure.outline import Blob, ball
from traycoach.figure.skeleton import Body, sign
from traycoach.figure.vector import Basis, Vec, at, spin_x, spin_z, step

# Root of each finger on the palm (x, y), length, radius; from the forefinger to the little finger.
_FINGERS: Final = (
    (3.05, -8.5, 7.4, 0.98),
    (1.05, -9.2, 8.3, 1.0),
    (-0.95, -8.9, 7.7, 0.96),
    (-2.8, -7.9, 6.0, 0.86),
)
# Share of the finger's length, and of its curl at the next joint.
_PHALANGES: Final = ((0.45, 1.0), (0.3, 0.9), (0.25, 0.6))


def hand(body: Body, side: Side, fingers: bool, hidden: bool = False) -> list[list[Blob]]:
    """Chains of a hand: palm first. `fingers` draws each finger, else they are one piece and a thumb.

    `hidden` leaves out what a closed hand has behind the thing it holds: fingertips and thumb.
    """
    wrist, basis = body.points[f"wrist_{side}"], body.frames[f"hand_{side}"]
    palm = [
        ball(wrist, 2.45),
        Blob(at(wrist, basis, 0.1, -3.5, 0.0), (3.3, 2.5, 1.9), basis),
        Blob(at(wrist, basis, 0.1, -8.3, 0.0), (4.1, 2.0, 1.65), basis),
    ]
    curl, thumb, out = body.channels[f"fingers_{side}"], body.channels[f"thumb_{side}"], sign(side)
    if fingers:
        four = _four_fingers(body, side)
        return [palm, *(row[:4] for row in four)] if hidden else [palm, *four, _thumb(body, side)]
    # From afar, bent knuckles and hooked fingers are a curl of the whole.
    mitten = _mitten(wrist, basis, max(0.0, curl + 0.8 * body.channels[f"knuckles_{side}"]), out)
    return [palm, mitten[:2]] if hidden else [palm, mitten, _small_thumb(wrist, basis, thumb, out)]


def _mitten(wrist: Vec, basis: Basis, curl: float, out: float) -> list[Blob]:
    base = at(wrist, basis, 0.0, -8.3, 0.0)
    first = spin_x(basis, out * curl * 0.55)
    middle = step(base, first[1], -4.6)
    second = spin_x(first, out * curl * 0.9)
    tip = at(middle, second, -0.2, -4.0, 0.0)
    return [
        Blob(base, (3.9, 2.0, 1.5), basis),
        Blob(middle, (3.6, 2.0, 1.3), first),
        Blob(tip, (2.5, 1.5, 1.1), second),
    ]


def _small_thumb(wrist: Vec, basis: Basis, thumb: float, out: float) -> list[Blob]:
    root = at(wrist, basis, 2.2, -2.8, -0.4 * out)
    first = spin_x(spin_z(basis, 38.0 - thumb), out * 12.0)
    middle = step(root, first[1], -3.6)
    tip = step(middle, spin_z(first, -16.0)[1], -2.9)
    return [ball(root, 1.7), ball(middle, 1.35), ball(tip, 1.05)]


def _four_fingers(body: Body, side: Side) -> list[list[Blob]]:
    wrist, basis, out, c = body.points[f"wrist_{side}"], body.frames[f"hand_{side}"], sign(side), body.channels
    all_four, pinch, knuckles, tips = (c[f"{name}_{side}"] for name in ("fingers", "pinch", "knuckles", "tips"))
    fan = 3.2 + c[f"spread_{side}"]
    chains = []
    for i, (x, y, size, radius) in enumerate(_FINGERS):
        joint = at(wrist, basis, x, y, 0.0)
        curl = all_four + (pinch if i == 0 else 0.0)
        bent = spin_x(spin_z(basis, (1.4 - i) * fan), out * (curl * 0.75 + knuckles))
        row = [ball(at(wrist, basis, x * 0.8, y + 3.5, 0.0), radius * 1.15), ball(joint, radius * 1.12)]
        for (share, more), extra in zip(_PHALANGES, (0.0, tips, 0.0), strict=True):
            joint = step(joint, bent[1], -size * share)
            row.append(ball(joint, radius * (1.0 - 0.3 * (1.0 - more))))
            bent = spin_x(bent, out * (curl * 0.75 * more + extra))
        chains.append(row)
    return chains


def _thumb(body: Body, side: Side) -> list[Blob]:
    wrist, basis, out = body.points[f"wrist_{side}"], body.frames[f"hand_{side}"], sign(side)
    thumb, across = body.channels[f"thumb_{side}"], body.channels[f"oppose_{side}"]
    root = at(wrist, basis, 2.3, -2.6, -0.5 * out)
    first = spin_x(spin_z(basis, 40.0 - thumb - 0.35 * across), out * (14.0 + across))
    middle = step(root, first[1], -4.0)
    tip = step(middle, spin_z(first, -18.0 - 0.5 * across)[1], -3.1)
    return [ball(at(wrist, basis, 1.0, -1.5, 0.0), 2.2), ball(root, 1.9), ball(middle, 1.3), ball(tip, 1.02)]
