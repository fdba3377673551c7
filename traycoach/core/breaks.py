"""A routine from opening to end, seen as a break: no clock runs in it, and the first input after it ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from traycoach.core.absences import come_back, leave, lose_source_again
from traycoach.core.actions import (
    CloseRoutine,
    OpenRoutine,
    Outcome,
    PauseRoutine,
    RecordOutcome,
    RecordRoutine,
    WithdrawPrompt,
)
from traycoach.core.due import OpenPrompt
from traycoach.core.events import RoutineEnded
from traycoach.core.instant import MINUTE, SECOND, ZERO, wall_between
from traycoach.core.outcomes import close_bout, credit, end, withdraw
from traycoach.core.picker import fits, may_offer, pick
from traycoach.core.presence import TOUCH_SPANS, Back, Return
from traycoach.core.rules import RoutineFilter, Rule
from traycoach.core.state import RoutineRun
from traycoach.core.transitions import Cause, Stage, Step
from traycoach.core.turn import Turn
from traycoach.core.words import routine_paused

CREDIT_FROM = 60 * SECOND
BEFORE_MEETING = 5 * MINUTE
"""So shortly before a meeting only a routine of at most `SHORT` is offered."""
SHORT = 60 * SECOND
LEFT_BEHIND_AFTER = 3 * MINUTE
"""Of work elsewhere: so long is a look at a message, or a word with somebody, that one comes back from."""
_CLICK = timedelta(milliseconds=300)
"""The click that closes the window arrives a moment before the word that it closed."""
_KEPT_IN_MIND = 128


def offer(turn: Turn, rule: Rule | None) -> str | None:
    """Choose a routine for the rule (None: any that may be offered) and remember it; None if none fits."""
    state = turn.state
    seed = state.seed + state.serial
    choice = pick(turn.catalogue, _wanted(turn, rule), state.offered, seed, state.remembered.past(turn.now))
    if choice is None:
        return None
    state.remembered.chose(choice)
    _just_had(turn, choice.routine.id)
    return choice.routine.id


def may_still_offer(turn: Turn, rule: Rule, routine_id: str | None) -> bool:
    """Tell whether a prompt of the rule may go on offering this routine: the settings may have changed meanwhile."""
    info = turn.routine(routine_id)
    return info is not None and may_offer(info, _wanted(turn, rule))


def meeting_in(turn: Turn) -> timedelta | None:
    """Give the time to the meeting that is about to begin; None if there is none."""
    starts_at = turn.state.meeting_starts_at
    left = wall_between(turn.now.wall, starts_at) if starts_at is not None else ZERO
    return left if ZERO < left <= BEFORE_MEETING else None


def _wanted(turn: Turn, rule: Rule | None) -> RoutineFilter:
    """Give what the rule wants; shortly before a meeting a short one of that kind, else any short one, if there is."""
    wanted = rule.routines if rule is not None else RoutineFilter()
    if meeting_in(turn) is None:
        return wanted
    short = [info for info in turn.catalogue if info.length <= SHORT]
    of_its_kind = replace(wanted, at_least=None, ids=tuple(info.id for info in short if info.id in wanted.ids))
    for shorter in (replace(of_its_kind, at_most=SHORT), RoutineFilter(at_most=SHORT)):
        if any(may_offer(info, shorter) for info in short):
            return shorter
    return wanted


def learn(turn: Turn) -> None:
    """Learn for the next choice from what the coach is about to record: skips, routines done, and their ratings."""
    remembered = turn.state.remembered
    for action in turn.actions:
        if isinstance(action, RecordOutcome) and action.routine is not None:
            if action.outcome is Outcome.SKIPPED:
                remembered.skipped(action.routine, turn.now)
            elif action.outcome in {Outcome.COMPLETED, Outcome.TAKEN}:
                remembered.followed(action.routine)
        elif isinstance(action, RecordRoutine):
            info = turn.routine(action.routine)
            if info is not None and (action.done_for >= CREDIT_FROM or action.steps_done == action.steps):
                remembered.had_turn(info)
                _just_had(turn, info.id)
            remembered.rated(action.routine, action.effort, action.pain, turn.now)


def _just_had(turn: Turn, routine_id: str) -> None:
    state = turn.state
    state.offered = (*[old for old in state.offered if old != routine_id], routine_id)[-_KEPT_IN_MIND:]


def greatest_fitting(turn: Turn, routine_id: str) -> Rule | None:
    """Give the greatest interval rule whose `routines` the routine fits; None if it fits none."""
    info = turn.routine(routine_id)
    fitting = [rule for rule in turn.schedule.intervals if info and fits(info, rule.routines)]
    return max(fitting, key=turn.rank, default=None)


def begin(turn: Turn, routine_id: str, prompt: OpenPrompt | None) -> None:
    """Open a routine, as the answer to a prompt or because the user asked. What the user asks for is never held."""
    state = turn.state
    rule = turn.rule_of(prompt) if prompt is not None else greatest_fitting(turn, routine_id)
    for other in list(state.prompts.values()):
        if other is not prompt:
            withdraw(turn, other, counts=False)
    if prompt is not None:
        if prompt.stage is Stage.SHOWN:
            turn.actions.append(WithdrawPrompt(prompt.id))
            prompt.withdrew_at = turn.now
        prompt.move(Step.START)
        prompt.routine = routine_id
    if state.desk.absence is None:
        leave(turn, turn.now, silent=False)
    state.desk.move(Cause.ROUTINE_BEGAN)
    state.routine = RoutineRun(routine_id, rule.id if rule is not None else None, turn.now)
    turn.actions.append(OpenRoutine(routine_id, prompt.id if prompt is not None else None))
    turn.saves = True


def finish(turn: Turn, ended: RoutineEnded) -> None:
    """The routine window closed: credit for a completed one, or one of a minute and more; then await the next input."""
    state = turn.state
    run = state.routine
    if run is None:
        return
    credited = ended.completed or ended.done_for >= CREDIT_FROM
    rule = turn.schedule.rule(run.rule) if run.rule is not None else None
    prompt = _running_prompt(turn)
    absence = state.desk.absence
    assert absence is not None, "a routine is an absence"
    if prompt is not None:
        reason = "" if credited else "under a minute"
        end(turn, prompt, Outcome.COMPLETED if ended.completed else Outcome.PARTLY_DONE, reason)
    if credited:
        close_bout(turn, run.began_at)
        absence.bout_closed = True
        absence.prompted = prompt is not None
    if credited and rule is not None:
        absence.credited += credit(turn, rule)
        absence.answered = rule.id
    turn.actions.append(
        RecordRoutine(
            run.routine,
            run.rule,
            run.began_at.wall,
            ended.done_for,
            ended.steps_done,
            ended.steps,
            ended.effort,
            ended.pain,
        )
    )
    _rest(turn)


def lose(turn: Turn) -> None:
    """The window process died in the routine: the prompt is due again, nothing is credited."""
    prompt = _running_prompt(turn)
    if prompt is not None:
        prompt.move(Step.LOST)
        prompt.freely = True
        prompt.returns_at = None
    _rest(turn)


def _running_prompt(turn: Turn) -> OpenPrompt | None:
    return next((prompt for prompt in turn.state.prompts.values() if prompt.stage is Stage.RUNNING), None)


def _rest(turn: Turn) -> None:
    desk, run = turn.state.desk, turn.state.routine
    assert run is not None, "one rests after a routine"
    turn.state.routine = None
    desk.move(Cause.ROUTINE_ENDED)
    desk.rested_from = turn.now
    turn.saves = True
    if desk.gone:
        desk.move(Cause.LEFT)
    elif desk.source_lost is not None:
        come_back(turn, Return(Back.NO_SOURCE, turn.now))
        lose_source_again(turn)
    elif run.left_at is not None:
        come_back(turn, Return(Back.INPUT_AFTER_ROUTINE, run.left_at))


def watch_rest(turn: Turn) -> None:
    """After a routine: the first input ends the break."""
    desk = turn.state.desk
    assert desk.rested_from is not None, "a rest has a beginning"
    if desk.last_input_at - desk.rested_from > _CLICK:
        come_back(turn, Return(Back.INPUT_AFTER_ROUTINE, desk.last_input_at))


def keep_honest(turn: Turn) -> None:
    """Input that spans 3 s while the routine window lacks the focus pauses the countdown; work goes on, it is closed.

    That holds for a window that is forgotten with its end card, too: nothing is counted while one is open.
    """
    run = turn.state.routine
    if run is None or not turn.observed:
        return
    if run.focused or turn.idle_for >= TOUCH_SPANS:
        run.touch_began_at = None
    elif run.touch_began_at is None:
        run.touch_began_at = turn.state.desk.last_input_at
    elif turn.state.desk.last_input_at - run.touch_began_at >= TOUCH_SPANS:
        if run.left_at is None:
            run.left_at = run.touch_began_at
            turn.actions.append(PauseRoutine(routine_paused()))
        elif turn.state.desk.last_input_at - run.left_at >= LEFT_BEHIND_AFTER:
            turn.actions.append(CloseRoutine())
        run.touch_began_at = None
