"""Logins: each session's own manager starts the coach from the entry that `traycoach autostart on` wrote.

The desktops' own tests start the coach when all is ready. Here it starts as it does every morning: in the middle of a
desktop that is just coming up, or before there is anything of it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktops.coach import Coach
from tests.desktops.driver import Driver, driver_class
from tests.desktops.lab import Bus, Lab, Part, XServer
from tests.desktops.test_matrix import NEVER, settings

HEAVY = [pytest.mark.heavy_desktop, pytest.mark.xdist_group("heavy_desktop")]
SESSIONS = ["xfce", "sway", *(pytest.param(name, marks=HEAVY) for name in ("plasma", "plasma-x11", "gnome"))]
ON_EACH = pytest.mark.parametrize("driver", SESSIONS, indirect=True)
KNOWN_BEFORE = {"sway": {"WAYLAND_DISPLAY": "wayland-1"}}  # where the compositor names its socket by itself


@pytest.fixture
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driver]:
    """Give the desktop of this name, not started."""
    made = driver_class(request.param)(tmp_path / "desktop")
    yield made
    made.stop()


@pytest.fixture
def coach(driver: Driver) -> Coach:
    """Give the coach, not started, with its entry written."""
    made = driver.lab.coach(settings(NEVER))
    made.say("autostart", "on")
    return made


def entry_of(lab: Lab) -> dict[str, str]:
    """Give the keys of the entry."""
    file = Path(lab.environ["XDG_CONFIG_HOME"]) / "autostart" / "traycoach.desktop"
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)


def programs_of(lab: Lab) -> list[list[str]]:
    """Give the command lines of the coach's own processes in this lab, the command line's short ones left out."""
    found = []
    for pid in lab.processes.alive():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "traycoach.ui" in words or (any("traycoach" in word for word in words) and "run" in words):
            found.append(words)
    return found


@ON_EACH
def test_session_starts_the_coach_once_and_quitting_leaves_nothing(driver: Driver, coach: Coach) -> None:
    driver.log_in()
    driver.lab.wait_until((coach.home / "run" / "control").exists, 90, "the coach")
    driver.lab.wait_until(lambda: coach.tell("status").returncode == 0, 60, "its answer")
    driver.icon("sitting", 90)
    # a panel that is still busy with its start may draw the icon before it answers
    driver.lab.wait_until(lambda: coach.ask("status")["tray_visible"], 60, "the coach to know of it")
    assert [words[-3:] for words in programs_of(driver.lab) if "run" in words] == [["run", "--login", ""]]
    assert "Traceback" not in coach.log
    # a second start by the session, as some do from two folders, is no news
    assert coach.tell("run", "--login").returncode == 0

    coach.say("quit")

    driver.lab.wait_until(lambda: not programs_of(driver.lab), 30, "the end of all of its processes")
    driver.no_icon()
    assert not (coach.home / "run" / "control").exists()


@ON_EACH
def test_coach_that_starts_before_the_desktop_has_its_icon_and_its_say(driver: Driver, coach: Coach) -> None:
    lab = driver.lab
    early: list[Part] = [part for part in lab._wanted if isinstance(part, Bus | XServer)]
    late = [part for part in lab._wanted if part not in early]
    lab.environ |= KNOWN_BEFORE.get(lab.environ["DESKTOP_SESSION"], {})
    for part in early:
        lab.keep(part)
    with closing(notifications_on(lab)) as heard:
        started = lab.start(shlex.split(entry_of(lab)["Exec"]), "coach")
        lab.wait_until((coach.home / "run" / "lock").exists, 30, "the coach to be at it")
        for part in late:
            lab.keep(part)
        driver.move(640, 300)
        driver.icon("sitting", 90)
        assert started.poll() is None
        person = driver.person()

        def seen() -> bool:
            person.touch()
            return bool(coach.ask("status")["presence"] == "active")

        lab.wait_until(seen, 90, "input to be seen")
        lab.wait_until(lambda: coach.ask("status")["tray_visible"], 60, "the coach to know of its icon")
        greeted = heard.receive(timeout=60)
        while greeted.header.fields.get(HeaderFields.member) != "Notify":
            greeted = heard.receive(timeout=60)
        assert greeted.body[0] == "traycoach"
    assert lab.end(started) == 0


def notifications_on(lab: Lab) -> DBusConnection:
    """Give a connection that hears what programs ask the notification server to show."""
    connection = open_dbus_connection(bus=lab.session_bus.address)
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    rule = "eavesdrop='true',type='method_call',interface='org.freedesktop.Notifications',member='Notify'"
    connection.send_and_get_reply(new_method_call(bus, "AddMatch", "s", (rule,)), timeout=10)
    return connection


def test_entry_names_a_program_that_runs_from_anywhere(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        lab.coach().say("autostart", "on")
        words = shlex.split(entry_of(lab)["Exec"].replace("%%", "%"))
        program = Path(entry_of(lab)["TryExec"])
        assert words[-2:] == ["run", "--login"]
        assert program.is_absolute()
        assert str(program) in words
        assert os.access(program, os.X_OK)
        assert not program.is_relative_to(tmp_path), "it would not outlive this session"
        bare = {"HOME": lab.environ["HOME"], "PATH": "/nonexistent"}
        asked = subprocess.run(
            [*words[:-2], "config", "path"], env=bare, cwd="/", capture_output=True, text=True, timeout=60, check=False
        )
        assert asked.returncode == 0, asked.stderr
        assert asked.stdout.strip().endswith("traycoach.toml")
