"""`python -m traycoach.ui`: the window process. It lives by its standard streams and dies with its parent."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication


def main() -> int:
    """Run until told to leave, until the parent is gone, or until nothing has been open for a minute."""
    _import_qt()
    from traycoach.ui.pipes import Pipes, take_over_streams

    streams = take_over_streams()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    _die_with_parent()
    # A terminal's Ctrl+C goes to the parent too: it says when to leave.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    application = start()

    from traycoach.memory import settle
    from traycoach.ui.theme import Theme
    from traycoach.ui.windows import Windows

    pipes = Pipes(*streams)
    windows = Windows(Theme(), pipes.send)
    sys.excepthook = windows.trouble
    pipes.received.connect(windows.take)
    pipes.ended.connect(lambda: application.exit(0))
    windows.leaving.connect(lambda: application.exit(0))
    windows.ready()
    settle()
    pipes.listen()
    code = application.exec()
    # Without the interpreter's own farewell: the reading thread waits in a system call, and Qt's objects die in no
    # order that Python knows. Nothing is open that needs closing.
    os._exit(code)


def start() -> QApplication:
    """Give Qt's application as the windows need it, with the bundled fonts."""
    _import_qt()
    from PySide6.QtWidgets import QApplication

    # Qt shares out the filling of every larger shape between threads; a figure has many, each too small for it.
    # On one thread a frame takes a third less of the processor, at 200 % half.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    application = QApplication(["traycoach"])
    application.setApplicationName("traycoach")
    application.setDesktopFileName("traycoach")
    application.setWindowIcon(_icon())
    application.setQuitOnLastWindowClosed(False)
    application.setStyle("Fusion")

    from traycoach.ui.typeface import load_fonts

    load_fonts()
    return application


def _icon() -> QIcon:
    """Give the icon that X11's task bars and switchers show; on Wayland they look it up by the desktop file's name."""
    from PySide6.QtGui import QIcon

    from traycoach.paths import bundled

    icon = QIcon()
    for size in (16, 32, 48, 128):
        with contextlib.suppress(FileNotFoundError):  # worth no window
            icon.addFile(str(bundled(f"icons/traycoach-{size}.png")))
    return icon


def _import_qt() -> None:
    """Import Qt, but not its import hook.

    WORKAROUND PySide6: for the sake of `from __feature__ import …` the hook reads the source of every module that is
    imported later, and linecache keeps it: 4 MiB (shibokensupport/feature.py, `_mod_uses_pyside`).
    """
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain


def _die_with_parent() -> None:
    """Let the kernel end this process with its parent: prctl(2), PR_SET_PDEATHSIG, on Linux. Else the pipe does."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
