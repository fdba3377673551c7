"""Sources on X11 against a real server and real (XTEST) input."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.contracts.source import SHORT, Desk, SourceContract
from tests.desktops.lab import Lab, XServer
from traycoach.activity.base import Source
from traycoach.activity.x11 import X11Alarms
from traycoach.activity.x11_poll import x11_poll
from traycoach.core.events import IdleBegan, InputResumed
from traycoach.desktop.x11 import SharedX11
from traycoach.errors import Unavailable


class X11Desk(Desk):
    def __init__(self, server: XServer, connect: SharedX11, source: Source) -> None:
        super().__init__()
        self.server = server
        self.connect = connect
        self.source = source

    def touch(self) -> None:
        self.server.keyboard.tap()

    def break_down(self) -> None:
        self.server.stop()


@pytest.fixture
def connect(x_server: XServer) -> Iterator[SharedX11]:
    shared = SharedX11({"DISPLAY": x_server.name})
    yield shared
    shared.close()


class TestAlarms(SourceContract):
    @pytest.fixture
    def desk(self, x_server: XServer, connect: SharedX11) -> Iterator[X11Desk]:
        desk = X11Desk(x_server, connect, X11Alarms(connect))
        yield desk
        desk.source.stop()


class TestPolling(SourceContract):
    @pytest.fixture
    def desk(self, x_server: XServer, connect: SharedX11) -> Iterator[X11Desk]:
        desk = X11Desk(x_server, connect, x11_poll(connect))
        yield desk
        desk.source.stop()


def test_pointer_and_buttons_end_idleness_as_keys_do(x_server: XServer, connect: SharedX11) -> None:
    desk = X11Desk(x_server, connect, X11Alarms(connect))
    desk.source.start(desk.posted.put)
    x_server.keyboard.tap()
    desk.source.watch(SHORT)
    acts: list[Callable[[], None]] = [
        lambda: x_server.pointer.move(40, 40),
        x_server.pointer.press,
        lambda: x_server.pointer.scroll(1),
    ]
    seen = []
    for act in acts:
        desk.next_idle()
        act()
        seen.append(desk.next())
    desk.source.stop()

    assert seen == [InputResumed()] * 3


def test_two_sources_share_one_connection_and_hear_their_own_alarms(x_server: XServer, connect: SharedX11) -> None:
    quick, slow = (X11Desk(x_server, connect, X11Alarms(connect)) for _ in range(2))
    for desk in (quick, slow):
        desk.source.start(desk.posted.put)
    x_server.keyboard.tap()
    slow.source.watch(SHORT * 4)
    quick.source.watch(SHORT)

    first = quick.next()
    assert slow.posted.empty()
    second = slow.next()

    assert isinstance(first, IdleBegan)
    assert isinstance(second, IdleBegan)
    assert second.idle_for >= SHORT * 4
    for desk in (quick, slow):
        desk.source.stop()


@pytest.mark.parametrize(
    "environ",
    [
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"XDG_SESSION_TYPE": "wayland"},
    ],
)
@pytest.mark.parametrize("make", [X11Alarms, x11_poll])
def test_x11_is_refused_under_wayland_though_the_server_answers(
    x_server: XServer, environ: dict[str, str], make: type[X11Alarms]
) -> None:
    with pytest.raises(Unavailable, match="Wayland"):
        make(SharedX11({"DISPLAY": x_server.name} | environ)).probe()


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": ""}, {"DISPLAY": ":987"}])
def test_x11_is_refused_without_a_display(environ: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="display"):
        X11Alarms(SharedX11(environ)).probe()


def test_connection_is_made_anew_when_the_server_came_back(lab: Lab, x_server: XServer, connect: SharedX11) -> None:
    first = connect()
    first_desk = X11Desk(x_server, connect, X11Alarms(connect))
    first_desk.source.start(first_desk.posted.put)
    x_server.restart()
    first_desk.next()

    connect_again = SharedX11({"DISPLAY": lab.environ["DISPLAY"]})
    X11Alarms(connect_again).probe()

    assert first.lost
    connect_again.close()
