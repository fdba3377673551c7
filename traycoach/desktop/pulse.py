"""A connection to the sound server of this session: PulseAudio, or PipeWire, which speaks its protocol.

Facts: libpulse's own search for a server (PULSE_SERVER, PULSE_RUNTIME_PATH, XDG_RUNTIME_DIR/pulse/native) and its pid
file, which both servers write. A server lets its own user in without the cookie, on the kernel's word (unix(7)).
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from traycoach.desktop import pulse_wire as wire
from traycoach.desktop.pulse_wire import MalformedError, Reader, SourceOutput
from traycoach.errors import NotHere, Unavailable
from traycoach.text import _

_COOKIE = bytes(256)
_MOST_FRAMES = 1000


class RefusedError(OSError):
    """The server answers that it will not, or that there is no such thing."""


@dataclass(frozen=True, slots=True)
class PulsePlace:
    """Where the sound server listens, and the file that says that it runs; None where nothing says so."""

    socket: Path
    pid_file: Path | None

    @property
    def occupied(self) -> bool:
        """Whether a server runs here, ready or not."""
        if self.pid_file is None:
            return self.socket.exists()
        try:
            pid = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return False
        return pid > 0 and Path(f"/proc/{pid}").exists()

    def open(self, limit_s: float) -> PulseLink:
        """Connect; no wait for the server is longer than `limit_s`. Raises Unavailable.

        Never where no server runs: behind the socket systemd may listen, and would start one.
        """
        if not self.occupied:
            raise Unavailable(_("There is no sound server."))
        try:
            return PulseLink(self.socket, limit_s)
        except OSError as error:
            raise Unavailable(_("The sound server cannot be reached ({reason}).").format(reason=error)) from error


def pulse_place(environ: Mapping[str, str] = os.environ) -> PulsePlace:
    """Find the place of this session's sound server. Raises NotHere: no folder for it, or it is elsewhere."""
    for server in environ.get("PULSE_SERVER", "").split():
        address = server.partition("}")[2] if server.startswith("{") else server  # {machine id} before it
        if (path := address.removeprefix("unix:")).startswith("/"):
            return PulsePlace(Path(path), None)
        raise NotHere(_("The sound server is not on this machine."))
    folder = environ.get("PULSE_RUNTIME_PATH")
    if not folder:
        runtime = environ.get("XDG_RUNTIME_DIR")
        if not runtime:
            raise NotHere(_("There is no runtime folder: XDG_RUNTIME_DIR is not set."))
        folder = f"{runtime}/pulse"
    return PulsePlace(Path(folder) / "native", Path(folder) / "pid")


class PulseLink:
    """A connection that asks about streams that record. Every failure is an OSError; the link is then of no more use.

    For one thread. Nothing waits longer than `limit_s` for the next bytes.
    """

    def __init__(self, path: Path, limit_s: float) -> None:
        self._serial = 0
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.settimeout(limit_s)
            self._socket.connect(str(path))
            self._greet()
        except BaseException:
            self._socket.close()
            raise

    def fileno(self) -> int:
        """Give the handle that is ready to read when the server has something to tell."""
        return self._socket.fileno()

    def subscribe(self) -> None:
        """Have the server tell whenever a stream that records begins, changes or ends."""
        self._ask(wire.SUBSCRIBE, wire.u32(wire.SOURCE_OUTPUTS))

    def read_event(self) -> None:
        """Read what the server has told, when there is something to read. What it was, `source_outputs` says better."""
        self._receive()

    def source_outputs(self) -> list[SourceOutput]:
        """Give the streams that record. All that the server told before its answer is contained, and read."""
        reader = self._ask(wire.GET_SOURCE_OUTPUT_INFO_LIST)
        found = []
        while not reader.at_end:
            found.append(reader.source_output())
        return found

    def hears_the_room(self, source: int) -> bool:
        """Tell whether a source is a microphone: it is there, and does not hear what a sink plays instead."""
        try:
            reader = self._ask(wire.GET_SOURCE_INFO, wire.u32(source) + wire.no_text())
        except RefusedError:  # it is gone
            return False
        return not reader.source_is_monitor()

    def close(self) -> None:
        """Disconnect."""
        self._socket.close()

    def _greet(self) -> None:
        # the kernel adds these by itself only once the server asked for it, which is a moment after it accepted us
        who = struct.pack("iII", os.getpid(), os.getuid(), os.getgid())
        credentials = (socket.SOL_SOCKET, socket.SCM_CREDENTIALS, who)
        version = self._ask(wire.AUTH, wire.u32(wire.VERSION) + wire.binary(_COOKIE), credentials).u32() & 0xFFFF
        if version < wire.VERSION:
            raise OSError(errno.EPROTONOSUPPORT, os.strerror(errno.EPROTONOSUPPORT))
        self._ask(wire.SET_CLIENT_NAME, wire.properties({"application.name": "traycoach"}))

    def _ask(self, command: int, values: bytes = b"", *ancillary: tuple[int, int, bytes]) -> Reader:
        """Send a command and give the answer. Raises RefusedError if that is a no."""
        self._serial += 1
        frame = wire.frame_of(command, self._serial, values)
        sent = self._socket.sendmsg([frame], ancillary)
        self._socket.sendall(frame[sent:])
        for _frame in range(_MOST_FRAMES):
            kind, serial, reader = self._receive()
            if kind == wire.REPLY and serial == self._serial:
                return reader
            if kind == wire.ERROR and serial == self._serial:
                raise RefusedError(errno.EPROTO, f"error {reader.u32()} of the sound server")
        raise MalformedError("the answer does not come")

    def _receive(self) -> tuple[int, int, Reader]:
        body = self._exactly(wire.length_of(self._exactly(wire.HEAD.size)))
        reader = Reader(body)
        return reader.u32(), reader.u32(), reader

    def _exactly(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            more = self._socket.recv(length - len(data))
            if not more:
                raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
            data += more
        return bytes(data)
