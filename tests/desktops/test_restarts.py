"""What the coach stands on is killed under it, and comes back or does not: it goes on, says what is gone, never spins.

The session's parts here are those of XFCE; the X server has a number of its own, so that it can come back under it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.desktops.coach import Coach
from tests.desktops.lab import Bus, FakeLogind, Lab, Notifyd, Part, WindowManager, XfcePanel, XServer, pause
from tests.desktops.person import Person
from tests.desktops.test_at_work import settings, window_processes
from tests.tray.driver import icon_place
from traycoach.tray.sni import WATCHER

WATCHED_S = 5
MOST_CPU = 0.1  # of a core; one that spins takes all of it
MOST_WAITS = 100  # a second, with the test's own questions; what spins does a hundred times as many
FIRST_NUMBER = 200


class NumberedXServer(XServer):
    """An X server whose display has the same number at each start, and one that no other lab is given."""

    def start(self) -> None:
        """Start the server; it answers when this returns."""
        self.name = f":{FIRST_NUMBER + os.getpid() % 30_000}"
        screen = ["-screen", "0", f"{self.size}x24", "-dpi", "96", "-nolisten", "tcp", "-noreset"]
        self._launch(["Xvfb", self.name, *screen])
        self.lab.wait_until(self._answers, 20, "the X server")
        self.lab.environ |= {"DISPLAY": self.name, "XDG_SESSION_TYPE": "x11"}

    def _answers(self) -> bool:
        # python-xlib leaves sockets behind where nobody answers
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(f"/tmp/.X11-unix/X{self.name[1:]}") == 0

    def kill9(self) -> None:
        """End the server as a crash does; our own connection goes first."""
        self.display.close()
        self._display = None
        super().kill9()


@dataclass
class Session:
    """The parts of a desktop, each of which can die."""

    lab: Lab
    server: NumberedXServer
    bus: Bus
    window_manager: WindowManager
    panel: XfcePanel
    notifyd: Notifyd

    @property
    def person(self) -> Person:
        return Person(self.lab)

    def icons(self) -> int:
        """Give how many icons the panel has."""
        return len(self.bus.get(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisteredStatusNotifierItems"))

    def come_back(self) -> None:
        """Start the programs that died with the X server."""
        for part in (self.server, self.window_manager, self.panel, self.notifyd):
            part.stop()
            part.start()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with ExitStack() as stack:
        lab = stack.enter_context(Lab(tmp_path))
        server = stack.enter_context(NumberedXServer(lab))
        bus = stack.enter_context(Bus(lab))
        manager, panel, notifyd = WindowManager(lab, "xfwm4"), XfcePanel(lab), Notifyd(lab)
        parts: tuple[Part, ...] = (Bus(lab, "system"), FakeLogind(lab), manager, panel, notifyd)
        for part in parts:
            stack.enter_context(part)
        yield Session(lab, server, bus, manager, panel, notifyd)


def used_by(pid: int) -> tuple[float, int]:
    """Give the seconds of processor time and the waits (voluntary context switches) of all threads; proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    waits = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        found = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read_text(), re.MULTILINE)
        waits += int(found[1]) if found else 0
    return seconds, waits


@contextmanager
def no_spinning(coach: Coach) -> Iterator[None]:
    """What is done in the block, and the seconds after it, keep the daemon from running hot."""
    began, before = time.monotonic(), used_by(coach.pid)
    yield
    pause(WATCHED_S)
    elapsed, after = time.monotonic() - began, used_by(coach.pid)
    assert after[0] - before[0] <= MOST_CPU * elapsed, "it runs hot"
    assert after[1] - before[1] <= MOST_WAITS * elapsed, "it wakes all the time"


def status_of(coach: Coach, key: str) -> Any:
    return coach.ask("status")[key]


def prompt_stage(coach: Coach) -> str | None:
    prompts = coach.ask("status")["prompts"]
    return str(prompts[0]["stage"]) if prompts else None


def by_notification(text: str) -> str:
    return text.replace('by = "window"', 'by = "notification"')


def wait_for_card(session: Session) -> None:
    session.lab.wait_until(
        lambda: any(one.width > 250 and one.height < 300 for one in session.server.windows("traycoach")), 30, "the card"
    )


def test_x_server_dies_and_comes_back_under_the_same_name(session: Session) -> None:
    with session.lab.coach(settings(every="10m")) as coach:
        session.person.type_for(3)
        sat = status_of(coach, "sat_for_s")
        with no_spinning(coach):
            session.server.kill9()
        session.lab.wait_until(lambda: status_of(coach, "presence") == "unknown", 10, "presence to be unknown")
        status = coach.ask("status")
        assert "cannot see keyboard or mouse" in status["why"]
        assert status["tray_visible"] is False
        assert status["away_for_s"] == 0, "a dead source was taken for an absence"
        session.come_back()
        with session.person.typing():
            session.lab.wait_until(lambda: status_of(coach, "presence") == "active", 90, "the source to be found again")
        session.lab.wait_until(lambda: status_of(coach, "tray_visible"), 20, "the icon")
        assert session.icons() == 1
        assert status_of(coach, "sat_for_s") >= sat, "the bout was lost"


def test_x_server_dies_under_a_card_and_stays_dead(session: Session) -> None:
    with session.lab.coach(settings(every="8s", patience="2s")) as coach:
        session.person.type_for(9)
        wait_for_card(session)
        (windows,) = window_processes(coach)
        with no_spinning(coach):
            session.server.kill9()
        session.lab.wait_until(lambda: windows not in window_processes(coach), 10, "the end of the windows")
        # without keyboard and mouse the prompt is wanted at once, and every window fails: not for ever
        session.lab.wait_until(lambda: "not shown" in coach.log or prompt_stage(coach) == "due", 40, "it to give up")
        with no_spinning(coach):
            pass
        assert coach.log.count("the window process ended") <= 6
        assert prompt_stage(coach) == "due"
        assert "neither a window nor a notification" in coach.log
        page = coach.say("doctor")
        assert "cannot be opened" in page
        assert "failed several times" in page
        assert coach.say("quit")
        session.lab.wait_until(lambda: not coach.running, 10, "its end")


def test_session_bus_dies_and_comes_back(session: Session) -> None:
    with session.lab.coach(by_notification(settings(every="14s", patience="2s"))) as coach:
        session.person.type_for(2)
        session.lab.wait_until(lambda: status_of(coach, "tray_visible"), 10, "the icon")
        with no_spinning(coach):
            session.bus.kill9()
        assert "no session bus" in coach.say("doctor")
        # a prompt is a window as long as there are no notifications
        with session.person.typing():
            wait_for_card(session)
        coach.say("skip")
        session.bus.start()
        for part in (session.panel, session.notifyd):
            part.stop()
            part.start()
        session.lab.wait_until(lambda: "✓ status-notifier" in coach.say("doctor"), 60, "the icon")
        assert session.icons() == 1
        page = coach.say("doctor")
        assert "no session bus" not in page
        assert "✓ org.freedesktop.Notifications" in page


def test_notification_server_dies_under_a_prompt(session: Session) -> None:
    with session.lab.coach(by_notification(settings(every="8s", patience="2s"))) as coach:
        with session.person.typing():
            session.lab.wait_until(lambda: prompt_stage(coach) == "shown", 30, "the prompt")
            assert not window_processes(coach), "it is a notification"
            with no_spinning(coach):
                session.notifyd.kill9()
            # it was due again, and since nothing else shows it now, it is a window
            wait_for_card(session)
        assert prompt_stage(coach) == "shown"
        coach.say("skip")
        session.notifyd.start()
        with session.person.typing():
            session.lab.wait_until(lambda: prompt_stage(coach) == "shown", 40, "the next prompt")
        assert not any(one.height < 300 for one in session.server.windows("traycoach")), "a notification again"


def test_notification_server_restarts_under_a_prompt(session: Session) -> None:
    with session.lab.coach(by_notification(settings(every="8s", patience="2s"))) as coach:
        with session.person.typing():
            session.lab.wait_until(lambda: prompt_stage(coach) == "shown", 30, "the prompt")
        session.notifyd.kill9()
        session.notifyd.start()
        empty = session.lab.picture()
        session.lab.wait_until(lambda: session.lab.picture() != empty, 10, "the notification to come back")
        assert prompt_stage(coach) == "shown"
        assert not window_processes(coach)
        coach.say("skip")
        session.lab.wait_until(lambda: prompt_stage(coach) != "shown", 10, "its end")


def test_panel_dies_and_comes_back(session: Session) -> None:
    # due, and not shown to an empty chair: an icon that cannot be overlooked
    with session.lab.coach(settings(every="17s", away="180s")) as coach:
        session.person.touch()
        icon_place(session.lab, "due", 60)
        with no_spinning(coach):
            session.panel.kill9()
        assert status_of(coach, "tray_visible") is False
        assert "nobody owns org.kde.StatusNotifierWatcher" in coach.say("doctor")
        session.panel.start()
        session.lab.wait_until(lambda: status_of(coach, "tray_visible"), 20, "the icon")
        icon_place(session.lab, "due", 10)
        assert session.icons() == 1


def test_bus_panel_and_server_that_come_after_the_coach(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab, XServer(lab), WindowManager(lab, "openbox"):
        coach = lab.coach(settings(every="10m"))
        with no_spinning_from_start(coach), Bus(lab), XfcePanel(lab), Notifyd(lab):
            lab.wait_until(lambda: "✓ status-notifier" in coach.say("doctor"), 60, "the icon")
            assert "✓ org.freedesktop.Notifications" in coach.say("doctor")
            assert coach.stop() == 0


@contextmanager
def no_spinning_from_start(coach: Coach) -> Iterator[None]:
    """Start the coach where much is missing."""
    coach.start()
    try:
        with no_spinning(coach):
            pass
        yield
    finally:
        if coach.running:
            coach.stop()


def test_notification_server_that_hangs_costs_no_prompt(session: Session) -> None:
    with session.lab.coach(by_notification(settings(every="8s", patience="2s"))) as coach:
        session.lab.wait_until(lambda: status_of(coach, "tray_visible"), 10, "the icon")
        assert session.notifyd.process is not None
        session.notifyd.process.send_signal(signal.SIGSTOP)
        try:
            with no_spinning(coach), session.person.typing():
                session.lab.wait_until(lambda: prompt_stage(coach) == "shown", 40, "the prompt")
            wait_for_card(session)
        finally:
            session.notifyd.process.send_signal(signal.SIGCONT)
