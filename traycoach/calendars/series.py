"""From the events of one UID to the times that they keep the user busy.

The event without RECURRENCE-ID is the rule of the series. Each other one stands for one meeting of it, or, with
RANGE=THISANDFUTURE, for all from one on; it counts as well where its series is not in the file, as for someone who was
invited to a single meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from traycoach.calendars import LONGEST
from traycoach.calendars.events import Event, Span
from traycoach.calendars.rules import Rule
from traycoach.calendars.values import Time, Wrong, in_utc
from traycoach.core.instant import ZERO

_DAY = timedelta(days=1)
_FARTHEST = timedelta(days=60)
"""How far a series that was moved as a whole is looked for."""

Busy = tuple[datetime, timedelta]
"""When a meeting begins (UTC), and its length."""


def meetings(events: Iterable[Event], span: Span, told: Callable[[Wrong], None]) -> Iterator[Busy]:
    """Give the meetings of one UID in the span, in no order. Of several versions of an event the newest counts."""
    rule: Event | None = None
    instead: dict[Time, Event] = {}
    for one in events:
        if one.replaces is None:
            rule = one if rule is None or one.sequence >= rule.sequence else rule
        else:
            key = _key(one.replaces)
            known = instead.get(key)
            instead[key] = one if known is None or one.sequence >= known.sequence else known
    never = _Times(rule.never if rule is not None else ())
    for one in instead.values():
        assert one.replaces is not None
        # one that was changed first and deleted later is in both lists
        if isinstance(one.start, datetime) and one.busy and not never.have(one.replaces):
            start = in_utc(one.start)
            if span.has(start, one.lasts):
                yield start, one.lasts
    if rule is not None:
        yield from _of_rule(rule, instead, never, span, told)


class _Times:
    """Times of a series, by their instant; a day stands for every time on it."""

    def __init__(self, times: Iterable[Time]) -> None:
        self._keys = {_key(at) for at in times}

    def have(self, at: Time) -> bool:
        return bool(self._keys) and (_key(at) in self._keys or (isinstance(at, datetime) and at.date() in self._keys))


def _key(at: Time) -> Time:
    return in_utc(at) if isinstance(at, datetime) else at


@dataclass(frozen=True, slots=True)
class _Later:
    """What all meetings of a series from one on became."""

    since: datetime
    moved_for: timedelta
    lasts: timedelta
    busy: bool


def _of_rule(
    rule: Event, instead: Mapping[Time, Event], never: _Times, span: Span, told: Callable[[Wrong], None]
) -> Iterator[Busy]:
    if not isinstance(rule.start, datetime):
        return
    later = sorted(_later(rule, instead.values()), key=lambda one: one.since)
    replaced = _Times(instead)
    for at, lasts in _occurrences(rule, span, later, told):
        if never.have(at) or replaced.have(at):
            continue
        became = next((one for one in reversed(later) if one.since < in_utc(at)), None)
        if became is not None:
            busy = (in_utc(_moved(at, became.moved_for)), became.lasts)
        else:
            busy = (in_utc(at), lasts)
        if (became or rule).busy and span.has(*busy):
            yield busy


def _later(rule: Event, instead: Iterable[Event]) -> Iterator[_Later]:
    assert isinstance(rule.start, datetime)
    for one in instead:
        if one.and_later and isinstance(one.replaces, datetime) and isinstance(one.start, datetime):
            zone = rule.start.tzinfo
            local = [at.astimezone(zone).replace(tzinfo=None) for at in (one.start, one.replaces)]
            yield _Later(in_utc(one.replaces), local[0] - local[1], one.lasts, one.busy)


def _moved(at: datetime, span: timedelta) -> datetime:
    return (at.replace(tzinfo=None) + span).replace(tzinfo=at.tzinfo)


def _occurrences(
    rule: Event, span: Span, later: list[_Later], told: Callable[[Wrong], None]
) -> Iterator[tuple[datetime, timedelta]]:
    """Give the times of the series that may lie in the span, and their lengths; deleted and replaced ones too."""
    assert isinstance(rule.start, datetime)
    zone = rule.start.tzinfo
    assert zone is not None
    reach = min(_FARTHEST, LONGEST + max([ZERO, *(abs(one.moved_for) for one in later)])) + _DAY
    first, last = ((at.astimezone(zone)).replace(tzinfo=None) for at in (span.since, span.until))
    first, last = first - reach, last + reach
    start = rule.start.replace(tzinfo=None)

    def recurrences(rules: list[Rule]) -> set[datetime]:
        found: set[datetime] = set()
        for one in rules:
            try:
                found.update(one.between(start, first, last, zone))
            except Wrong as wrong:
                told(wrong)
        return found

    times: dict[datetime, timedelta] = {}
    # a series whose rules end before it begins was deleted from its first meeting on
    if first <= start <= last and (not rule.rules or any(one.last_moment(zone) >= start for one in rule.rules)):
        times[start] = rule.lasts
    times.update(dict.fromkeys(recurrences(rule.rules), rule.lasts))
    for at, lasts in rule.also:
        local = (
            at.astimezone(zone).replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, start.time())
        )
        if first <= local <= last:
            times[local] = rule.lasts if lasts is None else lasts
    for at in recurrences(rule.no_rules):
        times.pop(at, None)
    for at, lasts in times.items():
        yield at.replace(tzinfo=zone), lasts
