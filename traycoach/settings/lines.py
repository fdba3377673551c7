"""Where each key of a TOML text stands. tomllib tells values, not places; a problem needs its line.

The text must be good TOML (tomllib has read it), so this need only find its way, not judge: strings, comments and
brackets are skipped, keys and headers are noted. Source: toml.io, version 1.0.0.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SPACE = re.compile(r"[ \t\r\n]*(?:#[^\n]*(?:\n[ \t\r\n]*|$))*", re.ASCII)
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_ATOM = re.compile(r"[^\s,\]}#]+(?: \d\d:[0-9:.]+(?:Z|[+-]\d\d:\d\d)?)?")


def key_lines(text: str) -> dict[Path, int]:
    """Give the line, from 1, on which each key first stands. Entries of arrays have their index, from 0, in the path.

    Raises ValueError on a text that is no TOML.
    """
    scan = _Scan(text)
    scan.document()
    return scan.lines


def last_lines(text: str) -> dict[Path, int]:
    """Give the last line of what stands under each header, its own line if nothing does; () is before any header.

    The text before any header that holds no key is not in it. Raises ValueError on a text that is no TOML.
    """
    scan = _Scan(text)
    scan.document()
    return scan.last_lines


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Give the line of the path, or of the nearest thing around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._counted_to = 0
        self._line = 1
        self._lengths: dict[Path, int] = {}
        self.last_lines: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        self._skip()
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self._header(2)
            elif self.text.startswith("[", self.at):
                table = self._header(1)
            else:
                self._pair(table)
            self.last_lines[table] = self._line_here()
            self._skip()

    def _header(self, brackets: int) -> Path:
        line = self._line_here()
        self.at += brackets
        names = self._key()
        self.at += brackets
        path: Path = ()
        for name in names[:-1]:
            path = self._entry((*path, name))
            self.lines.setdefault(path, line)
        path = (*path, names[-1])
        if brackets == 2:
            index = self._lengths.get(path, 0)
            self._lengths[path] = index + 1
            self.lines.setdefault(path, line)
            path = (*path, index)
        self.lines.setdefault(path, line)
        return path

    def _entry(self, path: Path) -> Path:
        # a header below an array of tables belongs to the array's last entry
        count = self._lengths.get(path)
        return path if count is None else (*path, count - 1)

    def _pair(self, table: Path) -> None:
        line = self._line_here()
        path = table
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._expect("=")
        self._skip()
        self._value(path)

    def _key(self) -> list[str]:
        names = [self._name()]
        while self.text.startswith(".", self.at):
            self.at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        self._blanks()
        if self.text[self.at : self.at + 1] in {'"', "'"}:
            name = _unquoted(self._string())
        else:
            found = _BARE.match(self.text, self.at)
            if found is None:
                raise ValueError(f"no key at character {self.at}")
            self.at = found.end()
            name = found[0]
        self._blanks()
        return name

    def _value(self, path: Path) -> None:
        first = self.text[self.at : self.at + 1]
        if first in {'"', "'"}:
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        else:
            found = _ATOM.match(self.text, self.at)
            if found is None:
                raise ValueError(f"no value at character {self.at}")
            self.at = found.end()

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._more("]"):
            self.lines[*path, index] = self._line_here()
            self._value((*path, index))
            index += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._more("}"):
            self._pair(path)

    def _more(self, close: str) -> bool:
        self._skip()
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip()
        if self.at >= len(self.text):
            raise ValueError("a bracket is not closed")
        if self.text.startswith(close, self.at):
            self.at += 1
            return False
        return True

    def _string(self) -> str:
        for form in _STRINGS:
            found = form.match(self.text, self.at)
            # an empty string would hide a longer form only if the longer forms came later
            if found is not None:
                self.at = found.end()
                return found[0]
        raise ValueError(f"a string is not closed at character {self.at}")

    def _expect(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise ValueError(f"expected {sign} at character {self.at}")
        self.at += 1

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        if found is not None:
            self.at = found.end()

    def _blanks(self) -> None:
        while self.text[self.at : self.at + 1] in {" ", "\t"}:
            self.at += 1

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line


def _unquoted(quoted: str) -> str:
    import tomllib

    name = tomllib.loads(f"v = {quoted}")["v"]
    return str(name)
