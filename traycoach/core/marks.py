"""Coming due and ceasing to be: marks on the clocks, occurrences of clock rules, and what time alone ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from traycoach.core.actions import Outcome
from traycoach.core.due import OpenPrompt
from traycoach.core.instant import MINUTE, SECOND, ZERO, wall_after, wall_between
from traycoach.core.outcomes import end, withdraw
from traycoach.core.rules import BeforeWorkEnds, Look, Rule
from traycoach.core.transitions import Presence, Stage, Step
from traycoach.core.turn import Turn

UNANSWERED_AFTER = 90 * SECOND
RETURNS_AFTER = 10 * MINUTE
NOTICE_LATE = 3 * MINUTE + SECOND
"""From so late on it is missed: more than three minutes, in whole seconds."""
MEETINGS = frozenset({"microphone", "camera", "meeting", "sharing"})
"""The holds that "after my meeting" waits for."""


def come_due(turn: Turn) -> list[timedelta]:
    """Open a prompt for each interval rule whose clock passed a mark, within the rule's hours.

    Give how far the next mark of each running clock is (negative: passed, but it may not come due yet).
    """
    state = turn.state
    ahead: list[timedelta] = []
    if state.clocks.running is None:
        return ahead
    for rule in turn.schedule.intervals:
        to_mark = turn.to_mark(rule)
        if to_mark <= ZERO and (rule.id in state.prompts or _may_come_due(turn, rule)):
            turn.pass_marks(rule)
            to_mark = turn.to_mark(rule)
            if rule.id not in state.prompts:
                turn.clock_of(rule).not_before = None
                open_prompt(turn, rule)
        if turn.running(rule):
            ahead.append(to_mark)
    return ahead


def _may_come_due(turn: Turn, rule: Rule) -> bool:
    not_before = turn.clock_of(rule).not_before
    return turn.in_hours(rule) and (not_before is None or not_before <= turn.now.steady)


def open_prompt(turn: Turn, rule: Rule, scheduled_at: datetime | None = None) -> OpenPrompt:
    """Make the rule due now."""
    state = turn.state
    state.serial += 1
    prompt = OpenPrompt(id=state.serial, rule=rule.id, due_at=turn.now, scheduled_at=scheduled_at)
    if scheduled_at is not None:
        prompt.expires_at = _expiry(turn, rule, scheduled_at)
    state.prompts[rule.id] = prompt
    turn.saves = True
    return prompt


def _expiry(turn: Turn, rule: Rule, scheduled_at: datetime) -> datetime | None:
    hours = turn.schedule.work_hours
    if isinstance(rule.trigger, BeforeWorkEnds) and hours is not None:
        end_at = hours.end_after(scheduled_at)
        return end_at if end_at is not None else wall_after(scheduled_at, rule.trigger.lead)
    return None if rule.catch_up is None else wall_after(scheduled_at, rule.catch_up)


def occurrence(turn: Turn, rule: Rule, scheduled_at: datetime) -> None:
    """A clock rule's time came. Several of one rule are one prompt, the latest."""
    old = turn.state.prompts.get(rule.id)
    if old is not None and old.stage is Stage.RUNNING:
        return
    if old is not None:
        if old.scheduled_at is not None and wall_between(old.scheduled_at, scheduled_at) <= ZERO:
            return
        end(turn, old, Outcome.MERGED, "a later time of the same rule")
    prompt = open_prompt(turn, rule, scheduled_at)
    if _expired(turn, prompt):
        end(turn, prompt, Outcome.MISSED, _why_missed(turn))


def _expired(turn: Turn, prompt: OpenPrompt) -> bool:
    return prompt.expires_at is not None and wall_between(turn.now.wall, prompt.expires_at) <= ZERO


def expire(turn: Turn) -> None:
    """End what time has ended: expired clock prompts, hours that are over, late notices, unanswered showings."""
    state = turn.state
    for prompt in list(state.prompts.values()):
        rule = turn.rule_of(prompt)
        if prompt.stage is Stage.SHOWN:
            _end_showing(turn, prompt, rule)
        elif prompt.stage is Stage.SNOOZED:
            _end_snooze(turn, prompt)
        elif prompt.stage is Stage.DUE and prompt.shown_at is None and prompt.snoozes == 0:
            if _expired(turn, prompt):
                end(turn, prompt, Outcome.MISSED, _why_missed(turn))
            elif rule.interval is not None and not turn.in_hours(rule):
                end(turn, prompt, Outcome.MISSED, "hours over")
            elif prompt.budget_kept_since is not None and turn.now - prompt.budget_kept_since >= NOTICE_LATE:
                end(turn, prompt, Outcome.MISSED, "budget")


def note_budget(turn: Turn) -> None:
    """Note since when the budget alone has kept each notice back. To be called when all that is shown is shown."""
    for prompt in turn.state.prompts.values():
        rule = turn.rule_of(prompt)
        if rule.is_card or prompt.stage is not Stage.DUE:
            continue
        kept = turn.state.spoken.kept_for(turn.schedule.budget, turn.now, card=False) > ZERO
        if not kept or prompt.freely or rule.interval is None or turn.state.holds:
            prompt.budget_kept_since = None
        elif prompt.budget_kept_since is None:
            prompt.budget_kept_since = turn.now


def _why_missed(turn: Turn) -> str:
    if turn.state.holds:
        return ", ".join(sorted(turn.state.holds))
    return "away" if turn.state.desk.absence is not None else "no good moment"


def shown_for(rule: Rule, turn: Turn, prompt: OpenPrompt) -> timedelta:
    """Give how long the prompt stays on the screen without an answer."""
    if rule.look is Look.NOTICE:
        return rule.length
    if prompt.look(rule) is Look.OVERLAY:
        info = turn.routine(prompt.routine)
        return info.length if info is not None else UNANSWERED_AFTER
    return UNANSWERED_AFTER


def _end_showing(turn: Turn, prompt: OpenPrompt, rule: Rule) -> None:
    if prompt.shown_at is None or turn.now - prompt.shown_at < shown_for(rule, turn, prompt):
        return
    put_aside(turn, prompt)


def put_aside(turn: Turn, prompt: OpenPrompt) -> None:
    """The showing is over without an answer: a card comes back once, then it is ignored."""
    rule = turn.rule_of(prompt)
    if rule.look is Look.NOTICE:
        end(turn, prompt, Outcome.SHOWN)
    elif prompt.look(rule) is Look.OVERLAY or prompt.showings >= 1:
        end(turn, prompt, Outcome.IGNORED, refused=turn.state.desk.presence is not Presence.UNKNOWN)
    else:
        withdraw(turn, prompt, counts=True)
        prompt.returns_at = turn.now.after(RETURNS_AFTER)
        prompt.freely = True


def fail(turn: Turn, prompt: OpenPrompt) -> None:
    """Nobody saw the showing: it does not count, and a card is tried again when an unanswered one would return."""
    if turn.rule_of(prompt).look is Look.NOTICE:
        end(turn, prompt, Outcome.MISSED, "nothing could show it")
        return
    withdraw(turn, prompt, counts=False)
    prompt.returns_at = turn.now.after(RETURNS_AFTER)


def _end_snooze(turn: Turn, prompt: OpenPrompt) -> None:
    meeting_over = prompt.after_meeting and not MEETINGS & turn.state.guard_holds
    time_over = prompt.snoozed_until is not None and prompt.snoozed_until <= turn.now
    if time_over or meeting_over:
        prompt.move(Step.SNOOZE_OVER)
        prompt.snoozed_until = None
        prompt.after_meeting = False
