"""The control channel over a Unix socket: where it lies, who may use it, and who may listen on it.

Facts: unix(7) for sockets, the limit of 108 bytes for a path and SO_PEERCRED; flock(2) for a lock that ends with its
process, however that ends. Another system's transport is another module with these five names; `control/__init__.py`
chooses.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import stat
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from traycoach.errors import Unavailable
from traycoach.paths import Paths, private
from traycoach.text import _

MAX_PATH = 107
"""Bytes of a socket's path, without the final zero."""


class NotRunning(Unavailable):
    """No coach listens."""


class AlreadyRunning(Unavailable):
    """Another process is the coach."""


class Claim:
    """The right to be the one coach of this user, and to listen on the control channel. Held by a lock on a file.

    The lock is the truth, not the socket: a socket that a killed coach left behind is simply replaced.
    """

    def __init__(self, paths: Paths) -> None:
        """Take the lock. Raises `AlreadyRunning`, or `Unavailable` where the folder cannot be used."""
        self.paths = paths
        folder = paths.socket.parent
        try:
            _make_private(folder)
            self._lock: int | None = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(_cannot_use(folder, error)) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise AlreadyRunning(_("The coach is already running.")) from None

    def listen(self) -> socket.socket:
        """Give a listening socket in place of whatever socket lies there. Raises `Unavailable`."""
        path = self.paths.socket
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if path.is_socket():
                path.unlink()
            with _short(path) as address:
                listener.bind(address)
            path.chmod(0o600)
            listener.listen(16)
        except OSError as error:
            listener.close()
            raise Unavailable(_cannot_use(path, error)) from error
        return listener

    def release(self) -> None:
        """Take the socket away and give the lock back. Once is enough, more does no harm."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self.paths.socket.unlink()
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def connect(paths: Paths, timeout: timedelta) -> socket.socket:
    """Give a socket connected to the running coach, each of its operations limited to `timeout`.

    Raises `NotRunning`, or `Unavailable` if it is busy, or is another user's.
    """
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.settimeout(timeout.total_seconds())
    try:
        with _short(paths.socket) as address:
            channel.connect(address)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        channel.close()
        raise NotRunning(_("The coach is not running. Start it with “traycoach”.")) from None
    except BlockingIOError:  # the queue of waiting connections is full
        channel.close()
        raise Unavailable(_("The coach is busy. Try again.")) from None
    except OSError as error:
        channel.close()
        raise Unavailable(_cannot_use(paths.socket, error)) from error
    if not is_own(channel):
        channel.close()
        raise Unavailable(_("The control channel belongs to another user."))
    return channel


def is_own(channel: socket.socket) -> bool:
    """Tell whether the process at the other end runs as this user."""
    _pid, user, _group = struct.unpack("3i", channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return bool(user == os.getuid())


def _make_private(folder: Path) -> None:
    found = private(folder).stat()
    if found.st_uid != os.getuid():
        raise PermissionError
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """Give a name of the path that fits into a socket's address; a long one is reached through its open folder."""
    if len(os.fsencode(path)) <= MAX_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _cannot_use(path: Path, error: OSError) -> str:
    reason = error.strerror or _("it belongs to another user")
    return _("The control channel at {path} cannot be used: {reason}.").format(path=path, reason=reason)
