"""May we interrupt now? The guards' holds, quiet hours, and the user's own pause."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.events import PauseUntil
from traycoach.core.instant import MINUTE, ZERO, Instant, wall_between
from traycoach.core.outcomes import withdraw
from traycoach.core.presence import TOUCH_GAP
from traycoach.core.state import Held, Pause, next_day_start
from traycoach.core.turn import Turn

PAUSE = "pause"
QUIET_HOURS = "quiet hours"
TOMORROW_AT_LEAST = timedelta(hours=4)
LONG = timedelta(hours=2)
"""From then on a hold may be a mistake, such as a microphone that a program never gave back."""
FLICKERS_WITHIN = MINUTE
"""A hold that comes back so soon never really went."""


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
    _follow(turn)


def longest(turn: Turn) -> tuple[str, Instant] | None:
    """Give the guards' hold that has lasted longest, and its beginning, if that is so long that it may be a mistake.

    A prompt goes on waiting for it, but the tray marks it as due, and nothing is lost.
    """
    lasting = [(name, held.began_at) for name, held in turn.state.held.items() if held.ended_at is None]
    first = min(lasting, key=lambda one: one[1].steady, default=None)
    return first if first is not None and turn.now - first[1] >= LONG else None


def flickers(turn: Turn) -> bool:
    """Tell whether a hold that comes and goes has just gone: it will be back."""
    return any(held.flickers and held.ended_at is not None for held in turn.state.held.values())


def _follow(turn: Turn) -> None:
    """Note since when each of the guards' holds has lasted; one that flickers has never ended."""
    held, now = turn.state.held, turn.now
    for name in turn.state.guard_holds:
        known = held.setdefault(name, Held(now))
        if known.ended_at is not None:
            known.ended_at, known.flickers = None, True
    for name in set(held) - turn.state.guard_holds:
        ended_at = held[name].ended_at
        if ended_at is None:
            held[name].ended_at = now
        elif now - ended_at >= FLICKERS_WITHIN:
            del held[name]


def _pause_is_over(turn: Turn) -> bool:
    asked = turn.state.pause
    if asked is None:
        return False
    if asked.ends_at is not None:
        return asked.ends_at <= turn.now
    return asked.ends_on_wall is not None and wall_between(turn.now.wall, asked.ends_on_wall) <= ZERO
