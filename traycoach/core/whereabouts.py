"""From input, silence and lost sources to presence: who is at the desk, since when, and which clock runs."""

from __future__ import annotations

from traycoach.core import absences, breaks
from traycoach.core.looks import away_limit
from traycoach.core.presence import TOUCH_GAP, Back, Gone, Return
from traycoach.core.transitions import Cause, Presence
from traycoach.core.turn import Turn


def take_input(turn: Turn, *, resumed: bool) -> None:
    """Weigh what is known of the last input. `resumed`: this very event is an input after a gap."""
    desk = turn.state.desk
    if not turn.observed:
        return
    if desk.present:
        if desk.presence is Presence.IDLE and turn.idle_for < turn.schedule.idle_after:
            desk.move(Cause.INPUT)
    elif desk.presence is Presence.AWAY and not set(desk.gone) - {Gone.TOLD}:
        first = resumed or (desk.touch_began_at is None and turn.idle_for < TOUCH_GAP)
        returned = desk.judge_return(turn.now, resumed=first)
        if returned is not None:
            absences.come_back(turn, returned)
    elif desk.presence is Presence.RESTING:
        breaks.watch_rest(turn)


def lose_source(turn: Turn, reason: str) -> None:
    """No source of input is left: presence is unknown, unless it is known to be an absence."""
    desk = turn.state.desk
    desk.source_lost = reason
    if desk.presence is Presence.ROUTINE or set(desk.gone) - {Gone.TOLD}:
        return
    if desk.presence in {Presence.AWAY, Presence.RESTING}:
        absences.come_back(turn, Return(Back.NO_SOURCE, turn.now))
    absences.lose_source_again(turn)


def find_source(turn: Turn) -> None:
    """A source works again."""
    desk = turn.state.desk
    desk.source_lost = None
    if desk.presence is Presence.UNKNOWN:
        desk.move(Cause.SOURCE_FOUND)
        _run_clocks(turn, run=True)


def judge(turn: Turn) -> None:
    """Is the person at the desk? A silence that is long enough is an absence, back-dated to its beginning."""
    desk = turn.state.desk
    if desk.present:
        if turn.observed and turn.idle_for >= turn.schedule.silence_matters_from:
            _judge_silence(turn)
    elif desk.presence is Presence.UNKNOWN:
        hours = turn.schedule.work_hours
        _run_clocks(turn, run=hours is None or hours.contains(turn.now.wall))
    absences.grow(turn)


def _judge_silence(turn: Turn) -> None:
    desk = turn.state.desk
    certain = desk.certain_until(turn.now)
    if turn.now - certain >= away_limit(turn, certain):
        desk.move(Cause.AWAY_AFTER)
        absences.leave(turn, certain, silent=True)
    elif turn.idle_for >= turn.schedule.idle_after:
        desk.move(Cause.IDLE_AFTER)


def _run_clocks(turn: Turn, *, run: bool) -> None:
    state = turn.state
    if run and state.clocks.running is None:
        state.clocks.start(state.posture, turn.now.steady)
    elif not run and state.clocks.running is not None:
        state.clocks.stop(turn.now.steady)
