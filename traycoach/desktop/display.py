"""Is there a display to show anything on? At login it may come a little later than the coach."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from traycoach.clock import now
from traycoach.errors import Unavailable
from traycoach.text import _

_LOOKS_AGAIN_S = 0.5


def wait_for(limit: timedelta, environ: Mapping[str, str] = os.environ) -> None:
    """Return as soon as a display can be reached. Raises Unavailable, in one sentence, if none can within `limit`."""
    until = now().steady + limit
    pause = threading.Event()
    while not is_there(environ):
        if now().steady >= until:
            raise Unavailable(_no_display(environ))
        pause.wait(_LOOKS_AGAIN_S)


def is_wayland(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether this is a Wayland session, where every new window takes the focus."""
    return bool(environ.get("WAYLAND_DISPLAY")) or environ.get("XDG_SESSION_TYPE") == "wayland"


def wayland_socket(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the socket of this session's compositor, as wl_display_connect(3) finds it. Raises Unavailable.

    The name is taken from the environment alone: where it is not set, the first compositor that happens to be there
    need not be ours.
    """
    if not is_wayland(environ):
        raise Unavailable(_("This is not a Wayland session."))
    name = environ.get("WAYLAND_DISPLAY")
    if not name:
        raise Unavailable(_("There is no way to the Wayland compositor: WAYLAND_DISPLAY is not set."))
    folder = environ.get("XDG_RUNTIME_DIR")
    if not (folder or name.startswith("/")):
        raise Unavailable(_("There is no way to the Wayland compositor: XDG_RUNTIME_DIR is not set."))
    return Path(folder or "/", name)


def is_there(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a Wayland compositor or an X server answers."""
    return _wayland_answers(environ) or _x11_answers(environ)


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    try:
        path = wayland_socket(environ)
    except Unavailable:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.settimeout(1)
        try:
            channel.connect(str(path))
        except OSError:
            return False
    return True


def _x11_answers(environ: Mapping[str, str]) -> bool:
    from traycoach.desktop.x11 import XConnection  # a Wayland session has no use for it

    name = environ.get("DISPLAY", "")
    if not name:
        return False
    try:
        connection = XConnection(name)
        connection.open()
    except Unavailable:
        return False
    connection.close()
    return True


def _no_display(environ: Mapping[str, str]) -> str:
    named = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY")
    what = _("The display {name} does not answer").format(name=named) if named else _("There is no display here")
    return _("{what}: start traycoach in a desktop session, or see it at work with “make demo”.").format(what=what)
