"""What one window process has open, and by when something must be heard of it. No I/O, no clock of its own.

A window that is ordered and never painted, or an overlay that stops beating, must not keep the user waiting or locked
out: then the process is ended, and what it showed is shown in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from traycoach import messages as m
from traycoach.core.instant import MINUTE, SECOND
from traycoach.core.rules import Look


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the window process may take. `heartbeat` is the interval of `messages.Heartbeat`; two may be missed.

    `backoff` are the waits before the second, third… attempt in a row; after the last of them the process rests for
    `rest`. A process that lived `healthy_after` was no failure, whatever ended it.
    """

    ready: timedelta = 30 * SECOND
    paint: timedelta = 10 * SECOND
    heartbeat: timedelta = 2 * SECOND
    leave: timedelta = 2 * SECOND
    backoff: tuple[timedelta, ...] = (SECOND, 3 * SECOND)
    rest: timedelta = 10 * MINUTE
    healthy_after: timedelta = MINUTE


ROUTINE = "routine"


class Watch:
    """Follows the messages of one process. `proved`: the user could use what it showed."""

    def __init__(self, limits: Limits, now: timedelta) -> None:
        self.proved = False
        self._limits = limits
        self._ready_by: timedelta | None = now + limits.ready
        self._unpainted: dict[int | str, timedelta] = {}
        self._overlays: set[int] = set()
        self._beats_by: timedelta | None = None
        self._open: set[int | str] = set()

    @property
    def shows_something(self) -> bool:
        """Whether a prompt or a routine is open, or was asked for."""
        return bool(self._open)

    def deadline(self) -> timedelta | None:
        """Give the steady time by which something must be heard; None while nothing is awaited."""
        awaited = [end for end in (self._ready_by, self._beats_by) if end is not None]
        if self._ready_by is None:
            awaited += self._unpainted.values()
        return min(awaited, default=None)

    def forgive(self, lost: timedelta) -> None:
        """Move all ends on: this machine slept, or this process stood still, for so long."""
        self._ready_by = None if self._ready_by is None else self._ready_by + lost
        self._beats_by = None if self._beats_by is None else self._beats_by + lost
        self._unpainted = {what: end + lost for what, end in self._unpainted.items()}

    def sent(self, message: m.ToWindows, now: timedelta) -> None:
        """Note an order to the process."""
        match message:
            case m.ShowPromptWindow(prompt=prompt):
                self._ask_for(prompt.id, now)
                if prompt.look is Look.OVERLAY:
                    self._overlays.add(prompt.id)
            case m.OpenRoutineWindow():
                self._ask_for(ROUTINE, now)
            case m.WithdrawPromptWindow(prompt=number):
                self._gone(number)
            case _:
                pass

    def heard(self, message: m.FromWindows, now: timedelta) -> None:
        """Note a message of the process."""
        match message:
            case m.WindowsReady():
                self._ready_by = None
                self._unpainted = dict.fromkeys(self._unpainted, now + self._limits.paint)
            case m.PromptOnScreen(prompt=number):
                self._painted(number)
                if number in self._overlays:
                    self._beat(now)
            case m.RoutineOnScreen():
                self._painted(ROUTINE)
            case m.Heartbeat():
                if self._overlays:
                    self._beat(now)
            case m.PromptReply(prompt=number) | m.PromptGone(prompt=number):
                self.proved = True
                self._gone(number)
            case m.RoutineOver():
                self.proved = True
                self._gone(ROUTINE)
            case m.StatusAction():
                self.proved = True
            case _:
                pass

    def _ask_for(self, what: int | str, now: timedelta) -> None:
        self._open.add(what)
        self._unpainted[what] = now + self._limits.paint

    def _painted(self, what: int | str) -> None:
        self._unpainted.pop(what, None)

    def _beat(self, now: timedelta) -> None:
        self._beats_by = now + 2 * self._limits.heartbeat + self._limits.heartbeat / 2

    def _gone(self, what: int | str) -> None:
        self._open.discard(what)
        self._unpainted.pop(what, None)
        self._overlays -= {what}
        if not self._overlays:
            self._beats_by = None
