"""What happens to files and folders, told by the kernel without polling. Linux: inotify(7), by three C functions."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path
from typing import NamedTuple, Self

from traycoach.errors import Unavailable
from traycoach.text import _

ATTRIB = 0x4
CLOSE_WRITE = 0x8
CLOSE_NOWRITE = 0x10
OPEN = 0x20
MOVED_FROM = 0x40
MOVED_TO = 0x80
CREATE = 0x100
DELETE = 0x200
DELETE_SELF = 0x400
MOVE_SELF = 0x800
Q_OVERFLOW = 0x4000
"""Events were lost (`watch` is -1): look at everything anew."""
IGNORED = 0x8000
"""The watch is no more: what it watched was removed."""
ONLYDIR = 0x01000000

_EVENT = struct.Struct("iIII")
_BUFFER = 64 * 1024


class FileEvent(NamedTuple):
    """What happened (`mask`) to the file called `name` in a watched folder, or, without a name, to what is watched."""

    watch: int
    mask: int
    name: bytes


class Inotify:
    """Watches paths until it is closed. Raises Unavailable where there is no inotify, or no more of it."""

    def __init__(self) -> None:
        if not sys.platform.startswith("linux"):
            raise Unavailable(_("This system has no inotify."))
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle: int = self._libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._handle < 0:
            raise _refused()

    def fileno(self) -> int:
        """Give the handle that is ready to read when there are events."""
        return self._handle

    def add(self, path: Path, mask: int) -> int | None:
        """Watch a path, or watch it for other events; give the number of the watch. The same path has the same number.

        None if it does not exist, or may not be read. Raises Unavailable if the system gives no more watches.
        """
        watch: int = self._libc.inotify_add_watch(self._handle, os.fsencode(path), mask)
        if watch >= 0:
            return watch
        if ctypes.get_errno() in {errno.ENOENT, errno.ENOTDIR, errno.EACCES}:
            return None
        raise _refused()

    def remove(self, watch: int) -> None:
        """Watch this no more. One that is gone already is fine."""
        self._libc.inotify_rm_watch(self._handle, watch)

    def read(self) -> list[FileEvent]:
        """Give the events that wait, oldest first; perhaps none. Never blocks."""
        events: list[FileEvent] = []
        while True:
            try:
                data = os.read(self._handle, _BUFFER)
            except BlockingIOError:
                return events
            at = 0
            while at < len(data):
                watch, mask, _cookie, length = _EVENT.unpack_from(data, at)
                at += _EVENT.size
                events.append(FileEvent(watch, mask, data[at : at + length].rstrip(b"\0")))
                at += length

    def close(self) -> None:
        """Give everything back."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _refused() -> Unavailable:
    return Unavailable(_("inotify refused: {reason}").format(reason=os.strerror(ctypes.get_errno())))
