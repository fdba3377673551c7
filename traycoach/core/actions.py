"""Orders that leave the coach, in the imperative. `perform.py` carries them out; nothing else has effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from traycoach.core.instant import ZERO
from traycoach.core.rules import Look, Posture


class Outcome(StrEnum):
    """How a prompt ended (the glossary's words)."""

    COMPLETED = "completed"
    PARTLY_DONE = "partly_done"
    TAKEN = "taken"
    SNOOZED = "snoozed"
    SKIPPED = "skipped"
    IGNORED = "ignored"
    SATISFIED = "satisfied"
    MERGED = "merged"
    SHOWN = "shown"
    MISSED = "missed"


class TrayKind(StrEnum):
    """The kinds of icon, of which one is shown; `tray/` draws them."""

    SITTING = "sitting"
    STANDING = "standing"
    DUE = "due"
    HELD = "held"
    ROUTINE = "routine"
    PAUSED = "paused"
    SNOOZED = "snoozed"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrayState:
    """What the icon and the menu show.

    `progress` 0…1 fills the ring (sitting, standing, routine). `down`: the due arrow points down ("sit down").
    `words`: tooltip and accessible name after the program's name, "sitting 24 of 30 min". `why`: the menu's first row.
    `today`: the menu's second row. `nearly`: 80 % and more of the limit. What the menu enables follows from the rest.
    """

    kind: TrayKind
    words: str
    why: str
    today: str
    progress: float = 0.0
    down: bool = False
    nearly: bool = False
    posture: Posture = Posture.SITTING
    can_snooze: bool = False
    can_skip: bool = False
    snooze_choices: tuple[timedelta, ...] = ()
    paused: bool = False
    can_claim_presence: bool = False
    routine_running: bool = False


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """One row of a snooze menu. `snooze_for` None is "after my meeting"; `until` is the local time it stands for."""

    snooze_for: timedelta | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question put to the user. `id` is its number; a prompt that returns keeps it.

    `routine` is the routine offered (None for a bare text), `routine_length` its stated length. `length` is how long a
    notice stands. `snoozes` is empty when no more snoozing is allowed. `posture_asked` is the posture that the prompt
    asks for, if it asks for one ("sit down"). `discreet`: the screen is shared, show no picture and no details.
    """

    id: int
    rule: str
    look: Look
    headline: str
    line: str
    sat_for: timedelta
    routine: str | None = None
    routine_length: timedelta = ZERO
    length: timedelta = ZERO
    snoozes: tuple[SnoozeChoice, ...] = ()
    posture_asked: Posture | None = None
    skip_after: timedelta = ZERO
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class ShowPrompt:
    """Put the prompt on the screen; answer with PromptShown, or WindowsLost."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class WithdrawPrompt:
    """Take the prompt from the screen, wherever it stands."""

    prompt: int


@dataclass(frozen=True, slots=True)
class WarmWindows:
    """A prompt is near: have the window process ready."""


@dataclass(frozen=True, slots=True)
class OpenRoutine:
    """Open the routine window. `prompt` is the prompt it answers, if any."""

    routine: str
    prompt: int | None


@dataclass(frozen=True, slots=True)
class PauseRoutine:
    """Stop the countdown of the routine: there is input elsewhere. `reason` is a sentence for the window."""

    reason: str


@dataclass(frozen=True, slots=True)
class CloseRoutine:
    """Close the routine window (the machine falls asleep, or it is left behind); it answers with RoutineEnded."""


@dataclass(frozen=True, slots=True)
class WatchIdle:
    """Set the threshold of the source of input: IdleBegan after so long, InputResumed after that."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class UpdateTray:
    """The icon has another shape. `down`: the due arrow points down. Ask `Coach.tray` for words and figures."""

    kind: TrayKind
    down: bool


@dataclass(frozen=True, slots=True)
class RefreshTray:
    """The icon keeps its shape; words and figures may have changed: ask `Coach.tray`."""


@dataclass(frozen=True, slots=True)
class RecordBout:
    """A bout ended. `sat_for` is its length without the shorter absences in it.

    A bout with the same `began_at` replaces the one recorded before (a correction made it longer).
    """

    posture: Posture
    began_at: datetime
    ended_at: datetime
    sat_for: timedelta


@dataclass(frozen=True, slots=True)
class RecordBreak:
    """An absence (or routine) that counts as a break ended; `prompted` if it answered a prompt."""

    began_at: datetime
    ended_at: datetime
    away_for: timedelta
    prompted: bool
    reset_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetractBreak:
    """The break recorded with this beginning was none: the user was at the desk."""

    began_at: datetime


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """A prompt ended, or was snoozed. The same prompt's later outcome overrules the earlier one.

    `due_for` is the time from due to the outcome, `reason` a word for missed and merged.
    """

    prompt: int
    rule: str
    outcome: Outcome
    at: datetime
    sat_for: timedelta
    due_for: timedelta
    routine: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordRoutine:
    """A routine ended."""

    routine: str
    rule: str | None
    began_at: datetime
    done_for: timedelta
    steps_done: int
    steps: int
    effort: int | None
    pain: int | None


@dataclass(frozen=True, slots=True)
class SaveState:
    """Write the coach's state now."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the user one thing by a quiet notification, once (no tray, window trouble)."""

    title: str
    body: str


Action = (
    ShowPrompt
    | WithdrawPrompt
    | WarmWindows
    | OpenRoutine
    | PauseRoutine
    | CloseRoutine
    | WatchIdle
    | UpdateTray
    | RefreshTray
    | RecordBout
    | RecordBreak
    | RetractBreak
    | RecordOutcome
    | RecordRoutine
    | SaveState
    | Tell
)
