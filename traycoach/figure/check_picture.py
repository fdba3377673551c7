"""Checks of what is seen: 6 frame, 9 draw order, 10 hidden targets, 13 arrows over the head. See docs/figure.md."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from typing import Final, NamedTuple

from traycoach.figure import check_limits as limits
from traycoach.figure.camera import Camera
from traycoach.figure.channels import SIDES
from traycoach.figure.check_finding import Finding
from traycoach.figure.check_motion import Moments, moment_finding
from traycoach.figure.check_track import Moment
from traycoach.figure.clip import Clip
from traycoach.figure.film import Film
from traycoach.figure.layers import painting_order
from traycoach.figure.marks import arrow_curve
from traycoach.figure.region import REGIONS, other_side
from traycoach.figure.scene import CloseUp
from traycoach.figure.shape_head import middle
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import Vec, dot, length, mix, sub, unit
from traycoach.text import _

_LIMBS: Final = tuple((f"{part}_{side}", bones, r) for side in SIDES for part, bones, r in (
    ("upper", (f"shoulder_{side}", f"elbow_{side}"), 4.5),
    ("fore", (f"elbow_{side}", f"wrist_{side}"), 3.5),
    ("thigh", (f"hip_{side}", f"knee_{side}"), 7.5),
    ("shank", (f"knee_{side}", f"ankle_{side}"), 4.8),
))  # fmt: skip

_ON_THE_SKIN: Final = 3.0
"""A target nearer (cm) to its bone than this has no side to face away with."""


def frame(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 6: the whole body; in close-ups the part named and all targets."""
    film = Film(clip)
    bounds, camera = film.bounds, film.camera
    margin = limits.MARGIN * (bounds.top - bounds.bottom) if bounds.tight else 0.0
    # The stage is at least as wide as high, and a tight frame as high as the stage.
    for moment in moments:
        for name, point in _to_be_seen(clip, moment.body, bounds.tight):
            x, y = camera.project(point)
            inside = min(x - bounds.left, bounds.right - x, y - bounds.bottom, bounds.top - y)
            if inside < margin:
                message = _("{part} leaves the picture").format(part=name)
                yield moment_finding(6, moment, margin - inside, 0.0, message)


def _to_be_seen(clip: Clip, body: Body, tight: bool) -> Iterator[tuple[str, Vec]]:
    if not tight:
        yield from body.points.items()
        yield "head", middle(body)
        return
    close = clip.setting.frame
    if isinstance(close, CloseUp):
        yield close.on, body.on(close.on, close.along, close.off)
    for name in clip.target:
        region = REGIONS[name]
        for along, off in region.points:
            yield name, body.on(region.on, along, off)


class _Piece(NamedTuple):
    """A part as a thick line of the picture, each end with its depth."""

    name: str
    start: tuple[float, float, float]
    end: tuple[float, float, float]
    radius: float


def _pieces(body: Body, camera: Camera) -> list[_Piece]:
    def seen(point: Vec) -> tuple[float, float, float]:
        return (*camera.project(point), camera.depth(point))

    points = body.points
    pieces = [_Piece(name, seen(points[a]), seen(points[b]), radius) for name, (a, b), radius in _LIMBS]
    pieces.append(_Piece("shirt", seen(body.spine[1][0]), seen(body.spine[6][0]), 11.0))
    pieces.append(_Piece("pelvis", seen(points["hip_r"]), seen(points["hip_l"]), 8.0))
    pieces.append(_Piece("head", seen(middle(body)), seen(middle(body)), 9.0))
    return pieces


def _overlap(p: _Piece, q: _Piece) -> bool:
    """Whether two thick lines of the picture cover each other somewhere (measured at nine points)."""
    near = p.radius + q.radius
    for k in range(9):
        x, y, _depth = mix(p.start, p.end, k / 8)
        fx, fy, _depth = _foot(q, x, y)
        if hypot(fx - x, fy - y) < near:
            return True
    return False


def _foot(piece: _Piece, x: float, y: float) -> tuple[float, float, float]:
    """The point of the middle line the picture shows nearest to (x, y)."""
    (ax, ay, _a), (bx, by, _b) = piece.start, piece.end
    dx, dy = bx - ax, by - ay
    share = ((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-6)
    return mix(piece.start, piece.end, min(1.0, max(0.0, share)))


def _ranks(moment: Moment, camera: Camera) -> dict[str, int]:
    """The place of each part in the order of painting."""
    order = painting_order(moment.body, camera)
    return {name: index for index, names in enumerate(order) for name in names}


def _order_changes(then: dict[str, int], now: dict[str, int], moment: Moment, camera: Camera) -> set[str]:
    """The limbs whose place in the order of painting changed against a part they overlap."""
    changed = [
        (a, b)
        for i, (a, _bones, _r) in enumerate(_LIMBS)
        for b in (*(name for name, _bones, _r in _LIMBS[i + 1 :]), "shirt", "pelvis", "head")
        if (then[a] - then[b]) * (now[a] - now[b]) < 0
    ]
    if not changed:
        return set()
    pieces = {piece.name: piece for piece in _pieces(moment.body, camera)}
    limbs = set()
    for a, b in changed:
        # Neighbours of one limb meet in a joint whatever their order.
        if a[-2:] != b[-2:] and _overlap(pieces[a], pieces[b]):
            limbs |= {_limb_of(name) for name in (a, b) if name[-2] == "_"}
    return limbs


def _limb_of(piece: str) -> str:
    return f"{'arm' if piece.startswith(('upper', 'fore')) else 'leg'}_{piece[-1]}"


def draw_order(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 9. A hold is one frame, so its order can only change where it begins."""
    camera = Film(clip).camera
    counts: dict[str, int] = {}
    now = _ranks(moments[0], camera)
    for before, moment in pairwise(moments):
        then, now = now, _ranks(moment, camera)
        if before.arrived:
            counts = {}
        for limb in _order_changes(then, now, moment, camera):
            counts[limb] = counts.get(limb, 0) + 1
        if moment.arrived:
            for limb, count in counts.items():
                if count > limits.ORDER_CHANGES_MOVE:
                    message = _("{limb} changes places in the order of painting").format(limb=limb)
                    yield moment_finding(9, moment, count, limits.ORDER_CHANGES_MOVE, message)


def hidden(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 10 (warning): a target that faces away or is covered in every hold, or in every pose if nothing holds."""
    camera = Film(clip).camera
    shown = [moment for moment in moments if moment.held] or [moment for moment in moments if moment.arrived]
    seen = {name for name in clip.target if any(_seen(moment.body, camera, name) for moment in shown)}
    for name in clip.target:
        # Of two sides, the near one is enough.
        if name not in seen and other_side(name) not in seen:
            message = _("target {name} is not seen").format(name=name)
            yield moment_finding(10, shown[-1], 0.0, 0.0, message, is_warning=True)


def _seen(body: Body, camera: Camera, target: str) -> bool:
    region = REGIONS[target]
    own = {region.on, "shirt" if region.on in ("chest", "lumbar", "neck") else region.on, *region.under}
    pieces = [piece for piece in _pieces(body, camera) if piece.name not in own]
    for along, off in region.points:
        spot = body.on(region.on, along, off)
        outward = sub(spot, body.on(region.on, along, (0.0, off[1], 0.0)))
        if length(outward) >= _ON_THE_SKIN and dot(unit(outward), camera.toward) < limits.FACING:
            continue
        (x, y), deep = camera.project(spot), camera.depth(spot)
        if not any(_covers(piece, x, y, deep) for piece in pieces):
            return True
    return False


def _covers(piece: _Piece, x: float, y: float, deep: float) -> bool:
    fx, fy, depth = _foot(piece, x, y)
    return hypot(fx - x, fy - y) < 0.75 * piece.radius and depth > deep + piece.radius


def arrows(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 13 (warning): an arrow over the head, in the pose its move leads to."""
    camera = Film(clip).camera
    for moment in moments[1:]:
        if not moment.arrived:
            continue
        x, y = camera.project(middle(moment.body))
        for mark in clip.arrows:
            if moment.move.to in mark.moves:
                near = min(hypot(px - x, py - y) for px, py in arrow_curve(mark, moment.body, camera))
                if near < limits.HEAD_RADIUS:
                    message = _("an arrow crosses the head")
                    yield moment_finding(13, moment, near, limits.HEAD_RADIUS, message, is_warning=True)
