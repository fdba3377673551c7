"""Follows the user's calendars for the daemon: when to read them, and what they answer from moment to moment.

The files are read by a process of their own, when they have changed and twice a day. Between that, one thread wakes
when an answer changes, and at nothing else.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from traycoach.calendars import LONGEST, Reading
from traycoach.calendars.agenda import Agenda, Answers
from traycoach.calendars.folders import FolderWatch
from traycoach.calendars.pace import Pace, ReadingTimes
from traycoach.clock import Clock
from traycoach.core.instant import MINUTE, ZERO, Instant, wall_between
from traycoach.errors import Problem, Unavailable
from traycoach.text import _

REFRESH = 12 * 60 * MINUTE
"""How long a reading is good. It looks further ahead, so that the night's sleep of the machine does not run it out."""

_LONGEST_WAIT = 24 * 60 * MINUTE
"""A clock that was set back by months makes a boundary lie further off than a selector can wait."""

_log = logging.getLogger(__name__)


class Reads(Protocol):
    """Reads calendars; `ChildReader` does in the daemon."""

    def read(self, paths: Sequence[str]) -> Reading:
        """Give what the calendars say. May take seconds. Raises Unavailable."""
        ...

    def cancel(self) -> None:
        """End a reading that is under way, from another thread, and begin none any more."""
        ...


@dataclass(frozen=True, slots=True)
class Tells:
    """Who hears what besides the answer, from the thread of the watch, each only when it changes. Times are local.

    `end_known`: the end of the meeting that is present or begins within 10 minutes, or None. `next_known`: the start of
    the next one if it begins within 15 minutes, or None. `troubled`: problems that were not told before.
    """

    end_known: Callable[[datetime | None], None] = lambda _at: None
    next_known: Callable[[datetime | None], None] = lambda _at: None
    troubled: Callable[[tuple[Problem, ...]], None] = lambda _problems: None


class MeetingWatch:
    """Follows the calendars of some paths, from `start` to `stop`: one thread waits for files, readings and the time.

    `changed` is told whether there is a meeting now, None while nobody knows; the first time after the first reading.
    """

    def __init__(
        self,
        paths: Sequence[str],
        changed: Callable[[bool | None], None],
        tells: Tells,
        reader: Reads,
        time: Clock,
        pace: Pace,
    ) -> None:
        self.lost = False
        """Whether the thread has met a bug and ended; it has told so."""
        self.problems: tuple[Problem, ...] = ()
        self._changed = changed
        self._tells = tells
        self._reader = reader
        self._time = time
        now = time.now()
        self._lock = threading.Lock()  # for the outcome
        self._outcome: Reading | Unavailable | None = None
        self._stopping = False
        self._paths = tuple(paths)
        self._times = ReadingTimes(pace, now.steady)
        self._zone = now.wall.tzinfo
        self._reading: Reading | None = None
        self._agenda = Agenda()
        self._under_way: threading.Thread | None = None
        self._began_at = now
        self._told: tuple[bool | None, datetime | None, datetime | None] | None = None
        self._problems_told: set[Problem] = set()  # without their lines, which move with every edit
        self._folders = FolderWatch()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="meetings", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ring(self) -> None:
        """Have the thread look at everything; from any thread."""
        with contextlib.suppress(OSError):  # a bell that is full rings; one that is closed has nobody to wake
            self._rope.send(b"!")

    def stop(self) -> None:
        """Tell nothing more, end the thread and a reading that is under way."""
        self._stopping = True
        self._reader.cancel()
        self.ring()
        if self._thread is not threading.current_thread():
            self._thread.join()

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._bell, selectors.EVENT_READ)
                if (folders := self._folders.fileno()) is not None:
                    selector.register(folders, selectors.EVENT_READ)
                while not self._stopping:
                    wait = self._step(self._time.now())
                    selector.select(max(0.0, wait.total_seconds()))
                    with contextlib.suppress(BlockingIOError):
                        self._bell.recv(1024)
        except Exception:
            _log.exception("meetings are watched no more")
            self.lost = True
            self._tell(None, Answers(), self._time.now())
        finally:
            if self._under_way is not None:
                self._under_way.join()
            self._folders.close()
            self._bell.close()
            self._rope.close()

    def _step(self, now: Instant) -> timedelta:
        """Take in what happened, tell what changed; give how long there is nothing to do."""
        with self._lock:
            outcome, self._outcome = self._outcome, None
        if self._folders.changed():
            self._times.changed(now.steady)
        if outcome is not None:
            self._take(outcome, now)
        if now.wall.tzinfo is not self._zone:
            self._zone = now.wall.tzinfo
            self._times.wanted_at_once(now.steady)
        elif self._reading is not None and self._times.due_at is None and not self._is_good(self._reading, now):
            self._times.wanted(now.steady)
        due_at = self._times.due_at
        if due_at is not None and due_at <= now.steady and self._under_way is None:
            self._begin(now)
        return self._judge(now)

    def _begin(self, now: Instant) -> None:
        self._times.began(now.steady)
        self._began_at = now
        self._under_way = threading.Thread(target=self._read, name="calendars", daemon=True)
        self._under_way.start()

    def _read(self) -> None:
        """Read; in a thread of its own, so that the end of a meeting does not wait for it."""
        outcome: Reading | Unavailable
        try:
            outcome = self._reader.read(self._paths)
        except Unavailable as error:
            outcome = error
        except Exception:
            _log.exception("the reading of calendars failed")
            outcome = Unavailable(_("The reading of calendars failed."))
        with self._lock:
            self._outcome = outcome
        self.ring()

    def _take(self, outcome: Reading | Unavailable, now: Instant) -> None:
        if self._under_way is not None:
            self._under_way.join()
            self._under_way = None
        if isinstance(outcome, Unavailable):
            self._times.failed(now.steady)
            self._trouble((Problem(outcome.reason),))
            return
        self._times.ended(outcome.took)
        self._agenda = Agenda.of(outcome.meetings)
        self._reading = replace(outcome, meetings=(), folders=(), troubles=())
        if self._folders.follow(outcome.folders, self._began_at.wall):
            self._times.changed(now.steady)
        if outcome.troubles or self.problems:
            from traycoach.calendars.faults import problems  # most calendars have none

            self._trouble(problems(outcome.troubles))

    @staticmethod
    def _is_good(reading: Reading, now: Instant) -> bool:
        read_at = reading.since + LONGEST
        return read_at - MINUTE <= now.wall < min(read_at + REFRESH, reading.until)

    def _judge(self, now: Instant) -> timedelta:
        """Tell what is so now; give how long it stays so, or until the next reading."""
        reading = self._reading
        waits = [_LONGEST_WAIT]
        if self._under_way is None and (due_at := self._times.due_at) is not None:
            waits.append(due_at - now.steady)
        answers = Answers()
        if reading is not None and reading.calendars and reading.since <= now.wall < reading.until:
            answers = self._agenda.at(now.wall)
            self._tell(answers.in_meeting, answers, now)
        elif reading is not None or self._times.has_failed:
            self._tell(None, answers, now)
        if reading is not None:
            boundaries = (reading.since + LONGEST + REFRESH, reading.until, answers.changes_at)
            lengths = (wall_between(now.wall, at) for at in boundaries if at is not None)
            waits += [length for length in lengths if length > ZERO]
        return min(waits)

    # --- what is told -------------------------------------------------------------------------------------------------

    def _tell(self, in_meeting: bool | None, answers: Answers, now: Instant) -> None:
        if self._stopping:
            return
        zone = now.wall.tzinfo
        ends_at, next_at = (at.astimezone(zone) if at else None for at in (answers.ends_at, answers.next_at))
        before, self._told = self._told, (in_meeting, ends_at, next_at)
        if before is None or before[1] != ends_at:
            self._tells.end_known(ends_at)
        if before is None or before[2] != next_at:
            self._tells.next_known(next_at)
        if before is None or before[0] is not in_meeting or self.lost:
            self._changed(in_meeting)

    def _trouble(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        new = {replace(problem, line=None): problem for problem in problems}
        for known in self._problems_told:
            new.pop(known, None)
        if new and not self._stopping:
            self._problems_told.update(new)
            self._tells.troubled(tuple(new.values()))
