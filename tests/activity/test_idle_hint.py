"""logind's IdleHint, against a stand-in for logind on a private bus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.contracts.source import Desk, SourceContract
from tests.desktops.lab import Bus as PrivateBus
from traycoach import clock
from traycoach.activity.idle_hint import IdleHint
from traycoach.core.events import IdleBegan
from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.desktop.bus import Bus, Interface, Method, Property, Refused
from traycoach.errors import Unavailable

NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
SESSION, SEAT = f"{NAME}.Session", f"{NAME}.Seat"
SESSION_PATH, SEAT_PATH = f"{PATH}/session/_31", f"{PATH}/seat/seat0"


class FakeLogind:
    """logind with one session, "1" on "seat0", and a hint that can be set."""

    def __init__(self, address: str) -> None:
        self.bus = Bus("session", address).connect()
        self.type = "wayland"
        self.user = os.getuid()
        self.knows = {"1"}
        """What it finds our session by: its id, or "pid"."""
        self.idle = False
        self.set_at = ZERO
        """When the hint was last changed, in awake time; zero: never."""
        manager = {
            "GetSession": Method("s", "o", self._session),
            "GetSessionByPID": Method("u", "o", lambda _pid: self._session("pid")),
            "GetSeat": Method("s", "o", lambda _seat: (SEAT_PATH,)),
        }
        session = {
            "IdleHint": Property("b", lambda: self.idle),
            "IdleSinceHintMonotonic": Property("t", lambda: self.set_at // timedelta(microseconds=1)),
            "Type": Property("s", lambda: self.type),
            "User": Property("(uo)", lambda: (self.user, f"{PATH}/user/self")),
        }
        seat = {"ActiveSession": Property("(so)", lambda: ("1", SESSION_PATH))}
        self.bus.export(PATH, Interface(f"{NAME}.Manager", manager))
        self.bus.export(SESSION_PATH, Interface(SESSION, properties=session))
        self.bus.export(SEAT_PATH, Interface(SEAT, properties=seat))
        self.bus.own_name(NAME)

    def hint(self, idle: bool, ago: timedelta = ZERO) -> None:
        """Have a program of the desktop set the hint."""
        self.idle, self.set_at = idle, clock.now().steady - clock.suspended_for() - ago
        self.bus.emit(
            SESSION_PATH,
            "org.freedesktop.DBus.Properties",
            "PropertiesChanged",
            "sa{sv}as",
            (SESSION, {"IdleHint": ("b", idle)}, []),
        )

    def _session(self, wanted: str) -> tuple[Any, ...]:
        if wanted not in self.knows:
            raise Refused("NoSuchSession", "There is none.")
        return (SESSION_PATH,)


class HintDesk(Desk):
    def __init__(self, bus: Bus, logind: FakeLogind) -> None:
        super().__init__()
        self.logind = logind
        self.source = IdleHint(lambda: bus, {"XDG_SESSION_ID": "1"})

    def touch(self) -> None:
        self.logind.hint(False)

    def sit_still(self) -> None:
        if not self.logind.idle:
            self.logind.hint(True)

    def break_down(self) -> None:
        self.logind.bus.close()


@pytest.fixture
def bus(session_bus: PrivateBus) -> Iterator[Bus]:
    made = Bus("session", session_bus.address).connect()
    yield made
    made.close()


@pytest.fixture
def logind(session_bus: PrivateBus) -> Iterator[FakeLogind]:
    made = FakeLogind(session_bus.address)
    made.hint(False)
    yield made
    made.bus.close()


class TestIdleHint(SourceContract):
    @pytest.fixture
    def desk(self, bus: Bus, logind: FakeLogind) -> Iterator[HintDesk]:
        made = HintDesk(bus, logind)
        yield made
        made.source.stop()


def test_hint_that_nobody_ever_set_says_nothing(bus: Bus, logind: FakeLogind) -> None:
    logind.set_at = ZERO

    with pytest.raises(Unavailable, match="No program"):
        IdleHint(lambda: bus, {"XDG_SESSION_ID": "1"}).probe()


def test_session_of_a_terminal_is_refused(bus: Bus, logind: FakeLogind) -> None:
    logind.type = "tty"

    with pytest.raises(Unavailable, match="terminal"):
        IdleHint(lambda: bus, {"XDG_SESSION_ID": "1"}).probe()


def test_without_logind_it_is_refused(bus: Bus) -> None:
    with pytest.raises(Unavailable):
        IdleHint(lambda: bus, {}).probe()


@pytest.mark.parametrize("knows", [{"1"}, {"pid"}, set()])
def test_session_is_found_by_its_id_else_by_our_process_else_on_the_seat(
    bus: Bus, logind: FakeLogind, knows: set[str]
) -> None:
    logind.knows = knows

    IdleHint(lambda: bus, {"XDG_SESSION_ID": "1"}).probe()


def test_session_of_somebody_else_is_refused(bus: Bus, logind: FakeLogind) -> None:
    logind.knows, logind.user = set(), os.getuid() + 1

    with pytest.raises(Unavailable, match="no session of ours"):
        IdleHint(lambda: bus, {}).probe()


def test_age_counts_from_the_hint(bus: Bus, logind: FakeLogind) -> None:
    desk = HintDesk(bus, logind)
    desk.source.start(desk.posted.put)
    logind.hint(True, ago=5 * MINUTE)

    idle_for = desk.source.idle_for()
    desk.source.watch(MINUTE)
    began = desk.next()
    desk.touch()
    in_use = desk.source.idle_for()
    desk.source.stop()

    assert 5 * MINUTE <= idle_for < 6 * MINUTE
    assert isinstance(began, IdleBegan)
    assert began.idle_for >= idle_for
    assert in_use < SECOND
