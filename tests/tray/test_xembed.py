"""The icon in a real XEmbed tray, with a real pointer, and on a desktop with no tray at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktops.lab import Lab, Trayer, XembedDesktop, steady_s
from tests.desktops.test_restarts import NumberedXServer
from tests.tray.driver import TrayProgram, find_colour, icon_place
from tests.tray.test_no_tray import Process

pytestmark = pytest.mark.desktop

SIZE = "640x400"


def test_icon_docks_is_clicked_and_docks_again_after_a_restart(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path, SIZE) as desktop, TrayProgram(desktop, grace_s=0.2) as tray:
        tray.show("due")
        tray.expect("visible", True, "xembed")
        place = icon_place(desktop, "due")
        desktop.x_server.pointer.click(*place)
        tray.expect("command", "default", [])
        desktop.x_server.pointer.click(*place, 3)
        tray.expect("command", "open", ["status"])
        desktop.trayer.kill9()
        tray.expect("visible", False)
        assert find_colour(desktop.picture(), "due") is None, "the icon was dropped onto the desktop"
        desktop.trayer.start()
        since = steady_s()
        tray.expect("visible", True, "xembed")
        place = icon_place(desktop, "due")
        assert steady_s() - since < 2
        desktop.x_server.pointer.click(*place)
        tray.expect("command", "default", [])
        assert tray.errors == ""


def test_transparent_parts_show_the_tray(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path, SIZE) as desktop, TrayProgram(desktop, grace_s=0.2) as tray:
        tray.show("due")
        tray.expect("visible", True)
        x, y = icon_place(desktop, "due")

        def corner_is_ground() -> bool:
            # the disc is round: the corner of its box is the tray's own ground, as it is beside the icon
            picture = desktop.picture().convert("RGB")
            ground = picture.getpixel((x - 40, y - 11))
            return ground != (0, 0, 0) and picture.getpixel((x - 11, y - 11)) == ground

        desktop.wait_until(corner_is_ground, 5, "the tray's ground in the corner of the icon")


def test_tray_that_comes_late_gets_the_icon(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path, SIZE, tray=False) as desktop, TrayProgram(desktop, grace_s=0.2) as tray:
        tray.show("due")
        tray.expect("tell", limit_s=10)
        desktop.trayer.start()
        tray.expect("visible", True, "xembed")
        icon_place(desktop, "due")


def test_without_a_tray_it_is_said_once_and_never_claimed_visible(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path, SIZE, tray=False) as desktop, TrayProgram(desktop, grace_s=0.2) as tray:
        tray.show("due")
        tray.expect("tell", "traycoach is running without an icon", limit_s=10)
        tray.send("refusals")
        _, refusals = tray.next()
        assert dict(refusals).keys() == {"status-notifier", "xembed"}
        assert "nobody owns _NET_SYSTEM_TRAY_Sn" in dict(refusals)["xembed"]
        tray.show("sitting")
        tray.send("refusals")
        assert tray.next()[0] == "refusals", "it was said twice, or claimed visible"
        assert tray.quiet


def test_icon_changes_live(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path, SIZE) as desktop, TrayProgram(desktop, grace_s=0.2) as tray:
        tray.show("due")
        tray.expect("visible", True)
        icon_place(desktop, "due")
        tray.show("held")
        icon_place(desktop, "near")


def test_without_a_bus_xembed_comes_at_once(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path, SIZE) as desktop:
        del desktop.environ["DBUS_SESSION_BUS_ADDRESS"]
        since = steady_s()
        with TrayProgram(desktop, grace_s=60) as tray:
            tray.show("due")
            tray.expect("visible", True, "xembed")
            assert steady_s() - since < 5
            tray.send("refusals")
            _, refusals = tray.next()
            assert "no session bus" in dict(refusals)["status-notifier"]


def test_x_server_that_comes_back_gets_the_icon_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Lab(tmp_path) as lab, NumberedXServer(lab) as server, Trayer(lab) as trayer:
        monkeypatch.setenv("DISPLAY", server.name)
        process = Process("unix:path=/nonexistent/bus", None)
        try:
            assert process.next() is True
            assert process.tray.backend == "xembed"
            server.kill9()
            trayer.stop()
            assert process.next() is False
            process.wait(seconds=30)
            assert "cannot be opened" in dict(process.tray.refusals)["xembed"]
            server.start()
            trayer.start()
            process.wait(minutes=3)
            assert process.next() is True
            assert process.tray.backend == "xembed"
        finally:
            process.end()
