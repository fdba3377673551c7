"""What the picker must remember: whose turn it was, what was skipped or too hard, and what the hands did lately."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from traycoach.core.instant import MINUTE, Instant
from traycoach.core.picker import Choice, Past, RoutineInfo, Why
from traycoach.core.rules import DAY

HOLDS_FOR = 14 * DAY
"""How long a rating, or a skip, speaks against a routine."""
LATELY = 60 * MINUTE
TOO_HARD_FROM = 5
"""The answer on effort (1 very easy … 5 too hard)"""
PAINFUL_FROM = 2
"""… and on pain (0 none … 3 strong) from which a routine was not right."""

_TOO_HARD_CHANCE = 0.2
_SKIPPED_CHANCE = 0.9
_MOST_SKIPS = 3
_MOST_KEPT = 64
_HOUR_MINUTES = 60


@dataclass(slots=True)
class Dislike:
    """What speaks against one routine: how often it was skipped, and when it was last skipped, or too hard."""

    skips: int = 0
    skipped_at: Instant | None = None
    too_hard_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class HandsSpell:
    """Minutes that had typing, and pointing, in them, told at this moment."""

    at: Instant
    typing_minutes: int
    pointing_minutes: int


@dataclass(slots=True)
class Remembered:
    """The picker's memory. `offers` counts turns; `regions` names the turn that each region last had; all is bounded.

    `whys` says of the routines last chosen why they were.
    """

    offers: int = 0
    regions: dict[str, int] = field(default_factory=dict)
    dislikes: dict[str, Dislike] = field(default_factory=dict)
    hands: tuple[HandsSpell, ...] = ()
    whys: dict[str, Why] = field(default_factory=dict)

    def past(self, now: Instant) -> Past:
        """Give what speaks for and against routines now."""
        lately = self._lately(now)
        return Past(
            waited={region: self.offers - turn for region, turn in self.regions.items()},
            chances={routine: _chance(dislike, now) for routine, dislike in self.dislikes.items()},
            typing_minutes=min(_HOUR_MINUTES, sum(spell.typing_minutes for spell in lately)),
            pointing_minutes=min(_HOUR_MINUTES, sum(spell.pointing_minutes for spell in lately)),
            gently=any(_speaks(dislike.too_hard_at, now) for dislike in self.dislikes.values()),
        )

    def chose(self, choice: Choice) -> None:
        """The picker chose this: its regions have their turn."""
        self.had_turn(choice.routine)
        self.whys.pop(choice.routine.id, None)
        self.whys[choice.routine.id] = choice.why
        _keep(self.whys)
        if choice.why.minutes:
            self.hands = ()

    def had_turn(self, routine: RoutineInfo) -> None:
        """The routine was offered, or done without being offered."""
        self.offers += 1
        for region in routine.waits_for:
            self.regions.pop(region, None)
            self.regions[region] = self.offers
        _keep(self.regions)
        if routine.eases_hands:
            self.hands = ()

    def skipped(self, routine_id: str, now: Instant) -> None:
        """Its prompt was skipped."""
        dislike = self._dislike(routine_id, now)
        dislike.skips = min(_MOST_SKIPS, dislike.skips + 1 if _speaks(dislike.skipped_at, now) else 1)
        dislike.skipped_at = now

    def followed(self, routine_id: str) -> None:
        """Its prompt was followed after all, or it was done to the end: earlier skips are forgiven."""
        dislike = self.dislikes.get(routine_id)
        if dislike is not None:
            dislike.skips, dislike.skipped_at = 0, None

    def rated(self, routine_id: str, effort: int | None, pain: int | None, now: Instant) -> None:
        """It was rated: effort 1-5, pain 0-3, None if not told. A good rating overrules an earlier bad one."""
        if (effort or 0) >= TOO_HARD_FROM or (pain or 0) >= PAINFUL_FROM:
            self._dislike(routine_id, now).too_hard_at = now
        elif effort is not None and pain is not None:
            self.dislikes.pop(routine_id, None)

    def hands_used(self, typing_minutes: int, pointing_minutes: int, now: Instant) -> None:
        """The hands did this since it was last told."""
        self.hands = (*self._lately(now), HandsSpell(now, typing_minutes, pointing_minutes))[-_MOST_KEPT:]

    def _lately(self, now: Instant) -> list[HandsSpell]:
        return [spell for spell in self.hands if now - spell.at < LATELY]

    def _dislike(self, routine_id: str, now: Instant) -> Dislike:
        dislike = self.dislikes.pop(routine_id, None) or Dislike()
        self.dislikes = {
            name: old
            for name, old in self.dislikes.items()
            if _speaks(old.skipped_at, now) or _speaks(old.too_hard_at, now)
        }
        self.dislikes[routine_id] = dislike
        _keep(self.dislikes)
        return dislike


def _speaks(at: Instant | None, now: Instant) -> bool:
    return at is not None and now - at < HOLDS_FOR


def _chance(dislike: Dislike, now: Instant) -> float:
    skips = dislike.skips if _speaks(dislike.skipped_at, now) else 0
    hard = _TOO_HARD_CHANCE if _speaks(dislike.too_hard_at, now) else 1.0
    return hard * float(_SKIPPED_CHANCE**skips)


def _keep(kept: dict[str, Any]) -> None:
    """Forget what lies longest back; the latest stand last."""
    for name in list(kept)[:-_MOST_KEPT]:
        del kept[name]
