"""One run of the window process: its pipes, its exit, and how it is ended. Used by one thread.

Nothing here waits for the child: lines to it leave when its pipe takes them; what it says, or its end, wakes `wait`.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from traycoach.wire import MAX_LINE

MAX_UNSENT = 16 * 1024 * 1024
"""Bytes that may wait for a child that does not read; then it is stuck."""

_CHUNK = 65536


def default_command() -> list[str]:
    """Give the command of the window process: this interpreter, this very package, nothing from the current folder."""
    return [sys.executable, "-P", "-m", "traycoach.ui"]


def python_path(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the variable with which another process of this interpreter finds this very package, if it needs one.

    Only a checkout that was never installed does. An installed coach sets nothing: whatever it opens for the user, an
    editor written in Python too, inherits its environment.
    """
    root = str(Path(__file__).parents[2])
    if root in sys.path[1:] or (sys.flags.safe_path and root in sys.path):
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [root, environ.get("PYTHONPATH", "")]))}


def child_environ(environ: Mapping[str, str], activation_token: str) -> dict[str, str]:
    """Give the environment of the child.

    Under X11 Qt is told to use it (a left-over `QT_QPA_PLATFORM=wayland` ends Qt at once). The token of the click that
    asked for the window goes with it, and no older one (Wayland's xdg-activation and the startup-notification
    specification read these variables).
    """
    own = dict(environ) | python_path(environ)
    platform = own.get("QT_QPA_PLATFORM", "")
    if own.get("DISPLAY") and not own.get("WAYLAND_DISPLAY") and (not platform or platform.startswith("wayland")):
        own["QT_QPA_PLATFORM"] = "xcb"
    own.pop("DESKTOP_STARTUP_ID", None)
    own.pop("XDG_ACTIVATION_TOKEN", None)
    if activation_token:
        own["XDG_ACTIVATION_TOKEN"] = activation_token
    return own


class Child:
    """A running window process. Raises `OSError` if it cannot be started."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], bell: int) -> None:
        """Start it. `bell` is a descriptor that also wakes `wait` when it becomes readable; it is not read here."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ,
            process_group=0,  # Ctrl-C in a terminal is for the coach, which then ends its windows in order
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in = self._process.stdin.fileno()
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._unsent = b""
        self._heard = b""
        self._in_open = True
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._selector.register(bell, selectors.EVENT_READ)
        # the exit itself, since a grandchild may hold the pipe open
        self._pid_fd = os.pidfd_open(self._process.pid) if hasattr(os, "pidfd_open") else None
        if self._pid_fd is not None:
            self._selector.register(self._pid_fd, selectors.EVENT_READ)

    @property
    def exit_code(self) -> int | None:
        """Give how it ended; None while it runs."""
        return self._process.poll()

    def say(self, line: str) -> bool:
        """Queue a line. False: too much waits already, the child is stuck."""
        self._unsent += line.encode() + b"\n"
        self._push()
        return len(self._unsent) <= MAX_UNSENT

    def wait(self, timeout: timedelta | None) -> None:
        """Wait until the child speaks, takes more, ends, the bell rings, or the time is up."""
        seconds = None if timeout is None else max(0.0, timeout.total_seconds())
        for key, _mask in self._selector.select(seconds):
            if key.fd == self._in:
                self._push()

    def lines(self) -> Iterator[bytes]:
        """Give the whole lines that have come. Raises `EOFError` once it says no more, or says too much in one line."""
        while True:
            try:
                chunk = os.read(self._out, _CHUNK)
            except BlockingIOError:
                return
            *whole, self._heard = (self._heard + chunk).split(b"\n")
            yield from whole
            if not chunk or len(self._heard) > MAX_LINE:
                with contextlib.suppress(KeyError):  # at its end a pipe is readable for ever
                    self._selector.unregister(self._out)
                raise EOFError

    def close_input(self) -> None:
        """Ask it to leave: it ends when its input does."""
        if self._in_open:
            self._in_open = False
            with contextlib.suppress(KeyError):
                self._selector.unregister(self._in)
            with contextlib.suppress(OSError):
                self._process.stdin.close()  # type: ignore[union-attr]

    def terminate(self) -> None:
        """Ask it more firmly (SIGTERM)."""
        self._process.terminate()

    def kill(self) -> int:
        """End it at once and give its exit code."""
        self._process.kill()
        return self._process.wait()

    def close(self) -> None:
        """Give everything back; the child must have ended."""
        self.close_input()
        self._selector.close()
        if self._pid_fd is not None:
            os.close(self._pid_fd)
        self._process.stdout.close()  # type: ignore[union-attr]

    def _push(self) -> None:
        if not self._in_open:
            return
        try:
            while self._unsent:
                sent = os.write(self._in, self._unsent[:_CHUNK])
                self._unsent = self._unsent[sent:]
        except BlockingIOError:
            pass
        except OSError:  # it is gone or going; its exit will be seen
            self._unsent = b""
        registered = self._in in self._selector.get_map()
        if self._unsent and not registered:
            self._selector.register(self._in, selectors.EVENT_WRITE)
        elif registered and not self._unsent:
            self._selector.unregister(self._in)
