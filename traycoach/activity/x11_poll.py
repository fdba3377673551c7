"""The reserve on X11 for servers without XSync counters: MIT-SCREEN-SAVER's QueryInfo, asked now and then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from traycoach import clock as clocks
from traycoach.activity.polling import PolledSource
from traycoach.clock import Clock
from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.text import _

if TYPE_CHECKING:
    from Xlib.display import Display

_EXTENSION = "MIT-SCREEN-SAVER"


def x11_poll(connect: Callable[[], XConnection], clock: Clock = clocks.system) -> PolledSource:
    """Make the source. `connect` gives the shared connection, or raises Unavailable."""

    def ask() -> timedelta:
        return connect().call(_idle)

    return PolledSource("x11 screen saver", ask, clock=clock)


def _idle(display: Display) -> timedelta:
    if not display.has_extension(_EXTENSION):
        raise Unavailable(_("The X server has no screen saver extension."))
    return timedelta(milliseconds=int(display.screen().root.screensaver_query_info().idle))
