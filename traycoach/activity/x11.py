"""Input on X11, by XSync alarms on the server's idle counter: exact, and nothing wakes between two crossings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from traycoach import clock as clocks
from traycoach.activity.base import Post
from traycoach.activity.judge import IdleJudge
from traycoach.clock import Clock
from traycoach.core.events import SourceLost
from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.text import _

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import Event as XEvent

    from traycoach.desktop import x11_sync

IDLE_COUNTER = "IDLETIME"

_log = logging.getLogger(__name__)


class CounterAlarms:
    """One idle counter of the server with an alarm above and one below. Used on the connection's thread only.

    `went_off` is called, on that thread, when an alarm goes off.
    """

    def __init__(self, connection: XConnection, display: Display, name: str, went_off: Callable[[], object]) -> None:
        """Raises Unavailable if the server has no counter of this name."""
        from traycoach.desktop import x11_sync as sync

        self._sync = sync
        self._display = display
        self._went_off = went_off
        sync.initialize(display)
        counter = sync.system_counters(display).get(name)
        if counter is None:
            raise Unavailable(_("The X server has no counter {name}.").format(name=name))
        self._counter = counter
        self._alarms: dict[x11_sync.Test, int] = {}
        self._set_ms: dict[x11_sync.Test, int] = {}
        self._stop_listening = connection.listen(self._heard)

    def value(self) -> timedelta:
        """Ask the server for the counter's present value."""
        return timedelta(milliseconds=self._sync.query_counter_ms(self._display, self._counter))

    def reach(self, value: timedelta) -> None:
        """Go off once when the counter comes up to `value`, at once if it has; again after the next call."""
        self._set(self._sync.Test.REACHES, value)

    def fall_to(self, value: timedelta) -> None:
        """Go off whenever the counter drops to `value`."""
        self._set(self._sync.Test.FALLS_TO, value)

    def close(self) -> None:
        """Remove the alarms."""
        self._stop_listening()
        for alarm in self._alarms.values():
            self._sync.destroy_alarm(self._display, alarm)
        self._alarms.clear()
        self._set_ms.clear()

    def _set(self, test: x11_sync.Test, value: timedelta) -> None:
        value_ms = max(1, value // timedelta(milliseconds=1))
        if self._set_ms.get(test) == value_ms:
            return
        self._set_ms[test] = value_ms
        if test in self._alarms:
            self._sync.change_alarm(self._display, self._alarms[test], self._counter, value_ms, test)
        else:
            self._alarms[test] = self._sync.create_alarm(self._display, self._counter, value_ms, test)

    def _heard(self, event: XEvent) -> None:
        if not isinstance(event, self._sync.AlarmNotify) or event.alarm not in self._alarms.values():
            return
        if event.alarm == self._alarms.get(self._sync.Test.REACHES):
            self._set_ms.pop(self._sync.Test.REACHES, None)
        self._went_off()


class X11Alarms:
    """The source of choice on X11. `connect` gives the shared connection, or raises Unavailable."""

    name = "x11 alarms"

    def __init__(self, connect: Callable[[], XConnection], clock: Clock = clocks.system) -> None:
        self._connect = connect
        self._clock = clock
        self._connection: XConnection | None = None
        self._alarms: CounterAlarms | None = None
        self._judge: IdleJudge | None = None
        self._undo: list[Callable[[], None]] = []

    def probe(self) -> None:
        """See `Source`."""
        from traycoach.desktop import x11_sync

        def look(display: Display) -> None:
            x11_sync.initialize(display)
            if IDLE_COUNTER not in x11_sync.system_counters(display):
                raise Unavailable(_("The X server has no counter {name}.").format(name=IDLE_COUNTER))

        self._connect().call(look)

    def start(self, post: Post) -> None:
        """See `Source`."""
        connection = self._connect()
        self._judge = IdleJudge(post, self._clock)
        self._alarms = connection.call(
            lambda display: CounterAlarms(connection, display, IDLE_COUNTER, self._take_reading)
        )
        self._connection = connection
        self._undo.append(connection.when_lost(lambda reason: post(SourceLost(reason))))

    def watch(self, after: timedelta) -> None:
        """See `Source`."""

        def set_threshold(_: Display) -> None:
            if self._judge is not None:
                self._judge.watch(after)
                self._take_reading()

        self._live_connection().call(set_threshold)

    def idle_for(self) -> timedelta:
        """See `Source`."""
        return self._live_connection().call(lambda _: self._take_reading())

    def stop(self) -> None:
        """See `Source`."""
        connection, self._connection = self._connection, None
        for undo in self._undo:
            undo()
        self._undo.clear()
        if connection is not None and connection.lost is None:
            try:
                connection.call(lambda _: self._close_alarms())
            except Unavailable:
                _log.debug("the X server went while its alarms were removed", exc_info=True)

    def _live_connection(self) -> XConnection:
        if self._connection is None:
            raise Unavailable(_("The X11 source is stopped."))
        return self._connection

    def _take_reading(self) -> timedelta:
        """Read the counter and set the alarms to the next crossings.

        A reading, not the alarm's own value, is judged: an alarm may have waited behind a newer reading.
        """
        assert self._alarms is not None and self._judge is not None  # noqa: PT018
        raw = self._alarms.value()
        idle_for = self._judge.reading(raw)
        after = self._judge.after
        if after is not None:
            # While idle, any input must be heard, wherever the threshold was moved meanwhile, whatever sleep was added.
            below = min(after, raw) if self._judge.idle else after
            self._alarms.fall_to(below - timedelta(milliseconds=1))
            if not self._judge.told:
                self._alarms.reach(after)
        return idle_for

    def _close_alarms(self) -> None:
        if self._alarms is not None:
            self._alarms.close()
            self._alarms = None
