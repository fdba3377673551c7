"""When to look again: every moment at which something can change by time alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from traycoach.core import absences, holds, marks
from traycoach.core.due import OpenPrompt
from traycoach.core.instant import SECOND, ZERO, Instant, wall_between
from traycoach.core.merge import MERGES_WITHIN
from traycoach.core.outcomes import obeyed
from traycoach.core.presence import TOUCH_GAP
from traycoach.core.rules import OBEYS_AFTER, Medium, Schedule
from traycoach.core.state import Pause, next_day_start
from traycoach.core.transitions import ON_BREAK, Presence, Stage
from traycoach.core.turn import Turn


def away_limit(turn: Turn, certain: Instant) -> timedelta:
    """Give the silence that is an absence: in the window after a prompt a minute, else `away_after`."""
    if not turn.state.desk.evidence_stands(turn.now) and obeyed(turn, certain) is not None:
        return min(OBEYS_AFTER, turn.schedule.away_after)
    return turn.schedule.away_after


class WallLooks:
    """The looks that the wall clock decides (hours, day, pause), kept until one passes or a clock is set."""

    def __init__(self) -> None:
        self._made_for: tuple[Schedule, Pause | None, bool] | None = None
        self._zero: datetime | None = None
        self._next_at = ZERO

    def next_at(self, turn: Turn) -> timedelta:
        """Give the steady time of the next one."""
        now, state = turn.now, turn.state
        unknown = state.desk.presence is Presence.UNKNOWN
        zero = now.wall - now.steady
        made_for = self._made_for
        if (
            made_for is None
            or made_for[0] is not turn.schedule
            or made_for[1] is not state.pause
            or made_for[2] is not unknown
            or self._zero is None
            or self._zero.tzinfo is not zero.tzinfo
            or abs(zero - self._zero) > SECOND
            or self._next_at <= now.steady
        ):
            self._made_for, self._zero = (turn.schedule, state.pause, unknown), zero
            self._next_at = min(look.steady for look in _wall_looks(turn) if now < look)
        return self._next_at


def matters_at(turn: Turn, ahead: list[timedelta], wall: WallLooks) -> timedelta:
    """Give the steady time at which the next thing changes even if the person just goes on as before.

    `ahead`: the time to the next marks.
    """
    now = turn.now.steady
    first = wall.next_at(turn)
    for at in _by_time(turn, ahead):
        if now < at < first:
            first = at
    return first


def presence_look(turn: Turn, watching: timedelta) -> timedelta:
    """Give the steady time at which silence, or the input that is under way, comes to mean something else.

    `watching` is the silence of which the source of input tells by itself. `timedelta.max`: none is known.
    """
    desk, routine, idle_for = turn.state.desk, turn.state.routine, turn.idle_for
    if desk.absence is None:
        # the coach may know of a later input than the source, such as its own start: then it has to look by itself
        if not desk.present or (idle_for + SECOND < watching and not desk.told_idle):
            return timedelta.max
        certain = desk.certain_until(turn.now)
        looks = [certain.steady + away_limit(turn, certain)]
        if desk.told_idle:
            looks.append(desk.last_input_at.steady + turn.schedule.idle_after)
    elif idle_for < TOUCH_GAP and (
        not routine.focused
        if routine is not None
        else desk.touch_began_at is not None or desk.presence is Presence.RESTING
    ):
        looks = [turn.now.steady + SECOND]
    elif desk.presence in ON_BREAK:
        return timedelta.max
    else:
        began_at = desk.absence.began_at.steady
        looks = [began_at + OBEYS_AFTER, began_at + absences.BREAKS_A_BOUT]
    return min((at for at in looks if at > turn.now.steady), default=timedelta.max)


def _by_time(turn: Turn, ahead: list[timedelta]) -> list[timedelta]:
    state, now = turn.state, turn.now.steady
    at_marks = [now + to_mark for to_mark in ahead]
    looks = [*at_marks, *_clock_looks(turn)] if ahead else []
    if state.prompts:
        looks += [held.began_at.steady + holds.LONG for held in state.held.values()]
        at_prompts = [at for prompt in state.prompts.values() for at in _prompt_looks(turn, prompt)]
        if len(state.prompts) > 1 or any(prompt.stage is Stage.DUE for prompt in state.prompts.values()):
            kept = [state.spoken.kept_for(turn.schedule.budget, turn.now, card=card) for card in (True, False)]
            looks += [at - MERGES_WITHIN for at in (*at_marks, *at_prompts, *(now + length for length in kept))]
        looks += at_prompts
        if state.settling.settled_at is not None:
            looks.append(state.settling.settled_at.steady)
    looks += [held.ended_at.steady + holds.FLICKERS_WITHIN for held in state.held.values() if held.ended_at is not None]
    if state.correction is not None:
        looks.append(state.correction.offered_until.steady + SECOND)
    return looks


def _wall_looks(turn: Turn) -> list[Instant]:
    now, state, schedule = turn.now, turn.state, turn.schedule
    walls = [next_day_start(now.wall, schedule.day_starts_at)]
    looks: list[Instant] = []
    if state.pause is not None and state.pause.ends_at is not None:
        looks.append(state.pause.ends_at)
    if state.pause is not None and state.pause.ends_on_wall is not None:
        walls.append(state.pause.ends_on_wall)
    weeks = {schedule.quiet_hours, *(rule.hours for rule in schedule.rules)}
    if state.desk.presence is Presence.UNKNOWN:
        weeks.add(schedule.work_hours)
    for week in weeks:
        change = week.next_change_after(now.wall) if week is not None else None
        if change is not None:
            walls.append(change)
    return [*looks, *(now.after(wall_between(now.wall, wall)) for wall in walls)]


def _prompt_looks(turn: Turn, prompt: OpenPrompt) -> list[timedelta]:
    now = turn.now.steady
    looks = [at.steady for at in (prompt.returns_at, prompt.snoozed_until) if at is not None]
    rule = turn.rule_of(prompt)
    if prompt.stage is Stage.SHOWN and prompt.shown_at is not None:
        looks.append(prompt.shown_at.steady + marks.shown_for(rule, turn, prompt))
    if prompt.stage is Stage.DUE:
        kept = turn.state.spoken.kept_for(turn.schedule.budget, turn.now, card=rule.is_card)
        if kept > ZERO and not prompt.freely:
            looks.append(now + kept)
        if prompt.budget_kept_since is not None:
            looks.append(prompt.budget_kept_since.steady + marks.NOTICE_LATE)
        if prompt.typing_since is not None:
            looks.append(prompt.typing_since.steady + turn.schedule.patience)
        if prompt.expires_at is not None:
            looks.append(now + wall_between(turn.now.wall, prompt.expires_at))
    return looks


def _clock_looks(turn: Turn) -> list[timedelta]:
    """While a clock runs: a mark that waits after an edit, and what a spell of the other posture is worth."""
    looks = [clock.not_before for clock in turn.state.rules.values() if clock.not_before is not None]
    spell = turn.state.spell
    if spell is not None:
        began_at = turn.now.steady - (turn.total_of(Medium(turn.state.posture.value)) - spell.zero)
        lengths = [rule.resets_after for rule in turn.schedule.intervals if not turn.running(rule)]
        looks += [began_at + length for length in (*lengths, OBEYS_AFTER) if length is not None]
    return looks
