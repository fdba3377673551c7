"""One coach a user: who starts first has the seat, and makes way for the coach of another session's login."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from traycoach import seat
from traycoach.control import AlreadyRunning, Claim
from traycoach.control.server import Server
from traycoach.desktop.desktop_session import is_another, told
from traycoach.paths import Paths
from traycoach.request import Reply, Request

HERE = {"XDG_SESSION_ID": "3", "DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}
NEXT = {**HERE, "XDG_SESSION_ID": "5"}


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path / "config", state=tmp_path / "state", runtime=tmp_path / "run")


@pytest.fixture
def coach(home: Paths) -> Iterator[Callable[[dict[str, str]], None]]:
    """Give what starts a coach of a session; it leaves as the real one does."""
    left: list[Callable[[], None]] = []

    def start(environ: dict[str, str]) -> None:
        claim = seat.take(home, environ, login=True)

        def handle(request: Request) -> Reply:
            assert request.verb == seat.MAKE_WAY
            reply = seat.answer(request.words, environ)
            if reply.code == 0:
                threading.Thread(target=leave).start()
            return reply

        def leave() -> None:
            server.close()
            claim.release()

        server = Server(claim, handle)
        server.start()
        left.append(leave)

    yield start
    for leave in left:
        leave()


def test_the_coach_of_a_new_login_takes_over_from_one_left_over(
    home: Paths, coach: Callable[[dict[str, str]], None]
) -> None:
    coach(HERE)
    with seat.take(home, NEXT, login=True) as claim:
        assert isinstance(claim, Claim)


@pytest.mark.parametrize(("environ", "login"), [(HERE, True), ({}, True), (NEXT, False)])
def test_a_second_start_leaves_the_coach_alone(
    home: Paths, coach: Callable[[dict[str, str]], None], environ: dict[str, str], login: bool
) -> None:
    coach(HERE)
    with pytest.raises(AlreadyRunning):
        seat.take(home, environ, login=login)
    with pytest.raises(AlreadyRunning):
        Claim(home)


@pytest.mark.parametrize("name", ["XDG_SESSION_ID", "WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY"])
def test_sessions_differ_by_what_both_know(name: str) -> None:
    one, other = {**HERE, name: "one"}, {**HERE, name: "other"}
    unknown = {key: value for key, value in one.items() if key != name}
    assert is_another(told(one), other)
    assert not is_another(told(one), one)
    assert not is_another(told(unknown), one)
    assert not is_another(told(one), unknown)


@pytest.mark.parametrize(
    "written",
    [{"DISPLAY": ":0.0"}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus,guid=64ea9fd41b1d4c6a0d1b2c3d"}],
)
def test_one_session_may_be_written_in_two_ways(written: dict[str, str]) -> None:
    assert not is_another(told(HERE | written), HERE)
    assert not is_another(told(HERE), HERE | written)


def test_nothing_else_of_the_environment_is_told() -> None:
    assert told({"HOME": "/home/me", "TOKEN": "secret", **HERE, "XAUTHORITY": ""}) == (
        "XDG_SESSION_ID=3",
        "DISPLAY=:0",
        "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus",
    )
