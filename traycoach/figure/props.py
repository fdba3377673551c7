"""The things around the figure and the surfaces they offer for contacts. Lengths in cm.

Source: docs/figure.md, "Props and surfaces".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from traycoach.figure.vector import UP, Vec

MAT_TOP = 1.2


@dataclass(frozen=True, slots=True)
class Chair:
    """Office chair; `x` is the middle of the seat, `seat` its height."""

    x: float = 0.0
    seat: float = 46.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Desk; `x` is its front edge, `h` the height of its top."""

    x: float = 45.0
    h: float = 73.0
    depth: float = 60.0
    monitor: bool = False
    front: bool = False
    """Drawn in front of the figure instead of behind it."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Wall across the x axis; a negative `x` stands behind the figure."""

    x: float = 40.0


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


Prop = Chair | Desk | Wall | Mat | Window
KINDS: dict[str, type[Prop]] = {"chair": Chair, "desk": Desk, "wall": Wall, "mat": Mat, "window": Window}
SURFACES: tuple[str, ...] = ("floor", "mat", "chair.seat", "chair.back", "desk", "desk.edge", "wall")


@dataclass(frozen=True, slots=True)
class Surface:
    """A plane for contacts: a point on it and its outward normal; `x` of a contact counts from `start`."""

    origin: Vec
    normal: Vec
    start: float = 0.0

    @property
    def level(self) -> bool:
        """Whether things stand on it (else they lean against it)."""
        return self.normal[1] > 0.5

    def at(self, x: float, y: float, z: float, gap: float = 0.0) -> Vec:
        """The contact point: on a level surface `y` above it; at an upright one `y` high and `gap` away from it."""
        if self.level:
            return (self.start + x, self.origin[1] + y, z)
        return (self.origin[0] + self.normal[0] * gap, y, z)


Scene = dict[str, Prop]
"""The props of a clip by kind."""


def surface(scene: Scene, name: str) -> Surface | None:
    """The surface called `name`, or None if no prop of the scene offers it."""
    if name == "floor":
        return Surface((0.0, 0.0, 0.0), UP)
    prop = scene.get(name.partition(".")[0])
    match prop, name:
        case Mat(), "mat":
            return Surface((0.0, MAT_TOP, 0.0), UP)
        case Chair(x=x, seat=seat), "chair.seat":
            return Surface((x, seat, 0.0), UP, x)
        case Chair(x=x, seat=seat), "chair.back":
            return Surface((x - 24.0, seat + 30.0, 0.0), (1.0, 0.0, 0.0))
        case Desk(x=x, h=h), "desk":
            return Surface((x, h, 0.0), UP, x)
        case Desk(x=x, h=h), "desk.edge":
            return Surface((x, h - 2.0, 0.0), (-1.0, 0.0, 0.0))
        case Wall(x=x), "wall":
            return Surface((x, 120.0, 0.0), (-1.0 if x > 0 else 1.0, 0.0, 0.0))
    return None


def ground(scene: Scene) -> float:
    """Height of what the figure stands or lies on: the mat if there is one, else the floor."""
    return MAT_TOP if "mat" in scene else 0.0
