"""Which window is in use on X11? By what the window manager writes on the windows.

Facts: Extended Window Manager Hints 1.5: `_NET_ACTIVE_WINDOW` on the root window, `_NET_WM_STATE` and
`_NET_WM_WINDOW_TYPE` on a client's, `_NET_SUPPORTING_WM_CHECK` for a manager that lives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from traycoach.again import Again
from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.guards.focus import NOTHING, Focus, Focused

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import Event as XEvent
    from Xlib.xobject.drawable import Window

_RESTS_S = (2.0, 5.0, 10.0, 30.0)
"""How long news of a window are not wanted that changes its title, or says when it was last typed into. Meanwhile a
change of its size is: full screen begins and ends with one.
"""
_ROOT_ATOMS = ("_NET_ACTIVE_WINDOW", "_NET_SUPPORTING_WM_CHECK")

_log = logging.getLogger(__name__)


class X11Focus:
    """Follows the active window and its state. `connect` gives the shared connection, or raises Unavailable."""

    mechanism = "x11 active window"

    def __init__(self, connect: Callable[[], XConnection], rests_s: Sequence[float] = _RESTS_S) -> None:
        self._connect = connect
        self._rests_s = rests_s
        self._again = Again(self._rested)
        self._connection: XConnection | None = None
        self._changed: Callable[[Focused], None] | None = None
        self._undo: list[Callable[[], None]] = []
        self._atoms: dict[str, int] = {}
        self._watched: Window | None = None
        self.rests = False
        """Whether the window in use is followed by its size alone."""

    def probe(self) -> None:
        """See `FocusSource`. A window manager may come later: without one nobody knows."""
        self._connect()

    def start(self, changed: Callable[[Focused], None]) -> None:
        """See `FocusSource`."""
        connection = self._connect()
        self._connection = connection
        self._changed = changed
        self._atoms, self._watched, self.rests = {}, None, False  # another server has other numbers
        self._undo = [connection.listen(partial(self._heard, connection))]
        connection.call(self._begin)
        self._undo.append(connection.when_lost(lambda _: self._tell(None)))

    @property
    def lost(self) -> bool:
        """See `FocusSource`."""
        return self._connection is not None and self._connection.lost is not None

    def stop(self) -> None:
        """See `FocusSource`."""
        self._changed = None
        self._again.never()
        connection, self._connection = self._connection, None
        for undo in self._undo:
            undo()
        self._undo.clear()
        if connection is not None and connection.lost is None:
            try:
                connection.call(self._end)
            except Unavailable:
                _log.debug("the X server went while its windows were no longer followed", exc_info=True)

    def _rested(self) -> None:
        """Follow the window in use again; on a thread of its own."""
        connection = self._connection
        if connection is not None:
            try:
                connection.call(self._end_rest)
            except Unavailable:
                _log.debug("the X server went while a window was not followed", exc_info=True)

    # --- on the connection's thread -----------------------------------------------------------------------------------

    def _begin(self, display: Display) -> None:
        from Xlib import X

        display.screen().root.change_attributes(event_mask=X.PropertyChangeMask)
        self._look(display)

    def _end(self, display: Display) -> None:
        from Xlib import X

        display.screen().root.change_attributes(event_mask=X.NoEventMask)
        self._watch(None)

    def _heard(self, connection: XConnection, event: XEvent) -> None:
        from Xlib import X

        if event.type == X.PropertyNotify:
            connection.call(partial(self._heard_property, event))
        elif event.type == X.ConfigureNotify and self.rests and event.window == self._watched:
            connection.call(self._end_rest)

    def _heard_property(self, event: XEvent, display: Display) -> None:
        if event.window == display.screen().root:
            if event.atom in [self._atom(display, name) for name in _ROOT_ATOMS]:
                self._look(display)
        elif event.window == self._watched:
            if event.atom == self._atom(display, "_NET_WM_STATE"):
                self._again.never()
                self._select(rests=False)
                self._look(display)
            elif not self.rests:
                self._select(rests=True)
                self._again.later(self._rests_s)

    def _end_rest(self, display: Display) -> None:
        if self._changed is not None and self.rests:
            self._select(rests=False)
            self._look(display)

    def _look(self, display: Display) -> None:
        from Xlib.error import XError

        try:
            focus = self._read(display)
        except XError:  # the window went between two questions: its successor is about to be announced
            focus = NOTHING
        self._tell(focus)

    def _read(self, display: Display) -> Focused:
        if not self._has_manager(display):
            return None
        ids = self._values(display, display.screen().root, "_NET_ACTIVE_WINDOW")
        window = display.create_resource_object("window", ids[0]) if ids and ids[0] else None
        if window != self._watched:
            self._watch(window)
        if window is None:
            return NOTHING
        full = self._atom(display, "_NET_WM_STATE_FULLSCREEN") in self._values(display, window, "_NET_WM_STATE")
        types = self._values(display, window, "_NET_WM_WINDOW_TYPE") if full else []
        desktop = full and self._atom(display, "_NET_WM_WINDOW_TYPE_DESKTOP") in types
        return Focus(frozenset(word.lower() for word in window.get_wm_class() or ()), full and not desktop)

    def _has_manager(self, display: Display) -> bool:
        """Tell whether a window manager lives: the property may outlast it, the window that it names does not."""
        from Xlib.error import XError

        check = "_NET_SUPPORTING_WM_CHECK"
        ids = self._values(display, display.screen().root, check)
        try:
            return bool(ids) and self._values(display, display.create_resource_object("window", ids[0]), check) == ids
        except XError:
            return False

    def _watch(self, window: Window | None) -> None:
        """Hear of the changes of this window instead of the last one. Either may be gone: the server's complaint about
        that arrives at nobody.
        """
        from Xlib import X

        if self._watched is not None:
            self._watched.change_attributes(event_mask=X.NoEventMask)
        self._watched = window
        self._again.never()
        self._select(rests=False)

    def _select(self, *, rests: bool) -> None:
        from Xlib import X

        self.rests = rests
        if self._watched is not None:
            mask = X.StructureNotifyMask if rests else X.StructureNotifyMask | X.PropertyChangeMask
            self._watched.change_attributes(event_mask=mask)

    def _tell(self, focus: Focused) -> None:
        changed = self._changed
        if changed is not None:
            changed(focus)

    def _atom(self, display: Display, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = display.intern_atom(name)
        return self._atoms[name]

    def _values(self, display: Display, window: Window, name: str) -> list[int]:
        from Xlib import X

        value = window.get_full_property(self._atom(display, name), X.AnyPropertyType)
        return [] if value is None else [int(one) for one in value.value]
