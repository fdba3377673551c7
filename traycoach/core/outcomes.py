"""How prompts end, and what the rules get for it."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.actions import Outcome, RecordBout, RecordOutcome, WithdrawPrompt
from traycoach.core.due import EndedPrompt, OpenPrompt
from traycoach.core.instant import MINUTE, SECOND, Instant
from traycoach.core.rules import Rule
from traycoach.core.transitions import Stage, Step
from traycoach.core.turn import Turn

OVERRULED_FOR = 2 * MINUTE
"""Getting up counts until so long after the prompt withdrew."""
OBEYED_BEFORE = 15 * SECOND
"""… and from so long before it was shown: the hand was already on its way."""


def withdraw(turn: Turn, prompt: OpenPrompt, *, counts: bool) -> None:
    """Take a shown prompt back to due, without outcome. `counts` False: this showing never was."""
    if prompt.stage is not Stage.SHOWN:
        return
    prompt.move(Step.WITHDRAW)
    prompt.withdrew_at = turn.now
    prompt.typing_since = None
    if counts:
        prompt.showings += 1
    else:
        turn.state.spoken.take_back(prompt.id)
        prompt.freely = prompt.freely or prompt.showings > 0
    turn.actions.append(WithdrawPrompt(prompt.id))
    turn.saves = True


def end(turn: Turn, prompt: OpenPrompt, outcome: Outcome, reason: str = "", *, refused: bool = False) -> None:
    """End the prompt with this outcome: off the screen, into the record."""
    state = turn.state
    rule = turn.rule_of(prompt)
    if prompt.stage is Stage.SHOWN:
        turn.actions.append(WithdrawPrompt(prompt.id))
        prompt.withdrew_at = turn.now
    record(turn, prompt, outcome, reason)
    prompt.move(Step.END)
    del state.prompts[rule.id]
    if outcome in {Outcome.SKIPPED, Outcome.IGNORED, Outcome.MERGED} and rule.interval:
        turn.clock_of(rule).refuse(rule.interval, turn.value(rule))
    if rule.is_card and refused:
        state.spoken.refused(turn.now)
    if prompt.shown_at is not None and prompt.withdrew_at is not None:
        state.ended.append(
            EndedPrompt(
                prompt.id, rule.id, prompt.due_at, prompt.shown_at, prompt.withdrew_at, outcome, prompt.routine, refused
            )
        )
    turn.saves = True


def drop(turn: Turn, prompt: OpenPrompt) -> None:
    """Withdraw the prompt without outcome: its rule is gone, or it came due in what was an absence."""
    if prompt.stage is Stage.SHOWN:
        turn.actions.append(WithdrawPrompt(prompt.id))
    del turn.state.prompts[prompt.rule]


def record(turn: Turn, prompt: OpenPrompt | EndedPrompt, outcome: Outcome, reason: str = "") -> None:
    """Write the outcome down. The same number again overrules what was written before."""
    turn.actions.append(
        RecordOutcome(
            prompt=prompt.id,
            rule=prompt.rule,
            outcome=outcome,
            at=turn.now.wall,
            sat_for=turn.bout_lasted(),
            due_for=turn.now - prompt.due_at,
            routine=prompt.routine,
            reason=reason,
        )
    )


def reset(turn: Turn, rule: Rule) -> None:
    """Satisfy an interval rule: its clock begins anew, and an open prompt of it ends as satisfied."""
    turn.clock_of(rule).reset(turn.total(rule))
    prompt = turn.state.prompts.get(rule.id)
    if prompt is not None and prompt.stage is not Stage.RUNNING:
        end(turn, prompt, Outcome.SATISFIED)


def credit(turn: Turn, rule: Rule) -> list[str]:
    """The rule's prompt was followed: satisfy it and its lesser rules. Give the ids of those that were."""
    satisfied = ([rule] if rule.interval else []) + turn.lesser(rule)
    for one in satisfied:
        reset(turn, one)
    turn.state.spoken.accepted()
    return [one.id for one in satisfied]


def close_bout(turn: Turn, ended_at: Instant) -> None:
    """End the bout and write it down. The clocks stand at `ended_at`."""
    state = turn.state
    bout = state.bout
    if bout is None:
        return
    lasted = turn.bout_lasted()
    if lasted >= timedelta(seconds=1):
        turn.actions.append(RecordBout(bout.posture, bout.began_at.wall, ended_at.wall, lasted))
        state.today.longest = max(state.today.longest, lasted)
    state.bout = None


def obeyed(turn: Turn, began_at: Instant) -> OpenPrompt | EndedPrompt | None:
    """Give the prompt that an absence beginning then obeys; None if there is none.

    From 15 s before a prompt is shown until 2 min after it withdrew. The latest shown one counts.
    """
    prompts: list[OpenPrompt | EndedPrompt] = [
        *(prompt for prompt in turn.state.prompts.values() if prompt.stage is not Stage.RUNNING),
        *(prompt for prompt in turn.state.ended if prompt.outcome in _OVERRULED),
    ]
    obeyable = [
        (prompt.shown_at.steady, prompt)
        for prompt in prompts
        if prompt.shown_at is not None
        and began_at - prompt.shown_at >= -OBEYED_BEFORE
        and (prompt.withdrew_at is None or began_at - prompt.withdrew_at <= OVERRULED_FOR)
    ]
    return max(obeyable, key=lambda one: one[0])[1] if obeyable else None


_OVERRULED = {Outcome.IGNORED, Outcome.SKIPPED, Outcome.SHOWN}
"""Of prompts that have ended; a snoozed one is open."""
