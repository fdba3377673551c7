"""The library of exercises and routines: an index in memory, bodies read when they are used, the user's own added.

The shipped files are trusted (tests check them); the user's are checked when the library is loaded, and a faulty one is
named and left out. Files are data: nothing in them can run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from traycoach.core.picker import RoutineInfo, may_offer
from traycoach.core.rules import Schedule
from traycoach.errors import Problem, UserError
from traycoach.library.bodies import parsed, sides_of, step_dose, steps_of
from traycoach.library.index import FOLDERS, ExerciseEntry, Index, LessonEntry, RoutineEntry, build, stored
from traycoach.library.links import KEYS as LINKS
from traycoach.library.own import replacement
from traycoach.library.variants import may_replace, variant
from traycoach.messages import OpenRoutineWindow, RoutineStep, RoutineVariant
from traycoach.paths import bundled
from traycoach.settings import Offers
from traycoach.text import _


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine as the window plays it. `length` is stated; a sided step stands once for each side."""

    id: str
    title: str
    summary: str
    length: timedelta
    steps: tuple[RoutineStep, ...]


class Library:
    """The shipped exercises and routines with the user's own; one of theirs takes the place of ours of the same id."""

    def __init__(self, shipped: Index, own: Index | None = None) -> None:
        self._shipped = shipped
        self._own = own or Index(shipped.folder)
        replaced = replacement(shipped, self._own)
        self._kept = replaced.kept
        self.problems: tuple[Problem, ...] = (*shipped.problems, *self._own.problems, *replaced.problems)
        self._exercises = {**shipped.exercises, **self._own.exercises}
        self._routines = {**shipped.routines, **replaced.routines, **self._own.routines}
        self._lessons = {**shipped.lessons, **self._own.lessons}

    @classmethod
    def load(cls, bundled_dir: Path | None = None, user_dir: Path | None = None) -> Library:
        """Load the library of the shipped `config` folder and the user's own `exercises`, `routines` and `lessons`.

        None of the user's folders need exist. What is wrong with their files is in `problems`.
        """
        folder = bundled_dir or bundled("config")
        shipped = stored(folder) or build(folder)
        has_own = user_dir is not None and any((user_dir / name).is_dir() for name in FOLDERS)
        return cls(shipped, build(user_dir, shipped) if user_dir is not None and has_own else None)

    def catalogue(self, offers: Offers | None = None) -> tuple[RoutineInfo, ...]:
        """Give all routines. Those that `offers` leaves out are marked: only their name finds them."""
        entries = sorted(self._routines.values(), key=lambda entry: entry.id)
        return tuple(entry.info(offered=offers is None or suits(entry, offers)) for entry in entries)

    def entries(self) -> tuple[RoutineEntry, ...]:
        """Give what the index knows of each routine, by id."""
        return tuple(sorted(self._routines.values(), key=lambda entry: entry.id))

    def exercises(self) -> tuple[ExerciseEntry, ...]:
        """Give what the index knows of each exercise, by id."""
        return tuple(sorted(self._exercises.values(), key=lambda entry: entry.id))

    def exercise(self, exercise_id: str) -> Mapping[str, Any]:
        """Give an exercise's file, without links that cannot be followed.

        Raises UserError for an unknown id and a file that cannot be read or, the user's own, has become faulty.
        """
        entry = self._exercises.get(exercise_id)
        if entry is None:
            raise _unknown(_("there is no exercise of this name"), exercise_id, self._exercises)
        if exercise_id not in self._own.exercises:
            return parsed(self._shipped.folder / entry.file)
        from traycoach.library.files import exercise_file  # its owner may have changed it since it was checked

        body = exercise_file(self._own.folder / entry.file, self.poses())
        return {key: value for key, value in body.items() if key not in LINKS or getattr(entry, key)}

    def poses(self) -> Mapping[str, Any]:
        """Give the base poses, for `figure.clip.parse_clip`."""
        return parsed(self._shipped.folder / "poses.toml")

    def routine(self, routine_id: str) -> Routine:
        """Give a routine with its steps expanded. Raises UserError for an unknown id and a file that is faulty."""
        entry = self._routines.get(routine_id)
        if entry is None:
            raise _unknown(_("there is no routine of this name"), routine_id, self._routines)
        bodies: dict[str, Mapping[str, Any]] = {}

        keeps = routine_id in self._kept and not entry.own

        def body_of(name: str) -> Mapping[str, Any]:
            if name not in bodies:
                shipped = self._shipped.exercises
                bodies[name] = parsed(self._shipped.folder / shipped[name].file) if keeps else self.exercise(name)
            return bodies[name]

        path = (self._own if entry.own else self._shipped).folder / entry.file
        if entry.own or (not keeps and set(entry.exercises) & self._own.exercises.keys()):
            from traycoach.library.files import routine_file  # as above

            routine_file(path, body_of, self._exercises, recount=not entry.own)
        steps: list[RoutineStep] = []
        for step in steps_of(parsed(path)):
            body = body_of(step.exercise)
            dose = step_dose(body, step)
            assert dose is not None  # it has been checked
            shown = {**body, "dose": {**body["dose"], **step.dose}} if step.dose else body
            steps += [RoutineStep(shown, side, dose.work_for, dose.reps) for side in sides_of(body, step)]
        return Routine(entry.id, entry.title, entry.summary, entry.length, tuple(steps))

    def open_message(self, routine_id: str, offers: Offers | None = None) -> OpenRoutineWindow:
        """Give the message that opens the routine's window, without facts and token. Raises UserError.

        Each step has the easier and the harder exercise that may stand in for it; `offers` leaves out some of these.
        """
        routine, entry = self.routine(routine_id), self._routines[routine_id]
        bodies: dict[str, Mapping[str, Any] | None] = {}

        def other(step: RoutineStep, key: str) -> RoutineVariant | None:
            name = step.exercise.get(key)
            if not isinstance(name, str) or name == step.exercise["id"]:
                return None
            if name not in bodies:
                bodies[name] = self._exercise_or_none(name)
            body = bodies[name]
            if body is None or not may_replace(body, entry, offers or Offers()):
                return None
            return variant(step, body, harder=key == "harder")

        steps = tuple(
            replace(step, easier=other(step, "easier"), harder=other(step, "harder")) for step in routine.steps
        )
        return OpenRoutineWindow(routine.id, routine.title, steps, self.poses())

    def lessons(self) -> tuple[LessonEntry, ...]:
        """Give what the index knows of each lesson, by id."""
        return tuple(sorted(self._lessons.values(), key=lambda entry: entry.id))

    def lesson_message(self, lesson_id: str) -> OpenRoutineWindow:
        """Give the message that opens a lesson's window, without token. Raises UserError as `routine` does."""
        entry = self._lessons.get(lesson_id)
        if entry is None:
            raise _unknown(_("there is no lesson of this name"), lesson_id, self._lessons)
        from traycoach.library.lessons import lesson_file, lesson_steps  # heavy, and seldom needed

        folder = (self._own if lesson_id in self._own.lessons else self._shipped).folder
        lesson = lesson_file(folder / entry.file, self._exercise_or_none, self._exercises, self.poses())
        steps = lesson_steps(lesson.mapping, self._exercise_or_none)
        return OpenRoutineWindow(entry.id, entry.title, steps, self.poses(), change_now=lesson.now)

    def thumbnail(self, routine_id: str) -> Mapping[str, Any] | None:
        """Give the exercise whose picture stands for the routine, the one most time goes to; None without one."""
        entry = self._routines.get(routine_id)
        return None if entry is None else self._exercise_or_none(entry.picture)

    def _exercise_or_none(self, exercise_id: str) -> Mapping[str, Any] | None:
        try:
            return self.exercise(exercise_id)
        except UserError:
            return None

    def doubts(self, schedule: Schedule, offers: Offers | None = None) -> tuple[Problem, ...]:
        """Give what rules ask for that the library has not: names it does not know, filters that nothing fits."""
        catalogue = self.catalogue(offers)
        found: list[Problem] = []
        for rule in schedule.rules:
            key = f"rule.{rule.id}.routines"
            for name in rule.routines.ids:
                if name not in self._routines:
                    found += _unknown(_("there is no routine of this name"), name, self._routines, key).problems
            if not rule.routines.ids and not any(may_offer(routine, rule.routines) for routine in catalogue):
                found.append(Problem(_("no routine fits; the prompt will come without one"), key=key))
        return tuple(found)


def suits(entry: RoutineEntry, offers: Offers) -> bool:
    """Tell whether the user wants such a routine to be offered."""
    return (
        (offers.floor or not entry.floor)
        and (entry.wheelchair or not offers.wheelchair)
        and not (offers.seated and entry.stands)
        and offers.kit.issuperset(entry.needs)
        and entry.level <= offers.level
        and entry.discreet >= offers.discreet
        and offers.leave_out.isdisjoint((*entry.filters, *entry.exercises))
        and entry.id not in offers.hidden
    )


def bundled_catalogue() -> tuple[RoutineInfo, ...]:
    """Give the shipped routines, for simulations."""
    return Library.load().catalogue(Offers())


def _unknown(message: str, name: str, known: Mapping[str, object], key: str | None = None) -> UserError:
    from traycoach.settings.kinds import nearest

    return UserError(Problem(f"{message}: {name}", key=key, suggestion=nearest(name, known)))
