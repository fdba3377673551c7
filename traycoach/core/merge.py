"""Merging: one prompt stands for several, so that they do not pile up."""

from __future__ import annotations

from traycoach.core.actions import Outcome
from traycoach.core.due import OpenPrompt
from traycoach.core.instant import MINUTE
from traycoach.core.outcomes import end
from traycoach.core.rules import Rule
from traycoach.core.transitions import Stage
from traycoach.core.turn import Turn

MERGES_WITHIN = 3 * MINUTE


def merge(turn: Turn) -> None:
    """Absorb each unshown lesser interval prompt for which a greater one speaks, now, in a moment, or just before."""
    if turn.state.holds or not turn.state.prompts:
        return
    for prompt in list(turn.state.prompts.values()):
        rule = turn.rule_of(prompt)
        taken_along = prompt.stage is Stage.SNOOZED
        if rule.interval is None or not (prompt.stage is Stage.DUE or taken_along):
            continue
        for greater in turn.schedule.intervals:
            is_greater = turn.rank(greater) > turn.rank(rule)
            if is_greater and _speaks(turn, greater, due_only=taken_along):
                end(turn, prompt, Outcome.MERGED, greater.id)
                break


def _speaks(turn: Turn, greater: Rule, *, due_only: bool) -> bool:
    state = turn.state
    prompt = state.prompts.get(greater.id)
    if not due_only and _shown_lately(turn, greater):
        return True
    if not turn.running(greater) or (due_only and prompt is None):
        return False
    if prompt is None:
        soon = turn.to_mark(greater) <= MERGES_WITHIN
        return soon and turn.in_hours(greater, MERGES_WITHIN) and _budget_allows(turn, greater, None)
    if prompt.stage is Stage.SNOOZED:
        until = prompt.snoozed_until
        return not due_only and until is not None and until - turn.now <= MERGES_WITHIN
    if prompt.stage is not Stage.DUE:
        return False
    if prompt.returns_at is not None and prompt.returns_at - turn.now > MERGES_WITHIN:
        return False
    return _budget_allows(turn, greater, prompt)


def _budget_allows(turn: Turn, rule: Rule, prompt: OpenPrompt | None) -> bool:
    if prompt is not None and prompt.freely:
        return True
    return turn.state.spoken.kept_for(turn.schedule.budget, turn.now, card=rule.is_card) <= MERGES_WITHIN


def _shown_lately(turn: Turn, rule: Rule) -> bool:
    prompt = turn.state.prompts.get(rule.id)
    shown = [prompt.shown_at] if prompt is not None else []
    shown += [old.shown_at for old in turn.state.ended if old.rule == rule.id]
    return any(at is not None and turn.now - at <= MERGES_WITHIN for at in shown)
