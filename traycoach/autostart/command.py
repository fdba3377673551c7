"""The command that starts this very installation at login, and how the two kinds of file write it down.

Facts: the Desktop Entry Specification, "The Exec key" (quoting) and "Possible value types" (escapes);
systemd.service(5), "Command lines", and systemd.syntax(7), "Quoting".
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from traycoach.errors import UserError
from traycoach.text import _

ENV = "/usr/bin/env"

_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")


def program(environ: Mapping[str, str]) -> list[str]:
    """Give the words that start this installation, by the name that survives its updates."""
    beside = Path(sys.executable).parent / "traycoach"
    found = shutil.which("traycoach", path=environ.get("PATH"))
    # pipx and the like link a stable name to the script inside the environment
    if found and beside.exists() and Path(found).resolve() == beside.resolve():
        return [str(Path(found).absolute())]
    if os.access(beside, os.X_OK):
        return [str(beside)]
    return [sys.executable, "-m", "traycoach"]


def trouble(path: str) -> str | None:
    """Give the sentence that says why this program cannot be started; None if nothing is known against it."""
    found = shutil.which(path)
    if not found:
        return _("The program of the entry is not there: {program}. “traycoach autostart on” writes it anew.").format(
            program=path
        )
    interpreter = _interpreter(Path(found))
    if interpreter and not Path(interpreter).exists():
        sentence = _("The program of the entry cannot start: {program} is run by {interpreter}, which is not there.")
        return sentence.format(program=path, interpreter=interpreter) + " " + _("Install traycoach again.")
    return None


def _interpreter(path: Path) -> str:
    """Give what a script is run by, "" for anything else. A virtual environment's may go with an update of Python."""
    try:
        with path.open("rb") as file:
            first = file.readline(4096)
    except OSError:
        return ""
    return os.fsdecode(first[2:].split()[0]) if first.startswith(b"#!/") else ""


# --- as an Exec key ---------------------------------------------------------------------------------------------------


def exec_line(words: Sequence[str]) -> str:
    """Give the value of the Exec key: each word quoted, `%` doubled, then escaped as every string value is."""
    _check(words)
    return escaped(" ".join(_quoted(word).replace("%", "%%") for word in words))


def _quoted(word: str) -> str:
    if word and not _RESERVED & set(word):
        return word
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'


def escaped(value: str) -> str:
    """Give a string value as it stands in a desktop entry."""
    for plain, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(plain, escape)
    return f"\\s{value[1:]}" if value.startswith(" ") else value


def unescaped(value: str) -> str:
    """Give back the string that `escaped` wrote down."""
    plain = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\([sntr\\])", lambda match: plain[match[1]], value)


def _words(line: str) -> list[str]:
    """Split the value of an Exec key (unescaped already) as the specification says."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line, re.DOTALL)
    return [plain or re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) for quoted, plain in found]


def program_of_exec(value: str) -> str:
    """Give the program that an Exec key starts, "" for none."""
    words = [word.replace("%%", "%") for word in _words(unescaped(value))]
    while words and (words[0] == ENV or "=" in words[0]):
        words.pop(0)
    return words[0] if words else ""


# --- as systemd reads it ----------------------------------------------------------------------------------------------


def unit_words(words: Sequence[str]) -> str:
    """Give words as systemd splits them: each in double quotes, with specifiers (`%`) doubled."""
    _check(words)
    return " ".join('"' + re.sub(r'(["\\])', r"\\\1", word).replace("%", "%%") + '"' for word in words)


def unit_command(words: Sequence[str]) -> str:
    """Give the value of ExecStart=, in which no variables are looked for."""
    # systemd takes no program whose path has one of these in it
    prefix = [ENV] if set("\"'\\") & set(words[0]) else []
    return ":" + unit_words([*prefix, *words])


def program_of_unit(value: str) -> str:
    """Give the program that an ExecStart= starts, "" for none."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)', value.lstrip("@:!+|-"))
    words = [(plain or re.sub(r"\\(.)", r"\1", quoted)).replace("%%", "%") for quoted, plain in found]
    return next((word for word in words if word != ENV), "")


def _check(words: Sequence[str]) -> None:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UserError(
                _("The path of traycoach is not valid text and cannot stand in an autostart entry.")
            ) from None
