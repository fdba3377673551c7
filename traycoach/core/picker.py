"""Which routine to offer: it suits the person and the rule, is none of the last ones, and serves what waited longest.

Pure: the same arguments give the same choice, so that a recorded day replays to the same decisions. What speaks for and
against routines at a moment comes from `remembered.py`; the sentence about a choice from `reasons.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from random import Random

from traycoach.core.rules import RoutineFilter

NOT_AGAIN_FOR = 5
"""A routine comes again only after so many others that fit, or after all others if there are fewer."""
MUCH_MINUTES = 25
"""So many minutes of typing, or of pointing, in the last hour are much."""

_NEVER = 1000
_FOR_HANDS = frozenset({"micro", "move"})
_HANDS = frozenset({"hands", "wrists", "forearms"})
_ARMS = _HANDS | {"shoulders"}
_PROGRAMME = frozenset({"programme"})
_GENTLY = {1: 1.0, 2: 0.6, 3: 0.3}
_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class RoutineInfo:
    """What the picker and a prompt need to know of a routine. `length` is its stated length with both sides.

    `offer` is the prompt's one line: "Two minutes for hips and back? No floor, no kit." `regions` are in the order of
    their weight. `level`: 1 gentle … 3 demanding; `discreet`: 3 nobody notices … 1 wants privacy. `offered` False: the
    user's settings leave it out, and only its name finds it.
    """

    id: str
    title: str
    offer: str
    length: timedelta
    purposes: frozenset[str]
    regions: tuple[str, ...] = ()
    place: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    level: int = 1
    discreet: int = 1
    floor: bool = False
    offered: bool = True

    @property
    def waits_for(self) -> tuple[str, ...]:
        """What has its turn with this routine: its regions; one that names none stands for itself."""
        return self.regions or (self.id,)

    @property
    def eases_hands(self) -> bool:
        """Whether it is for tired hands."""
        return not (self.purposes.isdisjoint({"typing", "mousing"}) and _HANDS.isdisjoint(self.regions))


@dataclass(frozen=True, slots=True)
class Past:
    """What speaks for and against routines at this moment.

    `waited`: for each region how many offers ago it last had its turn; one that is missing never had it. `chances`: by
    routine, a factor below 1 for what was skipped, too hard or painful. `gently`: lower levels are preferred.
    """

    waited: Mapping[str, int] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    typing_minutes: int = 0
    pointing_minutes: int = 0
    gently: bool = False

    def wait(self, region: str) -> int:
        """Give how long the region has waited for its turn, in offers."""
        return self.waited.get(region, _NEVER)

    def chance(self, routine: RoutineInfo) -> float:
        """Give the factor for a routine, above 0 and at most 1."""
        return self.chances.get(routine.id, 1.0) * (_GENTLY.get(routine.level, 1.0) if self.gently else 1.0)


class Lead(StrEnum):
    """The weightiest reason for a choice."""

    ONLY = "only"
    TYPING = "typing"
    POINTING = "pointing"
    NEW = "new"
    LONGEST = "longest"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a routine was chosen, as data: `reasons.because` makes the sentence.

    `regions`: those that it was chosen for, a few; none if it names none. `minutes` of typing or pointing, with these.
    """

    lead: Lead
    regions: tuple[str, ...] = ()
    minutes: int = 0
    gently: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The routine to offer, and why."""

    routine: RoutineInfo
    why: Why


def fits(routine: RoutineInfo, wanted: RoutineFilter) -> bool:
    """Tell whether the routine satisfies every part of the filter."""
    if wanted.ids:
        return routine.id in wanted.ids
    return (
        (wanted.purpose is None or wanted.purpose in routine.purposes)
        and (wanted.at_least is None or routine.length >= wanted.at_least)
        and (wanted.at_most is None or routine.length <= wanted.at_most)
    )


def may_offer(routine: RoutineInfo, wanted: RoutineFilter) -> bool:
    """Tell whether the routine fits and may be offered unasked: named by the rule, or not left out by the settings.

    A routine that is for programmes alone is offered only where a rule asks for that purpose: a programme begins with
    questions that a prompt does not ask.
    """
    if not fits(routine, wanted):
        return False
    if wanted.ids:
        return True
    return routine.offered and (wanted.purpose is not None or not routine.purposes <= _PROGRAMME)


def pick(
    catalogue: tuple[RoutineInfo, ...],
    wanted: RoutineFilter,
    recent: tuple[str, ...],
    seed: int,
    past: Past = Past(),
) -> Choice | None:
    """Choose a routine that may be offered; None if there is none. The same arguments give the same choice.

    `recent` are the ids offered lately, the latest last. Of those that fit, the last five (or all others, if there are
    fewer) are left aside; then what eases tired hands goes first, then what serves the region that waited longest.
    """
    fitting = [routine for routine in catalogue if may_offer(routine, wanted)]
    if not fitting:
        return None
    fresh = _fresh(fitting, recent)
    lead, minutes = _tired(wanted, past)
    pool = _easing(fresh, lead) if lead is not None else fresh
    if not pool:
        lead, minutes, pool = None, 0, fresh
    chance = Random(seed)
    target = chance.choice(_targets(pool, past))
    serving = [routine for routine in pool if target in routine.waits_for]
    weights = [past.chance(routine) * _mean_wait(routine, past) for routine in serving]
    (routine,) = chance.choices(serving, weights)
    if lead is not None:
        regions = [region for region in routine.regions if region in _ARMS]
    else:
        lead = Lead.ONLY if len(fitting) == 1 else _lead(target, fresh, past)
        regions = [region for region in routine.regions if past.wait(region) >= past.wait(target)]
    gently = past.gently and routine.level == 1
    return Choice(routine, Why(lead, tuple(regions[:_MOST_NAMED]), minutes, gently))


def _fresh(fitting: list[RoutineInfo], recent: tuple[str, ...]) -> list[RoutineInfo]:
    ids = {routine.id for routine in fitting}
    last = [routine_id for routine_id in dict.fromkeys(reversed(recent)) if routine_id in ids]
    aside = set(last[: min(NOT_AGAIN_FOR, len(fitting) - 1)])
    return [routine for routine in fitting if routine.id not in aside]


def _tired(wanted: RoutineFilter, past: Past) -> tuple[Lead | None, int]:
    """Give what the hands did much of, and its minutes, if the rule is one that can answer it."""
    typed = past.typing_minutes >= past.pointing_minutes
    minutes = max(past.typing_minutes, past.pointing_minutes)
    if wanted.purpose not in _FOR_HANDS or minutes < MUCH_MINUTES:
        return None, 0
    return (Lead.TYPING if typed else Lead.POINTING), minutes


def _easing(fresh: list[RoutineInfo], lead: Lead) -> list[RoutineInfo]:
    """Give the routines that ease tired hands best: made for it, else for hands and arms, else for shoulders."""
    purpose = "typing" if lead is Lead.TYPING else "mousing"
    made = [routine for routine in fresh if purpose in routine.purposes]
    hands = [routine for routine in fresh if not _HANDS.isdisjoint(routine.regions)]
    return made or hands or [routine for routine in fresh if "shoulders" in routine.regions]


def _targets(pool: list[RoutineInfo], past: Past) -> list[str]:
    """Give the regions that should have their turn: the longest wait counts, less so where only unloved routines go."""
    scores: dict[str, float] = {}
    for routine in pool:
        chance = past.chance(routine)
        for region in routine.waits_for:
            scores[region] = max(scores.get(region, 0.0), past.wait(region) * chance)
    best = max(scores.values())
    return sorted(region for region, score in scores.items() if score >= best)


def _mean_wait(routine: RoutineInfo, past: Past) -> float:
    return 1 + sum(map(past.wait, routine.waits_for)) / len(routine.waits_for)


def _lead(target: str, fresh: list[RoutineInfo], past: Past) -> Lead:
    wait = past.wait(target)
    if target not in past.waited:
        return Lead.NEW
    longest = max(past.wait(region) for routine in fresh for region in routine.waits_for)
    return Lead.LONGEST if wait >= longest else Lead.LONG
