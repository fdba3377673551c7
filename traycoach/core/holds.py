"""May we interrupt now? The guards' holds, quiet hours, and the user's own pause."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.events import PauseUntil
from traycoach.core.instant import ZERO, wall_between
from traycoach.core.outcomes import withdraw
from traycoach.core.presence import TOUCH_GAP
from traycoach.core.state import Pause, next_day_start
from traycoach.core.turn import Turn

PAUSE = "pause"
QUIET_HOURS = "quiet hours"
TOMORROW_AT_LEAST = timedelta(hours=4)


def pause(turn: Turn, until: timedelta | PauseUntil) -> None:
    """No prompts for a length, until tomorrow (the next day's start at least four hours away), or until resumed."""
    wanted = Pause()
    if isinstance(until, timedelta):
        wanted.ends_at = turn.now.after(until)
    elif until is PauseUntil.TOMORROW:
        starts_at = turn.schedule.day_starts_at
        wanted.ends_on_wall = next_day_start(turn.now.wall, starts_at)
        if wall_between(turn.now.wall, wanted.ends_on_wall) < TOMORROW_AT_LEAST:
            wanted.ends_on_wall = next_day_start(turn.now.after(TOMORROW_AT_LEAST).wall, starts_at)
    turn.state.pause = wanted
    turn.saves = True


def resume(turn: Turn) -> None:
    """End the pause."""
    turn.state.pause = None
    turn.saves = True


def judge(turn: Turn) -> None:
    """Find the holds of this moment. One that begins withdraws what is shown; after the last one ends, it settles."""
    state = turn.state
    if _pause_is_over(turn):
        resume(turn)
    holds = state.guard_holds
    if state.pause is not None:
        holds |= {PAUSE}
    if turn.schedule.quiet_hours is not None and turn.schedule.quiet_hours.contains(turn.now.wall):
        holds |= {QUIET_HOURS}
    if state.holds and not holds:
        # a touch that is under way as the hold ends is the input that is waited for
        state.settling.input_after = turn.now.before(TOUCH_GAP)
        state.settling.settled_at = None
        turn.look_again = not (turn.observed or turn.blind)
    if holds and state.shown is not None:
        withdraw(turn, state.shown, counts=False)
    state.holds = holds


def _pause_is_over(turn: Turn) -> bool:
    asked = turn.state.pause
    if asked is None:
        return False
    if asked.ends_at is not None:
        return asked.ends_at <= turn.now
    return asked.ends_on_wall is not None and wall_between(turn.now.wall, asked.ends_on_wall) <= ZERO
