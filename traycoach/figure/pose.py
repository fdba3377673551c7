"""What a pose says: channel values and contacts. Values only; parsing is in `pose_parser`, solving in `solver`.

`Pose` is one written pose. `Stance` is what the solver takes: a pose, or a moment between two of them, in which a
contact may count only in part. Source: docs/figure.md, "Placing the body".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from traycoach.figure.channels import NEUTRAL, Side
from traycoach.figure.vector import ORIGIN, Vec

End = Literal["foot", "ankle", "hand"]
Grip = Literal["palm", "fingers", "wrist", "wrap"]

LAYERED: dict[str, tuple[str, ...]] = {
    "head": ("head",),
    **{f"arm_{side}": (f"upper_{side}", f"fore_{side}") for side in ("r", "l")},
    **{f"leg_{side}": (f"thigh_{side}", f"shank_{side}") for side in ("r", "l")},
    **{f"{part}_{side}": (f"{part}_{side}",) for part in ("upper", "fore", "thigh", "shank") for side in ("r", "l")},
}
"""What `layer` may move: each word with the parts it stands for."""

ENDS: tuple[str, ...] = ("foot_r", "foot_l", "ankle_r", "ankle_l", "hand_r", "hand_l")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One point of the body fixed on a surface; decides where the whole body is.

    With `over`, the pelvis stands above those pinned feet at the height where the legs have `bend` degrees at the
    knee (None: the `knee` channel of the pose).
    """

    point: str
    on: str = "floor"
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    over: tuple[str, ...] = ()
    bend: float | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """An end of a limb held on a surface or on a body part.

    On a surface `x y z` count (desk and chair: x from the prop; wall: `y` and `gap`); on a part `along` (0…1) and
    `off` (front, up, outward, cm). Feet: `toe_out`, `heel_up`, `toe_up` (degrees). Hands: `palm` and `point` are
    directions or None (palm to the surface, fingers go on from the forearm). `swivel` turns the middle joint
    outward (degrees). Smaller `order` is solved first.
    """

    end: End
    side: Side
    on: str
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    gap: float = 0.0
    along: float = 0.5
    off: Vec = ORIGIN
    toe_out: float = 6.0
    heel_up: float = 0.0
    toe_up: float = 0.0
    swivel: float = 0.0
    palm: Vec | None = None
    point: Vec | None = None
    grip: Grip = "palm"
    order: int = 0

    @property
    def limb(self) -> str:
        """One of "arm_r", "arm_l", "leg_r", "leg_l"."""
        return f"{'arm' if self.end == 'hand' else 'leg'}_{self.side}"


@dataclass(frozen=True, slots=True)
class Settle:
    """Solve one root angle so that a second point (`of`, `along` it) lies `y` above the surface `on`."""

    dof: Literal["tilt", "lean"]
    of: str
    along: float = 1.0
    on: str = "mat"
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Pose:
    """A complete pose: every channel has a value; `pins` by end name ("hand_r").

    `held` is what is in the hands ("r", "l", "both"); `layer` moves limbs and head in the order of painting, by cm
    towards the viewer.
    """

    channels: Mapping[str, float] = field(default_factory=lambda: dict(NEUTRAL))
    anchor: Anchor | None = None
    pins: Mapping[str, Pin] = field(default_factory=dict)
    settle: Settle | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    layer: Mapping[str, float] = field(default_factory=dict)


Weighted = tuple[tuple[Pin, float], ...]


@dataclass(frozen=True, slots=True)
class Stance:
    """A pose or a moment between two poses, ready to be solved.

    `anchors` and the pins of each limb carry weights; a limb whose weights add up to less than 1 is partly free.
    """

    channels: Mapping[str, float]
    anchors: tuple[tuple[Anchor, float], ...]
    pins: Mapping[str, Weighted]
    settle: Settle | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    layer: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, pose: Pose) -> Stance:
        """The stance of a written pose: every contact counts in full."""
        return cls(
            channels=pose.channels,
            anchors=((pose.anchor, 1.0),) if pose.anchor else (),
            pins={pin.limb: ((pin, 1.0),) for pin in pose.pins.values()},
            settle=pose.settle,
            held=pose.held,
            layer=pose.layer,
        )
