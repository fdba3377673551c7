"""The shared X connection and the SYNC extension, against a real server."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
from Xlib import X
from Xlib.display import Display

from tests.desktops.lab import XServer
from traycoach.desktop import x11_sync
from traycoach.desktop.x11 import SharedX11, XConnection, require_x11
from traycoach.errors import Unavailable

LIMIT_S = 20.0


@pytest.fixture
def connection(x_server: XServer) -> Iterator[XConnection]:
    made = XConnection(x_server.name)
    made.open()
    yield made
    made.close()


def test_work_is_done_on_the_connections_thread_and_its_result_given(connection: XConnection) -> None:
    def work(display: Display) -> tuple[str, int]:
        return threading.current_thread().name, display.screen().width_in_pixels

    assert connection.call(work) == ("x11", 1280)


def test_what_work_raises_is_raised_to_the_caller_and_ends_nothing(connection: XConnection) -> None:
    def fail(display: Display) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        connection.call(fail)
    assert connection.call(lambda display: display.screen().root_depth) == 24


def test_many_threads_may_call_at_once(connection: XConnection) -> None:
    names: list[str] = []

    def ask(number: int) -> None:
        atom = connection.call(lambda display: display.intern_atom(f"TEST_{number}"))
        names.append(connection.call(lambda display: display.get_atom_name(atom)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_S)

    assert sorted(names) == sorted(f"TEST_{number}" for number in range(20))


def test_events_reach_every_listener_but_those_that_stopped(connection: XConnection, x_server: XServer) -> None:
    heard: list[SimpleQueue[int]] = [SimpleQueue(), SimpleQueue()]
    stops = [connection.listen(lambda event, queue=queue: queue.put(event.type)) for queue in heard]  # type: ignore[misc]
    connection.call(lambda display: display.screen().root.change_attributes(event_mask=X.PropertyChangeMask))

    def change() -> None:
        display = x_server.display
        display.screen().root.change_property(display.intern_atom("TEST"), display.intern_atom("CARDINAL"), 32, [1])
        display.sync()

    change()
    both = [queue.get(timeout=LIMIT_S) for queue in heard]
    stops[0]()
    change()
    last = heard[1].get(timeout=LIMIT_S)

    assert both == [X.PropertyNotify, X.PropertyNotify]
    assert last == X.PropertyNotify
    assert heard[0].empty()


def test_listener_that_fails_keeps_nobody_else_from_hearing(
    connection: XConnection, x_server: XServer, caplog: pytest.LogCaptureFixture
) -> None:
    heard: SimpleQueue[Any] = SimpleQueue()

    def fail(event: object) -> None:
        raise ZeroDivisionError

    connection.listen(fail)
    connection.listen(heard.put)
    connection.call(lambda display: display.screen().root.change_attributes(event_mask=X.PropertyChangeMask))
    display = x_server.display
    display.screen().root.change_property(display.intern_atom("TEST"), display.intern_atom("CARDINAL"), 32, [1])
    display.sync()

    assert heard.get(timeout=LIMIT_S).type == X.PropertyNotify
    assert "ZeroDivisionError" in caplog.text


def test_refused_request_is_no_loss(connection: XConnection) -> None:
    def destroy_nothing(display: Display) -> None:
        display.create_resource_object("window", 0x7777777).destroy()
        display.sync()

    connection.call(destroy_nothing)

    assert connection.lost is None


def test_server_that_dies_is_told_once_with_a_reason(connection: XConnection, x_server: XServer) -> None:
    told: SimpleQueue[str] = SimpleQueue()
    connection.when_lost(told.put)
    connection.when_lost(told.put)()  # a listener that took back its word

    x_server.kill9()

    assert "gone" in told.get(timeout=LIMIT_S)
    with pytest.raises(Unavailable, match="gone"):
        connection.call(lambda display: display.screen())
    assert told.empty()


def test_loss_is_told_at_once_to_who_asks_late(connection: XConnection, x_server: XServer) -> None:
    told: SimpleQueue[str] = SimpleQueue()
    connection.when_lost(told.put)
    x_server.kill9()
    told.get(timeout=LIMIT_S)

    connection.when_lost(told.put)

    assert "gone" in told.get(timeout=LIMIT_S)


def test_closing_is_no_loss_and_may_be_repeated(connection: XConnection) -> None:
    told: SimpleQueue[str] = SimpleQueue()
    connection.when_lost(told.put)

    connection.close()
    connection.close()

    assert told.empty()
    with pytest.raises(Unavailable, match="closed"):
        connection.call(lambda display: display.screen())


@pytest.mark.parametrize("name", [":987", ":nonsense", "nonsense", "unix/:987"])
def test_display_that_cannot_be_opened_is_unavailable(name: str) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        XConnection(name).open()


def test_shared_connection_is_one_until_it_is_lost_or_closed(x_server: XServer) -> None:
    shared = SharedX11({"DISPLAY": x_server.name})
    first = shared()
    again = shared()
    shared.close()
    later = shared()
    shared.close()

    assert first is again
    assert first is not later


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "DISPLAY"),
        ({"DISPLAY": ""}, "DISPLAY"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "Wayland"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "Wayland"),
    ],
)
def test_session_without_x11_of_its_own_is_refused(environ: dict[str, str], reason: str) -> None:
    with pytest.raises(Unavailable, match=reason):
        require_x11(environ)


def test_session_on_x11_names_its_display() -> None:
    assert require_x11({"DISPLAY": ":7", "XDG_SESSION_TYPE": "x11", "WAYLAND_DISPLAY": ""}) == ":7"


def test_counters_are_read_by_their_exact_names(connection: XConnection) -> None:
    connection.call(x11_sync.initialize)

    counters = connection.call(x11_sync.system_counters)

    assert {"IDLETIME", "SERVERTIME", "DEVICEIDLETIME 2", "DEVICEIDLETIME 3"} <= counters.keys()
    assert len(set(counters.values())) == len(counters)


def test_list_of_counters_is_read_across_every_padding() -> None:
    def entry(number: int, name: bytes) -> bytes:
        text = struct.pack("=IiIH", number, 0, 4, len(name)) + name
        return text + b"\0" * (-len(text) % 4)

    names = [b"", b"I", b"ID", b"IDL", b"IDLE", b"DEVICEIDLETIME 12"]
    data = b"".join(entry(number, name) for number, name in enumerate(names))

    assert x11_sync.parse_counters(data, len(names)) == {name.decode(): number for number, name in enumerate(names)}


class Alarms:
    """Alarms on the idle counter of a real server, and what they told."""

    def __init__(self, connection: XConnection) -> None:
        self.connection = connection
        self.heard: SimpleQueue[tuple[int, int]] = SimpleQueue()
        connection.call(x11_sync.initialize)
        self.counter = connection.call(x11_sync.system_counters)["IDLETIME"]
        connection.listen(self.note)

    def note(self, event: object) -> None:
        if isinstance(event, x11_sync.AlarmNotify):
            self.heard.put((event.alarm, event.counter_ms))

    def create(self, value_ms: int, test: x11_sync.Test) -> int:
        return self.connection.call(lambda display: x11_sync.create_alarm(display, self.counter, value_ms, test))

    def change(self, alarm: int, value_ms: int, test: x11_sync.Test) -> None:
        self.connection.call(lambda display: x11_sync.change_alarm(display, alarm, self.counter, value_ms, test))

    def next(self) -> tuple[int, int]:
        return self.heard.get(timeout=LIMIT_S)


def test_alarm_below_goes_off_at_each_fall_and_the_one_above_whenever_it_is_set_again(
    connection: XConnection, x_server: XServer
) -> None:
    alarms = Alarms(connection)
    x_server.keyboard.tap()
    above = alarms.create(10_000, x11_sync.Test.REACHES)
    below = alarms.create(149, x11_sync.Test.FALLS_TO)
    seen = []
    for _ in range(3):
        alarms.change(above, 150, x11_sync.Test.REACHES)
        seen.append(alarms.next())
        x_server.pointer.move(10, 10)
        seen.append(alarms.next())
        x_server.pointer.move(20, 20)

    assert [alarm for alarm, _ in seen] == [above, below] * 3
    assert all(value >= 150 if alarm == above else value <= 149 for alarm, value in seen)


def test_alarm_above_that_is_set_too_late_goes_off_at_once(connection: XConnection, x_server: XServer) -> None:
    alarms = Alarms(connection)
    x_server.keyboard.tap()
    alarms.create(100, x11_sync.Test.REACHES)
    alarms.next()

    late = alarms.create(50, x11_sync.Test.REACHES)

    assert alarms.next()[0] == late


def test_higher_alarm_is_not_forgotten_when_a_lower_one_went_off(connection: XConnection, x_server: XServer) -> None:
    alarms = Alarms(connection)
    for round_of_ten in range(10):
        x_server.keyboard.tap()
        high = alarms.create(60 + round_of_ten, x11_sync.Test.REACHES)
        low = alarms.create(30, x11_sync.Test.REACHES)

        assert [alarms.next()[0], alarms.next()[0]] == [low, high]


def test_removed_alarm_is_silent(connection: XConnection, x_server: XServer) -> None:
    alarms = Alarms(connection)
    x_server.keyboard.tap()
    removed = alarms.create(50, x11_sync.Test.REACHES)
    connection.call(lambda display: x11_sync.destroy_alarm(display, removed))
    other = alarms.create(100, x11_sync.Test.REACHES)

    assert alarms.next()[0] == other
    assert alarms.heard.empty()
