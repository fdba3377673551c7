"""The icon on a real XFCE panel, with a real pointer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.desktops.lab import XfceDesktop, steady_s
from tests.tray.driver import TrayProgram, find_colour, icon_place

pytestmark = pytest.mark.desktop

WATCHER = "org.kde.StatusNotifierWatcher"
SIZE = "640x520"


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[XfceDesktop]:
    with XfceDesktop(tmp_path, SIZE, notifyd=False) as made:
        yield made


def menu_row(desktop: XfceDesktop, icon: tuple[int, int], number: int) -> tuple[int, int]:
    """Open the menu and give the middle of its row; rows are 25 px high, the three separators above count 1 px each."""
    before = desktop.picture()
    desktop.x_server.pointer.click(*icon, 3)
    box = desktop.wait_until(lambda: menu_box(before, desktop.picture()), 5, "the menu")
    return box[0] + 60, box[1] + 16 + number * 25


def menu_box(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int] | None:
    """Give the box of what appeared below the panel, once it is as large as a menu."""
    from PIL import ImageChops

    below = (0, 36, before.width, before.height)
    box = ImageChops.difference(before.convert("RGB").crop(below), after.convert("RGB").crop(below)).getbbox()
    if box is None or box[3] - box[1] < 60:
        return None
    return box[0], box[1] + 36, box[2], box[3] + 36


def test_icon_appears_is_clicked_and_goes(desktop: XfceDesktop) -> None:
    with TrayProgram(desktop) as tray:
        tray.show(nearly=True, progress=0.9)
        tray.expect("visible", True, "status-notifier")
        place = icon_place(desktop)
        desktop.x_server.pointer.click(*place)
        tray.expect("command", "default", [])
        desktop.x_server.pointer.click(*place, 2)
        tray.expect("command", "open", ["status"])
        assert tray.errors == ""
    desktop.wait_until(
        lambda: find_colour(desktop.picture().crop((0, 0, 640, 40)), "near") is None, 5, "the icon's end"
    )


def test_menu_opens_and_a_row_chosen_by_pointer_is_the_command(desktop: XfceDesktop) -> None:
    with TrayProgram(desktop) as tray:
        tray.show("due", can_snooze=True)
        tray.expect("visible", True)
        icon = icon_place(desktop, "due")
        # rows: why, today, break now, snooze, skip
        desktop.x_server.pointer.click(*menu_row(desktop, icon, 4))
        tray.expect("command", "skip", [])
        # a disabled row does nothing
        bare = desktop.picture()
        desktop.x_server.pointer.click(*menu_row(desktop, icon, 0))
        desktop.x_server.keyboard.tap("Escape")
        desktop.wait_until(lambda: menu_box(bare, desktop.picture()) is None, 5, "the menu's end")
        desktop.x_server.pointer.click(*icon)
        tray.expect("command", "default", [])
        assert tray.errors == ""


def test_submenu_is_walked_with_the_keyboard(desktop: XfceDesktop) -> None:
    with TrayProgram(desktop) as tray:
        tray.show("due", can_snooze=True)
        tray.expect("visible", True)
        menu_row(desktop, icon_place(desktop, "due"), 0)
        before = desktop.picture()
        for key in ("Down", "Down", "Right"):  # disabled rows are passed over: break now, snooze, into it
            desktop.x_server.keyboard.tap(key)
        desktop.wait_until(lambda: menu_box(before, desktop.picture()), 5, "the submenu")
        for key in ("Down", "Return"):
            desktop.x_server.keyboard.tap(key)
        tray.expect("command", "snooze", ["15m"])


def test_icon_changes_live_with_the_state(desktop: XfceDesktop) -> None:
    with TrayProgram(desktop) as tray:
        tray.show(progress=0.6)
        tray.expect("visible", True)
        icon_place(desktop, "ring")
        tray.show("due")
        icon_place(desktop, "due")
        tray.show("routine", progress=0.6)
        icon_place(desktop, "ring")


def test_icon_is_back_within_two_seconds_of_a_panel_restart(desktop: XfceDesktop) -> None:
    with TrayProgram(desktop) as tray:
        tray.show("due")
        tray.expect("visible", True)
        icon_place(desktop, "due")
        desktop.panel.kill9()
        tray.expect("visible", False)
        desktop.panel.start()
        since = steady_s()
        tray.expect("visible", True)
        icon_place(desktop, "due")
        assert steady_s() - since < 2
        assert tray.errors == ""


def test_icon_appears_within_two_seconds_of_a_late_panel(tmp_path: Path) -> None:
    with XfceDesktop(tmp_path, SIZE, panel=False, notifyd=False) as desktop, TrayProgram(desktop, grace_s=1) as tray:
        tray.show("due")
        # it says that it is not there, and does not believe that it is
        tray.expect("tell", limit_s=10)
        tray.send("refusals")
        (_, refusals) = tray.next()
        assert dict(refusals).keys() == {"status-notifier", "xembed"}
        desktop.panel.start()
        since = steady_s()
        tray.expect("visible", True)  # this panel is a tray of both kinds: either may be first
        icon_place(desktop, "due")
        assert steady_s() - since < 2
        desktop.wait_until(lambda: tray.backend() == "status-notifier", 5, "XEmbed to give way")
        place = icon_place(desktop, "due")
        # one icon, not two
        desktop.x_server.pointer.click(*place)
        tray.expect("command", "default", [])
        assert desktop.bus.get(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisteredStatusNotifierItems")
        titles = desktop.run(["xwininfo", "-root", "-tree"]).stdout
        assert '"traycoach"' not in titles


@pytest.mark.parametrize("dark", [False, True])
def test_icon_follows_the_brightness_of_the_panel(tmp_path: Path, dark: bool) -> None:
    with XfceDesktop(tmp_path, SIZE, notifyd=False, dark=dark) as desktop, TrayProgram(desktop) as tray:
        tray.show("due")
        tray.expect("visible", True)
        x, y = icon_place(desktop, "due")
        box = (x - 12, y - 12, x + 12, y + 12)
        wanted = (0xFF, 0x7A, 0x4D) if dark else (0xC8, 0x40, 0x1B)

        def rendered() -> bool:
            colours = desktop.picture().convert("RGB").crop(box).getcolors(maxcolors=4096) or []
            return wanted in [colour for _, colour in colours]

        desktop.wait_until(rendered, 5, "the rendering for the panel")


def test_bus_that_restarts_brings_the_icon_back(desktop: XfceDesktop) -> None:
    with TrayProgram(desktop) as tray:
        tray.show("due")
        tray.expect("visible", True)
        desktop.panel.stop()
        tray.expect("visible", False)
        desktop.bus.stop()
        desktop.bus.start()
        desktop.panel.start()
        tray.expect("visible", True, limit_s=20)
        icon_place(desktop, "due")


def test_panel_gets_the_one_size_that_it_draws(desktop: XfceDesktop) -> None:
    desktop.run(
        ["xfconf-query", "-c", "xfce4-panel", "-n", "-t", "int", "-p", "/plugins/plugin-2/icon-size", "-s", "24"]
    )
    with TrayProgram(desktop) as tray:
        tray.show("due")
        tray.expect("visible", True)
        (item,) = desktop.bus.get(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisteredStatusNotifierItems")
        name = item.partition("/")[0]
        place = ("/StatusNotifierItem", "org.kde.StatusNotifierItem", "IconPixmap")
        sizes = [(width, height) for width, height, _ in desktop.bus.get(name, *place)]
        assert sizes == [(24, 24)]
