"""What the display server under Qt can do: whether anything draws transparency, whether keys can be claimed."""

from __future__ import annotations

import ctypes
import logging
import os
from typing import Final

from PySide6.QtGui import QGuiApplication, QNativeInterface
from PySide6.QtWidgets import QWidget

_log = logging.getLogger(__name__)
_XA_ATOM: Final = 4
_PROP_MODE_REPLACE: Final = 0


def on_x11() -> bool:
    """Tell whether the windows are X11 windows (Xwayland's included)."""
    return QGuiApplication.platformName() == "xcb"


def places_are_known() -> bool:
    """Tell whether a window may know and choose its place on the desktop: not on Wayland."""
    return not QGuiApplication.platformName().startswith("wayland")


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


def keep_out_of_task_lists(window: QWidget) -> None:
    """Let no task bar or pager list this window; to be called before it is shown. X11 only: Qt has no flag for it.

    Sets _NET_WM_STATE_SKIP_TASKBAR and _SKIP_PAGER (EWMH); Qt adds its own states to them when it maps the window.
    """
    if not on_x11():
        return
    try:
        library, display = _xlib()
    except (OSError, AttributeError, TypeError):
        _log.warning("cannot keep a window out of the task list", exc_info=True)
        return
    names = (b"_NET_WM_STATE_SKIP_TASKBAR", b"_NET_WM_STATE_SKIP_PAGER")
    atoms = (ctypes.c_ulong * len(names))(*(library.XInternAtom(display, name, 0) for name in names))
    state = library.XInternAtom(display, b"_NET_WM_STATE", 0)
    library.XChangeProperty(display, int(window.winId()), state, _XA_ATOM, 32, _PROP_MODE_REPLACE, atoms, len(names))
    library.XFlush(display)


def _compositor_owns_selection() -> bool:
    library, display = _xlib()
    atom = library.XInternAtom(display, b"_NET_WM_CM_S0", 0)
    return bool(library.XGetSelectionOwner(display, atom))


def _xlib() -> tuple[ctypes.CDLL, int]:
    """Give Xlib and the connection that Qt has; raises if there is no such thing."""
    application = QGuiApplication.instance()
    native = application.nativeInterface() if isinstance(application, QGuiApplication) else None
    if not isinstance(native, QNativeInterface.QX11Application):
        raise TypeError
    library = ctypes.CDLL("libX11.so.6")
    library.XInternAtom.restype = ctypes.c_ulong
    library.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    library.XGetSelectionOwner.restype = ctypes.c_ulong
    library.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
    library.XFlush.argtypes = (ctypes.c_void_p,)
    library.XChangeProperty.argtypes = (
        ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong,
        ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_int,
    )  # fmt: skip
    return library, native.display()
