"""Gaps: sleep, a process that stood still, a restart. What was not seen is neither sitting nor a break."""

from __future__ import annotations

from traycoach.core import breaks
from traycoach.core.absences import leave
from traycoach.core.events import CoachStarted
from traycoach.core.instant import MINUTE, ZERO, Instant
from traycoach.core.outcomes import withdraw
from traycoach.core.presence import TOUCH_GAP
from traycoach.core.state import CoachState
from traycoach.core.transitions import Cause, Presence
from traycoach.core.turn import Turn
from traycoach.core.whereabouts import find_source

UNOBSERVED_UP_TO = 15 * MINUTE


def shift_clock(state: CoachState, event: CoachStarted, now: Instant) -> None:
    """Make the coach's steady clock go on where it was saved: by steady time in the same boot, else by wall time."""
    if state.boot_id and state.boot_id != event.boot_id:
        gap = max(ZERO, now.wall - state.seen_at.wall)
        state.steady_shift = state.seen_at.steady + gap - now.steady
    state.boot_id = event.boot_id


def resume(turn: Turn, event: CoachStarted, certain: Instant, *, rebooted: bool) -> None:
    """Go on from a saved state; what guards and session tell is told anew.

    `certain`: the last instant before the gap at which the person was surely here.
    """
    state = turn.state
    desk = state.desk
    state.guard_holds = frozenset()
    state.held = {}
    state.sharing = False
    state.meeting_ends_at = state.meeting_starts_at = None
    desk.gone = []
    if rebooted:
        desk.evidence_changed(frozenset(), state.seen_at)  # no call outlives the machine
    shown = state.shown
    if shown is not None:
        withdraw(turn, shown, counts=False)
        shown.freely = True
    if state.routine is not None:
        breaks.lose(turn)
    find_source(turn)
    if desk.present:
        _bridge(turn, certain, slept=event.slept or rebooted)
    if desk.presence is Presence.AWAY and turn.observed:
        # no source tells of input that just goes on, and what guards tell may come before the next look at it
        desk.judge_return(turn.now, resumed=turn.idle_for < TOUCH_GAP)


def bridge_gap(turn: Turn, certain: Instant, *, slept: bool) -> None:
    """More than 90 s passed unseen. If the machine slept it was an absence; a process that stood still is forgiven.

    `certain` as in `resume`. Somebody was present, or presence was unknown, before the gap.
    """
    if turn.state.desk.presence is Presence.UNKNOWN and not slept:
        _skip(turn)
    else:
        _bridge(turn, certain, slept=slept)


def _bridge(turn: Turn, certain: Instant, *, slept: bool) -> None:
    desk = turn.state.desk
    gap = turn.now - turn.state.seen_at
    here = turn.blind or turn.idle_for < turn.schedule.away_after or desk.evidence_stands(turn.now)
    if here and not slept and gap <= UNOBSERVED_UP_TO:
        _skip(turn)
    else:
        desk.move(Cause.LEFT)
        leave(turn, certain, silent=True)


def _skip(turn: Turn) -> None:
    clocks = turn.state.clocks
    running = clocks.running
    if running is not None:
        clocks.stop(turn.state.seen_at.steady)
        clocks.start(running, turn.now.steady)
