"""One VEVENT as values, and which of thousands are worth to be read (RFC 5545, section 3.6.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from traycoach.calendars import LONGEST, Fault
from traycoach.calendars.components import Component, Property
from traycoach.calendars.rules import Rule, parse
from traycoach.calendars.values import Time, Wrong, Zones, in_utc, length, periods, time, times
from traycoach.core.instant import ZERO

_TWO_DAYS = timedelta(days=2)
_NOT_BUSY = {"FREE", "TENTATIVE", "WORKINGELSEWHERE"}
_LISTS = ("RRULE", "EXRULE", "RDATE", "EXDATE")
_NAMES = (
    *_LISTS,
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RECURRENCE-ID",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
)
_DAYS = re.compile(rb"\n((?i:DTSTART|RECURRENCE-ID))(?=[;: \t])[^\n]*?:[ \t]*(\d{8})(?!\d)")
_RULES = re.compile(rb"\n((?i:RRULE|RDATE|RECURRENCE-ID)(?=[;: \t])[^\n]*)")
_UNTIL = re.compile(rb"(?i:UNTIL)=(\d{8})")
_UID = re.compile(rb"\n(?i:UID)[;:]([^\n]*)")


@dataclass(frozen=True, slots=True)
class Span:
    """The UTC time that is asked for."""

    since: datetime
    until: datetime

    def has(self, start: datetime, lasts: timedelta) -> bool:
        """Whether what begins then and lasts so long is a meeting that lies at least partly in this time."""
        return ZERO < lasts <= LONGEST and start < self.until and start + lasts > self.since


@dataclass(slots=True)
class Event:
    """One VEVENT. `busy`: it keeps the user busy, if it is no longer than a meeting can be.

    `replaces` is the time of the meeting of a series that this one stands for; with `and_later`, for all later ones.
    """

    uid: str
    line: int
    start: Time
    lasts: timedelta
    busy: bool
    sequence: int
    replaces: Time | None = None
    and_later: bool = False
    rules: list[Rule] = field(default_factory=list)
    no_rules: list[Rule] = field(default_factory=list)
    also: list[tuple[Time, timedelta | None]] = field(default_factory=list)
    never: list[Time] = field(default_factory=list)


def near(events: Iterable[Component], span: Span) -> list[Component]:
    """Give the events that may have a meeting in the span, by the digits of their dates alone.

    An event that says nothing legible is among them: reading it will tell what is wrong. So is every version of an
    event of which one version is: the newest of them counts.
    """
    first, last = (f"{at:%Y%m%d}".encode("ascii") for at in (span.since - _TWO_DAYS, span.until + _TWO_DAYS))
    chosen: set[int] = set()
    others: list[tuple[int, Component]] = []
    everything = list(events)
    for number, one in enumerate(everything):
        if _may_be_near(one, first, last):
            chosen.add(number)
        else:
            others.append((number, one))
    if chosen and others:
        uids = {uid[1] for number in chosen if (uid := everything[number].search(_UID))}
        chosen.update(
            number
            for number, one in others
            if (uid := one.search(_UID)) and uid[1] in uids and not any(b"-" in name for name in _day_names(one))
        )
    return [everything[number] for number in sorted(chosen)]


def _day_names(one: Component) -> list[bytes]:
    return [found[1] for found in one.search_all(_DAYS)]


def _may_be_near(one: Component, first: bytes, last: bytes) -> bool:
    days = [(found[1], found[2]) for found in one.search_all(_DAYS)]
    starts = [day for name, day in days if b"-" not in name]
    if not starts or any(first <= day <= last for _name, day in days):
        return True
    if starts[0] > last:
        return False
    for rule in one.search_all(_RULES):
        line = rule[1].upper()
        if line.startswith(b"RECURRENCE"):
            if b"RANGE" in line:
                return True
            continue
        until = _UNTIL.search(line)
        if until is None or until[1] >= first:
            return True
    return False


def read(one: Component, zones: Zones, local: tzinfo, told: Callable[[Wrong], None]) -> Event:
    """Read one event. `told` hears of what is wrong with less than the whole. Raises Wrong if nothing is left."""
    found: dict[str, Property] = {}
    lists: list[Property] = []
    for prop in one.properties(_NAMES):
        if prop.name in _LISTS:
            lists.append(prop)
        else:
            found.setdefault(prop.name, prop)
    if "DTSTART" not in found:
        raise Wrong(Fault.NO_START)
    start = time(found["DTSTART"], zones, local)
    event = Event(
        uid=found["UID"].value if "UID" in found else f"line {one.line}",
        line=one.line,
        start=start,
        lasts=_lasts(found, start, zones, local),
        busy=isinstance(start, datetime) and _busy(found),
        sequence=_sequence(found.get("SEQUENCE")),
    )
    zone = start.tzinfo or local if isinstance(start, datetime) else local
    if (replaced := found.get("RECURRENCE-ID")) is not None:
        try:
            event.replaces = time(replaced, zones, zone)
            event.and_later = replaced.parameters.get("RANGE", "").upper() == "THISANDFUTURE"
        except Wrong as wrong:
            told(wrong)
    for prop in lists:
        try:
            _take(event, prop, zones, zone)
        except Wrong as wrong:
            told(wrong)
    return event


def _take(event: Event, prop: Property, zones: Zones, zone: tzinfo) -> None:
    match prop.name:
        case "RRULE":
            event.rules.append(parse(prop))
        case "EXRULE":
            event.no_rules.append(parse(prop))
        case "EXDATE":
            event.never += times(prop, zones, zone)
        case _ if prop.parameters.get("VALUE", "").upper() == "PERIOD":
            event.also += periods(prop, zones, zone)
        case _ if prop.value:
            event.also.extend((at, None) for at in times(prop, zones, zone))  # the good ones stay if one is bad


def _lasts(found: dict[str, Property], start: Time, zones: Zones, local: tzinfo) -> timedelta:
    """Give the exact length of the event; none for a day, which holds nothing. Raises Wrong."""
    if not isinstance(start, datetime):
        return ZERO
    end = found.get("DTEND") or found.get("DURATION")
    if end is None:
        return ZERO
    if end.name == "DTEND":
        ends = time(end, zones, start.tzinfo or local)
        if not isinstance(ends, datetime):
            raise Wrong(Fault.BAD_TIME, end)
        lasts = in_utc(ends) - in_utc(start)
    else:
        lasts = length(end)
    if lasts < ZERO:
        raise Wrong(Fault.ENDS_BEFORE_START, end)
    return lasts


def _busy(found: dict[str, Property]) -> bool:
    def says(name: str) -> str:
        return found[name].value.upper() if name in found else ""

    return (
        says("TRANSP") != "TRANSPARENT"
        and says("STATUS") not in {"CANCELLED", "TENTATIVE"}
        and says("X-MICROSOFT-CDO-BUSYSTATUS") not in _NOT_BUSY
    )


def _sequence(prop: Property | None) -> int:
    try:
        return int(prop.value[:12]) if prop is not None else 0
    except ValueError:
        return 0
