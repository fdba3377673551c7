"""The coach's own thread: events in from anywhere, actions out, one alarm. Only this thread touches the coach."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Protocol, TypeVar

from traycoach.alarm import Alarm, ClockRules
from traycoach.clock import Clock, JumpWatch
from traycoach.core.actions import Action
from traycoach.core.coach import Coach
from traycoach.core.events import ClockJumped, Event, MachineSlept, SettingsChanged, SleepEnded, Woke
from traycoach.core.instant import SECOND, Instant

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_SLEPT = SECOND
"""Suspended time that grew by less is the time between two readings."""


class Performs(Protocol):
    """Whoever carries actions out; `perform.py` does in the daemon."""

    def perform(self, action: Action) -> None:
        """Carry one action out; never raises."""
        ...


class CoachLoop:
    """Feeds the coach with stamped events and hands its actions on.

    `idle_for` asks the source of input (None: there is none). `done` is told of every event, after what came of it.
    """

    def __init__(
        self,
        coach: Coach,
        clock: Clock,
        clock_rules: ClockRules,
        performs: Performs,
        idle_for: Callable[[], timedelta | None],
        done: Callable[[Event, Instant, list[Action]], None],
    ) -> None:
        self.coach = coach
        self.clock_rules = clock_rules
        self._clock = clock
        self._performs = performs
        self._idle_for = idle_for
        self._done = done
        self._suspended_for = clock.suspended_for()
        self._jumps = JumpWatch(clock)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarm: Alarm | None = None
        self._ready = threading.Event()
        self._starting = threading.RLock()
        self._started = False
        self._early: list[Event] = []
        self._thread = threading.Thread(target=self._run, name="coach", daemon=True)

    def start(self, first: Event) -> None:
        """Begin, with this event; what was posted before follows it."""
        self._thread.start()
        self._ready.wait()
        with self._starting:
            self._started = True
            early, self._early = self._early, []
            for event in (first, *early):
                self.post(event)

    def post(self, event: Event) -> None:
        """Take an event, from any thread, at once. After the end it is dropped."""
        with self._starting:
            if not self._started:
                self._early.append(event)
                return
        loop = self._loop
        if loop is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(self._take, event)
            except RuntimeError:  # the loop was closed in between
                _log.debug("an event after the end: %s", type(event).__name__)

    def ask(self, question: Callable[[Coach, Instant], _T], *, within: timedelta = 5 * SECOND) -> _T:
        """Run a question about the coach in its thread and give the answer. Not from the coach's own thread.

        Raises TimeoutError, or whatever the question raised.
        """
        future: Future[_T] = Future()

        def answer() -> None:
            try:
                future.set_result(question(self.coach, self._clock.now()))
            except Exception as error:
                future.set_exception(error)

        assert self._loop is not None, "the loop has been started"
        self._loop.call_soon_threadsafe(answer)
        return future.result(within.total_seconds())

    def stop(self) -> None:
        """End the loop and wait for its thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(loop.stop)
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._jumps.close()

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        self._alarm = Alarm(self._clock, self._rang)
        loop.call_soon(self._alarm.start)
        jumps = self._jumps.fileno()
        if jumps is not None:
            loop.add_reader(jumps, self._clock_was_set)
        loop.call_soon(self._ready.set)
        try:
            loop.run_forever()
        finally:
            if jumps is not None:
                loop.remove_reader(jumps)
            self._alarm.stop()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    def _rang(self) -> None:
        self._take(Woke(self._idle_for()))

    def _clock_was_set(self) -> None:
        if self._jumps.jumped():
            self.clock_rules.clock_jumped(self._clock.now())
            self._take(ClockJumped())
        else:  # the descriptor also wakes us at the end of a sleep: timers stood still
            self._take(Woke(self._idle_for()))

    def _take(self, event: Event) -> None:
        now = self._clock.now()
        slept_for = self._clock.suspended_for() - self._suspended_for
        if slept_for > _SLEPT:
            self._suspended_for += slept_for
            self._handle(MachineSlept(slept_for), now)
        if isinstance(event, SettingsChanged):
            self.clock_rules.change(event.schedule, now)
        self._handle(event, now)
        if isinstance(event, SleepEnded) and self._jumps.jumped():
            self.clock_rules.clock_jumped(now)
        for occurrence in self.clock_rules.reached(now):
            self._handle(occurrence, now)
        self._arm(now)

    def _handle(self, event: Event, now: Instant) -> None:
        try:
            actions = self.coach.handle(event, now)
        except Exception:
            # a bug of the coach must be loud, and must not silence it for the rest of the day
            _log.exception("the coach failed on %s", type(event).__name__)
            return
        for action in actions:
            self._performs.perform(action)
        self._done(event, now, actions)

    def _arm(self, now: Instant) -> None:
        assert self._alarm is not None, "events are taken on the loop"
        at = self.coach.next_wakeup
        occurrence = self.clock_rules.next_at(now)
        self._alarm.arm(at if occurrence is None else min(at, occurrence))
