"""The wire of one D-Bus connection: find the bus, authenticate, send and receive whole messages. No threads."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from jeepney import HeaderFields, Message, MessageType, message_bus
from jeepney.bus import get_connectable_addresses
from jeepney.fds import FileDescriptor, fds_buf_size
from jeepney.io.blocking import prep_socket
from jeepney.low_level import Parser

from traycoach.errors import Unavailable

_SYSTEM_BUS = "unix:path=/var/run/dbus/system_bus_socket"
_SEND_LIMIT_S = 2
_AUTHENTICATION_LIMIT_S = 2.0


class Link:
    """An authenticated connection with a unique name. Every failure is an OSError; the link is then of no more use.

    `fds`: file descriptors in messages arrive as `jeepney.fds.FileDescriptor`, which the receiver closes or takes over.
    """

    def __init__(self, sock: socket.socket, *, fds: bool) -> None:
        self._socket = sock
        self._fds = fds
        self._parser = Parser()
        self._serial = 0
        # a bus that stops reading must not block the thread that sends for ever
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_LIMIT_S, 0))
        self.unique_name = self._hello()

    def next_serial(self) -> int:
        """Give the number of the next message to send."""
        self._serial += 1
        return self._serial

    def send(self, message: Message, serial: int) -> None:
        """Send the message. When the bus is gone this is silent: the reading side notices, once, in one place."""
        data = message.serialise(serial=serial)
        try:
            self._socket.sendall(data)
        except OSError:
            self.interrupt()

    def receive(self) -> Iterator[Message]:
        """Wait for data and give the messages that are complete with it; perhaps none."""
        if self._fds:
            # never read beyond one message: file descriptors belong to the message they came with
            data, ancillary, _, _ = self._socket.recvmsg(min(self._parser.bytes_desired(), 65536), fds_buf_size())
            received = FileDescriptor.from_ancdata(ancillary)
        else:
            data, received = self._socket.recv(16384), []
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        try:
            self._parser.add_data(data, fds=received)
            messages = list(iter(self._parser.get_next_message, None))
        except (ValueError, KeyError, IndexError, struct.error) as error:
            raise OSError(errno.EBADMSG, f"a message could not be read: {error}") from error
        yield from messages

    def interrupt(self) -> None:
        """Make a `receive` that waits in another thread fail now."""
        with contextlib.suppress(OSError):  # already disconnected is what was wanted
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _hello(self) -> str:
        serial = self.next_serial()
        self.send(message_bus.Hello(), serial)
        self._socket.settimeout(_AUTHENTICATION_LIMIT_S)
        while True:
            for message in self.receive():
                if message.header.fields.get(HeaderFields.reply_serial) == serial:
                    if message.header.message_type is not MessageType.method_return:
                        raise ConnectionRefusedError(errno.ECONNREFUSED, "the bus refused Hello")
                    self._socket.settimeout(None)
                    return str(message.body[0])


def open_link(kind: Literal["session", "system"], address: str | None) -> Link:
    """Connect to the bus at `address`, or where the environment says it is. Raises Unavailable with the reason."""
    address = address or _address(kind)
    failures: list[str] = []
    try:
        for place in get_connectable_addresses(address):
            sock: socket.socket | None = None
            try:
                sock = prep_socket(place, kind == "system", timeout=_AUTHENTICATION_LIMIT_S)
                return Link(sock, fds=kind == "system")
            except (OSError, ValueError) as error:
                failures.append(str(error))
                if sock is not None:
                    sock.close()
    except (RuntimeError, ValueError, StopIteration) as error:  # what jeepney raises for addresses it cannot use
        failures.append(str(error))
    raise Unavailable(f"The {kind} bus cannot be reached: {'; '.join(failures)}.")


def _address(kind: Literal["session", "system"]) -> str:
    if kind == "system":
        return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM_BUS
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and (Path(runtime) / "bus").exists():
        return f"unix:path={runtime}/bus"
    raise Unavailable("There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set.")
