"""Notices edits of one file, without polling: however it is written, replaced, removed, or first made.

Linux: inotify through ctypes (docs/decisions/004-file-watch.md). Folders are watched, not the file, because editors
rename a new file over the old one. Facts: inotify(7).
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import select
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from traycoach.errors import Unavailable
from traycoach.text import _

log = logging.getLogger(__name__)

SETTLE_MS = 200
"""An editor touches a file several times in one save; what comes within this time is one change."""

_IN_ATTRIB = 0x4
_IN_CLOSE_WRITE = 0x8
_IN_MOVED_FROM = 0x40
_IN_MOVED_TO = 0x80
_IN_CREATE = 0x100
_IN_DELETE = 0x200
_IN_DELETE_SELF = 0x400
_IN_MOVE_SELF = 0x800
_IN_Q_OVERFLOW = 0x4000
_IN_IGNORED = 0x8000
_IN_ONLYDIR = 0x01000000

_WRITTEN = _IN_CLOSE_WRITE | _IN_MOVED_TO | _IN_ATTRIB
_COMES_OR_GOES = _IN_CREATE | _IN_MOVED_TO | _IN_MOVED_FROM | _IN_DELETE | _IN_DELETE_SELF | _IN_MOVE_SELF
_FOLDER_MOVED = _IN_DELETE_SELF | _IN_MOVE_SELF | _IN_IGNORED | _IN_Q_OVERFLOW

_EVENT = struct.Struct("iIII")
_MOST_LINKS = 20

Signature = tuple[int, int, int, int] | None


class Watcher:
    """Calls `changed()` from a thread of its own, within half a second of an edit of `path`, until it is closed.

    The file and its folders need not exist. Links are followed: the file that a link leads to is watched as well.
    Changes of other files in the same folders are not told. `changed` should only post an event; what it raises is
    logged. Raises Unavailable where there is no inotify, or no more of it.
    """

    def __init__(self, path: Path, changed: Callable[[], None]) -> None:
        if not sys.platform.startswith("linux"):
            raise Unavailable(_("this system has no inotify; settings are read again when the coach is started"))
        self._path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link that may change
        self._changed = changed
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._names: dict[int, dict[bytes, bool]] = {}
        self._handle = self._libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._handle < 0:
            raise Unavailable(_("inotify refused: {reason}").format(reason=os.strerror(ctypes.get_errno())))
        self._stop = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        try:
            self._arm()
        except Unavailable:
            os.close(self._stop)
            os.close(self._handle)
            raise
        self._seen = self._signature()
        self._thread = threading.Thread(target=self._run, name="settings-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching. No call of `changed` begins after this returns."""
        if self._thread.is_alive():
            os.eventfd_write(self._stop, 1)
            if self._thread is not threading.current_thread():
                self._thread.join()

    def _run(self) -> None:
        try:
            poll = select.poll()
            poll.register(self._handle, select.POLLIN)
            poll.register(self._stop, select.POLLIN)
            while not self._stopping(poll.poll()):
                concerned = self._drain()
                if not concerned:
                    continue
                waiting = select.poll()
                waiting.register(self._stop, select.POLLIN)
                if self._stopping(waiting.poll(SETTLE_MS)):
                    break
                self._drain()
                self._tell()
        finally:
            os.close(self._handle)
            os.close(self._stop)

    def _stopping(self, ready: list[tuple[int, int]]) -> bool:
        return any(handle == self._stop for handle, _event in ready)

    def _tell(self) -> None:
        try:
            self._changed()
        except Exception:
            log.exception("telling of changed settings failed")

    def _drain(self) -> bool:
        """Read what there is; tell whether it concerns the file. Folders that came or went are watched anew."""
        concerned = moved = False
        for watch, mask, name in self._events():
            is_file = self._names.get(watch, {}).get(name)
            moved |= bool(mask & _FOLDER_MOVED) or is_file is not None
            concerned |= is_file is True and bool(mask & _WRITTEN)
        if moved:
            try:
                self._arm()
            except Unavailable as error:
                log.warning("settings are watched no more: %s", error.reason)
            seen = self._signature()
            concerned |= seen != self._seen
            self._seen = seen
        return concerned

    def _events(self) -> list[tuple[int, int, bytes]]:
        events: list[tuple[int, int, bytes]] = []
        while True:
            try:
                data = os.read(self._handle, 64 * 1024)
            except BlockingIOError:
                return events
            at = 0
            while at < len(data):
                watch, mask, _cookie, length = _EVENT.unpack_from(data, at)
                at += _EVENT.size
                events.append((watch, mask, data[at : at + length].rstrip(b"\0")))
                at += length

    def _arm(self) -> None:
        """Watch the folders that matter now; forget those that no longer do."""
        wanted: dict[int, dict[bytes, bool]] = {}
        for _attempt in range(3):
            wanted = {}
            places = _places(self._path)
            for folder, names in places.items():
                mask = _COMES_OR_GOES | _IN_ONLYDIR | (_WRITTEN if any(names.values()) else 0)
                watch = self._libc.inotify_add_watch(self._handle, os.fsencode(folder), mask)
                if watch >= 0:
                    wanted[watch] = {os.fsencode(name): is_file for name, is_file in names.items()}
                elif ctypes.get_errno() not in {errno.ENOENT, errno.ENOTDIR, errno.EACCES}:
                    raise Unavailable(_("inotify refused: {reason}").format(reason=os.strerror(ctypes.get_errno())))
            if _places(self._path) == places:  # a folder made meanwhile would be missed
                break
        for watch in self._names.keys() - wanted.keys():
            self._libc.inotify_rm_watch(self._handle, watch)
        self._names = wanted

    def _signature(self) -> Signature:
        try:
            about = self._path.stat()
        except OSError:
            return None
        return (about.st_ino, about.st_mtime_ns, about.st_size, about.st_mode)


def _places(path: Path) -> dict[Path, dict[str, bool]]:
    """Give the folders to watch and the names in each that matter: True for a file, False for a folder or its link.

    For the path, and for each path that a link on the way leads to: its folder, or the nearest one that exists.
    """
    found: dict[Path, dict[str, bool]] = {}
    for _link in range(_MOST_LINKS):
        folder, name = path.parent, path.name
        while not folder.is_dir() and folder != folder.parent:
            folder, name = folder.parent, folder.name
        step = folder / name
        found.setdefault(folder, {})[name] = step == path
        if folder.is_symlink():  # the watch is on what it leads to now
            found.setdefault(folder.parent, {}).setdefault(folder.name, False)
        try:
            target = Path(os.path.normpath(folder / os.readlink(step)))  # noqa: PTH115 - joined as text
        except OSError:  # no link, which is as it should be
            break
        path = target / path.relative_to(step)
    return found
