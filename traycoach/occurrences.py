"""Clock rules as pure values: is the trigger sound, and when does it come true between two instants?

APScheduler's CronTrigger does the calendar. It is asked on a calendar without daylight saving, and each local time it
names is then put into the zone by our own two rules, because its own treatment differs: a local time that daylight
saving skips happens when the gap ends, all of a gap as one; of a doubled one the first counts.

Weekday numbers mean what cron says (0 and 7 are Sunday). CronTrigger counts from Monday, so they are rewritten as names
first (agronholm/apscheduler issue 286).
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from traycoach.core.instant import SECOND
from traycoach.core.rules import DAY, AtTimes, BeforeWorkEnds, Cron, Interval, Trigger, WeekHours
from traycoach.errors import Problem, UserError
from traycoach.text import _

HORIZON = timedelta(days=366 * 9)
"""How far ahead anything is looked for: 29 February is at most eight years away."""

_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ANCHOR = datetime(2024, 1, 1, tzinfo=UTC)
_EXAMINED_AT_MOST = 7 * 24 * 60
"""Minutes of a week: hours limit by the week, so a trigger that misses them for so long misses them always."""


def check(trigger: Trigger) -> UserError | None:
    """Tell what is wrong with a trigger, in sentences; None if nothing is."""
    if not isinstance(trigger, Cron):
        return None
    try:
        cron = _cron(trigger.expression)
    except UserError as error:
        return error
    if cron.get_next_fire_time(None, _ANCHOR) is None:
        return UserError(_("there is no such day in any year"))
    return None


def between(
    trigger: Trigger,
    work_hours: WeekHours | None,
    after: datetime,
    until: datetime,
    hours: WeekHours | None = None,
) -> list[datetime]:
    """Give the local times at which a clock trigger comes true, later than `after` and not later than `until`.

    Both are aware; the zone is that of `until`. `hours` are the rule's: what lies outside does not happen. Ascending,
    each instant once. An interval trigger has none: it counts on another clock. The trigger has passed `check`.
    """
    found: list[datetime] = []
    if until.astimezone(UTC) <= after.astimezone(UTC):
        return found
    for happens_at in _from(trigger, work_hours, after.astimezone(until.tzinfo), hours):
        if happens_at is None:
            continue
        if happens_at.astimezone(UTC) > until.astimezone(UTC):
            break
        found.append(happens_at)
    return found


def next_after(
    trigger: Trigger, work_hours: WeekHours | None, after: datetime, hours: WeekHours | None = None
) -> datetime | None:
    """Give the first local time later than `after` at which a clock trigger comes true; None if there is none ever.

    `after` is aware and its zone is used. The trigger has passed `check`; `hours` are the rule's.
    """
    limit = after.astimezone(UTC) + HORIZON
    for examined, happens_at in enumerate(_from(trigger, work_hours, after, hours)):
        if happens_at is not None:
            return happens_at if happens_at.astimezone(UTC) <= limit else None
        if examined >= _EXAMINED_AT_MOST:
            break
    return None


def _from(
    trigger: Trigger, work_hours: WeekHours | None, after: datetime, hours: WeekHours | None
) -> Iterator[datetime | None]:
    """Yield the occurrences later than `after`, in order; None for each one that the rule's hours shut out."""
    zone = after.tzinfo
    assert zone is not None
    # a gap moves a time by less than a day and a bit (Samoa skipped 30 December 2011); a lead may be as long as a day
    start = after.replace(tzinfo=None, fold=0) - 2 * DAY
    last = after.astimezone(UTC)
    for nominal_at, happens_at in _all(trigger, work_hours, start, zone):
        if happens_at.astimezone(UTC) <= last:
            continue
        if hours is not None and not hours.contains(nominal_at):
            yield None
            continue
        last = happens_at.astimezone(UTC)
        yield happens_at


def _all(
    trigger: Trigger, work_hours: WeekHours | None, start: datetime, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield (the time as written, the local instant it means) from the naive local time `start` on."""
    if isinstance(trigger, BeforeWorkEnds):
        for ends_at in _work_ends(work_hours, start.date()):
            end = in_zone(ends_at, zone).astimezone(UTC)
            happens_at = (end - trigger.lead).astimezone(zone)
            yield happens_at, happens_at
    elif isinstance(trigger, AtTimes):
        crons = [_at(clock) for clock in trigger.times]
        for nominal_at in heapq.merge(*(_naive(cron, start) for cron in crons)):
            yield nominal_at, in_zone(nominal_at, zone)
    elif isinstance(trigger, Cron):
        for nominal_at in _naive(_cron(trigger.expression), start):
            yield nominal_at, in_zone(nominal_at, zone)
    else:
        assert isinstance(trigger, Interval)


def _work_ends(work_hours: WeekHours | None, day: date) -> Iterator[datetime]:
    """Yield the naive end of each day's last working hours, ascending."""
    if work_hours is None:
        return
    # Friday's hours past midnight may end later than Saturday's own
    waiting: list[datetime] = []
    for step in range(HORIZON.days):
        ends_at = work_hours.last_end_on(day + step * DAY)
        if ends_at is not None:
            heapq.heappush(waiting, ends_at)
        next_day = datetime.combine(day + (step + 1) * DAY, time.min)
        while waiting and waiting[0] <= next_day:
            yield heapq.heappop(waiting)


def _naive(cron: Any, start: datetime) -> Iterator[datetime]:  # noqa: ANN401 - APScheduler has no types
    """Yield the naive local times that an APScheduler trigger names."""
    limit = start + HORIZON
    next_at = cron.get_next_fire_time(None, start.replace(tzinfo=UTC))
    while next_at is not None and (naive := next_at.replace(tzinfo=None)) <= limit:
        yield naive
        next_at = cron.get_next_fire_time(None, next_at + SECOND)


def in_zone(naive: datetime, zone: tzinfo) -> datetime:
    """Put a local time into a zone: a skipped one is the end of its gap, of a doubled one the first is meant."""
    first = naive.replace(tzinfo=zone, fold=0)
    # PEP 495: in a gap the first offset is the one before it, so the way through UTC comes back later than it went
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == naive:
        return first
    return _gap_end(naive, zone)


def _gap_end(naive: datetime, zone: tzinfo) -> datetime:
    before = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    behind = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    old_offset = before.astimezone(zone).utcoffset()
    while behind - before > SECOND:
        middle = before + timedelta(seconds=int((behind - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            behind = middle
    return behind.astimezone(zone)


def _at(clock: time) -> Any:  # noqa: ANN401 - APScheduler has no types
    return _cron(f"{clock.minute} {clock.hour} * * *")


@lru_cache(maxsize=64)
def _cron(expression: str) -> Any:  # noqa: ANN401 - APScheduler has no types
    """Give the APScheduler trigger of five cron fields, on a calendar without daylight saving. Raises UserError."""
    from apscheduler.triggers.cron import CronTrigger

    parts = expression.split()
    if len(parts) != len(_FIELDS):
        message = _("a cron line has five fields (minute, hour, day, month, weekday), this one has {count}")
        raise UserError(message.format(count=len(parts)))
    fields = dict(zip(_FIELDS, (part.lower() for part in parts), strict=True))
    fields["day_of_week"] = _weekdays(fields["day_of_week"])
    if fields["day"] != "*" and fields["day_of_week"] != "*":
        # crond would take either, CronTrigger both: whoever writes it expects one of the two and gets the other
        raise UserError(_("name days of the month or weekdays, not both"))
    for name, part in fields.items():
        try:
            CronTrigger(**{name: part}, timezone=UTC)
        except ValueError as error:
            raise UserError(Problem(_wrong_field(name, part), suggestion=None)) from error
    return CronTrigger(**fields, timezone=UTC, end_date=_ANCHOR + timedelta(days=366 * 100))


def _wrong_field(name: str, part: str) -> str:
    allowed = {
        "minute": "0-59",
        "hour": "0-23",
        "day": "1-31",
        "month": "1-12, jan-dec",
        "day_of_week": "0-7, sun-sat",
    }
    names = {
        "minute": _("minute"),
        "hour": _("hour"),
        "day": _("day of the month"),
        "month": _("month"),
        "day_of_week": _("weekday"),
    }
    message = _("the field {field} of the cron line cannot be “{part}”; it takes {allowed}, *, */n, lists and ranges")
    return message.format(field=names[name], part=part[:40], allowed=allowed[name])


def _weekdays(field: str) -> str:
    """Rewrite cron's weekday field as a list of names."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.split(","):
        found = re.fullmatch(r"(\*|[a-z]{3}|[0-7])(?:-([a-z]{3}|[0-7]))?(?:/([1-7]))?", part)
        if found is None or (found[1] == "*" and found[2]):
            raise UserError(_wrong_field("day_of_week", field))
        first, last = (0, 6) if found[1] == "*" else (_weekday(found[1], field), -1)
        if last < 0:
            last = _weekday(found[2], field) if found[2] else (6 if found[3] else first)
        length = (last - first) % 7
        days.update((first + step) % 7 for step in range(0, length + 1, int(found[3] or 1)))
    return ",".join(_WEEKDAYS[day] for day in sorted(days))


def _weekday(word: str, field: str) -> int:
    if word.isdigit():
        return int(word) % 7
    if word not in _WEEKDAYS:
        raise UserError(_wrong_field("day_of_week", field))
    return _WEEKDAYS.index(word)
