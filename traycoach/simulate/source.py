"""The virtual source of input: it tells the edges that a real one tells, from the spans of `Hands`."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.events import Event, IdleBegan, InputResumed
from traycoach.core.instant import MINUTE
from traycoach.simulate.hands import Hands

NEVER_TOUCHED = timedelta(hours=1)
"""How long the machine had been left alone when a script begins without input."""


class VirtualSource:
    """What `activity/base.py` asks of a source, and nothing else.

    `IdleBegan` when the last input is as old as the threshold, at once if it already is when the threshold is set;
    `InputResumed` at the first input after an `IdleBegan`.
    """

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.works = True
        self._threshold = MINUTE
        self._armed = False
        self._told_at: timedelta | None = None
        self._edge: timedelta | None = None
        self._edge_of: int | None = None

    def idle_for(self, at: timedelta) -> timedelta | None:
        """Give the age of the last input at `at`; None while the source is lost."""
        return self._age(at) if self.works else None

    def watch(self, after: timedelta) -> None:
        """Set the threshold."""
        self._threshold = after
        self._armed = True
        self._edge_of = None

    def start(self) -> None:
        """Begin anew, as with a new process: nothing is told before the first `watch`."""
        self._armed = False
        self._told_at = None
        self._edge_of = None

    def catch_up(self, at: timedelta) -> list[Event]:
        """Give what was missed in a standstill that ends at `at`: perhaps the input that followed an `IdleBegan`."""
        last = self.hands.last_at(at)
        if self._told_at is None or last is None or last <= self._told_at or not self.works:
            return []
        self._told_at = None
        self._armed = True
        self._edge_of = None
        return [InputResumed()]

    def edge_at(self, at: timedelta) -> timedelta | None:
        """Give the time of the next event at or after `at`; None if none will come."""
        if not self.works:
            return None
        if self._edge_of != self.hands.version:
            self._edge = self._find_edge(at)
            self._edge_of = self.hands.version
        return self._edge

    def _find_edge(self, at: timedelta) -> timedelta | None:
        resumed = None if self._told_at is None else self.hands.next_at(at)
        if not self._armed:
            return resumed
        idle = at if self.hands.last_at(at) is None else self.hands.silent_at(at, self._threshold)
        if resumed is None or (idle is not None and idle < resumed):
            return idle
        return resumed

    def take(self, at: timedelta) -> Event:
        """Give the event whose time `edge_at` told."""
        self._edge_of = None
        if self._told_at is not None and self.hands.next_at(at) == at:
            self._told_at = None
            self._armed = True
            return InputResumed()
        self._told_at = at
        self._armed = False
        return IdleBegan(self._age(at))

    def _age(self, at: timedelta) -> timedelta:
        last = self.hands.last_at(at)
        return at + NEVER_TOUCHED if last is None else at - last
