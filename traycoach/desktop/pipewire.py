"""PipeWire's native protocol, as far as we speak it: what there is in the graph, and what goes. Bytes, no sockets.

Facts: PipeWire's documentation, "Native Protocol" and "POD". A message has a head of four little-endian words (object,
opcode in the highest byte and length, sequence, number of file handles) and a struct of typed values, each with its
length and type before it and padded to eight bytes.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("=4I")
_VALUE = struct.Struct("=2I")
_LONGEST = 0xFFFFFF

CORE, CLIENT, REGISTRY = 0, 1, 2
"""Numbers of objects. The first two are fixed, the registry's is what we ask for."""

_HELLO, _SYNC, _PONG, _GET_REGISTRY = 1, 2, 3, 5
_UPDATE_PROPERTIES = 2
_DONE, _PING = 1, 2
_GLOBAL, _GLOBAL_REMOVED = 0, 1
_VERSION = 3

_INT, _TEXT, _STRUCT = 4, 8, 14

Value = int | str | list["Value"] | None
"""None: a value of a type that does not matter here."""


class MalformedError(OSError):
    """What arrived is not the protocol: one of the ways for a connection to break."""

    def __init__(self, what: str) -> None:
        super().__init__(errno.EBADMSG, what)


@dataclass(frozen=True, slots=True)
class Appeared:
    """Something is in the graph. `properties` are its owner's words: never for a log."""

    number: int
    kind: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vanished:
    """Something is no longer in the graph."""

    number: int


@dataclass(frozen=True, slots=True)
class Complete:
    """All that there was at the beginning has been told."""


@dataclass(frozen=True, slots=True)
class Ping:
    """The server wants this answer."""

    answer: bytes


News = Appeared | Vanished | Complete | Ping


def hello() -> bytes:
    """Give the greeting that asks for everything in the graph, and to be told when that was all."""
    name = _struct(_struct(_int(1), _text("application.name"), _text("traycoach")))
    return b"".join(
        (
            _message(CORE, _HELLO, _struct(_int(_VERSION)), 0),
            _message(CLIENT, _UPDATE_PROPERTIES, name, 1),
            _message(CORE, _GET_REGISTRY, _struct(_int(_VERSION), _int(REGISTRY)), 2),
            _message(CORE, _SYNC, _struct(_int(CORE), _int(3)), 3),
        )
    )


@dataclass(slots=True)
class Inbox:
    """Puts what arrives together and gives the news in it."""

    _rest: bytes = b""
    _sent: int = 3

    def take(self, data: bytes) -> Iterator[News]:
        """Give the news in what has arrived so far. Raises MalformedError."""
        self._rest += data
        while len(self._rest) >= _HEAD.size:
            number, word, _sequence, _handles = _HEAD.unpack_from(self._rest)
            end = _HEAD.size + (word & _LONGEST)
            if len(self._rest) < end:
                return
            body, self._rest = self._rest[_HEAD.size : end], self._rest[end:]
            news = self._news(number, word >> 24, body)
            if news is not None:
                yield news

    def _news(self, number: int, opcode: int, body: bytes) -> News | None:
        if (number, opcode) not in {(CORE, _DONE), (CORE, _PING), (REGISTRY, _GLOBAL), (REGISTRY, _GLOBAL_REMOVED)}:
            return None
        match number, opcode, _values(body):
            # the second "done" is the answer to our sync: the first has the number -1
            case (0, 1, [int() as about, int(), *_]):
                return Complete() if about == CORE else None
            case (0, 2, [int() as about, int() as sequence, *_]):
                self._sent += 1
                return Ping(_message(CORE, _PONG, _struct(_int(about), _int(sequence)), self._sent))
            case (2, 0, [int() as one, int(), str() as kind, int(), *rest]):
                return Appeared(one, kind, _properties(rest[0] if rest else None))
            case (2, 1, [int() as one, *_]):
                return Vanished(one)
        raise MalformedError("a message has other values than it should")


def place(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Give where the server of this session listens, or would; None if nothing says so."""
    folder = environ.get("PIPEWIRE_RUNTIME_DIR") or environ.get("XDG_RUNTIME_DIR")
    return Path(folder) / (environ.get("PIPEWIRE_REMOTE") or "pipewire-0") if folder else None


def is_running(listens: Path, locks: Path = Path("/proc/locks")) -> bool:
    """Tell whether a server runs there: it holds a lock beside its socket, behind which systemd may listen for it."""
    try:
        inode = listens.with_name(listens.name + ".lock").stat().st_ino
        held = [line.split() for line in locks.read_text().splitlines()]
    except OSError:
        return False
    return any(words[1] == "FLOCK" and words[5].rpartition(":")[2] == str(inode) for words in held if len(words) > 5)


def _properties(value: Value) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, list):
        raise MalformedError("properties are no struct")
    words = [word if isinstance(word, str) else "" for word in value[1:]]
    return dict(zip(words[::2], words[1::2], strict=False))


def _values(body: bytes) -> list[Value]:
    """Give the values of the struct that a message is."""
    first = next(_read(body), None)
    if not isinstance(first, list):
        raise MalformedError("a message is no struct")
    return first


def _read(data: bytes) -> Iterator[Value]:
    at = 0
    while at + _VALUE.size <= len(data):
        length, kind = _VALUE.unpack_from(data, at)
        at += _VALUE.size
        body = data[at : at + length]
        if len(body) < length:
            raise MalformedError("a value goes beyond its message")
        at += length + -length % 8
        if kind == _INT and length == 4:
            yield int.from_bytes(body, "little", signed=True)
        elif kind == _TEXT:
            yield body.rstrip(b"\0").decode(errors="replace")
        elif kind == _STRUCT:
            yield list(_read(body))
        else:
            yield None


def _message(number: int, opcode: int, body: bytes, sequence: int) -> bytes:
    return _HEAD.pack(number, opcode << 24 | len(body), sequence, 0) + body


def _value(kind: int, body: bytes) -> bytes:
    return _VALUE.pack(len(body), kind) + body + bytes(-len(body) % 8)


def _int(number: int) -> bytes:
    return _value(_INT, number.to_bytes(4, "little", signed=True))


def _text(words: str) -> bytes:
    return _value(_TEXT, words.encode() + b"\0")


def _struct(*values: bytes) -> bytes:
    return _value(_STRUCT, b"".join(values))
