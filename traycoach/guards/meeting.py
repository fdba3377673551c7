"""Is there a meeting now, by the user's calendar files? Also: when it ends, and when the next one begins.

All of the work is `traycoach.calendars`. Who names no calendars does not even load it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from traycoach import clock
from traycoach.clock import Clock
from traycoach.errors import Problem
from traycoach.guards.base import Telling, Verdict
from traycoach.text import _

if TYPE_CHECKING:
    from traycoach.calendars.pace import Pace
    from traycoach.calendars.watch import MeetingWatch, Reads

_VERDICTS = {True: Verdict.YES, False: Verdict.NO, None: Verdict.UNKNOWN}


def _nobody(_told: object) -> None:
    """Hear nothing."""


class MeetingGuard:
    """Watches the calendars of these paths, as they are in the settings. Without any there is no meeting.

    `look` is to be called when the wall clock was set, the zone changed or the machine woke: timers stood still.
    """

    name = "meeting"

    def __init__(
        self,
        paths: Sequence[str],
        *,
        end_known: Callable[[datetime | None], None] = _nobody,
        next_known: Callable[[datetime | None], None] = _nobody,
        troubled: Callable[[tuple[Problem, ...]], None] = _nobody,
        make_reader: Callable[[], Reads] | None = None,
        time: Clock = clock.system,
        pace: Pace | None = None,
    ) -> None:
        """Three more are told, from a thread of the guard, each only what is news. Times are local.

        `end_known`: the end of the meeting that is present or begins within 10 minutes, or None. `next_known`: the
        start of the next one if it begins within 15 minutes, or None. `troubled`: problems that were not told before.
        """
        self._paths = tuple(paths)
        self._end_known = end_known
        self._next_known = next_known
        self._troubled = troubled
        self._make_reader = make_reader
        self._time = time
        self._pace = pace
        self._telling = Telling()
        self._lock = threading.RLock()  # the settings may change while the guard is started or stopped
        self._watch: MeetingWatch | None = None

    @property
    def mechanism(self) -> str:
        """See `Guard`."""
        return "calendar files" if self._paths else _("no calendars are set")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the calendars now."""
        watch = self._watch
        return () if watch is None else watch.problems

    @property
    def lost(self) -> bool:
        """See `Mortal`."""
        watch = self._watch
        return watch is not None and watch.lost

    def probe(self) -> None:
        """See `Guard`. Calendars that are not there yet are watched for."""

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`. The first verdict follows the first reading."""
        with self._lock:
            self._telling.begin(changed)
            self._follow()

    def change(self, paths: Sequence[str]) -> None:
        """Watch other calendars; a guard that runs reads them at once."""
        with self._lock:
            if tuple(paths) == self._paths:
                return
            watched = self._end_watch()
            self._paths = tuple(paths)
            if self._telling.wanted:
                self._follow()
            if watched and not self._paths:
                self._end_known(None)
                self._next_known(None)

    def look(self) -> None:
        """Judge anew; from any thread, does not wait."""
        watch = self._watch
        if watch is not None:
            watch.ring()

    def stop(self) -> None:
        """See `Guard`."""
        with self._lock:
            self._telling.end()
            self._end_watch()

    def _follow(self) -> None:
        if not self._paths:
            self._telling.tell(Verdict.NO)
            return
        from traycoach.calendars.child import ChildReader
        from traycoach.calendars.pace import Pace
        from traycoach.calendars.watch import MeetingWatch, Tells

        tells = Tells(self._end_known, self._next_known, self._troubled)
        reader = (self._make_reader or ChildReader)()
        self._watch = MeetingWatch(self._paths, self._answered, tells, reader, self._time, self._pace or Pace())
        self._watch.start()

    def _end_watch(self) -> bool:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()
        return watch is not None

    def _answered(self, in_meeting: bool | None) -> None:
        if self.lost:
            self._telling.lose()
        else:
            self._telling.tell(_VERDICTS[in_meeting])
