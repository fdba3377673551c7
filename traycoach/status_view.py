"""What the status window shows: the coach's figures and the day's line, put together from coach and history."""

from __future__ import annotations

import contextlib
from datetime import datetime

from traycoach.core.actions import RecordBout, Tell
from traycoach.core.coach import Coach
from traycoach.core.instant import ZERO, Instant
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Medium, Posture, Schedule
from traycoach.core.state import coach_day
from traycoach.core.turn import Turn
from traycoach.core.why import next_card
from traycoach.core.words import span
from traycoach.errors import Unavailable
from traycoach.history import Day, History
from traycoach.messages import DayPart, StatusView
from traycoach.text import _


def status_view(coach: Coach, now: Instant, history: History, catalogue: tuple[RoutineInfo, ...]) -> StatusView:
    """Put the view together. The parts' seconds count from the local midnight of the coach's day."""
    turn = coach.turn(now)
    state = coach.state
    on = coach_day(now.wall, turn.schedule.day_starts_at)
    try:
        day: Day | None = history.day(on, running_bouts(turn))
    except Unavailable:
        day = None
    midnight = datetime.combine(on, datetime.min.time())
    lasted = turn.bout_lasted()
    standing = state.posture is Posture.STANDING
    rule = next_card(turn)
    next_words = ""
    if rule is not None and state.desk.absence is None:
        next_words = _("Next prompt after {span} more").format(span=span(max(ZERO, turn.to_mark(rule))))
    rows = [
        (_("Sat today"), span(turn.total_of(Medium.SITTING) - state.today.sat_before)),
        (_("Stood today"), span(turn.total_of(Medium.STANDING) - state.today.stood_before)),
        (_("Longest sit"), span(max(state.today.longest, ZERO if standing else lasted))),
        (_("Breaks"), str(state.today.breaks)),
    ]
    parts = (
        ()
        if day is None
        else tuple(
            DayPart(part.kind, _seconds(part.began_at, midnight), _seconds(part.ended_at, midnight))
            for part in day.parts
        )
    )
    words = _("Standing for {span}") if standing else _("Sitting for {span}")
    return StatusView(
        tray=coach.tray(now),
        clock_words=words.format(span=span(lasted)),
        next_words=next_words,
        rows=tuple(rows),
        parts=parts,
        routines=tuple((routine.id, routine.title) for routine in catalogue),
        now_s=_seconds(now.wall, midnight),
    )


def greeting(schedule: Schedule) -> Tell:
    """Give what a new user is told: where the coach is, and when it will first speak."""
    first = min((rule.interval.first_mark for rule in schedule.rules if rule.interval), default=None)
    text = _("The icon in your tray shows how long you have been sitting.")
    if first is not None:
        text += " " + _("First prompt in about {span}.").format(span=span(first))
    return Tell(_("I’m here"), text)


def running_bouts(turn: Turn) -> list[RecordBout]:
    """Give the bout under way as if it ended now; none between bouts."""
    bout = turn.state.bout
    if bout is None:
        return []
    return [RecordBout(bout.posture, bout.began_at.wall, turn.now.wall, turn.bout_lasted())]


def end_card_facts(coach: Coach, now: Instant, history: History) -> tuple[tuple[str, str], ...]:
    """Give the three small facts of the end card; this break is counted as done."""
    turn = coach.turn(now)
    state = coach.state
    on = coach_day(now.wall, turn.schedule.day_starts_at)
    facts = [
        (_("Breaks today"), str(state.today.breaks + 1)),
        (_("Longest sit"), span(max(state.today.longest, turn.bout_lasted()))),
    ]
    with contextlib.suppress(Unavailable):
        facts.append((_("Days in a row"), str(max(1, history.streak(on)))))
    return tuple(facts)


def _seconds(wall: datetime, midnight: datetime) -> int:
    return int((wall.replace(tzinfo=None) - midnight).total_seconds())
