"""Input on GNOME, by the shell's idle monitor: exact, on Wayland and X11, and inhibitors do not matter to it.

Facts: org.gnome.Mutter.IdleMonitor (meta-idle-monitor.c of mutter). `GetIdletime` gives the age of the last input in
milliseconds of awake time. `AddUserActiveWatch` makes a watch that fires once, at the next input: it tells the return.
The other kind of watch, `AddIdleWatch`, is held back while GNOME's session manager knows of an idle inhibitor (a film);
so the threshold is found by asking at the moment when it can have been reached: once a minute while somebody works.

At the end of an inhibitor the counter begins anew, as if there had been input. No watch fires then: while a return is
waited for, a counter that fell without one is not believed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from traycoach import clock as clocks
from traycoach.activity.base import Post
from traycoach.activity.polling import PolledSource
from traycoach.clock import Clock
from traycoach.core.instant import ZERO
from traycoach.desktop.bus import Bus, Signal, Subscription, session_bus
from traycoach.errors import Unavailable
from traycoach.text import _

_INTERFACE = _NAME = "org.gnome.Mutter.IdleMonitor"
_PATH = "/org/gnome/Mutter/IdleMonitor/Core"
_NOISE = timedelta(milliseconds=250)
"""Between two questions the moment of one and the same input may seem to move so much: the answer took that long."""
_HURRIES_S = 0.1
"""How much later than the answer the watch's word may come: it was sent before, but goes through another thread."""


class MutterIdle:
    """The source of choice on GNOME. A shell that was restarted is another mechanism: this one is then lost."""

    name = "gnome idle monitor"

    def __init__(self, bus: Callable[[], Bus] = session_bus, clock: Clock = clocks.system) -> None:
        self._connect = bus
        self._bus: Bus | None = None
        self._shell = ""
        """The shell's unique name; "" before the start and when it has gone."""
        self._clock = clock
        self._input_told = threading.Event()
        """Clear while there is a watch for the next input."""
        self._input_told.set()
        self._was_watched = False
        """Whether there was one at the last question."""
        self._input_at = ZERO
        """Of the last input, in awake time."""
        self._fell_at = ZERO
        """The same by a counter that was not believed."""
        self._subscriptions: list[Subscription] = []
        self._polled = PolledSource(self.name, self._age, clock=clock, nudged=True, await_return=self._await_return)

    def probe(self) -> None:
        """See `Source`. Never starts a service."""
        bus = self._connect()
        _ask(bus, _owner(bus), "GetIdletime")

    def start(self, post: Post) -> None:
        """See `Source`."""
        bus = self._connect()
        shell = _owner(bus)
        self._bus, self._shell = bus, shell
        self._subscriptions = [
            bus.subscribe(self._input_came, interface=_INTERFACE, member="WatchFired", path=_PATH, sender=shell),
            bus.watch_name(_NAME, lambda owner: None if owner == shell else self._shell_went()),
        ]
        try:
            self._age()
        except Unavailable:
            self.stop()
            raise
        self._polled.start(post)

    def watch(self, after: timedelta) -> None:
        """See `Source`."""
        self._polled.watch(after)

    def idle_for(self) -> timedelta:
        """See `Source`."""
        return self._polled.idle_for()

    def stop(self) -> None:
        """See `Source`. A watch that is left in the shell fires at the next input and is gone."""
        subscriptions, self._subscriptions = self._subscriptions, []
        for subscription in subscriptions:
            subscription.close()
        self._polled.stop()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _age(self) -> timedelta:
        bus, shell = self._live()
        idle_for = timedelta(milliseconds=_ask(bus, shell, "GetIdletime"))
        now = self._clock.now().steady - self._clock.suspended_for()
        input_at = now - idle_for
        fell = input_at > self._input_at + _NOISE
        if fell and self._was_watched and not self._input_told.wait(_HURRIES_S):
            if input_at > self._fell_at + _NOISE:
                self._fell_at = input_at
                self._await_return()  # should the old watch have got lost, the next question knows
        else:
            self._was_watched = not self._input_told.is_set()
            self._input_at = input_at
        return max(ZERO, now - self._input_at)

    def _await_return(self) -> None:
        self._input_told.clear()  # before the call: the watch may fire before it is answered
        _ask(*self._live(), "AddUserActiveWatch")

    def _live(self) -> tuple[Bus, str]:
        if self._bus is None or not self._shell:
            raise Unavailable(_("GNOME's idle monitor is gone."))
        return self._bus, self._shell

    def _input_came(self, _signal: Signal) -> None:
        self._input_told.set()
        self._polled.input_came()

    def _shell_went(self) -> None:
        self._shell = ""
        self._polled.nudge()


def _owner(bus: Bus) -> str:
    owner = bus.name_owner(_NAME)
    if not owner:
        raise Unavailable(_("There is no idle monitor of GNOME on the session bus."))
    return owner


def _ask(bus: Bus, shell: str, member: str) -> int:
    try:
        return int(bus.call(shell, _PATH, _INTERFACE, member)[0])
    except Unavailable as error:
        raise Unavailable(_("GNOME's idle monitor does not answer: {reason}").format(reason=error.reason)) from error
