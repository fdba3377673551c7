"""The bytes of PulseAudio's native protocol, as far as we speak it: tagged values in frames. No sockets.

Facts: every frame has a head of five big-endian words (length, channel, offset high and low, flags); channel 0xffffffff
carries commands, any other one sound. A command is a row of values, each behind a letter that names its type. The
layout of a record is that of protocol version 22 (PulseAudio 1.0, 2011): a server answers in the client's version.
"""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass

VERSION = 22
COMMAND_CHANNEL = 0xFFFFFFFF
NO_INDEX = 0xFFFFFFFF
"""Stands for "none" where the number of a client or a source is expected."""

HEAD = struct.Struct(">5I")
_LONGEST = 1 << 20

# Commands
ERROR, REPLY = 0, 2
AUTH, SET_CLIENT_NAME = 8, 9
GET_SOURCE_INFO, GET_SOURCE_OUTPUT_INFO_LIST = 23, 32
SUBSCRIBE, SUBSCRIBE_EVENT = 35, 66

SOURCE_OUTPUTS = 8
"""What to subscribe to: streams that record, begun, changed or ended."""

_U32 = struct.Struct(">I")
_SIZES = {"L": 4, "V": 4, "B": 1, "R": 8, "r": 8, "U": 8, "T": 8, "a": 6}
"""Values of a fixed length. The others: t and N text and none, 1 and 0 flags, x m v P f with their length inside."""


class MalformedError(OSError):
    """What arrived is not the protocol: one of the ways for a connection to break."""

    def __init__(self, what: str) -> None:
        super().__init__(errno.EBADMSG, what)


@dataclass(frozen=True, slots=True)
class SourceOutput:
    """A stream that records: a microphone in use, a level meter, the recording of what the speakers play, …

    `client` and `source` are `NO_INDEX` for a stream of the server itself and for one that is connected to nothing.
    `properties` are the client's own words about itself: never for a log.
    """

    client: int
    source: int
    resampling: str
    properties: dict[str, str]
    corked: bool
    muted: bool


class Reader:
    """Reads the values of one command, in order. Anything but what is asked for raises MalformedError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def at_end(self) -> bool:
        """Whether everything was read."""
        return self._at == len(self._data)

    def u32(self) -> int:
        """Read a number."""
        self._expect("L")
        return self._u32()

    def text(self) -> str:
        """Read a text; none is the empty one."""
        if self._expect("tN") == "N":
            return ""
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise MalformedError("a text has no end")
        return self._take(end + 1 - self._at)[:-1].decode(errors="replace")

    def flag(self) -> bool:
        """Read a yes or no."""
        return self._expect("10") == "1"

    def properties(self) -> dict[str, str]:
        """Read a list of properties; a value that is no text is kept as well as it can be."""
        self._expect("P")
        found = {}
        while key := self.text():
            length = self.u32()
            self._expect("x")
            if self._u32() != length:
                raise MalformedError("two lengths of a property differ")
            found[key] = self._take(length).rstrip(b"\0").decode(errors="replace")
        return found

    def skip(self, kinds: str) -> None:
        """Read values of these kinds and forget them: "s" a text or none, "b" a flag, else the letter of the type."""
        for kind in kinds:
            match kind:
                case "s":
                    self.text()
                case "b":
                    self.flag()
                case "P":
                    self.properties()
                case "m" | "v":  # a channel map, a byte a channel; volumes, a word a channel
                    self._expect(kind)
                    self._take(self._take(1)[0] * (1 if kind == "m" else 4))
                case "f":
                    self._expect(kind)
                    self.skip("BP")
                case _:
                    self._expect(kind)
                    self._take(_SIZES[kind])

    def source_output(self) -> SourceOutput:
        """Read one record of the answer to GET_SOURCE_OUTPUT_INFO_LIST."""
        self.skip("LsL")  # number, name, module
        client, source = self.u32(), self.u32()
        self.skip("amUU")  # sample format, channels, two latencies
        resampling = self.text()
        self.skip("s")  # driver
        properties = self.properties()
        corked = self.flag()
        self.skip("v")
        muted = self.flag()
        self.skip("bbf")  # has a volume, that may be set; format
        return SourceOutput(client, source, resampling, properties, corked, muted)

    def source_is_monitor(self) -> bool:
        """Read the beginning of the answer to GET_SOURCE_INFO: does this source hear what a sink plays?"""
        self.skip("LssamLvb")  # number, name, description, sample format, channels, module, volumes, muted
        return self.u32() != NO_INDEX  # the sink that it is the monitor of

    def _expect(self, tags: str) -> str:
        tag = self._take(1).decode("latin-1")
        if tag not in tags:
            raise MalformedError(f"expected one of {tags!r}")
        return tag

    def _u32(self) -> int:
        number: int = _U32.unpack(self._take(4))[0]
        return number

    def _take(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._data):
            raise MalformedError("a value goes beyond its frame")
        taken = self._data[self._at : end]
        self._at = end
        return taken


def frame_of(command: int, serial: int, values: bytes = b"") -> bytes:
    """Give the whole frame of a command to send."""
    body = u32(command) + u32(serial) + values
    return HEAD.pack(len(body), COMMAND_CHANNEL, 0, 0, 0) + body


def length_of(head: bytes) -> int:
    """Give how many bytes come after this head. Raises MalformedError: nobody sends us sound, or so much at once."""
    length, channel, *_rest = HEAD.unpack(head)
    if channel != COMMAND_CHANNEL or length > _LONGEST:
        raise MalformedError("a frame is not one of commands")
    return int(length)


def u32(number: int) -> bytes:
    """Give a number as a value."""
    return b"L" + _U32.pack(number)


def text(words: str) -> bytes:
    """Give a text as a value."""
    return b"t" + words.encode() + b"\0"


def no_text() -> bytes:
    """Give the value that says that a text is absent."""
    return b"N"


def binary(data: bytes) -> bytes:
    """Give bytes as a value."""
    return b"x" + _U32.pack(len(data)) + data


def properties(words: dict[str, str]) -> bytes:
    """Give a list of properties as a value."""
    rows = []
    for key, word in words.items():
        data = word.encode() + b"\0"
        rows.append(text(key) + u32(len(data)) + binary(data))
    return b"P" + b"".join(rows) + no_text()
