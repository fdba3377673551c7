"""Which sizes of the icon to offer to the panel.

Most hosts take from IconPixmap the size that they need. XFCE takes the largest and scales it down to the size in its
settings (seen: xfce4-panel 4.18, 22 px from 64), so there the one right size is offered and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from traycoach.desktop.bus import Bus, CallFailed
from traycoach.errors import Unavailable
from traycoach.tray.icon import SIZES

_XFCONF = "org.xfce.Xfconf"
_SCALE = "/Gdk/WindowScalingFactor"
_XFCE_SIZE = 22  # where the user has chosen none
_XFCE_AUTOMATIC = 0


def sizes_for(bus: Bus, environ: Mapping[str, str] = os.environ) -> tuple[int, ...]:
    """Give the sizes in pixels. Asks XFCE's settings over D-Bus: not to be called on the tray's loop."""
    if "XFCE" not in environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return SIZES
    try:
        plugins = _properties(bus, "xfce4-panel", "/plugins")
        scale = _properties(bus, "xsettings", _SCALE).get(_SCALE, 1)
    except Unavailable:
        return SIZES
    trays = [name for name, value in plugins.items() if value == "systray"]
    chosen = [plugins.get(f"{name}/icon-size", _XFCE_SIZE) for name in trays]
    sizes = [size for size in chosen if isinstance(size, int) and size != _XFCE_AUTOMATIC]
    if not sizes or len(sizes) < len(chosen) or not isinstance(scale, int):
        return SIZES
    return (max(sizes) * max(1, scale),)


def _properties(bus: Bus, channel: str, below: str) -> dict[str, object]:
    try:
        (found,) = bus.call(_XFCONF, "/org/xfce/Xfconf", _XFCONF, "GetAllProperties", "ss", (channel, below))
    except CallFailed as error:
        if error.error.startswith("org.xfce.Xfconf.Error"):
            return {}  # nothing is set there: the defaults hold
        raise
    return {name: value for name, (_, value) in found.items()}
