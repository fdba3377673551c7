"""Somebody at the desk: hands that go on or rest. Shift is the only key, so nothing is written anywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from Xlib import XK, X, display
from Xlib.ext import xtest

from tests.desktops.lab import Lab

BETWEEN_KEYS_S = 0.4


class Typist:
    """Types into whatever has the focus; `tap` is what one stroke does."""

    def __init__(self, tap: Callable[[], None]) -> None:
        self._tap = tap

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
        self._tap()

    def _type_until(self, rest: threading.Event, length_s: float | None = None) -> None:
        taps = None if length_s is None else int(length_s / BETWEEN_KEYS_S) + 1
        while taps is None or taps > 0:
            self._tap()
            taps = None if taps is None else taps - 1
            if (taps is None or taps > 0) and rest.wait(BETWEEN_KEYS_S):
                return


class Person(Typist):
    """Somebody at an X11 desk: by XTEST, on a connection of their own, whatever becomes of the lab's."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lambda: _tap_shift(lab.x_server.name))


def _tap_shift(server: str) -> None:
    connection = display.Display(server)
    try:
        key = connection.keysym_to_keycode(XK.string_to_keysym("Shift_L"))
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(connection, kind, key)
        connection.sync()
    finally:
        connection.close()
