"""Everything that can be said of a library before anyone uses it: `traycoach routines check`.

What keeps a file from being used is found when the library is loaded; here come the movements, the texts and what must
hold of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traycoach.errors import Problem, UserError
from traycoach.figure.clip import Waiver, check_poses
from traycoach.library.bodies import parsed, steps_of
from traycoach.library.files import placed
from traycoach.library.index import Index, build, stored
from traycoach.library.movement import Movement, View, exercise_movement, lesson_movement
from traycoach.library.texts import exercise_texts, lesson_texts, routine_texts
from traycoach.text import _

MOST_WAIVERS = 8
"""In the shipped library; more would be a check that is not kept."""
FOR_STANDING = "standing"
"""The purpose of routines for tired legs: whoever cannot stand needs no other one."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found. Errors keep a library from being good, warnings are for an eye."""

    folder: Path
    own: bool
    exercises: tuple[str, ...] = ()
    routines: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    views: list[View] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def waivers(self) -> list[tuple[str, Waiver]]:
        """The findings that are meant, each with the view it is in."""
        return [(view.title, waiver) for view in self.views for waiver in view.waivers]

    def take(self, movement: Movement) -> None:
        """Add what was found in a file's movements."""
        self.views += movement.views
        self.errors += movement.errors
        self.warnings += movement.warnings


def check_library(folder: Path, shipped: Path | None = None, progress: Progress = lambda _done, _total: None) -> Report:
    """Check a whole library, or with `shipped` the user's own folder on top of that one.

    Raises UserError if there is nothing in the folder, or its base poses cannot be read.
    """
    below = None if shipped is None else (stored(shipped) or build(shipped))
    base = folder if shipped is None else shipped
    poses = parsed(base / "poses.toml")
    check_poses(poses, str(base / "poses.toml"))
    if not any((folder / name).is_dir() for name in ("exercises", "routines", "lessons")):
        message = _("there is no folder “exercises”, “routines” or “lessons” in it")
        raise UserError(Problem(message, file=str(folder)))
    index = build(folder, below)
    report = Report(folder, below is not None, tuple(index.exercises), tuple(index.routines), tuple(index.lessons))
    report.errors += index.problems
    bodies = _Bodies(index, below)
    _check_files(report, index, bodies, poses, progress)
    if below is None:
        report.errors += _whole(report, index)
        if stored(folder) is None:
            message = _("the index is out of date; run: python -m traycoach.library --build")
            report.warnings.append(Problem(message, file=str(folder / "index.json")))
    return report


class _Bodies:
    """The exercises' files by id, read once."""

    def __init__(self, index: Index, below: Index | None) -> None:
        self._places = {
            name: one.folder / entry.file for one in (below, index) if one for name, entry in one.exercises.items()
        }
        self._read: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        if name not in self._read:
            self._read[name] = parsed(self._places[name])
        return self._read[name]


def _check_files(report: Report, index: Index, bodies: _Bodies, poses: Mapping[str, Any], progress: Progress) -> None:
    total = len(index.exercises) + len(index.lessons)
    done = 0
    for name, exercise in sorted(index.exercises.items()):
        path = index.folder / exercise.file
        report.take(exercise_movement(path, bodies[name], poses))
        report.errors += placed(path, exercise_texts(bodies[name], shipped=not report.own))
        done += 1
        progress(done, total)
    for lesson in index.lessons.values():
        path = index.folder / lesson.file
        body = parsed(path)
        report.take(lesson_movement(path, body, poses))
        report.errors += placed(path, lesson_texts(body))
        done += 1
        progress(done, total)
    for routine in index.routines.values():
        path = index.folder / routine.file
        body = parsed(path)
        steps = [bodies[step.exercise] for step in steps_of(body)]
        report.errors += placed(path, routine_texts(body, steps, shipped=not report.own))


def _whole(report: Report, index: Index) -> list[Problem]:
    """What must hold of a whole library."""
    found: list[Problem] = []
    purposes = {purpose for routine in index.routines.values() for purpose in routine.purposes} - {FOR_STANDING}
    served = {purpose for routine in index.routines.values() if routine.wheelchair for purpose in routine.purposes}
    folder = str(index.folder / "routines")
    for purpose in sorted(purposes - served):
        message = _("no routine for “{purpose}” can be done by people who cannot stand").format(purpose=purpose)
        found.append(Problem(message, file=folder, key="wheelchair"))
    if len(report.waivers) > MOST_WAIVERS:
        message = _("there are {count} waivers; at most {most} are borne")
        found.append(Problem(message.format(count=len(report.waivers), most=MOST_WAIVERS), file=str(index.folder)))
    kinds = (("routine", index.routines), ("lesson", index.lessons))
    for kind, entries in kinds:
        for name in sorted(entries.keys() & index.exercises.keys()):
            message = _("an exercise has this name already; a {kind} needs one of its own").format(kind=kind)
            found.append(Problem(message, file=str(index.folder / entries[name].file), key="id"))
    return found
