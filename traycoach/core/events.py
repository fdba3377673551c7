"""Facts that enter the coach, in the past tense. They carry no time of their own: `handle(event, now)` is told it.

Spans are `timedelta`. No event has a field for a key: nothing that the person typed can get in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Posture, Schedule


@dataclass(frozen=True, slots=True)
class Woke:
    """The alarm at `next_wakeup` rang, or the loop came by anyway. `idle_for` is the age of the last input.

    `idle_for` None: there is no source to ask.
    """

    idle_for: timedelta | None


@dataclass(frozen=True, slots=True)
class InputResumed:
    """Input came after the idle threshold asked for by `WatchIdle` had been passed."""


@dataclass(frozen=True, slots=True)
class IdleBegan:
    """No input for the threshold asked for by `WatchIdle`. `idle_for` is the true age of the last input."""

    idle_for: timedelta


@dataclass(frozen=True, slots=True)
class SourceLost:
    """The last working source of input is gone; `reason` is a sentence for the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class SourceFound:
    """A source of input works (again). `idle_for` is the age of the last input."""

    idle_for: timedelta


@dataclass(frozen=True, slots=True)
class SessionLocked:
    """The screen was locked."""


@dataclass(frozen=True, slots=True)
class SessionUnlocked:
    """The screen was unlocked: the person is here."""


@dataclass(frozen=True, slots=True)
class SessionDeactivated:
    """Another session took the seat (switched user or console)."""


@dataclass(frozen=True, slots=True)
class SessionActivated:
    """This session has the seat again."""


@dataclass(frozen=True, slots=True)
class SleepBegan:
    """The machine is about to sleep."""


@dataclass(frozen=True, slots=True)
class SleepEnded:
    """The machine came back from sleep."""


@dataclass(frozen=True, slots=True)
class MachineSlept:
    """The clock of suspended time grew by `slept_for` since the last event (there was perhaps no signal)."""

    slept_for: timedelta


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The wall clock was set or the zone changed; steady time was not touched."""


@dataclass(frozen=True, slots=True)
class PostureChanged:
    """The user (or a desk sensor) told the posture."""

    posture: Posture


@dataclass(frozen=True, slots=True)
class HoldsChanged:
    """The guards' reasons not to interrupt now, all of them: names such as "fullscreen", "microphone", "meeting".

    Quiet hours and the user's pause are not among them: the coach knows these itself.
    """

    holds: frozenset[str]


@dataclass(frozen=True, slots=True)
class EvidenceChanged:
    """The present signs of presence without input, all of them: "microphone", "camera", "fullscreen", "inhibitor"."""

    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScreenShared:
    """Screen sharing began or ended: while it lasts a prompt says no more than "Time for a break"."""

    sharing: bool


@dataclass(frozen=True, slots=True)
class OccurrenceReached:
    """A clock rule's time came (perhaps while nobody looked). `scheduled_at` is the aware local time it stands for."""

    rule: str
    scheduled_at: datetime


class Answer(StrEnum):
    """What the user did with a prompt."""

    START = "start"
    SNOOZE = "snooze"
    SKIP = "skip"
    GETTING_UP = "getting_up"


@dataclass(frozen=True, slots=True)
class PromptShown:
    """The window (or notification) of the prompt is really on the screen."""

    prompt: int


@dataclass(frozen=True, slots=True)
class PromptAnswered:
    """The user answered the prompt. `snooze_for` goes with SNOOZE; None there means "after my meeting"."""

    prompt: int
    answer: Answer
    snooze_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PromptClosed:
    """The prompt's window was closed by the user without an answer (Esc, the window manager): it withdraws to due."""

    prompt: int


@dataclass(frozen=True, slots=True)
class PromptFailed:
    """Nothing on this desktop can show the prompt now: it was never seen."""

    prompt: int


@dataclass(frozen=True, slots=True)
class WindowsLost:
    """The window process died: what was shown is shown no more."""


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The user snoozed from the tray or the command line, whatever prompt is due or shown."""

    snooze_for: timedelta | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """The user skipped from the tray or the command line, whatever prompt is due or shown."""


class PauseUntil(StrEnum):
    """The ends of a pause that are not a length."""

    TOMORROW = "tomorrow"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Paused:
    """The user asked for no prompts for a while: a length, until tomorrow, or until resumed."""

    until: timedelta | PauseUntil


@dataclass(frozen=True, slots=True)
class Resumed:
    """The user ended the pause."""


@dataclass(frozen=True, slots=True)
class BreakRequested:
    """The user asked for a break now. `routine` None: take the due prompt's routine, or let the picker choose."""

    routine: str | None = None


@dataclass(frozen=True, slots=True)
class RoutineStarted:
    """The routine window shows the first step."""

    routine: str


@dataclass(frozen=True, slots=True)
class RoutineProgressed:
    """The routine is so far along, 0…1."""

    fraction: float


@dataclass(frozen=True, slots=True)
class RoutineFocusChanged:
    """The routine window gained or lost the focus."""

    focused: bool


@dataclass(frozen=True, slots=True)
class RoutineEnded:
    """The routine window closed. `done_for` is the time really spent on steps; effort 1-5, pain 0-3 if told."""

    routine: str
    done_for: timedelta
    steps_done: int
    steps: int
    effort: int | None = None
    pain: int | None = None

    @property
    def completed(self) -> bool:
        """Whether every step was done."""
        return self.steps_done >= self.steps


@dataclass(frozen=True, slots=True)
class PresenceClaimed:
    """“I was at the desk”: the last silent absence was none (`traycoach here`)."""


@dataclass(frozen=True, slots=True)
class AbsenceClaimed:
    """“I was away” for the last `away_for`; None: I am leaving now (`traycoach away`)."""

    away_for: timedelta | None


@dataclass(frozen=True, slots=True)
class MeetingEndKnown:
    """When the call or meeting that is present, or begins within 10 minutes, will end; None: there is none."""

    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingAhead:
    """When the next meeting begins, once that is near (aware); None: none is near."""

    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The user's settings were edited and are good."""

    schedule: Schedule


@dataclass(frozen=True, slots=True)
class CatalogueChanged:
    """These are the routines from now on, and which of them may be offered."""

    catalogue: tuple[RoutineInfo, ...]


@dataclass(frozen=True, slots=True)
class HandsUsed:
    """Minutes that had typing, and pointing, in them since this was last told."""

    typing_minutes: int
    pointing_minutes: int


@dataclass(frozen=True, slots=True)
class CoachStarted:
    """The process began. `boot_id` names the boot; `slept` tells whether the machine slept since the state was saved.

    `idle_for` is the age of the last input, None without a source.
    """

    boot_id: str
    slept: bool
    idle_for: timedelta | None


Reply = (
    PromptShown
    | PromptAnswered
    | PromptClosed
    | PromptFailed
    | WindowsLost
    | Snoozed
    | Skipped
    | Paused
    | Resumed
    | BreakRequested
    | RoutineStarted
    | RoutineProgressed
    | RoutineFocusChanged
    | RoutineEnded
)
"""What the user, or a window, does with a prompt, a pause or a routine."""

Event = (
    Woke
    | InputResumed
    | IdleBegan
    | SourceLost
    | SourceFound
    | SessionLocked
    | SessionUnlocked
    | SessionDeactivated
    | SessionActivated
    | SleepBegan
    | SleepEnded
    | MachineSlept
    | ClockJumped
    | PostureChanged
    | HoldsChanged
    | EvidenceChanged
    | ScreenShared
    | OccurrenceReached
    | PresenceClaimed
    | AbsenceClaimed
    | MeetingEndKnown
    | MeetingAhead
    | SettingsChanged
    | CatalogueChanged
    | HandsUsed
    | CoachStarted
    | Reply
)
