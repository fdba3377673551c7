"""GNOME: the lab's own promises, and what the coach does where no program can have an icon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktops.driver import driver_class
from tests.desktops.gnome import WATCHER, GnomeDesktop, GnomeDriver
from tests.desktops.test_matrix import NEVER, ROUTINE_WINDOW, STATUS_WINDOW, settings

pytestmark = [pytest.mark.heavy_desktop, pytest.mark.xdist_group("heavy_desktop")]

TITLES = "Main.messageTray.getSources().flatMap(one => one.notifications.map(each => each.title))"
NO_ICON = "traycoach is running without an icon"


@pytest.mark.parametrize("extension", [True, False])
def test_gnome_has_notifications_and_ends_without_a_trace(tmp_path: Path, extension: bool) -> None:
    with GnomeDesktop(tmp_path, extension=extension) as desktop:
        assert desktop.bus.has_owner(WATCHER) is extension
        desktop.bus.wait_for("org.freedesktop.Notifications", 30)
        assert desktop.shell.evaluate("Main.overview.visible") is False
        desktop.wait_until(
            lambda: len(set(desktop.picture().convert("L").getextrema())) > 1, 30, "something on the screen"
        )
        processes = desktop.processes
        assert len(processes.alive()) >= 3
    assert processes.alive() == []


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[GnomeDriver]:
    """Give GNOME as it comes, running."""
    made = driver_class("gnome-stock")(tmp_path / "gnome")
    assert isinstance(made, GnomeDriver)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def said(desktop: GnomeDesktop) -> list[str]:
    """Give the titles of all notifications that the shell has kept."""
    return [str(title) for title in desktop.shell.evaluate(TITLES)]


def test_without_a_tray_it_is_said_once_and_all_is_reachable(stock: GnomeDriver) -> None:
    desktop = stock.lab
    with desktop.coach(settings(NEVER)) as coach:
        desktop.wait_until(lambda: NO_ICON in said(desktop), 60, "the word about the lacking icon")
        assert coach.ask("status")["tray_visible"] is False
        # a second start opens the window, and a click there what the menu would
        assert coach.tell().returncode == 0
        desktop.wait_until(lambda: stock.window(STATUS_WINDOW), 60, "the status window")
        for words, state in ((("pause", "30m"), "paused"), (("resume",), "sitting"), (("stand",), "standing")):
            coach.say(*words)
            assert coach.ask("status")["tray"]["kind"] == state
        coach.say("sit")
        coach.say("now", "eyes-30")
        desktop.wait_until(lambda: stock.window(ROUTINE_WINDOW), 60, "the routine window")
        assert "GNOME" in coach.tell("doctor").stdout
        assert said(desktop).count(NO_ICON) == 1


def test_extension_switched_on_brings_the_icon_without_a_word(tmp_path: Path) -> None:
    driver = driver_class("gnome")(tmp_path / "gnome")
    assert isinstance(driver, GnomeDriver)
    try:
        driver.start()
        desktop = driver.lab
        desktop.extension(on=False)
        with desktop.coach(settings(NEVER)) as coach:
            desktop.wait_until(lambda: NO_ICON in said(desktop), 60, "the word about the lacking icon")
            for _again in range(2):
                desktop.extension(on=True)
                driver.icon("sitting", 60)
                desktop.wait_until(lambda: coach.ask("status")["tray_visible"], 60, "the coach to know of it")
                desktop.extension(on=False)
                desktop.wait_until(lambda: coach.ask("status")["tray_visible"] is False, 30, "the coach to know of it")
            assert said(desktop).count(NO_ICON) <= 1
    finally:
        driver.stop()
