"""The skeleton: body measures, forward kinematics, named points and part frames. Lengths in cm, angles in degrees.

The reference figure is 174 cm tall. Source: docs/figure.md, "Joints and signs" and "Body measures".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import asin, degrees
from typing import Final

from traycoach.figure.channels import SIDES, Side
from traycoach.figure.vector import (
    ORIGIN,
    WORLD,
    Basis,
    Vec,
    add,
    at,
    mix,
    spin_x,
    spin_y,
    spin_z,
    step,
)

HIP_HALF: Final = 8.6
PELVIS_UP: Final = 9.0
LUMBAR: Final = 17.0
CHEST: Final = 28.0
NECK: Final = 7.8
SHOULDER_HALF: Final = 16.4
SHOULDER_DROP: Final = 6.4
UPPER: Final = 28.5
FORE: Final = 25.0
THIGH: Final = 43.0
SHANK: Final = 41.5
LUMBAR_LINKS: Final = 3
CHEST_LINKS: Final = 4
NECK_REST: Final = 14.0
"""The neck leans forward this much in the neutral pose; the head takes it back."""

HEAD_MIDDLE: Final = (1.32, 10.23, 0.0)
"""Middle of the skull from the top of the neck."""

FOOT_POINTS: Final[dict[str, Vec]] = {
    "heel": (-4.2, -7.0, 0.0),
    "ball": (12.0, -7.0, 0.0),
    "sole": (4.0, -7.0, 0.0),
    "toe": (19.0, -7.0, 0.0),
}
HAND_POINTS: Final[dict[str, Vec]] = {
    "palm": (0.0, -8.0, -1.6),
    "fingers": (0.0, -14.0, -1.2),
    "wrist": ORIGIN,
    "wrap": (0.0, -8.4, -2.0),
}
"""Where a hand touches, for the right hand; mirror z for the left."""

MIDDLE_POINTS: Final = ("sit", "seat", "back", "pelvis")
SIDE_POINTS: Final = (*FOOT_POINTS, "knee", "kneecap", "elbow", "hand", "shoulder")
MIDDLE_PARTS: Final = ("head", "neck", "chest", "lumbar", "pelvis")
SIDE_PARTS: Final = ("thigh", "shank", "upper", "fore", "hand", "foot")
POINT_NAMES: Final = (*MIDDLE_POINTS, *(f"{p}_{s}" for p in SIDE_POINTS for s in SIDES))
PART_NAMES: Final = (*MIDDLE_PARTS, *(f"{p}_{s}" for p in SIDE_PARTS for s in SIDES))

_BONES: Final = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper": ("shoulder", "elbow"),
    "fore": ("elbow", "wrist"),
}


def sign(side: Side) -> float:
    """+1 for the right, -1 for the left."""
    return 1.0 if side == "r" else -1.0


@dataclass(slots=True)
class Body:
    """A solved body: joint positions, part frames, the spine's eight nodes. The solver moves it while solving.

    `points`: pelvis, neck_base, neck_top, and hip_ knee_ ankle_ shoulder_ elbow_ wrist_ for each side.
    `frames`: pelvis, chest, neck, head, and thigh_ shank_ foot_ upper_ fore_ hand_ for each side.
    """

    points: dict[str, Vec]
    frames: dict[str, Basis]
    spine: list[tuple[Vec, Basis]]
    toes: dict[Side, float]
    channels: Mapping[str, float]
    missing: dict[str, float]
    """How far (cm) a fully pinned end stays from its target, by end name; empty when all are reached."""
    held: Mapping[str, str] = field(default_factory=dict)
    """What is in the hands: "r", "l", or "both" for one thing between them."""
    wrapped: set[Side] = field(default_factory=set)
    """Hands that close around what they hold."""
    helping: dict[Side, float] = field(default_factory=dict)
    """How far (0…1) a hand holds the other arm or hand; hands that do not are left out."""
    girth: float = 1.0
    """How wide the flesh is drawn, as a share of the reference figure's; bones and contacts keep their places."""
    layer: Mapping[str, float] = field(default_factory=dict)
    """How far (cm) limbs and head are moved towards the viewer in the order of painting."""

    def shift(self, by: Vec) -> None:
        """Move the whole body."""
        for name, point in self.points.items():
            self.points[name] = add(point, by)
        self.spine = [(add(point, by), basis) for point, basis in self.spine]

    def point(self, name: str) -> Vec:
        """A named contact point (`POINT_NAMES`); KeyError for any other name."""
        points, frames = self.points, self.frames
        match name:
            case "sit":
                return add(points["pelvis"], (0.0, -9.2, 0.0))
            case "seat":
                return at(points["pelvis"], frames["pelvis"], -3.0, -9.2, 0.0)
            case "back":
                return at(points["pelvis"], frames["pelvis"], -10.5, 2.0, 0.0)
            case "pelvis":
                return points["pelvis"]
        stem, side = split_side(name)
        if stem in FOOT_POINTS:
            return at(points[f"ankle_{side}"], frames[f"foot_{side}"], *FOOT_POINTS[stem])
        if stem == "kneecap":
            return at(points[f"knee_{side}"], frames[f"shank_{side}"], 4.5, 0.0, 0.0)
        if stem == "hand":
            x, y, z = HAND_POINTS["palm"]
            return at(points[f"wrist_{side}"], frames[f"hand_{side}"], x, y, z * sign(side))
        return points[name]

    def on(self, part: str, along: float = 0.5, off: Vec = ORIGIN) -> Vec:
        """A point on a body part (`PART_NAMES`): `along` 0…1 from its root, `off` (front, up, outward)."""
        points, frames = self.points, self.frames
        x, y, z = off
        match part:
            case "head":
                return at(points["neck_top"], frames["head"], x, y, z)
            case "neck":
                return at(points["neck_base"], frames["neck"], x, y, z)
            case "chest":
                return at(*self.spine[5], x, y, z)
            case "lumbar":
                return at(*self.spine[2], x, y, z)
            case "pelvis":
                return at(points["pelvis"], frames["pelvis"], x, y, z)
        stem, side = split_side(part)
        z *= sign(side)
        if stem == "hand":
            return at(points[f"wrist_{side}"], frames[part], x, y - 16.0 * along, z)
        if stem == "foot":
            return at(points[f"ankle_{side}"], frames[part], x + 16.0 * along, y - 4.0, z)
        start, end = _BONES[stem]
        return at(mix(points[f"{start}_{side}"], points[f"{end}_{side}"], along), frames[part], x, y, z)


def split_side(name: str) -> tuple[str, Side]:
    """("thigh_r") -> ("thigh", "r"); KeyError for a name that is neither right nor left."""
    stem, _, side = name.rpartition("_")
    if side == "r":
        return stem, "r"
    if side == "l":
        return stem, "l"
    raise KeyError(name)


def stand_up(channels: Mapping[str, float]) -> Body:
    """Forward kinematics: the body with these channel values, pelvis at the origin, no contacts yet."""
    c = channels
    pelvis = spin_x(spin_z(spin_y(WORLD, -c["root.turn"]), -c["root.lean"]), c["root.tilt"])
    points: dict[str, Vec] = {"pelvis": ORIGIN}
    frames: dict[str, Basis] = {"pelvis": pelvis}
    spine = _spine(c, pelvis)
    top, chest = spine[-1]
    frames["chest"] = chest
    points["neck_base"] = top

    # Sliding the head forward tilts the neck and turns the head back by as much: the face travels level.
    slide = degrees(asin(max(-0.9, min(0.9, c["neck.slide"] / NECK))))
    lean = NECK_REST + slide + c["neck.flex"] * 0.6
    neck = spin_x(spin_z(spin_y(chest, -c["neck.turn"] * 0.5), -lean), c["neck.side"] * 0.6)
    frames["neck"] = neck
    points["neck_top"] = step(top, neck[1], NECK)
    nod = NECK_REST + slide - c["head.flex"] - c["neck.flex"] * 0.4
    tilted = spin_x(spin_z(neck, nod), c["neck.side"] * 0.4 + c["head.side"])
    frames["head"] = spin_y(tilted, -c["neck.turn"] * 0.5 - c["head.turn"])

    for side in SIDES:
        _arm(c, side, points, frames)
        _leg(c, side, points, frames)
    toes = {side: c[f"toes_{side}"] for side in SIDES}
    return Body(points, frames, spine, toes, c, {})


def _spine(c: Mapping[str, float], pelvis: Basis) -> list[tuple[Vec, Basis]]:
    """Lumbar bends over three links and chest over four, so the back is a curve."""
    position, current = step(ORIGIN, pelvis[1], PELVIS_UP), pelvis
    nodes = [(position, current)]
    for part, links, size in (("lumbar", LUMBAR_LINKS, LUMBAR), ("chest", CHEST_LINKS, CHEST)):
        flex, side, twist = (c[f"{part}.{value}"] / links for value in ("flex", "side", "turn"))
        for _ in range(links):
            current = spin_x(spin_z(spin_y(current, -twist), -flex), side)
            position = step(position, current[1], size / links)
            nodes.append((position, current))
    return nodes


def _arm(c: Mapping[str, float], side: Side, points: dict[str, Vec], frames: dict[str, Basis]) -> None:
    out, chest = sign(side), frames["chest"]
    back, up = c[f"scapula_{side}.back"], c[f"scapula_{side}.up"]
    points[f"shoulder_{side}"] = at(
        points["neck_base"],
        chest,
        -back * 0.9 - 0.5,
        up - SHOULDER_DROP,
        out * (SHOULDER_HALF - abs(back) * 0.28),
    )
    upper = spin_z(chest, c[f"shoulder_{side}.flex"])
    upper = spin_y(spin_x(upper, -out * c[f"shoulder_{side}.abd"]), -out * c[f"shoulder_{side}.rot"])
    fore = spin_z(upper, c[f"elbow_{side}"])
    points[f"elbow_{side}"] = step(points[f"shoulder_{side}"], upper[1], -UPPER)
    points[f"wrist_{side}"] = step(points[f"elbow_{side}"], fore[1], -FORE)
    frames[f"upper_{side}"], frames[f"fore_{side}"] = upper, fore
    frames[f"hand_{side}"] = free_hand(c, side, fore)


def free_hand(c: Mapping[str, float], side: Side, fore: Basis) -> Basis:
    """The hand's frame from forearm and wrist channels."""
    out = sign(side)
    turned = spin_y(fore, out * c[f"forearm_{side}"])
    return spin_z(spin_x(turned, out * c[f"wrist_{side}.flex"]), c[f"wrist_{side}.dev"])


def _leg(c: Mapping[str, float], side: Side, points: dict[str, Vec], frames: dict[str, Basis]) -> None:
    out, pelvis = sign(side), frames["pelvis"]
    points[f"hip_{side}"] = at(points["pelvis"], pelvis, 0.0, 0.0, out * HIP_HALF)
    thigh = spin_z(pelvis, c[f"hip_{side}.flex"])
    thigh = spin_y(spin_x(thigh, -out * c[f"hip_{side}.abd"]), -out * c[f"hip_{side}.rot"])
    shank = spin_z(thigh, -c[f"knee_{side}"])
    points[f"knee_{side}"] = step(points[f"hip_{side}"], thigh[1], -THIGH)
    points[f"ankle_{side}"] = step(points[f"knee_{side}"], shank[1], -SHANK)
    frames[f"thigh_{side}"], frames[f"shank_{side}"] = thigh, shank
    frames[f"foot_{side}"] = spin_z(shank, c[f"ankle_{side}"])


def flat_foot(side: Side, toe_out: float) -> Basis:
    """Frame of a foot flat on the floor, toes turned out by `toe_out`."""
    return spin_y(WORLD, -sign(side) * toe_out)
