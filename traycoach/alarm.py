"""The one wake-up of the daemon, on APScheduler, and the clock rules' occurrences since the last look.

APScheduler waits on the wall clock and the loop's timers stand still while the machine sleeps, so whoever notices a
wake, a set clock or the end of a sleep arms the alarm again. `misfire_grace_time=None` and `coalesce=True`: a late ring
still rings, once (the library's default drops a job that is more than a second late).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from traycoach.clock import Clock
from traycoach.core.events import OccurrenceReached
from traycoach.core.instant import Instant, wall_after
from traycoach.core.rules import BeforeWorkEnds, Rule, Schedule
from traycoach.occurrences import between, next_after

_JOB = "wake"
_LOOKS_BACK_AT_MOST = timedelta(days=1)


class Alarm:
    """Rings once at the time it is armed for; arming it again replaces the former time."""

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        """`ring` is called on the asyncio loop that runs when the alarm is started."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # a line for each ring would fill the log
        self._clock = clock
        self._ring = ring
        self._armed_for: datetime | None = None
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin; call it on the loop."""
        self._scheduler.start()

    def arm(self, at: timedelta) -> None:
        """Ring at this steady time, at once if it has passed."""
        from apscheduler.triggers.date import DateTrigger

        now = self._clock.now()
        rings_at = now.wall.astimezone(UTC) + (at - now.steady)
        if rings_at == self._armed_for:
            return
        self._armed_for = rings_at
        self._scheduler.add_job(
            self._rang,
            DateTrigger(run_date=rings_at, timezone=UTC),
            id=_JOB,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
        )

    def stop(self) -> None:
        """Ring no more."""
        self._scheduler.shutdown(wait=False)

    async def _rang(self) -> None:
        self._armed_for = None
        self._ring()


class ClockRules:
    """The occurrences of the clock rules: which have come since `seen_until`, and when the next one comes.

    `seen_until` is saved with the coach's state, so that what a machine slept through is not lost. Only the last
    `catch_up` before now is listed; a clock that was set back repeats nothing.
    """

    def __init__(self, schedule: Schedule, seen_until: datetime) -> None:
        self._schedule = schedule
        self.seen_until = seen_until
        self._next_at: datetime | None = None
        self._find_next()

    def change(self, schedule: Schedule, now: Instant) -> None:
        """Follow this schedule from now on; what it would have listed before now is not listed."""
        self._schedule = schedule
        self.seen_until = max(self.seen_until, now.wall, key=_utc)
        self._find_next()

    def clock_jumped(self, now: Instant) -> None:
        """The wall clock was set, or the zone changed: look again from here, repeating nothing."""
        if _utc(now.wall) < _utc(self.seen_until):
            self.seen_until = now.wall
        self.seen_until = self.seen_until.astimezone(now.wall.tzinfo)
        self._find_next()

    def next_at(self, now: Instant) -> timedelta | None:
        """Give the steady time of the next occurrence; None if there is none."""
        if self._next_at is None:
            return None
        return now.steady + (_utc(self._next_at) - _utc(now.wall))

    def reached(self, now: Instant) -> list[OccurrenceReached]:
        """Give what has come true since the last call, in order of time, and look further."""
        if self._next_at is None or _utc(now.wall) < _utc(self._next_at):
            self.seen_until = max(self.seen_until, now.wall, key=_utc)
            return []
        found: list[OccurrenceReached] = []
        for rule in self._rules():
            since = max(self.seen_until, wall_after(now.wall, -_worth(rule)), key=_utc)
            times = between(rule.trigger, self._schedule.work_hours, since, now.wall, rule.hours)
            found += [OccurrenceReached(rule.id, at) for at in times]
        self.seen_until = now.wall
        self._find_next()
        return sorted(found, key=lambda event: _utc(event.scheduled_at))

    def _rules(self) -> list[Rule]:
        return [rule for rule in self._schedule.rules if rule.interval is None]

    def _find_next(self) -> None:
        times = [
            next_after(rule.trigger, self._schedule.work_hours, self.seen_until, rule.hours) for rule in self._rules()
        ]
        self._next_at = min((at for at in times if at is not None), key=_utc, default=None)


def _worth(rule: Rule) -> timedelta:
    """Give how long after its time an occurrence of the rule is still looked for."""
    if isinstance(rule.trigger, BeforeWorkEnds):
        return rule.trigger.lead
    return rule.catch_up if rule.catch_up is not None else _LOOKS_BACK_AT_MOST


def _utc(wall: datetime) -> datetime:
    return wall.astimezone(UTC)
