"""The tray's loop on the main thread: work posted from any thread, and work for later. It sleeps in between."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from traycoach.clock import Clock
from traycoach.core.instant import ZERO

_log = logging.getLogger(__name__)


class Loop:
    """Runs work one by one on the thread that called `run`. An exception in one is logged and stops nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._work: deque[Callable[[], None]] = deque()
        self._later: list[tuple[timedelta, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._stopping = False

    def post(self, work: Callable[[], None]) -> None:
        """Run `work` soon; from any thread."""
        with self._changed:
            self._work.append(work)
            self._changed.notify()

    def later(self, after: timedelta, work: Callable[[], None]) -> Callable[[], None]:
        """Run `work` after so much steady time; from any thread. The result calls it off."""
        with self._changed:
            entry = (self._clock.now().steady + after, next(self._order), work)
            heapq.heappush(self._later, entry)
            self._changed.notify()

        def cancel() -> None:
            with self._changed:
                if entry in self._later:
                    self._later.remove(entry)
                    heapq.heapify(self._later)

        return cancel

    def run(self) -> None:
        """Work until `stop`."""
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:
                _log.exception("a part of the tray failed")

    def stop(self) -> None:
        """Make `run` return after the present piece of work; from any thread, also before `run`."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._stopping:
                if self._work:
                    return self._work.popleft()
                wait_s: float | None = None
                if self._later:
                    left = self._later[0][0] - self._clock.now().steady
                    if left <= ZERO:
                        return heapq.heappop(self._later)[2]
                    wait_s = left.total_seconds()
                self._changed.wait(wait_s)
            return None
