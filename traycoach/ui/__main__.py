"""`python -m traycoach.ui`: the window process. It lives by its standard streams and dies with its parent."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys


def main() -> int:
    """Run until told to leave, until the parent is gone, or until nothing has been open for a minute."""
    from traycoach.ui.pipes import Pipes, take_over_streams

    streams = take_over_streams()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    _die_with_parent()
    # A terminal's Ctrl+C goes to the parent too: it says when to leave.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    from PySide6.QtWidgets import QApplication

    application = QApplication(["traycoach"])
    application.setApplicationName("traycoach")
    application.setDesktopFileName("traycoach")
    application.setQuitOnLastWindowClosed(False)
    application.setStyle("Fusion")

    from traycoach.ui.theme import Theme
    from traycoach.ui.typeface import load_fonts
    from traycoach.ui.windows import Windows

    load_fonts()
    pipes = Pipes(*streams)
    windows = Windows(Theme(), pipes.send)
    sys.excepthook = windows.trouble
    pipes.received.connect(windows.take)
    pipes.ended.connect(lambda: application.exit(0))
    windows.leaving.connect(lambda: application.exit(0))
    windows.ready()
    pipes.listen()
    code = application.exec()
    # Without the interpreter's own farewell: the reading thread waits in a system call, and Qt's objects die in no
    # order that Python knows. Nothing is open that needs closing.
    os._exit(code)


def _die_with_parent() -> None:
    """Let the kernel end this process with its parent: prctl(2), PR_SET_PDEATHSIG, on Linux. Else the pipe does."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
