"""How much of an exercise: a dose, as config/exercises/README.md describes it, and the work it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from traycoach.core.instant import SECOND, ZERO
from traycoach.settings.durations import parse_duration

GET_READY = 3 * SECOND
"""Before each step, for each side; it is part of a routine's stated length."""

LONGEST = timedelta(hours=4)
"""One side's work. Nobody exercises for longer, and the lengths of any number of steps can be added up."""

LENGTH_KEYS = ("time", "hold", "pace")


@dataclass(frozen=True, slots=True)
class Dose:
    """A timed exercise (`reps` None) or a counted one. `work_for` is what one side takes."""

    work_for: timedelta
    reps: int | None
    each_side: bool


def dose_of(written: Mapping[str, Any]) -> Dose | None:
    """Read a dose; None if it is not one. A single long hold is timed: there is nothing to count."""
    lengths = {key: parse_duration(written.get(key, "0s")) for key in LENGTH_KEYS if _is_text(written.get(key, "0s"))}
    time, hold, pace = (lengths.get(key) for key in LENGTH_KEYS)
    reps = written.get("reps", 1)
    each_side = written.get("each_side", False)
    known = set(written) <= {*LENGTH_KEYS, "reps", "each_side"}
    if not known or time is None or hold is None or pace is None or not isinstance(each_side, bool):
        return None
    if isinstance(reps, bool) or not isinstance(reps, int) or not 1 <= reps <= 200:
        return None
    if time > ZERO and {"reps", "hold", "pace"} & set(written):
        return None
    work_for = time or reps * (hold + pace)
    if not ZERO < work_for <= LONGEST:
        return None
    return Dose(work_for, reps if reps > 1 else None, each_side)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
