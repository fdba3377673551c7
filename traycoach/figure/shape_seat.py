"""Office chair and wheelchair as fills. Source: docs/figure.md, "Props and surfaces"."""

from __future__ import annotations

from itertools import pairwise
from math import cos, exp, radians, sin
from typing import Final

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Fill, Tone
from traycoach.figure.outline import Chain, ball
from traycoach.figure.prop_shapes import Placed, box, hull, shadow_under, tube, wheel
from traycoach.figure.props import ARMREST_ASIDE, ARMREST_UP, Chair, Wheelchair
from traycoach.figure.vector import Vec

_SIDES: Final = (1.0, -1.0)


def chair(prop: Chair, camera: Camera) -> Placed:
    """An office chair on five casters, or a chair on four legs."""
    drawing = _ChairDrawing(prop, camera)
    # Seen from behind, the backrest stands between the viewer and the figure.
    near_back = camera.toward[0] * prop.way < -0.3
    placed = Placed(shadows=[shadow_under(camera, (prop.x, 0.0, 0.0), 34.0, 0.45)])
    base = drawing.legs() if prop.legs else drawing.base()
    placed.back += base + ([] if near_back else drawing.backrest()) + drawing.cushion()
    placed.front += drawing.backrest() if near_back else []
    if prop.arms:
        for out in _SIDES:
            (placed.near if _near(camera, out) else placed.back).extend(drawing.arm(out))
    return placed


def _near(camera: Camera, out: float) -> bool:
    """Whether the side `out` of a seat is the viewer's."""
    return camera.toward[2] * out > 0.2


class _ChairDrawing:
    def __init__(self, prop: Chair, camera: Camera) -> None:
        self.prop, self.camera = prop, camera

    def spot(self, dx: float, y: float, z: float) -> Vec:
        """World point of one given from the middle of the seat in the chair's own direction."""
        return (self.prop.x + self.prop.way * dx, y, z)

    def leaning(self, dx: float, up: float, z: float) -> Vec:
        """A point of the backrest, `up` above the seat, turned back about its hinge."""
        hinge, angle = (-25.0, -5.0), radians(self.prop.recline)
        across, high = dx - hinge[0], up - hinge[1]
        back = across * cos(angle) - high * sin(angle)
        return self.spot(hinge[0] + back, self.prop.seat + hinge[1] + across * sin(angle) + high * cos(angle), z)

    def base(self) -> list[Fill]:
        seat, camera = self.prop.seat, self.camera
        feet = ((22, 0), (-20, 0), (7, 21), (7, -21), (-14, 15), (-14, -15))
        fills = []
        for dx, dz in feet:
            fills.append(tube(camera, self.spot(0.0, 9.0, 0.0), self.spot(dx, 4.8, dz), 2.0, "chair_dark", 1.4))
            fills.append(hull(camera, [ball(self.spot(dx, 2.4, dz), 2.4)], "caster"))
        fills.append(tube(camera, self.spot(0.0, 9.0, 0.0), self.spot(0.0, seat - 9.0, 0.0), 2.4, "chair_dark", 2.0))
        fills.append(tube(camera, self.spot(0.0, 7.0, 0.0), self.spot(0.0, seat * 0.45, 0.0), 3.2, "chair"))
        return fills

    def legs(self) -> list[Fill]:
        """Four legs, a little apart at the floor."""
        high, fills = self.prop.seat - 7.0, []
        for dx in (-19.0, 18.0):
            for dz in (-18.0, 18.0):
                top, foot = self.spot(dx, high, dz), self.spot(dx * 1.16, 1.5, dz * 1.08)
                fills.append(tube(self.camera, top, foot, 2.0, "chair_dark", 1.5))
        return fills

    def backrest(self) -> list[Fill]:
        camera, hinge = self.camera, self.leaning(-25.0, -5.0, 0.0)
        fills = [
            tube(camera, self.spot(-8.0, self.prop.seat - 8.0, 0.0), hinge, 1.8, "chair_dark"),
            tube(camera, hinge, self.leaning(-28.5, 24.0, 0.0), 1.8, "chair_dark"),
        ]
        rows = []
        for height in (10, 18, 26, 34, 42, 50, 58):
            bulge = 2.4 * exp(-(((height - 22) / 13) ** 2)) - 0.0026 * max(0, height - 30) ** 2
            half = 14.0 - 0.0032 * (height - 20) ** 2
            rows.append([ball(self.leaning(-26.5 + bulge, height, out * half), 2.4) for out in (-1.0, 1.0)])
        panels = tuple(Chain(low + high, camera, convex=True).outline() for low, high in pairwise(rows))
        return [*fills, Fill(panels, Tone("chair"))]

    def cushion(self) -> list[Fill]:
        x, seat, camera = self.prop.x, self.prop.seat, self.camera
        shell = box(camera, (x - 22.5, seat - 8.2, -22.0), (x + 22.5, seat - 2.0, 22.0), 3.0, "chair_dark")
        low, high = sorted((self.spot(-24.0, 0.0, 0.0)[0], self.spot(22.0, 0.0, 0.0)[0]))
        return shell + box(camera, (low, seat - 4.5, -22.0), (high, seat, 22.0), 2.2, "chair_light")

    def arm(self, out: float) -> list[Fill]:
        seat, camera, z = self.prop.seat, self.camera, out * ARMREST_ASIDE
        low = self.spot(-4.0, seat - 6.0, out * 18.0)
        post = [
            tube(camera, low, self.spot(-4.0, seat - 5.0, z), 1.7, "chair_dark"),
            tube(
                camera, self.spot(-4.0, seat - 5.0, z), self.spot(-2.0, seat + ARMREST_UP - 2.0, z), 1.7, "chair_dark"
            ),
        ]
        pad = [ball(self.spot(dx, seat + ARMREST_UP - 1.9, z + side), 1.9) for dx in (-13, 12) for side in (-1.8, 1.8)]
        return [*post, hull(camera, pad, "chair")]


def wheelchair(prop: Wheelchair, camera: Camera) -> Placed:
    """A manual wheelchair: the near wheel and armrest stand between the legs and the arms of the figure."""
    x, seat = prop.x, prop.seat
    placed = Placed(shadows=[shadow_under(camera, (x, 0.0, 0.0), 40.0, 0.45)])
    near_back = camera.toward[0] < -0.3
    back = [
        hull(
            camera,
            [ball((x - 25.5 - lean, seat + up, z), 1.6) for up, lean in ((4.0, 0.0), (42.0, 3.0)) for z in (-19, 19)],
            "chair",
        )
    ]
    back += [tube(camera, (x - 26.0, seat - 4.0, z), (x - 29.0, seat + 46.0, z), 1.4, "caster") for z in (-20.0, 20.0)]
    back += [
        tube(camera, (x - 29.0, seat + 46.0, z), (x - 38.0, seat + 47.0, z), 1.9, "chair_dark") for z in (-20.0, 20.0)
    ]
    cushion = box(camera, (x - 24.0, seat - 6.0, -21.0), (x + 20.0, seat, 21.0), 2.4, "chair_light")
    far, near = sorted(_SIDES, key=lambda out: camera.toward[2] * out)
    placed.back += _wheels(prop, camera, far) + ([] if near_back else back)
    placed.back += _arm(prop, camera, far) + cushion + _leg(prop, camera, far) + _leg(prop, camera, near)
    placed.near += _arm(prop, camera, near) + _wheels(prop, camera, near)
    placed.front += back if near_back else []
    return placed


def _wheels(prop: Wheelchair, camera: Camera, out: float) -> list[Fill]:
    hub = (prop.x - prop.WHEEL_BEHIND, prop.WHEEL_RADIUS, out * (prop.RIM_ASIDE - 3.0))
    rim = (hub[0], hub[1], out * prop.RIM_ASIDE)
    caster = (prop.x + 20.0, 8.0, out * 22.0)
    fills = [
        tube(camera, (caster[0], 16.0, caster[2]), (caster[0], prop.seat - 5.0, caster[2]), 1.5, "chair_dark"),
        wheel(camera, caster, 8.0, 2.6, "caster"),
        hull(camera, [ball(caster, 2.0)], "chair_dark"),
    ]
    for k in range(6):
        angle = radians(30.0 + 60.0 * k)
        tip = (hub[0] + 28.0 * cos(angle), hub[1] + 28.0 * sin(angle), hub[2])
        fills.append(tube(camera, hub, tip, 0.35, "chair_dark"))
    fills += [
        wheel(camera, hub, prop.WHEEL_RADIUS, 2.4, "caster"),
        wheel(camera, rim, prop.RIM_RADIUS, 1.3, "chair_dark"),
        hull(camera, [ball(hub, 3.0)], "chair_dark"),
    ]
    return fills


def _arm(prop: Wheelchair, camera: Camera, out: float) -> list[Fill]:
    x, top, z = prop.x, prop.seat + ARMREST_UP, out * ARMREST_ASIDE
    bars = [
        tube(camera, (x + 12.0, prop.seat - 4.0, out * 23.0), (x + 12.0, top - 2.0, z), 1.3, "chair_dark"),
        tube(camera, (x - 25.0, top - 2.5, out * 22.0), (x + 12.0, top - 2.5, z), 1.3, "chair_dark"),
    ]
    pad = [ball((x + dx, top - 1.9, z + side), 1.9) for dx in (-16.0, 12.0) for side in (-1.6, 1.6)]
    return [*bars, hull(camera, pad, "chair")]


def _leg(prop: Wheelchair, camera: Camera, out: float) -> list[Fill]:
    x, ahead, up, z = prop.x, prop.x + prop.FOOTREST_AHEAD, prop.FOOTREST_UP, out * 12.0
    bar = [
        tube(camera, (x + 18.0, prop.seat - 5.0, z * 1.5), (x + 28.0, prop.seat - 8.0, z * 1.5), 1.4, "chair_dark"),
        tube(camera, (x + 28.0, prop.seat - 8.0, z * 1.5), (ahead - 5.0, up - 1.0, z * 1.5), 1.4, "chair_dark"),
    ]
    return bar + box(camera, (ahead - 9.0, up - 2.2, z - 8.0), (ahead + 12.0, up, z + 8.0), 1.0, "chair_dark", "chair")
