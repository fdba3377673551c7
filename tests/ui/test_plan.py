"""The steps as they are played and seen: a step of both sides is one side's at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from traycoach.library import Library
from traycoach.messages import OpenRoutineWindow, RoutineVariant
from traycoach.ui.exercise_words import dose_of, side_word
from traycoach.ui.plan import BOTH, EASIER, HARDER, Plan
from traycoach.ui.step_speech import step_sentence

CASES = [("core-1", 3, HARDER), ("core-2", 0, HARDER), ("core-2", 1, EASIER)]
"""Shipped routine, step, level: exercises with sides in the place of one without, counted and timed."""


def taken(routine: str, index: int, level: str) -> tuple[Plan, RoutineVariant]:
    message: OpenRoutineWindow = Library.load().open_message(routine)
    plan = Plan(message.steps)
    assert plan.take_level(index, level)
    variant = {EASIER: message.steps[index].easier, HARDER: message.steps[index].harder}[level]
    assert variant is not None
    assert variant.side == BOTH
    return plan, variant


@pytest.mark.parametrize(("routine", "index", "level"), CASES)
@pytest.mark.parametrize(("share", "side"), [(0.0, "right"), (0.5, "left")])
def test_each_side_of_a_step_of_both_is_told_with_its_own_half(
    routine: str, index: int, level: str, share: float, side: str
) -> None:
    plan, variant = taken(routine, index, level)
    half = f"{variant.time.total_seconds() / 2:.0f} seconds" if variant.reps is None else f"{variant.reps // 2} times"
    sentence = step_sentence(plan.as_seen(index, share), index)
    assert f"{side_word(side)} side, {half}." in sentence


@pytest.mark.parametrize(("routine", "index", "level"), CASES)
def test_ear_and_eye_are_told_the_same_dose(routine: str, index: int, level: str) -> None:
    plan, _variant = taken(routine, index, level)
    amount = dose_of(plan.steps, index).removesuffix(" each side")
    assert f"side, {amount}" in step_sentence(plan.as_seen(index, 0.0), index)


@pytest.mark.parametrize(("routine", "index", "level"), CASES)
def test_player_and_other_steps_keep_the_whole_of_it(routine: str, index: int, level: str) -> None:
    plan, variant = taken(routine, index, level)
    seen = plan.as_seen(index, 0.0)
    assert seen[index].time == variant.time / 2 > timedelta(0)
    assert seen[:index] + seen[index + 1 :] == plan.steps[:index] + plan.steps[index + 1 :]
    step = plan.for_player()[index]
    assert (step.time, step.reps, step.turns) == (variant.time, variant.reps, 2)
