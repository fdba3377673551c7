"""The parts of a figure waiting to be painted, and what they need to know of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from traycoach.figure import shape_trunk
from traycoach.figure.brush import Brush, Style
from traycoach.figure.camera import Camera
from traycoach.figure.channels import SIDES, Side
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import Vec


class Part(NamedTuple):
    """A piece of the figure, or several painted as one, in the order of painting."""

    depth: float
    names: tuple[str, ...]
    paint: Callable[[], None]


class Stack(Brush):
    """Parts with their depth, to be run in order."""

    def __init__(self, body: Body, camera: Camera, targets: Sequence[str], style: Style) -> None:
        super().__init__(body, camera, targets, style)
        self.flex = max(shape_trunk.thigh_flex(body, side) for side in SIDES)
        self.parts: list[Part] = []
        self.pelvis_done = False
        self.leg_parts: list[tuple[Vec, Vec, float]] = []
        """Bones of thighs and shanks (start, end) with the depth they are painted at."""
        self.arm_parts: list[tuple[Vec, Vec, float]] = []
        """The same of the arms queued so far."""
        self.leg_front = self.trunk_depth + 0.1
        """Depth of the nearest thigh: the hem is painted after it."""
        self.near_legs = [side for side in SIDES if self.far(self.hip_depth(side)) < 0.1]
        self.pelvis = self.row(shape_trunk.pelvis(body, self.near_legs))
        self._thighs_to_come = set(self.near_legs)
        self._legs_to_glow: list[str] = []

    def part(self, depth: float, paint: Callable[[], None], *names: str) -> None:
        """Queue a part made of the named pieces."""
        self.parts.append(Part(depth, names, paint))

    def hip_depth(self, side: Side) -> float:
        """Depth of a hip joint, spread a little, as the measure of a leg's tone."""
        points = self.body.points
        return self.trunk_depth + (self.depth(points[f"hip_{side}"]) - self.depth(points["pelvis"])) * 1.6

    def glow_leg(self, side: Side, *layers: str) -> None:
        """Paint a leg's glows; those of near legs after the last of them, as each brings the pelvis again."""
        if side not in self.near_legs:
            self.glow(*layers)
            return
        self._thighs_to_come.discard(side)
        self._legs_to_glow += layers
        if not self._thighs_to_come:
            self.glow(*self._legs_to_glow)

    def limb_girth(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Girth of upper arm and thigh, of forearm and shank, at their roots and ends: less and less to the ends."""
        more = self.body.girth - 1.0
        return (1.0 + more, 1.0 + 0.7 * more), (1.0 + 0.7 * more, 1.0 + 0.3 * more)

    def moved(self, part: str) -> float:
        """How far the pose moves a part towards the viewer in the order of painting."""
        return self.body.layer.get(part, 0.0)
