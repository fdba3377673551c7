"""The sources of input on this system, in the order in which they are tried: the one place of that order.

Every mechanism is imported when its source is made: a session keeps in memory what it uses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from traycoach.activity.base import Source
from traycoach.desktop.display import is_wayland
from traycoach.desktop.x11 import XConnection

_Maker = Callable[[], Source]


def input_sources(x11: Callable[[], XConnection], environ: Mapping[str, str] = os.environ) -> Sequence[_Maker]:
    """Give the makers of the sources, the best first: free and exact ones, slow questions, and the coarse one at last.

    What belongs to the other kind of session stands after it, to be refused by name. On Wayland that is X11: its server
    (Xwayland) hears only the input to its own windows, and so does the hook.
    """

    def wayland(protocol: str) -> _Maker:
        def make() -> Source:
            from traycoach.activity import wayland

            return wayland.WaylandIdle(wayland.PROTOCOLS[protocol], environ)

        return make

    def mutter() -> Source:
        from traycoach.activity.mutter import MutterIdle

        return MutterIdle()

    def hint() -> Source:
        from traycoach.activity.idle_hint import IdleHint

        return IdleHint(environ=environ)

    def alarms() -> Source:
        from traycoach.activity.x11 import X11Alarms

        return X11Alarms(x11)

    def poll() -> Source:
        from traycoach.activity.x11_poll import x11_poll

        return x11_poll(x11)

    def hook() -> Source:
        from traycoach.activity.hook import HookSource

        return HookSource(x11)

    compositors = [wayland("ext input"), wayland("ext"), wayland("kde")]
    on_x11 = [alarms, poll, hook]
    if not is_wayland(environ):
        return (*on_x11, hint, *compositors, mutter)
    if "GNOME" in environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return (mutter, *compositors, hint, *on_x11)
    return (*compositors, mutter, hint, *on_x11)
