"""Props and ground shadows as fills. Source: docs/figure.md, "Props and surfaces"."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import pairwise
from math import cos, exp, pi, sin, sqrt

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Backdrop, Fill, Points, Shadow, Tone
from traycoach.figure.outline import Blob, Chain, ball
from traycoach.figure.props import MAT_TOP, Chair, Desk, Mat, Scene, Wall, Window, ground
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import WORLD, Vec, at

FAR = 4000.0
"""A wall runs this far (cm) out of every picture."""

_LOW_JOINTS = ("ankle_r", "ankle_l", "knee_r", "knee_l", "wrist_r", "wrist_l", "pelvis", "elbow_r", "elbow_l")


def backdrop(scene: Scene, camera: Camera) -> Backdrop:
    """Everything of a scene that does not move."""
    back: list[Fill] = []
    front: list[Fill] = []
    shadows: list[Shadow] = []
    for prop in scene.values():
        match prop:
            case Chair():
                chair = _ChairDrawing(prop, camera)
                # Seen from behind, the backrest stands between the viewer and the figure.
                near_back = camera.toward[0] < -0.3
                back += chair.base() + ([] if near_back else chair.backrest()) + chair.cushion()
                front += chair.backrest() if near_back else []
                x, y = camera.project((prop.x, 0.0, 0.0))
                shadows.append(Shadow(x, y, 34.0, 34.0 * _flatness(camera), 0.45))
            case Desk():
                (front if prop.front else back).extend(_desk(prop, camera))
            case Wall():
                back += _wall(prop, camera)
            case Mat():
                back += _mat(prop, camera)
            case _:
                back += _window(prop, camera)
    return Backdrop(tuple(shadows), tuple(back), tuple(front))


def shadows(body: Body, scene: Scene, camera: Camera) -> tuple[Shadow, ...]:
    """One soft ellipse below each low joint; gone 26 cm above the ground (pelvis 45)."""
    level, flat = ground(scene), _flatness(camera)
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


def _flatness(camera: Camera) -> float:
    """Height of a circle on the ground, as a share of its width."""
    return max(0.13, sqrt(max(0.0, 1.0 - camera.up[1] ** 2)))


def _hull(camera: Camera, blobs: Iterable[Blob], role: str) -> Fill:
    return Fill((Chain(blobs, camera, convex=True).outline(),), Tone(role))


def _tube(camera: Camera, start: Vec, end: Vec, radius: float, role: str, end_radius: float | None = None) -> Fill:
    chain = Chain((ball(start, radius), ball(end, radius if end_radius is None else end_radius)), camera)
    return Fill((chain.outline(),), Tone(role))


def _box(camera: Camera, low: Vec, high: Vec, radius: float, role: str, top: str | None = None) -> list[Fill]:
    """A box with rounded edges and, if wanted, a top in a tone of its own."""
    xs, ys, zs = ((a + radius, b - radius) for a, b in zip(low, high, strict=True))
    fills = [_hull(camera, [ball((x, y, z), radius) for x in xs for y in ys for z in zs], role)]
    if top:
        lid = [Blob((x, high[1] - 0.2, z), (radius, 0.1, radius), WORLD) for x in xs for z in zs]
        fills.append(_hull(camera, lid, top))
    return fills


class _ChairDrawing:
    """An office chair on five casters."""

    def __init__(self, chair: Chair, camera: Camera) -> None:
        self.x, self.seat, self.camera = chair.x, chair.seat, camera

    def base(self) -> list[Fill]:
        x, seat, camera = self.x, self.seat, self.camera
        feet = ((22, 0), (-20, 0), (7, 21), (7, -21), (-14, 15), (-14, -15))
        fills = []
        for dx, dz in feet:
            fills.append(_tube(camera, (x, 9.0, 0.0), (x + dx, 4.8, dz), 2.0, "chair_dark", 1.4))
            fills.append(_hull(camera, [ball((x + dx, 2.4, dz), 2.4)], "caster"))
        fills.append(_tube(camera, (x, 9.0, 0.0), (x, seat - 9.0, 0.0), 2.4, "chair_dark", 2.0))
        fills.append(_tube(camera, (x, 7.0, 0.0), (x, seat * 0.45, 0.0), 3.2, "chair"))
        return fills

    def backrest(self) -> list[Fill]:
        x, seat, camera = self.x, self.seat, self.camera
        fills = [
            _tube(camera, (x - 8.0, seat - 8.0, 0.0), (x - 25.0, seat - 5.0, 0.0), 1.8, "chair_dark"),
            _tube(camera, (x - 25.0, seat - 5.0, 0.0), (x - 28.5, seat + 24.0, 0.0), 1.8, "chair_dark"),
        ]
        rows = []
        for height in (10, 18, 26, 34, 42, 50, 58):
            bulge = 2.4 * exp(-(((height - 22) / 13) ** 2)) - 0.0026 * max(0, height - 30) ** 2
            half = 14.0 - 0.0032 * (height - 20) ** 2
            rows.append([ball((x - 26.5 + bulge, seat + height, out * half), 2.4) for out in (-1.0, 1.0)])
        panels = tuple(Chain(low + high, camera, convex=True).outline() for low, high in pairwise(rows))
        return [*fills, Fill(panels, Tone("chair"))]

    def cushion(self) -> list[Fill]:
        x, seat, camera = self.x, self.seat, self.camera
        shell = _box(camera, (x - 23.0, seat - 8.2, -22.0), (x + 22.0, seat - 2.0, 22.0), 3.0, "chair_dark")
        return shell + _box(camera, (x - 24.0, seat - 4.5, -22.0), (x + 22.0, seat, 22.0), 2.2, "chair_light")


def _desk(desk: Desk, camera: Camera) -> list[Fill]:
    x, h, depth = desk.x, desk.h, desk.depth
    fills = []
    for z in (-50.0, 50.0):
        leg = x + depth * 0.75
        fills.append(_tube(camera, (leg, h - 3.0, z), (leg, 2.0, z), 2.0, "chair_dark"))
        fills.append(_tube(camera, (x + 8.0, 2.0, z), (x + depth - 4.0, 2.0, z), 2.0, "chair_dark"))
    fills += _box(camera, (x, h - 3.6, -60.0), (x + depth, h, 60.0), 1.4, "desk_side", "desk_top")
    if desk.monitor:
        stand, screen = x + depth * 0.72, x + depth * 0.68
        fills.append(_tube(camera, (stand, h, 0.0), (stand, h + 20.0, 0.0), 2.0, "chair_dark"))
        fills += _box(camera, (stand - 10.0, h, -12.0), (stand + 10.0, h + 1.4, 12.0), 0.7, "chair_dark")
        fills += _box(camera, (screen - 1.6, h + 14.0, -27.0), (screen + 1.6, h + 46.0, 27.0), 1.5, "caster")
    return fills


def _rectangle(left: float, bottom: float, right: float, top: float) -> Points[float]:
    return array("f", (left, bottom, right, bottom, right, top, left, top))


def _wall(wall: Wall, camera: Camera) -> list[Fill]:
    """A wall fills the picture behind its edge, with a plinth and an edge line."""
    edge, floor = camera.project((wall.x, 0.0, 0.0))
    if wall.x > 0:
        left, right, line = edge, edge + FAR, (edge, edge + 1.6)
    else:
        left, right, line = edge - FAR, edge, (edge - 1.6, edge)
    return [
        Fill((_rectangle(left, floor, right, floor + FAR),), Tone("chair_light")),
        Fill((_rectangle(line[0], floor, line[1], floor + FAR),), Tone("chair")),
        Fill((_rectangle(left, floor, right, floor + 9.0),), Tone("chair")),
    ]


def _mat(mat: Mat, camera: Camera) -> list[Fill]:
    dx, dz = mat.half
    low, high = (mat.x - dx, 0.0, mat.z - dz), (mat.x + dx, MAT_TOP, mat.z + dz)
    return _box(camera, low, high, 0.6, "mat_side", "mat")


def _window(window: Window, camera: Camera) -> list[Fill]:
    """A picture on the picture: always flat towards the viewer."""
    x, y = camera.project(window.at)
    width, height = window.size
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
        Fill((_rectangle(left, bottom, right, top),), Tone("sky")),
        Fill((disc(x + width * 0.2, y + height * 0.26, 5.0, 5.0),), Tone("sun")),
        Fill((disc(x - width * 0.25, y - height * 0.45, width * 0.546, height * 0.315),), Tone("hill")),
        Fill((disc(x + width * 0.32, y - height * 0.5, width * 0.585, height * 0.3375),), Tone("hill_near")),
    ]
    # Inner ring 1.3 cm inside the picture's edge, so that the frame covers the square corners of the view.
    frame = Fill((ring(1.3), ring(-1.3)), Tone("chair_light"), hollow=True)
    bar = Fill((_rectangle(x - 0.7, bottom, x + 0.7, top),), Tone("chair_light"))
    return [*view, bar, frame]
