"""Easier and harder in place: which exercise may stand in for a step, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from traycoach.core.instant import ZERO
from traycoach.library.dose import dose_of
from traycoach.library.entries import filters_of
from traycoach.library.index import RoutineEntry
from traycoach.messages import RoutineStep, RoutineVariant
from traycoach.settings import Offers

_HOLD_SHORTENED = 0.6
"""A single long hold is not squeezed to less than this share of its length: the figure would hurry."""


def variant(step: RoutineStep, exercise: Mapping[str, Any], *, harder: bool) -> RoutineVariant | None:
    """Give `exercise` in the place of a step; None if it has no dose.

    It takes the step's time, in whole repetitions; of a single one there is nothing to count. What is harder takes no
    more than its own dose, and that is halved where both sides of the step are replaced by an exercise without sides.
    What has sides, in the place of a step without, is done on the right and then on the left in that one step.
    """
    written = exercise.get("dose")
    dose = dose_of(written) if isinstance(written, Mapping) else None
    if dose is None:
        return None
    sided = exercise.get("sides", "none") == "right-left"
    turns = 2 if sided and step.side == "none" else 1
    side = "both" if turns == 2 else step.side if sided else "none"
    most = step.time / turns
    if harder:
        most = min(most, dose.work_for / (2 if step.side != "none" and not sided else 1))
    if dose.reps is not None:
        one = dose.work_for / dose.reps
        reps = max(1, round(most / one))
        return RoutineVariant(exercise, side, turns * reps * one, turns * reps if reps > 1 else None)
    least = _HOLD_SHORTENED * dose.work_for if _is_hold(exercise) else ZERO
    return RoutineVariant(exercise, side, turns * _whole_seconds(max(most, least)))


def may_replace(exercise: Mapping[str, Any], routine: RoutineEntry, offers: Offers) -> bool:
    """Tell whether the exercise keeps what the routine has promised and what the user has asked to be left out."""
    seated = not (routine.wheelchair or offers.wheelchair) or bool(exercise.get("wheelchair", False))
    filters = filters_of(exercise)
    on_the_floor = set(exercise.get("place", ())) == {"floor"}
    return (
        seated
        and (routine.floor or not on_the_floor)
        and not (offers.seated and (on_the_floor or "stand" in filters))
        and offers.kit.issuperset(exercise.get("needs", ()))
        and int(exercise.get("level", 1)) <= offers.level
        and int(exercise.get("discreet", 1)) >= offers.discreet
        and offers.leave_out.isdisjoint({*filters, exercise.get("id")})
    )


def _is_hold(exercise: Mapping[str, Any]) -> bool:
    return "time" not in exercise["dose"]


def _whole_seconds(length: timedelta) -> timedelta:
    return timedelta(seconds=max(1, round(length.total_seconds())))
