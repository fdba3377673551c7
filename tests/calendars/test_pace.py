"""How often calendars are read while somebody changes them."""

from __future__ import annotations

from datetime import timedelta

from traycoach.calendars.pace import Pace, ReadingTimes

SECOND = timedelta(seconds=1)
PACE = Pace(
    settle=3 * SECOND, settle_at_most=30 * SECOND, apart=10 * SECOND, rest=200, retries=(60 * SECOND, 300 * SECOND)
)
START = 1000 * SECOND


def times(read_at: timedelta = START, took: timedelta = SECOND / 100) -> ReadingTimes:
    """Give the times after a first reading."""
    own = ReadingTimes(PACE, START)
    own.began(read_at)
    own.ended(took)
    return own


def test_first_reading_is_due_at_once_and_then_none_is() -> None:
    own = ReadingTimes(PACE, START)
    assert own.due_at == START

    own.began(START)
    own.ended(SECOND)
    assert own.due_at is None


def test_change_is_read_when_it_has_settled() -> None:
    own = times()

    own.changed(START + 60 * SECOND)
    own.changed(START + 62 * SECOND)

    assert own.due_at == START + 65 * SECOND


def test_changes_without_end_are_read_after_a_while_all_the_same() -> None:
    own = times()

    for second in range(60, 100, 2):
        own.changed(START + second * SECOND)

    assert own.due_at == START + 90 * SECOND


def test_readings_are_apart_the_more_they_cost() -> None:
    cheap, costly = times(), times(took=SECOND)

    for own in (cheap, costly):
        own.changed(START + SECOND)

    assert (cheap.due_at, costly.due_at) == (START + 10 * SECOND, START + 200 * SECOND)


def test_change_during_a_reading_calls_for_another() -> None:
    own = ReadingTimes(PACE, START)
    own.began(START)
    own.changed(START + SECOND)
    own.ended(SECOND / 100)

    assert own.due_at == START + 10 * SECOND


def test_failed_readings_are_tried_again_after_longer_waits() -> None:
    own = ReadingTimes(PACE, START)
    due = []
    for _attempt in range(3):
        own.began(START)
        own.failed(START)
        due.append(own.due_at)

    assert due == [START + 60 * SECOND, START + 300 * SECOND, START + 300 * SECOND]
    assert own.has_failed


def test_success_begins_the_waits_anew() -> None:
    own = ReadingTimes(PACE, START)
    own.began(START)
    own.failed(START)
    own.began(START)
    own.ended(SECOND)
    assert not own.has_failed

    own.began(START + 1000 * SECOND)
    own.failed(START + 1000 * SECOND)
    assert own.due_at == START + 1060 * SECOND


def test_what_ran_out_keeps_the_pace_and_what_is_wrong_does_not() -> None:
    own = times()

    own.wanted(START + SECOND)
    assert own.due_at == START + 10 * SECOND

    own.wanted_at_once(START + SECOND)
    assert own.due_at == START + SECOND
