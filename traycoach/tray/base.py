"""What every way to show the icon has in common.

A backend is a `pystray.Icon` whose `icon` is a `Drawing`: set `icon`, `title` and `menu`, then `visible = True`.
pystray's `visible` is only what was asked for; `shown` is the truth: somebody took the icon. All of it is used on the
tray's loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

from traycoach.tray.icon import Drawing
from traycoach.tray.toolkit import Icon

Command = Callable[[str, tuple[str, ...], str], None]
"""Takes the verb and the words of a command (as on the command line), and an XDG activation token, perhaps "".

The verb "default" is the left click: take the due routine, or open the status window.
"""


class Backend(Icon):  # type: ignore[misc]  # pystray is untyped
    """One way to show the icon. `command` is called on the tray's loop, `changed` when `shown` changed."""

    kind: ClassVar[str]

    def __init__(self, command: Command, changed: Callable[[], None]) -> None:
        super().__init__("traycoach")
        self._command = command
        self._changed = changed
        self._shown = False
        self._refused = ""
        self._ended = threading.Event()

    def probe(self) -> None:
        """Tell whether this way is open on this desktop. Raises Unavailable with the reason why not."""
        raise NotImplementedError

    @property
    def shown(self) -> bool:
        """Whether a panel has the icon at this moment."""
        return self._shown

    @property
    def refused(self) -> str:
        """Why it is not shown, a sentence for doctor; "" while it is."""
        return "" if self._shown else self._refused

    @property
    def drawing(self) -> Drawing:
        """The drawing to show."""
        drawing = self.icon
        assert isinstance(drawing, Drawing), "`icon` is set to a Drawing before `visible`"
        return drawing

    def _set_shown(self, shown: bool, refused: str = "") -> None:
        self._refused = refused
        if shown != self._shown:
            self._shown = shown
            self._changed()

    def _run(self) -> None:
        self._mark_ready()
        self._ended.wait()

    def _stop(self) -> None:
        self._ended.set()

    def _update_menu(self) -> None:
        """Most backends read `menu` when it is opened; those that send it ahead override this."""
