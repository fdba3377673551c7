"""When calendars are read again: soon after a change, seldom when changes do not end. Time comes as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from traycoach.core.instant import MINUTE, SECOND, ZERO


@dataclass(frozen=True, slots=True)
class Pace:
    """How often calendars are read. A program that syncs them writes many files, and does so again and again.

    A reading waits until nothing has changed for `settle`, but no longer than `settle_at_most`, and comes no sooner
    than `apart` after the last one began, or `rest` times what that cost. After a failure it is tried again, after
    longer and longer waits.
    """

    settle: timedelta = 3 * SECOND
    settle_at_most: timedelta = 30 * SECOND
    apart: timedelta = 10 * SECOND
    rest: int = 200
    retries: tuple[timedelta, ...] = (MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)


class ReadingTimes:
    """Knows when the next reading is due. All times are steady ones."""

    def __init__(self, pace: Pace, now: timedelta) -> None:
        """The first is due at once."""
        self._pace = pace
        self._due_at: timedelta | None = now
        self._not_before = now
        self._began_at = now
        self._changing_since: timedelta | None = None
        self._failures = 0

    @property
    def due_at(self) -> timedelta | None:
        """When the next reading shall begin; None while nothing calls for one."""
        return None if self._due_at is None else max(self._due_at, self._not_before)

    @property
    def has_failed(self) -> bool:
        """Whether the last reading gave nothing."""
        return self._failures > 0

    def changed(self, now: timedelta) -> None:
        """A calendar was changed."""
        if self._changing_since is None:
            self._changing_since = now
        self._due_at = min(now + self._pace.settle, self._changing_since + self._pace.settle_at_most)

    def wanted(self, now: timedelta) -> None:
        """What is known is no longer good; it is read again as soon as the pace allows."""
        self._due_at = now

    def wanted_at_once(self, now: timedelta) -> None:
        """What is known is wrong, whatever the pace."""
        self._due_at = self._not_before = now

    def began(self, now: timedelta) -> None:
        """A reading has begun; what changes from now on calls for another."""
        self._due_at = self._changing_since = None
        self._began_at = now

    def ended(self, took: timedelta) -> None:
        """The reading gave something, and cost so much of the processor."""
        self._failures = 0
        self._not_before = self._began_at + max(self._pace.apart, took * self._pace.rest, ZERO)

    def failed(self, now: timedelta) -> None:
        """The reading gave nothing."""
        retry = self._pace.retries[min(self._failures, len(self._pace.retries) - 1)]
        self._failures += 1
        self._not_before = self._began_at + self._pace.apart
        if self._due_at is None:
            self._due_at = now + retry
