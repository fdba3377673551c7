"""Desk, wall, doorway, window and the things on the floor as fills. Source: docs/figure.md, "Props and surfaces"."""

from __future__ import annotations

from array import array
from math import cos, pi, sin
from typing import Final

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Fill, Points, Tone
from traycoach.figure.outline import Chain, ball
from traycoach.figure.prop_shapes import Placed, box, hull, rectangle, shadow_under, tube
from traycoach.figure.props import MAT_TOP, Ball, Box, Desk, Door, Mat, Pillow, Wall, Window

FAR: Final = 4000.0
"""A wall runs this far (cm) out of every picture."""
_TALL: Final = 1200.0
_FACING: Final = 0.25
"""A wall turned to the viewer by more than this (cosine) is drawn as a plane, else as an edge."""


def desk(prop: Desk, camera: Camera) -> Placed:
    """A desk with its monitor and keyboard."""
    x, h, depth = prop.x, prop.h, prop.depth
    fills = []
    for z in (-50.0, 50.0):
        leg = x + depth * 0.75
        fills.append(tube(camera, (leg, h - 3.0, z), (leg, 2.0, z), 2.0, "chair_dark"))
        fills.append(tube(camera, (x + 8.0, 2.0, z), (x + depth - 4.0, 2.0, z), 2.0, "chair_dark"))
    fills += box(camera, (x, h - 3.6, -60.0), (x + depth, h, 60.0), 1.4, "desk_side", "desk_top")
    if prop.keyboard:
        fills += box(camera, (x + 12.0, h, -20.0), (x + 25.0, h + 1.6, 20.0), 0.8, "chair_dark", "chair_light")
    if prop.monitor:
        stand, screen = x + depth * 0.72, x + depth * 0.68
        fills.append(tube(camera, (stand, h, 0.0), (stand, h + 20.0, 0.0), 2.0, "chair_dark"))
        fills += box(camera, (stand - 10.0, h, -12.0), (stand + 10.0, h + 1.4, 12.0), 0.7, "chair_dark")
        fills += box(camera, (screen - 1.6, h + 14.0, -27.0), (screen + 1.6, h + 46.0, 27.0), 1.5, "caster")
    return Placed(front=fills) if prop.front else Placed(back=fills)


def wall(prop: Wall, camera: Camera) -> Placed:
    """A wall with a plinth: behind the figure it fills the picture, from the side it begins at its edge."""
    if camera.toward[0] * prop.x < -_FACING * abs(prop.x):
        return Placed(
            back=[_plane(camera, prop.x, 0.0, _TALL, "chair_light"), _plane(camera, prop.x, 0.0, 9.0, "chair")]
        )
    edge, floor = camera.project((prop.x, 0.0, 0.0))
    if prop.x > 0:
        left, right, line = edge, edge + FAR, (edge, edge + 1.6)
    else:
        left, right, line = edge - FAR, edge, (edge - 1.6, edge)
    return Placed(
        back=[
            Fill((rectangle(left, floor, right, floor + FAR),), Tone("chair_light")),
            Fill((rectangle(line[0], floor, line[1], floor + FAR),), Tone("chair")),
            Fill((rectangle(left, floor, right, floor + 9.0),), Tone("chair")),
        ]
    )


def _plane(camera: Camera, x: float, low: float, high: float, role: str) -> Fill:
    """A band of the plane across the x axis, out of the picture to both sides."""
    points: Points[float] = array("f")
    for y, z in ((low, -_TALL), (low, _TALL), (high, _TALL), (high, -_TALL)):
        points.extend(camera.project((x, y, z)))
    return Fill((points,), Tone(role))


def door(prop: Door, camera: Camera) -> Placed:
    """Two posts and a lintel; the near post stands before the figure when seen from beyond the door, both when `clear`.

    A clear post is filled behind the figure and only its edge comes before it.
    """
    placed = Placed()
    half, thick = prop.width / 2.0, prop.POST
    far, near = sorted((1.0, -1.0), key=lambda out: camera.toward[2] * out)
    face = prop.x + thick * 0.5

    def post(out: float) -> list[Fill]:
        low, high = sorted((out * half, out * (half + thick)))
        return box(camera, (prop.x, 0.0, low), (prop.x + thick, prop.h, high), 0.8, "chair")

    lintel = box(camera, (prop.x, prop.h, -half - thick), (prop.x + thick, prop.h + thick, half + thick), 0.8, "chair")
    sill = tube(camera, (face, 0.4, -half), (face, 0.4, half), 0.6, "chair_light")
    placed.back += [sill, *lintel, *post(far)]
    beyond = camera.toward[0] > 0.05
    if beyond and prop.clear:
        placed.back += post(near)
        placed.front += [_edge(camera, prop, out * half) for out in (far, near)]
    else:
        (placed.front if beyond else placed.back).extend(post(near))
    return placed


def _edge(camera: Camera, prop: Door, z: float) -> Fill:
    """The outline of a post that begins at `z`."""
    thick = prop.POST if z > 0.0 else -prop.POST

    def around(inset: float) -> Points[float]:
        xs, zs = (
            (prop.x + inset, prop.x + prop.POST - inset),
            (z + inset * thick / prop.POST, z + thick - inset * thick / prop.POST),
        )
        corners = [ball((x, y, at), 0.8) for x in xs for y in (0.8, prop.h) for at in zs]
        return Chain(corners, camera, convex=True).outline()

    return Fill((around(0.8), around(1.9)), Tone("chair_dark"), hollow=True)


def step_box(prop: Box, camera: Camera) -> Placed:
    """A step or footstool."""
    dx, dz = prop.len / 2.0, prop.width / 2.0
    low, high = (prop.x - dx, 0.0, prop.z - dz), (prop.x + dx, prop.h, prop.z + dz)
    shadow = shadow_under(camera, (prop.x, 0.0, prop.z), max(dx, dz) * 1.25, 0.5)
    return Placed(back=box(camera, low, high, 1.2, "desk_side", "desk_top"), shadows=[shadow])


def small_ball(prop: Ball, camera: Camera) -> Placed:
    """A ball with a lighter spot."""
    spot = [ball((prop.x - 0.2 * prop.r, 1.3 * prop.r, prop.z + 0.2 * prop.r), prop.r * 0.5)]
    shadow = shadow_under(camera, (prop.x, 0.0, prop.z), prop.r * 1.9, 0.8)
    body = hull(camera, [ball((prop.x, prop.r, prop.z), prop.r)], "cloth")
    return Placed(back=[body, hull(camera, spot, "cloth_light")], shadows=[shadow])


def pillow(prop: Pillow, level: float, camera: Camera) -> Placed:
    """A cushion with a dent in its middle, lying on `level`."""
    dx, dz, half = prop.len / 2.0, prop.width / 2.0, prop.h / 2.0
    middle = level + half
    corners = [(prop.x + sx * (dx - half), prop.z + sz * (dz - half)) for sx in (-1, 1) for sz in (-1, 1)]
    whole = hull(camera, [ball((x, middle, z), half) for x, z in corners], "cloth")
    top = hull(camera, [ball((x, level + prop.h - 1.2, z), 1.2) for x, z in corners], "cloth_light")
    return Placed(back=[whole, top])


def mat(prop: Mat, camera: Camera) -> Placed:
    """An exercise mat."""
    dx, dz = prop.half
    low, high = (prop.x - dx, 0.0, prop.z - dz), (prop.x + dx, MAT_TOP, prop.z + dz)
    return Placed(back=box(camera, low, high, 0.6, "mat_side", "mat"))


def window(prop: Window, camera: Camera) -> Placed:
    """A picture on the picture: always flat towards the viewer."""
    x, y = camera.project(prop.at)
    width, height = prop.size
    left, bottom, right, top = x - width / 2, y - height / 2, x + width / 2, y + height / 2

    def disc(cx: float, cy: float, rx: float, ry: float) -> Points[float]:
        points: Points[float] = array("f")
        for k in range(64):
            px, py = cx + rx * cos(k * pi / 32), cy + ry * sin(k * pi / 32)
            points.extend((min(max(px, left), right), min(max(py, bottom), top)))
        return points

    def ring(grow: float) -> Points[float]:
        points: Points[float] = array("f")
        for k in range(48):
            c, s = cos((k + 0.5) * pi / 24), sin((k + 0.5) * pi / 24)
            corner = 3.0
            points.extend(
                (
                    (right - corner if c > 0 else left + corner) + c * (corner + grow),
                    (top - corner if s > 0 else bottom + corner) + s * (corner + grow),
                )
            )
        return points

    view = [
        Fill((rectangle(left, bottom, right, top),), Tone("sky")),
        Fill((disc(x + width * 0.2, y + height * 0.26, 5.0, 5.0),), Tone("sun")),
        Fill((disc(x - width * 0.25, y - height * 0.45, width * 0.546, height * 0.315),), Tone("hill")),
        Fill((disc(x + width * 0.32, y - height * 0.5, width * 0.585, height * 0.3375),), Tone("hill_near")),
    ]
    # Inner ring 1.3 cm inside the picture's edge, so that the frame covers the square corners of the view.
    frame = Fill((ring(1.3), ring(-1.3)), Tone("chair_light"), hollow=True)
    bar = Fill((rectangle(x - 0.7, bottom, x + 0.7, top),), Tone("chair_light"))
    return Placed(back=[*view, bar, frame])
