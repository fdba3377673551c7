"""The good moment, and the prompt as it is put to the user."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.absences import SETTLES_FOR
from traycoach.core.actions import Prompt, ShowPrompt, SnoozeChoice
from traycoach.core.breaks import may_still_offer, meeting_in, offer
from traycoach.core.budget import Showing
from traycoach.core.due import OpenPrompt
from traycoach.core.instant import MINUTE, SECOND, ZERO, wall_after
from traycoach.core.rules import Look, Medium, Posture, Rule
from traycoach.core.transitions import HERE, Stage, Step
from traycoach.core.turn import Turn
from traycoach.core.words import headline, offer_line

MEETING_UNKNOWN = 60 * MINUTE
"""How long "after my meeting" snoozes when there is none."""
LULL = 3 * SECOND
STALE = 15 * SECOND
WARM_BEFORE = 30 * SECOND


def candidate(turn: Turn) -> OpenPrompt | None:
    """Give the prompt that would be shown if the moment were good; None if there is none, or a hold is present."""
    state = turn.state
    if not state.prompts or state.holds or state.shown is not None or state.routine is not None:
        return None
    waiting = [prompt for prompt in state.prompts.values() if prompt.waits(turn.now) and _may(turn, prompt)]
    clocks = [prompt for prompt in waiting if prompt.scheduled_at is not None]
    if clocks:
        return min(clocks, key=lambda prompt: prompt.due_at.steady)
    return max(waiting, key=lambda prompt: turn.rank(turn.rule_of(prompt)), default=None)


def _may(turn: Turn, prompt: OpenPrompt) -> bool:
    rule = turn.rule_of(prompt)
    if not turn.running(rule):
        return False
    if prompt.freely or rule.interval is None:
        return True
    return turn.state.spoken.kept_for(turn.schedule.budget, turn.now, card=rule.is_card) <= ZERO


def settle(turn: Turn) -> bool:
    """Tell whether a hold or an absence lies far enough back: an input since then, and 20 seconds more."""
    settling = turn.state.settling
    if settling.input_after is not None:
        at = turn.state.desk.last_input_at
        if at <= settling.input_after:
            return False
        settling.input_after, settling.settled_at = None, at.after(SETTLES_FOR)
    if settling.settled_at is not None and turn.now < settling.settled_at:
        return False
    settling.settled_at = None
    return True


def speak(turn: Turn) -> bool:
    """Show the candidate if this is a good moment: a lull of 3 s after fresh input, or patience is at its end.

    Tell whether it goes on waiting for one.
    """
    desk = turn.state.desk
    prompt = candidate(turn)
    if prompt is None or desk.presence not in HERE:
        return False
    if desk.present:
        if not turn.observed:
            turn.look_again = not turn.blind
            return True
        if not settle(turn):
            return True
        if turn.idle_for < LULL:
            if prompt.typing_since is None:
                prompt.typing_since = turn.now
            if turn.now - prompt.typing_since < turn.schedule.patience:
                return True
        elif turn.idle_for >= STALE:
            prompt.typing_since = None
            return True
    show(turn, prompt)
    return False


def warm_from(turn: Turn, ahead: list[timedelta]) -> timedelta:
    """Give the steady time from which a window is wanted within half a minute; `timedelta.max`: none is in sight.

    `ahead`: the time to the next marks.
    """
    state = turn.state
    if state.holds or state.desk.absence is not None:
        return timedelta.max
    if state.prompts and any(prompt.stage is Stage.DUE for prompt in state.prompts.values()):
        return turn.now.steady
    return turn.now.steady + min(ahead) - WARM_BEFORE if ahead else timedelta.max


def show(turn: Turn, prompt: OpenPrompt) -> None:
    """Put the prompt on the screen."""
    rule = turn.rule_of(prompt)
    state = turn.state
    if not may_still_offer(turn, rule, prompt.routine):
        prompt.routine = offer(turn, rule)
    prompt.move(Step.SHOW)
    prompt.shown_at, prompt.withdrew_at, prompt.returns_at = turn.now, None, None
    prompt.typing_since = None
    counts = rule.interval is not None and not prompt.freely
    state.spoken.add(Showing(prompt.id, turn.now, card=rule.is_card, counts=counts))
    turn.actions.append(ShowPrompt(describe(turn, prompt, rule)))
    turn.saves = True


def describe(turn: Turn, prompt: OpenPrompt, rule: Rule) -> Prompt:
    """Give the prompt as it stands on the screen; while the screen is shared it tells nobody what it is about."""
    sharing = turn.state.sharing
    info = turn.routine(prompt.routine)
    sat_for = turn.bout_lasted()
    asks = rule.interval is not None and rule.interval.medium is Medium.STANDING
    return Prompt(
        id=prompt.id,
        rule=rule.id,
        look=prompt.look(rule),
        headline=headline(rule, turn.state.posture, sat_for, sharing=sharing),
        line=offer_line(rule, info, sharing=sharing, meeting_in=meeting_in(turn)),
        sat_for=sat_for,
        routine=prompt.routine,
        routine_length=info.length if info is not None and not sharing else ZERO,
        length=rule.length if rule.look is Look.NOTICE else ZERO,
        snoozes=snooze_choices(turn, prompt, rule),
        posture_asked=Posture.SITTING if asks and not sharing else None,
        skip_after=rule.skip_after if prompt.look(rule) is Look.OVERLAY else ZERO,
        discreet=sharing,
    )


def snooze_choices(turn: Turn, prompt: OpenPrompt, rule: Rule) -> tuple[SnoozeChoice, ...]:
    """Give the rows of the snooze menu; none when the prompt has been snoozed often enough."""
    if prompt.snoozes >= rule.max_snoozes or rule.look is Look.NOTICE:
        return ()
    wall = turn.now.wall
    meeting_ends = turn.state.meeting_ends_at or wall_after(wall, MEETING_UNKNOWN)
    return (
        *(SnoozeChoice(length, turn.now.after(length).wall) for length in rule.snooze),
        SnoozeChoice(None, meeting_ends),
    )
