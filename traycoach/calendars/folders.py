"""Tells when a calendar in one of the user's folders was changed. Linux: inotify; elsewhere nobody tells."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from traycoach import inotify
from traycoach.calendars import ENDINGS, Folder
from traycoach.errors import Unavailable
from traycoach.inotify import FileEvent, Inotify

_MATTERS = (
    inotify.CLOSE_WRITE
    | inotify.MOVED_TO
    | inotify.MOVED_FROM
    | inotify.CREATE
    | inotify.DELETE
    | inotify.ATTRIB
    | inotify.DELETE_SELF
    | inotify.MOVE_SELF
    | inotify.ONLYDIR
)
_OF_ALL = inotify.DELETE_SELF | inotify.MOVE_SELF | inotify.IGNORED | inotify.Q_OVERFLOW
_A_FOLDER = 0x40000000
"""IN_ISDIR, inotify(7): what happened in the watched folder happened to a folder."""

_log = logging.getLogger(__name__)


class FolderWatch:
    """Follows folders, one set after the other. Used by one thread, which waits for `fileno` to become readable."""

    def __init__(self) -> None:
        self._inotify: Inotify | None = None
        self._folders: dict[int, Folder] = {}
        try:
            self._inotify = Inotify()
        except Unavailable as error:
            _log.warning("changes of calendars are noticed twice a day only: %s", error.reason)

    def fileno(self) -> int | None:
        """Give the handle to wait for; None where changes cannot be told."""
        return None if self._inotify is None else self._inotify.fileno()

    def follow(self, folders: Iterable[Folder], seen_at: datetime) -> bool:
        """Follow these folders and no others. Tell whether one that is new here has changed since `seen_at`."""
        if self._inotify is None:
            return False
        before = self._folders
        known = {folder.path for folder in before.values()}
        followed: dict[int, Folder] = {}
        missed = False
        try:
            for folder in folders:
                watch = self._inotify.add(Path(folder.path), _MATTERS)
                if watch is not None:
                    followed[watch] = _both(followed[watch], folder) if watch in followed else folder
                missed |= folder.path not in known and _changed_since(folder, seen_at)
        except Unavailable as error:
            _log.warning("changes of some calendars are noticed twice a day only: %s", error.reason)
        for watch in before.keys() - followed.keys():
            self._inotify.remove(watch)
        self._folders = followed
        return missed

    def changed(self) -> bool:
        """Tell whether anything that matters has happened since the last call; makes `fileno` quiet again."""
        return self._inotify is not None and any(map(self._matters, self._inotify.read()))

    def close(self) -> None:
        """Give everything back."""
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    def _matters(self, event: FileEvent) -> bool:
        if event.mask & inotify.Q_OVERFLOW:
            return True
        folder = self._folders.get(event.watch)
        if folder is None:
            return False
        if event.mask & _OF_ALL:
            return True
        name = os.fsdecode(event.name)
        if folder.names:
            return name in folder.names
        return not name.startswith(".") and (bool(event.mask & _A_FOLDER) or name.lower().endswith(ENDINGS))


def _both(one: Folder, other: Folder) -> Folder:
    """Give what matters in a folder that has two names."""
    return Folder(other.path, one.names + other.names if one.names and other.names else ())


def _changed_since(folder: Folder, seen_at: datetime) -> bool:
    since = seen_at.timestamp()
    try:
        return any(Path(folder.path, name).stat().st_mtime >= since for name in ("", *folder.names))
    except OSError:  # gone meanwhile; a name that is waited for is not there yet
        return False
