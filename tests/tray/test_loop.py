"""The tray's loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.tray.stage import HandClock, Stage
from traycoach.tray.loop import Loop


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.stop()


def test_work_runs_in_order_on_the_thread_of_run(stage: Stage) -> None:
    done: list[tuple[int, str]] = []
    for number in range(3):
        stage.loop.post(lambda number=number: done.append((number, threading.current_thread().name)))  # type: ignore[misc]
    stage.settle()
    assert [number for number, _ in done] == [0, 1, 2]
    assert len({thread for _, thread in done} - {threading.current_thread().name}) == 1


def test_later_work_waits_for_its_time_and_can_be_called_off(stage: Stage) -> None:
    done: list[str] = []
    stage.loop.later(timedelta(seconds=10), lambda: done.append("ten"))
    stage.loop.later(timedelta(seconds=5), lambda: done.append("five"))
    cancel = stage.loop.later(timedelta(seconds=7), lambda: done.append("never"))
    cancel()
    cancel()
    stage.advance(seconds=4)
    assert done == []
    stage.advance(seconds=6)
    assert done == ["five", "ten"]


def test_bug_in_one_piece_stops_nothing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("a bug in the tray")

    stage.loop.post(fail)
    stage.settle()
    assert "a bug in the tray" in caplog.text


def test_stop_before_run_is_not_lost() -> None:
    loop = Loop(HandClock())
    loop.stop()
    loop.run()


def test_later_work_comes_by_itself_in_real_time() -> None:
    from traycoach.clock import system

    loop = Loop(system)
    loop.later(timedelta(milliseconds=20), loop.stop)
    loop.run()
