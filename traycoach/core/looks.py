"""When to look again: every moment at which something can change by time alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from traycoach.core import absences, asking, marks
from traycoach.core.due import OpenPrompt
from traycoach.core.instant import SECOND, ZERO, Instant, wall_between
from traycoach.core.merge import MERGES_WITHIN
from traycoach.core.outcomes import obeyed
from traycoach.core.presence import TOUCH_GAP
from traycoach.core.rules import OBEYS_AFTER, Medium
from traycoach.core.state import next_day_start
from traycoach.core.transitions import Presence, Stage
from traycoach.core.turn import Turn


def away_limit(turn: Turn, certain: Instant) -> timedelta:
    """Give the silence that is an absence: in the window after a prompt a minute, else `away_after`."""
    if not turn.state.desk.evidence_stands(turn.now) and obeyed(turn, certain) is not None:
        return min(OBEYS_AFTER, turn.schedule.away_after)
    return turn.schedule.away_after


class WallLooks:
    """The looks that the wall clock decides (hours, day, pause), kept until one passes or a clock is set."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._zero: datetime | None = None
        self._looks: list[timedelta] = []

    def next_at(self, turn: Turn) -> timedelta:
        """Give the steady time of the next one."""
        now, state = turn.now, turn.state
        key = (id(turn.schedule), id(state.pause), state.desk.presence is Presence.UNKNOWN)
        zero = now.wall - now.steady
        if key != self._key or self._zero is None or abs(zero - self._zero) > SECOND or self._looks[0] <= now.steady:
            self._key, self._zero = key, zero
            self._looks = sorted(look.steady for look in _wall_looks(turn) if now < look)
        return self._looks[0]


def matters_at(turn: Turn, wall: WallLooks) -> timedelta:
    """Give the steady time at which the next thing changes even if the person just goes on as before."""
    now = turn.now.steady
    first = wall.next_at(turn)
    for at in _by_time(turn):
        if now < at < first:
            first = at
    return first


def presence_look(turn: Turn, watching: timedelta) -> timedelta:
    """Give the steady time at which silence, or the input that is under way, comes to mean something else.

    `watching` is the silence of which the source of input tells by itself.
    """
    now, desk, absence = turn.now.steady, turn.state.desk, turn.state.desk.absence
    look = now + timedelta(days=1)
    routine = turn.state.routine
    touching = turn.idle_for < TOUCH_GAP
    if routine is not None:
        return now + SECOND if touching and not routine.focused else look
    if absence is not None:
        if touching and (desk.touch_began_at is not None or desk.presence is Presence.RESTING):
            return now + SECOND
        for length in (OBEYS_AFTER, absences.BREAKS_A_BOUT):
            if now < absence.began_at.steady + length < look:
                look = absence.began_at.steady + length
    elif desk.present and turn.idle_for + SECOND >= watching:
        certain = desk.certain_until(turn.now)
        at = certain.steady + away_limit(turn, certain)
        look = at if at > now else look
    return look


def _by_time(turn: Turn) -> list[timedelta]:
    state = turn.state
    looks = _mark_looks(turn) if state.clocks.running is not None else []
    for prompt in state.prompts.values():
        looks += _prompt_looks(turn, prompt)
    if any(prompt.stage is Stage.DUE or prompt.stage is Stage.SNOOZED for prompt in state.prompts.values()):
        looks += [look - MERGES_WITHIN for look in looks]
    if state.settling.settled_at is not None:
        looks.append(state.settling.settled_at.steady)
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
                looks.append(prompt.budget_kept_since.steady + marks.NOTICE_LATE + SECOND)
        if prompt.typing_since is not None:
            looks.append(prompt.typing_since.steady + turn.schedule.patience)
        if prompt.expires_at is not None:
            looks.append(now + wall_between(turn.now.wall, prompt.expires_at))
    return looks


def _mark_looks(turn: Turn) -> list[timedelta]:
    looks: list[timedelta] = []
    state, now = turn.state, turn.now.steady
    spell = state.spell
    lasted = turn.total_of(Medium(state.posture.value)) - spell.zero if spell is not None else ZERO
    for rule in turn.schedule.intervals:
        if turn.running(rule):
            mark = now + turn.to_mark(rule)
            looks += [mark, mark - asking.WARM_BEFORE]
            not_before = turn.clock_of(rule).not_before
            looks += [not_before] if not_before is not None else []
        elif rule.resets_after is not None and spell is not None:
            looks.append(now + rule.resets_after - lasted)
    if spell is not None and spell.answers is not None:
        looks.append(now + OBEYS_AFTER - lasted)
    return looks
