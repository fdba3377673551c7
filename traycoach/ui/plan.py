"""The steps of a routine as they are played: which side first, and how easy or hard each exercise is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from traycoach.core.routine import Step
from traycoach.messages import RoutineStep

EASIER: Final = "easier"
STANDARD: Final = "standard"
HARDER: Final = "harder"
LEVELS: Final = (EASIER, STANDARD, HARDER)
"""In the order of the keys 1, 2, 3."""
BOTH: Final = "both"


class Plan:
    """The routine's steps, each at its level. A level belongs to an exercise: both its sides are taken alike."""

    def __init__(self, steps: Sequence[RoutineStep]) -> None:
        self._written = list(steps)
        self._levels = {exercise_id(step): step.level for step in steps}
        self.steps: list[RoutineStep] = []
        """As they are played."""
        self._play()

    def level(self, index: int) -> str:
        """Give the level of a step."""
        level = self._levels[exercise_id(self._written[index])]
        return level if level in self.levels(index) else STANDARD

    def levels(self, index: int) -> tuple[str, ...]:
        """Give the levels there are for a step."""
        return tuple(level for level in LEVELS if at_level(self._written[index], level) is not None)

    def exercise(self, index: int) -> str:
        """Give the id of the exercise that the routine's file names for a step."""
        return exercise_id(self._written[index])

    def take_level(self, index: int, level: str) -> bool:
        """Take the exercise of a step at this level, wherever it comes; False if it is taken so or there is none."""
        if level == self.level(index) or level not in self.levels(index):
            return False
        self._levels[self.exercise(index)] = level
        self._play()
        return True

    def swap(self, first: int, second: int) -> None:
        """Let two steps change places."""
        for steps in (self._written, self.steps):
            steps[first], steps[second] = steps[second], steps[first]

    def as_seen(self, index: int, share: float) -> list[RoutineStep]:
        """Give the steps; of step `index`, where it is one of both sides, the half that is done at `share` of it."""
        steps = list(self.steps)
        step = steps[index]
        if step.side == BOTH:
            side = "right" if share < 0.5 else "left"
            reps = None if step.reps is None else step.reps // 2
            steps[index] = replace(step, side=side, time=step.time / 2, reps=reps)
        return steps

    def for_player(self) -> list[Step]:
        """Give what the player needs of them."""
        return [Step(step.time, step.reps, turns=2 if step.side == BOTH else 1) for step in self.steps]

    def _play(self) -> None:
        self.steps = [at_level(step, self.level(index)) or step for index, step in enumerate(self._written)]


def exercise_id(step: RoutineStep) -> str:
    """Give the id of a step's exercise; "" if its file has none."""
    return str(step.exercise.get("id", ""))


def at_level(step: RoutineStep, level: str) -> RoutineStep | None:
    """Give the step with the exercise of a level in its place; None if there is none."""
    variant = {EASIER: step.easier, HARDER: step.harder}.get(level)
    if variant is None:
        return step if level == STANDARD else None
    return replace(step, exercise=variant.exercise, side=variant.side, time=variant.time, reps=variant.reps)
