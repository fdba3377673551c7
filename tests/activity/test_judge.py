"""Readings of a counter become IdleBegan and InputResumed, whatever was missed between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from traycoach.activity.judge import IdleJudge
from traycoach.core.events import Event, IdleBegan, InputResumed
from traycoach.core.instant import ZERO, Instant

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Machine:
    """A clock, and the counter of a display server that stands still while the machine sleeps."""

    def __init__(self) -> None:
        self.steady = HOUR
        self.suspended = ZERO
        self.raw = ZERO
        self.posted: list[Event] = []
        self.judge = IdleJudge(self.posted.append, self)

    def now(self) -> Instant:
        return Instant(self.steady, datetime(2026, 1, 1, tzinfo=UTC))

    def suspended_for(self) -> timedelta:
        return self.suspended

    def boot_id(self) -> str:
        return "machine"

    def passes(self, span: timedelta) -> None:
        self.steady += span
        self.raw += span

    def sleeps(self, span: timedelta) -> None:
        self.steady += span
        self.suspended += span

    def read(self) -> timedelta:
        return self.judge.reading(self.raw)


@pytest.fixture
def machine() -> Machine:
    made = Machine()
    made.judge.watch(MINUTE)
    made.read()
    return made


def test_threshold_is_told_once_until_input_comes(machine: Machine) -> None:
    for _ in range(6):
        machine.passes(30 * SECOND)
        machine.read()

    assert machine.posted == [IdleBegan(MINUTE)]


def test_return_that_no_signal_told_is_found_by_the_next_reading(machine: Machine) -> None:
    machine.passes(2 * MINUTE)
    machine.read()
    machine.raw = ZERO
    machine.passes(50 * SECOND)

    machine.read()

    assert machine.posted == [IdleBegan(2 * MINUTE), InputResumed()]


def test_return_and_second_silence_between_two_readings_are_both_told(machine: Machine) -> None:
    machine.passes(2 * MINUTE)
    machine.read()
    machine.passes(MINUTE)
    machine.raw = ZERO
    machine.passes(5 * MINUTE)

    machine.read()

    assert machine.posted == [IdleBegan(2 * MINUTE), InputResumed(), IdleBegan(5 * MINUTE)]


@pytest.mark.parametrize("late", [-20 * SECOND, -SECOND, SECOND, 25 * SECOND])
def test_reading_that_was_taken_late_or_early_is_no_input(machine: Machine, late: timedelta) -> None:
    machine.passes(MINUTE)
    machine.read()
    machine.passes(MINUTE)

    machine.judge.reading(machine.raw + late)

    assert machine.posted == [IdleBegan(MINUTE)]


def test_sleep_after_the_last_input_is_counted_and_leaves_with_the_next_input(machine: Machine) -> None:
    machine.passes(20 * SECOND)
    machine.read()
    machine.sleeps(8 * HOUR)
    machine.passes(SECOND)

    after_sleep = machine.read()
    machine.raw = ZERO
    machine.passes(SECOND)
    after_input = machine.read()

    assert after_sleep == 8 * HOUR + 21 * SECOND
    assert after_input == SECOND
    assert machine.posted == [IdleBegan(after_sleep), InputResumed()]


def test_input_near_a_sleep_is_never_made_older_than_it_is(machine: Machine) -> None:
    machine.sleeps(8 * HOUR)
    machine.passes(10 * SECOND)
    machine.raw = 2 * SECOND  # a key two seconds ago, after the sleep

    assert machine.read() == 2 * SECOND
    assert machine.posted == []


def test_two_sleeps_without_input_add_up(machine: Machine) -> None:
    machine.passes(20 * SECOND)
    machine.read()
    machine.sleeps(HOUR)
    machine.passes(20 * SECOND)
    machine.read()
    machine.sleeps(2 * HOUR)
    machine.passes(20 * SECOND)

    assert machine.read() == 3 * HOUR + MINUTE
