"""What the desktop tells logind: IdleHint. The last resort, coarse: it says "idle" only after the desktop's own delay.

Facts: org.freedesktop.login1(5). The hint of a graphical session is whatever a program of the desktop sets; where none
does it is false for ever, which says nothing. So it is believed only once it has been set: until then
IdleSinceHintMonotonic, the moment of its last change in microseconds of CLOCK_MONOTONIC, is zero. In every other type
of session logind looks at the terminal, which a desktop that was started from there does not touch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from traycoach import clock as clocks
from traycoach.activity.base import Post
from traycoach.activity.polling import PolledSource
from traycoach.clock import Clock
from traycoach.core.instant import ZERO
from traycoach.desktop.bus import Bus, Subscription, system_bus
from traycoach.errors import Unavailable
from traycoach.text import _

_LOGIND = "org.freedesktop.login1"
_PATH = "/org/freedesktop/login1"
_MANAGER, _SESSION, _SEAT = f"{_LOGIND}.Manager", f"{_LOGIND}.Session", f"{_LOGIND}.Seat"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_GRAPHICAL = {"x11", "wayland", "mir"}


class IdleHint:
    """While the hint is false the last input counts as new; once it is true the age counts from that moment.

    So an absence is seen later than it began, by the desktop's delay, and never taken for longer than it was.
    """

    name = "logind idle hint (late by the desktop's own delay)"

    def __init__(
        self,
        bus: Callable[[], Bus] = system_bus,
        environ: Mapping[str, str] = os.environ,
        clock: Clock = clocks.system,
    ) -> None:
        self._connect = bus
        self._environ = environ
        self._clock = clock
        self._bus: Bus | None = None
        self._path = ""
        self._is_idle = False
        self._subscriptions: list[Subscription] = []
        self._polled = PolledSource(self.name, self._age, clock=clock, nudged=True, counts=lambda: self._is_idle)

    def probe(self) -> None:
        """See `Source`."""
        bus = self._connect()
        _idle_since(bus, own_session(bus, self._environ))

    def start(self, post: Post) -> None:
        """See `Source`."""
        bus = self._connect()
        self._path = own_session(bus, self._environ)
        self._bus = bus
        self._age()
        self._subscriptions = [
            bus.subscribe(
                lambda _signal: self._polled.nudge(),
                interface=_PROPERTIES,
                member="PropertiesChanged",
                path=self._path,
                sender=_LOGIND,
                arg0=_SESSION,
            ),
            bus.watch_name(_LOGIND, lambda _owner: self._polled.nudge()),
        ]
        self._polled.start(post)

    def watch(self, after: timedelta) -> None:
        """See `Source`."""
        self._polled.watch(after)

    def idle_for(self) -> timedelta:
        """See `Source`."""
        return self._polled.idle_for()

    def stop(self) -> None:
        """See `Source`."""
        subscriptions, self._subscriptions = self._subscriptions, []
        for subscription in subscriptions:
            subscription.close()
        self._polled.stop()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _age(self) -> timedelta:
        if self._bus is None:
            raise Unavailable(_("The source “{name}” is stopped.").format(name=self.name))
        since = _idle_since(self._bus, self._path)
        self._is_idle = since is not None
        if since is None:
            return ZERO
        return max(ZERO, self._clock.now().steady - self._clock.suspended_for() - since)


def _idle_since(bus: Bus, path: str) -> timedelta | None:
    """Ask since when the session is idle, in awake time; None: it is not. Raises Unavailable if nobody ever said."""
    (found,) = bus.call(_LOGIND, path, _PROPERTIES, "GetAll", "s", (_SESSION,))
    values = {name: value for name, (_signature, value) in found.items()}
    if values.get("Type") not in _GRAPHICAL:
        raise Unavailable(_("logind takes this session for one of a terminal."))
    since_us = values.get("IdleSinceHintMonotonic", 0)
    if not since_us:
        raise Unavailable(_("No program of this desktop tells logind when nobody is there."))
    return timedelta(microseconds=since_us) if values.get("IdleHint") else None


def own_session(bus: Bus, environ: Mapping[str, str] = os.environ) -> str:
    """Find our session: the one named in the environment, else that we run in, else that has the seat, if ours.

    Gives its path on the system bus. Raises Unavailable.
    """
    asked: list[tuple[str, str, tuple[Any, ...]]] = [("GetSessionByPID", "u", (os.getpid(),))]
    if own_id := environ.get("XDG_SESSION_ID"):
        asked.insert(0, ("GetSession", "s", (own_id,)))
    for member, signature, body in asked:
        try:
            return str(bus.call(_LOGIND, _PATH, _MANAGER, member, signature, body)[0])
        except Unavailable:
            continue
    seat = str(bus.call(_LOGIND, _PATH, _MANAGER, "GetSeat", "s", (environ.get("XDG_SEAT", "seat0"),))[0])
    path = str(bus.get_property(_LOGIND, seat, _SEAT, "ActiveSession")[1])
    if bus.get_property(_LOGIND, path, _SESSION, "User")[0] != os.getuid():
        raise Unavailable(_("logind knows no session of ours."))
    return path
