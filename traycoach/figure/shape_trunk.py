"""Shirt, hem, pelvis and neck as chains of blobs. Half widths and depths: docs/figure.md, "Body measures"."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees
from typing import Final

from traycoach.figure.channels import SIDES, Side
from traycoach.figure.outline import Blob, ball
from traycoach.figure.profile import hermite
from traycoach.figure.skeleton import Body, sign
from traycoach.figure.vector import Vec, at, average, dot, mix, scale, step, sub

# Half width, half depth, in front of the spine, at the eight nodes from pelvis top to neck base.
_NODES: Final[tuple[Vec, ...]] = (
    (14.2, 9.5, 0.0),
    (13.3, 9.2, 0.5),
    (12.8, 9.3, 1.0),
    (13.2, 9.7, 1.3),
    (14.2, 10.2, 1.3),
    (14.8, 10.4, 1.0),
    (13.4, 8.8, 0.3),
    (7.5, 5.6, -0.2),
)
_GIRTH: Final = (1.0, 1.1, 1.15, 1.0, 0.7, 0.5, 0.4, 0.25)
"""How much of a wider figure's girth shows at each node: most at the waist, little at the collar."""
_BELLY: Final = (0.35, 0.8, 1.0, 0.8, 0.35, 0.0, 0.0, 0.0)
"""How much of the belly's rise shows at each node."""
_PARTS: Final = 3
"""Blobs per spine link."""

_HEM_STEPS: Final = (0.0, 0.04, 0.2, 0.4, 0.6, 0.8, 1.0)


def _slopes(nodes: list[Vec] | tuple[Vec, ...]) -> list[Vec]:
    """Slope of a row of vectors per node."""
    inner = [scale(sub(after, before), 0.5) for before, after in zip(nodes, nodes[2:], strict=False)]
    return [sub(nodes[1], nodes[0]), *inner, sub(nodes[-1], nodes[-2])]


def _curve(nodes: list[Vec] | tuple[Vec, ...], tangents: list[Vec], i: int, f: float) -> Vec:
    p, m, q, n = hermite(f)
    (ax, ay, az), (bx, by, bz) = nodes[i], nodes[i + 1]
    (ux, uy, uz), (vx, vy, vz) = tangents[i], tangents[i + 1]
    return (
        p * ax + m * ux + q * bx + n * vx,
        p * ay + m * uy + q * by + n * vy,
        p * az + m * uz + q * bz + n * vz,
    )


_NODE_SLOPES: Final = _slopes(_NODES)


def thigh_flex(body: Body, side: Side) -> float:
    """How far a thigh is bent forward against the pelvis, degrees, however the leg was placed."""
    way = sub(body.points[f"knee_{side}"], body.points[f"hip_{side}"])
    forward, up, _ = body.frames["pelvis"]
    return degrees(atan2(dot(way, forward), -dot(way, up)))


def shirt(body: Body) -> list[list[Blob]]:
    """Chains of the shirt: trunk, shoulder yokes, flanks, collar."""
    nodes = [point for point, _ in body.spine]
    tangents = _slopes(nodes)
    trunk = []
    # The last blob would stand above the collar, so the row stops one short of the neck base.
    for k in range((len(nodes) - 1) * _PARTS - 1):
        i, f = k // _PARTS, (k % _PARTS) / _PARTS
        basis = average(body.spine[i][1], body.spine[i + 1][1], f)
        width, depth, front = _curve(_NODES, _NODE_SLOPES, i, f)
        more = (body.girth - 1.0) * _GIRTH[i] * (1.0 - f) + (body.girth - 1.0) * _GIRTH[i + 1] * f
        width, depth, front = width * (1.0 + more), depth * (1.0 + 1.2 * more), front + 5.0 * more
        # The back stays where it is.
        rise = body.channels["belly.out"] * (_BELLY[i] * (1.0 - f) + _BELLY[i + 1] * f) / 2.0
        depth, front = depth + rise, front + rise
        trunk.append(Blob(step(_curve(nodes, tangents, i, f), basis[0], front), (depth, 2.6, width), basis))
    chains = [trunk]
    chest, base = body.frames["chest"], body.points["neck_base"]
    for side in SIDES:
        out, shoulder = sign(side), body.points[f"shoulder_{side}"]
        chains.append(
            [
                Blob(at(base, chest, 1.8, -2.4, out * 3.6), (3.4, 2.3, 2.8), chest),
                Blob(at(mix(base, shoulder, 0.32), chest, -0.1, 0.1, 0.0), (4.7, 3.4, 3.6), chest),
                Blob(at(mix(base, shoulder, 0.64), chest, -0.2, 0.45, 0.0), (5.0, 4.1, 4.2), chest),
                ball(at(shoulder, chest, 0.0, 0.1, 0.0), 4.95 * body.girth),
            ]
        )
        flank = at(body.spine[5][0], chest, 1.0, 3.0, out * 5.5)
        chains.append(
            [ball(at(shoulder, chest, 0.2, -1.5, 0.0), 4.7 * body.girth), Blob(flank, (9.4, 7.0, 8.0), chest)]
        )
    chains.append(
        [
            Blob(at(base, chest, 0.2, -1.6, 0.0), (4.3, 2.2, 5.4), chest),
            Blob(at(base, chest, 0.0, -4.5, 0.0), (5.5, 2.5, 7.0), chest),
        ]
    )
    return chains


def hem(body: Body, flex: float) -> list[Blob]:
    """The band of the shirt from hip to waist; it rides up with the more bent hip (`flex`, degrees)."""
    ride = max(0.0, min(90.0, flex)) / 90.0
    pelvis_at, pelvis = body.points["pelvis"], body.frames["pelvis"]
    waist_at, waist = body.spine[1]
    low, high = at(pelvis_at, pelvis, -0.4, 1.2 + 3.6 * ride, 0.0), at(waist_at, waist, 0.5, 0.0, 0.0)
    band = []
    for f in _HEM_STEPS:
        soft = f * f * (3.0 - 2.0 * f)
        width = ((16.5 - 0.9 * ride) * (1.0 - soft) + 13.3 * soft) * body.girth
        rise = body.channels["belly.out"] * _BELLY[1] * soft / 2.0
        axes = ((10.2 - soft) * body.girth + rise, 0.5 if f == 0.0 else 1.6, width)
        basis = average(pelvis, waist, f)
        band.append(Blob(step(mix(low, high, f), basis[0], rise), axes, basis))
    return band


def pelvis(body: Body, near: Sequence[Side]) -> list[list[Blob]]:
    """Chains of the trousers' seat; on the `near` sides the buttock of a straight hip runs into its thigh."""
    centre, basis, girth = body.points["pelvis"], body.frames["pelvis"], body.girth
    chains = [
        [
            Blob(at(centre, basis, -1.0, -0.5, 0.0), (9.4 * girth, 7.6, 15.0 * girth), basis),
            Blob(at(centre, basis, -0.5, 5.0, 0.0), (9.6 * girth, 4.5, 14.6 * girth), basis),
            Blob(at(centre, basis, 0.0, 8.0, 0.0), (9.2 * girth, 3.5, 13.8 * girth), basis),
        ],
        [ball(body.points["hip_r"], 8.6 * girth), ball(body.points["hip_l"], 8.6 * girth)],
    ]
    for side in near:
        full = max(0.0, min(1.0, (80.0 - thigh_flex(body, side)) / 25.0))
        if full > 0.0:
            hip, knee = body.points[f"hip_{side}"], body.points[f"knee_{side}"]
            seat = at(centre, basis, -3.3 * full, -1.2, 7.2 * sign(side))
            thigh = step(mix(hip, knee, 0.31), body.frames[f"thigh_{side}"][0], 0.5)
            axes = ((6.8 + 0.4 * full) * girth, 6.8 * girth, 7.0 * girth)
            chains.append([Blob(seat, axes, basis), ball(thigh, 8.3 * (1.0 + 0.85 * (girth - 1.0)))])
    return chains


def neck(body: Body) -> list[Blob]:
    """The neck, from under the collar into the skull."""
    base, chest, basis = body.points["neck_base"], body.frames["chest"], body.frames["neck"]
    top, skull = body.points["neck_top"], body.frames["head"]
    return [
        Blob(at(base, chest, 2.0, -2.6, 0.0), (5.2, 2.4, 6.0), chest),
        Blob(at(base, chest, 0.9, 0.2, 0.0), (5.1, 3.0, 5.7), chest),
        Blob(step(mix(base, top, 0.4), basis[0], 0.6), (4.9, 3.0, 5.2), basis),
        Blob(step(mix(base, top, 0.75), basis[0], 0.5), (4.8, 3.0, 5.0), basis),
        Blob(at(top, skull, 0.2, 3.0, 0.0), (5.0, 4.0, 5.0), basis),
    ]
