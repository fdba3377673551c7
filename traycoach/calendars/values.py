"""The values of properties: times, lengths, periods (RFC 5545, section 3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

from traycoach.calendars import Fault
from traycoach.calendars.components import Property

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(\d\d)?([Zz])?", re.ASCII)
_LENGTH = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


class Wrong(Exception):  # noqa: N818 - becomes a Trouble at the edge of its component
    """A value is not what it should be; `prop` has it, or there is none."""

    def __init__(self, fault: Fault, prop: Property | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.prop = prop


class Zones(Protocol):
    """Who knows the zones of a file."""

    def of(self, prop: Property) -> tzinfo | None:
        """Give the zone that a property names; None if it names none."""
        ...


Time = datetime | date
"""An aware time, or a whole day."""


def times(prop: Property, zones: Zones, floating: tzinfo) -> Iterator[Time]:
    """Give the times of a property, which may be a list; a time without a zone is one of `floating`.

    Raises Wrong in the end, after all that are right.
    """
    zone = zones.of(prop) or floating
    wrong: Wrong | None = None
    for text in prop.value.split(","):
        try:
            yield _time(text.strip(), zone, prop)
        except Wrong as error:
            wrong = error
    if wrong is not None:
        raise wrong


def time(prop: Property, zones: Zones, floating: tzinfo) -> Time:
    """Give the one time of a property. Raises Wrong."""
    return _time(prop.value, zones.of(prop) or floating, prop)


def length(prop: Property) -> timedelta:
    """Give the length of a DURATION. Raises Wrong."""
    return _length(prop.value, prop)


def periods(prop: Property, zones: Zones, floating: tzinfo) -> Iterator[tuple[datetime, timedelta]]:
    """Give the beginning and the length of each period `begin/end` or `begin/length`. Raises Wrong."""
    zone = zones.of(prop) or floating
    for text in prop.value.split(","):
        first, slash, last = text.strip().partition("/")
        begins = _time(first, zone, prop)
        if not slash or not isinstance(begins, datetime):
            raise Wrong(Fault.BAD_TIME, prop)
        if last[:1] in {"P", "+", "-"}:
            yield begins, _length(last, prop)
            continue
        ends = _time(last, zone, prop)
        if not isinstance(ends, datetime):
            raise Wrong(Fault.BAD_TIME, prop)
        yield begins, in_utc(ends) - in_utc(begins)


def in_utc(at: datetime) -> datetime:
    """Give an aware time in UTC: of a doubled one the first, a skipped one by the offset before the gap (RFC 5545,
    section 3.3.5), which is what Python does with `fold=0`.
    """
    return at.astimezone(UTC)


def stamp(text: str) -> Time:
    """Give a time in UTC, one without a zone, or a day. Raises ValueError."""
    if whole := _TIME.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in whole.groups()[:6])
        # a leap second is told as the one before it: Python has none
        at = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - a floating time
        return at.replace(tzinfo=UTC) if whole[7] else at
    if day_only := _DATE.fullmatch(text):
        year, month, day = (int(part) for part in day_only.groups())
        return date(year, month, day)
    raise ValueError


def _time(text: str, zone: tzinfo, prop: Property) -> Time:
    try:
        at = stamp(text)
        if isinstance(at, datetime):
            at = at if at.tzinfo is not None else at.replace(tzinfo=zone)
            in_utc(at)  # the first and the last day of the calendar have no UTC everywhere
    except (ValueError, OverflowError):
        raise Wrong(Fault.BAD_TIME, prop) from None
    return at


def _length(text: str, prop: Property) -> timedelta:
    whole = _LENGTH.fullmatch(text.upper())
    if whole is None or not any(whole.groups()[1:]):
        raise Wrong(Fault.BAD_LENGTH, prop)
    span = timedelta(**{unit: int(count or 0) for unit, count in zip(_UNITS, whole.groups()[1:], strict=True)})
    return -span if whole[1] == "-" else span
