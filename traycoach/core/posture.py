"""Sitting or standing: a told change, what it answers, and what a spell of the other posture is worth."""

from __future__ import annotations

from traycoach.core.absences import start_bout
from traycoach.core.actions import Outcome
from traycoach.core.answers import asked
from traycoach.core.outcomes import close_bout, credit, end, reset, withdraw
from traycoach.core.rules import OBEYS_AFTER, Medium, Posture
from traycoach.core.state import PostureSpell
from traycoach.core.turn import Turn


def change(turn: Turn, posture: Posture, *, told: bool) -> None:
    """The posture is this from now on: the bout ends, the other clock runs. Only a told change answers a prompt."""
    state = turn.state
    if posture is state.posture:
        return
    answers = posture_answers(turn, posture) if told else None
    running = state.clocks.running is not None
    if running:
        state.clocks.stop(turn.now.steady)
        close_bout(turn, turn.now)
    if answers is not None and state.shown is not None and state.shown.rule == answers:
        withdraw(turn, state.shown, counts=False)
    state.posture = posture
    if running:
        state.clocks.start(posture, turn.now.steady)
        start_bout(turn, turn.now)
    state.spell = PostureSpell(turn.total_of(Medium(posture.value)), answers)
    turn.saves = True


def posture_answers(turn: Turn, posture: Posture) -> str | None:
    """Give the rule whose prompt asked for this change of posture; None if none did."""
    prompt = asked(turn)
    if prompt is None or (prompt.shown_at is None and turn.state.holds):
        return None
    rule = turn.rule_of(prompt)
    counted = rule.interval.medium if rule.interval is not None else None
    return rule.id if counted in {Medium.SITTING, Medium.STANDING} and counted != posture.value else None


def spell_satisfies(turn: Turn) -> None:
    """A spell of the other posture resets rules it is long enough for; one that was asked for is taken after 60 s."""
    state = turn.state
    spell = state.spell
    if spell is None:
        return
    lasted = turn.total_of(Medium(state.posture.value)) - spell.zero
    if spell.answers is not None and lasted >= OBEYS_AFTER:
        prompt = state.prompts.get(spell.answers)
        spell.answers = None
        if prompt is not None:
            end(turn, prompt, Outcome.TAKEN)
            credit(turn, turn.rule_of(prompt))
    for rule in turn.schedule.intervals:
        if rule.resets_after is None or turn.running(rule):
            continue
        if lasted >= rule.resets_after and (turn.value(rule) or rule.id in state.prompts):
            reset(turn, rule)
