"""Players on the session bus, by stand-ins that speak MPRIS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from jeepney import DBusAddress, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.contracts.guard import LIMIT_S, GuardContract, Scene
from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import wait_until
from traycoach.desktop.bus import Bus, Interface, Property
from traycoach.guards.base import Verdict
from traycoach.guards.bus_guard import PROPERTIES
from traycoach.guards.media import MediaGuard

PATH, PLAYER = "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player"


class FakePlayer:
    def __init__(self, address: str, name: str, status: str = "Paused") -> None:
        self.status = status
        self.bus = Bus("session", address).connect()
        self.bus.export(PATH, Interface(PLAYER, {}, {"PlaybackStatus": Property("s", lambda: self.status)}))
        self.bus.own_name(f"org.mpris.MediaPlayer2.{name}")

    def turns(self, status: str) -> None:
        self.status = status
        changed = {"PlaybackStatus": ("s", status)}
        self.bus.emit(PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", (PLAYER, changed, []))

    def closes(self) -> None:
        self.bus.close()


class MediaScene(Scene):
    def __init__(self, private: PrivateBus) -> None:
        super().__init__()
        self.private = private
        self.ours = Bus("session", private.address).connect()
        self.guard = MediaGuard(lambda: self.ours)
        self.player = FakePlayer(private.address, "radio")

    def begin(self) -> None:
        self.player.turns("Playing")

    def end(self) -> None:
        self.player.turns("Paused")

    def break_down(self) -> None:
        self.private.stop()

    def close(self) -> None:
        self.guard.stop()
        self.player.closes()
        self.ours.close()


@pytest.fixture
def scene(session_bus: PrivateBus) -> Iterator[MediaScene]:
    made = MediaScene(session_bus)
    yield made
    made.close()


class TestMedia(GuardContract):
    @pytest.fixture
    def scene(self, session_bus: PrivateBus) -> Iterator[MediaScene]:
        made = MediaScene(session_bus)
        yield made
        made.close()


def test_a_player_that_is_closed_plays_no_more(scene: MediaScene) -> None:
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    scene.player.closes()
    seen.append(scene.next())

    assert seen == [Verdict.YES, Verdict.NO]


def test_a_player_that_starts_while_playing_is_met(scene: MediaScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    second = FakePlayer(scene.private.address, "film", "Playing")
    seen.append(scene.next())
    second.closes()
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_one_of_two_players_is_enough(scene: MediaScene) -> None:
    second = FakePlayer(scene.private.address, "film", "Playing")
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    scene.begin()
    second.turns("Paused")
    scene.end()
    seen.append(scene.next())
    second.closes()

    assert seen == [Verdict.YES, Verdict.NO]


def test_a_player_that_gives_up_one_of_its_names_plays_on(scene: MediaScene) -> None:
    other = "org.mpris.MediaPlayer2.radio.instance1"
    second = scene.player.bus.own_name(other)
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    second.close()
    wait_until(lambda: not scene.ours.name_owner(other), LIMIT_S, "the end of the name")
    heard = threading.Event()
    scene.ours.defer(heard.set)  # after the news of the name
    assert heard.wait(LIMIT_S)
    told_meanwhile = scene.told.qsize()
    scene.end()
    seen.append(scene.next())

    assert (seen, told_meanwhile) == ([Verdict.YES, Verdict.NO], 0)


def test_a_player_that_does_not_answer_may_be_playing(scene: MediaScene) -> None:
    with closing(open_dbus_connection(bus=scene.private.address)) as hung:
        hung.send_and_get_reply(message_bus.RequestName("org.mpris.MediaPlayer2.hung"))
        scene.guard.start(scene.told.put)
        seen = [scene.next()]
        changed = {"PlaybackStatus": ("s", "Paused")}
        where = DBusAddress(PATH, interface=PROPERTIES)
        hung.send(new_signal(where, "PropertiesChanged", "sa{sv}as", (PLAYER, changed, [])))
        seen.append(scene.next())

    assert seen == [Verdict.UNKNOWN, Verdict.NO]
