"""A private X server for measurements of windows, so that nobody's screen is covered by them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private_screen() -> Iterator[dict[str, str]]:
    """Give an environment in which windows open on an X server of their own; without Xvfb, on no screen at all.

    Off the screen the images that a window shares with the X server are missing from its memory.
    """
    environ = {key: value for key, value in os.environ.items() if not key.startswith("QT_")}
    environ["QT_LOGGING_RULES"] = "*=false"
    program = shutil.which("Xvfb")
    if program is None:
        yield {**environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", "2560x1600x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start")
        yield {**environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)
