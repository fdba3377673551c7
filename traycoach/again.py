"""Asking once more after a while, where nobody tells when there is news: ever more seldom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence


class Again:
    """One timer: runs `work` once, in a thread of its own, when the next of the waits is over."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._waits_s: Sequence[float] = ()
        self._tries = 0

    def later(self, waits_s: Sequence[float]) -> None:
        """Work after the first of these waits; asked again with the same ones, after the next, the last for ever."""
        with self._lock:
            self._tries = self._tries + 1 if waits_s == self._waits_s else 0
            self._waits_s = waits_s
            self._put_off()
            self._timer = threading.Timer(waits_s[min(self._tries, len(waits_s) - 1)], self._work)
            self._timer.daemon = True
            self._timer.start()

    def never(self) -> None:
        """Work no more; what is under way ends by itself. The next waits begin with the first."""
        with self._lock:
            self._waits_s = ()
            self._put_off()

    def _put_off(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
