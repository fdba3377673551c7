"""Somebody at the desk: hands that go on, rest, or click, by XTEST on a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X, display
from Xlib.ext import xtest

from tests.desktops.lab import Lab

BETWEEN_KEYS_S = 0.4


class Person:
    """Types into whatever has the focus. Shift is the only key, so nothing is written anywhere."""

    def __init__(self, lab: Lab) -> None:
        self._display = lab.x_server.name

    @contextmanager
    def typing(self) -> Iterator[None]:
        """Type without a pause for as long as the block lasts."""
        rest = threading.Event()
        hands = threading.Thread(target=self._type_until, args=(rest,), daemon=True)
        hands.start()
        try:
            yield
        finally:
            rest.set()
            hands.join()

    def type_for(self, length_s: float) -> None:
        """Type without a pause for so long."""
        self._type_until(threading.Event(), length_s)

    def touch(self) -> None:
        """Tap one key."""
        self.type_for(0)

    def _type_until(self, rest: threading.Event, length_s: float | None = None) -> None:
        connection = display.Display(self._display)
        key = connection.keysym_to_keycode(XK.string_to_keysym("Shift_L"))
        taps = None if length_s is None else int(length_s / BETWEEN_KEYS_S) + 1
        try:
            while taps is None or taps > 0:
                for kind in (X.KeyPress, X.KeyRelease):
                    xtest.fake_input(connection, kind, key)
                connection.sync()
                taps = None if taps is None else taps - 1
                if (taps is None or taps > 0) and rest.wait(BETWEEN_KEYS_S):
                    return
        finally:
            connection.close()
