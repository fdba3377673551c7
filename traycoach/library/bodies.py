"""Bodies of exercises and routines, read when they are used: a routine's steps, with the dose and sides of each.

Light on purpose: the coach needs this, and not what checks a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traycoach.errors import Problem, UserError
from traycoach.library.dose import Dose, dose_of
from traycoach.settings.files import read_text
from traycoach.settings.parsing import parse_toml
from traycoach.text import _

LARGEST = 256 * 1024
"""Bytes. A file of the library has a few kilobytes; what is larger is another file by mistake."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step as a routine's file writes it."""

    exercise: str
    dose: Mapping[str, Any]
    sides: str


def parsed(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises UserError with file and line."""
    size = path.stat().st_size if path.is_file() else 0
    if size > LARGEST:
        message = _("the file has {size} kB; one of the library has at most {limit}")
        found = message.format(size=round(size / 1000), limit=LARGEST // 1000)
        raise UserError(Problem(found, file=str(path)))
    text = read_text(path)
    if text is None:
        raise UserError(Problem(_("there is no such file"), file=str(path)))
    return parse_toml(text, str(path))


def steps_of(routine: Mapping[str, Any]) -> tuple[Step, ...]:
    """Give the steps of a routine's file that has been checked."""
    return tuple(
        Step(table["exercise"], table.get("dose", {}), table.get("sides", "both")) for table in routine["step"]
    )


def sides_of(exercise: Mapping[str, Any], step: Step) -> tuple[str, ...]:
    """Give the sides of a step in the order they are done; "none" for what has no sides."""
    if exercise.get("sides", "none") != "right-left":
        return ("none",)
    return ("right", "left") if step.sides == "both" else (step.sides,)


def step_dose(exercise: Mapping[str, Any], step: Step) -> Dose | None:
    """Give the dose of a step: the exercise's own with the step's keys over it; None if that is no dose."""
    return dose_of({**exercise["dose"], **step.dose})
