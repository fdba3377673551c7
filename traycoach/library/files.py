"""Exercise and routine files, read and checked: every problem with file, line, key and what was expected.

The formats are those of config/exercises/README.md and config/routines/README.md. The user's own files have the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from traycoach.errors import Problem, UserError
from traycoach.figure.clip import TEXT_KEYS, parse_clip
from traycoach.figure.reading import Reader, Table
from traycoach.library.bodies import Step, parsed, sides_of, step_dose
from traycoach.library.dose import GET_READY, LONGEST, dose_of
from traycoach.settings.durations import duration_text, parse_duration
from traycoach.settings.files import read_text
from traycoach.settings.lines import key_lines, line_of
from traycoach.text import _

PLACES = ("seated", "standing", "floor")
NEEDS = ("chair", "desk", "wall", "mat", "door", "step", "towel", "weight")
"""What an exercise may need besides the person; what each word means stands in config/exercises/README.md."""
ROUTINE_KEYS = (
    *("id", "title", "summary", "purposes", "length", "place", "floor", "needs", "level", "regions"),
    *("discreet", "wheelchair", "step"),
)
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""What ids look like: names of files, and of nothing outside their folder."""
_SENTENCES = ("summary", "how", "feel", "breathing", "mistake", "caution")
_PATH = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class RoutineFile:
    """A routine's file, checked; its steps are not yet expanded."""

    mapping: Mapping[str, Any]
    length: timedelta
    steps: tuple[Step, ...]


def exercise_file(path: Path, poses: Table) -> dict[str, Any]:
    """Read and check an exercise, its movement included. Raises UserError with every problem."""
    mapping = parsed(path)
    reader = Reader(str(path))
    _common(reader, mapping, path)
    for key in _SENTENCES:
        if key in mapping or key in {"summary", "how"}:
            reader.text(mapping.get(key), key)
    dose = dose_of(mapping["dose"]) if isinstance(mapping.get("dose"), dict) else None
    if dose is None:
        message = _('expected a dose such as {{ reps = 8, pace = "4s" }} or {{ time = "45s" }}, of at most {longest}')
        reader.wrong("dose", message.format(longest=duration_text(LONGEST)))
    elif dose.each_side != (mapping.get("sides", "none") == "right-left"):
        reader.wrong("dose.each_side", _('each_side goes with sides = "right-left", and only with it'))
    for key in ("regions", "goals", "filters", "sources"):
        reader.texts(mapping.get(key, []), key)
    for key in ("easier", "harder"):
        if key in mapping:
            reader.text(mapping[key], key)
    problems = list(reader.problems)
    try:
        parse_clip(mapping, poses, str(path), TEXT_KEYS)
    except UserError as error:
        seen = {problem.key for problem in problems}
        problems += [problem for problem in error.problems if problem.key not in seen]
    if problems:
        raise UserError(*placed(path, problems))
    return mapping


def routine_file(
    path: Path,
    exercise: Callable[[str], Mapping[str, Any] | None],
    ids: Collection[str],
    *,
    recount: bool = False,
) -> RoutineFile:
    """Read and check a routine. `exercise` gives an exercise by its id, `ids` are all there are.

    `recount` takes what the steps come to for the length, whatever is stated. Raises UserError with every problem.
    """
    mapping = parsed(path)
    reader = Reader(str(path))
    reader.check_keys(mapping, ROUTINE_KEYS, "")
    _common(reader, mapping, path)
    reader.text(mapping.get("summary"), "summary")
    if not reader.texts(mapping.get("purposes"), "purposes"):
        reader.wrong("purposes", _("a routine needs at least one purpose, for a rule to find it"))
    reader.texts(mapping.get("regions", []), "regions")
    reader.truth(mapping.get("floor", False), "floor")
    stated = mapping.get("length")
    length = parse_duration(stated) if isinstance(stated, str) else None
    if length is None:
        reader.wrong("length", _('expected a length such as "2m40s"'))
    steps: list[Step] = []
    total = timedelta(0)
    for index, table in enumerate(reader.tables(mapping.get("step", []), "step")):
        step, takes = _step(reader, table, f"step[{index}]", exercise, ids)
        steps.append(step)
        total += takes
    if not steps:
        reader.wrong("step", _("a routine needs at least one [[step]]"))
    elif recount:
        length = total
    elif length is not None and not reader.problems and abs(total - length) > 0.05 * length:
        message = _("the steps take {total}; the stated length may differ by 5 % at most")
        reader.wrong("length", message.format(total=duration_text(total)), duration_text(total))
    if reader.problems or length is None:
        raise UserError(*placed(path, reader.problems))
    return RoutineFile(mapping, length, tuple(steps))


def _step(
    reader: Reader,
    table: Table,
    path: str,
    exercise: Callable[[str], Mapping[str, Any] | None],
    ids: Collection[str],
) -> tuple[Step, timedelta]:
    reader.check_keys(table, ("exercise", "dose", "sides"), path)
    name = reader.choice(table.get("exercise"), f"{path}.exercise", ids)
    sides = reader.choice(table.get("sides", "both"), f"{path}.sides", ("both", "right", "left"))
    step = Step(name, dict(reader.table(table.get("dose", {}), f"{path}.dose")), sides)
    found = exercise(name) if table.get("exercise") == name else None
    if found is None:
        return step, timedelta(0)
    dose = step_dose(found, step)
    if dose is None:
        message = _("with this the exercise has no dose: a time, or repetitions with a pace, of at most {longest}")
        reader.wrong(f"{path}.dose", message.format(longest=duration_text(LONGEST)))
        return step, timedelta(0)
    if "sides" in table and found.get("sides", "none") != "right-left":
        reader.wrong(f"{path}.sides", _("this exercise has no sides"))
    return step, len(sides_of(found, step)) * (GET_READY + dose.work_for)


def _common(reader: Reader, mapping: Mapping[str, Any], path: Path) -> None:
    name = reader.text(mapping.get("id"), "id")
    twin = f"{name}.toml"
    if name != path.stem and ID.fullmatch(name) and path.with_name(twin).exists():
        message = _("the file {file} has this name already; expected that of this file")
        reader.wrong("id", message.format(file=twin), path.stem)
    elif name and (name != path.stem or not ID.fullmatch(name)):
        reader.wrong("id", _("expected the name of the file, in small letters, digits and hyphens"), path.stem)
    reader.text(mapping.get("title"), "title")
    for key, known in (("place", PLACES), ("needs", NEEDS)):
        for word in reader.texts(mapping.get(key, []), key):
            reader.choice(word, key, known)
    for key in ("level", "discreet"):
        reader.number(mapping.get(key, 1), key, low=1, high=3)
    reader.truth(mapping.get("wheelchair", False), "wheelchair")


def placed(path: Path, problems: Collection[Problem]) -> list[Problem]:
    """Give the problems with the file, and with the lines of their keys in it."""
    text = read_text(path) or ""
    lines = key_lines(text)
    found: list[Problem] = []
    for problem in problems:
        parts = _PATH.findall(problem.key or "")
        place = tuple(int(number) if number else name for name, number in parts)
        line = problem.line or line_of(lines, place)
        found.append(Problem(problem.message, str(path), problem.key, line, problem.suggestion))
    return found
