"""The user's schedule as values: rules, hours, budget. Built by `settings.py`, read by everything else in `core`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from traycoach.core.instant import MINUTE, SECOND, ZERO

DAY = timedelta(days=1)
OBEYS_AFTER = 60 * SECOND
"""An absence, or a change of posture, of this length is an answer to the prompt that asked for it."""


class Posture(StrEnum):
    """How the person is at the desk: told by the user or by a desk sensor."""

    SITTING = "sitting"
    STANDING = "standing"


class Medium(StrEnum):
    """What an interval rule counts: time in one posture, or use (both postures)."""

    SITTING = "sitting"
    STANDING = "standing"
    USE = "use"

    def counts(self, posture: Posture) -> bool:
        """Tell whether time in this posture counts."""
        return self in _COUNTED[posture]


_COUNTED = {
    Posture.SITTING: frozenset({Medium.SITTING, Medium.USE}),
    Posture.STANDING: frozenset({Medium.STANDING, Medium.USE}),
}


class Look(StrEnum):
    """How a prompt appears. An overlay counts as a card in the budget and in the merge."""

    NOTICE = "notice"
    CARD = "card"
    OVERLAY = "overlay"


@dataclass(frozen=True, slots=True)
class HourRange:
    """A range of hours on some weekdays (0 = Monday). `end <= start` runs past midnight.

    A range past midnight belongs to the day it begins in: `fri 22:00-02:00` holds on Saturday at 01:00.
    """

    days: frozenset[int]
    start: time
    end: time

    def _last_start(self, wall: datetime) -> date | None:
        """Give the day on which the range that contains `wall` began; None outside."""
        clock = wall.time()
        today = wall.date()
        if self.start < self.end:
            return today if today.weekday() in self.days and self.start <= clock < self.end else None
        if clock >= self.start and today.weekday() in self.days:
            return today
        yesterday = today - DAY
        return yesterday if clock < self.end and yesterday.weekday() in self.days else None

    def contains(self, wall: datetime) -> bool:
        """Tell whether this local time lies in the range; the start does, the end does not."""
        return self._last_start(wall) is not None

    def end_on(self, day: date) -> datetime:
        """Give the naive local time at which the range that begins on `day` ends."""
        return datetime.combine(day if self.start < self.end else day + DAY, self.end)

    def end_after(self, wall: datetime) -> datetime | None:
        """Give the aware local time at which the range that contains `wall` ends; None outside."""
        day = self._last_start(wall)
        return None if day is None else self.end_on(day).replace(tzinfo=wall.tzinfo)


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Several ranges; an empty one is written as None by its owner, since "no limit" and "never" differ."""

    ranges: tuple[HourRange, ...]

    def contains(self, wall: datetime) -> bool:
        """Tell whether any range contains this local time."""
        return any(one.contains(wall) for one in self.ranges)

    def end_after(self, wall: datetime) -> datetime | None:
        """Give the end of the stretch of hours that contains `wall` (touching ranges are one stretch); None outside."""
        end: datetime | None = None
        probe = wall
        for _ in range(len(self.ranges) + 1):
            ends = [stop for one in self.ranges if (stop := one.end_after(probe)) is not None]
            if not ends or max(ends) == end:
                break
            end = max(ends)
            probe = end
        return end

    def next_change_after(self, wall: datetime) -> datetime | None:
        """Give the first aware local time after `wall` at which a range begins or ends; None without ranges."""
        naive = wall.replace(tzinfo=None, fold=0)
        edge = next((edge for edge in _edges_around(self, naive.date()) if edge > naive), None)
        return edge.replace(tzinfo=wall.tzinfo) if edge is not None else None

    def last_end_on(self, day: date) -> datetime | None:
        """Give the naive local end of the last range that begins on `day`; None where none begins."""
        ends = [one.end_on(day) for one in self.ranges if day.weekday() in one.days]
        return max(ends, default=None)


@lru_cache(maxsize=64)
def _edges_around(week: WeekHours, day: date) -> tuple[datetime, ...]:
    """All beginnings and ends of ranges from the day before to eight days on, in order."""
    edges: list[datetime] = []
    for ahead in range(-1, 9):
        begins_on = day + ahead * DAY
        for one in week.ranges:
            if begins_on.weekday() in one.days:
                edges += [datetime.combine(begins_on, one.start), one.end_on(begins_on)]
    return tuple(sorted(edges))


@dataclass(frozen=True, slots=True)
class Interval:
    """Marks on a clock of sitting, standing or use: at `offset` (else at `every`) and each `every` on."""

    every: timedelta
    medium: Medium
    offset: timedelta | None = None

    @property
    def first_mark(self) -> timedelta:
        """The clock's value at the first mark."""
        return self.every if self.offset is None else self.offset


@dataclass(frozen=True, slots=True)
class AtTimes:
    """Clock times of the day, local."""

    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Cron:
    """Five cron fields: minute, hour, day, month, weekday."""

    expression: str


@dataclass(frozen=True, slots=True)
class BeforeWorkEnds:
    """So long before the end of the day's last range of working hours."""

    lead: timedelta


Trigger = Interval | AtTimes | Cron | BeforeWorkEnds


@dataclass(frozen=True, slots=True)
class RoutineFilter:
    """Which routines fit a rule. An empty filter fits every routine; `ids` names them and leaves the rest aside."""

    purpose: str | None = None
    at_least: timedelta | None = None
    at_most: timedelta | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One line of the user's schedule. `length` is how long a notice stands; `hours` None means at any hour.

    `resets_after` None (clock rules only): no absence satisfies the rule. `catch_up` (clock rules only): how long after
    its time an occurrence is still worth a prompt; None for wind-down means the end of working hours.
    """

    id: str
    trigger: Trigger
    look: Look = Look.CARD
    resets_after: timedelta | None = None
    length: timedelta = 30 * SECOND
    hours: WeekHours | None = None
    routines: RoutineFilter = RoutineFilter()
    snooze: tuple[timedelta, ...] = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE)
    max_snoozes: int = 3
    catch_up: timedelta | None = 30 * MINUTE
    text: str | None = None
    skip_after: timedelta = 10 * SECOND

    @cached_property
    def interval(self) -> Interval | None:
        """The trigger, if this is an interval rule."""
        return self.trigger if isinstance(self.trigger, Interval) else None

    @property
    def is_card(self) -> bool:
        """Whether the budget and the merge treat the prompt as a card."""
        return self.look is not Look.NOTICE


@dataclass(frozen=True, slots=True)
class Budget:
    """How much speaking is too much, for interval rules. `apart` is the least time between two prompts."""

    prompts_an_hour: int = 4
    cards_an_hour: int = 2
    apart: timedelta = 10 * MINUTE


@dataclass(frozen=True)
class Schedule:
    """All that the coach needs of the settings. Rules stand in the order of the file, which decides ties."""

    rules: tuple[Rule, ...] = ()
    idle_after: timedelta = 60 * SECOND
    away_after: timedelta = 3 * MINUTE
    work_hours: WeekHours | None = None
    quiet_hours: WeekHours | None = None
    budget: Budget = field(default_factory=Budget)
    patience: timedelta = 60 * SECOND
    day_starts_at: time = time(4, 0)

    def rule(self, rule_id: str) -> Rule | None:
        """Give the rule with this id; None if there is none."""
        return self._by_id.get(rule_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def silence_matters_from(self) -> timedelta:
        """The shortest silence that can mean anything; the source of input is asked to tell of it."""
        return min(self.idle_after, self.away_after, OBEYS_AFTER)

    @cached_property
    def intervals(self) -> tuple[Rule, ...]:
        """The interval rules, in the order of the file."""
        return tuple(rule for rule in self.rules if rule.interval is not None)

    @cached_property
    def ranks(self) -> Mapping[str, tuple[timedelta, bool, int]]:
        """Greatness by id: longer `resets_after`, then card over notice, then earlier in the file."""
        return {rule.id: (rule.resets_after or ZERO, rule.is_card, -index) for index, rule in enumerate(self.rules)}
