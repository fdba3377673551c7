"""One turn of the coach: an event is being handled, actions collect. What every part of the judgement shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from traycoach.core.actions import Action
from traycoach.core.due import EndedPrompt, OpenPrompt, RuleClock
from traycoach.core.instant import ZERO, Instant
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Medium, Rule, Schedule
from traycoach.core.state import CoachState


@dataclass(slots=True)
class Turn:
    """The state, the settings and the moment, handed from part to part.

    `observed`: the age of the last input is known for this very moment (the event carried it). A part that needs it and
    does not have it sets `look_again`: the coach is then woken at once with a fresh figure. `blind`: there is no source
    to ask, a second look would show nothing new. `news` False: the event told at most when the last input was.
    `saves`: something happened that a restart must not forget.
    """

    state: CoachState
    schedule: Schedule
    catalogue: tuple[RoutineInfo, ...]
    now: Instant
    observed: bool = False
    blind: bool = False
    look_again: bool = False
    news: bool = True
    saves: bool = False
    actions: list[Action] = field(default_factory=list)

    @property
    def idle_for(self) -> timedelta:
        """The age of the last known input."""
        return self.now.steady - self.state.desk.last_input_at.steady

    def clock_of(self, rule: Rule) -> RuleClock:
        """Give the rule's clock; it begins with the first look at it."""
        clock = self.state.rules.get(rule.id)
        if clock is None:
            clock = RuleClock(zero=self.total(rule))
            self.state.rules[rule.id] = clock
        return clock

    def total(self, rule: Rule) -> timedelta:
        """Give the total of the medium that the rule counts; zero for a clock rule."""
        return self.state.clocks.total(rule.interval.medium, self.now.steady) if rule.interval else ZERO

    def value(self, rule: Rule) -> timedelta:
        """Give the rule's clock."""
        return max(ZERO, self.total(rule) - self.clock_of(rule).zero)

    def to_mark(self, rule: Rule) -> timedelta:
        """Give how much the rule's clock lacks to its next mark (negative: passed)."""
        interval = rule.interval
        assert interval is not None, "only interval rules have marks"
        clock = self.clock_of(rule)
        value = self.state.clocks.total(interval.medium, self.now.steady) - clock.zero
        return clock.next_mark(interval) - (value if value > ZERO else ZERO)

    def pass_marks(self, rule: Rule) -> None:
        """Deal with all marks that the rule's clock has passed."""
        assert rule.interval is not None, "only interval rules have marks"
        self.clock_of(rule).pass_marks(rule.interval, self.value(rule))

    def unpass_marks(self, rule: Rule) -> None:
        """The rule's clock went back: marks beyond it come anew."""
        assert rule.interval is not None, "only interval rules have marks"
        self.clock_of(rule).unpass_marks(rule.interval, self.value(rule))

    def running(self, rule: Rule) -> bool:
        """Tell whether the rule's clock counts in the posture now held."""
        return rule.interval is None or rule.interval.medium.counts(self.state.posture)

    def in_hours(self, rule: Rule, later: timedelta = ZERO) -> bool:
        """Tell whether the rule may come due now (or a little later)."""
        return rule.hours is None or rule.hours.contains(self.now.after(later).wall if later else self.now.wall)

    def rank(self, rule: Rule) -> tuple[timedelta, bool, int]:
        """Give the rule's greatness."""
        return self.schedule.ranks[rule.id]

    def lesser(self, rule: Rule) -> list[Rule]:
        """Give the interval rules that are less than this one."""
        mine = self.rank(rule)
        return [other for other in self.schedule.intervals if self.rank(other) < mine]

    def rule_of(self, prompt: OpenPrompt | EndedPrompt) -> Rule:
        """Give the rule of a prompt; prompts of removed rules are forgotten when the settings change."""
        rule = self.schedule.rule(prompt.rule)
        assert rule is not None, "a prompt has a rule"
        return rule

    def routine(self, routine_id: str | None) -> RoutineInfo | None:
        """Give what is known of a routine."""
        return next((routine for routine in self.catalogue if routine.id == routine_id), None)

    def bout_lasted(self) -> timedelta:
        """Give the present bout's time at the desk; zero between bouts."""
        bout = self.state.bout
        return bout.lasted(self.state.clocks, self.now.steady) if bout else ZERO

    def total_of(self, medium: Medium) -> timedelta:
        """Give a medium's total."""
        return self.state.clocks.total(medium, self.now.steady)
