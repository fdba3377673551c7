"""The kinds of values that only rules and hours have: ranges of hours, intervals, cron lines, filters of routines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from traycoach.core.rules import Cron, HourRange, Interval, Medium, RoutineFilter, WeekHours
from traycoach.errors import UserError
from traycoach.settings.durations import duration_text, nearest_duration, parse_duration
from traycoach.settings.hours import nearest_hours, parse_hours
from traycoach.settings.kinds import Kind, Several, Span, Wrong, misfit, nearest
from traycoach.text import _


@dataclass(frozen=True, slots=True)
class _HourRange:
    @property
    def expected(self) -> str:
        return _('hours written like "mon-fri 09:00-12:00" or "22:00-07:00"')

    def read(self, value: object) -> HourRange:
        hours = parse_hours(value) if isinstance(value, str) else None
        if hours is None:
            raise misfit(self, value, nearest_hours(value) if isinstance(value, str) else None)
        return hours


@dataclass(frozen=True, slots=True)
class Hours:
    """Ranges of hours; an empty list is None, which is no limit (or no hours at all: the key's comment says which)."""

    @property
    def expected(self) -> str:
        """What the list holds."""
        return Several(_HourRange()).expected

    def read(self, value: object) -> WeekHours | None:
        """Give the hours."""
        ranges = Several(_HourRange()).read(value)
        return WeekHours(ranges) if ranges else None


@dataclass(frozen=True, slots=True)
class Every:
    """An interval on a clock of sitting, standing or use: "30m sitting"."""

    span: Span

    @property
    def expected(self) -> str:
        """How to write it."""
        return _('an interval written like "30m sitting", with sitting, standing or use, from {low} to {high}').format(
            low=duration_text(self.span.low), high=duration_text(self.span.high)
        )

    def read(self, value: object) -> Interval:
        """Give the interval, without an offset."""
        if not isinstance(value, str):
            raise misfit(self, value)
        length, _space, medium = value.strip().rpartition(" ")
        span = parse_duration(length)
        media = [word.value for word in Medium]
        if span is not None and medium in media and self.span.low <= span <= self.span.high:
            return Interval(span, Medium(medium))
        if span is not None and medium in media:
            raise misfit(self, value)
        if medium not in media and parse_duration(value.strip()) is not None:
            raise misfit(self, value, f"{value.strip()} {Medium.SITTING}")
        guess = duration_text(span) if span is not None else nearest_duration(length)
        near = medium if medium in media else nearest(medium, media)
        raise misfit(self, value, f"{guess} {near}" if guess and near else None)


@dataclass(frozen=True, slots=True)
class CronLine:
    """Five fields of cron."""

    @property
    def expected(self) -> str:
        """How to write it."""
        return _('five fields of cron (minute, hour, day, month, weekday), written like "30 10,15 * * mon-fri"')

    def read(self, value: object) -> Cron:
        """Give the expression, checked."""
        if not isinstance(value, str):
            raise misfit(self, value)
        from traycoach.occurrences import check  # APScheduler is needed for cron rules only

        cron = Cron(value)
        problem = check(cron)
        if isinstance(problem, UserError):
            first = problem.problems[0]
            raise Wrong(first.message, first.suggestion)
        return cron


@dataclass(frozen=True, slots=True)
class Routines:
    """Which routines fit a rule, as an inline table."""

    parts: tuple[tuple[str, Kind], ...]

    @property
    def expected(self) -> str:
        """How to write it."""
        return _("a table written like {example}").format(example='{ purpose = "stand-up", at_most = "2m" }')

    def read(self, value: object) -> RoutineFilter:
        """Give the filter."""
        if not isinstance(value, dict):
            raise misfit(self, value)
        parts = dict(self.parts)
        read: dict[str, Any] = {}
        for key, part in value.items():
            if key not in parts:
                raise Wrong(_("no such key here"), nearest(key, parts), (key,))
            try:
                read[key] = parts[key].read(part)
            except Wrong as wrong:
                raise Wrong(wrong.message, wrong.suggestion, (key, *wrong.inside)) from None
        wanted = RoutineFilter(**read)
        if wanted.at_least is not None and wanted.at_most is not None and wanted.at_least > wanted.at_most:
            raise Wrong(_("at_least must not be longer than at_most"), None, ("at_least",))
        return wanted
