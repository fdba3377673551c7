"""When the user's calendar files (.ics) say that there is a meeting.

The daemon never reads a calendar: a short-lived process (`python -m traycoach.calendars PATH…`) does, and prints one
`Reading` as a line of JSON. That line is all that ever leaves the process. It can hold times, kinds of faults and names
of files only: no title, place or person of an event has a field in it.

In the daemon `watch` follows the calendars: `folders` tells it of changes, `pace` when to read, `child` runs the
process, `agenda` answers from what it said and `faults` has the sentences. All other modules belong to the process.
What is read and what is not: docs/calendars.md; why this way: docs/decisions/008-calendars.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from traycoach.core.instant import ZERO

LONGEST = timedelta(hours=8)
"""What lasts longer is no meeting but a state, such as a trip or a day off: it holds nothing back."""

ENDINGS = (".ics", ".ifb")
"""RFC 5545, section 8.1: calendars, and busy times alone. A file that the user named may end in anything."""

AHEAD = timedelta(hours=36)
"""How far a reading looks ahead."""


class Fault(StrEnum):
    """What can be wrong with a calendar; `faults.py` has the sentences."""

    NOT_FOUND = "not-found"
    NOT_READABLE = "not-readable"
    NO_FILES = "no-files"
    NOT_A_FILE = "not-a-file"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    EMPTY = "empty"
    NO_CALENDAR = "no-calendar"
    NO_END = "no-end"
    NO_START = "no-start"
    BAD_TIME = "bad-time"
    BAD_LENGTH = "bad-length"
    BAD_RULE = "bad-rule"
    BAD_ZONE = "bad-zone"
    UNKNOWN_ZONE = "unknown-zone"
    ENDS_BEFORE_START = "ends-before-start"
    TOO_OFTEN = "too-often"
    TOOK_TOO_LONG = "took-too-long"
    NOT_UNDERSTOOD = "not-understood"
    AND_MORE = "and-more"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault and its place. `file` is the short name of a file as the user's folders call it, "" for none in
    particular; `key` names the component and the property, as `VEVENT.DTSTART`.
    """

    fault: Fault
    file: str = ""
    line: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A time that a calendar calls busy, in UTC. `key` tells meetings apart and says nothing else about them."""

    starts_at: datetime
    ends_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder whose changes matter: those of any calendar or folder in it, or, if there are any, of these names."""

    path: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the calendars said: every meeting that lies, or partly lies, between two instants (UTC), in order. One that
    lies within another one is not listed.

    `calendars` is how many files could be read. `took` is what it cost in processor time.
    """

    since: datetime
    until: datetime
    calendars: int
    meetings: tuple[Meeting, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    folders: tuple[Folder, ...] = ()
    took: timedelta = ZERO


@dataclass(frozen=True, slots=True)
class Crash:
    """The process met a bug of ours: its kind and the line of our own code, nothing of what it was reading."""

    error: str
    at: str
