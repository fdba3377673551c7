"""What the menu offers in each state, and which commands its rows are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.tray.stage import tray_state
from traycoach.core.actions import TrayState
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Posture
from traycoach.tray.menu import build_menu, title_of
from traycoach.tray.toolkit import Menu

ROUTINES = (
    RoutineInfo("hips-and-back", "Hips and back", "", timedelta(minutes=2), frozenset()),
    RoutineInfo("eyes", "Eyes", "", timedelta(seconds=20), frozenset()),
)


def rows_of(state: TrayState) -> dict[str, Any]:
    """Give what each visible row says and does, by path of labels."""
    sent: list[tuple[str, tuple[str, ...]]] = []
    found: dict[str, Any] = {}

    def walk(menu: Menu, above: str) -> None:
        for row in menu:
            if row is Menu.SEPARATOR:
                continue
            path = f"{above}{row.text}"
            if row.submenu is not None:
                found[path] = (row.enabled, None)
                walk(row.submenu, f"{path} > ")
            else:
                sent.clear()
                row(None)
                found[path] = (row.enabled, sent[0] if sent else None)

    walk(build_menu(state, ROUTINES, lambda verb, words: sent.append((verb, words))), "")
    return found


def test_menu_of_a_plain_day() -> None:
    assert rows_of(tray_state()) == {
        "Next: stand up in 6 min.": (False, None),
        "Sat 3 h 10 today.": (False, None),
        "Take a break now": (True, None),
        "Take a break now > Choose for me": (True, ("now", ())),
        "Take a break now > Hips and back (2 min)": (True, ("now", ("hips-and-back",))),
        "Take a break now > Eyes (1 min)": (True, ("now", ("eyes",))),
        "Snooze": (False, None),
        "Snooze > 5 min": (True, ("snooze", ("5m",))),
        "Snooze > 15 min": (True, ("snooze", ("15m",))),
        "Snooze > 30 min": (True, ("snooze", ("30m",))),
        "Snooze > After my meeting": (True, ("snooze", ("meeting",))),
        "Skip this one": (False, ("skip", ())),
        "Pause": (True, None),
        "Pause > 30 min": (True, ("pause", ("30m",))),
        "Pause > 1 h": (True, ("pause", ("1h",))),
        "Pause > Until tomorrow": (True, ("pause", ("tomorrow",))),
        "Pause > Until I resume": (True, ("pause", ("resumed",))),
        "I'm standing": (True, ("stand", ())),
        "History…": (True, ("open", ("history",))),
        "Routines…": (True, ("open", ("routines",))),
        "Settings…": (True, ("open", ("settings",))),
        "Quit": (True, ("quit", ())),
    }


def test_snooze_and_skip_are_enabled_with_something_to_snooze() -> None:
    rows = rows_of(tray_state("due", can_snooze=True, snooze_choices=(timedelta(seconds=90), timedelta(hours=2))))
    assert rows["Snooze"][0]
    assert rows["Skip this one"][0]
    assert rows["Snooze > 2 min"] == (True, ("snooze", ("90s",)))
    assert rows["Snooze > 2 h"] == (True, ("snooze", ("2h",)))
    assert "Snooze > 5 min" not in rows


def test_paused_offers_to_resume_in_the_place_of_pause() -> None:
    rows = rows_of(tray_state("paused", paused=True))
    assert rows["Resume"] == (True, ("resume", ()))
    assert not any(path.startswith("Pause") for path in rows)


def test_standing_is_checked_and_its_row_sits_down() -> None:
    rows = rows_of(tray_state("standing", posture=Posture.STANDING))
    assert rows["I'm standing"] == (True, ("sit", ()))
    menu = build_menu(tray_state("standing", posture=Posture.STANDING), (), lambda *_: None)
    (row,) = [row for row in menu if row.text == "I'm standing"]
    assert row.checked is True


@pytest.mark.parametrize("offered", [False, True])
def test_presence_can_be_claimed_only_when_there_is_something_to_claim(offered: bool) -> None:
    assert ("I was at the desk" in rows_of(tray_state(can_claim_presence=offered))) is offered


def test_no_second_routine_is_offered_during_one() -> None:
    assert rows_of(tray_state("routine", routine_running=True))["Take a break now"] == (False, None)


def test_empty_today_has_no_row() -> None:
    assert "" not in rows_of(tray_state(today=""))


def test_left_click_is_the_default_action_and_no_row() -> None:
    sent: list[tuple[str, tuple[str, ...]]] = []
    build_menu(tray_state(), (), lambda verb, words: sent.append((verb, words)))(None)
    assert sent == [("default", ())]


def test_keys_are_unique() -> None:
    def keys(menu: Menu) -> list[str]:
        found = []
        for row in menu:
            if row is not Menu.SEPARATOR:
                found += [row.key, *(keys(row.submenu) if row.submenu is not None else [])]
        return found

    every = keys(build_menu(tray_state(can_claim_presence=True), ROUTINES, lambda *_: None))
    assert len(every) == len(set(every))


def test_title_says_the_state_in_words() -> None:
    assert title_of(tray_state()) == "traycoach – sitting 24 of 30 min"
    assert title_of(tray_state(words="")) == "traycoach"


def test_long_sentence_does_not_make_the_menu_as_wide_as_the_screen() -> None:
    sentence = "I cannot see keyboard or mouse: " + "the display does not answer. " * 9
    (shown,) = [label for label, (enabled, _) in rows_of(tray_state(why=sentence)).items() if "cannot see" in label]
    assert len(shown) <= 100
    assert shown.endswith("…")
    assert sentence.startswith(shown[:-1])
    assert sentence[len(shown) - 1] in " .", "a word was cut in two"
