"""The real window process with its pipes, and the wait for what it says."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from traycoach.messages import FromWindows, ToWindows
from traycoach.wire import decode, encode

LIMIT_S = 30


class WindowProcess:
    """`python -m traycoach.ui` in an environment; use it in a `with`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", "traycoach.ui"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
        )
        self._held = b""

    def say(self, message: ToWindows) -> None:
        """Send one message."""
        self.write(encode(message).encode() + b"\n")

    def write(self, data: bytes) -> None:
        """Send these bytes."""
        assert self.child.stdin is not None
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def hear(self, limit_s: float = LIMIT_S) -> Any:
        """Give the next message. Fails when none comes in time, or something that is none."""
        assert self.child.stdout is not None
        while b"\n" not in self._held:
            with selectors.DefaultSelector() as ready:
                ready.register(self.child.stdout, selectors.EVENT_READ)
                assert ready.select(limit_s), "the window process is silent"
            chunk = os.read(self.child.stdout.fileno(), 65536)
            assert chunk, "the window process has ended"
            self._held += chunk
        line, self._held = self._held.split(b"\n", 1)
        return decode(line, FromWindows)

    def hear_until(self, kind: type[Any]) -> Any:
        """Give the next message of this kind; those before it are passed over."""
        while not isinstance(message := self.hear(), kind):
            pass
        return message

    def is_silent_for(self, length_s: float) -> bool:
        """Tell whether nothing comes for so long."""
        if b"\n" in self._held:
            return False
        assert self.child.stdout is not None
        with selectors.DefaultSelector() as ready:
            ready.register(self.child.stdout, selectors.EVENT_READ)
            return not ready.select(length_s)

    def __enter__(self) -> WindowProcess:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self.child.stdin, self.child.stdout):
            if stream is not None:
                stream.close()
        try:
            self.child.wait(LIMIT_S)
        finally:
            self.child.kill()
            self.child.wait()
