"""All that the coach remembers, as one value that can be saved and read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from traycoach.core.budget import Spoken
from traycoach.core.due import EndedPrompt, OpenPrompt, RuleClock
from traycoach.core.instant import Instant
from traycoach.core.presence import Desk
from traycoach.core.remembered import Remembered
from traycoach.core.rules import Posture
from traycoach.core.sitting import Bout, Clocks, Today
from traycoach.core.transitions import Stage

VERSION = 1


@dataclass(slots=True)
class Pause:
    """The user's pause: until a steady instant (a length), a wall time (tomorrow), or until resumed (neither)."""

    ends_at: Instant | None = None
    ends_on_wall: datetime | None = None


@dataclass(slots=True)
class Settling:
    """After a hold or an absence: first an input later than `input_after`, then quiet until `settled_at`."""

    input_after: Instant | None = None
    settled_at: Instant | None = None


@dataclass(slots=True)
class Held:
    """A hold that is present, or was a moment ago. `flickers`: it came back within that moment."""

    began_at: Instant
    ended_at: Instant | None = None
    flickers: bool = False


@dataclass(slots=True)
class RoutineRun:
    """A routine that is open. `rule` is the one it will satisfy; that rule's prompt, if it asked, is RUNNING.

    `focused`, `touch_began_at` and `left_at` serve the honest break: the latter is the beginning of the work elsewhere
    for which the countdown has been stopped.
    """

    routine: str
    rule: str | None
    began_at: Instant
    progress: float = 0.0
    focused: bool = True
    touch_began_at: Instant | None = None
    left_at: Instant | None = None


@dataclass(slots=True)
class Correction:
    """What "I was at the desk" restores: the clocks as they were when the silence was taken for an absence."""

    offered_until: Instant
    away_for: timedelta
    clocks: dict[str, RuleClock]
    bout: Bout
    prompts: dict[str, OpenPrompt]
    break_began_at: Instant


@dataclass(slots=True)
class PostureSpell:
    """The present spell of the told posture: it resets the other posture's rules once it is long enough.

    `zero` is the posture's total when it began; `answers` the rule whose prompt asked for the change.
    """

    zero: timedelta
    answers: str | None = None


@dataclass(slots=True)
class CoachState:
    """The coach's memory. Instants are on the coach's own steady clock (`coach.py` shifts it after a reboot)."""

    seen_at: Instant
    desk: Desk
    day: date
    seed: int
    serial: int
    version: int = VERSION
    boot_id: str = ""
    steady_shift: timedelta = timedelta(0)
    posture: Posture = Posture.SITTING
    clocks: Clocks = field(default_factory=Clocks)
    bout: Bout | None = None
    spell: PostureSpell | None = None
    rules: dict[str, RuleClock] = field(default_factory=dict)
    prompts: dict[str, OpenPrompt] = field(default_factory=dict)
    ended: list[EndedPrompt] = field(default_factory=list)
    spoken: Spoken = field(default_factory=Spoken)
    pause: Pause | None = None
    settling: Settling = field(default_factory=Settling)
    routine: RoutineRun | None = None
    correction: Correction | None = None
    today: Today = field(default_factory=Today)
    offered: tuple[str, ...] = ()
    remembered: Remembered = field(default_factory=Remembered)
    guard_holds: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    held: dict[str, Held] = field(default_factory=dict)
    sharing: bool = False
    meeting_ends_at: datetime | None = None
    meeting_starts_at: datetime | None = None

    @property
    def shown(self) -> OpenPrompt | None:
        """The prompt on the screen, if any; there is never more than one."""
        for prompt in self.prompts.values():
            if prompt.stage is Stage.SHOWN:
                return prompt
        return None


def coach_day(wall: datetime, starts_at: time) -> date:
    """Give the coach's day of this local time: it begins at `starts_at`, not at midnight."""
    return wall.date() if wall.time() >= starts_at else wall.date() - timedelta(days=1)


def next_day_start(wall: datetime, starts_at: time) -> datetime:
    """Give the aware local time at which the next coach's day begins."""
    return datetime.combine(coach_day(wall, starts_at) + timedelta(days=1), starts_at, tzinfo=wall.tzinfo)
