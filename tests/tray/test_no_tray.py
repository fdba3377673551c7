"""What is said where no panel takes the icon, to whom, and how often (the whole tray, on a private bus)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import Lab
from tests.tray.stage import HandClock, Panel, tray_state
from traycoach.core.actions import Tell
from traycoach.desktop.bus import Bus
from traycoach.tray.linux import Tray


class Process:
    """One run of the coach, as far as the tray is concerned. `heard` has "told", "taken back", True and False."""

    def __init__(self, address: str, told: Path | None) -> None:
        self.clock = HandClock()
        self.heard: SimpleQueue[str | bool] = SimpleQueue()
        self.bus = Bus("session", address).connect(awaited=True)
        self.tray = Tray(
            lambda *_: None,
            on_visible=self.heard.put,
            tell=self._tell,
            told=told,
            clock=self.clock,
            bus=lambda: self.bus,
        )
        self._thread = threading.Thread(target=self.tray.run)
        self._thread.start()
        self.tray.show(tray_state())
        self.settle()

    def _tell(self, _what: Tell) -> Callable[[], None]:
        self.heard.put("told")
        return lambda: self.heard.put("taken back")

    def settle(self) -> None:
        done = threading.Event()
        self.tray._loop.later(timedelta(0), done.set)  # comes after everything due earlier
        assert done.wait(5)

    def wait(self, **span: float) -> None:
        """Let time pass; what became due has been done when this returns."""
        for _each in range(3):  # one thing arranges the next
            self.clock.steady += timedelta(**span) / 3
            self.settle()

    def next(self) -> str | bool:
        return self.heard.get(timeout=10)

    def end(self) -> None:
        self.tray.stop()
        self._thread.join(5)
        assert not self._thread.is_alive()
        self.bus.close()


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "no-tray-told"


@pytest.fixture
def running() -> Iterator[list[Process]]:
    made: list[Process] = []
    yield made
    for process in made:
        process.end()


def start(running: list[Process], address: str, told: Path | None) -> Process:
    running.append(Process(address, told))
    return running[-1]


def end(running: list[Process]) -> None:
    running.pop().end()


def test_it_is_said_once_to_a_user_not_once_a_process(
    session_bus: PrivateBus, told: Path, running: list[Process]
) -> None:
    first = start(running, session_bus.address, told)
    first.wait(seconds=30)
    assert first.next() == "told"
    first.wait(minutes=30)
    assert first.heard.empty()
    end(running)
    second = start(running, session_bus.address, told)
    second.wait(minutes=30)
    assert second.heard.empty()
    assert second.tray.backend == "none"


def test_it_is_said_again_where_the_icon_used_to_be(
    session_bus: PrivateBus, told: Path, running: list[Process]
) -> None:
    told.touch()
    panel = Panel(session_bus.address)
    panel.start()
    first = start(running, session_bus.address, told)
    assert first.next() is True
    first.settle()
    assert not told.exists()
    end(running)
    panel.stop()
    second = start(running, session_bus.address, told)
    second.wait(seconds=30)
    assert second.next() == "told"


def test_late_panel_takes_it_back_and_is_not_complained_about_at_every_login(
    session_bus: PrivateBus, told: Path, running: list[Process]
) -> None:
    for said in (["told", True, "taken back"], [True]):
        process = start(running, session_bus.address, told)
        process.wait(seconds=30)
        panel = Panel(session_bus.address)
        panel.start()
        assert [process.next() for _ in said] == said
        process.settle()
        assert process.heard.empty()
        end(running)
        panel.stop()


def test_panel_that_goes_for_good_is_missed_and_one_that_restarts_is_not(
    session_bus: PrivateBus, told: Path, running: list[Process]
) -> None:
    process = start(running, session_bus.address, told)
    for _restart in range(2):
        panel = Panel(session_bus.address)
        panel.start()
        assert process.next() is True
        panel.stop()
        assert process.next() is False
        process.wait(seconds=5)
    process.wait(seconds=30)
    assert process.next() == "told"


def test_icon_comes_with_a_bus_that_comes_late(lab: Lab, running: list[Process]) -> None:
    private = PrivateBus(lab)
    process = start(running, private.address, None)
    process.wait(seconds=40)
    assert process.heard.empty(), "there was nobody to tell it to"
    assert "no session bus" in dict(process.tray.refusals)["status-notifier"]
    with private:
        panel = Panel(private.address)
        panel.start()
        assert process.next() is True
        assert process.tray.backend == "status-notifier"
        panel.stop()
        end(running)


def test_bus_that_comes_late_without_a_panel_brings_the_word(lab: Lab, running: list[Process]) -> None:
    private = PrivateBus(lab)
    process = start(running, private.address, None)
    process.wait(seconds=40)
    there: SimpleQueue[bool] = SimpleQueue()
    process.bus.watch_connection(there.put)
    with private:
        assert there.get(timeout=10)
        process.wait(seconds=40)
        assert process.next() == "told"
        end(running)
