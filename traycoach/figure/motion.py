"""Moves, easing and the timeline of one loop. Times in seconds. Source: docs/figure.md, "Time"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil, cos, pi
from typing import Final

from traycoach.figure.between import between
from traycoach.figure.pose import Pose, Stance

FRAMES_PER_SECOND: Final = 30


def _smooth(t: float) -> float:
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


EASES: Final[dict[str, Callable[[float], float]]] = {
    "smooth": _smooth,
    "in": lambda t: t * t,
    "out": lambda t: 1.0 - (1.0 - t) * (1.0 - t),
    "soft": lambda t: 0.5 - 0.5 * cos(pi * t),
    "linear": lambda t: t,
}


@dataclass(frozen=True, slots=True)
class Move:
    """Travel to pose `to` in `time`, then stay for `hold`."""

    to: str
    time: float = 1.2
    ease: str = "smooth"
    hold: float = 0.0
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """One move on the timeline: from `start` it travels `move.time` from pose `origin`, then holds."""

    start: float
    origin: str
    move: Move

    @property
    def arrival(self) -> float:
        """When the pose is reached."""
        return self.start + self.move.time

    @property
    def end(self) -> float:
        """When the next span begins."""
        return self.arrival + self.move.hold


@dataclass(frozen=True)
class Timeline:
    """One loop: the moves in order, starting in the pose of the last move.

    Frames are numbered 0 … `frame_count`-1. The first frame of a span is not its origin but one frame on, and its
    last is the arrival, so a hold needs no frame of its own: it repeats the arrival's.
    """

    poses: Mapping[str, Pose]
    moves: tuple[Move, ...]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The moves with their beginnings."""
        spans, start, origin = [], 0.0, self.moves[-1].to
        for move in self.moves:
            spans.append(Span(start, origin, move))
            start, origin = spans[-1].end, move.to
        return tuple(spans)

    @property
    def duration(self) -> float:
        """Length of the loop."""
        return self.spans[-1].end

    def span(self, t: float) -> Span:
        """The span running at `t` (taken modulo the loop)."""
        t = self._within(t)
        for span in self.spans:
            if t < span.end:
                return span
        return self.spans[-1]

    def frame(self, t: float) -> Stance:
        """The stance at `t`."""
        t, span = self._within(t), self.span(t)
        share = 1.0 if t >= span.arrival else (t - span.start) / span.move.time
        eased = EASES[span.move.ease](share)
        return between(self.poses[span.origin], self.poses[span.move.to], eased)

    def still_for(self, t: float) -> float:
        """Seconds from `t` until the figure moves again; 0.0 while it moves."""
        t, span = self._within(t), self.span(t)
        if t < span.arrival:
            return 0.0
        left = span.end - t
        at = self.spans.index(span)
        for later in self.spans[at + 1 :]:
            if later.move.to != later.origin:
                break
            left += later.end - later.start
        return left

    @cached_property
    def _frames(self) -> tuple[tuple[float, ...], tuple[tuple[int, ...], ...]]:
        """(time of each distinct frame, per span the frame numbers of its travel).

        Equal moments share a frame: every arrival in a pose is the frame of that pose, and a move back over the
        same way with a symmetric ease is the move forth in reverse.
        """
        times: list[float] = []
        known: dict[tuple[str, str, float], int] = {}
        rows = []
        for span in self.spans:
            steps = max(1, ceil(span.move.time * FRAMES_PER_SECOND - 1e-6)) if span.move.to != span.origin else 1
            row = []
            for k in range(1, steps + 1):
                share = EASES[span.move.ease](k / steps)
                key = _key(span.origin, span.move.to, share)
                if key not in known:
                    known[key] = len(times)
                    times.append(span.start + span.move.time * k / steps)
                row.append(known[key])
            rows.append(tuple(row))
        return tuple(times), tuple(rows)

    @property
    def frame_count(self) -> int:
        """Number of distinct pictures in the loop."""
        return len(self._frames[0])

    def frame_time(self, index: int) -> float:
        """A moment at which frame `index` is seen."""
        return self._frames[0][index]

    def frame_index(self, t: float) -> int:
        """The frame to show at `t`."""
        t, span = self._within(t), self.span(t)
        row = self._frames[1][self.spans.index(span)]
        if t >= span.arrival:
            return row[-1]
        return row[min(len(row) - 1, int((t - span.start) / span.move.time * len(row)))]

    def pose_time(self, name: str) -> float | None:
        """The moment the loop arrives in pose `name`, or None if no move leads to it."""
        return next((span.arrival for span in self.spans if span.move.to == name), None)

    def _within(self, t: float) -> float:
        # A float a hair under zero gives the duration itself under %, which belongs to no span.
        t %= self.duration
        return t if t < self.duration else 0.0


def _key(origin: str, goal: str, share: float) -> tuple[str, str, float]:
    """Equal for equal moments: a pose itself, else the pair in one order with the share to match."""
    share = round(share, 6)
    if share >= 1.0:
        return goal, goal, 1.0
    if goal < origin:
        return goal, origin, round(1.0 - share, 6)
    return origin, goal, share
