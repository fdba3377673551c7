"""Wayland's wire format: requests to bytes, bytes to events. No I/O.

Fact: the Wayland protocol, "Wire Format". A message is two 32-bit words in the byte order of the machine (the object;
its whole length in bytes, high half, and the number of the request or event, low half), then its arguments, each padded
to 32 bits. Here are the kinds that we need: unsigned integers (objects and their ids are that as well) and strings.
File descriptors are not in the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = struct.Struct("=II")
_UINT = struct.Struct("=I")


class WireError(ValueError):
    """These bytes are not Wayland's, or not what the protocol says."""


@dataclass(frozen=True, slots=True)
class WireEvent:
    """An event as it came: the id of the object, the number of the event, and its arguments, still packed."""

    object_id: int
    opcode: int
    arguments: bytes


def request(object_id: int, opcode: int, *arguments: int | str) -> bytes:
    """Give a request as bytes."""
    body = b"".join(_UINT.pack(one) if isinstance(one, int) else _packed(one) for one in arguments)
    return _HEADER.pack(object_id, (_HEADER.size + len(body)) << 16 | opcode) + body


def _packed(text: str) -> bytes:
    data = text.encode() + b"\0"
    return _UINT.pack(len(data)) + data + b"\0" * (-len(data) % 4)


class Arguments:
    """Reads the arguments of an event one after the other. Raises WireError where there are none."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def uint(self) -> int:
        """Give the next argument, an unsigned integer or the id of an object."""
        (value,) = _UINT.unpack(self._take(_UINT.size))
        return int(value)

    def string(self) -> str:
        """Give the next argument, a string; what is not UTF-8 in it is replaced."""
        length = self.uint()
        data = self._take(length + -length % 4)[:length]
        return data.removesuffix(b"\0").decode(errors="replace")

    def _take(self, size: int) -> bytes:
        data = self._data[self._at : self._at + size]
        if len(data) < size:
            raise WireError("an event ends too early")
        self._at += size
        return data


class EventParser:
    """Cuts what arrives into events, wherever the pieces end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[WireEvent]:
        """Take a piece and give the events that are complete with it; perhaps none. Raises WireError."""
        self._rest += data
        while len(self._rest) >= _HEADER.size:
            object_id, word = _HEADER.unpack_from(self._rest)
            size = word >> 16
            if size < _HEADER.size or size % 4:
                raise WireError(f"no event is {size} bytes long")
            if len(self._rest) < size:
                return
            event = WireEvent(object_id, word & 0xFFFF, self._rest[_HEADER.size : size])
            self._rest = self._rest[size:]
            yield event
