"""Paints the figure of one clip: `Stage` is all a window needs.

    clip = parse_clip(exercise_mapping, poses_mapping)          # traycoach.figure.clip, pure, raises UserError
    stage = Stage(clip, side="left", palette=DARK)
    stage.paint(painter, QRectF(rect), t=1.4)                   # t: seconds since the loop began, any size, any DPR
    stage.thumbnail(QSize(72, 56), dpr=2.0)                     # QImage of the key pose

Everything is painted in logical pixels of the given rectangle; the device pixel ratio is read from the painter.
(API skeleton: signatures and contracts are final, the body follows.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from traycoach.ui.palette import LIGHT, FigureLook, Palette

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF, QSize
    from PySide6.QtGui import QImage, QPainter

    from traycoach.figure.clip import Clip

Side = Literal["right", "left"]

FRAMES_PER_SECOND = 30
PULSE_PERIOD_S = 2.4


class Stage:
    """One clip, one side, one palette, ready to be painted at any time and size."""

    def __init__(
        self,
        clip: Clip,
        side: Side = "right",
        palette: Palette = LIGHT,
        look: FigureLook = FigureLook(),
        insets: tuple[float, float, float, float] = (24.0, 16.0, 24.0, 16.0),
    ) -> None:
        """`side` "left" mirrors the picture (clips with `sides = "none"` ignore it).

        `insets` (left, top, right, bottom, logical px) are kept free around the figure when the clip is fitted to the
        stage; close-ups with a frame of their own ignore them.
        """
        raise NotImplementedError

    @property
    def duration(self) -> float:
        """Seconds of one loop (all moves and holds). A counted step counts one repetition per loop."""
        raise NotImplementedError

    @property
    def alt(self) -> str:
        """The sentence for screen readers, worded for this side."""
        raise NotImplementedError

    def cue(self, t: float) -> str:
        """The cue of the move running at `t`, else the last cue before it in the loop; "" if the clip has none."""
        raise NotImplementedError

    def changes_in(self, t: float) -> float:
        """Seconds until the picture (pulse aside) changes: 0.0 during a move, the rest of the hold during a hold.

        A window repaints every 1/30 s while this is 0.0; during a hold every 0.1 s if it wants the glow to pulse, or
        once after `changes_in(t)` if not.
        """
        raise NotImplementedError

    def paint(self, painter: QPainter, rect: QRectF, t: float, pulse: float | None = None, arrows: bool = True) -> None:
        """Paint stage, props, figure and marks of the moment `t` (seconds, any number; taken modulo `duration`).

        `pulse` is the swell of the target glow, -1…1; None takes it from `t` (2.4 s period); pass 0.0 for no pulse.
        `arrows` False leaves out arrows and gaze ("get ready", pause). Corners are rounded by the caller's clip.
        """
        raise NotImplementedError

    @property
    def still_count(self) -> int:
        """Number of still poses for reduced motion (>= 1)."""
        raise NotImplementedError

    def paint_still(self, painter: QPainter, rect: QRectF, index: int, arrows: bool = True) -> None:
        """Paint still pose `index` (0 … still_count-1), no pulse, with the arrows of the move that leads to it."""
        raise NotImplementedError

    def image(self, size: QSize, dpr: float, t: float, pulse: float | None = None, arrows: bool = True) -> QImage:
        """The same picture as an image of `size` logical px (for cross-fades and tests)."""
        raise NotImplementedError

    def thumbnail(self, size: QSize, dpr: float = 1.0, pose: str | None = None) -> QImage:
        """A small picture of `pose` (default: the clip's key pose, the last of `still`), without arrows and gaze."""
        raise NotImplementedError

    def bake(self, budget_s: float = 0.008) -> bool:
        """Prepare frames not drawn yet for at most `budget_s`; True while some are left. Call it when idle."""
        raise NotImplementedError
