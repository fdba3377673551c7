"""Target regions: where the glow lies on the body. Source: docs/figure.md, "Targets".

A region is a row of points on one body part, a radius, and the parts that may cover it: the glow is painted after
the last of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from traycoach.figure.channels import SIDES
from traycoach.figure.vector import Vec


@dataclass(frozen=True, slots=True)
class Region:
    """`points` are (along, off) on the part `on`; `radius` in cm; `under` are the layers to wait for."""

    on: str
    points: tuple[tuple[float, Vec], ...]
    radius: float
    under: frozenset[str]


# name: part, points, radius, layers. "#" stands for the side.
_SIDED: Final[dict[str, tuple[str, tuple[tuple[float, Vec], ...], float, tuple[str, ...]]]] = {
    "hamstring": ("thigh_#", ((0.3, (-5.5, 0, 0)), (0.78, (-4.2, 0, 0))), 3.6, ("thigh_#", "pelvis")),
    "quad": ("thigh_#", ((0.25, (5.0, 0, 0)), (0.75, (4.2, 0, 0))), 3.6, ("thigh_#", "pelvis")),
    "calf": ("shank_#", ((0.16, (-3.6, 0, 0)), (0.42, (-3.9, 0, 0))), 3.2, ("shank_#",)),
    "glute": ("pelvis", ((0.5, (-6.0, -2.5, 8.5)),), 6.0, ("thigh_#", "pelvis")),
    "piriformis": ("pelvis", ((0.5, (-3, -3.5, 12)), (0.5, (-5, 1, 7))), 5.8, ("thigh_#", "pelvis")),
    "hip_flexor": ("pelvis", ((0.5, (7, 3, 8)), (0.5, (8, -5, 8))), 4.2, ("thigh_#", "pelvis")),
    "shoulder": ("upper_#", ((0.08, (0, 0, 2)),), 5.0, ("upper_#",)),
    "forearm_palm": ("fore_#", ((0.12, (0, 0, -2)), (0.85, (0, 0, -1.6))), 2.6, ("fore_#",)),
    "forearm_back": ("fore_#", ((0.12, (0, 0, 2)), (0.85, (0, 0, 1.6))), 2.6, ("fore_#",)),
    "obliques": ("lumbar", ((0.5, (0, -4, 11)), (0.5, (0, 8, 11))), 4.2, ("lumbar",)),
    "neck_side": (
        "neck",
        ((0.5, (-0.5, 7, 4.2)), (0.5, (-0.5, 0, 6)), (0.5, (-1, -3, 11))),
        3.0,
        ("neck", "chest", "upper_r", "upper_l"),
    ),
}
_MIDDLE: Final[dict[str, tuple[str, tuple[tuple[float, Vec], ...], float, tuple[str, ...]]]] = {
    "lower_back": ("lumbar", ((0.5, (-7.5, -4, 0)), (0.5, (-7.5, 6, 0))), 4.6, ("lumbar",)),
    "upper_back": ("chest", ((0.5, (-8, 5, -5)), (0.5, (-8, 3, 0)), (0.5, (-8, 5, 5))), 5.0, ("chest",)),
    "core": ("lumbar", ((0.5, (8, -4, 0)), (0.5, (8.5, 10, 0))), 4.6, ("lumbar",)),
    "chest": ("chest", ((0.5, (8, 5, 7)), (0.5, (8, 5, -7))), 5.0, ("chest",)),
    "neck_deep": ("neck", ((0.5, (3.6, 0, 0)), (0.5, (3.4, 6, 0))), 1.7, ("neck",)),
    "neck_back": ("neck", ((0.5, (-3.8, 1, 0)), (0.5, (-3.4, 8, 0))), 1.7, ("neck",)),
}


def _regions() -> dict[str, Region]:
    regions = {name: Region(on, points, r, frozenset(under)) for name, (on, points, r, under) in _MIDDLE.items()}
    for name, (on, points, radius, under) in _SIDED.items():
        for side in SIDES:
            # Points on a limb count outward and need no mirror; points on the trunk do.
            mirrored = side == "l" and "#" not in on
            row = tuple((along, (x, y, -z if mirrored else z)) for along, (x, y, z) in points)
            covers = frozenset(layer.replace("#", side) for layer in under)
            regions[f"{name}_{side}"] = Region(on.replace("#", side), row, radius, covers)
    return regions


REGIONS: Final[dict[str, Region]] = _regions()


def other_side(name: str) -> str:
    """The same name on the other side; a name without side is its own mirror."""
    if name.endswith("_r"):
        return name[:-1] + "l"
    if name.endswith("_l"):
        return name[:-1] + "r"
    return name
