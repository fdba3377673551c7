"""Which rendering fits the bar."""

from __future__ import annotations

import pytest

from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.tray.bar import look_for, look_over, luminance
from traycoach.tray.colours import Look


def no_x11() -> XConnection:
    raise Unavailable("There is no X display.")


def test_setting_decides_where_there_is_one() -> None:
    assert look_for("light", no_x11, {"XDG_CURRENT_DESKTOP": "GNOME"}) is Look.LIGHT
    assert look_for("dark", no_x11, {}) is Look.DARK


def test_gnome_is_dark_and_the_unknown_gets_the_rendering_for_any_ground() -> None:
    assert look_for("auto", no_x11, {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}) is Look.DARK
    assert look_for("auto", no_x11, {"XDG_CURRENT_DESKTOP": "sway"}) is Look.EITHER
    assert look_for("auto", no_x11, {}) is Look.EITHER


@pytest.mark.parametrize(
    ("colours", "look"),
    [
        ([(0x1C, 0x22, 0x26)], Look.DARK),
        ([(0x35, 0x35, 0x35), (0, 0, 0)], Look.DARK),
        ([(0xF6, 0xF5, 0xF4)], Look.LIGHT),
        ([(0x80, 0x80, 0x80)], Look.EITHER),
        ([(0xF6, 0xF5, 0xF4), (0x1C, 0x22, 0x26)], Look.EITHER),
        ([], Look.EITHER),
    ],
)
def test_panels_that_agree_decide(colours: list[tuple[int, int, int]], look: Look) -> None:
    assert look_over([luminance(*colour) for colour in colours]) is look


def test_luminance_is_that_of_the_standard() -> None:
    assert luminance(255, 255, 255) == pytest.approx(1.0)
    assert luminance(0, 0, 0) == 0
    assert luminance(0x77, 0x77, 0x77) == pytest.approx(0.184, abs=0.001)
