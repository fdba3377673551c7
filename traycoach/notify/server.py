"""The desktop's notification server: is it there, what can it do, and the calls to it.

Protocol: Desktop Notifications Specification 1.2 of freedesktop.org. At login the server often is not there yet, and
asking for it then would start another program that keeps the name (platform notes, section 2.8): only some time later
may the bus start one, for desktops that have one on demand only. All of it is used on the bus's callback thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from traycoach.desktop.bus import Bus, Signal, Subscription
from traycoach.errors import Unavailable
from traycoach.paths import bundled

NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_LIMIT_S = 2.0
_SHOW_LIMIT_S = 5.0  # a panel that is also the server is slow while it starts
_START_LIMIT_S = 10.0
_NORMAL = 1  # what is low, GNOME puts into its list without a word (seen with 43)

_log = logging.getLogger(__name__)

Hints = dict[str, tuple[str, Any]]


class Server:
    """Whoever owns the name. `changed` is called when one came or went, `waited` when none came in the time it has."""

    def __init__(
        self,
        bus: Bus,
        *,
        changed: Callable[[], None],
        waited: Callable[[], None],
        start_after: timedelta,
        back_within: timedelta,
    ) -> None:
        self.owner = ""
        self.capabilities: frozenset[str] = frozenset()
        self.default_is_button = False
        self._bus = bus
        self._changed, self._waited = changed, waited
        self._start_after, self._back_within = start_after, back_within
        self._icon = _own_icon()
        self._may_start = False
        self._timer: threading.Timer | None = None
        self._kept: list[Subscription] = []

    def watch(self, heard: dict[str, Callable[[Signal], None]]) -> None:
        """Begin to watch for the server, and to hear these signals of it, by their names."""
        for member, deliver in heard.items():
            self._kept.append(self._bus.subscribe(deliver, interface=NAME, member=member, sender=NAME))
        self._kept.append(self._bus.watch_name(NAME, self._owner_changed))
        self._be_patient(self._start_after)

    def close(self) -> None:
        """Hear no more."""
        if self._timer is not None:
            self._timer.cancel()
        kept, self._kept = self._kept, []
        for one in kept:
            one.close()

    @property
    def able(self) -> bool:
        """Whether it shows buttons."""
        return "actions" in self.capabilities

    @property
    def awaited(self) -> bool:
        """Whether there is none, and the desktop's own may still be on its way."""
        return not self.owner and not self._may_start

    def meet(self) -> None:
        """Ask what it can do, if that is not known."""
        if self.capabilities:
            return
        try:
            (names,) = self._call("GetCapabilities")
            name = self._call("GetServerInformation")[0]
        except Unavailable as error:
            _log.info("the notification server did not say what it can do: %s", error.reason)
            return
        # WORKAROUND xfce4-notifyd: it shows "default" as one more button (seen with 0.7.3)
        self.default_is_button = str(name).startswith("Xfce")
        self.capabilities = frozenset(names)

    def bring(self) -> bool:
        """Have one started, if that is allowed by now. False: it was, and there is none."""
        if self.owner or not self._may_start:
            return True
        try:
            bus = "org.freedesktop.DBus"
            self._bus.call(
                bus, "/org/freedesktop/DBus", bus, "StartServiceByName", "su", (NAME, 0), limit_s=_START_LIMIT_S
            )
        except Unavailable as error:
            _log.info("no notification server could be started: %s", error.reason)
            return False
        return True

    def show(self, replaces: int, title: str, body: str, actions: list[str], hints: Hints, length_ms: int) -> int:
        """Show a notification and give the server's number of it; 0 if it refused."""
        hints = {"urgency": ("y", _NORMAL), "suppress-sound": ("b", True), "desktop-entry": ("s", "traycoach")} | hints
        if "body-markup" in self.capabilities:
            body = _escape(body)
        values = ("traycoach", replaces, self._icon, title, body, actions, hints, length_ms)
        try:
            (number,) = self._call("Notify", "susssasa{sv}i", values, limit_s=_SHOW_LIMIT_S)
        except Unavailable as error:
            _log.warning("a notification was not shown: %s", error.reason)
            return 0
        return int(number)

    def take_away(self, number: int) -> None:
        """Close a notification."""
        try:
            self._call("CloseNotification", "u", (number,))
        except Unavailable as error:
            _log.info("a notification was gone before it was withdrawn: %s", error.reason)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _call(
        self, member: str, signature: str = "", body: tuple[Any, ...] = (), limit_s: float = _LIMIT_S
    ) -> tuple[Any, ...]:
        return self._bus.call(NAME, _PATH, NAME, member, signature, body, limit_s=limit_s)

    def _owner_changed(self, owner: str) -> None:
        had_one, self.owner = bool(self.owner), owner
        self.capabilities = frozenset()
        if owner:
            self.meet()
        elif had_one:
            self._be_patient(self._back_within)
        self._changed()

    def _be_patient(self, length: timedelta) -> None:
        """Start none for so long: the desktop's own may be on its way."""
        if self._timer is not None:
            self._timer.cancel()
        self._may_start = False
        self._timer = threading.Timer(length.total_seconds(), partial(self._bus.defer, self._patience_over))
        self._timer.daemon = True
        self._timer.start()

    def _patience_over(self) -> None:
        self._may_start = True
        if not self.owner:
            self._waited()


def _own_icon() -> str:
    """Give the application's icon as a file URI; "" if it is not there, then the server shows one of its own."""
    try:
        return bundled("icons/traycoach-64.png").as_uri()
    except FileNotFoundError:
        return ""


def _escape(body: str) -> str:
    """Escape for a server with body-markup: one bare `&` makes some show every tag of the text (seen)."""
    return body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
