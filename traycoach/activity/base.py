"""What a source of input is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, runtime_checkable

from traycoach.core.events import Event

Post = Callable[[Event], None]
"""Takes an event, from any thread, at once and without failing."""


class Source(Protocol):
    """Tells when the person last used keyboard or pointer. `tests/contracts/source.py` is this contract as a suite.

    Terms: *raw* is what the mechanism counts; `idle_for` is the age of the last input in steady time, which counts the
    machine's sleep. A source owns at most one thread, and all that this thread does to others is to post.
    """

    @property
    def name(self) -> str:
        """The mechanism in two words, for `doctor`: "x11 alarms"."""
        ...

    def probe(self) -> None:
        """Return if the mechanism works here. Raises Unavailable with the reason; changes nothing."""
        ...

    def start(self, post: Post) -> None:
        """Begin to watch. Raises Unavailable. Nothing is posted before the first `watch`, but for SourceLost."""
        ...

    def watch(self, after: timedelta) -> None:
        """Set the threshold.

        IdleBegan is posted when the last input is `after` old, at once if it already is; InputResumed is posted at the
        first input that follows an IdleBegan, whatever the threshold has become meanwhile. Both repeat for ever.
        """
        ...

    def idle_for(self) -> timedelta:
        """Give the age of the last input. Raises Unavailable once the mechanism is gone."""
        ...

    def stop(self) -> None:
        """Post nothing more and give everything back. Stopping twice is fine.

        When the mechanism dies by itself, the source posts SourceLost once and is then of no more use.
        """
        ...


@runtime_checkable
class TakesOver(Protocol):
    """A source whose mechanism cannot look back: it tells nothing of input before its start.

    It counts from there, unless it is told what an earlier source knew.
    """

    def take_over(self, idle_for: timedelta) -> None:
        """Take this for the age of the last input, until there is input. Called after `start`, before `watch`."""
        ...
