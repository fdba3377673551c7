"""Every day script gives the timeline that stands beside it, and together they cover what the coach promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from traycoach.simulate import run_script
from traycoach.simulate.script import load_script
from traycoach.simulate.timeline import first_difference

DAYS = Path(__file__).parent
SCRIPTS = sorted(DAYS.glob("*.toml"))

BULLETS = {
    # what the words of the sitting model mean
    "1 bout",
    "1 evidence",
    "1 posture",
    "1 unknown",
    # the sitting model
    "2 clocks",
    "2 silence undone",
    "2 natural breaks",
    "2 prompted breaks",
    "2 routines",
    "2 next interval",
    "2 stray input",
    "2 gaps",
    "2 restart",
    "2 clock changes",
    "2 corrections",
    "2 roll-over",
    # rules and prompts
    "3 default rules",
    "3 triggers",
    "3 hours",
    "3 quiet",
    "3 daylight saving",
    "3 marks",
    "3 good moment",
    "3 obeying",
    "3 card",
    "3 notice",
    "3 merge",
    "3 budget",
    "3 hold",
    "3 snooze",
    "3 pause",
    "3 honest break",
    "3 look",
    "3 why",
    "3 sharing",
}
"""What a day can show, one name a promise, in the order of the product's description."""

PEERS = {f"peers {row}" for row in (1, 5, 6, 10, 11, 12, 13, 14, 15, 21, 22, 24, 40, 42)}
"""Bugs that other break timers really had and that a day can show; 16 is shown besides."""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_day_gives_the_timeline_beside_it(path: Path) -> None:
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    timeline = run_script(path)

    difference = first_difference(expected, timeline.lines())

    assert difference is None, f"{path.name}: {difference}\n{timeline.text()}"


def test_every_promise_has_a_day() -> None:
    covered = {bullet for path in SCRIPTS for bullet in load_script(path).covers}

    assert covered >= BULLETS | PEERS
    assert covered <= BULLETS | PEERS | {"peers 16"}


def test_every_timeline_has_its_day() -> None:
    assert {path.stem for path in SCRIPTS} == {path.stem for path in DAYS.glob("*.txt")}


def test_a_shared_screen_shows_no_details() -> None:
    timeline = run_script(DAYS / "shared-screen.toml")

    (prompt,) = [entry.data for entry in timeline.entries if entry.kind == "prompt"]
    assert prompt["headline"] == "Time for a break"
    assert not prompt["line"]
