"""GNOME's idle monitor, against a stand-in for the shell on a private bus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.contracts.source import SHORT, Desk, SourceContract
from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import wait_until
from traycoach import clock
from traycoach.activity.mutter import MutterIdle
from traycoach.core.events import IdleBegan, InputResumed, SourceLost
from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.desktop.bus import Bus, Interface, Method
from traycoach.errors import Unavailable

NAME, PATH = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"


class FakeShell:
    """The idle monitor of a shell: an age, and watches for the next input that fire once."""

    def __init__(self, address: str) -> None:
        self.bus = Bus("session", address).connect()
        self.began_at = clock.now().steady
        self.watches: list[int] = []
        self.asked = 0
        self.input_at_ask = False
        """Whether somebody presses a key whenever the age is asked, before the answer."""
        methods = {
            "GetIdletime": Method("", "t", self._idle_time),
            "AddUserActiveWatch": Method("", "u", self._add_watch),
        }
        self.bus.export(PATH, Interface(NAME, methods))
        self.name = self.bus.own_name(NAME)

    def touch(self) -> None:
        self.restart_counter()
        watches, self.watches = self.watches, []
        for watch in watches:
            self.bus.emit(PATH, NAME, "WatchFired", "u", (watch,))

    def restart_counter(self) -> None:
        """Do what the shell does when an inhibitor ends."""
        self.began_at = clock.now().steady

    def _idle_time(self) -> tuple[Any, ...]:
        self.asked += 1
        if self.input_at_ask:
            self.touch()
        return ((clock.now().steady - self.began_at) // timedelta(milliseconds=1),)

    def _add_watch(self) -> tuple[Any, ...]:
        self.watches.append(len(self.watches) + 1)
        return (self.watches[-1],)


class GnomeDesk(Desk):
    def __init__(self, bus: Bus, shell: FakeShell) -> None:
        super().__init__()
        self.shell = shell
        self.source = MutterIdle(lambda: bus)

    def touch(self) -> None:
        self.shell.touch()

    def break_down(self) -> None:
        self.shell.bus.close()

    def idle(self, after: timedelta = SHORT) -> IdleBegan:
        """Start, touch, and sit still until the threshold."""
        self.source.start(self.posted.put)
        self.touch()
        self.source.watch(after)
        return self.next_idle()


@pytest.fixture
def bus(session_bus: PrivateBus) -> Iterator[Bus]:
    made = Bus("session", session_bus.address).connect()
    yield made
    made.close()


@pytest.fixture
def shell(session_bus: PrivateBus) -> Iterator[FakeShell]:
    made = FakeShell(session_bus.address)
    yield made
    made.bus.close()


@pytest.fixture
def desk(bus: Bus, shell: FakeShell) -> Iterator[GnomeDesk]:
    made = GnomeDesk(bus, shell)
    yield made
    made.source.stop()


class TestMutterIdle(SourceContract):
    @pytest.fixture
    def desk(self, desk: GnomeDesk) -> GnomeDesk:
        return desk


def test_without_a_shell_it_is_refused(bus: Bus) -> None:
    source = MutterIdle(lambda: bus)

    for use in (source.probe, partial(source.start, lambda _: None)):
        with pytest.raises(Unavailable, match="GNOME"):
            use()


def test_without_a_session_bus_it_is_refused() -> None:
    def none() -> Bus:
        raise Unavailable("There is no session bus.")

    with pytest.raises(Unavailable, match="session bus"):
        MutterIdle(none).probe()


def test_shell_that_is_replaced_ends_the_source(desk: GnomeDesk, session_bus: PrivateBus) -> None:
    desk.idle()

    desk.shell.name.close()
    newer = FakeShell(session_bus.address)
    lost = desk.next()

    assert isinstance(lost, SourceLost)
    newer.bus.close()


def test_nobody_is_asked_while_away(desk: GnomeDesk) -> None:
    desk.idle()
    asked = desk.shell.asked

    desk.touch()
    assert desk.next() == InputResumed()

    # one question for the return; the next is due when the threshold can have passed again
    assert desk.shell.asked - asked <= 2


def test_questions_leave_no_more_watches_with_the_shell(desk: GnomeDesk) -> None:
    desk.idle()
    desk.source.idle_for()
    watches = list(desk.shell.watches)

    for _ in range(5):
        desk.source.idle_for()

    assert watches
    assert desk.shell.watches == watches


def test_counter_that_begins_anew_without_input_is_not_believed(desk: GnomeDesk) -> None:
    began = desk.idle(SECOND)
    desk.source.idle_for()  # the watch for the return is there

    desk.shell.restart_counter()
    still = desk.source.idle_for()
    again = desk.source.idle_for()
    desk.touch()
    resumed = desk.next()

    assert began.idle_for <= still <= again
    assert resumed == InputResumed()
    assert ZERO <= desk.source.idle_for() < still


def test_watch_that_was_lost_is_made_again(desk: GnomeDesk) -> None:
    desk.idle(SECOND)
    desk.source.idle_for()
    desk.shell.watches.clear()

    desk.shell.restart_counter()
    desk.source.idle_for()
    desk.touch()

    assert desk.next() == InputResumed()


def test_input_between_question_and_answer_is_not_missed(desk: GnomeDesk) -> None:
    desk.idle()

    desk.shell.input_at_ask = True
    desk.source.idle_for()
    desk.shell.input_at_ask = False

    assert desk.next() == InputResumed()
    assert isinstance(desk.next_idle(), IdleBegan)


def test_age_is_the_shells_own(desk: GnomeDesk) -> None:
    desk.shell.began_at -= MINUTE
    desk.source.start(desk.posted.put)

    assert MINUTE <= desk.source.idle_for() < 2 * MINUTE
    wait_until(lambda: desk.shell.asked, what="the question")
