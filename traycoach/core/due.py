"""When a rule has come due, and the open prompt that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from traycoach.core.actions import Outcome
from traycoach.core.instant import ZERO, Instant
from traycoach.core.rules import Interval, Look, Rule
from traycoach.core.transitions import PROMPT, Stage, Step, after


@dataclass(slots=True)
class RuleClock:
    """Where an interval rule stands on its clock (its medium's total minus `zero`).

    `passed` is the last mark that was dealt with, `floor` the value below which no mark counts any more (after a
    refusal), `not_before` the steady time until which a mark made passed by an edit has to wait.
    """

    zero: timedelta = ZERO
    passed: timedelta = ZERO
    floor: timedelta = ZERO
    not_before: timedelta | None = None

    def next_mark(self, interval: Interval) -> timedelta:
        """Give the clock's value at the next mark."""
        first, every = interval.first_mark, interval.every
        if self.passed < first and self.floor <= first:
            return first
        mark = first + every * max(0, -((first - self.floor) // every))
        if mark <= self.passed:
            mark += every * ((self.passed - mark) // every + 1)
        return mark

    def pass_marks(self, interval: Interval, value: timedelta) -> None:
        """Deal with all marks up to `value` of the clock."""
        if value >= interval.first_mark:
            last = interval.first_mark + interval.every * ((value - interval.first_mark) // interval.every)
            self.passed = max(self.passed, last)

    def unpass_marks(self, interval: Interval, value: timedelta) -> None:
        """The clock went back to `value`: marks beyond it come anew."""
        if self.passed > value:
            self.passed = ZERO
            self.pass_marks(interval, value)

    def refuse(self, interval: Interval, value: timedelta) -> None:
        """The next mark is to be at least half an interval away."""
        self.pass_marks(interval, value)
        self.floor = value + interval.every / 2

    def reset(self, total: timedelta) -> None:
        """Satisfied: the clock begins anew."""
        self.zero = total
        self.passed = ZERO
        self.floor = ZERO
        self.not_before = None


@dataclass(slots=True)
class OpenPrompt:
    """A prompt from coming due to its outcome.

    `scheduled_at`, `expires_at`: aware local times, of clock rules only. `showings` counts those that ran their time.
    `freely`: it was snoozed or comes back, so the budget does not stop it. `typing_since`: the first input at which it
    could have been shown; patience counts from there. `as_card`: its overlay failed once.
    """

    id: int
    rule: str
    due_at: Instant
    stage: Stage = Stage.DUE
    scheduled_at: datetime | None = None
    expires_at: datetime | None = None
    shown_at: Instant | None = None
    withdrew_at: Instant | None = None
    showings: int = 0
    returns_at: Instant | None = None
    snoozed_until: Instant | None = None
    after_meeting: bool = False
    snoozes: int = 0
    freely: bool = False
    typing_since: Instant | None = None
    routine: str | None = None
    budget_kept_since: Instant | None = None
    as_card: bool = False

    def move(self, step: Step) -> None:
        """Follow the table of prompts."""
        self.stage = after(PROMPT, self.stage, step)

    def look(self, rule: Rule) -> Look:
        """Give how the prompt appears: as its rule says, but an overlay that failed comes back as a card."""
        return Look.CARD if self.as_card and rule.look is Look.OVERLAY else rule.look

    def waits(self, now: Instant) -> bool:
        """Tell whether the prompt wants to be shown now: due, and not on its way back."""
        return self.stage is Stage.DUE and (self.returns_at is None or self.returns_at <= now)


@dataclass(slots=True)
class EndedPrompt:
    """A prompt that ended a little while ago: getting up may still overrule its outcome."""

    id: int
    rule: str
    due_at: Instant
    shown_at: Instant
    withdrew_at: Instant
    outcome: Outcome
    routine: str | None
    refused: bool
