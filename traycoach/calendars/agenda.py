"""Is there a meeting now, when does it end, when does the next begin: answered from a reading, without any I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from traycoach.calendars import Meeting
from traycoach.core.instant import MINUTE

END_KNOWN_BEFORE = 10 * MINUTE
"""A meeting that begins so soon counts for "after my meeting"."""

AHEAD_BEFORE = 15 * MINUTE
"""A meeting that begins so soon is worth a shorter routine."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is so from now until `changes_at` (None: for ever). All times are in UTC.

    `ends_at`: the end of the meeting that is present or begins within `END_KNOWN_BEFORE`. `next_at`: the start of the
    next one, if that is within `AHEAD_BEFORE`.
    """

    in_meeting: bool = False
    ends_at: datetime | None = None
    next_at: datetime | None = None
    changes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The busy times, ascending: meetings that touch or overlap are one."""

    spans: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def of(cls, meetings: Iterable[Meeting]) -> Agenda:
        """Give the agenda of these meetings, whatever their order."""
        spans: list[tuple[datetime, datetime]] = []
        for start, end in sorted((meeting.starts_at, meeting.ends_at) for meeting in meetings):
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return cls(tuple(spans))

    def at(self, now: datetime) -> Answers:
        """Answer for this moment (aware)."""
        present = next((end for start, end in self.spans if start <= now < end), None)
        coming = next(((start, end) for start, end in self.spans if start > now), None)
        ends_at, next_at, changes = present, None, [present] if present is not None else []
        if coming is not None:
            start, end = coming
            changes += [at for before in _NOTICED_BEFORE if (at := start - before) > now]
            if start - now <= AHEAD_BEFORE:
                next_at = start
            if present is None and start - now <= END_KNOWN_BEFORE:
                ends_at = end
        return Answers(present is not None, ends_at, next_at, min(changes, default=None))


_NOTICED_BEFORE = (timedelta(0), END_KNOWN_BEFORE, AHEAD_BEFORE)
