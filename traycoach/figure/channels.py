"""The pose channels: every number a pose may set, with its limits and its value in the standing neutral pose.

Names are `joint.value` for the trunk ("lumbar.flex"), `joint_r.value` for limbs with several values
("shoulder_r.flex") and `joint_r` for limbs with one ("elbow_r"). Source: docs/figure.md, "Joints and signs".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["r", "l"]
SIDES: tuple[Side, Side] = ("r", "l")


@dataclass(frozen=True, slots=True)
class Channel:
    """Limits (inclusive) and neutral value.

    Degrees, except scapula, neck.slide and belly.out (cm), eyes.shut and eyes.squeeze (0…1), and glow.size (a factor).
    """

    low: float
    high: float
    neutral: float = 0.0


TRUNK: dict[str, dict[str, Channel]] = {
    "root": {
        "lean": Channel(-95, 95),
        "tilt": Channel(-95, 95),
        "turn": Channel(-180, 180),
        "x": Channel(-40, 40),
        "y": Channel(-40, 40),
        "z": Channel(-40, 40),
    },
    "lumbar": {"flex": Channel(-30, 55), "side": Channel(-28, 28), "turn": Channel(-12, 12)},
    "chest": {"flex": Channel(-25, 35), "side": Channel(-25, 25), "turn": Channel(-38, 38)},
    "belly": {"out": Channel(-1.5, 4)},
    "neck": {
        "flex": Channel(-60, 50),
        "side": Channel(-40, 40),
        "turn": Channel(-75, 75),
        "slide": Channel(-4, 5),
    },
    "head": {"flex": Channel(-20, 18), "side": Channel(-12, 12), "turn": Channel(-20, 20)},
    "eyes": {"x": Channel(-30, 30), "y": Channel(-20, 20), "shut": Channel(0, 1), "squeeze": Channel(0, 1)},
    "jaw": {"open": Channel(0, 20)},
    "glow": {"size": Channel(0.3, 1.4, 1)},
}
"""Joints in the middle of the body, and what else there is one of: one set of values each."""

LIMB: dict[str, dict[str, Channel]] = {
    "scapula": {"up": Channel(-3, 6), "back": Channel(-4.5, 5)},
    "shoulder": {"flex": Channel(-50, 180), "abd": Channel(-45, 180, 7), "rot": Channel(-80, 95, -5)},
    "wrist": {"flex": Channel(-75, 85), "dev": Channel(-32, 22)},
    "hip": {"flex": Channel(-25, 130), "abd": Channel(-30, 50, 2), "rot": Channel(-45, 60, 5)},
}
"""Joints of both sides with several values."""

SINGLE: dict[str, Channel] = {
    "elbow": Channel(0, 155, 5),
    "forearm": Channel(-92, 92, 15),
    "fingers": Channel(0, 100, 18),
    "thumb": Channel(0, 100, 10),
    "knuckles": Channel(-75, 90),
    "tips": Channel(-75, 40),
    "spread": Channel(-4, 22),
    "pinch": Channel(0, 100),
    "oppose": Channel(0, 70),
    "knee": Channel(0, 150),
    "ankle": Channel(-85, 30),
    "toes": Channel(0, 65),
}
"""Joints of both sides with one value."""

PINNED_ANKLE_HIGH = 35.0
"""A foot held on a surface may bring the shin this far over the toes (more than the free 30)."""


def _all() -> dict[str, Channel]:
    channels = {f"{joint}.{name}": c for joint, values in TRUNK.items() for name, c in values.items()}
    for side in SIDES:
        channels |= {f"{joint}_{side}.{name}": c for joint, values in LIMB.items() for name, c in values.items()}
        channels |= {f"{joint}_{side}": c for joint, c in SINGLE.items()}
    return channels


CHANNELS: dict[str, Channel] = _all()
NEUTRAL: dict[str, float] = {name: channel.neutral for name, channel in CHANNELS.items()}
ARM_CHANNELS: dict[Side, tuple[str, ...]] = {
    side: tuple(name for name in CHANNELS if name.startswith((f"shoulder_{side}", f"elbow_{side}"))) for side in SIDES
}
LEG_CHANNELS: dict[Side, tuple[str, ...]] = {
    side: tuple(name for name in CHANNELS if name.startswith((f"hip_{side}", f"knee_{side}"))) for side in SIDES
}
