"""What a line of a day script makes happen, as values. `lines.py` reads them, `desktop.py` carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from traycoach.core.events import Answer, Event
from traycoach.core.instant import ZERO


@dataclass(frozen=True, slots=True)
class Post:
    """Something outside happened that the coach is told. `click`: it took a key or a click, which is input."""

    event: Event
    click: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """A guard's sign came or went: a reason not to interrupt, evidence of presence, or both."""

    name: str
    present: bool


@dataclass(frozen=True, slots=True)
class MeetingUntil:
    """The end of the call or meeting is known, as time since the script began."""

    ends_at: timedelta


@dataclass(frozen=True, slots=True)
class MeetingAt:
    """The calendar has a meeting, `starts_at` after the script began."""

    starts_at: timedelta


@dataclass(frozen=True, slots=True)
class Reply:
    """The person answers the prompt on the screen."""

    answer: Answer
    snooze_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class CloseWindow:
    """The person closes the prompt's window without an answer."""


@dataclass(frozen=True, slots=True)
class LoseWindows:
    """The window process dies."""


class Manner(StrEnum):
    """What the person does by habit when a prompt or a routine appears."""

    START = "start"
    SNOOZE = "snooze"
    SKIP = "skip"
    GETTING_UP = "getting-up"
    WALKS = "walks"
    IGNORES = "ignores"
    LEFT = "left"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Habit:
    """From now on, when `target` (a rule's id, "card", "notice", "any" or "routine") appears: do this, `after` a while.

    `lasts` is the length of the walk or the snooze.
    """

    target: str
    manner: Manner
    after: timedelta = ZERO
    lasts: timedelta = ZERO


class RoutineDeed(StrEnum):
    """What the person does in the routine window."""

    LEFT = "left"
    DONE = "done"
    CONTINUES = "continues"
    FOCUSED = "focused"
    UNFOCUSED = "unfocused"


@dataclass(frozen=True, slots=True)
class InRoutine:
    """The person does something in the routine window."""

    deed: RoutineDeed


@dataclass(frozen=True, slots=True)
class Sleep:
    """The machine sleeps. `signalled`: the system announced it."""

    lasts: timedelta
    signalled: bool = True


@dataclass(frozen=True, slots=True)
class Freeze:
    """The process stands still while the machine runs."""

    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Kill:
    """The process dies without a word. `off`: the machine goes down with it."""

    off: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The process starts again. `reboot`: on a new boot."""

    reboot: bool = False


@dataclass(frozen=True, slots=True)
class SetClock:
    """The wall clock is moved by `by`."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class SetZone:
    """The time zone is changed."""

    zone: str


@dataclass(frozen=True, slots=True)
class Source:
    """The source of input goes or comes."""

    found: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """The settings file is saved with the changes of `[edits.NAME]`."""

    name: str


@dataclass(frozen=True, slots=True)
class AskWhy:
    """`traycoach why`: the sentence goes into the timeline."""


Deed = (
    Post
    | Sign
    | MeetingUntil
    | MeetingAt
    | Reply
    | CloseWindow
    | LoseWindows
    | Habit
    | InRoutine
    | Sleep
    | Freeze
    | Kill
    | Start
    | SetClock
    | SetZone
    | Source
    | Edit
    | AskWhy
)


@dataclass(frozen=True, slots=True)
class Step:
    """One deed, `at` after the script's start; `line` is its line in the file."""

    at: timedelta
    line: int
    deed: Deed
