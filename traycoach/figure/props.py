"""The things around the figure and the surfaces they offer for contacts. Lengths in cm.

Source: docs/figure.md, "Props and surfaces".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import radians, tan
from typing import ClassVar, Final, Literal

from traycoach.figure.vector import UP, Vec, unit

MAT_TOP = 1.2
ARMREST_UP: Final = 22.0
"""Height of an armrest above its seat."""
ARMREST_ASIDE: Final = 27.0
"""Middle of an armrest from the middle of its seat."""
BACKREST_BEHIND: Final = 24.0
"""The backrest's face from the middle of the seat."""
SEAT_HALF: Final = 22.0


@dataclass(frozen=True, slots=True)
class Chair:
    """Office chair; `x` is the middle of the seat, `seat` its height. `facing` "back" turns it round.

    `legs`: it stands on four legs, for what must not be done on a chair that rolls.
    """

    x: float = 0.0
    seat: float = 46.0
    arms: bool = False
    legs: bool = False
    recline: float = 0.0
    """Degrees the backrest leans back."""
    facing: Literal["forward", "back"] = "forward"

    @property
    def way(self) -> float:
        """+1 facing forward, -1 facing back."""
        return 1.0 if self.facing == "forward" else -1.0


@dataclass(frozen=True, slots=True)
class Wheelchair:
    """Manual wheelchair; `x` is the middle of the seat, `seat` its height."""

    x: float = 0.0
    seat: float = 50.0

    WHEEL_BEHIND: ClassVar[float] = 14.0
    WHEEL_RADIUS: ClassVar[float] = 30.0
    RIM_RADIUS: ClassVar[float] = 27.0
    RIM_ASIDE: ClassVar[float] = 31.0
    FOOTREST_AHEAD: ClassVar[float] = 47.0
    FOOTREST_UP: ClassVar[float] = 12.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Desk; `x` is its front edge, `h` the height of its top."""

    x: float = 45.0
    h: float = 73.0
    depth: float = 60.0
    monitor: bool = False
    keyboard: bool = False
    front: bool = False
    """Drawn in front of the figure instead of behind it."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Wall across the x axis; a negative `x` stands behind the figure."""

    x: float = 40.0


@dataclass(frozen=True, slots=True)
class Door:
    """Doorway across the x axis: two posts `width` apart, their face towards the figure at `x`.

    `clear`: a post that would hide an arm is drawn as its outline only, with the figure seen through it.
    """

    x: float = 30.0
    width: float = 80.0
    h: float = 205.0
    clear: bool = False

    POST: ClassVar[float] = 11.0
    """A post is as wide and as thick as this."""


@dataclass(frozen=True, slots=True)
class Box:
    """Step or footstool with its middle at (x, z), `h` high, `len` along x and `width` along z."""

    x: float = 35.0
    z: float = 0.0
    h: float = 12.0
    len: float = 30.0
    width: float = 44.0


@dataclass(frozen=True, slots=True)
class Ball:
    """Small ball on the floor at (x, z) with radius `r`."""

    x: float = 30.0
    z: float = 10.0
    r: float = 3.5


@dataclass(frozen=True, slots=True)
class Pillow:
    """Cushion with its middle at (x, z), `h` thick, lying on whatever is `y` high (None: mat or floor)."""

    x: float = -62.0
    z: float = 0.0
    h: float = 5.0
    len: float = 30.0
    width: float = 44.0
    y: float | None = None


@dataclass(frozen=True, slots=True)
class Mat:
    """Exercise mat with its middle at (x, z)."""

    x: float = 20.0
    z: float = 0.0
    len: float = 180.0
    width: float = 56.0
    along: Literal["x", "z"] = "x"

    @property
    def half(self) -> tuple[float, float]:
        """Half lengths along x and z."""
        if self.along == "x":
            return self.len / 2, self.width / 2
        return self.width / 2, self.len / 2


@dataclass(frozen=True, slots=True)
class Window:
    """Picture of a far view, with its middle at `at`; a contact cannot rest on it."""

    at: Vec
    size: tuple[float, float] = (60.0, 80.0)


Prop = Chair | Wheelchair | Desk | Wall | Door | Box | Ball | Pillow | Mat | Window
KINDS: dict[str, type[Prop]] = {
    "chair": Chair,
    "wheelchair": Wheelchair,
    "desk": Desk,
    "wall": Wall,
    "door": Door,
    "box": Box,
    "ball": Ball,
    "pillow": Pillow,
    "mat": Mat,
    "window": Window,
}
UPRIGHT: Final = ("wall", "door", "chair.edge_r", "chair.edge_l", "wheelchair.rim_r", "wheelchair.rim_l")
"""Surfaces on which a contact must say its height `y`."""
GROUNDS: Final = ("floor", "mat")
SURFACES: tuple[str, ...] = (
    *("floor", "mat", "chair.seat", "chair.back", "chair.arm_r", "chair.arm_l", "desk", "desk.edge"),
    *("box", "ball", "pillow", "wheelchair.seat", "wheelchair.back", "wheelchair.footrest"),
    *("wheelchair.armrest_r", "wheelchair.armrest_l", *UPRIGHT),
)


@dataclass(frozen=True, slots=True)
class Surface:
    """A plane for contacts: a point on it and its outward normal; `x z` of a contact count from `start`, `aside`."""

    origin: Vec
    normal: Vec
    start: float = 0.0
    aside: float = 0.0

    @property
    def level(self) -> bool:
        """Whether things stand on it (else they lean against it)."""
        return self.normal[1] > 0.5

    def at(self, x: float, y: float, z: float, gap: float = 0.0) -> Vec:
        """The contact point: on a level surface `y` above it; at an upright one `y` high and `gap` away from it."""
        nx, ny, nz = self.normal
        if self.level:
            return (self.start + x, self.origin[1] + y, self.aside + z)
        if abs(nz) > 0.5:
            return (self.start + x, y, self.origin[2] + nz * gap)
        # A leaning plane (reclined backrest) comes nearer or goes farther with the height.
        return (self.origin[0] - (y - self.origin[1]) * ny / nx + nx * gap, y + ny * gap, z)


Scene = Mapping[str, Prop]
"""The props of a clip by kind."""


def surface(scene: Scene, name: str) -> Surface | None:
    """The surface called `name`, or None if no prop of the scene offers it."""
    if name == "floor":
        return Surface((0.0, 0.0, 0.0), UP)
    stem, _, part = name.partition(".")
    prop = scene.get(stem)
    out = -1.0 if part.endswith("_l") else 1.0
    match prop:
        case Mat():
            return Surface((0.0, MAT_TOP, 0.0), UP)
        case Chair():
            return _chair(prop, part, out)
        case Wheelchair():
            return _wheelchair(prop, part, out)
        case Desk(x=x, h=h):
            return Surface((x, h - 2.0, 0.0), (-1.0, 0.0, 0.0)) if part == "edge" else Surface((x, h, 0.0), UP, x)
        case Wall(x=x):
            return Surface((x, 120.0, 0.0), (-1.0 if x > 0 else 1.0, 0.0, 0.0))
        case Door(x=x):
            return Surface((x, 120.0, 0.0), (-1.0, 0.0, 0.0))
        case Box(x=x, h=h):
            return Surface((x, h, 0.0), UP, x)
        case Ball(x=x, z=z, r=r):
            return Surface((x, 2.0 * r, z), UP, x, z)
        case Pillow(x=x, h=h):
            # A cushion gives way under what lies on it.
            return Surface((x, under(prop, scene) + 0.75 * h, 0.0), UP, x)
    return None


def _chair(chair: Chair, part: str, out: float) -> Surface:
    x, seat = chair.x, chair.seat
    if part == "back":
        face = unit((chair.way, tan(radians(chair.recline)), 0.0))
        return Surface((x - chair.way * BACKREST_BEHIND, seat + 5.0, 0.0), face)
    if part.startswith("arm"):
        return Surface((x, seat + ARMREST_UP, out * ARMREST_ASIDE), UP, x, out * ARMREST_ASIDE)
    if part.startswith("edge"):
        return Surface((x, seat, out * SEAT_HALF), (0.0, 0.0, out), x)
    return Surface((x, seat, 0.0), UP, x)


def _wheelchair(chair: Wheelchair, part: str, out: float) -> Surface:
    x, seat = chair.x, chair.seat
    if part == "back":
        return Surface((x - BACKREST_BEHIND, seat + 30.0, 0.0), (1.0, 0.0, 0.0))
    if part.startswith("armrest"):
        return Surface((x, seat + ARMREST_UP, out * ARMREST_ASIDE), UP, x, out * ARMREST_ASIDE)
    if part.startswith("rim"):
        hub = x - chair.WHEEL_BEHIND
        return Surface((hub, chair.WHEEL_RADIUS, out * chair.RIM_ASIDE), (0.0, 0.0, out), hub)
    if part == "footrest":
        ahead = x + chair.FOOTREST_AHEAD
        return Surface((ahead, chair.FOOTREST_UP, 0.0), UP, ahead)
    return Surface((x, seat, 0.0), UP, x)


def under(pillow: Pillow, scene: Scene) -> float:
    """Height of what a cushion lies on."""
    return ground(scene) if pillow.y is None else pillow.y


def ground(scene: Scene) -> float:
    """Height of what the figure stands or lies on: the mat if there is one, else the floor."""
    return MAT_TOP if "mat" in scene else 0.0


def corners(prop: Prop) -> list[Vec]:
    """Points that bound a prop which must be seen whole; none for one that may run out of the picture."""
    match prop:
        case Mat(x=x, z=z):
            dx, dz = prop.half
            low, high = (x - dx, 0.0, z - dz), (x + dx, 0.0, z + dz)
        case Box(x=x, z=z, h=h) | Pillow(x=x, z=z, h=h):
            dx, dz = prop.len / 2.0, prop.width / 2.0
            low, high = (x - dx, 0.0, z - dz), (x + dx, h, z + dz)
        case Wheelchair(x=x):
            hub = x - prop.WHEEL_BEHIND
            low, high = (hub - prop.WHEEL_RADIUS, 0.0, -prop.RIM_ASIDE), (hub, 60.0, prop.RIM_ASIDE)
        case _:
            return []
    return [(x, y, z) for x in (low[0], high[0]) for y in {low[1], high[1]} for z in (low[2], high[2])]
