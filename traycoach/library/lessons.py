"""Lessons: a minute or a little more of words and pictures about one thing, and at the end what to change now.

The format is that of config/lessons/README.md. The routine window plays a lesson: each part is a step without a side.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from traycoach.core.instant import ZERO
from traycoach.errors import Problem, UserError
from traycoach.figure.clip import VIEW_KEYS, parse_clip
from traycoach.figure.reading import Reader, Table
from traycoach.library.bodies import parsed
from traycoach.library.files import ID, placed
from traycoach.messages import RoutineStep
from traycoach.settings.durations import duration_text, parse_duration
from traycoach.text import _

Exercise = Callable[[str], Mapping[str, Any] | None]

LESSON_KEYS = ("id", "title", "summary", "length", "sources", "now", "part")
PART_KEYS = ("title", "say", "time", "exercise")
_LENGTH_OFF = 0.05
_NOT_SAID = ("feel", "breathing", "mistake", "caution", "dose", "easier", "harder")
"""What an exercise's file says to somebody who does it; in a lesson it is only the picture."""


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson's file, checked. `now` is the one thing to change now."""

    mapping: Mapping[str, Any]
    length: timedelta
    now: str


def lesson_file(path: Path, exercise: Exercise, ids: Collection[str], poses: Table) -> LessonFile:
    """Read and check a lesson. `exercise` gives an exercise by its id, `ids` are all there are, `poses` the base poses.

    Raises UserError with every problem.
    """
    mapping = parsed(path)
    reader = Reader(str(path))
    reader.check_keys(mapping, LESSON_KEYS, "")
    own_name = reader.text(mapping.get("id"), "id")
    if own_name and (own_name != path.stem or not ID.fullmatch(own_name)):
        reader.wrong("id", _("expected the name of the file, in small letters, digits and hyphens"), path.stem)
    for key in ("title", "summary", "now"):
        reader.text(mapping.get(key), key)
    reader.texts(mapping.get("sources", []), "sources")
    length = _length(reader, mapping.get("length"), "length")
    problems: list[Problem] = []
    total = ZERO
    tables = reader.tables(mapping.get("part", []), "part")
    for index, table in enumerate(tables):
        takes, found = _check_part(reader, table, index, path, ids, poses)
        problems += found
        total += takes
        name = table.get("exercise")
        if isinstance(name, str) and name in ids and exercise(name) is None:
            reader.wrong(f"part[{index}].exercise", _("this exercise cannot be read"))
    if not tables:
        reader.wrong("part", _("a lesson needs at least one [[part]]"))
    elif not reader.problems and abs(total - length) > _LENGTH_OFF * length:
        message = _("the parts take {total}; the stated length may differ by 5 % at most")
        reader.wrong("length", message.format(total=duration_text(total)), duration_text(total))
    problems += reader.problems
    if problems:
        raise UserError(*placed(path, problems))
    return LessonFile(mapping, length, mapping["now"])


def lesson_steps(mapping: Mapping[str, Any], exercise: Exercise) -> tuple[RoutineStep, ...]:
    """Give the parts of a lesson that has been checked as steps: a picture, a headline, a sentence, a time."""
    return tuple(_step(mapping["id"], index, part, exercise) for index, part in enumerate(mapping["part"]))


def lesson_clips(mapping: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Give the parts that have a movement of their own, by their number from 0, each as `parse_clip` takes it."""
    parts = enumerate(mapping["part"])
    return {index: _clip_of(mapping["id"], index, part) for index, part in parts if "exercise" not in part}


def _step(lesson: str, index: int, part: Mapping[str, Any], exercise: Exercise) -> RoutineStep:
    if "exercise" in part:
        body = exercise(part["exercise"]) or {}
        shown = {key: value for key, value in body.items() if key not in _NOT_SAID}
    else:
        shown = _clip_of(lesson, index, part)
    time = parse_duration(part["time"])
    assert time is not None  # it has been checked
    return RoutineStep({**shown, "title": part["title"], "how": part["say"]}, "none", time)


def _clip_of(lesson: str, index: int, part: Mapping[str, Any]) -> dict[str, Any]:
    motion = {key: value for key, value in part.items() if key in VIEW_KEYS}
    return {"id": f"{lesson}-{index + 1}", "title": part.get("title", ""), "sides": "none", "target": [], **motion}


def _check_part(
    reader: Reader, table: Table, index: int, path: Path, ids: Collection[str], poses: Table
) -> tuple[timedelta, list[Problem]]:
    where = f"part[{index}]"
    has_exercise = "exercise" in table
    reader.check_keys(table, PART_KEYS if has_exercise else (*PART_KEYS, *VIEW_KEYS), where)
    for key in ("title", "say"):
        reader.text(table.get(key), f"{where}.{key}")
    takes = _length(reader, table.get("time"), f"{where}.time")
    if has_exercise:
        reader.choice(table["exercise"], f"{where}.exercise", ids)
        return takes, []
    try:
        parse_clip(_clip_of(path.stem, index, table), poses, str(path))
    except UserError as error:
        return takes, [
            Problem(one.message, one.file, f"{where}.{one.key}" if one.key else where, one.line, one.suggestion)
            for one in error.problems
        ]
    return takes, []


def _length(reader: Reader, written: object, key: str) -> timedelta:
    length = parse_duration(written) if isinstance(written, str) else None
    if length is None or length <= ZERO:
        reader.wrong(key, _('expected a length such as "18s"'))
        return ZERO
    return length
