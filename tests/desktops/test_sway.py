"""The lab's sway: what it starts works, is private, can crash and come back, and is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktops.sway import NOTIFICATIONS, WATCHER, SwayDesktop


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[SwayDesktop]:
    with SwayDesktop(tmp_path) as made:
        yield made


def test_sway_has_tray_and_notifications_and_ends_without_a_trace(tmp_path: Path) -> None:
    with SwayDesktop(tmp_path, "800x600") as desktop:
        assert desktop.bus.has_owner(WATCHER)
        assert desktop.bus.has_owner(NOTIFICATIONS)
        assert desktop.picture().size == (800, 600)
        colours = desktop.picture().getcolors(maxcolors=1 << 20)
        assert colours is not None
        assert len(colours) > 2, "the bar is not on the screen"
        processes = desktop.processes
        assert len(processes.alive()) >= 4
    assert processes.alive() == []


def test_keys_and_pointer_are_real_to_the_compositor(desktop: SwayDesktop) -> None:
    for what, file in (("h", "key"), ("Shift+h", "shift"), ("--whole-window button3", "button")):
        desktop.run(["swaymsg", f"bindsym {what} exec touch {desktop.folder}/{file}"])
    desktop.hands.keyboard.tap("h")
    desktop.wait_until((desktop.folder / "key").exists, 20, "the key")
    assert not (desktop.folder / "shift").exists()
    before = desktop.picture()
    desktop.hands.pointer.move(700, 500)
    desktop.wait_until(lambda: desktop.picture() != before, 20, "the pointer at another place")
    with pytest.raises(ValueError, match="no key"):
        desktop.hands.keyboard.tap("NoSuchKey")


def test_bar_may_start_late_and_crash(tmp_path: Path) -> None:
    with SwayDesktop(tmp_path, bar=False) as desktop:
        assert not desktop.bus.has_owner(WATCHER)
        desktop.bar.start()
        desktop.bar.kill9()
        assert not desktop.bus.has_owner(WATCHER)
        desktop.bar.start()
        assert desktop.bus.has_owner(WATCHER)


def test_notification_server_may_crash(desktop: SwayDesktop) -> None:
    desktop.notifications.kill9()
    desktop.wait_until(lambda: not desktop.bus.has_owner(NOTIFICATIONS), 20, "the end of the server")
    desktop.notifications.start()
    assert desktop.bus.has_owner(NOTIFICATIONS)


def test_compositor_that_crashed_takes_its_clients_along_and_starts_again(desktop: SwayDesktop) -> None:
    desktop.compositor.kill9()
    desktop.wait_until(lambda: not desktop.bar.running, 20, "the bar's end")
    desktop.bar.stop()
    desktop.notifications.stop()
    desktop.compositor.start()
    desktop.bar.start()
    desktop.hands.keyboard.tap()
    assert desktop.picture().size == (1280, 800)


def test_two_side_by_side_share_nothing(tmp_path: Path) -> None:
    with SwayDesktop(tmp_path / "a", bar=False) as one, SwayDesktop(tmp_path / "b", bar=False) as two:
        assert one.environ["SWAYSOCK"] != two.environ["SWAYSOCK"]
        assert not set(one.processes.alive()) & set(two.processes.alive())
