"""The coach at its work on a real XFCE session: real input, real panel, real windows, the real program.

Spans are short by the settings, not by tricks; what is compared are the coach's own figures with each other, never a
length of time with the clock of a busy machine.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from Xlib.xobject.drawable import Window

from tests.desktops.coach import Coach
from tests.desktops.lab import FakeLogind, Lab, ShownWindow, XfceDesktop, pause
from tests.desktops.person import Person
from tests.tray.driver import icon_place
from tests.tray.test_xfce import menu_box

SETTINGS = """
version = 1
[presence]
idle_after = "5s"
away_after = "{away}"
[quiet]
hours = []
fullscreen = true
[budget]
prompts_an_hour = 60
cards_an_hour = 60
apart = "0s"
[prompt]
by = "window"
patience = "{patience}"
[[rule]]
id = "micro"
enabled = false
[[rule]]
id = "move"
enabled = false
[[rule]]
id = "stand"
every = "{every} sitting"
resets_after = "{resets}"
routines = {{ ids = ["eyes-30"] }}
snooze = ["10s", "15m"]
"""

START = (107, 122)


def settings(every: str = "10s", away: str = "60s", resets: str = "60s", patience: str = "60s") -> str:
    return SETTINGS.format(every=every, away=away, resets=resets, patience=patience)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[XfceDesktop]:
    with XfceDesktop(tmp_path, system_bus=True) as made, FakeLogind(made):
        yield made


@pytest.fixture
def person(desktop: XfceDesktop) -> Person:
    return Person(desktop)


def card_of(desktop: XfceDesktop) -> ShownWindow | None:
    return next((one for one in desktop.x_server.windows("traycoach") if one.height < 300 and one.width > 250), None)


def wait_for_card(desktop: XfceDesktop, limit_s: float = 15) -> ShownWindow:
    return desktop.wait_until(lambda: card_of(desktop), limit_s, "the card")


def wait_for_no_card(desktop: XfceDesktop, limit_s: float = 10) -> None:
    desktop.wait_until(lambda: card_of(desktop) is None, limit_s, "the card's end")


def click_start(desktop: XfceDesktop, coach: Coach) -> None:
    """Click Start once the card is no longer deaf, until the routine is open."""
    card = wait_for_card(desktop)

    def opened() -> bool:
        desktop.x_server.pointer.click(card.x + START[0], card.y + START[1])
        return coach.ask("status")["routine"] is not None

    desktop.wait_until(opened, 15, "the routine")


def stage_of(coach: Coach) -> str | None:
    prompts = coach.ask("status")["prompts"]
    return str(prompts[0]["stage"]) if prompts else None


def rows(coach: Coach, query: str) -> list[Any]:
    if not coach.history.exists():
        return []
    with closing(sqlite3.connect(f"file:{coach.history}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def outcomes(coach: Coach) -> list[str]:
    return [row[0] for row in rows(coach, "SELECT outcome FROM outcomes ORDER BY id")]


def test_limit_lull_prompt_start_routine_and_a_row_with_the_true_sitting_time(
    desktop: XfceDesktop, person: Person
) -> None:
    with desktop.coach(settings()) as coach:
        with person.typing():
            desktop.wait_until(lambda: stage_of(coach) == "due", 30, "the rule to come due")
            assert card_of(desktop) is None, "typing holds the prompt"
        click_start(desktop, coach)
        sat_for = coach.ask("status")["sat_for_s"]
        window = desktop.wait_until(lambda: desktop.x_server.window("Eyes for half a minute"), 10, "the routine window")
        assert window.width >= 480
        desktop.wait_until(lambda: is_still(desktop, window), 90, "the end card, on which nothing counts")
        desktop.x_server.keyboard.tap("Return")
        desktop.wait_until(lambda: rows(coach, "SELECT 1 FROM routines"), 10, "the row of the routine")

        ((done, steps, rule),) = rows(coach, "SELECT steps_done, steps, rule FROM routines")
        ((sat, began, ended),) = rows(coach, "SELECT sat_s, began_at, ended_at FROM bouts")

        assert (done, rule) == (steps, "stand")
        assert outcomes(coach)[-1] == "completed"
        assert abs(sat - (ended - began)) <= 1, "no absence was in it"
        assert abs(sat - sat_for) <= 1
        assert sat >= 10
        assert coach.ask("status")["breaks"] in {0, 1}, "the break lasts until the next input"


def is_still(desktop: XfceDesktop, window: ShownWindow) -> bool:
    """Tell whether the window looks the same for a second and a half; a routine that plays counts its seconds."""
    box = (window.x, window.y, window.x + window.width, window.y + window.height)
    before = desktop.picture().crop(box).tobytes()
    pause(1.5)
    return before == desktop.picture().crop(box).tobytes()


def test_absence_is_the_break_and_the_next_interval_begins_with_the_first_input(
    desktop: XfceDesktop, person: Person
) -> None:
    with desktop.coach(settings(every="40s", away="8s", resets="10s")) as coach:
        person.type_for(6)
        desktop.wait_until(lambda: coach.ask("status")["presence"] == "away", 20, "the absence")
        assert card_of(desktop) is None
        before = coach.ask("status")["rules"]["stand"]
        desktop.wait_until(lambda: _away_for(coach) >= 12, 30, "an absence longer than resets_after")
        assert coach.ask("status")["rules"]["stand"] == before, "no clock runs in an absence"
        with person.typing():
            desktop.wait_until(lambda: coach.ask("status")["presence"] == "active", 10, "the return")
            ((away_s, prompted),) = rows(coach, "SELECT away_s, prompted FROM breaks")
            assert away_s >= 10
            assert prompted == 0
            assert coach.ask("status")["rules"]["stand"] < before + 6, "a new interval has begun"
        assert outcomes(coach) == []


def _away_for(coach: Coach) -> int:
    return int(coach.ask("status")["away_for_s"])


def test_getting_up_without_a_click_is_taken(desktop: XfceDesktop, person: Person) -> None:
    with desktop.coach(settings(every="8s", away="180s", resets="180s")) as coach:
        with person.typing():
            desktop.wait_until(lambda: stage_of(coach) == "due", 30, "the rule to come due")
        wait_for_card(desktop)
        # hands off: a minute of silence is the answer
        desktop.wait_until(lambda: outcomes(coach) == ["taken"], 90, "the outcome")
        wait_for_no_card(desktop)
        with person.typing():
            desktop.wait_until(lambda: rows(coach, "SELECT 1 FROM breaks WHERE prompted"), 15, "the break")


def test_nothing_is_shown_to_an_empty_chair(desktop: XfceDesktop, person: Person) -> None:
    with desktop.coach(settings(every="24s", away="180s")) as coach:
        person.type_for(2)
        desktop.wait_until(lambda: stage_of(coach) == "due", 60, "the rule to come due")
        assert card_of(desktop) is None, "the last input is older than 15 s"
        icon_place(desktop, "due")
        person.touch()
        wait_for_card(desktop)


def test_typing_holds_the_prompt_at_most_for_patience(desktop: XfceDesktop, person: Person) -> None:
    with desktop.coach(settings(every="8s", patience="6s")) as coach, person.typing():
        desktop.wait_until(lambda: stage_of(coach) == "due", 30, "the rule to come due")
        assert card_of(desktop) is None
        desktop.wait_until(lambda: stage_of(coach) == "shown", 20, "the end of patience")
        wait_for_card(desktop)


def test_full_screen_window_holds_and_the_prompt_comes_after_it(desktop: XfceDesktop, person: Person) -> None:
    film = open_window(desktop, "film")
    with desktop.coach(settings(every="8s", patience="3s")) as coach, person.typing():
        full_screen(desktop, film, "add")
        desktop.wait_until(lambda: coach.ask("status")["holds"] == ["fullscreen"], 10, "the hold")
        desktop.wait_until(lambda: stage_of(coach) == "due", 30, "the rule to come due")
        assert "fills the screen" in coach.say("why")
        assert card_of(desktop) is None
        full_screen(desktop, film, "remove")
        desktop.wait_until(lambda: stage_of(coach) == "shown", 60, "the prompt after settling")
        wait_for_card(desktop)


def open_window(desktop: XfceDesktop, name: str) -> Window:
    connection = desktop.x_server.display
    window: Window = connection.screen().root.create_window(50, 80, 300, 200, 0, connection.screen().root_depth)
    window.set_wm_name(name)
    window.set_wm_class(name, name)
    window.map()
    connection.sync()
    desktop.wait_until(lambda: window.id in desktop.x_server.root_property("_NET_CLIENT_LIST"), 10, "the window")
    return window


def full_screen(desktop: XfceDesktop, window: Window, action: str) -> None:
    desktop.run(["wmctrl", "-i", "-a", hex(window.id)])
    desktop.run(["wmctrl", "-i", "-r", hex(window.id), "-b", f"{action},fullscreen"])


def test_snooze_and_pause_through_the_menu_with_the_pointer(desktop: XfceDesktop, person: Person) -> None:
    with desktop.coach(settings(every="8s", patience="2s")) as coach:
        person.type_for(9)
        wait_for_card(desktop)
        choose(desktop, "due", SNOOZE_ROW, 0)
        desktop.wait_until(lambda: stage_of(coach) == "snoozed", 10, "the snooze")
        wait_for_no_card(desktop)
        assert outcomes(coach) == ["snoozed"]
        with person.typing():
            desktop.wait_until(lambda: stage_of(coach) == "shown", 40, "the prompt after the snooze of 10 s")
        choose(desktop, "due", PAUSE_ROW, 0)
        desktop.wait_until(lambda: coach.ask("status")["holds"] == ["pause"], 10, "the pause")
        wait_for_no_card(desktop)
        assert "you paused" in coach.say("why")
        coach.say("resume")
        assert coach.ask("status")["holds"] == []


# rows of the menu, 25 px each: why, today, break now, snooze, skip, pause; a separator above "break now"
SNOOZE_ROW, PAUSE_ROW = 3, 5


def choose(desktop: XfceDesktop, colour: str, row: int, of_submenu: int) -> None:
    """Open the icon's menu, point at a row, and click a row of the submenu that opens beside it."""
    icon = icon_place(desktop, colour, 10)
    before = left_half(desktop)
    desktop.x_server.pointer.click(*icon, 3)
    menu = desktop.wait_until(lambda: menu_box(before, left_half(desktop)), 5, "the menu")
    y = menu[1] + 16 + row * 25
    opened = left_half(desktop)
    desktop.x_server.pointer.move(menu[0] + 60, y)
    beside = desktop.wait_until(lambda: right_of(menu, opened, left_half(desktop)), 5, "the submenu")
    desktop.x_server.pointer.move(beside[0] + 30, y)
    desktop.x_server.pointer.click(beside[0] + 30, beside[1] + 16 + of_submenu * 25)


def left_half(desktop: XfceDesktop) -> Image.Image:
    """Take a picture of the part of the screen without the card."""
    picture = desktop.picture()
    return picture.crop((0, 0, picture.width // 2, picture.height))


def right_of(
    menu: tuple[int, int, int, int], before: Image.Image, after: Image.Image
) -> tuple[int, int, int, int] | None:
    """Give the box of what appeared to the right of the menu."""
    area = (menu[2], 36, before.width, before.height)
    box = ImageChops.difference(before.convert("RGB").crop(area), after.convert("RGB").crop(area)).getbbox()
    if box is None or box[3] - box[1] < 40:
        return None
    return box[0] + menu[2], box[1] + 36, box[2] + menu[2], box[3] + 36


def test_killed_coach_goes_on_with_the_same_bout(desktop: XfceDesktop, person: Person) -> None:
    coach = desktop.coach(settings(every="10m"))
    coach.start()
    with person.typing():
        desktop.wait_until(lambda: coach.ask("status")["sat_for_s"] >= 6, 30, "some sitting")
        coach.say("stand")
        coach.say("sit")  # a change of posture is saved at once
        desktop.wait_until(lambda: coach.ask("status")["sat_for_s"] >= 4, 30, "some more")
        before = coach.ask("status")
        coach.kill9()
        coach.start()
        after = coach.ask("status")
    try:
        assert after["bout_began_at"] == before["bout_began_at"]
        assert after["presence"] == "active"
    finally:
        coach.stop()


@pytest.mark.parametrize("where", ["prompt", "routine"])
def test_window_process_killed_brings_the_prompt_back(desktop: XfceDesktop, person: Person, where: str) -> None:
    with desktop.coach(settings(every="8s", patience="2s")) as coach:
        person.type_for(9)
        wait_for_card(desktop)
        if where == "routine":
            click_start(desktop, coach)
        (windows,) = window_processes(coach)
        os.kill(windows, signal.SIGKILL)
        with person.typing():
            card = desktop.wait_until(lambda: _new_card(desktop, coach, windows), 60, "the prompt to come back")
        assert card is not None
        assert outcomes(coach) == []


def _new_card(desktop: XfceDesktop, coach: Coach, dead: int) -> ShownWindow | None:
    return card_of(desktop) if dead not in window_processes(coach) else None


def window_processes(coach: Coach) -> list[int]:
    children = Path(f"/proc/{coach.pid}/task").glob("*/children")
    pids = {int(pid) for file in children for pid in file.read_text().split()}
    return [pid for pid in sorted(pids) if b"traycoach.ui" in command_line(pid)]


def command_line(pid: int) -> bytes:
    """Give a process's command line; nothing for one that is just ending."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_second_traycoach_raises_the_status_window_and_starts_nothing(desktop: XfceDesktop) -> None:
    with desktop.coach(settings()) as coach:
        pid = coach.pid
        said = coach.tell()
        assert said.returncode == 0, said.stderr
        desktop.wait_until(lambda: desktop.x_server.window("traycoach"), 15, "the status window")
        second = coach.tell("run")
        assert second.returncode == 1
        assert "already" in second.stderr
        assert coach.tell("run", "--login").returncode == 0
        assert coach.pid == pid
        assert coach.running


def test_lock_and_sleep_are_absences_known_at_once(desktop: XfceDesktop, person: Person) -> None:
    with desktop.coach(settings(every="10m", resets="5s"), XDG_SESSION_ID="c1") as coach:
        person.type_for(3)
        logind(desktop, "Lock")
        desktop.wait_until(lambda: coach.ask("status")["presence"] == "away", 5, "the lock")
        desktop.wait_until(lambda: _away_for(coach) >= 6, 20, "some time")
        logind(desktop, "Unlock")
        desktop.wait_until(lambda: coach.ask("status")["presence"] == "active", 5, "the return")
        assert rows(coach, "SELECT away_s >= 5 FROM breaks") == [(1,)]
        logind(desktop, "Sleep")
        desktop.wait_until(lambda: coach.ask("status")["presence"] == "away", 5, "the sleep")
        desktop.wait_until(lambda: held_inhibitors(desktop) == [], 5, "the inhibitor to be given back")
        logind(desktop, "WakeUp")
        desktop.wait_until(lambda: held_inhibitors(desktop) != [], 5, "the inhibitor to be taken again")
        assert coach.ask("status")["presence"] == "away", "waking up is nobody's return"
        with person.typing():
            desktop.wait_until(lambda: coach.ask("status")["presence"] == "active", 10, "the return")


def logind(desktop: XfceDesktop, method: str) -> Any:
    return desktop.system_bus.call("org.freedesktop.login1", "/fake", "org.example.FakeLogind", method)


def held_inhibitors(desktop: XfceDesktop) -> list[str]:
    (held,) = logind(desktop, "Inhibitors")
    return [one for one in held if one.startswith("sleep")]


def test_panel_restarted_and_started_late_has_the_icon(tmp_path: Path) -> None:
    with XfceDesktop(tmp_path, panel=False) as desktop, desktop.coach(settings(every="10m")) as coach:
        desktop.panel.start()
        icon_place(desktop, "sitting", 10)
        assert coach.ask("status")["tray_visible"] is True
        desktop.panel.restart()
        icon_place(desktop, "sitting", 10)


def test_without_a_display_one_sentence_names_the_demo(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        said = lab.coach().tell("run")

    assert said.returncode == 1
    assert "make demo" in said.stderr
    assert "Traceback" not in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
