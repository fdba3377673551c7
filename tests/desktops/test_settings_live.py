"""Edits of the settings under a running coach: good ones are live and keep elapsed sitting, bad ones harm nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.desktops.coach import Coach
from tests.desktops.lab import Bus, Lab, XServer
from tests.desktops.person import Person

GOOD = 'version = 1\n[[rule]]\nid = "stand"\nevery = "{every} sitting"\n'

FIVE_MISTAKES = """version = 1
[presense]
idle_after = "60s"
[budget]
cards_an_hour = "two"
[[rule]]
id = "stand"
evry = "30m sitting"
resets_after = "3 minutes and a bit"
look = "popup"
"""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as made, XServer(made), Bus(made):
        yield made


@pytest.fixture
def coach(lab: Lab) -> Iterator[Coach]:
    with lab.coach(GOOD.format(every="30m"), TZ=where_it_is_noon()) as running:
        yield running


def where_it_is_noon() -> str:
    """Give a zone, tzset(3), in which it is about noon: the defaults have quiet hours at night."""
    return f"NOON{datetime.now(UTC).hour - 12:+d}"


def limit_of(coach: Coach) -> int:
    """The minutes that the ring counts to: "sitting 0 of 30 min"."""
    words = coach.ask("status")["tray"]["words"]
    return int(words.split(" of ")[1].split()[0])


def test_edit_is_live_and_keeps_the_elapsed_sitting(lab: Lab, coach: Coach) -> None:
    person = Person(lab)
    with person.typing():
        lab.wait_until(lambda: coach.ask("status")["rules"]["stand"] >= 4, 20, "some sitting")
        before = coach.ask("status")["rules"]["stand"]
        coach.write_settings(GOOD.format(every="45m"))
        lab.wait_until(lambda: limit_of(coach) == 45, 5, "the edit to be live")
        assert coach.ask("status")["rules"]["stand"] >= before


def test_five_mistakes_are_all_named_and_nothing_changes(lab: Lab, coach: Coach) -> None:
    coach.write_settings(FIVE_MISTAKES)
    lab.wait_until(lambda: coach.log.count("settings: ") >= 5, 10, "the problems in the log")
    named = [line for line in coach.log.splitlines() if "settings: " in line]
    for line, key, nearest in (
        (2, "presense", "presence"),
        (5, "budget.cards_an_hour", ""),
        (8, "rule.stand.evry", "every"),
        (9, "rule.stand.resets_after", ""),
        (10, "rule.stand.look", "notice"),
    ):
        found = [one for one in named if f":{line}: {key}" in one]
        assert found, f"line {line}, {key}: {named}"
        assert nearest in found[0]
    assert limit_of(coach) == 30
    checked = coach.tell("config", "check")
    assert checked.returncode == 2
    assert (checked.stdout + checked.stderr).count("traycoach.toml:") == 5


@pytest.mark.parametrize("harm", ["half written", "not UTF-8", "50 MB", "a folder"])
def test_unreadable_file_is_a_clear_sentence_and_the_coach_goes_on(lab: Lab, coach: Coach, harm: str) -> None:
    file = coach.settings
    match harm:
        case "half written":
            coach.write_settings(GOOD.format(every="20m")[:30])
        case "not UTF-8":
            file.write_bytes(b"version = 1\n# \xff\xfe\n")
        case "50 MB":
            file.write_bytes(b"#" * 50_000_000)
        case "a folder":
            file.unlink()
            file.mkdir()
    lab.wait_until(lambda: "settings: " in coach.log, 10, "the sentence in the log")

    sentence = next(line for line in coach.log.splitlines() if "settings: " in line)
    assert "Traceback" not in coach.log
    assert "traycoach.toml" in sentence
    assert limit_of(coach) == 30


def test_file_that_vanishes_leaves_the_defaults_and_comes_back(lab: Lab, coach: Coach) -> None:
    coach.write_settings(GOOD.format(every="40m"))
    lab.wait_until(lambda: limit_of(coach) == 40, 5, "the edit to be live")
    coach.settings.unlink()
    lab.wait_until(lambda: limit_of(coach) == 30, 5, "the defaults")
    coach.write_settings(GOOD.format(every="50m"))
    lab.wait_until(lambda: limit_of(coach) == 50, 5, "the file that came back")
