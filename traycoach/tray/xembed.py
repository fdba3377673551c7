"""The icon in an XEmbed tray: i3bar, tint2, polybar, trayer, and every older X11 panel.

Such a tray knows neither menus nor tooltips: the left button is the default action, every other opens the status
window, where everything is. What pystray's own backend misses is done here: clicks are asked for, the transparent parts
show the tray, and a tray that comes later or anew gets the icon.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from traycoach.desktop.x11 import XConnection, require_x11
from traycoach.errors import Unavailable
from traycoach.text import _
from traycoach.tray.bar import Bar
from traycoach.tray.base import Backend, Command
from traycoach.tray.loop import Loop

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import Event

    from traycoach.tray.xembed_dock import Dock


class XEmbedIcon(Backend):
    """Docks with whoever owns the tray selection, again after every change of owner.

    It opens an X connection of its own, and only while it is wanted.
    """

    kind = "xembed"

    def __init__(self, loop: Loop, command: Command, changed: Callable[[], None]) -> None:
        super().__init__(command, changed)
        self.bar: Bar = "auto"
        self._loop = loop
        self._connection: XConnection | None = None
        self._dock: Dock | None = None

    @property
    def possible(self) -> bool:
        """Whether this session may ever have such a tray: it has an X display, be it there now or not."""
        try:
            require_x11()
        except Unavailable:
            return False
        return True

    def probe(self) -> None:
        """Unavailable on Wayland, without an X display, and while nobody owns the tray selection."""
        from traycoach.tray.xembed_dock import tray_owner

        connection = self._connection
        if connection is None:
            connection = XConnection(require_x11())
            connection.open()
        try:
            if connection.call(tray_owner) is None:
                raise Unavailable(_no_tray())
        finally:
            if connection is not self._connection:
                connection.close()

    def _show(self) -> None:
        """Dock, now or when a tray comes. Raises Unavailable without an X session."""
        connection = XConnection(require_x11())
        connection.open()
        self._refused = _no_tray()
        self._connection = connection
        connection.when_lost(lambda reason: self._loop.post(partial(self._lost, connection, reason)))
        connection.listen(self._heard)
        connection.call(self._begin)

    def _hide(self) -> None:
        connection, self._connection, self._dock = self._connection, None, None
        if connection is not None:
            connection.close()  # the server takes the window away with it
        self._set_shown(False, _("The icon is switched off."))

    def _lost(self, connection: XConnection, reason: str) -> None:
        """The server went, and the window with it; whoever wants the icon shows it anew."""
        if connection is self._connection:
            self._connection = self._dock = None
            self.visible = False
            self._refused = reason
            self._changed()  # also where no tray had it

    def _update_icon(self) -> None:
        self._icon_valid = True
        self._on_display(self._draw)

    def _update_title(self) -> None:
        self._on_display(self._name_window)

    def _on_display(self, work: Callable[[Display], None]) -> None:
        if self._connection is not None:
            try:
                self._connection.call(work)
            except Unavailable as error:
                self._set_shown(False, error.reason)

    # --- on the connection's thread -----------------------------------------------------------------------------------

    def _begin(self, display: Display) -> None:
        from traycoach.tray.xembed_dock import Dock

        self._dock = Dock(display, self._clicked, self._docked)
        self._name_window(display)
        self._draw(display)

    def _draw(self, _display: Display) -> None:
        if self._dock is not None:
            self._dock.draw(self.drawing, self.bar)

    def _name_window(self, _display: Display) -> None:
        if self._dock is not None:
            self._dock.name(self.title)

    def _heard(self, event: Event) -> None:
        if self._dock is not None:
            self._dock.heard(event)

    def _clicked(self, button: int) -> None:
        verb, words = ("default", ()) if button == 1 else ("open", ("status",))
        self._loop.post(partial(self._command, verb, words, ""))

    def _docked(self, docked: bool) -> None:
        self._loop.post(partial(self._believe, docked))

    def _believe(self, docked: bool) -> None:
        self._set_shown(docked and self._connection is not None, _no_tray())


def _no_tray() -> str:
    return _("There is no XEmbed tray on this X display (nobody owns {name}).").format(name="_NET_SYSTEM_TRAY_Sn")
