"""The calendar files below the paths that the user named, and the folders whose changes matter."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field

from traycoach.calendars import ENDINGS, Fault, Folder, Trouble

LARGEST = 25 * 1024 * 1024
MOST_FILES = 20_000
MOST_FOLDERS = 300
DEEPEST = 8
_MOST_LINKS = 10
# each system has some of these
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


@dataclass(frozen=True, slots=True)
class File:
    """A calendar to be read. `short` is its name as the user knows it, from the path that was named."""

    path: str
    short: str


@dataclass(slots=True)
class Search:
    """Looks for calendars; never fails, what cannot be read is a trouble.

    `folders` are to be watched: the names that matter in each, or "" for every calendar and folder.
    """

    files: list[File] = field(default_factory=list)
    folders: dict[str, set[str]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    _been: set[tuple[int, int]] = field(default_factory=set)
    _too_many: bool = False

    def look(self, written: str) -> None:
        """Look below one path as the settings have it: a file, or a folder with all that is below."""
        path = os.path.abspath(os.path.expanduser(written))  # noqa: PTH100, PTH111 - resolve() would lose the links
        short = os.path.basename(path) or path  # noqa: PTH119
        try:
            about = os.stat(path)  # noqa: PTH116
        except OSError as error:
            missing = isinstance(error, FileNotFoundError | NotADirectoryError)
            self.troubles.append(Trouble(Fault.NOT_FOUND if missing else Fault.NOT_READABLE, short))
            self._watch_for(path)
            return
        if stat.S_ISDIR(about.st_mode):
            before = len(self.files) + len(self.troubles)
            self._folder(path, short, about, 0)
            if len(self.files) + len(self.troubles) == before:
                self.troubles.append(Trouble(Fault.NO_FILES, short))
        else:
            self._watch_for(path)
            self._file(path, short)

    def watched(self) -> tuple[Folder, ...]:
        """Give the folders to watch."""
        return tuple(
            Folder(path, () if "" in names else tuple(sorted(names))) for path, names in sorted(self.folders.items())
        )

    def _folder(self, path: str, short: str, about: os.stat_result, depth: int) -> None:
        if (about.st_dev, about.st_ino) in self._been:  # a link that leads back
            return
        self._been.add((about.st_dev, about.st_ino))
        if depth > DEEPEST or len(self.folders) >= MOST_FOLDERS:
            self._no_more(short)
            return
        self.folders.setdefault(path, set()).add("")
        try:
            with os.scandir(path) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            self.troubles.append(Trouble(Fault.NOT_READABLE, short))
            return
        for entry in entries:
            name = f"{short}/{entry.name}"
            try:
                if entry.name.startswith("."):  # a program's own things, such as copies in a cache
                    continue
                if entry.is_dir():
                    self._folder(entry.path, name, os.stat(entry.path), depth + 1)  # noqa: PTH116
                elif entry.name.lower().endswith(ENDINGS):
                    if entry.is_symlink():
                        self._watch_for(os.path.realpath(entry.path))
                    self._file(entry.path, name)
            except OSError:
                if name.lower().endswith(ENDINGS):
                    self.troubles.append(Trouble(Fault.NOT_READABLE, name))

    def _file(self, path: str, short: str) -> None:
        if len(self.files) < MOST_FILES:
            self.files.append(File(path, short))
        else:
            self._no_more(short)

    def _no_more(self, short: str) -> None:
        if not self._too_many:
            self._too_many = True
            self.troubles.append(Trouble(Fault.TOO_MANY, short))

    def _watch_for(self, path: str) -> None:
        """Watch for the name of a path in its folder, or in the nearest one that exists; through links likewise."""
        for _link in range(_MOST_LINKS):
            folder, name = os.path.split(path)
            while not os.path.isdir(folder) and folder != os.path.dirname(folder):  # noqa: PTH112, PTH120
                folder, name = os.path.split(folder)
            self.folders.setdefault(folder, set()).add(name)
            try:
                target = os.readlink(path)  # noqa: PTH115
            except OSError:
                return
            path = os.path.normpath(os.path.join(folder, target))  # noqa: PTH118


def search(paths: Sequence[str]) -> Search:
    """Look below all paths."""
    found = Search()
    for path in paths:
        found.look(path)
    return found


def load(path: str) -> bytes | Fault:
    """Give what is in a file, or why not. Waits for nothing: a pipe or a device is no calendar."""
    try:
        handle = os.open(path, _FLAGS)
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                return Fault.NOT_A_FILE
            data = file.read(LARGEST + 1) if about.st_size <= LARGEST else None
    except FileNotFoundError:
        return Fault.NOT_FOUND
    except OSError:
        return Fault.NOT_READABLE
    return Fault.TOO_LARGE if data is None or len(data) > LARGEST else data
