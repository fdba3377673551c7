"""All calendars at once: from the user's paths to one `Reading`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from hashlib import blake2s

from traycoach import clock
from traycoach.calendars import AHEAD, LONGEST, Fault, Meeting, Reading, Trouble
from traycoach.calendars import events as one_event
from traycoach.calendars.components import Component, components
from traycoach.calendars.events import Event, Span
from traycoach.calendars.files import load, search
from traycoach.calendars.series import Busy, meetings
from traycoach.calendars.values import Wrong, in_utc, periods
from traycoach.calendars.zones import FileZones
from traycoach.core.instant import SECOND

MOST_WORK = 8 * SECOND
"""What all calendars together may cost the processor; the rest of them is then left unread, and that is told."""

MOST_MEETINGS = 500
"""More are not told at once: the reading then ends where the next one begins."""

_ODD = (ArithmeticError, LookupError, TypeError, ValueError)
"""What values that nobody thought of may lead to. Only their own component is lost by it."""

MOST_TROUBLES_A_FILE = 10
MOST_TROUBLES = 100
_MOST_KEPT = 1000

_WANTED = ("VEVENT", "VFREEBUSY", "VTIMEZONE")
_CALENDAR = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*BEGIN[ \t]*:[ \t]*VCALENDAR", re.IGNORECASE | re.MULTILINE)


def read(paths: Sequence[str], now: datetime) -> Reading:
    """Read the calendars of these files and folders, from the longest meeting before `now` to `AHEAD` after it.

    The zone of `now` is the local one. Never fails for anything that is in a calendar.
    """
    began = clock.worked_for()
    span = Span(in_utc(now) - LONGEST, in_utc(now) + AHEAD)
    assert now.tzinfo is not None
    found = search(paths)
    troubles = found.troubles
    seen: set[Meeting] = set()
    calendars = 0
    for file in found.files:
        if clock.worked_for() - began > MOST_WORK:
            troubles.append(Trouble(Fault.TOOK_TOO_LONG, file.short))
            break
        data = load(file.path)
        if isinstance(data, Fault):
            troubles.append(Trouble(data, file.short))
            continue
        calendar = FileReading(file.short, span, now.tzinfo, MOST_WORK - (clock.worked_for() - began))
        try:
            seen.update(calendar.read(data))
        except MemoryError:
            calendar.troubles = [Trouble(Fault.TOO_LARGE, file.short)]
        else:
            calendars += calendar.is_calendar
        troubles += _at_most(sorted(calendar.troubles, key=_by_line), MOST_TROUBLES_A_FILE)
    listed = _outermost(seen)
    told, untold = listed[:MOST_MEETINGS], listed[MOST_MEETINGS:]
    return Reading(
        since=span.since,
        until=untold[0].starts_at if untold else span.until,
        calendars=calendars,
        meetings=tuple(told),
        troubles=tuple(_at_most(troubles, MOST_TROUBLES)),
        folders=found.watched(),
        took=clock.worked_for() - began,
    )


def _outermost(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Give the meetings in order, without those that lie within another one: they change no answer."""
    found: list[Meeting] = []
    for one in sorted(meetings, key=lambda one: (one.starts_at, -one.ends_at.timestamp(), one.key)):
        if not found or one.ends_at > found[-1].ends_at:
            found.append(one)
    return found


def _by_line(trouble: Trouble) -> int:
    return trouble.line or 0


def _at_most(troubles: list[Trouble], most: int) -> list[Trouble]:
    if len(troubles) <= most:
        return troubles
    return [*troubles[:most], Trouble(Fault.AND_MORE, troubles[most].file)]


class FileReading:
    """Reads one file. `troubles` are what is wrong with it; `is_calendar` tells whether it was one at all."""

    def __init__(self, short: str, span: Span, local: tzinfo, most_work: timedelta) -> None:
        self.troubles: list[Trouble] = []
        self.is_calendar = False
        self._short = short
        self._span = span
        self._local = local
        self._work_until = clock.worked_for() + most_work

    def read(self, data: bytes) -> Iterator[Meeting]:
        """Give the meetings of the file."""
        parts = components(data, _WANTED)
        self.is_calendar = bool(parts) or _CALENDAR.search(data) is not None
        if not self.is_calendar:
            self._note(Trouble(Fault.NO_CALENDAR if data.strip() else Fault.EMPTY, self._short))
            return
        named: dict[str, list[Component]] = {name: [] for name in _WANTED}
        for part in parts:
            named[part.name].append(part)
            if not part.ended:
                self._note(Trouble(Fault.NO_END, self._short, part.line, part.name))
        middle = self._span.since + (self._span.until - self._span.since) / 2
        zones = FileZones(named["VTIMEZONE"], self._local, middle, self._zone_told)
        yield from self._events(one_event.near(named["VEVENT"], self._span), zones)
        for part in named["VFREEBUSY"]:
            yield from self._busy_times(part, zones)

    def _events(self, parts: list[Component], zones: FileZones) -> Iterator[Meeting]:
        by_uid: dict[str, list[Event]] = {}
        for part in parts:
            if self._out_of_time(part):
                return
            event = self._event(part, zones)
            if event is not None:
                by_uid.setdefault(event.uid, []).append(event)
        for uid, group in by_uid.items():
            if self._out_of_time(None):
                return
            yield from (self._meeting(uid, busy) for busy in self._series(group))

    def _event(self, part: Component, zones: FileZones) -> Event | None:
        try:
            return one_event.read(part, zones, self._local, lambda wrong: self._told(wrong, "VEVENT", part.line))
        except Wrong as wrong:
            self._told(wrong, "VEVENT", part.line)
        except _ODD:
            self._note(Trouble(Fault.NOT_UNDERSTOOD, self._short, part.line, "VEVENT"))
        return None

    def _series(self, group: list[Event]) -> list[Busy]:
        line = group[0].line
        try:
            return list(meetings(group, self._span, lambda wrong: self._told(wrong, "VEVENT", line)))
        except _ODD:  # such as times at the ends of the calendar
            self._note(Trouble(Fault.NOT_UNDERSTOOD, self._short, line, "VEVENT"))
        return []

    def _busy_times(self, part: Component, zones: FileZones) -> Iterator[Meeting]:
        for prop in part.properties(("FREEBUSY",)):
            if prop.parameters.get("FBTYPE", "BUSY").upper() != "BUSY" or not prop.value:
                continue
            try:
                for begins, lasts in periods(prop, zones, self._local):
                    if self._span.has(in_utc(begins), lasts):
                        yield self._meeting(f"line {prop.line}", (in_utc(begins), lasts))
            except Wrong as wrong:
                self._told(wrong, "VFREEBUSY", part.line)
            except _ODD:
                self._note(Trouble(Fault.NOT_UNDERSTOOD, self._short, prop.line, "VFREEBUSY"))

    def _meeting(self, uid: str, busy: Busy) -> Meeting:
        start, lasts = busy
        key = blake2s(f"{self._short}\n{uid}\n{start.isoformat()}".encode("utf-8", "replace"), digest_size=8)
        return Meeting(start, start + lasts, key.hexdigest())

    def _out_of_time(self, part: Component | None) -> bool:
        if clock.worked_for() <= self._work_until:
            return False
        self._note(Trouble(Fault.TOOK_TOO_LONG, self._short, part.line if part is not None else None))
        return True

    def _zone_told(self, wrong: Wrong) -> None:
        # a zone that is unknown is so where it is used, one that is badly defined where it is defined
        self._told(wrong, "" if wrong.fault is Fault.UNKNOWN_ZONE else "VTIMEZONE", None)

    def _told(self, wrong: Wrong, component: str, line: int | None) -> None:
        prop = wrong.prop
        names = dict.fromkeys((component, prop.name if prop is not None else ""))
        key = ".".join(name for name in names if name)
        trouble = Trouble(wrong.fault, self._short, line if prop is None else prop.line, key)
        if trouble not in self.troubles[-1:]:  # two rules of one event may share a fault
            self._note(trouble)

    def _note(self, trouble: Trouble) -> None:
        if len(self.troubles) < _MOST_KEPT:
            self.troubles.append(trouble)
