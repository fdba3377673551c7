"""Lock, sleep and seat: against a stand-in for logind and screen savers on private buses."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from tests.contracts.source import LIMIT_S
from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import FakeLogind, Lab, wait_until
from traycoach.activity.session import SessionWatch
from traycoach.core.events import (
    Event,
    SessionActivated,
    SessionDeactivated,
    SessionLocked,
    SessionUnlocked,
    SleepBegan,
    SleepEnded,
)
from traycoach.desktop import bus
from traycoach.desktop.bus import Bus, Interface, Method
from traycoach.errors import Unavailable

FAKE = ("org.freedesktop.login1", "/fake", "org.example.FakeLogind")


class SlowBus(Bus):
    """A connection over which logind may leave calls unanswered."""

    def __init__(self, address: str) -> None:
        super().__init__("system", address)
        self.unanswered: Counter[str] = Counter()
        """How many calls of each method."""

    def call(self, destination: str, path: str, interface: str, member: str, *rest: Any, **limits: Any) -> Any:
        if self.unanswered[member] > 0:
            self.unanswered[member] -= 1
            raise Unavailable(f"{destination} did not answer {member}.")
        return super().call(destination, path, interface, member, *rest, **limits)


class Seat:
    """The watch, with the machine around it."""

    def __init__(self, system: PrivateBus, session: PrivateBus | None = None) -> None:
        self.system = system
        self.session = session
        self.posted: SimpleQueue[Event] = SimpleQueue()
        self.own_system = SlowBus(system.address)
        self.own_session = Bus("session", session.address) if session else None
        self.watch: SessionWatch | None = None

    def starts(self, environ: Mapping[str, str] | None = None, *, again_s: Sequence[float] = (600.0,)) -> SessionWatch:
        def session() -> Bus:
            if self.own_session is None:
                raise Unavailable("There is no session bus.")
            return self.own_session.connect()

        self.watch = SessionWatch(
            self.posted.put, system=self.own_system.connect, session=session, environ=environ or {}, again_s=again_s
        )
        self.watch.start()
        return self.watch

    def asks(self, member: str, signature: str = "", *body: object) -> None:
        self.system.call(*FAKE, member, signature, body)

    def next(self) -> Event:
        try:
            return self.posted.get(timeout=LIMIT_S)
        except Empty:
            raise AssertionError(f"nothing was posted within {LIMIT_S:g} s") from None

    def inhibitors(self) -> list[str]:
        (held,) = self.system.call(*FAKE, "Inhibitors")
        return list(held)

    def closes(self) -> None:
        if self.watch is not None:
            self.watch.stop()
        self.own_system.close()
        if self.own_session is not None:
            self.own_session.close()


@pytest.fixture
def logind(lab: Lab, system_bus: PrivateBus) -> Iterator[FakeLogind]:
    with FakeLogind(lab) as fake:
        yield fake


@pytest.fixture
def seat(system_bus: PrivateBus, logind: FakeLogind) -> Iterator[Seat]:
    made = Seat(system_bus)
    yield made
    made.closes()


@pytest.fixture
def seat_with_session(system_bus: PrivateBus, session_bus: PrivateBus) -> Iterator[Seat]:
    made = Seat(system_bus, session_bus)
    yield made
    made.closes()


def ready(seat: Seat) -> None:
    """Wait until the watch has found its session: it then holds its inhibitor."""
    wait_until(seat.inhibitors, LIMIT_S, "the inhibitor")


@pytest.mark.parametrize(
    ("environ", "forget"),
    [({"XDG_SESSION_ID": "c1"}, True), ({}, False), ({}, True), ({"XDG_SESSION_ID": "gone"}, True)],
    ids=["named in the environment", "found by pid", "has the seat", "named wrongly"],
)
def test_session_is_found_and_its_lock_is_told(seat: Seat, environ: dict[str, str], forget: bool) -> None:
    seat.asks("ForgetPids", "b", forget)
    watch = seat.starts(environ)
    ready(seat)

    seat.asks("Lock")
    seat.asks("Unlock")

    assert [seat.next(), seat.next()] == [SessionLocked(), SessionUnlocked()]
    assert watch.refusals.keys() == {"screen savers"}


def test_lock_and_other_seat_at_the_start_are_told_as_news(seat: Seat) -> None:
    seat.asks("Lock")
    seat.asks("Activate", "b", False)
    seat.starts()
    ready(seat)

    assert [seat.next(), seat.next()] == [SessionLocked(), SessionDeactivated()]


def test_seat_that_is_lost_and_won_is_told_once_each(seat: Seat) -> None:
    seat.starts()
    ready(seat)

    for active in (False, False, True, True):
        seat.asks("Activate", "b", active)
    seat.asks("Sleep")

    assert [seat.next() for _ in range(3)] == [SessionDeactivated(), SessionActivated(), SleepBegan()]


def test_sleep_waits_until_the_state_is_saved_and_is_delayed_anew_next_time(seat: Seat) -> None:
    watch = seat.starts()
    ready(seat)
    before = seat.inhibitors()

    seat.asks("Sleep")
    began = seat.next()
    while_saving = seat.inhibitors()
    watch.let_sleep()
    asleep = seat.inhibitors()
    seat.asks("WakeUp")
    ended = seat.next()
    ready(seat)

    assert (began, ended) == (SleepBegan(), SleepEnded())
    assert before == while_saving == ["sleep:delay:traycoach"]
    assert asleep == []


def test_restart_of_logind_is_followed_and_ends_no_lock(seat: Seat, logind: FakeLogind) -> None:
    seat.starts()
    ready(seat)
    seat.asks("Lock")
    locked = seat.next()

    logind.stop()
    logind.start()
    unlocked = seat.next()  # the new one says that nothing is locked
    ready(seat)
    seat.asks("Lock")

    assert [locked, unlocked, seat.next()] == [SessionLocked(), SessionUnlocked(), SessionLocked()]


@pytest.mark.parametrize(
    "unanswered",
    [{"GetSessionByPID": 3, "GetSeat": 3}, {"Get": 2}, {"GetSessionByPID": 1, "GetSeat": 1, "Get": 1, "Inhibit": 1}],
    ids=["whose session", "its state", "all"],
)
def test_logind_too_busy_to_answer_is_asked_again(seat: Seat, logind: FakeLogind, unanswered: dict[str, int]) -> None:
    watch = seat.starts(again_s=(0.01,))
    ready(seat)
    seat.asks("Lock")
    locked = seat.next()

    logind.stop()
    seat.own_system.unanswered.update(unanswered)
    logind.start()
    unlocked = seat.next()
    ready(seat)
    seat.asks("Lock")

    assert [locked, unlocked, seat.next()] == [SessionLocked(), SessionUnlocked(), SessionLocked()]
    assert watch.refusals.keys() == {"screen savers"}


@pytest.mark.parametrize("end", ["stopped", "logind ends"])
def test_logind_that_gave_no_answer_is_left_alone_in_the_end(seat: Seat, logind: FakeLogind, end: str) -> None:
    seat.own_system.unanswered.update({"GetSessionByPID": 1, "GetSeat": 1})
    watch = seat.starts()
    wait_until(lambda: waiting_timers() == 1, LIMIT_S, "the next try")

    if end == "stopped":
        watch.stop()
    else:
        logind.stop()

    wait_until(lambda: waiting_timers() == 0, LIMIT_S, "the end of the tries")
    assert seat.own_system.unanswered.total() == 0


def waiting_timers() -> int:
    return sum(isinstance(thread, threading.Timer) for thread in threading.enumerate())


def test_without_logind_the_reason_is_kept(seat_with_session: Seat) -> None:
    watch = seat_with_session.starts()

    wait_until(lambda: watch.refusals, LIMIT_S, "the refusal")

    assert watch.refusals == {"org.freedesktop.login1": "logind is not running."}


def test_logind_that_starts_late_is_found(lab: Lab, seat_with_session: Seat) -> None:
    watch = seat_with_session.starts()
    wait_until(lambda: watch.refusals, LIMIT_S, "the refusal")

    with FakeLogind(lab):
        ready(seat_with_session)
        seat_with_session.asks("Lock")

        assert seat_with_session.next() == SessionLocked()
        assert watch.refusals == {}


@pytest.mark.parametrize("name", ["org.freedesktop.ScreenSaver", "org.xfce.ScreenSaver", "org.gnome.ScreenSaver"])
def test_screen_saver_locks_and_its_end_unlocks(seat_with_session: Seat, session_bus: PrivateBus, name: str) -> None:
    seat_with_session.starts()
    path = "/" + name.replace(".", "/")
    saver = Bus("session", session_bus.address).connect()
    saver.export(path, Interface(name, {"GetActive": Method("", "b", lambda: (True,))}))
    with saver.own_name(name):
        seen = [seat_with_session.next()]  # it was active already when it came
        saver.emit(path, name, "ActiveChanged", "b", (False,))
        seen.append(seat_with_session.next())
        saver.emit(path, name, "ActiveChanged", "b", (True,))
        seen.append(seat_with_session.next())
    saver.close()
    seen.append(seat_with_session.next())  # it crashed while it was active

    assert seen == [SessionLocked(), SessionUnlocked()] * 2


def test_screen_stays_locked_until_everybody_has_let_go(
    lab: Lab, seat_with_session: Seat, session_bus: PrivateBus
) -> None:
    seat, name = seat_with_session, "org.gnome.ScreenSaver"
    path = "/org/gnome/ScreenSaver"
    saver = Bus("session", session_bus.address).connect()
    saver.export(path, Interface(name, {"GetActive": Method("", "b", lambda: (False,))}))
    with FakeLogind(lab), saver.own_name(name):
        seat.starts()
        ready(seat)
        seat.asks("Lock")
        first = seat.next()
        saver.emit(path, name, "ActiveChanged", "b", (True,))
        saver.emit(path, name, "ActiveChanged", "b", (False,))
        seat.asks("Sleep")
        second = seat.next()
        seat.asks("Unlock")
        third = seat.next()
        saver.close()

    assert [first, second, third] == [SessionLocked(), SleepBegan(), SessionUnlocked()]


def test_buses_that_come_later_are_watched_from_then_on(
    lab: Lab, system_bus: PrivateBus, session_bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = Seat(system_bus, session_bus)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", system_bus.address)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session_bus.address)
    monkeypatch.setattr(bus, "_shared", {})
    system_bus.stop()
    session_bus.stop()
    watch = seat.watch = SessionWatch(seat.posted.put, environ={})
    watch.start()
    wait_until(lambda: len(watch.refusals) == 2, LIMIT_S, "the refusals")

    system_bus.start()
    session_bus.start()
    with FakeLogind(lab):
        ready(seat)
        seat.asks("Lock")
        seen = [seat.next()]
        wait_until(lambda: not watch.refusals, LIMIT_S, "the end of the refusals")
    seat.closes()
    bus.close_buses()

    assert seen == [SessionLocked()]


def test_without_any_bus_the_watch_starts_and_stops_in_peace() -> None:
    code = (
        "from traycoach.activity.session import SessionWatch; "
        "from traycoach.desktop.bus import session_bus, system_bus; "
        "watch = SessionWatch(print, system=system_bus, session=session_bus); "
        "watch.start(); watch.let_sleep(); watch.stop(); watch.stop(); "
        "print(sorted(watch.refusals))"
    )
    environ = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)

    assert told.stdout == "['org.freedesktop.login1', 'screen savers']\n"
