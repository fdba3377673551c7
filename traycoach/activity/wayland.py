"""Input on Wayland, by the compositor's idle notifications: exact while idle, within 2 s in use, and nothing polls.

Facts: ext-idle-notify-v1 (wayland-protocols, staging) and org_kde_kwin_idle (plasma-wayland-protocols, idle.xml). Both
make notification objects that say "idled" when nobody used the seat for a time, and "resumed" at the next input; no
request asks for the age of the last input. So there are two of them here:

- the *standing* one, of 2 s: it says when each silence began.
- the *alarm*, of the threshold, if that is longer. It is made anew, for what is left, where it began to count too late.

In use that is at most one wake-up a second, and none while input goes on.

Idle inhibitors (a film) hold notifications back, and with some compositors end a silence: the person seems to use the
seat all the while. Only version 2 of ext-idle-notify has notifications that do not care; where it is not to be had the
source says so in its name.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from traycoach import clock as clocks
from traycoach.activity.base import Post
from traycoach.activity.input_age import LATE, InputAge
from traycoach.activity.judge import IdleJudge
from traycoach.clock import Clock
from traycoach.core.events import SourceLost
from traycoach.core.instant import SECOND, ZERO
from traycoach.desktop.display import wayland_socket
from traycoach.errors import Unavailable
from traycoach.text import _

if TYPE_CHECKING:
    from traycoach.desktop.wayland import WaylandConnection
    from traycoach.desktop.wayland_wire import Arguments

_IDLED, _RESUMED = 0, 1  # events of both kinds of notification
_DESTROY = 0  # and their request; org_kde_kwin_idle_timeout calls it "release"

_STANDING = 2 * SECOND
_LEAST = timedelta(milliseconds=500)
"""The shortest threshold: a shorter silence and a compositor that is late (`LATE`) could not be told apart."""
_MARGIN = timedelta(milliseconds=10)
"""The alarm goes off a little after the threshold, not a little before it."""
_MS = timedelta(milliseconds=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IdleProtocol:
    """One way to ask a compositor for a notification: the global, its version, and the request.

    `seat_first`: of the arguments after the new object, the seat comes before the time in milliseconds.
    """

    name: str
    interface: str
    version: int
    opcode: int
    seat_first: bool = False


PROTOCOLS = {
    "ext input": IdleProtocol("wayland input idle", "ext_idle_notifier_v1", 2, 2),
    "ext": IdleProtocol("wayland idle (an inhibitor counts as input)", "ext_idle_notifier_v1", 1, 1),
    "kde": IdleProtocol("kde idle (an inhibitor counts as input)", "org_kde_kwin_idle", 1, 0, seat_first=True),
}
"""The best first."""


class WaylandIdle:
    """The source of choice on Wayland. A seat is one person's devices; of several the first is watched."""

    def __init__(
        self, protocol: IdleProtocol, environ: Mapping[str, str] = os.environ, clock: Clock = clocks.system
    ) -> None:
        self.name = protocol.name
        self._protocol = protocol
        self._environ = environ
        self._clock = clock
        self._lock = threading.RLock()
        self._watching: _Watching | None = None

    def probe(self) -> None:
        """See `Source`."""
        with self._connection() as connection:
            _bind(connection, self._protocol)

    def start(self, post: Post) -> None:
        """See `Source`. Until there is input its age counts from here, or from what `take_over` tells."""
        connection = self._connection()
        connection.open()
        judge = IdleJudge(post, self._clock)
        try:
            with self._lock:
                self._watching = _Watching(connection, self._protocol, judge, self._clock, self._lock)
        except Unavailable:
            connection.close()
            raise
        connection.when_lost(lambda reason: post(SourceLost(reason)))

    def take_over(self, idle_for: timedelta) -> None:
        """See `TakesOver`."""
        with self._lock:
            self._live().take_over(idle_for)

    def watch(self, after: timedelta) -> None:
        """See `Source`. A threshold of less than half a second is one of half a second."""
        with self._lock:
            self._live().watch(max(after, _LEAST))

    def idle_for(self) -> timedelta:
        """See `Source`. While input goes on the answer is up to 2 s too old, never too young."""
        watching = self._live()
        watching.connection.sync()
        with self._lock:
            return self._live().take_reading()

    def stop(self) -> None:
        """See `Source`."""
        with self._lock:
            watching, self._watching = self._watching, None
            if watching is not None:
                watching.end()
        if watching is not None:
            watching.connection.close()  # waits for a thread that may want the lock

    def _connection(self) -> WaylandConnection:
        path = wayland_socket(self._environ)
        from traycoach.desktop.wayland import WaylandConnection

        return WaylandConnection(path)

    def _live(self) -> _Watching:
        watching = self._watching
        if watching is None:
            raise Unavailable(_("The Wayland source is stopped."))
        if watching.connection.lost is not None:
            raise Unavailable(watching.connection.lost)
        return watching


def _bind(connection: WaylandConnection, protocol: IdleProtocol) -> tuple[int, int]:
    """Give the ids of the notifier and of the seat. Raises Unavailable."""
    return connection.bind(protocol.interface, protocol.version), connection.bind("wl_seat", 1)


@dataclass(slots=True)
class _Alarm:
    """The notification of the threshold. `made_at` is awake time; `idle`: it has gone off, and there was no input."""

    object_id: int
    timeout: timedelta
    made_at: timedelta
    idle: bool = False

    def goes_off_in(self, idle_for: timedelta, now: timedelta) -> timedelta:
        """Give when it goes off if there is no more input: it counts from the last one, or from when it was made."""
        return self.timeout - min(idle_for, now - self.made_at)


class _Watching:
    """A source at work: its connection and the notifications on it. Everything is done under the lock."""

    def __init__(
        self,
        connection: WaylandConnection,
        protocol: IdleProtocol,
        judge: IdleJudge,
        clock: Clock,
        lock: threading.RLock,
    ) -> None:
        self.connection = connection
        self._protocol = protocol
        self._judge = judge
        self._clock = clock
        self._lock = lock
        self._ended = False
        self._notifier, self._seat = _bind(connection, protocol)
        self._age = InputAge(self._awake_for(), _STANDING)
        self._silent_at = self._awake_for()
        """Input after this moment ends the idleness, or the sleep, that the judge knows of."""
        self._alarm: _Alarm | None = None
        self._second_look: threading.Timer | None = None
        self._standing = self._notification(_STANDING, self._idled, self._resumed)

    def take_over(self, idle_for: timedelta) -> None:
        """Take this for the age of the last input, until there is input."""
        self._age = InputAge(self._awake_for(), self._age.timeout, idle_for)

    def watch(self, after: timedelta) -> None:
        """Set the threshold."""
        self._judge.watch(after)
        self.take_reading()

    def take_reading(self, *, input_came: bool = False) -> timedelta:
        """Judge what is known now, have the notifications made that are wanted next, and give the input's age."""
        now = self._awake_for()
        was_idle = self._judge.idle
        raw = self._age.at(now)
        idle_for = self._judge.reading(raw, input_came=input_came or self._age.input_since(self._silent_at))
        if not self._judge.waits_for_input or self._judge.idle > was_idle:
            self._silent_at = now
        self._set_standing(now)
        self._set_alarm(idle_for, now)
        self._set_second_look()
        return idle_for

    def end(self) -> None:
        """Hear and post nothing more."""
        self._ended = True
        if self._second_look is not None:
            self._second_look.cancel()

    # --- the standing notification ------------------------------------------------------------------------------------

    def _set_standing(self, now: timedelta) -> None:
        """Have a standing notification of the right length; not while idle, when the old one has to tell the return."""
        wanted = _STANDING if self._judge.after is None else min(_STANDING, self._judge.after)
        if wanted != self._age.timeout and not self._age.idle:
            self.connection.destroy(self._standing, _DESTROY)
            self._standing = self._notification(wanted, self._idled, self._resumed)
            self._age = InputAge(now, wanted, self._age.at(now) if self._judge.idle else ZERO)

    def _idled(self) -> None:
        self._age.idled(self._awake_for())
        self.take_reading()

    def _resumed(self) -> None:
        self._age.resumed(self._awake_for())
        self.take_reading(input_came=True)

    # --- the alarm ----------------------------------------------------------------------------------------------------

    def _set_alarm(self, idle_for: timedelta, now: timedelta) -> None:
        """Have an alarm that goes off when the threshold is reached."""
        after = self._judge.after
        if after is None or after <= self._age.timeout or (self._age.idle and self._judge.told):
            return  # the standing one tells of that, or it has been told
        alarm = self._alarm
        wanted = after
        if self._age.idle:
            wanted = after - idle_for
            late = alarm.goes_off_in(self._age.at(now), now) - wanted if alarm and not alarm.idle else None
            right = late is not None and -_MARGIN <= late <= LATE
        else:
            right = alarm is not None and alarm.timeout == after + _MARGIN
        if not right:
            if alarm is not None:
                self.connection.destroy(alarm.object_id, _DESTROY)
            timeout = wanted + _MARGIN
            self._alarm = _Alarm(self._notification(timeout, self._alarm_went_off, self._alarm_resumed), timeout, now)

    def _alarm_went_off(self) -> None:
        assert self._alarm is not None  # who else would call
        self._alarm.idle = True
        self.take_reading()  # which makes another one if this was early: Qt lets KWin's timers be off by a twentieth

    def _alarm_resumed(self) -> None:
        assert self._alarm is not None
        self._alarm.idle = False

    # --- the second look ----------------------------------------------------------------------------------------------

    def _set_second_look(self) -> None:
        """Look again when the notification has had the time to tell whether there was input.

        Who was told to be idle by an earlier source, or by a sleep of the machine in the midst of input, may be using
        the seat without a pause since: then the notification has nothing to say.
        """
        if self._judge.idle and not self._age.idle and self._second_look is None and not self._ended:
            self._second_look = threading.Timer((self._age.timeout + 2 * LATE).total_seconds(), self._look_again)
            self._second_look.daemon = True
            self._second_look.start()

    def _look_again(self) -> None:
        try:
            self.connection.sync()
            with self._lock:
                self._second_look = None
                if not self._ended:
                    self.take_reading()
        except Unavailable as error:
            self._second_look = None
            _log.debug("no second look at the input: %s", error.reason)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _notification(self, timeout: timedelta, idled: Callable[[], None], resumed: Callable[[], None]) -> int:
        """Have a notification made, and give its id."""

        def heard(opcode: int, _arguments: Arguments) -> None:
            with self._lock:
                alarm = self._alarm.object_id if self._alarm is not None else None
                if self._ended or made not in {self._standing, alarm}:
                    return  # it was destroyed while its event was on the way
                if opcode == _IDLED:
                    idled()
                elif opcode == _RESUMED:
                    resumed()

        timeout_ms = max(1, -(-timeout // _MS))
        arguments = (self._seat, timeout_ms) if self._protocol.seat_first else (timeout_ms, self._seat)
        made = self.connection.create(self._notifier, self._protocol.opcode, *arguments, heard=heard)
        return made

    def _awake_for(self) -> timedelta:
        return self._clock.now().steady - self._clock.suspended_for()
