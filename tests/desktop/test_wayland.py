"""The connection to a compositor, against one of our own that can misbehave."""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.activity.fake_compositor import EXT, SEAT, FakeCompositor, event, open_fds, string, uint
from tests.desktops.lab import wait_until
from traycoach.desktop import display
from traycoach.desktop.wayland import WaylandConnection
from traycoach.desktop.wayland_wire import Arguments
from traycoach.errors import Unavailable

LIMIT_S = 20.0
SOON = timedelta(milliseconds=200)


@pytest.fixture
def compositor(tmp_path: Path) -> Iterator[FakeCompositor]:
    with FakeCompositor(tmp_path / "wayland-9", {EXT: 2}) as made:
        yield made


class Connected:
    """A connection, and what it was told of its end."""

    def __init__(self, compositor: FakeCompositor) -> None:
        self.wayland = WaylandConnection(compositor.path)
        self.wayland.open()
        self.lost: SimpleQueue[str] = SimpleQueue()
        self.wayland.when_lost(self.lost.put)

    def ends(self) -> str:
        """Wait for the end; the connection is then of no more use, and its thread is over."""
        reason = self.lost.get(timeout=LIMIT_S)
        self.wayland._thread.join(LIMIT_S)
        assert not self.wayland._thread.is_alive()
        assert self.wayland.lost == reason
        for use in (self.wayland.sync, lambda: self.wayland.bind(SEAT, 1)):
            with pytest.raises(Unavailable):
                use()
        assert self.lost.empty()
        return reason


@pytest.fixture
def connected(compositor: FakeCompositor) -> Iterator[Connected]:
    made = Connected(compositor)
    yield made
    made.wayland.close()


def notified(connected: Connected, timeout_ms: int, heard: SimpleQueue[int]) -> int:
    """Have an idle notification made whose events' numbers go to `heard`."""
    wayland = connected.wayland
    notifier, seat = wayland.bind(EXT, 1), wayland.bind(SEAT, 1)
    return wayland.create(notifier, 1, timeout_ms, seat, heard=lambda opcode, _arguments: heard.put(opcode))


# --- life -------------------------------------------------------------------------------------------------------------


def test_what_the_compositor_offers_is_known_once_open(connected: Connected) -> None:
    assert [connected.wayland.version(interface) for interface in (EXT, SEAT, "wl_shm")] == [2, 7, 0]


def test_socket_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        WaylandConnection(tmp_path / "wayland-9").open()


def test_socket_without_a_compositor_behind_it_is_refused(compositor: FakeCompositor) -> None:
    compositor.crash()

    with pytest.raises(Unavailable, match="cannot be reached"):
        WaylandConnection(compositor.path).open()


def test_compositor_that_never_answers_is_refused_and_left(compositor: FakeCompositor) -> None:
    compositor.answers = False
    wayland = WaylandConnection(compositor.path, limit=SOON)

    with pytest.raises(Unavailable, match="did not answer"):
        wayland.open()

    wait_until(lambda: not compositor.clients, LIMIT_S, "the end of the connection")
    assert not wayland._thread.is_alive()


def test_closing_is_no_loss_and_gives_everything_back(compositor: FakeCompositor) -> None:
    before = open_fds()
    connected = Connected(compositor)

    connected.wayland.close()
    connected.wayland.close()

    wait_until(lambda: not compositor.clients, LIMIT_S, "the end of the connection")
    assert open_fds() == before
    assert connected.lost.empty()
    with pytest.raises(Unavailable):
        connected.wayland.sync()


def test_connection_that_is_never_opened_holds_nothing(tmp_path: Path) -> None:
    before = open_fds()
    WaylandConnection(tmp_path / "wayland-9").close()

    assert open_fds() == before


# --- requests and events ----------------------------------------------------------------------------------------------


def test_events_reach_the_object_that_they_are_for(connected: Connected, compositor: FakeCompositor) -> None:
    quick: SimpleQueue[int] = SimpleQueue()
    slow: SimpleQueue[int] = SimpleQueue()
    notified(connected, 1, quick)
    notified(connected, 3_600_000, slow)

    assert quick.get(timeout=LIMIT_S) == 0
    compositor.touch()
    assert quick.get(timeout=LIMIT_S) == 1
    assert slow.empty()


def test_destroyed_object_is_silent_though_its_event_was_on_the_way(
    connected: Connected, compositor: FakeCompositor
) -> None:
    heard: SimpleQueue[int] = SimpleQueue()
    made = notified(connected, 3_600_000, heard)
    connected.wayland.sync()

    with connected.wayland._lock:  # nothing is dealt with
        compositor.send(event(made, 0))
        connected.wayland.destroy(made, 0)
    connected.wayland.sync()

    assert heard.empty()
    assert compositor.complaints == []


def test_event_in_two_halves_is_one_event(connected: Connected, compositor: FakeCompositor) -> None:
    heard: SimpleQueue[int] = SimpleQueue()
    made = notified(connected, 3_600_000, heard)
    connected.wayland.sync()
    whole = event(made, 1)

    compositor.send(whole[:5])
    compositor.send(whole[5:])

    assert heard.get(timeout=LIMIT_S) == 1


def test_ids_are_used_again_and_without_gaps(connected: Connected, compositor: FakeCompositor) -> None:
    for _ in range(50):
        connected.wayland.sync()

    assert len(compositor.clients[0].objects) < 6
    assert compositor.complaints == []


def test_bug_in_a_callback_is_loud_and_ends_nothing(
    connected: Connected, compositor: FakeCompositor, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_opcode: int, _arguments: Arguments) -> None:
        raise ZeroDivisionError

    connected.wayland.bind(SEAT, 1, heard=fails)  # its capabilities are told at once
    connected.wayland.sync()

    assert "ZeroDivisionError" in caplog.text
    assert connected.wayland.lost is None


def test_interface_or_version_that_is_not_offered_is_unavailable(connected: Connected) -> None:
    for interface, version in (("wl_shm", 1), (EXT, 3)):
        with pytest.raises(Unavailable, match=f"{interface}, version {version}"):
            connected.wayland.bind(interface, version)


# --- compositors that misbehave ---------------------------------------------------------------------------------------


def test_compositor_that_crashes_is_told_once(connected: Connected, compositor: FakeCompositor) -> None:
    compositor.crash()

    assert "gone" in connected.ends()


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        bytes(64),
        os.urandom(3) + b"\xff" * 61,
        struct.pack("=II", 1, 4 << 16),
        event(77, 0),
        event(1, 0, uint(1)),
        event(1, 1),
        event(2, 0, uint(1), uint(1000), b"wl_"),
    ],
    ids=["http", "zeros", "noise", "too short", "no such object", "error cut off", "no id", "endless string"],
)
def test_garbage_ends_the_connection(connected: Connected, compositor: FakeCompositor, data: bytes) -> None:
    compositor.send(data)
    compositor.send(bytes(8))  # what came so far may have been the beginning of something long

    assert connected.ends()


def test_end_in_the_middle_of_an_event_is_an_end(connected: Connected, compositor: FakeCompositor) -> None:
    compositor.send(event(1, 0, uint(1), uint(0), string("half"))[:-4])
    compositor.crash()

    assert "gone" in connected.ends()


def test_what_the_compositor_complains_of_is_the_reason(connected: Connected, compositor: FakeCompositor) -> None:
    connected.wayland.create(1, 9)

    assert "wl_display has no request 9" in connected.ends()


def test_global_in_use_that_goes_is_the_end_and_another_is_not(
    connected: Connected, compositor: FakeCompositor
) -> None:
    connected.wayland.bind(SEAT, 1)
    compositor.remove(EXT)
    connected.wayland.sync()
    assert connected.wayland.version(EXT) == 0

    compositor.remove(SEAT)

    assert SEAT in connected.ends()


def test_file_descriptors_that_are_sent_are_closed(connected: Connected, compositor: FakeCompositor) -> None:
    connected.wayland.bind(SEAT, 1)
    connected.wayland.sync()
    reading, writing = os.pipe()
    before = open_fds()

    for _ in range(20):
        compositor.send(event(1, 1, uint(4_000)), fds=(reading, writing))
    connected.wayland.sync()

    assert open_fds() == before
    os.close(writing)
    assert os.read(reading, 1) == b""  # nobody else holds the writing end
    os.close(reading)


def test_late_answer_ends_the_refusals(connected: Connected, compositor: FakeCompositor) -> None:
    wayland = connected.wayland
    wayland._limit_s = SOON.total_seconds()
    compositor.answers = False
    for _ in range(2):
        with pytest.raises(Unavailable, match="did not answer"):
            wayland.sync()
    asked = [number for number, kind in compositor.clients[0].objects.items() if kind == "wl_callback"]
    assert len(asked) == 1  # a compositor that hangs is not asked again and again

    compositor.answers = True
    compositor.send(event(asked[0], 0, uint(0)))

    wayland._limit_s = LIMIT_S
    wait_until(lambda: not wayland._unanswered, LIMIT_S, "the answer")
    wayland.sync()


def test_who_waits_for_an_answer_is_told_of_the_end(connected: Connected, compositor: FakeCompositor) -> None:
    connected.wayland._limit_s = LIMIT_S
    compositor.answers = False
    refused: SimpleQueue[str] = SimpleQueue()

    def ask() -> None:
        try:
            connected.wayland.sync()
        except Unavailable as error:
            refused.put(error.reason)

    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: connected.wayland._unanswered, LIMIT_S, "the question")
    compositor.crash()

    assert "gone" in refused.get(timeout=LIMIT_S)
    thread.join(LIMIT_S)


# --- the display ------------------------------------------------------------------------------------------------------


def test_display_is_there_while_the_compositor_takes_connections(compositor: FakeCompositor) -> None:
    environ = {"WAYLAND_DISPLAY": compositor.path.name, "XDG_RUNTIME_DIR": str(compositor.path.parent)}
    there = display.is_there(environ)
    compositor.crash()

    assert there
    assert not display.is_there(environ)
    assert not display.is_there({"XDG_SESSION_TYPE": "wayland"})


def test_socket_is_in_the_runtime_folder_or_where_its_whole_path_says() -> None:
    runtime = {"XDG_RUNTIME_DIR": "/run/user/1000"}

    assert display.wayland_socket({"WAYLAND_DISPLAY": "wayland-1", **runtime}) == Path("/run/user/1000/wayland-1")
    assert display.wayland_socket({"WAYLAND_DISPLAY": "/tmp/own", **runtime}) == Path("/tmp/own")
