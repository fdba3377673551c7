"""A guard without a mechanism, for simulations and tests."""

from __future__ import annotations

from collections.abc import Callable

from traycoach.errors import Unavailable
from traycoach.guards.base import Verdict


class MemoryGuard:
    """Says what it is told to say."""

    mechanism = "memory"

    def __init__(self, name: str = "fullscreen", verdict: Verdict = Verdict.NO, refusal: str | None = None) -> None:
        """With a `refusal` the guard is unavailable, for this reason."""
        self.name = name
        self._verdict = verdict
        self._refusal = refusal
        self._changed: Callable[[Verdict], None] | None = None

    def say(self, verdict: Verdict) -> None:
        """Have the mechanism find this from now on."""
        if verdict is not self._verdict:
            self._verdict = verdict
            if self._changed is not None:
                self._changed(verdict)

    def probe(self) -> None:
        """See `Guard`."""
        if self._refusal is not None:
            raise Unavailable(self._refusal)

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        self.probe()
        self._changed = changed
        changed(self._verdict)

    def stop(self) -> None:
        """See `Guard`."""
        self._changed = None
