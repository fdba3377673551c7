"""The source that a simulation moves by hand keeps the contract of all sources."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contracts.source import SHORT, Desk, SourceContract
from traycoach.activity.memory import MemorySource
from traycoach.core.events import IdleBegan, InputResumed

MINUTE = timedelta(minutes=1)


class MemoryDesk(Desk):
    def __init__(self) -> None:
        super().__init__()
        self.source: MemorySource = MemorySource()

    def touch(self) -> None:
        self.source.pass_time(SHORT / 10)
        self.source.touch()

    def sit_still(self) -> None:
        self.source.pass_time(SHORT * 2)

    def break_down(self) -> None:
        self.source.die()


class TestMemorySource(SourceContract):
    @pytest.fixture
    def desk(self) -> MemoryDesk:
        return MemoryDesk()


def test_idle_is_told_at_its_very_moment_however_far_time_is_moved() -> None:
    desk = MemoryDesk()
    desk.source.start(desk.posted.put)
    desk.source.watch(MINUTE)

    desk.source.pass_time(20 * MINUTE)

    assert desk.next() == IdleBegan(MINUTE)
    assert desk.source.idle_for() == 20 * MINUTE


def test_sleep_of_the_machine_makes_the_last_input_older() -> None:
    desk = MemoryDesk()
    desk.source.start(desk.posted.put)
    desk.source.watch(MINUTE)
    desk.source.pass_time(MINUTE / 2)

    desk.source.sleep(8 * 60 * MINUTE)
    told = desk.source.idle_for()
    desk.source.pass_time(MINUTE / 6)
    desk.source.touch()

    assert told == 8 * 60 * MINUTE + MINUTE / 2
    assert [desk.next(), desk.next()] == [IdleBegan(told), InputResumed()]
    assert desk.source.idle_for() == timedelta(0)
