"""What a compositor's words tell of the last input, without a compositor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traycoach.activity.input_age import LATE, InputAge
from traycoach.core.instant import SECOND, ZERO

TIMEOUT = 2 * SECOND
HOUR = timedelta(hours=1)


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_before_the_first_word_the_age_counts_from_the_start_or_from_what_was_known() -> None:
    assert InputAge(at(100), TIMEOUT).at(at(101)) == SECOND
    assert InputAge(at(100), TIMEOUT, HOUR).at(at(101)) == HOUR + SECOND


def test_silence_since_the_start_leaves_open_what_was_before() -> None:
    fresh, later = InputAge(at(100), TIMEOUT), InputAge(at(100), TIMEOUT, HOUR)
    for age in (fresh, later):
        age.idled(at(102.1))

    assert fresh.at(at(110)) == pytest.approx(10 * SECOND, abs=LATE)
    assert later.at(at(110)) == HOUR + 10 * SECOND


def test_silence_after_input_is_exact() -> None:
    age = InputAge(at(100), TIMEOUT, HOUR)
    age.idled(at(107.5))

    assert age.idle
    assert age.at(at(120)) == at(14.5)


def test_input_ends_a_silence() -> None:
    age = InputAge(at(100), TIMEOUT)
    age.idled(at(110))
    age.resumed(at(200))

    assert not age.idle
    assert age.at(at(200)) == ZERO


def test_while_nothing_is_said_input_is_no_older_than_the_timeout_and_none_is_made_up() -> None:
    age = InputAge(at(100), TIMEOUT, HOUR)
    age.idled(at(102))
    age.resumed(at(110))

    assert age.at(at(111)) == SECOND
    assert TIMEOUT - SECOND < age.at(at(150)) < TIMEOUT


def test_one_touch_is_never_taken_for_a_long_one() -> None:
    """Asked every second, as the coach does while it judges a return, the ages span no more than the touch did."""
    age = InputAge(at(0), TIMEOUT)
    age.idled(at(2))
    age.resumed(at(100))  # a bump of half a second
    inputs = []
    for second in range(1, 10):
        if second == 3:
            age.idled(at(102.5))
        inputs.append(at(100 + second) - age.at(at(100 + second)))

    assert at(100) <= min(inputs)
    assert max(inputs) == at(100.5)


def test_typing_on_is_told_from_silence_only_when_the_compositor_had_the_time() -> None:
    age = InputAge(at(100), TIMEOUT, HOUR)

    assert not age.input_since(at(100))
    assert age.at(at(100) + TIMEOUT + LATE) > HOUR
    assert age.at(at(103)) < TIMEOUT
    assert age.input_since(at(100))


def test_word_that_comes_late_makes_nobody_come_back() -> None:
    age = InputAge(at(100), TIMEOUT, HOUR)
    age.at(at(102.2))  # asked when the word is due, but not here yet
    age.idled(at(102.24))

    assert not age.input_since(at(100))
    assert age.at(at(103)) > HOUR


@given(st.lists(st.floats(0.01, 30), min_size=1, max_size=30), st.floats(0, 0.2), st.data())
def test_age_is_never_younger_than_the_truth_nor_older_by_more_than_the_timeout(
    gaps: list[float], late: float, data: st.DataObject
) -> None:
    """A compositor that is `late` with "idled" tells of inputs with these gaps; it is asked somewhere in between."""
    age = InputAge(ZERO, TIMEOUT)
    now = ZERO
    for gap in gaps:
        asked = now + at(data.draw(st.floats(0, gap)))
        idled = now + TIMEOUT + at(late)
        pressed = now + at(gap)
        for moment in sorted({asked, *([idled] if idled < pressed else [])}):
            if moment == idled:
                age.idled(moment)
            if moment == asked:
                found = age.at(moment)
                assert moment - now - LATE <= found + timedelta(milliseconds=1)
                assert found <= max(TIMEOUT, moment - now) + LATE
        if age.idle:
            age.resumed(pressed)
        now = pressed
