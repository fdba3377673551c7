"""A pointer and a keyboard in GNOME, through org.gnome.Mutter.RemoteDesktop, as a remote person has them.

The session lasts as long as its bus connection; the shell shows a yellow sign in the bar meanwhile. Without a screen
cast there is only relative motion.
"""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection
from Xlib import XK

from tests.desktops.wayland_input import BUTTONS

REMOTE = "org.gnome.Mutter.RemoteDesktop"
FAR = 10_000.0


class GnomeHands:
    """The pointer and the keyboard of the shell that is on the bus at `address`. Keys from any thread."""

    def __init__(self, address: str) -> None:
        self._connection = open_dbus_connection(bus=address)
        self._lock = threading.Lock()
        self._at: tuple[int, int] | None = None
        self._path = "/org/gnome/Mutter/RemoteDesktop"
        (self._path,) = self._call("CreateSession", interface=REMOTE)
        self._call("Start")

    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""
        if self._at is None:  # from where is not known yet: the corner is as far as it goes
            self._call("NotifyPointerMotionRelative", "dd", -FAR, -FAR)
            self._at = (0, 0)
        self._call("NotifyPointerMotionRelative", "dd", float(x - self._at[0]), float(y - self._at[1]))
        self._at = (x, y)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        """Move there and click, once or twice quickly."""
        self.move(x, y)
        for _ in range(times):
            self._call("NotifyPointerButton", "ib", BUTTONS[button], True)
            self._call("NotifyPointerButton", "ib", BUTTONS[button], False)

    def tap(self, key: str) -> None:
        """Press and let go a key, by its keysym's name."""
        keysym = XK.string_to_keysym(key)
        for down in (True, False):
            self._call("NotifyKeyboardKeysym", "ub", keysym, down)

    def close(self) -> None:
        """End the session; a shell that is gone has ended it already."""
        with closing(self._connection), suppress(RuntimeError, OSError):
            self._call("Stop")

    def _call(self, member: str, signature: str = "", *values: Any, interface: str = f"{REMOTE}.Session") -> Any:
        message = new_method_call(DBusAddress(self._path, REMOTE, interface), member, signature or None, values)
        with self._lock:
            reply = self._connection.send_and_get_reply(message, timeout=30)
        if reply.header.message_type is MessageType.error:
            raise RuntimeError(f"{member}: {reply.header.fields.get(HeaderFields.error_name)} {reply.body}")
        return reply.body
