"""The computer's two clocks in a simulation, driven by the time since the script's start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from traycoach.core.instant import ZERO, Instant

BOOTED_BEFORE = timedelta(hours=1)
"""Steady time at the script's start."""
BOOT_TAKES = timedelta(seconds=30)
"""Steady time as the process starts after each later boot."""


class VirtualClock:
    """`at` is the time since the script's start; it only goes on. The wall clock can be set, steady time cannot.

    `slept_for` is how long the machine has slept since its boot; `boot` names the boot.
    """

    def __init__(self, began_at: datetime) -> None:
        self.at = ZERO
        self.slept_for = ZERO
        self._boots = 1
        self._zone = ZoneInfo(str(began_at.tzinfo))
        self._utc_zero = began_at.astimezone(UTC)
        self._steady_zero = BOOTED_BEFORE
        self._now: Instant | None = None

    @property
    def now(self) -> Instant:
        """This moment on both clocks."""
        if self._now is None:
            self._now = Instant(self._steady_zero + self.at, (self._utc_zero + self.at).astimezone(self._zone))
        return self._now

    @property
    def boot(self) -> str:
        """The name of this boot."""
        return f"boot {self._boots}"

    def time_of(self, steady: timedelta) -> timedelta:
        """Give the time since the script's start at which the steady clock shows this."""
        return steady - self._steady_zero

    def go_on(self, at: timedelta) -> None:
        """Let time pass until `at`."""
        self.at = at
        self._now = None

    def set_by(self, by: timedelta) -> None:
        """Set the wall clock."""
        self._utc_zero += by
        self._now = None

    def set_zone(self, zone: str) -> None:
        """Change the time zone."""
        self._zone = ZoneInfo(zone)
        self._now = None

    def reboot(self) -> None:
        """Begin a new boot: steady time begins anew, and nothing has slept in it."""
        self._boots += 1
        self._steady_zero = BOOT_TAKES - self.at
        self.slept_for = ZERO
        self._now = None
