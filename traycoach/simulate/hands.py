"""When the virtual person's hands move: spans of input, asked for edges instead of played second by second.

All times are `timedelta` since the script's start. Nothing here steps through time: each question is answered from the
spans, so that a day costs as much as it has edges.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import timedelta

from traycoach.core.instant import ZERO


@dataclass(frozen=True, slots=True)
class Span:
    """Input from `start` to `end`: bursts of `on`, each followed by a lull of `off`. `off` zero: without a pause."""

    start: timedelta
    end: timedelta
    on: timedelta = ZERO
    off: timedelta = ZERO

    def last_at(self, at: timedelta) -> timedelta:
        """Give the latest input at or before `at`, which is not before the start."""
        at = min(at, self.end)
        into = (at - self.start) % (self.on + self.off) if self.off else ZERO
        return at - (into - self.on) if into > self.on else at

    def next_at(self, at: timedelta) -> timedelta | None:
        """Give the earliest input at or after `at`; None if the span has none left."""
        if at <= self.start:
            return self.start
        if at > self.end:
            return None
        last = self.last_at(at)
        if last == at:
            return at
        following = self.start + ((at - self.start) // (self.on + self.off) + 1) * (self.on + self.off)
        return following if following <= self.end else None

    def burst_end(self, at: timedelta) -> timedelta:
        """Give the end of the burst in which the input at `at` lies."""
        if not self.off:
            return self.end
        return min(self.end, at - (at - self.start) % (self.on + self.off) + self.on)


class Hands:
    """All input of a script: spans in the order of time that do not overlap. A new span cuts what went on before it."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._starts: list[timedelta] = []
        self._place = 0
        self.version = 0
        """Grows with every change, so that an answer can be kept until then."""

    def add(self, span: Span) -> None:
        """Add input; whatever went on, or was to go on, from its start on is cut. Spans are added in order of time."""
        self.lift(span.start)
        self._replace(len(self._spans), len(self._spans), span)

    def lift(self, at: timedelta) -> None:
        """Take the hands off: no more input from `at` on, of what has been added so far."""
        place = bisect_left(self._starts, at)
        self._replace(place, len(self._spans))
        if place and self._spans[place - 1].end > at:
            self._replace(place - 1, place, replace(self._spans[place - 1], end=at))

    def rest(self, at: timedelta, until: timedelta) -> None:
        """Take the hands off from `at` to `until`; what was going on at `at` goes on afterwards.

        Input that begins later than `at` is left alone: a script that says so means it.
        """
        place = bisect_right(self._starts, at)
        if not place or self._spans[place - 1].end <= at:
            return
        span = self._spans[place - 1]
        after = [replace(span, start=until)] if span.end > until else []
        self._replace(place - 1, place, replace(span, end=span.last_at(at)), *after)

    def press(self, at: timedelta) -> None:
        """Add one single input (a click) without cutting anything."""
        if self.last_at(at) == at:
            return
        place = bisect_right(self._starts, at)
        before = self._spans[place - 1] if place else None
        if before is None or before.end <= at:
            self._replace(place, place, Span(at, at))
            return
        # A click in a lull: the rhythm of the bursts goes on unchanged after it.
        following = before.next_at(at)
        after = [] if following is None else [replace(before, start=following)]
        self._replace(place - 1, place, replace(before, end=before.last_at(at)), Span(at, at), *after)

    def last_at(self, at: timedelta) -> timedelta | None:
        """Give the latest input at or before `at`; None if there was none."""
        place = self._behind(at)
        return self._spans[place - 1].last_at(at) if place else None

    def next_at(self, at: timedelta) -> timedelta | None:
        """Give the earliest input at or after `at`; None if there is none."""
        place = self._behind(at)
        if place and (found := self._spans[place - 1].next_at(at)) is not None:
            return found
        return self._starts[place] if place < len(self._starts) else None

    def silent_at(self, at: timedelta, quiet: timedelta) -> timedelta | None:
        """Give the earliest time at or after `at` at which there was no input for `quiet`; None if there was never any.

        Input at the very moment the silence would be full comes first: it prevents it.
        """
        last = self.last_at(at)
        if last is None:
            return None
        if at - last >= quiet:
            return at
        place = bisect_right(self._starts, last) - 1
        while True:
            span = self._spans[place]
            ended = span.burst_end(last)
            if span.off and (span.off <= quiet or ended == span.end):
                ended = span.last_at(span.end)
            following = span.next_at(ended + timedelta.resolution)
            if following is None:
                place += 1
                if place == len(self._spans):
                    return ended + quiet
                following = self._starts[place]
            if following - ended > quiet:
                return ended + quiet
            last = following

    @property
    def end(self) -> timedelta:
        """The time of the last input."""
        return self._spans[-1].end if self._spans else ZERO

    def _behind(self, at: timedelta) -> int:
        """Give the place of the first span that begins after `at`: mostly the one that was asked for last."""
        starts, place = self._starts, self._place
        if not (place and starts[place - 1] <= at and (place == len(starts) or at < starts[place])):
            place = self._place = bisect_right(starts, at)
        return place

    def _replace(self, first: int, behind: int, *spans: Span) -> None:
        """Put other spans in the place of some that stand together."""
        self.version += 1
        self._place = 0
        self._spans[first:behind] = spans
        self._starts[first:behind] = [span.start for span in spans]
