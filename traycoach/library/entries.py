"""What the index knows of each exercise and routine: enough for pickers and lists, without opening its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traycoach.core.instant import ZERO
from traycoach.core.picker import RoutineInfo
from traycoach.library.bodies import sides_of, step_dose
from traycoach.library.dose import dose_of

if TYPE_CHECKING:
    from traycoach.library.files import RoutineFile
    from traycoach.library.lessons import LessonFile

Bodies = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ExerciseEntry:
    """What lists need of an exercise. `file` is relative to its library's folder.

    `work_s` is what its own dose takes, one side; `reps` is None for a timed one. `easier` and `harder` are ids of
    exercises that exist, or "".
    """

    id: str
    title: str
    file: str
    sides: str
    work_s: float
    reps: int | None
    place: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    level: int = 1
    discreet: int = 1
    wheelchair: bool = False
    easier: str = ""
    harder: str = ""


@dataclass(frozen=True, slots=True)
class RoutineEntry:
    """What pickers and lists need of a routine. `length_s` is stated; `picture` is the exercise that stands for it.

    `exercises` are the ids of its steps, in order.
    """

    id: str
    title: str
    summary: str
    file: str
    length_s: int
    purposes: tuple[str, ...]
    place: tuple[str, ...]
    needs: tuple[str, ...]
    regions: tuple[str, ...]
    filters: tuple[str, ...]
    level: int
    discreet: int
    floor: bool
    wheelchair: bool
    picture: str
    exercises: tuple[str, ...] = ()
    own: bool = False

    @property
    def length(self) -> timedelta:
        """The stated length, both sides done."""
        return timedelta(seconds=self.length_s)

    @property
    def stands(self) -> bool:
        """Whether any of it is done elsewhere than in a chair."""
        return self.floor or "stand" in self.filters or "seated" not in self.place

    def info(self, *, offered: bool) -> RoutineInfo:
        """Give what the coach's picker needs; what is not offered is found by its name only."""
        return RoutineInfo(
            id=self.id,
            title=self.title,
            offer=self.summary,
            length=self.length,
            purposes=frozenset(self.purposes),
            regions=self.regions,
            place=frozenset(self.place),
            needs=frozenset(self.needs),
            level=self.level,
            discreet=self.discreet,
            floor=self.floor,
            offered=offered,
        )


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """What lists need of a lesson; `now` is the one thing to change."""

    id: str
    title: str
    summary: str
    file: str
    length_s: int
    now: str

    @property
    def length(self) -> timedelta:
        """The stated length."""
        return timedelta(seconds=self.length_s)


def exercise_entry(path: Path, body: Mapping[str, Any]) -> ExerciseEntry:
    """Give the entry of an exercise that has been checked."""
    dose = dose_of(body["dose"])
    assert dose is not None  # it has been checked
    return ExerciseEntry(
        id=path.stem,
        title=body["title"],
        file=f"{path.parent.name}/{path.name}",
        sides=body.get("sides", "none"),
        work_s=dose.work_for.total_seconds(),
        reps=dose.reps,
        place=tuple(body.get("place", ())),
        needs=tuple(body.get("needs", ())),
        regions=tuple(body.get("regions", ())),
        goals=tuple(body.get("goals", ())),
        filters=tuple(body.get("filters", ())),
        level=int(body.get("level", 1)),
        discreet=int(body.get("discreet", 1)),
        wheelchair=body.get("wheelchair", False),
        easier=body.get("easier", ""),
        harder=body.get("harder", ""),
    )


def routine_entry(path: Path, routine: RoutineFile, bodies: Bodies, *, own: bool) -> RoutineEntry:
    """Give the entry of a routine that has been checked; `bodies` has the exercises of its steps."""
    body = routine.mapping
    filters = {word for step in routine.steps for word in filters_of(bodies[step.exercise])}
    return RoutineEntry(
        id=path.stem,
        title=body["title"],
        summary=body["summary"],
        file=f"{path.parent.name}/{path.name}",
        length_s=round(routine.length.total_seconds()),
        purposes=tuple(body["purposes"]),
        place=tuple(body.get("place", ())),
        needs=tuple(body.get("needs", ())),
        regions=tuple(body.get("regions", ())),
        filters=tuple(sorted(filters)),
        level=int(body.get("level", 1)),
        discreet=int(body.get("discreet", 1)),
        floor=body.get("floor", False),
        wheelchair=body.get("wheelchair", False),
        picture=_picture(routine, bodies),
        exercises=tuple(step.exercise for step in routine.steps),
        own=own,
    )


def filters_of(exercise: Mapping[str, Any]) -> set[str]:
    """Give an exercise's filter words; one that can only be done standing has "stand", even if it does not say so."""
    words = set(exercise.get("filters", ()))
    return words if {"seated", "floor"} & set(exercise.get("place", ())) else words | {"stand"}


def lesson_entry(path: Path, lesson: LessonFile) -> LessonEntry:
    """Give the entry of a lesson that has been checked."""
    return LessonEntry(
        id=path.stem,
        title=lesson.mapping["title"],
        summary=lesson.mapping["summary"],
        file=f"{path.parent.name}/{path.name}",
        length_s=round(lesson.length.total_seconds()),
        now=lesson.now,
    )


def _picture(routine: RoutineFile, bodies: Bodies) -> str:
    """Give the exercise that most of the routine's time goes to; of several the first."""
    most, picture = ZERO, routine.steps[0].exercise
    for step in routine.steps:
        body = bodies[step.exercise]
        dose = step_dose(body, step)
        work_for = ZERO if dose is None else len(sides_of(body, step)) * dose.work_for
        if work_for > most:
            most, picture = work_for, step.exercise
    return picture
