"""What the display server under Qt can do: whether anything draws transparency, whether keys can be claimed."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os

from PySide6.QtGui import QGuiApplication, QNativeInterface

_log = logging.getLogger(__name__)


def on_x11() -> bool:
    """Tell whether the windows are X11 windows (Xwayland's included)."""
    return QGuiApplication.platformName() == "xcb"


def transparency_works() -> bool:
    """Tell whether a window with transparent corners is drawn as such.

    On X11 that needs a compositing manager: it owns the selection _NET_WM_CM_Sn (EWMH, "Compositing Managers").
    """
    if not on_x11():
        return True
    try:
        return _compositor_owns_selection()
    except (OSError, AttributeError, TypeError):
        _log.warning("cannot ask for the compositing manager", exc_info=True)
        return False


def use_activation_token(token: str) -> None:
    """Let the next window that is shown take the focus by this XDG activation token; "" is none."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token
        os.environ["DESKTOP_STARTUP_ID"] = token


def _compositor_owns_selection() -> bool:
    native = QGuiApplication.instance().nativeInterface()  # type: ignore[union-attr]
    if not isinstance(native, QNativeInterface.QX11Application):
        return False
    library = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    library.XInternAtom.restype = ctypes.c_ulong
    library.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    library.XGetSelectionOwner.restype = ctypes.c_ulong
    library.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
    display = native.display()
    atom = library.XInternAtom(display, b"_NET_WM_CM_S0", 0)
    return bool(library.XGetSelectionOwner(display, atom))
