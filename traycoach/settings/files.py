"""Settings files on the disk: read with care, written whole or not at all, with one good copy beside them."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

from traycoach.errors import Problem, UserError
from traycoach.text import _

LARGEST = 1024 * 1024
"""Bytes. A settings file is a few kilobytes; what is larger is another file by mistake."""


def read_text(path: Path) -> str | None:
    """Give the text of a settings file; None if there is no such file.

    Raises UserError, with a sentence, for everything else that keeps it from being read. Line ends stay as they are;
    a byte order mark is dropped.
    """
    try:
        # O_NONBLOCK: a pipe in its place must not hold the program
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        if path.is_symlink():
            raise _unreadable(path, _("this link leads to a file that does not exist")) from None
        return None
    except NotADirectoryError:
        raise _unreadable(path, _("a part of its path is a file, not a folder")) from None
    except OSError as error:
        raise _unreadable(path, _why(error)) from None
    try:
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            raise _unreadable(path, _("this is a folder; a file was expected"))
        if not stat.S_ISREG(about.st_mode):
            raise _unreadable(path, _("this is a device or a pipe; a file was expected"))
        if about.st_size > LARGEST:
            raise _unreadable(path, _too_large(about.st_size))
        with os.fdopen(handle, "rb", closefd=False) as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, _why(error)) from None
    finally:
        os.close(handle)
    if len(content) > LARGEST:
        raise _unreadable(path, _too_large(len(content)))
    return _decoded(path, content)


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            message = _("the file is UTF-16; save it as UTF-8")
        else:
            message = _("the file is not UTF-8 from here on; save it as UTF-8")
        raise UserError(Problem(message, file=str(path), line=line)) from None


def _too_large(size: int) -> str:
    return _("the file has {size} kB; a settings file has at most {limit}").format(
        size=round(size / 1000), limit=round(LARGEST / 1000)
    )


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return _("this user may not read the file")
    return _("the file cannot be read: {reason}").format(reason=error.strerror or type(error).__name__)


def _unreadable(path: Path, message: str) -> UserError:
    return UserError(Problem(message, file=str(path)))


def write_text(path: Path, text: str) -> None:
    """Write a settings file: to a temporary name, synced, renamed; readable by its owner only.

    A link stays a link: the file it leads to is replaced. Line ends are written as they are. Raises UserError.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        message = _("the file cannot be written: {reason}").format(reason=error.strerror or type(error).__name__)
        raise UserError(Problem(message, file=str(path))) from None


def _sync_folder(folder: Path) -> None:
    # without this a power cut may bring back the old name; Windows cannot open a folder, nor needs to
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def good_copy(path: Path) -> Path:
    """Give the place of the copy of the last good file."""
    return path.with_name(path.name + ".good")


def keep_good(path: Path, text: str) -> None:
    """Keep this text as the last good one. Nothing is written if it is kept already. Raises UserError."""
    copy = good_copy(path)
    try:
        if read_text(copy) == text:
            return
    except UserError:
        pass  # whatever stands there instead of a good copy is no loss
    write_text(copy, text)
