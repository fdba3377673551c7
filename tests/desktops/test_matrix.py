"""Every aspect of the coach on every desktop: the real program, real input, pixels of the real screen.

One test an aspect; `driver.py` says what a desktop must offer, `conftest.py` keeps one desktop for the tests that
follow each other and writes the results down for `python -m scripts.matrix`. Desktops that need the packages of
`make desktops` have the marker `heavy_desktop`, and one of them runs at a time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.desktops.coach import Coach
from tests.desktops.driver import Aspect, Driver
from tests.desktops.lab import GaveUpError, pause
from tests.desktops.matrix import on_each_desktop

SETTINGS = """
version = 1
[presence]
idle_after = "5s"
away_after = "120s"
[quiet]
hours = []
fullscreen = false
[budget]
prompts_an_hour = 60
cards_an_hour = 60
apart = "0s"
[prompt]
by = "{by}"
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
resets_after = "120s"
routines = {{ ids = ["eyes-30"] }}
snooze = ["10s", "15m"]
"""

NEVER = "10m"  # longer than any test
SOON = "8s"
STATUS_WINDOW = "traycoach"
ROUTINE_WINDOW = "Eyes for half a minute"
# rows and separators of the menu above "I'm standing": why, today, –, break now, snooze, skip, pause, –
STANDING = (6, 2)


def settings(every: str, by: str = "auto", patience: str = "60s") -> str:
    return SETTINGS.format(every=every, by=by, patience=patience)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home for the coach; the desktop has another."""
    return tmp_path / "tc"


def status(coach: Coach, what: str) -> Any:
    return coach.ask("status")[what]


def stage_of(coach: Coach) -> str | None:
    prompts = status(coach, "prompts")
    return str(prompts[0]["stage"]) if prompts else None


def rows(coach: Coach, query: str) -> list[Any]:
    if not coach.history.exists():
        return []
    with closing(sqlite3.connect(f"file:{coach.history}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def outcomes(coach: Coach) -> list[str]:
    return [row[0] for row in rows(coach, "SELECT outcome FROM outcomes ORDER BY id")]


@on_each_desktop(Aspect.ICON)
def test_icon_is_on_the_screen_or_its_lack_is_said(driver: Driver, home: Path) -> None:
    before = driver.still()
    with driver.coach(settings(NEVER), home) as coach:
        if driver.has_tray:
            driver.icon("sitting")
            assert status(coach, "tray_visible") is True
        else:
            driver.await_notification(before)
            assert status(coach, "tray_visible") is False
    driver.no_icon()


@on_each_desktop(Aspect.MENU)
def test_menu_opens_and_a_row_is_chosen_by_the_pointer(driver: Driver, home: Path) -> None:
    with driver.coach(settings(NEVER), home) as coach:
        icon = driver.icon("sitting")
        if not driver.has_menu:
            driver.call_menu(icon)
            driver.lab.wait_until(lambda: driver.window(STATUS_WINDOW), 30, "the status window in place of the menu")
            return
        before = driver.still()
        driver.open_menu(icon)
        driver.close_menu()
        driver.lab.wait_until(
            lambda: driver.appeared(before, driver.picture(), (80, 100)) is None, 20, "the menu's end"
        )
        driver.choose(icon, *STANDING)
        driver.lab.wait_until(lambda: status(coach, "posture") == "standing", 20, "the chosen row's effect")


@on_each_desktop(Aspect.CLICK)
def test_left_click_opens_the_status_window(driver: Driver, home: Path) -> None:
    with driver.coach(settings(NEVER), home):
        driver.click_icon(driver.icon("sitting"))
        driver.lab.wait_until(lambda: driver.window(STATUS_WINDOW), 30, "the status window")


@on_each_desktop(Aspect.CLICK)
def test_left_click_takes_the_due_routine(driver: Driver, home: Path) -> None:
    with driver.coach(settings(SOON), home) as coach, driver.person().typing():
        driver.lab.wait_until(lambda: stage_of(coach) == "due", 60, "the rule to come due")
        driver.click_icon(driver.icon("due"))
        driver.lab.wait_until(lambda: driver.window(ROUTINE_WINDOW), 60, "the routine window")
        assert status(coach, "routine") == "eyes-30"


@on_each_desktop(Aspect.LIVE)
def test_icon_and_menu_change_with_the_state(driver: Driver, home: Path) -> None:
    with driver.coach(settings("20s"), home) as coach:
        sitting = menu_picture(driver, driver.icon("sitting"))
        with driver.person().typing():
            driver.lab.wait_until(lambda: stage_of(coach) == "due", 60, "the rule to come due")
            due = driver.icon("due")
            coach.say("skip")
        driver.icon("sitting")
        assert sitting is None or menu_picture(driver, due) != sitting


def menu_picture(driver: Driver, icon: tuple[int, int]) -> bytes | None:
    """Open the menu, close it again, and give how it looked; None where there is none."""
    if not driver.has_menu:
        return None
    box = driver.open_menu(icon)
    looks = driver.picture().crop(box).tobytes()
    driver.close_menu()
    return looks


@on_each_desktop(Aspect.RESTART)
def test_icon_is_back_after_the_panel_crashed(driver: Driver, home: Path) -> None:
    with driver.coach(settings(NEVER), home) as coach:
        driver.icon("sitting")
        driver.kill_host()
        try:
            driver.lab.wait_until(lambda: status(coach, "tray_visible") is False, 20, "the coach to know of it")
        finally:
            driver.start_host()
        driver.icon("sitting", 60)
        assert status(coach, "tray_visible") is True


@on_each_desktop(Aspect.IDLE)
def test_idle_and_resume_are_seen_from_real_input(driver: Driver, home: Path) -> None:
    person = driver.person()
    with driver.coach(settings(NEVER), home) as coach:
        for _again in range(2):
            person.touch()
            driver.lab.wait_until(lambda: status(coach, "presence") == "active", 20, "the input to be seen")
            driver.lab.wait_until(lambda: status(coach, "presence") == "idle", 40, "the silence to be seen")


@on_each_desktop(Aspect.BUTTONS)
def test_buttons_of_the_notification_are_the_answers(driver: Driver, home: Path) -> None:
    with driver.coach(settings(SOON, "notification", patience="2s"), home) as coach:
        answer_by_button(driver, coach, "snooze", "snoozed")
        answer_by_button(driver, coach, "skip", "skipped")


def answer_by_button(driver: Driver, coach: Coach, action: str, outcome: str) -> None:
    """Type until the notification stands, press its button, and see the answer in the history and the screen empty."""
    before = driver.still()
    with driver.person().typing():
        driver.lab.wait_until(lambda: stage_of(coach) == "shown", 90, "the prompt")
    box = driver.await_notification(before)

    def answered() -> bool:
        # as a person does: a notification that is still coming in may not hear the first press
        driver.press(action, box)
        try:
            driver.lab.wait_until(lambda: outcomes(coach)[-1:] == [outcome], 8, f"“{outcome}” in the history")
        except GaveUpError:
            return False
        return True

    driver.lab.wait_until(answered, 60, f"“{outcome}” in the history")
    driver.lab.wait_until(lambda: driver.appeared(before, driver.picture(), (120, 40)) is None, 20, "an empty screen")


@on_each_desktop(Aspect.LOGIN)
def test_login_starts_the_coach(driver: Driver, home: Path) -> None:
    coach = driver.lab.coach(settings(NEVER), TRAYCOACH_HOME=str(home))
    coach.say("autostart", "on")
    driver.log_in()
    driver.lab.wait_until((home / "run" / "control").exists, 60, "the coach")
    driver.lab.wait_until(lambda: coach.tell("status").returncode == 0, 30, "its answer")
    try:
        if driver.has_tray:
            driver.icon("sitting", 60)
    finally:
        coach.say("quit")


@on_each_desktop(Aspect.ROUTINE)
def test_prompt_is_taken_the_routine_plays_and_is_in_the_history(driver: Driver, home: Path) -> None:
    before = driver.still()
    with driver.coach(settings(SOON, patience="2s"), home) as coach:
        with driver.person().typing():
            driver.lab.wait_until(lambda: stage_of(coach) == "shown", 90, "the prompt")
        driver.accept_prompt(coach, before)
        driver.lab.wait_until(lambda: driver.window(ROUTINE_WINDOW), 60, "the routine window")
        driver.lab.wait_until(lambda: stands_still(driver), 120, "the end card, on which nothing counts")
        driver.tap("Return")
        driver.lab.wait_until(lambda: rows(coach, "SELECT 1 FROM routines"), 30, "the row of the routine")

        ((done, steps, rule),) = rows(coach, "SELECT steps_done, steps, rule FROM routines")
        assert (done, rule) == (steps, "stand")
        assert outcomes(coach)[-1] == "completed"


def stands_still(driver: Driver) -> bool:
    """Tell whether the screen looks the same for three seconds; a routine that plays counts its seconds."""
    first = driver.picture()
    for _second in range(6):
        pause(0.5)
        if driver.appeared(first, driver.picture(), (1, 1)) is not None:
            return False
    return True
