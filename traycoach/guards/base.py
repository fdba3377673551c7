"""What a guard is: it answers one question about the desktop, such as "is a full-screen window in use?"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from traycoach.core.instant import SECOND

LIMIT: timedelta = SECOND / 2
"""No guard lets a question to another program take longer."""


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
        """Return if the mechanism works here. Raises Unavailable with the reason, within `LIMIT` or little more."""
        ...

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """Begin to watch: tell the present verdict soon, then each change, from any thread. Raises Unavailable."""
        ...

    def stop(self) -> None:
        """Tell nothing more and give everything back. Stopping twice is fine."""
        ...
