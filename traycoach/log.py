"""The log file: three files of 1 MB at most, for the owner only, with nothing of what the user does.

No line may hold a window title, the name of a user's file, the text of a calendar or a key; whoever logs sees to that.
The user's home folder is written as `~`, so that a log can be shown to others.
"""

from __future__ import annotations

import io
import logging
import logging.handlers
import os
import sys
import threading
from pathlib import Path
from types import TracebackType

from traycoach.paths import private

MAX_BYTES = 1_000_000
OLDER_FILES = 2

_LINE = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s [%(threadName)s] %(message)s"

_log = logging.getLogger(__name__)


def start(path: Path, verbose: bool = False, to_terminal: bool = False) -> None:
    """Log to this file from now on, and to the error stream as well if `to_terminal`.

    Uncaught errors of the process and of its threads go there too.

    A file that cannot be written is told on the error stream, and nothing is logged to it: it never stops the coach.
    """
    logging.raiseExceptions = False  # a full disk must not fill the error stream
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    formatter = _Homeless(_LINE, "%Y-%m-%d %H:%M:%S")
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if to_terminal else []
    trouble = None
    try:
        private(path.parent)
        handlers.append(_OwnersFile(path, maxBytes=MAX_BYTES, backupCount=OLDER_FILES, encoding="utf-8"))
    except OSError as error:
        trouble = error
        handlers = handlers or [logging.StreamHandler(sys.stderr)]
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    if trouble is not None:
        _log.error("the log file cannot be written: %s", trouble.strerror)


def stop() -> None:
    """Close the log file and give the hooks back."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler.formatter, _Homeless)]:
        root.removeHandler(handler)
        handler.close()
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__


class _OwnersFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner can read, from its first byte on."""

    def _open(self) -> io.TextIOWrapper:
        file = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.fchmod(file, 0o600)
        return os.fdopen(file, "a", encoding=self.encoding)


class _Homeless(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        home = os.path.expanduser("~")  # noqa: PTH111 - unlike Path.home() it never raises
        line = super().format(record)
        return line.replace(home, "~") if len(home) > 1 else line


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("uncaught", exc_info=(kind, error, trace))


def _uncaught_in_thread(words: threading.ExceptHookArgs) -> None:
    if words.exc_type is SystemExit or words.exc_value is None:
        return
    name = words.thread.name if words.thread is not None else "?"
    _log.critical("uncaught in thread %s", name, exc_info=(words.exc_type, words.exc_value, words.exc_traceback))


def _unraisable(words: sys.UnraisableHookArgs) -> None:
    if words.exc_value is not None:
        _log.error("unraisable", exc_info=(words.exc_type, words.exc_value, words.exc_traceback))
