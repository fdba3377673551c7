"""The zones of a calendar file: by their names where these are known anywhere, else as the file defines them.

A name is looked for in the zone database, also behind a vendor's prefix (RFC 5545, section 3.2.19:
`/freeassociation.sourceforge.net/Europe/Rome`), then among the names of Windows, which Outlook and Exchange write (the
table windowsZones of the Unicode CLDR, in tzlocal). A name that means nothing is a fault, told once a file, and the
local zone stands for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from traycoach.calendars import Fault
from traycoach.calendars.components import Component, Property
from traycoach.calendars.rules import parse
from traycoach.calendars.values import Wrong, stamp
from traycoach.core.instant import ZERO

_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)
_OFFSET_NAME = re.compile(r"(?:UTC|GMT)?\s*([+-]\d\d):?(\d\d)", re.ASCII | re.IGNORECASE)
_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)
_MOST_RDATES = 2000
# local; two days from the ends of the calendar there is UTC everywhere
_FIRST = datetime(1, 1, 3)  # noqa: DTZ001
_LAST = datetime(9999, 12, 29)  # noqa: DTZ001


class FileZones:
    """The zones of one file. `told` hears of what is wrong with them, once a zone."""

    def __init__(
        self, definitions: Iterable[Component], local: tzinfo, around: datetime, told: Callable[[Wrong], None]
    ) -> None:
        """`around`: definitions are worked out for the year before and after this UTC instant."""
        self._definitions: dict[str, Component] = {}
        self._local = local
        self._around = around.replace(tzinfo=None)
        self._told = told
        self._known: dict[str, tzinfo] = {}
        for one in definitions:
            name = next((prop.value for prop in one.properties(("TZID",))), "")
            self._definitions.setdefault(_bare(name), one)

    def of(self, prop: Property) -> tzinfo | None:
        """Give the zone that a property names; None if it names none."""
        name = prop.parameters.get("TZID")
        if name is None:
            return None
        zone = self._known.get(name)
        if zone is None:
            zone = self._known[name] = self._find(name, prop)
        return zone

    def _find(self, name: str, prop: Property) -> tzinfo:
        zone = named(name)
        definition = self._definitions.get(_bare(name)) if name.strip() else None
        if zone is None and definition is not None:
            location = next((one.value for one in definition.properties(("X-LIC-LOCATION",))), "")
            zone = named(location)
            if zone is None:
                try:
                    zone = DefinedZone(definition, self._around)
                except Wrong as wrong:
                    self._told(wrong)
                    return self._local
        if zone is None:
            self._told(Wrong(Fault.UNKNOWN_ZONE, prop))
            return self._local
        return zone


def _bare(name: str) -> str:
    return name.strip().strip("/").lower()


@lru_cache(maxsize=256)
def named(name: str) -> tzinfo | None:
    """Give the zone that a name means everywhere; None for a name that does not."""
    from tzlocal.windows_tz import win_tz

    name = name.strip()
    parts = name.strip("/").split("/")
    if not name or len(name) > 200:
        return None
    for first in range(len(parts) if name.startswith("/") else 1):
        if zone := _in_database("/".join(parts[first:])):
            return zone
    if name in win_tz:
        return _in_database(win_tz[name])
    if offset := _OFFSET_NAME.fullmatch(name):
        hours, minutes = int(offset[1]), int(offset[2])
        if abs(hours) < 24 and minutes < 60:
            return timezone(timedelta(hours=hours, minutes=-minutes if offset[1][0] == "-" else minutes))
    return None


def _in_database(key: str) -> tzinfo | None:
    try:
        return ZoneInfo(key)
    except (ValueError, OSError, KeyError):  # also a folder's name, and what is no file's name at all
        return None


@dataclass(frozen=True, slots=True)
class _Observance:
    """One STANDARD or DAYLIGHT: from each onset, given in the time before it, the offset is `after`."""

    onsets: tuple[datetime, ...]
    before: timedelta
    after: timedelta


class DefinedZone(tzinfo):
    """A zone as a VTIMEZONE defines it (RFC 5545, section 3.6.5), exact for two years. Raises Wrong.

    Rules of zones have begun in 1601 in the files of Outlook; nobody needs all of their changes.
    """

    def __init__(self, definition: Component, around: datetime) -> None:
        parts = [part for part in definition.parts if part.name in {"STANDARD", "DAYLIGHT"}]
        observances = [_observance(part, around - _YEAR, around + _YEAR) for part in parts]
        changes = sorted((at, one.before, one.after) for one in observances for at in one.onsets)
        if not changes:
            raise Wrong(Fault.BAD_ZONE, _place(definition))
        in_utc = sorted((at - before, before, after) for at, before, after in changes)
        self._first = in_utc[0][1]
        self._utc_from = [at for at, _before, _after in in_utc]
        # of a doubled hour the first is meant, a skipped one is reckoned with the offset before it
        self._local_from = [at + before + max(ZERO, after - before) for at, before, after in in_utc]
        self._offsets = [after for _at, _before, after in in_utc]

    def utcoffset(self, at: datetime | None) -> timedelta:
        """Give the offset of a local time."""
        if at is None:
            return self._first
        return self._offset(self._local_from, at.replace(tzinfo=None))

    def dst(self, _at: datetime | None) -> timedelta:
        """Give nothing: what of the offset is daylight saving matters to no one here."""
        return ZERO

    def tzname(self, _at: datetime | None) -> str | None:
        """Give none."""
        return None

    def fromutc(self, at: datetime) -> datetime:
        """Give the local time of a UTC time."""
        return at + self._offset(self._utc_from, at.replace(tzinfo=None))

    def _offset(self, begins: list[datetime], at: datetime) -> timedelta:
        index = bisect_right(begins, at)
        return self._offsets[index - 1] if index else self._first


def _observance(part: Component, first: datetime, last: datetime) -> _Observance:
    found = {prop.name: prop for prop in part.properties(("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"))}
    try:
        start_prop, to = found["DTSTART"], found["TZOFFSETTO"]
    except KeyError:
        raise Wrong(Fault.BAD_ZONE, _place(part)) from None
    start = _onset(start_prop.value, start_prop)
    after = _offset(to)
    before = _offset(found["TZOFFSETFROM"]) if "TZOFFSETFROM" in found else after
    onsets = {start, *_rdates(part)}
    if "RRULE" in found:
        rule = parse(found["RRULE"])
        zone = timezone(before)
        # from the year before what is asked for, or before the rule's end: the last change must be among them
        begins = min(first, rule.last_moment(zone))
        begins = begins - 2 * _YEAR if begins - start > 2 * _YEAR else start
        onsets.update(rule.between(start, begins, last, zone))
    return _Observance(tuple(onsets), before, after)


def _rdates(part: Component) -> Iterator[datetime]:
    given = 0
    for prop in part.properties(("RDATE",)):
        for text in prop.value.split(","):
            given += 1
            if given > _MOST_RDATES:
                return
            yield _onset(text.strip().partition("/")[0], prop)


def _onset(text: str, prop: Property) -> datetime:
    try:
        at = stamp(text)
    except ValueError:
        raise Wrong(Fault.BAD_TIME, prop) from None
    local = at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time.min)
    return min(max(local, _FIRST), _LAST)


def _offset(prop: Property) -> timedelta:
    found = _OFFSET.fullmatch(prop.value)
    if found is None:
        raise Wrong(Fault.BAD_ZONE, prop)
    span = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    if span >= _DAY:
        raise Wrong(Fault.BAD_ZONE, prop)
    return -span if found[1] == "-" else span


def _place(component: Component) -> Property:
    return Property(component.name, {}, "", component.line)
