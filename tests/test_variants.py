"""Which easier and harder exercises a routine's steps get, and how much of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.figure.bundle import exercises
from traycoach.core.instant import SECOND
from traycoach.library import Library
from traycoach.library.variants import may_replace, variant
from traycoach.messages import RoutineStep, RoutineVariant
from traycoach.settings import Offers


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def step(name: str, side: str = "none", length_s: float = 30, reps: int | None = None) -> RoutineStep:
    return RoutineStep(exercises()[name], side, length_s * SECOND, reps)


def given(step: RoutineStep, name: str, *, harder: bool = False) -> tuple[str, float, int | None]:
    found = variant(step, exercises()[name], harder=harder)
    assert found is not None
    return found.side, found.time / SECOND, found.reps


def test_easier_exercise_takes_the_time_of_the_step_in_whole_repetitions() -> None:
    assert given(step("bridge", length_s=56), "pelvic-tilt-floor") == ("none", 54, 9)


def test_single_repetition_is_timed() -> None:
    assert given(step("bridge", length_s=6), "pelvic-tilt-floor") == ("none", 6, None)


def test_harder_exercise_takes_no_more_than_its_own_dose() -> None:
    assert given(step("cat-cow-seated", length_s=300), "cat-camel", harder=True) == ("none", 36, 6)


def test_side_stays_where_both_have_sides() -> None:
    assert given(step("hip-abduction-standing", "left", 40), "clamshell") == ("left", 40, 8)


def test_without_sides_in_the_place_of_one_side_it_is_half_the_dose_where_harder() -> None:
    assert given(step("knee-extension-seated", "right", 42), "sit-to-stand", harder=True) == ("none", 24, 4)


def test_with_sides_in_the_place_of_a_step_without_it_is_done_on_both() -> None:
    assert given(step("bridge", length_s=56), "single-leg-bridge", harder=True) == ("both", 60, 10)


def test_long_hold_is_not_hurried() -> None:
    side, seconds, reps = given(step("seat-shift", length_s=4), "figure4-seated")
    assert (side, reps) == ("both", None)
    assert seconds >= 2 * 0.6 * 30


def test_exercise_without_a_dose_is_no_variant() -> None:
    body = {key: value for key, value in exercises()["bridge"].items() if key != "dose"}
    assert variant(step("bridge"), body, harder=False) is None


def test_promise_of_a_routine_holds_for_its_variants(library: Library) -> None:
    entry = replace(library.entries()[0], floor=False, wheelchair=False)
    floor = exercises()["cat-camel"]
    assert set(floor["place"]) == {"floor"}
    assert not may_replace(floor, entry, Offers())
    assert may_replace(floor, replace(entry, floor=True), Offers())
    assert not may_replace(exercises()["sit-to-stand"], replace(entry, wheelchair=True), Offers())


def test_what_the_user_leaves_out_is_no_variant_either(library: Library) -> None:
    entry = replace(library.entries()[0], floor=True, wheelchair=False)
    kneeling = exercises()["hip-flexor-kneeling"]
    assert may_replace(kneeling, entry, Offers())
    assert not may_replace(kneeling, entry, Offers(leave_out=frozenset({"kneel"})))
    assert not may_replace(kneeling, entry, Offers(level=kneeling["level"] - 1))
    assert not may_replace(kneeling, entry, Offers(wheelchair=True))


def test_every_routine_opens_with_variants_that_can_be_played(library: Library) -> None:
    found: list[RoutineVariant] = []
    for entry in library.entries():
        for one in library.open_message(entry.id).steps:
            for other in (one.easier, one.harder):
                if other is not None:
                    found.append(other)
                    assert other.time > timedelta(0)
                    assert other.side in {one.side, "none", "both"}
                    assert other.exercise["id"] != one.exercise["id"]
                    assert entry.floor or set(other.exercise["place"]) != {"floor"}
    assert found
