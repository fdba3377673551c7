"""The coach's sentences, taken alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.core.rules import AtTimes, BeforeWorkEnds, Interval, Look, Medium, Posture, Rule
from traycoach.core.words import headline, hold, holds, left, minutes, offer_line, span

STAND = Rule("stand", Interval(30 * MINUTE, Medium.SITTING))
LATER = timedelta(hours=1, minutes=5)


@pytest.mark.parametrize(
    ("length", "words"),
    [(40 * SECOND, "40 s"), (24 * MINUTE + 59 * SECOND, "24 min"), (LATER, "1 h 05 min"), (-SECOND, "0 s")],
)
def test_spans_are_whole_units_that_have_passed(length: timedelta, words: str) -> None:
    assert span(length) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (ZERO, "0 s"),
        (SECOND / 2, "1 s"),
        (MINUTE - SECOND / 2, "1 min"),
        (10 * MINUTE - SECOND, "10 min"),
        (10 * MINUTE, "10 min"),
        (60 * MINUTE - SECOND, "1 h 00 min"),
    ],
)
def test_what_is_left_counts_a_begun_unit_whole(length: timedelta, words: str) -> None:
    assert left(length) == words


def test_minutes_are_whole_and_never_negative() -> None:
    assert [minutes(length) for length in (119 * SECOND, -MINUTE)] == [1, 0]


@pytest.mark.parametrize(
    ("rule", "posture", "words"),
    [
        (STAND, Posture.SITTING, "You’ve been sitting 1 h 05 min"),
        (Rule("sit-down", Interval(MINUTE, Medium.STANDING)), Posture.STANDING, "You’ve been standing 1 h 05 min"),
        (Rule("own", Interval(MINUTE, Medium.USE), text="Drink"), Posture.SITTING, "Drink"),
        (Rule("wind-down", BeforeWorkEnds(10 * MINUTE)), Posture.SITTING, "The working day ends in 10 min"),
        (
            Rule("micro", Interval(MINUTE, Medium.SITTING), Look.NOTICE),
            Posture.SITTING,
            "A moment for hands and posture",
        ),
        (Rule("eyes", Interval(MINUTE, Medium.USE), Look.NOTICE), Posture.SITTING, "Rest your eyes"),
        (Rule("tea", AtTimes(())), Posture.SITTING, "Time for a break"),
    ],
    ids=lambda value: value.id if isinstance(value, Rule) else "",
)
def test_a_headline_says_what_it_is_about(rule: Rule, posture: Posture, words: str) -> None:
    assert headline(rule, posture, LATER, sharing=False) == words
    assert headline(rule, posture, LATER, sharing=True) == "Time for a break"


def test_without_a_routine_the_line_says_what_to_do() -> None:
    sit_down = Rule("sit-down", Interval(MINUTE, Medium.STANDING))

    assert offer_line(STAND, None, sharing=False) == "Stand up and move a little."
    assert offer_line(sit_down, None, sharing=False) == "Sit down or walk a little."
    assert not offer_line(STAND, None, sharing=True)


def test_a_hold_of_an_unknown_name_is_called_by_it() -> None:
    assert hold("library hours") == "library hours"
    assert holds(frozenset({"meeting", "dnd"})) == "the desktop asks for quiet and you are in a meeting"
    assert "you paused the coach" in holds(frozenset({"pause", "fullscreen", "sharing", "inhibitor", "quiet hours"}))
