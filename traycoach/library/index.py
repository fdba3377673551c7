"""The index of the shipped library: what pickers and lists need of each file, so that a start reads one file.

config/index.json is made by `python -m traycoach.library --build`. An index whose list of files and sizes is not that
of the folder (somebody works on the files) is left aside, and the files themselves are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traycoach.core.instant import ZERO
from traycoach.core.picker import RoutineInfo
from traycoach.errors import Problem, UserError
from traycoach.library.bodies import parsed, sides_of, step_dose

if TYPE_CHECKING:
    from traycoach.library.files import RoutineFile

Bodies = Mapping[str, Mapping[str, Any]]

VERSION = 1
NAME = "index.json"
FOLDERS = ("exercises", "routines")


@dataclass(frozen=True, slots=True)
class ExerciseEntry:
    """What lists need of an exercise. `file` is relative to its library's folder."""

    id: str
    title: str
    file: str
    sides: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutineEntry:
    """What pickers and lists need of a routine. `length_s` is stated; `picture` is the exercise that stands for it."""

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
    own: bool = False

    @property
    def length(self) -> timedelta:
        """The stated length, both sides done."""
        return timedelta(seconds=self.length_s)

    def info(self, *, offered: bool) -> RoutineInfo:
        """Give what the coach's picker needs. What is not offered has no purpose, so that only its name finds it."""
        return RoutineInfo(
            self.id,
            self.title,
            self.summary,
            self.length,
            frozenset(self.purposes) if offered else frozenset(),
            frozenset((*self.place, *self.needs, *self.regions)),
        )


@dataclass(slots=True)
class Index:
    """The exercises and routines of one folder, by id, and what is wrong with the files that are left out."""

    folder: Path
    exercises: dict[str, ExerciseEntry] = field(default_factory=dict)
    routines: dict[str, RoutineEntry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def stored(folder: Path) -> Index | None:
    """Give the folder's stored index; None if there is none that fits the folder's files."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if data["version"] != VERSION or data["sizes"] != sizes(folder):
            return None
        exercises = {one["id"]: ExerciseEntry(**_tuples(one)) for one in data["exercises"]}
        routines = {one["id"]: RoutineEntry(**_tuples(one)) for one in data["routines"]}
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return Index(folder, exercises, routines)


def build(folder: Path, below: Index | None = None) -> Index:
    """Read all files of a folder; faulty ones are left out. Its routines may use the exercises of the index `below`."""
    from traycoach.library.files import exercise_file, routine_file  # heavy, and only needed without a stored index

    index = Index(folder)
    base = below.folder if below is not None else folder
    poses = parsed(base / "poses.toml")
    bodies: dict[str, Mapping[str, Any]] = {}
    for path in _files(folder, "exercises"):
        try:
            body = exercise_file(path, poses)
        except UserError as error:
            index.problems += error.problems
            continue
        bodies[path.stem] = body
        index.exercises[path.stem] = _exercise_entry(path, body)
    known = {**(below.exercises if below is not None else {}), **index.exercises}

    def body_of(name: str) -> Mapping[str, Any] | None:
        if name not in bodies and below is not None and name in below.exercises:
            bodies[name] = parsed(below.folder / below.exercises[name].file)
        return bodies.get(name)

    for path in _files(folder, "routines"):
        try:
            routine = routine_file(path, body_of, known)
        except UserError as error:
            index.problems += error.problems
            continue
        index.routines[path.stem] = _routine_entry(path, routine, bodies, own=below is not None)
    return index


def write(folder: Path) -> Index:
    """Build the folder's index and store it. Raises UserError if any file is faulty; nothing is stored then."""
    index = build(folder)
    if index.problems:
        raise UserError(*index.problems)
    (folder / NAME).write_text(_as_json(index), encoding="utf-8")
    return index


def check(folder: Path) -> None:
    """Raise UserError if a file is faulty or the stored index is not that of the files."""
    index = build(folder)
    if index.problems:
        raise UserError(*index.problems)
    path = folder / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != _as_json(index):
        raise UserError(Problem("the index is out of date; run: python -m traycoach.library --build", file=str(path)))


def sizes(folder: Path) -> dict[str, int]:
    """Give the size of every file of the library, by its path in the folder."""
    return {f"{path.parent.name}/{path.name}": path.stat().st_size for path in _all_files(folder)}


def _as_json(index: Index) -> str:
    data = {
        "version": VERSION,
        "sizes": sizes(index.folder),
        "sha256": {f"{path.parent.name}/{path.name}": _hash(path) for path in _all_files(index.folder)},
        "exercises": [asdict(entry) for _id, entry in sorted(index.exercises.items())],
        "routines": [asdict(entry) for _id, entry in sorted(index.routines.items())],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _hash(path: Path) -> str:
    import hashlib  # OpenSSL: a mebibyte that only a build needs

    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _all_files(folder: Path) -> list[Path]:
    return [path for name in FOLDERS for path in _files(folder, name)]


def _files(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.toml"))


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _exercise_entry(path: Path, body: Mapping[str, Any]) -> ExerciseEntry:
    return ExerciseEntry(
        id=path.stem,
        title=body["title"],
        file=f"exercises/{path.name}",
        sides=body.get("sides", "none"),
        filters=_texts(body.get("filters", ())),
    )


def _routine_entry(path: Path, routine: RoutineFile, bodies: Bodies, *, own: bool) -> RoutineEntry:
    body = routine.mapping
    filters = {word for step in routine.steps for word in bodies[step.exercise].get("filters", ())}
    return RoutineEntry(
        id=path.stem,
        title=body["title"],
        summary=body["summary"],
        file=f"routines/{path.name}",
        length_s=round(routine.length.total_seconds()),
        purposes=_texts(body["purposes"]),
        place=_texts(body.get("place", ())),
        needs=_texts(body.get("needs", ())),
        regions=_texts(body.get("regions", ())),
        filters=tuple(sorted(filters)),
        level=int(body.get("level", 1)),
        discreet=int(body.get("discreet", 1)),
        floor=body.get("floor", False),
        wheelchair=body.get("wheelchair", False),
        picture=_picture(routine, bodies),
        own=own,
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
