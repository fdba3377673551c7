"""What a guard is: it answers one question about the desktop, such as "is a full-screen window in use?"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from traycoach.core.instant import SECOND

LIMIT: timedelta = SECOND / 2
"""No guard lets a question to another program take longer."""

MORE_SELDOM_S = (30.0, 60.0, 120.0)
"""After how long a reason that is present is looked at again: the longer it has been, the less a minute matters."""


class Verdict(StrEnum):
    """A guard's answer. Unknown is neither: it holds nothing back and proves nothing."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Guard(Protocol):
    """Watches one reason by one mechanism. `tests/contracts/guard.py` is this contract as a suite.

    A guard hears of changes, it does not poll; it never starts a service, and the absence of one is `UNKNOWN` or, where
    only that service can be the reason, `NO`. It decides nothing: whether a reason holds prompts back is the user's
    choice.
    """

    @property
    def name(self) -> str:
        """The reason, as the settings and the coach call it: "fullscreen", "microphone", …"""
        ...

    @property
    def mechanism(self) -> str:
        """How it is found out, in a few words, for `doctor`."""
        ...

    def probe(self) -> None:
        """Return if the mechanism works here. Raises Unavailable with the reason, within `LIMIT` or little more;
        NotHere, if it never will in this session.
        """
        ...

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """Begin to watch: tell the present verdict soon, then each change, from any thread. Raises Unavailable."""
        ...

    def stop(self) -> None:
        """Tell nothing more and give everything back. Stopping twice is fine."""
        ...


@runtime_checkable
class Mortal(Protocol):
    """A guard whose mechanism may die in such a way that only a new start helps."""

    @property
    def lost(self) -> bool:
        """Whether it has died; it has told `UNKNOWN` then."""
        ...


@runtime_checkable
class Asks(Protocol):
    """A guard whose mechanism tells nothing by itself. It asks when a prompt is near, and on while it hears yes."""

    def ask_now(self) -> None:
        """Ask, soon and in another thread. Nothing happens unless the guard was started."""
        ...


class Telling:
    """Tells verdicts to whom a guard was started with: each that is another than the one before, none after the end.

    One thread at a time may tell.
    """

    def __init__(self) -> None:
        self._changed: Callable[[Verdict], None] | None = None
        self._last: Verdict | None = None

    def begin(self, changed: Callable[[Verdict], None]) -> None:
        """Tell this one from now on."""
        self._changed, self._last = changed, None

    def end(self) -> None:
        """Tell nothing more."""
        self._changed = None

    @property
    def wanted(self) -> bool:
        """Whether anybody is told."""
        return self._changed is not None

    def tell(self, verdict: Verdict) -> None:
        """Tell the verdict, if it is news."""
        changed = self._changed
        if changed is not None and verdict is not self._last:
            self._last = verdict
            changed(verdict)

    def lose(self) -> None:
        """Tell that a `Mortal` guard has died: unknown, even if that is no news, since now a new start is needed."""
        self._last = None
        self.tell(Verdict.UNKNOWN)
