"""Both ends of the window process's talk: message lines in on standard input, out on what was standard output."""

from __future__ import annotations

import logging
import os
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Final

from PySide6.QtCore import QObject, Signal

from traycoach.errors import UserError
from traycoach.messages import FromWindows, ToWindows
from traycoach.wire import MAX_LINE, decode, encode

_log = logging.getLogger(__name__)
_CHUNK: Final = 65536


def take_over_streams() -> tuple[int, int]:
    """Give (input, output) descriptors for messages, and turn every other print, C's too, to standard error."""
    sys.stdout.flush()
    output = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return 0, output


class Pipes(QObject):
    """Reads in a thread of its own (an anonymous pipe cannot be watched everywhere) and speaks in Qt's.

    `received` carries each message, in order; `ended` says that the parent has gone.
    """

    received = Signal(object)
    ended = Signal()
    _arrived = Signal()

    def __init__(self, input_fd: int, output_fd: int) -> None:
        super().__init__()
        self._input, self._output = input_fd, output_fd
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._broken = False
        self._arrived.connect(self._hand_on)
        self._thread = Thread(target=self._read, name="messages", daemon=True)

    def listen(self) -> None:
        """Begin to read."""
        self._thread.start()

    def send(self, message: FromWindows) -> None:
        """Write one message. A parent that is gone is told once, by `ended`."""
        if self._broken:
            return
        line = encode(message).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._output, line) :]
        except OSError:
            self._broken = True
            self.ended.emit()

    def _read(self) -> None:
        """Cut the input into lines, until it ends. The only code outside Qt's thread."""
        held = bytearray()
        while True:
            try:
                chunk = os.read(self._input, _CHUNK)
            except OSError:
                chunk = b""
            held += chunk
            *lines, rest = held.split(b"\n")
            held = bytearray(rest)
            for line in lines:
                self._lines.put(bytes(line))
            if not chunk or len(held) > MAX_LINE:
                self._lines.put(None)
            if lines or not chunk or len(held) > MAX_LINE:
                self._arrived.emit()
            if not chunk or len(held) > MAX_LINE:
                return

    def _hand_on(self) -> None:
        while not self._lines.empty():
            line = self._lines.get()
            if line is None:
                self.ended.emit()
                return
            if not line.strip():
                continue
            try:
                message = decode(line, ToWindows)
            except UserError as error:
                _log.warning("a message was not understood: %s", error)
                continue
            self.received.emit(message)
