"""How old the last input is, as far as a compositor tells it: by "idled" after a silence, and "resumed" after that.

No I/O and no clock: time enters as awake time, which stands still while the machine sleeps, as compositors' timers do.
"""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.instant import ZERO

LATE = timedelta(milliseconds=250)
"""How late a compositor that is busy may tell of a silence; what happened in so short a time is not told apart."""
_MS = timedelta(milliseconds=1)


class InputAge:
    """Reads one notification of a compositor, made at `now`, that tells of each silence of `timeout`.

    While it says nothing there was input within `timeout`. The age given is then the greatest possible: an input is
    never made up. From the moment it says "idled" the age is exact, but for a notification that has heard of no input
    since it was made: what was before, only `idle_for` tells.
    """

    def __init__(self, now: timedelta, timeout: timedelta, idle_for: timedelta = ZERO) -> None:
        self.timeout = timeout
        self.idle = False
        """Whether the compositor said "idled", and not "resumed" since."""
        self._made_at = now
        self._input_at = now - idle_for

    def idled(self, now: timedelta) -> None:
        """The compositor says: no input for `timeout`."""
        self.idle = True
        began_at = now - self.timeout
        if self._is_telling(now) or began_at < self._input_at:
            self._input_at = began_at

    def resumed(self, now: timedelta) -> None:
        """The compositor says: this is the first input after a silence."""
        self.idle = False
        self._input_at = now

    def at(self, now: timedelta) -> timedelta:
        """Give the age of the last input."""
        if not self.idle and self._is_telling(now):
            self._input_at = max(self._input_at, now - self.timeout + _MS)
        return max(ZERO, now - self._input_at)

    def input_since(self, then: timedelta) -> bool:
        """Tell whether input is known to have come after `then`."""
        return self._input_at > then + LATE

    def _is_telling(self, now: timedelta) -> bool:
        """Tell whether the notification is so old that a silence which began with it would have been told."""
        return now - self._made_at > self.timeout + LATE
