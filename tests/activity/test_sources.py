"""The order of the sources on each kind of session, and that none of them drags the others in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.activity.fake_compositor import EXT, KDE, FakeCompositor
from tests.desktops.lab import XServer
from traycoach.activity.chooser import choose
from traycoach.activity.sources import input_sources
from traycoach.desktop.bus import close_buses
from traycoach.desktop.x11 import SharedX11

X11 = ["x11 alarms", "x11 screen saver", "input hook"]
WAYLAND = [
    "wayland input idle",
    "wayland idle (an inhibitor counts as input)",
    "kde idle (an inhibitor counts as input)",
]
GNOME = ["gnome idle monitor"]
HINT = ["logind idle hint (late by the desktop's own delay)"]

IMPORTED_AFTER_CHOICE = """
import sys
from traycoach.activity.chooser import InputWatch
from traycoach.activity.sources import input_sources
from traycoach.desktop.x11 import SharedX11
watch = InputWatch(input_sources(SharedX11()), lambda event: None)
watch.start()
print(watch.name)
print(*sys.modules)
watch.stop()
"""


@pytest.fixture(autouse=True)
def no_shared_bus() -> Iterator[None]:
    close_buses()
    yield
    close_buses()


def names(environ: dict[str, str]) -> list[str]:
    return [make().name for make in input_sources(SharedX11(environ), environ)]


def modules_after_choice(environ: dict[str, str]) -> tuple[str, set[str]]:
    """Choose a source in a fresh process, and give its name and what is imported then."""
    said = subprocess.run(
        [sys.executable, "-c", IMPORTED_AFTER_CHOICE],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2])} | environ,
        capture_output=True,
        text=True,
        check=True,
    )
    name, modules = said.stdout.splitlines()
    return name, set(modules.split())


@pytest.fixture
def connect(x_server: XServer) -> Iterator[SharedX11]:
    shared = SharedX11({"DISPLAY": x_server.name})
    yield shared
    shared.close()


# --- the order --------------------------------------------------------------------------------------------------------


def test_order_on_x11() -> None:
    assert names({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}) == X11 + HINT + WAYLAND + GNOME


@pytest.mark.parametrize("environ", [{"WAYLAND_DISPLAY": "wayland-0"}, {"XDG_SESSION_TYPE": "wayland"}])
def test_order_on_wayland(environ: dict[str, str]) -> None:
    assert names(environ | {"DISPLAY": ":0"}) == WAYLAND + GNOME + HINT + X11


def test_gnome_on_wayland_is_asked_first() -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}

    assert names(environ) == GNOME + WAYLAND + HINT + X11


def test_under_wayland_every_x11_mechanism_is_refused_by_name(x_server: XServer) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nonexistent", "DISPLAY": x_server.name}

    source, refusals = choose(input_sources(SharedX11(environ), environ), lambda _: None)

    assert source is None
    reasons = {refusal.name: refusal.reason for refusal in refusals}
    assert all("Wayland" in reasons[name] for name in X11)


def test_on_x11_every_wayland_mechanism_is_refused_by_name() -> None:
    environ = {"DISPLAY": ":987"}

    source, refusals = choose(input_sources(SharedX11(environ), environ), lambda _: None)

    assert source is None
    reasons = {refusal.name: refusal.reason for refusal in refusals}
    assert [reasons[name] for name in WAYLAND] == ["This is not a Wayland session."] * 3


# --- the choice -------------------------------------------------------------------------------------------------------


def test_alarms_come_first_on_x11(connect: SharedX11, x_server: XServer) -> None:
    source, refusals = choose(input_sources(connect, {"DISPLAY": x_server.name}), lambda _: None)

    assert source is not None
    assert (source.name, refusals) == ("x11 alarms", ())
    source.stop()


@pytest.mark.parametrize(
    ("offers", "chosen"),
    [({EXT: 2, KDE: 1}, WAYLAND[0]), ({EXT: 1, KDE: 1}, WAYLAND[1]), ({KDE: 1}, WAYLAND[2])],
)
def test_best_protocol_of_the_compositor_is_chosen(tmp_path: Path, offers: dict[str, int], chosen: str) -> None:
    with FakeCompositor(tmp_path / "wayland-9", offers) as compositor:
        environ = {"WAYLAND_DISPLAY": str(compositor.path)}
        source, refusals = choose(input_sources(SharedX11(environ), environ), lambda _: None)

        assert source is not None
        assert source.name == chosen
        assert [refusal.name for refusal in refusals] == WAYLAND[: WAYLAND.index(chosen)]
        source.stop()


def test_session_on_x11_imports_nothing_of_wayland(x_server: XServer) -> None:
    name, modules = modules_after_choice({"DISPLAY": x_server.name})

    assert name == "x11 alarms"
    assert {one for one in modules if "wayland" in one} == set()
    assert not modules & {"traycoach.activity.mutter", "traycoach.activity.idle_hint", "jeepney", "pynput"}


def test_session_on_wayland_imports_nothing_of_x11(tmp_path: Path) -> None:
    with FakeCompositor(tmp_path / "wayland-9", {EXT: 2}) as compositor:
        name, modules = modules_after_choice({"WAYLAND_DISPLAY": str(compositor.path)})

    assert name == WAYLAND[0]
    assert not modules & {"Xlib", "pynput", "jeepney", "traycoach.activity.x11", "traycoach.activity.hook"}
