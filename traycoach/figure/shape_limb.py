"""Arms and legs as chains of blobs, and the shoe. Radii: docs/figure.md, "Body measures"."""

from __future__ import annotations

from typing import Final, NamedTuple

from traycoach.figure.channels import Side
from traycoach.figure.outline import Blob, ball
from traycoach.figure.profile import Row, between_rows, resample
from traycoach.figure.skeleton import FORE, SHANK, THIGH, UPPER, Body, sign
from traycoach.figure.vector import Basis, Vec, at, mix, spin_z


class Link(NamedTuple):
    """One blob of a limb: how far along, how far in front of the bone, radius, thickness along the bone."""

    along: float
    front: float
    radius: float
    thick: float


# (along, radius, in front of the bone)
_PROFILES: Final[dict[str, tuple[list[Row], int, float]]] = {
    "upper": ([(0, 4.9, 0), (0.25, 4.85, 0.15), (0.6, 4.1, 0.25), (1, 3.5, 0)], 13, UPPER),
    "fore": ([(0, 3.5, 0), (0.22, 3.85, 0.15), (0.6, 3.15, 0), (1, 2.4, 0)], 13, FORE),
    "thigh": ([(0, 8.6, 0), (0.28, 8.4, 0.5), (0.7, 6.6, 0.5), (1, 5.4, 0)], 14, THIGH),
    "shank": ([(0, 5.4, 0), (0.28, 5.5, -0.9), (0.65, 4.3, -0.6), (0.9, 3.5, -0.1), (1, 3.4, 0)], 15, SHANK),
}


def _links(name: str, grow: float = 0.0, end: float = 1.0, flare: float = 0.0, hem: bool = False) -> tuple[Link, ...]:
    """The blobs of a limb up to `end`; `grow` and `flare` widen cloth, `hem` flattens the end to a straight edge."""
    profile, count, size = _PROFILES[name]
    rows = resample(profile, count)
    links = []
    for along in [row[0] for row in rows if row[0] < end - 0.02] + [end]:
        radius, front = between_rows(rows, along)
        radius += grow + flare * (along / end) ** 2
        # Thickness may not shrink towards the hem faster than what is left of the limb, else the outline breaks.
        thick = min(radius, 0.12 * radius + 0.8 * (end - along) * size) if hem else radius
        links.append(Link(along, front, radius, thick))
    return tuple(links)


UPPER_ARM: Final = _links("upper")
SLEEVE: Final = _links("upper", grow=0.45, end=0.6, flare=0.9, hem=True)
FOREARM: Final = _links("fore")
THIGH_LEG: Final = _links("thigh")
SHANK_LEG: Final = _links("shank", grow=0.3, end=0.93, flare=0.5, hem=True)


def limb(
    links: tuple[Link, ...], start: Vec, end: Vec, basis: Basis, girth: tuple[float, float] = (1.0, 1.0)
) -> list[Blob]:
    """The chain of a limb between two joints; `girth` widens it at its root and at its end."""
    (ax, ay, az), (bx, by, bz), (fx, fy, fz) = start, end, basis[0]
    dx, dy, dz = bx - ax, by - ay, bz - az
    blobs = []
    for t, front, slim, thick in links:
        center = (ax + dx * t + fx * front, ay + dy * t + fy * front, az + dz * t + fz * front)
        radius = slim * (girth[0] + (girth[1] - girth[0]) * t)
        if thick == slim:
            blobs.append(ball(center, radius))
        else:
            blobs.append(Blob(center, (radius, thick, radius), basis))
    return blobs


def first_after(links: tuple[Link, ...], along: float) -> int:
    """Index of the first link at or after `along`: contact shade leaves out the part before it."""
    return next(i for i, link in enumerate(links) if link.along >= along - 1e-6)


def ankle(body: Body, side: Side) -> list[Blob]:
    """Skin between trouser hem and shoe."""
    foot = body.points[f"ankle_{side}"]
    return [ball(mix(body.points[f"knee_{side}"], foot, 0.75), 3.5), ball(foot, 3.1)]


def shoe(body: Body, side: Side) -> tuple[list[list[Blob]], list[list[Blob]]]:
    """Chains of the upper and of the sole. The sole bends under the ball: raised heels leave the toes flat."""
    foot, heel = body.points[f"ankle_{side}"], body.frames[f"foot_{side}"]
    out, bend = sign(side), body.toes[side]
    ball_at = at(foot, heel, 12.2, -5.0, 0.0)
    toes = spin_z(heel, bend)
    # Leather bends over the joint: its roll takes most of the turn, the sole under it all of it.
    roll = spin_z(heel, bend * 0.7)
    joint = Blob(ball_at, (3.4, 1.9, 4.3), roll)
    under = Blob(at(ball_at, toes, 0.0, -1.3, 0.0), (3.2, 0.72, 4.3), toes)
    upper = [
        [
            Blob(at(foot, heel, -0.2, 0.3, 0.0), (3.6, 3.4, 3.4), heel),
            Blob(at(foot, heel, -3.4, -3.6, 0.0), (3.3, 3.0, 3.3), heel),
        ],
        [
            Blob(at(foot, heel, -3.4, -4.0, 0.0), (3.2, 2.6, 3.3), heel),
            Blob(at(ball_at, heel, -4.0, 0.4, out * 0.2), (4.0, 2.3, 4.0), heel),
            joint,
        ],
        [
            Blob(at(foot, heel, 0.2, 0.0, 0.0), (3.5, 3.2, 3.3), heel),
            Blob(at(foot, heel, 5.0, -2.9, 0.0), (3.2, 2.6, 3.5), heel),
            joint,
        ],
        [joint, Blob(at(ball_at, toes, 5.2, -0.35, -out * 0.4), (2.6, 1.55, 3.5), toes)],
    ]
    sole = [
        [
            Blob(at(foot, heel, -4.0, -6.3, 0.0), (2.6, 0.75, 3.1), heel),
            Blob(at(ball_at, heel, -4.0, -1.3, 0.0), (3.0, 0.72, 3.7), heel),
            under,
        ],
        [under, Blob(at(ball_at, toes, 5.4, -1.35, -out * 0.4), (2.6, 0.65, 3.5), toes)],
    ]
    return upper, sole
