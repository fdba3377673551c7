"""Everything around the figure: props in their order of painting, and shadows on the ground."""

from __future__ import annotations

from traycoach.figure import shape_room, shape_seat
from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Backdrop, Shadow
from traycoach.figure.prop_shapes import Placed, flatness
from traycoach.figure.props import (
    Ball,
    Box,
    Chair,
    Desk,
    Door,
    Mat,
    Pillow,
    Prop,
    Scene,
    Wall,
    Wheelchair,
    Window,
    ground,
    under,
)
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import at

_LOW_JOINTS = ("ankle_r", "ankle_l", "knee_r", "knee_l", "wrist_r", "wrist_l", "pelvis", "elbow_r", "elbow_l")
_ORDER = (Window, Wall, Door, Desk, Mat, Box, Ball, Chair, Wheelchair, Pillow)
"""Props that may stand before others come later."""


def backdrop(scene: Scene, camera: Camera) -> Backdrop:
    """Everything of a scene that does not move."""
    placed = [
        _placed(prop, scene, camera) for prop in sorted(scene.values(), key=lambda prop: _ORDER.index(type(prop)))
    ]
    return Backdrop(
        shadows=tuple(shadow for one in placed for shadow in one.shadows),
        back=tuple(fill for one in placed for fill in one.back),
        front=tuple(fill for one in placed for fill in one.front),
        near=tuple(fill for one in placed for fill in one.near),
    )


def _placed(prop: Prop, scene: Scene, camera: Camera) -> Placed:
    match prop:
        case Chair():
            return shape_seat.chair(prop, camera)
        case Wheelchair():
            return shape_seat.wheelchair(prop, camera)
        case Desk():
            return shape_room.desk(prop, camera)
        case Wall():
            return shape_room.wall(prop, camera)
        case Door():
            return shape_room.door(prop, camera)
        case Box():
            return shape_room.step_box(prop, camera)
        case Ball():
            return shape_room.small_ball(prop, camera)
        case Pillow():
            return shape_room.pillow(prop, under(prop, scene), camera)
        case Mat():
            return shape_room.mat(prop, camera)
        case _:
            return shape_room.window(prop, camera)


def shadows(body: Body, scene: Scene, camera: Camera) -> tuple[Shadow, ...]:
    """One soft ellipse below each low joint; gone 26 cm above the ground (pelvis 45)."""
    level, flat = ground(scene), flatness(camera)
    result = []
    for joint in _LOW_JOINTS:
        point = body.points[joint]
        reach, size = (45.0, 15.0) if joint == "pelvis" else (26.0, 9.0)
        near = 1.0 - (point[1] - level) / reach
        if near <= 0.0:
            continue
        near = min(1.0, near)
        if joint.startswith("ankle"):
            point = at(point, body.frames[f"foot_{joint[-1]}"], 5.0, 0.0, 0.0)
        x, y = camera.project((point[0], level + 0.1, point[2]))
        size *= 0.8 + 0.3 * (1.0 - near)
        result.append(Shadow(x, y, size * 1.6, size * flat * 1.35, near))
    return tuple(result)
