"""The clocks of sitting and standing, and the bout: time at the desk in one posture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from traycoach.core.instant import ZERO, Instant
from traycoach.core.rules import Medium, Posture

_SITTING, _USE = Medium.SITTING, Medium.USE


@dataclass(slots=True)
class Clocks:
    """Two totals that only run while the person is at the desk; the sum of both is use.

    The totals hold what lies before `since`, which is settled; the running clock has what came after it as well.
    """

    sat: timedelta = ZERO
    stood: timedelta = ZERO
    running: Posture | None = None
    since: timedelta = ZERO

    def start(self, posture: Posture, steady: timedelta) -> None:
        """Run the clock of this posture from `steady` on."""
        self.running = posture
        self.since = steady

    def stop(self, steady: timedelta) -> None:
        """Stop at `steady`, which may lie in the past; nothing before `since` is taken back."""
        if self.running is not None:
            self.add(self.running, max(ZERO, steady - self.since))
        self.running = None

    def add(self, posture: Posture, length: timedelta) -> None:
        """Add to the total of this posture."""
        if posture is Posture.SITTING:
            self.sat += length
        else:
            self.stood += length

    def total(self, medium: Medium, steady: timedelta) -> timedelta:
        """Give the medium's total at `steady`, the uncertain part included."""
        total = self.sat + self.stood if medium is _USE else self.sat if medium is _SITTING else self.stood
        if self.running is not None and medium.counts(self.running):
            total += steady - self.since
        return total


@dataclass(slots=True)
class Bout:
    """A bout under way. `zero` is the posture's total when it began: absences in it are not counted."""

    posture: Posture
    began_at: Instant
    zero: timedelta

    def lasted(self, clocks: Clocks, steady: timedelta) -> timedelta:
        """Give the bout's time at the desk up to `steady`."""
        return max(ZERO, clocks.total(Medium(self.posture.value), steady) - self.zero)


@dataclass(slots=True)
class Today:
    """The figures of the coach's day for the tray's second line; the history has the whole truth."""

    sat_before: timedelta = ZERO
    stood_before: timedelta = ZERO
    longest: timedelta = ZERO
    breaks: int = 0
