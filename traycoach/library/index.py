"""The index of the shipped library: what pickers and lists need of each file, so that a start reads one file.

config/index.json is made by `python -m traycoach.library --build`. An index that is not that of the folder's files
(somebody works on them) is left aside, and the files themselves are read. Whether it is, is told by their names and
sizes, and for files written after the index by their checksums.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from traycoach.errors import Problem, UserError
from traycoach.library.bodies import parsed
from traycoach.library.entries import (
    ExerciseEntry,
    LessonEntry,
    RoutineEntry,
    exercise_entry,
    lesson_entry,
    routine_entry,
)
from traycoach.library.links import faulty_links

__all__ = ["ExerciseEntry", "Index", "LessonEntry", "RoutineEntry", "build", "check", "stored", "write"]

VERSION = 2
NAME = "index.json"
FOLDERS = ("exercises", "routines", "lessons")


@dataclass(slots=True)
class Index:
    """What is in one folder, by id, and what is wrong with the files that are left out."""

    folder: Path
    exercises: dict[str, ExerciseEntry] = field(default_factory=dict)
    routines: dict[str, RoutineEntry] = field(default_factory=dict)
    lessons: dict[str, LessonEntry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def stored(folder: Path) -> Index | None:
    """Give the folder's stored index; None if there is none that fits the folder's files."""
    path = folder / NAME
    try:
        made_ns = path.stat().st_mtime_ns
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION or not _is_of(folder, data["files"], made_ns):
            return None
        exercises = {one["id"]: ExerciseEntry(**_tuples(one)) for one in data["exercises"]}
        routines = {one["id"]: RoutineEntry(**_tuples(one)) for one in data["routines"]}
        lessons = {one["id"]: LessonEntry(**one) for one in data["lessons"]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return Index(folder, exercises, routines, lessons)


def build(folder: Path, below: Index | None = None) -> Index:
    """Read all files of a folder; faulty ones are left out. Its routines may use the exercises of the index `below`.

    A link to an easier or harder exercise that cannot be followed is named and dropped; its exercise stays.
    """
    from traycoach.library.files import exercise_file, placed, routine_file  # heavy; not needed with a stored index
    from traycoach.library.lessons import lesson_file

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
        index.exercises[path.stem] = exercise_entry(path, body)
    known = {**(below.exercises if below is not None else {}), **index.exercises}
    for name, key, problem in faulty_links(known, index.exercises):
        index.problems += placed(folder / index.exercises[name].file, [problem])
        dropped: dict[str, Any] = {key: ""}
        index.exercises[name] = replace(index.exercises[name], **dropped)

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
        index.routines[path.stem] = routine_entry(path, routine, bodies, own=below is not None)
    for path in _files(folder, "lessons"):
        try:
            index.lessons[path.stem] = lesson_entry(path, lesson_file(path, body_of, known, poses))
        except UserError as error:
            index.problems += error.problems
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


def _is_of(folder: Path, files: Mapping[str, list[Any]], made_ns: int) -> bool:
    """Tell whether these are the folder's files, their sizes, and the checksums of those younger than the index."""
    seen = 0
    for name in filter(lambda name: (folder / name).is_dir(), FOLDERS):
        with os.scandir(folder / name) as found:
            for one in found:
                if not one.name.endswith(".toml"):
                    continue
                about, known = one.stat(), files.get(f"{name}/{one.name}")
                if known is None or known[0] != about.st_size:
                    return False
                # a checkout or an installation writes them in any order
                if about.st_mtime_ns >= made_ns and known[1] != _checksum(Path(one.path)):
                    return False
                seen += 1
    return seen == len(files)


def _as_json(index: Index) -> str:
    paths = [path for name in FOLDERS for path in _files(index.folder, name)]
    data = {
        "version": VERSION,
        "files": {f"{path.parent.name}/{path.name}": [path.stat().st_size, _checksum(path)] for path in paths},
        "exercises": [_lean(asdict(entry)) for _id, entry in sorted(index.exercises.items())],
        "routines": [_lean(asdict(entry)) for _id, entry in sorted(index.routines.items())],
        "lessons": [asdict(entry) for _id, entry in sorted(index.lessons.items())],
    }
    lines = [f"{json.dumps(key)}: {_laid_out(value)}" for key, value in data.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _laid_out(value: object) -> str:
    """Give JSON with an entry on each line: small, and a change of one file is a change of one or two lines."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(one)}" for key, one in value.items()) + "\n}"
    return json.dumps(value)


def _lean(entry: dict[str, Any]) -> dict[str, Any]:
    """Leave out the links that are none; `own` is never stored."""
    return {key: value for key, value in entry.items() if key != "own" and value != ""}


def _checksum(path: Path) -> str:
    # against edits, not against enemies: who may write the files may write the index
    return f"{crc32(path.read_bytes()):08x}"


def _files(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.toml"))


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
