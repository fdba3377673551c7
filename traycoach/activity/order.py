"""The sources of input in the order in which they are tried. The one place for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traycoach import clock as clocks
from traycoach.activity.base import Source
from traycoach.activity.hook import HookSource
from traycoach.activity.x11 import X11Alarms
from traycoach.activity.x11_poll import x11_poll
from traycoach.clock import Clock
from traycoach.desktop.x11 import SharedX11, XConnection, require_x11


def sources(
    connect: Callable[[], XConnection] | None = None, clock: Clock = clocks.system
) -> Sequence[Callable[[], Source]]:
    """Give what makes each source, best first, for `InputWatch`. `connect` gives the shared X connection."""
    x11 = connect or SharedX11()
    return [
        lambda: X11Alarms(x11, clock),
        lambda: x11_poll(x11, clock),
        lambda: HookSource(require_x11, clock),
    ]
