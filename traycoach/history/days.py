"""The figures of days and weeks, made from what was recorded. Pure: rows in, figures out.

A *day* begins at `day_starts_at` (04:00 by default) of the local time that the clock showed then, so a journey or
daylight saving moves nothing to another day. A bout across that time is split between the days.

Breaks done are the absences and routines that counted as a break, asked for or not, except the one over the day's
start: going home is none. Breaks planned are these and the prompts that were skipped or ignored in the end. A prompt
that nobody could follow (`missed`) is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from traycoach.core.actions import Outcome, RecordBout, RecordBreak
from traycoach.core.instant import MINUTE, ZERO
from traycoach.core.rules import DAY, Posture

REFUSED = frozenset({Outcome.SKIPPED, Outcome.IGNORED})
"""Outcomes of a prompt that was put to the user and not followed."""

AWAY_FROM = 15 * MINUTE
"""The day line shows a break of this length and more as a span of its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """A span of the day line: `kind` is "sitting", "standing", "away" or "break" (an absence shorter than 15 min)."""

    kind: str
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one day. `away_for` is the length of its breaks; `outcomes` counts how its prompts ended."""

    on: date
    sat_for: timedelta = ZERO
    stood_for: timedelta = ZERO
    away_for: timedelta = ZERO
    longest_sit: timedelta = ZERO
    breaks_done: int = 0
    breaks_planned: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def is_off(self) -> bool:
        """Whether nothing was recorded at all."""
        return not self.parts and not self.outcomes

    @property
    def is_kept(self) -> bool:
        """Whether at least half of the planned breaks were done; a day without any is neither kept nor broken."""
        return self.breaks_planned > 0 and 2 * self.breaks_done >= self.breaks_planned


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday, and the streak that reaches the day that was asked for, in days."""

    days: tuple[Day, ...]
    streak: int

    @property
    def sat_for(self) -> timedelta:
        """Time sitting."""
        return sum((day.sat_for for day in self.days), ZERO)

    @property
    def stood_for(self) -> timedelta:
        """Time standing."""
        return sum((day.stood_for for day in self.days), ZERO)

    @property
    def longest_sit(self) -> timedelta:
        """The longest sit of all its days."""
        return max((day.longest_sit for day in self.days), default=ZERO)

    @property
    def breaks_done(self) -> int:
        """Breaks done."""
        return sum(day.breaks_done for day in self.days)

    @property
    def breaks_planned(self) -> int:
        """Breaks planned."""
        return sum(day.breaks_planned for day in self.days)


def day_of(wall: datetime, day_starts_at: time) -> date:
    """Give the day that this local time belongs to."""
    return wall.date() if wall.time() >= day_starts_at else wall.date() - DAY


def monday_of(on: date) -> date:
    """Give the Monday of the week of this day."""
    return on - timedelta(days=on.weekday())


def split(bout: RecordBout, day_starts_at: time) -> list[RecordBout]:
    """Split a bout at each start of a day in it; `sat_for` is shared out by length."""
    pieces = []
    began_at = bout.began_at
    whole = bout.ended_at - bout.began_at
    while day_of(began_at, day_starts_at) < day_of(bout.ended_at, day_starts_at):
        # the offset at the end, since daylight saving changes before the usual start of a day
        next_on = day_of(began_at, day_starts_at) + DAY
        ends_at = datetime.combine(next_on, day_starts_at, bout.ended_at.tzinfo)
        if not began_at < ends_at < bout.ended_at:
            break
        pieces.append(RecordBout(bout.posture, began_at, ends_at, bout.sat_for * ((ends_at - began_at) / whole)))
        began_at = ends_at
    rest_for = bout.sat_for - sum((piece.sat_for for piece in pieces), ZERO)
    return [*pieces, RecordBout(bout.posture, began_at, bout.ended_at, rest_for)]


def figures(
    days: Sequence[date],
    bouts: Iterable[RecordBout],
    breaks: Iterable[RecordBreak],
    outcomes: Mapping[date, Mapping[Outcome, int]],
    day_starts_at: time,
) -> tuple[Day, ...]:
    """Give the figures of these days. Bouts and breaks of other days are left aside; those given need no order.

    `outcomes` holds how the prompts of each day ended at last.
    """
    sitting: dict[date, list[RecordBout]] = {on: [] for on in days}
    pauses: dict[date, list[RecordBreak]] = {on: [] for on in days}
    for bout in bouts:
        for piece in split(bout, day_starts_at):
            sitting.get(day_of(piece.began_at, day_starts_at), []).append(piece)
    for one in breaks:
        on = day_of(one.began_at, day_starts_at)
        if on == day_of(one.ended_at, day_starts_at):
            pauses.get(on, []).append(one)
    return tuple(_day(on, sitting[on], pauses[on], outcomes.get(on, {})) for on in days)


def _day(on: date, bouts: Sequence[RecordBout], breaks: Sequence[RecordBreak], outcomes: Mapping[Outcome, int]) -> Day:
    spent = {posture: [bout.sat_for for bout in bouts if bout.posture is posture] for posture in Posture}
    parts = [Part(bout.posture.value, bout.began_at, bout.ended_at) for bout in bouts]
    parts += [Part("away" if one.away_for >= AWAY_FROM else "break", one.began_at, one.ended_at) for one in breaks]
    return Day(
        on=on,
        sat_for=sum(spent[Posture.SITTING], ZERO),
        stood_for=sum(spent[Posture.STANDING], ZERO),
        away_for=sum((one.away_for for one in breaks), ZERO),
        longest_sit=max(spent[Posture.SITTING], default=ZERO),
        breaks_done=len(breaks),
        breaks_planned=len(breaks) + sum(count for outcome, count in outcomes.items() if outcome in REFUSED),
        outcomes=outcomes,
        parts=tuple(sorted(parts, key=lambda part: part.began_at)),
    )
