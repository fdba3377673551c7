"""A change of the settings, applied as a difference: elapsed time stays."""

from __future__ import annotations

from traycoach.core.due import OpenPrompt, RuleClock
from traycoach.core.instant import MINUTE
from traycoach.core.outcomes import drop
from traycoach.core.rules import Rule, Schedule
from traycoach.core.transitions import Stage
from traycoach.core.turn import Turn

EDIT_WAITS = 2 * MINUTE


def change(turn: Turn, schedule: Schedule) -> None:
    """Follow this schedule from now on.

    A mark that the edit made passed is due once, two minutes later; a prompt whose rule is gone, or no longer reaches
    its mark, is withdrawn without outcome.
    """
    state = turn.state
    old = turn.schedule
    kept = {rule.id for rule in schedule.rules}
    for prompt in list(state.prompts.values()):
        running = prompt.stage is Stage.RUNNING and prompt.rule in kept
        if not (running or _still_due(turn, prompt, schedule.rule(prompt.rule))):
            drop(turn, prompt)
    turn.schedule = schedule
    for rule in schedule.intervals:
        _change_clock(turn, rule, old.rule(rule.id))
    state.rules = {rule_id: clock for rule_id, clock in state.rules.items() if rule_id in kept}
    state.ended = [prompt for prompt in state.ended if prompt.rule in kept]
    state.correction = None
    if state.routine is not None and state.routine.rule not in kept:
        state.routine.rule = None
    turn.saves = True


def _still_due(turn: Turn, prompt: OpenPrompt, rule: Rule | None) -> bool:
    if rule is None or (rule.interval is None) != (prompt.scheduled_at is not None):
        return False
    before = turn.rule_of(prompt)
    if rule.interval is None or before.interval is None:
        return True
    return rule.interval.medium is before.interval.medium and turn.value(before) >= rule.interval.first_mark


def _change_clock(turn: Turn, rule: Rule, before: Rule | None) -> None:
    interval = rule.interval
    assert interval is not None, "only interval rules have a clock"
    if before is None or before.interval is None or before.interval.medium is not interval.medium:
        turn.state.rules[rule.id] = RuleClock(zero=turn.total(rule))
        return
    if before.interval == interval:
        return
    clock = turn.clock_of(rule)
    if clock.next_mark(interval) <= turn.value(rule) and rule.id not in turn.state.prompts:
        clock.not_before = turn.now.steady + EDIT_WAITS
