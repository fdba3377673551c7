"""A clip as drawings: framing, the fixed backdrop, and frames that are made once and kept.

Use: `film = Film(clip, Style(detail=Detail.FACE))`, then `film.drawing(film.index(t))` is the frame at `t`;
`film.bounds` and `film.backdrop` are for the painter's mapping and its static layer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from traycoach.figure.brush import Style
from traycoach.figure.camera import Camera
from traycoach.figure.channels import SIDES
from traycoach.figure.clip import Clip
from traycoach.figure.drawing import Backdrop, Drawing
from traycoach.figure.layers import figure
from traycoach.figure.marks import marks
from traycoach.figure.pose import Pose, Stance
from traycoach.figure.props import corners
from traycoach.figure.scene import CloseUp, FixedFrame
from traycoach.figure.scenery import backdrop, shadows
from traycoach.figure.shape_head import middle
from traycoach.figure.skeleton import Body
from traycoach.figure.solver import solve
from traycoach.figure.vector import Vec, at

_BOUNDS_SAMPLES = 24


@dataclass(frozen=True, slots=True)
class Bounds:
    """What must be seen, in picture cm. `tight` frames are shown as they are, others fitted with a margin."""

    left: float
    bottom: float
    right: float
    top: float
    tight: bool


@dataclass(frozen=True)
class Film:
    """The drawings of a clip in one style. Frames are drawn on first use and kept."""

    clip: Clip
    style: Style = field(default_factory=Style)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_drawings", {})

    @cached_property
    def camera(self) -> Camera:
        """The clip's camera."""
        return Camera.seeing(self.clip.setting.view, self.clip.setting.pitch)

    @cached_property
    def backdrop(self) -> Backdrop:
        """Props and their shadow."""
        return backdrop(self.clip.setting.props, self.camera)

    @property
    def frame_count(self) -> int:
        """Number of distinct frames."""
        return self.clip.timeline.frame_count

    def index(self, t: float) -> int:
        """The frame at time `t` (seconds)."""
        return self.clip.timeline.frame_index(t)

    def has(self, index: int) -> bool:
        """Whether frame `index` is drawn already."""
        return index in self._kept

    def drawing(self, index: int) -> Drawing:
        """Frame `index`."""
        kept = self._kept
        if index not in kept:
            kept[index] = self.draw(self.clip.timeline.frame(self.clip.timeline.frame_time(index)))
        return kept[index]

    def draw(self, stance: Stance | Pose) -> Drawing:
        """Draw any stance, keeping nothing."""
        body = solve(stance, self.clip.setting.props)
        return Drawing(
            shadows=shadows(body, self.clip.setting.props, self.camera),
            figure=figure(body, self.camera, self.clip.target, self.style, self.backdrop.near),
            marks=marks(self.clip, body, self.camera),
        )

    @cached_property
    def bounds(self) -> Bounds:
        """The part of the picture plane to show."""
        match self.clip.setting.frame:
            case FixedFrame(x=x, y=y, height=height):
                return _square(x, y, height)
            case CloseUp() as close:
                bodies = [solve(self.clip.poses[move.to], self.clip.setting.props) for move in self.clip.moves]
                spots = [self.camera.project(body.on(close.on, close.along, close.off)) for body in bodies]
                x, y = (sum(axis) / len(spots) for axis in zip(*spots, strict=True))
                return _square(x, y, close.span)
        return self._fitted()

    @property
    def _kept(self) -> dict[int, Drawing]:
        kept: dict[int, Drawing] = self.__dict__["_drawings"]
        return kept

    def _fitted(self) -> Bounds:
        """The whole movement and what belongs to it; desk, wall and door may run out of the picture."""
        timeline, camera = self.clip.timeline, self.camera
        spots: list[tuple[float, float, float]] = []
        stances: list[Stance | Pose] = [self.clip.poses[move.to] for move in self.clip.moves]
        stances += [timeline.frame(timeline.duration * k / _BOUNDS_SAMPLES) for k in range(_BOUNDS_SAMPLES)]
        for stance in stances:
            body = solve(stance, self.clip.setting.props)
            spots += [(*camera.project(point), radius) for point, radius in _extremes(body)]
        for prop in self.clip.setting.props.values():
            spots += [(*camera.project(corner), 0.0) for corner in corners(prop)]
        return Bounds(
            left=min(x - r for x, _, r in spots),
            bottom=min(y - r for _, y, r in spots),
            right=max(x + r for x, _, r in spots),
            top=max(y + r for _, y, r in spots),
            tight=False,
        )


def _square(x: float, y: float, height: float) -> Bounds:
    half = height / 2.0
    return Bounds(x - half, y - half, x + half, y + half, tight=True)


def _extremes(body: Body) -> list[tuple[Vec, float]]:
    """Points that bound the body, each with the flesh around it."""
    wide = {"pelvis": 9.0, "hip_r": 9.0, "hip_l": 9.0, "neck_base": 9.0}
    points = [(point, wide.get(name, 6.0)) for name, point in body.points.items()]
    points.append((middle(body), 11.0))
    for side in SIDES:
        ankle, foot = body.points[f"ankle_{side}"], body.frames[f"foot_{side}"]
        points += [(at(ankle, foot, 18.0, -6.0, 0.0), 2.0), (at(ankle, foot, -6.0, -6.0, 0.0), 2.0)]
        points.append((at(body.points[f"wrist_{side}"], body.frames[f"hand_{side}"], 0.0, -17.0, 0.0), 3.0))
    return points
