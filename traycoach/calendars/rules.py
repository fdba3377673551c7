"""When a recurring event recurs (RFC 5545, section 3.3.10), on dateutil's rules.

All is reckoned in the event's local time without a zone, where a rule is plain arithmetic; the zone comes after. A rule
that began years ago is not walked through: its beginning is moved close to what is asked for, by whole intervals.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Literal

from dateutil.rrule import DAILY, HOURLY, MINUTELY, MONTHLY, SECONDLY, WEEKLY, YEARLY, rrule, weekday

from traycoach.calendars import Fault
from traycoach.calendars.components import Property
from traycoach.calendars.processor import OutOfTime, at_most
from traycoach.calendars.values import Time, Wrong, stamp
from traycoach.core.instant import MINUTE, SECOND

MOST = 1000
"""Recurrences of one rule within a few days: more of them are no meetings."""

LONGEST_WORK = timedelta(milliseconds=300)
"""What one rule may cost. One that can never come true (30 February) is looked for until the year 9999."""

Frequency = Literal[0, 1, 2, 3, 4, 5, 6]
"""As dateutil counts them."""

_FREQUENCIES: dict[str, Frequency] = {
    "YEARLY": YEARLY,
    "MONTHLY": MONTHLY,
    "WEEKLY": WEEKLY,
    "DAILY": DAILY,
    "HOURLY": HOURLY,
    "MINUTELY": MINUTELY,
    "SECONDLY": SECONDLY,
}
_UNITS = {
    WEEKLY: timedelta(weeks=1),
    DAILY: timedelta(days=1),
    HOURLY: timedelta(hours=1),
    MINUTELY: MINUTE,
    SECONDLY: SECOND,
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_LISTS = {
    "BYSECOND": ("bysecond", 0, 60),
    "BYMINUTE": ("byminute", 0, 59),
    "BYHOUR": ("byhour", 0, 23),
    "BYMONTHDAY": ("bymonthday", -31, 31),
    "BYYEARDAY": ("byyearday", -366, 366),
    "BYWEEKNO": ("byweekno", -53, 53),
    "BYMONTH": ("bymonth", 1, 12),
    "BYSETPOS": ("bysetpos", -366, 366),
}
_NEVER = datetime.max  # noqa: DTZ901 - local, as all times here
_DAYS_OF_WEEK = {"byweekday", "bymonthday", "byyearday"}
_PLAIN = {"byweekday", "wkst"}
_FROM_ONE = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE. `until` is the last moment it may have: UTC, local without a zone, or a day that counts whole.

    `parts` are what else it says, as dateutil calls it.
    """

    frequency: Frequency
    interval: int
    count: int | None
    until: Time | None
    parts: tuple[tuple[str, Any], ...]
    prop: Property

    def between(self, start: datetime, first: datetime, last: datetime, zone: tzinfo) -> list[datetime]:
        """Give the recurrences from `first` to `last`. All times are local, without a zone.

        `start` is the event's own time; it is among them only if the rule says so. Raises Wrong.
        """
        until = min(last, self.last_moment(zone))
        known: dict[str, Any] = dict(self.parts)
        if "byweekno" in known and not _DAYS_OF_WEEK & known.keys():
            known["byweekday"] = start.weekday()  # as the standard has it; dateutil takes all seven days
        if self.count is None:
            start = self._moved(start, first)
        found: list[datetime] = []
        try:
            with nullcontext() if self._is_plain else at_most(LONGEST_WORK):
                for at in rrule(self.frequency, dtstart=start, interval=self.interval, count=self.count, **known):
                    if at > until:
                        break
                    if at >= first:
                        found.append(at)
                    if len(found) > MOST:
                        raise Wrong(Fault.TOO_OFTEN, self.prop)
        except OutOfTime:
            raise Wrong(Fault.TOOK_TOO_LONG, self.prop) from None
        except (ValueError, OverflowError, IndexError):  # parts that together mean no time at all
            raise Wrong(Fault.BAD_RULE, self.prop) from None
        return found

    @property
    def _is_plain(self) -> bool:
        """Whether it comes true again and again, and was moved close to what is asked for: no need of a limit."""
        plain = self.count is None and self.frequency in (WEEKLY, DAILY)
        return plain and all(name in _PLAIN for name, _value in self.parts)

    def last_moment(self, zone: tzinfo) -> datetime:
        """Give the local time after which the rule has no more recurrences."""
        until = self.until
        if until is None:
            return _NEVER
        if not isinstance(until, datetime):
            return datetime.combine(until, time.max)
        if until.tzinfo is None:
            return until
        try:
            return until.astimezone(zone).replace(tzinfo=None, fold=0)
        except OverflowError:
            return until.replace(tzinfo=None)

    def _moved(self, start: datetime, first: datetime) -> datetime:
        """Give the last beginning before `first` that is whole intervals later and gives the same recurrences."""
        if first <= start:
            return start
        unit = _UNITS.get(self.frequency)
        if unit is not None:
            # the week of the beginning is counted from the rule's own first day of the week: stay a week behind
            steps = (first - start) // (unit * self.interval) - 1
            return start + max(0, steps) * unit * self.interval
        if start.day > 28 or "byweekno" in dict(self.parts):
            return start  # what follows from the day of the beginning would change with the year
        months = self.interval * (12 if self.frequency == YEARLY else 1)
        steps = ((first.year - start.year) * 12 + first.month - start.month) // months - 1
        month = start.year * 12 + start.month - 1 + max(0, steps) * months
        return start.replace(year=month // 12, month=month % 12 + 1)


def parse(prop: Property) -> Rule:
    """Give the rule of an RRULE or EXRULE. Raises Wrong."""
    try:
        frequency, interval, count, until, parts = _parsed(prop.value)
    except ValueError:
        raise Wrong(Fault.BAD_RULE, prop) from None
    return Rule(frequency, interval, count, until, parts, prop)


@lru_cache(maxsize=1024)  # a thousand meetings have a dozen rules
def _parsed(text: str) -> tuple[Frequency, int, int | None, Time | None, tuple[tuple[str, Any], ...]]:
    """Give frequency, interval, count, end and the other parts of a rule. Raises ValueError."""
    words: dict[str, str] = {}
    for part in filter(None, (part.strip().upper() for part in text.split(";"))):
        name, _equals, value = part.partition("=")
        words[name.strip()] = value.strip()
    if words.pop("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise ValueError
    words.pop("SKIP", None)
    frequency = _FREQUENCIES.get(words.pop("FREQ", ""))
    if frequency is None:
        raise ValueError
    interval = _whole(words.pop("INTERVAL", "1"), 1, 100_000)
    count = int(words.pop("COUNT", "-1"))
    if count == 0 or count < -1:  # -1 is written for "without end"
        raise ValueError
    until = stamp(words.pop("UNTIL")) if "UNTIL" in words else None
    parts = tuple(known for name, value in words.items() if (known := _part(name, value)) is not None)
    return frequency, interval, count if count > 0 else None, until, parts


def _part(name: str, value: str) -> tuple[str, Any] | None:
    """Give a part of a rule as dateutil calls it; None for one that means nothing here. Raises ValueError."""
    if name == "BYDAY":
        return "byweekday", tuple(_weekday(one.strip()) for one in value.split(","))
    if name == "WKST":
        return "wkst", _DAYS.index(value)
    if name in _LISTS:
        key, least, most = _LISTS[name]
        numbers = tuple(_whole(one, least, most) for one in value.split(","))
        if name in _FROM_ONE and 0 in numbers:
            raise ValueError
        return key, numbers
    if name.startswith("X-"):
        return None
    raise ValueError


def _whole(text: str, least: int, most: int) -> int:
    number = int(text)
    if not least <= number <= most:
        raise ValueError
    return number


def _weekday(text: str) -> weekday:
    found = _WEEKDAY.fullmatch(text)
    if found is None:
        raise ValueError
    number = int(found[1]) if found[1] else None
    if number is not None and not 1 <= abs(number) <= 53:
        raise ValueError
    return weekday(_DAYS.index(found[2]), number)
