"""How bright is the panel that the icon lies on? The icon follows the bar, not the theme of the windows.

- GNOME's top bar is dark (also in its light style).
- On X11 the panels' own windows are looked at: one row of pixels of each. They agree, or the answer is "either".
- On other Wayland desktops nobody tells, and the answer is "either": the rendering that brings its own dark ground.

The setting "light" or "dark" ends all guessing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.tray.colours import Look

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.xobject.drawable import Window

_log = logging.getLogger(__name__)

Bar = Literal["auto", "light", "dark"]

# Within these the colours of the renderings keep a contrast of about 3:1 to the bar (WCAG 2.2, 1.4.11).
_DARK_UP_TO = 0.12
_LIGHT_FROM = 0.5


def look_for(bar: Bar, open_x11: Callable[[], XConnection], environ: Mapping[str, str] = os.environ) -> Look:
    """Give the rendering for this desktop's bar. `bar` is the user's setting."""
    if bar != "auto":
        return Look(bar)
    if "GNOME" in environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return Look.DARK
    try:
        return look_over(open_x11().call(_panel_luminances))
    except Unavailable:
        return Look.EITHER
    except Exception:  # what python-xlib makes of other people's windows must not cost the icon
        _log.exception("the panels could not be looked at")
        return Look.EITHER


def look_over(luminances: Sequence[float]) -> Look:
    """Give the rendering for panels of these luminances (0…1); "either" if they disagree or there are none."""
    looks = {look_on(one) for one in luminances}
    return looks.pop() if len(looks) == 1 else Look.EITHER


def look_on(ground: float) -> Look:
    """Give the rendering for a ground of this luminance."""
    if ground <= _DARK_UP_TO:
        return Look.DARK
    return Look.LIGHT if ground >= _LIGHT_FROM else Look.EITHER


def luminance(red: int, green: int, blue: int) -> float:
    """Give the relative luminance of an sRGB colour (WCAG 2.2, "relative luminance"), 0…1."""

    def linear(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def _panel_luminances(display: Display) -> list[float]:
    """Look at every panel window (EWMH: _NET_WM_WINDOW_TYPE_DOCK) that stands on the screen."""
    from Xlib import X
    from Xlib.error import XError

    root = display.screen().root
    clients = root.get_full_property(display.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
    dock = display.intern_atom("_NET_WM_WINDOW_TYPE_DOCK")
    kind = display.intern_atom("_NET_WM_WINDOW_TYPE")
    found = []
    for one in clients.value if clients is not None else ():
        window = display.create_resource_object("window", one)
        try:
            types = window.get_full_property(kind, X.AnyPropertyType)
            if types is not None and dock in types.value:
                found += _middle_luminance(window)
        except XError:
            continue  # a window that went meanwhile, or is hidden
    return found


def _middle_luminance(window: Window) -> list[float]:
    from Xlib import X

    geometry = window.get_geometry()
    if geometry.width < 16 or geometry.height < 16:
        return []  # a panel that hides itself
    # along the bar, in its upper (or left) quarter, where texts and icons leave the ground free
    wide = geometry.width >= geometry.height
    x, y = (0, geometry.height // 5) if wide else (geometry.width // 5, 0)
    width, height = (geometry.width, 1) if wide else (1, geometry.height)
    pixels = window.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF).data
    if geometry.depth not in {24, 32} or len(pixels) < 4 * width * height:
        return []
    blues, greens, reds = (sorted(pixels[offset::4]) for offset in range(3))
    middle = len(reds) // 2
    if geometry.depth == 32 and sorted(pixels[3::4])[middle] < 200:
        return []  # what shines through a transparent panel is not known
    return [luminance(reds[middle], greens[middle], blues[middle])]
