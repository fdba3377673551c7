"""Leaving the desk and coming back: what the clocks, the rules and the prompts get for an absence."""

from __future__ import annotations

from copy import copy
from datetime import timedelta

from traycoach.core.actions import CloseRoutine, Outcome, RecordBreak, RetractBreak
from traycoach.core.budget import Showing
from traycoach.core.due import EndedPrompt, OpenPrompt
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant, wall_between
from traycoach.core.outcomes import close_bout, credit, drop, end, obeyed, record, reset, withdraw
from traycoach.core.presence import Absence, Back, Gone, Return
from traycoach.core.rules import OBEYS_AFTER, Medium, Posture
from traycoach.core.sitting import Bout
from traycoach.core.state import Correction
from traycoach.core.transitions import HERE, IN_TRAY, ON_BREAK, Cause, Presence, Stage
from traycoach.core.turn import Turn

BREAKS_A_BOUT = 3 * MINUTE
POSTURE_FORGOTTEN_AFTER = 30 * MINUTE
CORRECTED_UP_TO = 15 * MINUTE
CORRECTION_OFFERED_FOR = 10 * MINUTE
SETTLES_FOR = 20 * SECOND


def leave(turn: Turn, began_at: Instant, *, silent: bool) -> None:
    """An absence began, perhaps a while ago: the clocks go back to its beginning, what came due since is undone."""
    state = turn.state
    due = due_in_tray(turn) if not (silent or state.holds) else None
    if due is not None and not turn.running(turn.rule_of(due)):
        due = None
    state.clocks.stop(began_at.steady)
    state.desk.absence = Absence(began_at, silent, due_rule=due.rule if due is not None else None)
    state.desk.forget_touches()
    for prompt in list(state.prompts.values()):
        rule = turn.rule_of(prompt)
        if prompt.stage is Stage.DUE and prompt.shown_at is None and rule.interval and began_at < prompt.due_at:
            drop(turn, prompt)
        withdraw(turn, prompt, counts=False)
    for rule in turn.schedule.intervals:
        turn.unpass_marks(rule)
    state.correction = None
    turn.saves = True


def due_in_tray(turn: Turn) -> OpenPrompt | None:
    """Give the greatest prompt that is due or shown, of the posture now held if there is one; None if there is none."""
    waiting = [(turn.rule_of(prompt), prompt) for prompt in turn.state.prompts.values() if prompt.stage in IN_TRAY]
    waiting.sort(key=lambda one: (turn.running(one[0]), turn.rank(one[0])))
    return waiting[-1][1] if waiting else None


def grow(turn: Turn) -> None:
    """The absence under way got longer: after a minute it may obey a prompt, after three it ends the bout."""
    state = turn.state
    absence = state.desk.absence
    if absence is None or state.desk.presence in ON_BREAK:
        return
    length = turn.now - absence.began_at
    if length >= OBEYS_AFTER and absence.answered is None:
        prompt = obeyed(turn, absence.began_at)
        if prompt is None and absence.due_rule is not None:
            prompt = state.prompts.get(absence.due_rule)
        if prompt is not None:
            take(turn, prompt)
        absence.due_rule = None
    if length >= BREAKS_A_BOUT and not absence.bout_closed:
        absence.closed_bout = state.bout
        close_bout(turn, absence.began_at)
        absence.bout_closed = True


def take(turn: Turn, prompt: OpenPrompt | EndedPrompt) -> None:
    """The person simply got up: the prompt is taken, whatever was answered before."""
    rule = turn.rule_of(prompt)
    absence = turn.state.desk.absence
    assert absence is not None, "whoever got up is away"
    freely = False
    if isinstance(prompt, OpenPrompt):
        freely = prompt.freely
        end(turn, prompt, Outcome.TAKEN)
    else:
        record(turn, prompt, Outcome.TAKEN)
        if prompt.refused:
            turn.state.spoken.forgive()
    turn.state.ended = [old for old in turn.state.ended if old.id != prompt.id]
    if prompt.shown_at is not None:
        counts = rule.interval is not None and not freely
        turn.state.spoken.put_back(Showing(prompt.id, prompt.shown_at, card=rule.is_card, counts=counts))
    close_bout(turn, absence.began_at)
    absence.answered = prompt.rule
    absence.bout_closed = True
    absence.prompted = True
    absence.credited += credit(turn, rule)
    turn.saves = True


def come_back(turn: Turn, returned: Return) -> None:
    """The absence ended (perhaps a few seconds ago): long enough rules are reset, the clocks go on."""
    state = turn.state
    desk = state.desk
    back_at, by_input = returned.at, returned.by is not Back.UNLOCKED
    absence = desk.absence
    assert absence is not None, "only an absence can end"
    grow(turn)
    length = back_at - absence.began_at
    clocks = {rule_id: copy(clock) for rule_id, clock in state.rules.items()}
    prompts = {rule_id: copy(prompt) for rule_id, prompt in state.prompts.items()}
    bout = copy(state.bout or absence.closed_bout)
    resets = [*absence.credited, *_reset_rules(turn, absence, length)]
    if length >= BREAKS_A_BOUT and not absence.bout_closed:
        close_bout(turn, absence.began_at)
    if resets or absence.answered is not None:
        state.today.breaks += 1
        turn.actions.append(RecordBreak(absence.began_at.wall, back_at.wall, length, absence.prompted, tuple(resets)))
    if length >= POSTURE_FORGOTTEN_AFTER and state.posture is Posture.STANDING:
        state.posture = Posture.SITTING
        state.spell = None
    desk.absence = None
    desk.count_evidence_since(back_at)
    desk.returned = returned
    desk.gone = []
    desk.input_at(back_at)  # whoever unlocks, or says so, is surely here
    desk.forget_touches()
    desk.rested_from = None
    desk.move(Cause.CAME_BACK)
    state.clocks.start(state.posture, back_at.steady)
    if state.bout is None or state.bout.posture is not state.posture:
        start_bout(turn, back_at)
    if resets and absence.silent and bout is not None and absence.answered is None and length <= CORRECTED_UP_TO:
        state.correction = Correction(
            offered_until=turn.now.after(CORRECTION_OFFERED_FOR),
            away_for=length,
            clocks={rule_id: clock for rule_id, clock in clocks.items() if rule_id in resets},
            bout=bout,
            prompts={rule_id: prompt for rule_id, prompt in prompts.items() if rule_id not in state.prompts},
            break_began_at=absence.began_at,
        )
    state.settling.settled_at = back_at.after(SETTLES_FOR) if by_input else None
    state.settling.input_after = None if by_input else turn.now
    turn.saves = True


def start_bout(turn: Turn, began_at: Instant) -> None:
    """Begin a bout in the present posture; the clocks must run since `began_at`."""
    clocks = turn.state.clocks
    zero = clocks.total(Medium(turn.state.posture.value), began_at.steady)
    turn.state.bout = Bout(turn.state.posture, began_at, zero)


def _reset_rules(turn: Turn, absence: Absence, length: timedelta) -> list[str]:
    resets: list[str] = []
    for rule in turn.schedule.rules:
        if rule.resets_after is None or length < rule.resets_after:
            continue
        if rule.interval:
            if turn.value(rule) or rule.id in turn.state.prompts:
                resets.append(rule.id)
            reset(turn, rule)
        else:
            prompt = turn.state.prompts.get(rule.id)
            at = prompt.scheduled_at if prompt is not None else None
            if prompt is not None and at is not None and wall_between(absence.began_at.wall, at) >= ZERO:
                end(turn, prompt, Outcome.SATISFIED)
    return resets


def claim_presence(turn: Turn) -> None:
    """The user says "I was at the desk": undo the last silent absence, the present one or one still on offer."""
    state = turn.state
    if state.desk.presence is Presence.AWAY:
        come_back(turn, Return(Back.TOLD, turn.now))
    correction = state.correction
    if correction is None or correction.offered_until < turn.now:
        return
    state.clocks.add(correction.bout.posture, correction.away_for)
    state.bout = correction.bout
    state.rules |= correction.clocks
    state.prompts = correction.prompts | state.prompts
    state.today.breaks = max(0, state.today.breaks - 1)
    state.correction = None
    turn.actions.append(RetractBreak(correction.break_began_at.wall))
    turn.saves = True


def claim_absence(turn: Turn, away_for: timedelta | None) -> None:
    """The user says "I was away" for the last `away_for`, or is leaving now (None)."""
    desk = turn.state.desk
    if desk.presence not in HERE:
        return
    if away_for is None:
        gone(turn, Gone.TOLD)
        return
    began_at = turn.now.before(away_for)
    bout = turn.state.bout
    if bout is not None and began_at < bout.began_at:
        began_at = bout.began_at  # what lies before it was an absence anyway, or is another bout's
    desk.move(Cause.LEFT)
    leave(turn, began_at, silent=False)
    come_back(turn, Return(Back.TOLD, turn.now))
    lose_source_again(turn)


def gone(turn: Turn, why: Gone) -> None:
    """The person is known to be away from now on: locked, asleep, in another session, or told."""
    desk = turn.state.desk
    if why not in desk.gone:
        desk.gone.append(why)
    if desk.presence is Presence.ROUTINE:
        if why is Gone.ASLEEP:
            turn.actions.append(CloseRoutine())
        return
    here = desk.presence in HERE
    desk.move(Cause.LEFT)
    if here:
        leave(turn, turn.now, silent=False)


def no_longer(turn: Turn, why: Gone, *, ends_absence: bool) -> None:
    """A reason of an absence that was known at once is over; unlocking ends the absence, waking alone does not."""
    desk = turn.state.desk
    if why not in desk.gone:
        return
    desk.gone.remove(why)
    if ends_absence and desk.presence is Presence.AWAY and not desk.gone:
        come_back(turn, Return(Back.UNLOCKED, turn.now))
        lose_source_again(turn)


def lose_source_again(turn: Turn) -> None:
    """Back from an absence without a source: presence is unknown, not active."""
    desk = turn.state.desk
    if desk.source_lost is not None and desk.presence is not Presence.UNKNOWN:
        desk.move(Cause.SOURCE_LOST)
