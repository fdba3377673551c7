"""The order of the sources on this system."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktops.lab import XServer
from traycoach.activity.chooser import choose
from traycoach.activity.sources import input_sources
from traycoach.desktop.x11 import SharedX11


@pytest.fixture
def connect(x_server: XServer) -> Iterator[SharedX11]:
    shared = SharedX11({"DISPLAY": x_server.name})
    yield shared
    shared.close()


def test_alarms_come_first_on_x11(connect: SharedX11) -> None:
    source, refusals = choose(input_sources(connect), lambda _: None)

    assert source is not None
    assert (source.name, refusals) == ("x11 alarms", ())
    source.stop()


def test_under_wayland_every_x11_mechanism_is_refused_by_name() -> None:
    x11 = SharedX11({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"})

    source, refusals = choose(input_sources(x11), lambda _: None)

    assert source is None
    assert [refusal.name for refusal in refusals] == ["x11 alarms", "x11 screen saver", "input hook"]
    assert all("Wayland" in refusal.reason for refusal in refusals)
