"""From the bytes of a calendar to its components and the few lines of each that matter (RFC 5545, section 3.1).

Nothing is decoded or copied that is not asked for, so that ten years of descriptions cost a search and no more. Lines
may end in any way, be folded within a character, or be broken: what is no line of a property is passed over.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

_MARK = re.compile(rb"\n((?i:BEGIN|END))[ \t]*:[ \t]*([A-Za-z0-9-]+)[ \t]*\r*(?=\n|\Z)")
_FOLD = re.compile(rb"\r*\n[ \t]")
_PARAMETER = re.compile(r";\s*([A-Za-z0-9-]+)\s*=\s*(\"[^\"]*\"|[^;]*)")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Property:
    """One property line: `DTSTART;TZID=Europe/Berlin:20250602T090000`, with the number of its line in the file."""

    name: str
    parameters: dict[str, str]
    value: str
    line: int


@dataclass(slots=True)
class Component:
    """What stands between a BEGIN and its END. `ended`: the END was there."""

    name: str
    line: int
    text: bytes
    begins: int
    ends: int = -1
    ended: bool = False
    parts: list[Component] = field(default_factory=list)

    def properties(self, names: tuple[str, ...]) -> Iterator[Property]:
        """Give the component's own properties of these names, in the order of the file."""
        pattern = _lines_of(names)
        counted, line = self.begins + 1, self.line
        for begins, ends in self._own():
            for match in pattern.finditer(self.text, begins, ends):
                line += self.text.count(b"\n", counted, match.start() + 1)
                counted = match.start() + 1
                yield _property(match, line)

    def search_all(self, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
        """Search the component's own lines, without reading them."""
        for begins, ends in self._own():
            yield from pattern.finditer(self.text, begins, ends)

    def search(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Give the first find."""
        return next(self.search_all(pattern), None)

    def _own(self) -> Iterator[tuple[int, int]]:
        """Give the spans of the text that belong to no component within this one."""
        begins = self.begins
        for part in self.parts:
            if part.ended:
                yield begins, part.begins
                begins = part.ends
        yield begins, self.ends


def components(data: bytes, wanted: Iterable[str]) -> list[Component]:
    """Give the components of these names, in the order of the file, wherever they are; theirs are in `parts`.

    A component that another one of a wanted name follows before it has ended, ends there.
    """
    text = _in_lines(data)
    names = frozenset(wanted)
    found: list[Component] = []
    open_ones: list[Component] = []
    counted, line = 0, 0
    for mark in _MARK.finditer(text):
        at = mark.start()
        line += text.count(b"\n", counted, at + 1)
        counted = at + 1
        name = mark[2].decode("ascii").upper()
        if mark[1][:1] in b"bB":
            if name in names:
                _end(open_ones, 0, at)  # nothing that is wanted lies within another
            if name in names or open_ones:
                one = Component(name, line, text, at, len(text))
                (open_ones[-1].parts if open_ones else found).append(one)
                open_ones.append(one)
            continue
        depth = next((i for i in reversed(range(len(open_ones))) if open_ones[i].name == name), None)
        if depth is not None:
            open_ones[depth].ended = True
            _end(open_ones, depth, at)
        elif name == "VCALENDAR":
            _end(open_ones, 0, at)
    return found


def _end(open_ones: list[Component], depth: int, at: int) -> None:
    for one in open_ones[depth:]:
        one.ends = at
    del open_ones[depth:]


def _in_lines(data: bytes) -> bytes:
    """Give the text with a line's beginning in front, so that each line follows a newline."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data = data[len(mark) :] if encoding == "utf-8" else data.decode(encoding, "replace").encode()
            break
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    return b"\n" + data


@cache
def _lines_of(names: tuple[str, ...]) -> re.Pattern[bytes]:
    either = b"|".join(re.escape(name.encode("ascii")) for name in names)
    return re.compile(rb"\n((?i:" + either + rb"))[ \t]*(?=[;:])([^\n]*(?:\n[ \t][^\n]*)*)")


def _property(match: re.Match[bytes], line: int) -> Property:
    whole = _FOLD.sub(b"", match[2]) if b"\n" in match[2] else match[2]
    head, _colon, value = _split(whole.decode("utf-8", "replace").rstrip())
    parameters = {name.upper(): word.strip().strip('"') for name, word in _PARAMETER.findall(head)} if head else {}
    return Property(match[1].decode("ascii").upper(), parameters, value.strip(), line)


def _split(text: str) -> tuple[str, str, str]:
    """Part the parameters from the value.

    The last colon parts them: no value that is asked for has one, and a zone's name may have some that nobody put into
    quotes: `DTSTART;TZID=(UTC+01:00) Berlin:20250602T090000`. A UID is taken whole by its first.
    """
    return text.rpartition(":") if text.startswith(";") else text.partition(":")
