"""The bundled routines: they name exercises that exist, and their stated lengths are true."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.figure.bundle import ROOT, exercises
from tests.figure.test_exercises import FORBIDDEN, seconds

ROUTINES: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "config/routines").glob("*.toml"))
}
KEYS = {
    *("id", "title", "summary", "purposes", "length", "place", "floor", "needs", "level", "regions"),
    *("discreet", "wheelchair", "step"),
}
GET_READY_S = 3.0
each_routine = pytest.mark.parametrize("name", ROUTINES)


def length_s(routine: dict[str, Any]) -> float:
    total = 0.0
    for step in routine["step"]:
        exercise = exercises()[step["exercise"]]
        dose = {**exercise["dose"], **step.get("dose", {})}
        work = (
            seconds(dose["time"])
            if "time" in dose
            else dose.get("reps", 1) * (seconds(dose.get("hold", "0s")) + seconds(dose["pace"]))
        )
        both = exercise["sides"] == "right-left" and step.get("sides", "both") == "both"
        total += (GET_READY_S + work) * (2 if both else 1)
    return total


@each_routine
def test_stated_length_is_true_within_five_per_cent(name: str) -> None:
    stated = seconds(ROUTINES[name]["length"])
    assert abs(length_s(ROUTINES[name]) - stated) <= 0.05 * stated


@each_routine
def test_routine_file_is_complete(name: str) -> None:
    routine = ROUTINES[name]
    assert set(routine) == KEYS
    assert routine["id"] == name
    assert all(set(step) <= {"exercise", "dose", "sides"} for step in routine["step"])
    assert FORBIDDEN.search(f"{routine['title']} {routine['summary']}") is None


@each_routine
def test_routine_flags_follow_from_its_steps(name: str) -> None:
    routine = ROUTINES[name]
    steps = [exercises()[step["exercise"]] for step in routine["step"]]
    assert routine["level"] == max(step["level"] for step in steps)
    assert routine["discreet"] == min(step["discreet"] for step in steps)
    assert routine["wheelchair"] == all(step["wheelchair"] for step in steps)
    assert routine["floor"] == any(step["place"] == ["floor"] for step in steps)
    assert set(routine["needs"]) == {need for step in steps for need in step["needs"]}


@pytest.mark.parametrize(
    ("purpose", "low", "high"),
    [("micro", 20, 40), ("stand-up", 55, 120), ("move", 180, 300), ("standing", 60, 300), ("wind-down", 60, 300)],
)
def test_every_rule_of_the_default_schedule_finds_a_routine(purpose: str, low: float, high: float) -> None:
    lengths = [length_s(routine) for routine in ROUTINES.values() if purpose in routine["purposes"]]

    assert any(low <= length <= high for length in lengths)


def test_eyes_have_a_routine_of_little_more_than_half_a_minute() -> None:
    assert min(length_s(routine) for routine in ROUTINES.values() if "eye" in routine["purposes"]) <= 40
