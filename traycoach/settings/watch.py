"""Notices edits of one file, without polling: however it is written, replaced, removed, or first made.

Linux: inotify (docs/decisions/004-file-watch.md). Folders are watched, not the file, because editors rename a new file
over the old one.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from traycoach import inotify
from traycoach.errors import Unavailable
from traycoach.inotify import Inotify
from traycoach.stop_flag import StopFlag
from traycoach.text import _

log = logging.getLogger(__name__)

SETTLE_S = 0.2
"""An editor touches a file several times in one save; what comes within this time is one change."""

_WRITTEN = inotify.CLOSE_WRITE | inotify.MOVED_TO | inotify.ATTRIB
_COMES_OR_GOES = (
    inotify.CREATE | inotify.MOVED_TO | inotify.MOVED_FROM | inotify.DELETE | inotify.DELETE_SELF | inotify.MOVE_SELF
)
_FOLDER_MOVED = inotify.DELETE_SELF | inotify.MOVE_SELF | inotify.IGNORED | inotify.Q_OVERFLOW

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
        self._names: dict[int, dict[bytes, bool]] = {}
        self._inotify = Inotify()
        try:
            self._arm()
        except Unavailable:
            self._inotify.close()
            raise
        self._stop = StopFlag()
        self._seen = self._signature()
        self._thread = threading.Thread(target=self._run, name="settings-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching. No call of `changed` begins after this returns."""
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        try:
            while self._stop.wait(self._inotify.fileno()):
                if not self._drain():
                    continue
                self._stop.wait(limit_s=SETTLE_S)
                if self._stop.is_set:
                    break
                self._drain()
                self._tell()
        finally:
            self._inotify.close()
            self._stop.close()

    def _tell(self) -> None:
        try:
            self._changed()
        except Exception:
            log.exception("telling of changed settings failed")

    def _drain(self) -> bool:
        """Read what there is; tell whether it concerns the file. Folders that came or went are watched anew."""
        concerned = moved = False
        for watch, mask, name in self._inotify.read():
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

    def _arm(self) -> None:
        """Watch the folders that matter now; forget those that no longer do."""
        wanted: dict[int, dict[bytes, bool]] = {}
        for _attempt in range(3):
            wanted = {}
            places = _places(self._path)
            for folder, names in places.items():
                mask = _COMES_OR_GOES | inotify.ONLYDIR | (_WRITTEN if any(names.values()) else 0)
                watch = self._inotify.add(folder, mask)
                if watch is not None:
                    wanted[watch] = {os.fsencode(name): is_file for name, is_file in names.items()}
            if _places(self._path) == places:  # a folder made meanwhile would be missed
                break
        for watch in self._names.keys() - wanted.keys():
            self._inotify.remove(watch)
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
