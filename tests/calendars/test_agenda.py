"""Present, soon, later: what a day's meetings answer at each moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendars.writing import BERLIN
from traycoach.calendars import Meeting
from traycoach.calendars.agenda import AHEAD_BEFORE, END_KNOWN_BEFORE, Agenda, Answers

DAY = datetime(2025, 6, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return DAY + timedelta(hours=int(hour), minutes=int(minute))


def agenda(*spans: str) -> Agenda:
    ends = [span.split("-") for span in spans]
    return Agenda.of(Meeting(at(start), at(end), str(number)) for number, (start, end) in enumerate(ends))


ONE = agenda("09:00-10:00")


@pytest.mark.parametrize(
    ("now", "in_meeting", "ends", "coming", "changes"),
    [
        ("08:00", False, None, None, "08:45"),
        ("08:44", False, None, None, "08:45"),
        ("08:45", False, None, "09:00", "08:50"),
        ("08:50", False, "10:00", "09:00", "09:00"),
        ("09:00", True, "10:00", None, "10:00"),
        ("09:59", True, "10:00", None, "10:00"),
        ("10:00", False, None, None, None),
    ],
)
def test_meeting_comes_is_there_and_goes(
    now: str, in_meeting: bool, ends: str | None, coming: str | None, changes: str | None
) -> None:
    times = (at(time) if time else None for time in (ends, coming, changes))

    assert ONE.at(at(now)) == Answers(in_meeting, *times)


def test_meetings_that_touch_or_overlap_are_one() -> None:
    assert agenda("09:00-10:00", "10:00-10:30", "09:30-10:15", "09:10-09:20") == agenda("09:00-10:30")


def test_next_meeting_is_told_during_another() -> None:
    two = agenda("09:00-10:00", "10:05-11:00")

    assert two.at(at("09:50")) == Answers(True, at("10:00"), at("10:05"), at("09:55"))
    assert two.at(at("10:01")) == Answers(False, at("11:00"), at("10:05"), at("10:05"))


def test_time_of_any_zone_will_do() -> None:
    assert ONE.at(at("09:30").astimezone(BERLIN)).in_meeting


def test_day_without_meetings_never_changes() -> None:
    assert Agenda().at(DAY) == Answers()


MINUTES = st.integers(0, 600)


@given(st.lists(st.tuples(MINUTES, st.integers(1, 90)), max_size=8), MINUTES)
def test_answers_are_true_and_hold_until_they_change(spans: list[tuple[int, int]], now: int) -> None:
    meetings = [Meeting(DAY + start * MINUTE, DAY + (start + length) * MINUTE, "") for start, length in spans]
    own = Agenda.of(meetings)

    def busy(moment: datetime) -> bool:
        return any(one.starts_at <= moment < one.ends_at for one in meetings)

    moment = DAY + now * MINUTE
    answers = own.at(moment)
    assert answers.in_meeting == busy(moment)
    if answers.in_meeting:
        assert answers.ends_at is not None
        assert not busy(answers.ends_at)
        assert busy(answers.ends_at - MINUTE)
    starts = [start for start, _end in own.spans if moment < start]
    soonest = min(starts, default=None)
    assert answers.next_at == (soonest if soonest and soonest - moment <= AHEAD_BEFORE else None)
    assert not answers.ends_at or answers.in_meeting or (soonest and soonest - moment <= END_KNOWN_BEFORE)
    if answers.changes_at is not None:
        last = answers.changes_at - MINUTE
        assert answers.changes_at > moment
        assert (own.at(last).in_meeting, own.at(last).ends_at, own.at(last).next_at) == (
            answers.in_meeting,
            answers.ends_at,
            answers.next_at,
        )
        assert own.at(answers.changes_at) != own.at(last)
