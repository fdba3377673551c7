"""A coach fed event by event, for what no window, tray or source ever says in that order, or at that moment."""

from __future__ import annotations

from datetime import timedelta

from tests.core.played import Played
from traycoach.core import events
from traycoach.core.actions import Action, RecordOutcome, ShowPrompt
from traycoach.core.coach import Coach
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.rules import Schedule


class AtNine:
    """Somebody at the desk since nine, with the default `stand` rule or those of `only` and `tables`."""

    def __init__(self, *, only: str = "stand", tables: str = "") -> None:
        played = Played("09:00 end", only=only, tables=tables)
        self.script = played.script
        self.now: Instant = Instant(timedelta(hours=1), played.script.began_at)
        self.coach = Coach(self.script.schedule, self.script.catalogue, None, 1, self.now)
        self.tell(events.CoachStarted("boot 1", slept=False, idle_for=ZERO))

    def restart(self, *, idle_for: timedelta | None = ZERO, slept: bool = False, boot: str = "boot 1") -> list[Action]:
        """The process ends and starts again with its state."""
        self.coach = Coach(self.schedule, self.script.catalogue, self.coach.state, 1, self.now)
        return self.tell(events.CoachStarted(boot, slept=slept, idle_for=idle_for))

    @property
    def schedule(self) -> Schedule:
        """The schedule now in force."""
        return self.coach.turn(self.now).schedule

    def tell(self, event: events.Event) -> list[Action]:
        """Something happens now."""
        return self.coach.handle(event, self.now)

    def passes(self, span: timedelta) -> None:
        """Time passes, and nothing is told."""
        self.now = self.now.after(span)

    def types(self, span: timedelta) -> None:
        """Type on for so long, in whole half minutes."""
        for _ in range(round(span / (30 * SECOND))):
            self.passes(30 * SECOND)
            self.tell(events.Woke(ZERO))

    def is_asked(self) -> int:
        """Type until the first card is there, and give its number."""
        self.types(29 * MINUTE + 30 * SECOND)
        for _ in range(4):
            self.passes(30 * SECOND)
            for action in self.tell(events.Woke(4 * SECOND)):
                if isinstance(action, ShowPrompt):
                    return action.prompt.id
        raise AssertionError("no card")

    @property
    def sat_for(self) -> timedelta:
        """The bout so far."""
        return self.coach.turn(self.now).bout_lasted()


def outcomes(ordered: list[Action]) -> list[str]:
    """Give the outcomes that were ordered to be recorded."""
    return [f"{one.rule} {one.outcome.value}" for one in ordered if isinstance(one, RecordOutcome)]
