"""Which window is in use on X11? By what the window manager writes on the windows.

Facts: Extended Window Manager Hints 1.5: `_NET_ACTIVE_WINDOW` on the root window, `_NET_WM_STATE` and
`_NET_WM_WINDOW_TYPE` on a client's, `_NET_SUPPORTING_WM_CHECK` for a manager that lives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.guards.focus import NOTHING, Focus, Focused

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import Event as XEvent
    from Xlib.xobject.drawable import Window

_ROOT_ATOMS = ("_NET_ACTIVE_WINDOW", "_NET_SUPPORTING_WM_CHECK")

_log = logging.getLogger(__name__)


class X11Focus:
    """Follows the active window and its state. `connect` gives the shared connection, or raises Unavailable."""

    mechanism = "x11 active window"

    def __init__(self, connect: Callable[[], XConnection]) -> None:
        self._connect = connect
        self._connection: XConnection | None = None
        self._changed: Callable[[Focused], None] | None = None
        self._undo: list[Callable[[], None]] = []
        self._atoms: dict[str, int] = {}
        self._watched: Window | None = None

    def probe(self) -> None:
        """See `FocusSource`. A window manager may come later: without one nobody knows."""
        self._connect()

    def start(self, changed: Callable[[Focused], None]) -> None:
        """See `FocusSource`."""
        connection = self._connect()
        self._connection = connection
        self._changed = changed
        connection.call(self._begin)
        self._undo.append(connection.when_lost(lambda _: self._tell(None)))

    @property
    def lost(self) -> bool:
        """See `FocusSource`."""
        return self._connection is not None and self._connection.lost is not None

    def stop(self) -> None:
        """See `FocusSource`."""
        self._changed = None
        connection, self._connection = self._connection, None
        for undo in self._undo:
            undo()
        self._undo.clear()
        if connection is not None and connection.lost is None:
            try:
                connection.call(self._end)
            except Unavailable:
                _log.debug("the X server went while its windows were no longer followed", exc_info=True)

    # --- on the connection's thread -----------------------------------------------------------------------------------

    def _begin(self, display: Display) -> None:
        from Xlib import X

        assert self._connection is not None
        self._undo.append(self._connection.listen(lambda event: self._heard(display, event)))
        display.screen().root.change_attributes(event_mask=X.PropertyChangeMask)
        self._look(display)

    def _end(self, display: Display) -> None:
        from Xlib import X

        display.screen().root.change_attributes(event_mask=X.NoEventMask)
        self._watch(None)

    def _heard(self, display: Display, event: XEvent) -> None:
        from Xlib import X

        if event.type != X.PropertyNotify:
            return
        of_root = event.window == display.screen().root
        wanted = _ROOT_ATOMS if of_root else ("_NET_WM_STATE",)
        if event.atom in [self._atom(display, name) for name in wanted] and (of_root or event.window == self._watched):
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
        if window is not None:
            window.change_attributes(event_mask=X.PropertyChangeMask)
        self._watched = window

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
