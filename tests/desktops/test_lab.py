"""The lab itself: what it starts works, is private, and is gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktops.lab import Bus, GaveUpError, Lab, WindowManager, XembedDesktop, XfceDesktop, XfcePanel, XServer


def test_xfce_desktop_has_tray_and_notifications_and_ends_without_a_trace(tmp_path: Path) -> None:
    with XfceDesktop(tmp_path) as desktop:
        assert desktop.bus.has_owner("org.kde.StatusNotifierWatcher")
        assert desktop.bus.has_owner("org.freedesktop.Notifications")
        assert desktop.server.selection_owner("_NET_SYSTEM_TRAY_S0")
        colours = desktop.picture().getcolors(maxcolors=1 << 20)
        assert colours is not None
        assert len(colours) > 2, "the panel is not on the screen"
        processes = desktop.processes
        assert len(processes.alive()) >= 5
    assert processes.alive() == []


def test_panel_may_start_late_and_restart(tmp_path: Path) -> None:
    with XfceDesktop(tmp_path, panel=False, notifyd=False) as desktop:
        assert not desktop.bus.has_owner("org.kde.StatusNotifierWatcher")
        desktop.panel.start()
        first = desktop.panel.process
        desktop.panel.restart()
        assert desktop.panel.process is not first
        assert desktop.bus.has_owner("org.kde.StatusNotifierWatcher")


def test_xembed_desktop_has_a_tray_without_watcher(tmp_path: Path) -> None:
    with XembedDesktop(tmp_path) as desktop:
        assert desktop.server.selection_owner("_NET_SYSTEM_TRAY_S0")
        assert not desktop.bus.has_owner("org.kde.StatusNotifierWatcher")


def test_pointer_and_keyboard_are_real_to_programs(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab, XServer(lab, "640x480") as server:
        server.pointer.move(50, 60)
        assert server.pointer.place == (50, 60)
        server.pointer.click(70, 80)
        server.keyboard.type("Hi 5")
        assert lab.picture().size == (640, 480)
        with pytest.raises(ValueError, match="no key"):
            server.keyboard.tap("NoSuchKey")


def test_two_labs_side_by_side_share_nothing(tmp_path: Path) -> None:
    with Lab(tmp_path / "a") as one, Lab(tmp_path / "b") as two, XServer(one) as left, XServer(two) as right:
        assert left.name != right.name
        with Bus(one), Bus(two):
            assert one.session_bus.address != two.session_bus.address
            assert not set(one.processes.alive()) & set(two.processes.alive())
        assert one.environ["HOME"] != two.environ["HOME"]


def test_orphans_are_ended_with_their_lab_and_no_one_elses(tmp_path: Path) -> None:
    with Lab(tmp_path / "other") as other:
        other.run(["sh", "-c", "sleep 300 >/dev/null 2>&1 &"])
        with Lab(tmp_path / "own") as own:
            own.start(["sh", "-c", "sleep 300 & setsid sleep 300 & exit 0"], "parent").wait()
            own.wait_until(lambda: len(own.processes.alive()) == 2, 5, "two orphans")
        assert own.processes.alive() == []
        assert len(other.processes.alive()) == 1
    assert other.processes.alive() == []


def test_waiting_in_vain_shows_the_logs(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        lab.start(["echo", "the last words"], "speaker").wait()
        with pytest.raises(GaveUpError, match="the last words"):
            lab.wait_until(lambda: False, 0.1, "what never comes")


def test_windows_are_found_with_their_place_and_title(tmp_path: Path) -> None:
    with XfceDesktop(tmp_path, panel=False, notifyd=False) as desktop:
        desktop.start(["xev", "-geometry", "200x100+300+240", "-name", "a small one"], "xev")
        shown = desktop.wait_until(lambda: desktop.server.window("a small one"), 10, "the window")
        assert (shown.width, shown.height) == (200, 100)
        assert abs(shown.x - 300) < 20
        assert abs(shown.y - 240) < 60, "the frame is above"
        assert shown in desktop.server.windows()
        assert desktop.server.windows("another program") == []


def test_xfwm4_gets_a_private_bus_where_there_is_none(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab, XServer(lab), WindowManager(lab, "xfwm4"):
        assert lab.has_session_bus
        assert "could not be initialized" not in lab.log("xfwm4")


def test_window_manager_and_panel_can_be_put_together_by_hand(tmp_path: Path) -> None:
    with (
        Lab(tmp_path) as lab,
        XServer(lab) as server,
        Bus(lab),
        WindowManager(lab, "openbox"),
        XfcePanel(lab, dark=True, bottom=True) as panel,
    ):
        assert server.root_property("_NET_SUPPORTING_WM_CHECK")
        panel.kill9()
        assert not panel.running
