"""The daemon's end of the process that reads calendars: started, limited, heard, and ended if need be."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from traycoach import clock
from traycoach.calendars import Crash, Reading
from traycoach.core.instant import SECOND, ZERO
from traycoach.errors import Unavailable, UserError
from traycoach.text import _
from traycoach.wire import decode

LIMIT = 20 * SECOND
"""A process that has not answered by then hangs, as on a network folder whose server is gone."""

MOST_SAID = 1024 * 1024
"""More than the largest reading takes."""

_CHUNK = 65536
_GOES_WITHIN_S = 2.0

_log = logging.getLogger(__name__)


def default_command() -> list[str]:
    """Give the command without the paths: this interpreter, this very package, nothing from the current folder."""
    return [sys.executable, "-P", "-m", "traycoach.calendars"]


class ChildReader:
    """Reads calendars in a process of its own, one reading at a time."""

    def __init__(self, command: Callable[[], Sequence[str]] = default_command, limit: timedelta = LIMIT) -> None:
        self._command = command
        self._limit = limit
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False

    def read(self, paths: Sequence[str]) -> Reading:
        """Start the process, wait for its answer, see it off. Raises Unavailable if it has none."""
        try:
            process = self._start(paths)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Unavailable(
                _("The reading of calendars could not be started: {reason}.").format(reason=reason)
            ) from error
        try:
            said = _hear(process, clock.now().steady + self._limit)
        except BaseException:
            process.kill()
            raise
        finally:
            _see_off(process)
        try:
            answer: Reading | Crash = decode(said.strip(), Reading | Crash)
        except UserError:
            raise Unavailable(_("The reading of calendars ended without an answer.")) from None
        if isinstance(answer, Crash):
            _log.error("the reading of calendars failed: %s at %s", answer.error, answer.at)
            raise Unavailable(_("The reading of calendars failed."))
        return answer

    def cancel(self) -> None:
        """End a reading that is under way, from another thread, and begin none any more."""
        with self._lock:
            self._cancelled = True
            process = self._process
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()

    def _start(self, paths: Sequence[str]) -> subprocess.Popen[bytes]:
        # a checkout that was never installed is found too; the process starts no others that could inherit it
        root = str(Path(__file__).parents[2])
        environ = dict(os.environ) | {
            "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        }
        with self._lock:
            if self._cancelled:
                raise Unavailable(_("The reading of calendars was ended."))
            self._process = subprocess.Popen(
                [*self._command(), *paths],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a traceback may quote a calendar
                env=environ,
                process_group=0,
            )
            return self._process


def _hear(process: subprocess.Popen[bytes], until: timedelta) -> bytes:
    """Give all that it says. Raises Unavailable if that does not end in time, or at all."""
    assert process.stdout is not None
    handle = process.stdout.fileno()
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while True:
            left = until - clock.now().steady
            if left <= ZERO:
                raise Unavailable(_("The reading of calendars took too long and was ended."))
            if not selector.select(left.total_seconds()):
                continue
            chunk = os.read(handle, _CHUNK)
            if not chunk:
                return bytes(said)
            said += chunk
            if len(said) > MOST_SAID:
                raise Unavailable(_("The reading of calendars said too much and was ended."))


def _see_off(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process that says no more. One that the kernel holds back is left to it."""
    assert process.stdout is not None
    process.stdout.close()
    try:
        process.wait(_GOES_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GOES_WITHIN_S)
