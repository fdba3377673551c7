"""Plasma: the lab's own promises, and what is particular about it, where watcher, panel and compositor are three."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktops.coach import Coach
from tests.desktops.driver import driver_class
from tests.desktops.lab import Bus
from tests.desktops.plasma import NOTIFICATIONS, WATCHER, PlasmaDesktop, PlasmaDriver, PlasmaX11Desktop
from tests.desktops.test_matrix import NEVER, settings

pytestmark = [pytest.mark.heavy_desktop, pytest.mark.xdist_group("heavy_desktop")]


@pytest.mark.parametrize("kind", [PlasmaDesktop, PlasmaX11Desktop])
def test_plasma_has_tray_and_notifications_and_ends_without_a_trace(
    tmp_path: Path, kind: type[PlasmaDesktop | PlasmaX11Desktop]
) -> None:
    with kind(tmp_path) as desktop:
        assert desktop.bus.has_owner(WATCHER)
        assert desktop.bus.has_owner(NOTIFICATIONS)
        desktop.wait_until(
            lambda: len(set(desktop.picture().convert("L").getextrema())) > 1, 30, "something on the screen"
        )
        processes = desktop.processes
        assert len(processes.alive()) >= 4
    assert processes.alive() == []


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[PlasmaDriver]:
    """Give Plasma on Wayland, not started."""
    made = driver_class("plasma")(tmp_path / "plasma")
    assert isinstance(made, PlasmaDriver)
    yield made
    made.stop()


def coach_in(driver: PlasmaDriver) -> Coach:
    return driver.lab.coach(settings(NEVER))


def shown(coach: Coach) -> bool:
    return bool(coach.ask("status")["tray_visible"])


def test_panel_that_comes_after_its_watcher_has_the_icon(driver: PlasmaDriver) -> None:
    desktop = driver.lab
    for part in (desktop.bus, desktop.kwin, desktop.kded):
        desktop.keep(part)
    with coach_in(driver) as coach:
        items = (WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisteredStatusNotifierItems")
        desktop.wait_until(lambda: desktop.bus.get(*items), 30, "the watcher to know the icon")
        driver.no_icon()
        desktop.keep(desktop.shell)
        driver.icon("sitting", 60)
        desktop.wait_until(lambda: shown(coach), 60, "the coach to know of it")


def test_icon_comes_back_to_a_new_panel_at_the_same_watcher(driver: PlasmaDriver) -> None:
    driver.start()
    desktop = driver.lab
    with coach_in(driver) as coach:
        driver.icon("sitting")
        desktop.shell.kill9()
        # the coach cannot know: kded5 always tells that there is a panel (seen with 5.27)
        driver.no_icon()
        desktop.shell.start()
        driver.icon("sitting", 60)
        desktop.wait_until(lambda: shown(coach), 60, "the coach to know of it")


def test_coach_outlives_a_crash_of_the_compositor(driver: PlasmaDriver) -> None:
    driver.start()
    desktop = driver.lab
    with coach_in(driver) as coach:
        driver.icon("sitting")
        before = coach.ask("status")["bout_began_at"]
        coach.say("open", "status")
        desktop.wait_until(lambda: driver.window("traycoach"), 30, "the status window")
        desktop.kwin.kill9()
        for ended_by_itself in (desktop.shell, desktop.kded):
            ended_by_itself.stop()
        for part in (desktop.kwin, desktop.kded, desktop.shell):
            part.start()
        driver.icon("sitting", 60)
        person = driver.person()

        def seen() -> bool:
            person.touch()
            return bool(coach.ask("status")["presence"] == "active")

        desktop.wait_until(seen, 90, "input in the new compositor to be seen")
        coach.say("open", "status")
        desktop.wait_until(lambda: driver.window("traycoach"), 60, "the status window on the new compositor")
        assert coach.ask("status")["bout_began_at"] == before, "the same sitting"


def test_two_plasmas_side_by_side_share_nothing(tmp_path: Path) -> None:
    with PlasmaDesktop(tmp_path / "a", kded=False, shell=False) as one:
        with PlasmaDesktop(tmp_path / "b", kded=False, shell=False) as two:
            assert isinstance(two.bus, Bus)
            assert one.bus.address != two.bus.address
            assert not set(one.processes.alive()) & set(two.processes.alive())
        assert one.kwin.running
        one.kwin.hands.move(5, 5)
