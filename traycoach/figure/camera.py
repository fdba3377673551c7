"""The camera: orthographic, so a view is one angle. Source: docs/figure.md, "Camera"."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from traycoach.figure.vector import Vec, dot


@dataclass(frozen=True, slots=True)
class Camera:
    """Directions of the picture in the world: `right` and `up` span it, `toward` points to the viewer."""

    right: Vec
    up: Vec
    toward: Vec

    @classmethod
    def seeing(cls, view: float, pitch: float) -> Camera:
        """The camera at `view` degrees (0 front, 90 side, 180 back), raised by `pitch` degrees."""
        yaw, raised = radians(view), radians(pitch)
        level = (cos(yaw), 0.0, sin(yaw))
        return cls(
            right=(sin(yaw), 0.0, -cos(yaw)),
            up=(-level[0] * sin(raised), cos(raised), -level[2] * sin(raised)),
            toward=(level[0] * cos(raised), sin(raised), level[2] * cos(raised)),
        )

    def project(self, point: Vec) -> tuple[float, float]:
        """Picture coordinates in cm: x to the right, y up."""
        return dot(self.right, point), dot(self.up, point)

    def depth(self, point: Vec) -> float:
        """Distance towards the viewer, cm; larger is nearer."""
        return dot(self.toward, point)
