"""All guards that there are. The one place for it: a new mechanism is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from traycoach.desktop.x11 import SharedX11, XConnection
from traycoach.guards.base import Guard
from traycoach.guards.fullscreen import X11Fullscreen


def guards(connect: Callable[[], XConnection] | None = None) -> list[Guard]:
    """Make every guard, for `GuardWatch`. `connect` gives the shared X connection."""
    return [X11Fullscreen(connect or SharedX11())]
