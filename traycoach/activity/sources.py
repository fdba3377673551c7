"""The sources of input on this system, in the order in which they are tried: the one place of that order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traycoach.activity.base import Source
from traycoach.activity.hook import HookSource
from traycoach.activity.x11 import X11Alarms
from traycoach.activity.x11_poll import x11_poll
from traycoach.desktop.x11 import XConnection


def input_sources(x11: Callable[[], XConnection]) -> Sequence[Callable[[], Source]]:
    """Give the makers of the sources, the best first: free and exact alarms, slow questions, and the hook at last."""
    return (lambda: X11Alarms(x11), lambda: x11_poll(x11), lambda: HookSource(x11))
