"""How much has been said lately, and whether one more prompt would be too much."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from traycoach.core.instant import ZERO, Instant
from traycoach.core.rules import Budget

HOUR = timedelta(hours=1)
HALVED_FOR = timedelta(hours=2)


@dataclass(slots=True)
class Showing:
    """One prompt that was put on the screen. `counts`: against the hourly numbers; all count for `apart`."""

    prompt: int
    at: Instant
    card: bool
    counts: bool


@dataclass(slots=True)
class Spoken:
    """The showings of the last hour and the refusals in a row."""

    showings: list[Showing] = field(default_factory=list)
    refused_in_a_row: int = 0
    halved_until: Instant | None = None

    def add(self, showing: Showing) -> None:
        """Take note of a showing and forget those that no longer matter."""
        self.showings = [old for old in self.showings if showing.at - old.at < 2 * HOUR]
        self.showings.append(showing)

    def take_back(self, prompt: int) -> None:
        """The prompt's last showing does not count (a hold or an absence cut it short)."""
        last = self._last(prompt)
        if last is not None:
            self.showings.remove(last)

    def came_on_screen(self, prompt: int, at: Instant) -> None:
        """The prompt's last showing really began then."""
        last = self._last(prompt)
        if last is not None:
            last.at = at

    def _last(self, prompt: int) -> Showing | None:
        return next((showing for showing in reversed(self.showings) if showing.prompt == prompt), None)

    def put_back(self, showing: Showing) -> None:
        """The showing had an outcome after all, so it counts; once."""
        if all(old.prompt != showing.prompt or old.at != showing.at for old in self.showings):
            self.showings = sorted([*self.showings, showing], key=lambda one: one.at.steady)

    def refused(self, now: Instant) -> None:
        """A card was refused; two in a row halve the hourly numbers for two hours."""
        self.refused_in_a_row += 1
        if self.refused_in_a_row >= 2:
            self.halved_until = now.after(HALVED_FOR)

    def accepted(self) -> None:
        """A card was taken in some form: the row of refusals is broken."""
        self.refused_in_a_row = 0

    def forgive(self) -> None:
        """The last refusal was overruled: the person got up after all."""
        self.refused_in_a_row = 0
        self.halved_until = None

    def kept_for(self, budget: Budget, now: Instant, *, card: bool) -> timedelta:
        """Give how long the budget keeps an interval rule's prompt back; zero if it may be shown.

        A notice never delays a card: a card looks at cards only, a notice at everything.
        """
        limit = budget.cards_an_hour if card else budget.prompts_an_hour
        seen = [showing for showing in self.showings if showing.card or not card]
        wait = budget.apart - (now - seen[-1].at) if seen else ZERO
        over = _full_for(seen, limit, now)
        halved_for = self.halved_until - now if self.halved_until is not None else ZERO
        if halved_for > ZERO:
            over = min(_full_for(seen, (limit + 1) // 2, now), max(halved_for, over))
        return max(ZERO, wait, over)


def _full_for(seen: list[Showing], limit: int, now: Instant) -> timedelta:
    """Give how long the hour still has as many showings as are allowed; zero if one more has room."""
    counted = [showing for showing in seen if showing.counts and now - showing.at < HOUR]
    if len(counted) < limit:
        return ZERO
    return HOUR - (now - counted[-limit].at) if limit else HOUR
