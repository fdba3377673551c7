"""Which routine to offer: it fits the rule, is not the last one again, and chance (from a seed) does the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from traycoach.core.rules import RoutineFilter


@dataclass(frozen=True, slots=True)
class RoutineInfo:
    """What the picker and a prompt need to know of a routine. `length` is its stated length with both sides.

    `offer` is the prompt's one line: "Two minutes for hips and back? No floor, no kit."
    """

    id: str
    title: str
    offer: str
    length: timedelta
    purposes: frozenset[str]
    tags: frozenset[str] = frozenset()


def fits(routine: RoutineInfo, wanted: RoutineFilter) -> bool:
    """Tell whether the routine satisfies every part of the filter."""
    if wanted.ids:
        return routine.id in wanted.ids
    return (
        (wanted.purpose is None or wanted.purpose in routine.purposes)
        and (wanted.at_least is None or routine.length >= wanted.at_least)
        and (wanted.at_most is None or routine.length <= wanted.at_most)
    )


def pick(
    catalogue: tuple[RoutineInfo, ...], wanted: RoutineFilter, recent: tuple[str, ...], seed: int
) -> RoutineInfo | None:
    """Choose a routine that fits; None if none does.

    `recent` are the ids offered lately, the latest last. Those least lately offered go first: a routine comes again
    only after all the others that fit. The same arguments give the same choice.
    """
    fitting = [routine for routine in catalogue if fits(routine, wanted)]
    if not fitting:
        return None
    fresh = [routine for routine in fitting if routine.id not in recent]
    if not fresh:
        oldest = {
            routine.id: index
            for index, routine_id in enumerate(recent)
            for routine in fitting
            if routine.id == routine_id
        }
        half = max(1, len(fitting) // 2)
        fresh = sorted(fitting, key=lambda routine: oldest[routine.id])[:half]
    return Random(seed).choice(fresh)
