"""Lock, sleep, and who has the seat: from logind, with the screen savers of the session bus beside it.

Facts: org.freedesktop.login1(5). `LockedHint` is the state of the screen; the signals Lock and Unlock are only requests
to a locker, which may not exist: they make us look again, they lock nothing by themselves.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from traycoach.activity.base import Post
from traycoach.activity.idle_hint import own_session
from traycoach.again import Again
from traycoach.core.events import (
    SessionActivated,
    SessionDeactivated,
    SessionLocked,
    SessionUnlocked,
    SleepBegan,
    SleepEnded,
)
from traycoach.desktop.bus import Bus, Signal, Subscription, session_bus, system_bus
from traycoach.errors import Unavailable
from traycoach.text import _

_LOGIND = "org.freedesktop.login1"
_PATH = "/org/freedesktop/login1"
_MANAGER, _SESSION = f"{_LOGIND}.Manager", f"{_LOGIND}.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"

_SAVERS = "screen savers"
_SCREEN_SAVERS = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
}

_AWAITED_SYSTEM_BUS = partial(system_bus, awaited=True)
_AWAITED_SESSION_BUS = partial(session_bus, awaited=True)

_log = logging.getLogger(__name__)


class SessionWatch:
    """Posts SessionLocked, SessionUnlocked, SessionDeactivated, SessionActivated, SleepBegan and SleepEnded.

    A state that holds at the start is posted as if it had just begun. The screen is locked while anybody says so:
    logind, or a screen saver that is still there. While logind is restarted its last word stands: an absence must not
    end because a service was updated.
    """

    def __init__(
        self,
        post: Post,
        *,
        system: Callable[[], Bus] = _AWAITED_SYSTEM_BUS,
        session: Callable[[], Bus] = _AWAITED_SESSION_BUS,
        environ: Mapping[str, str] = os.environ,
        again_s: Sequence[float] = (2.0, 10.0, 30.0, 60.0),
    ) -> None:
        """A bus that is not there yet is awaited.

        `again_s`: after how long logind is asked again if it gave no answer, the first time, the second, …
        """
        self._post = post
        self._buses = {"system": system, "session": session}
        self._environ = environ
        self._lock = threading.Lock()
        self._locked_by: frozenset[str] = frozenset()
        self._active = True
        self._lasting: list[Subscription] = []
        self._of_session: list[Subscription] = []
        self._system: Bus | None = None
        self._logind_is_there = False
        self._inhibitor: Any = None
        self._again_s = again_s
        self._again = Again(self._ask_soon)
        self._stopped = False
        self.refusals: dict[str, str] = {}
        """What is not available and why, for `doctor`: by the name of the service."""

    def start(self) -> None:
        """Begin to watch; never fails. What holds already is posted soon."""
        try:
            self._system = self._buses["system"]()
            self._lasting += [
                self._system.subscribe(self._sleeps, interface=_MANAGER, member="PrepareForSleep", sender=_LOGIND),
                self._system.watch_name(_LOGIND, self._logind_changed),
            ]
        except Unavailable as error:
            self.refusals[_LOGIND] = error.reason
        try:
            bus = self._buses["session"]()
            self._lasting.append(bus.watch_connection(self._session_bus_changed))
            self._session_bus_changed(bus.connected)
            for name in _SCREEN_SAVERS:
                self._watch_screen_saver(bus, name)
        except Unavailable as error:
            self.refusals[_SAVERS] = error.reason

    def let_sleep(self) -> None:
        """Let the machine sleep now: the state is saved.

        To be called when SleepBegan has been dealt with. logind waits for it, but at most its InhibitDelayMaxSec (5 s).
        """
        with self._lock:
            inhibitor, self._inhibitor = self._inhibitor, None
        if inhibitor is not None:
            inhibitor.close()

    def stop(self) -> None:
        """Post nothing more and give everything back. Stopping twice is fine."""
        with self._lock:
            self._stopped = True
        self._again.never()
        for subscription in [*self._lasting, *self._of_session]:
            subscription.close()
        self._lasting.clear()
        self._of_session.clear()
        self.let_sleep()

    # --- logind -------------------------------------------------------------------------------------------------------

    def _logind_changed(self, owner: str) -> None:
        self._again.never()
        self.let_sleep()  # a new logind knows of no delay
        self._logind_is_there = bool(owner)
        if owner:
            self._ask()
        else:
            self._leave_session()
            self.refusals[_LOGIND] = _("logind is not running.")

    def _ask_soon(self) -> None:
        assert self._system is not None
        self._system.defer(self._ask)

    def _ask(self) -> None:
        """Find our session and its state."""
        if self._stopped or not self._logind_is_there:
            return
        self._leave_session()
        self._or_again(self._watch_session)
        if self._inhibitor is None:
            self._delay_sleep()

    def _or_again(self, asks: Callable[[], None]) -> None:
        """Ask logind for what is needed to know of a lock; if it gives no answer, begin again after a while."""
        try:
            asks()
        except Unavailable as error:
            _log.info("logind does not tell the state of the session: %s", error.reason)
            self.refusals[_LOGIND] = error.reason
            self._again.later(self._again_s)
        else:
            self.refusals.pop(_LOGIND, None)
            self._again.never()

    def _leave_session(self) -> None:
        for subscription in self._of_session:
            subscription.close()
        self._of_session.clear()

    def _watch_session(self) -> None:
        bus = self._system
        assert bus is not None
        path = own_session(bus, self._environ)

        def changed(signal: Signal) -> None:
            values = {name: value for name, (_signature, value) in signal.body[1].items()}
            self._take(values) if {"LockedHint", "Active"} & values.keys() else self._or_again(look)

        def asked(signal: Signal) -> None:
            if signal.member in {"Lock", "Unlock"}:
                self._or_again(look)

        def look() -> None:
            self._take({name: bus.get_property(_LOGIND, path, _SESSION, name) for name in ("LockedHint", "Active")})

        self._of_session += [
            bus.subscribe(
                changed, interface=_PROPERTIES, member="PropertiesChanged", path=path, sender=_LOGIND, arg0=_SESSION
            ),
            bus.subscribe(asked, interface=_SESSION, path=path, sender=_LOGIND),
        ]
        look()

    def _take(self, values: Mapping[str, Any]) -> None:
        if "LockedHint" in values:
            self._is_locked(_LOGIND, locked=bool(values["LockedHint"]))
        if "Active" in values:
            self._is_active(active=bool(values["Active"]))

    def _sleeps(self, signal: Signal) -> None:
        if signal.body[0]:
            self._post(SleepBegan())
        else:
            self._post(SleepEnded())
            self._delay_sleep()

    def _delay_sleep(self) -> None:
        """Ask logind to wait for `let_sleep` before each sleep; without that the last minute may be lost, no more."""
        self.let_sleep()
        assert self._system is not None
        why = _("to note the time")
        try:
            (held,) = self._system.call(
                _LOGIND, _PATH, _MANAGER, "Inhibit", "ssss", ("sleep", "traycoach", why, "delay")
            )
        except Unavailable as error:
            _log.info("logind does not delay sleep for us: %s", error.reason)
            return
        with self._lock:
            if not self._stopped:
                self._inhibitor = held
                return
        held.close()

    # --- screen savers ------------------------------------------------------------------------------------------------

    def _session_bus_changed(self, connected: bool) -> None:
        if connected:
            self.refusals.pop(_SAVERS, None)
        else:
            self.refusals[_SAVERS] = _("There is no session bus.")

    def _watch_screen_saver(self, bus: Bus, name: str) -> None:
        def owner_changed(owner: str) -> None:
            active = False
            if owner:
                try:
                    active = bool(bus.call(name, _SCREEN_SAVERS[name], name, "GetActive")[0])
                except Unavailable as error:
                    _log.debug("%s does not tell its state: %s", name, error.reason)
            self._is_locked(name, locked=active)

        def changed(signal: Signal) -> None:
            self._is_locked(name, locked=bool(signal.body[0]))

        self._lasting += [
            bus.subscribe(changed, interface=name, member="ActiveChanged", sender=name),
            bus.watch_name(name, owner_changed),
        ]

    # --- what follows -------------------------------------------------------------------------------------------------

    def _is_locked(self, who: str, *, locked: bool) -> None:
        with self._lock:
            before = self._locked_by
            self._locked_by = before | {who} if locked else before - {who}
            after = self._locked_by
        if bool(before) != bool(after):
            self._post(SessionLocked() if after else SessionUnlocked())

    def _is_active(self, *, active: bool) -> None:
        with self._lock:
            before, self._active = self._active, active
        if before != active:
            self._post(SessionActivated() if active else SessionDeactivated())
