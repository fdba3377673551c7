"""A moment on two clocks: the steady one measures, the wall one dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ZERO = timedelta(0)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment.

    `steady`: time since an unknown beginning (the boot); it counts suspend and never goes back or jumps.
    `wall`: aware local time; it may jump, and decides only about dates, hours and clock rules, never about durations.
    """

    steady: timedelta
    wall: datetime

    def __sub__(self, earlier: Instant) -> timedelta:
        """Give the steady time from `earlier` to this instant; negative if it lies later."""
        return self.steady - earlier.steady

    def __lt__(self, other: Instant) -> bool:
        return self.steady < other.steady

    def __le__(self, other: Instant) -> bool:
        return self.steady <= other.steady

    def after(self, span: timedelta) -> Instant:
        """Give the instant `span` later (or earlier, if negative), as if no clock were set in between.

        The wall clock is moved in UTC, so that a change to daylight saving time is one hour on the wall only.
        """
        return Instant(self.steady + span, wall_after(self.wall, span)) if span else self

    def before(self, span: timedelta) -> Instant:
        """Give the instant `span` earlier."""
        return self.after(-span)


def wall_after(wall: datetime, span: timedelta) -> datetime:
    """Give the aware local time `span` later.

    Python adds to an aware datetime what a clock without daylight saving would show; a length is a length in UTC.
    """
    zone, offset = wall.tzinfo, wall.utcoffset()
    assert zone is not None, "wall times are aware"
    assert offset is not None, "wall times are aware"
    return zone.fromutc(wall - offset + span)


def wall_between(earlier: datetime, later: datetime) -> timedelta:
    """Give the length from one aware local time to another, in UTC: Python subtracts naively within one zone."""
    return later.astimezone(UTC) - earlier.astimezone(UTC)
