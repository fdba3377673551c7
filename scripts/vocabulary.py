"""One word for one thing: `python scripts/vocabulary.py` lists every use of a synonym that `docs/glossary.md` forbids.

SYNONYMS are other words for a term of the glossary; they are looked for in code, names of files, settings, texts and
documents. PROMISES and FRIGHTS (`traycoach.library.wording`) are what a program about health must not say; they are
looked for in the texts that ship (`config/`), the promises in the program's own sentences (`_("…")`) too.

Where a foreign word is a protocol's own, say so on the same line or the line above:

    state = widget.inactive  # vocabulary: allow inactive - Qt's name for an unfocused window
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from traycoach.library.wording import FRIGHTS, PROMISES

ROOT = Path(__file__).resolve().parents[1]

SYNONYMS: dict[str, str] = {
    r"afk": "away",
    r"inactiv(e|ity)": "idle or away",
    r"remind(s|er|ers|ing)?": "prompt",
    r"nag(s|ged|ging)?": "prompt",
    r"(nudges|nudge the (user|person))": "prompt, or notice",
    r"toasts?": "notice",
    r"balloons?": "notice",
    r"pop ?ups? (prompt|notice|window)s?": "card, or notice",
    r"interstitials?": "overlay",
    r"full ?screen prompts?": "overlay",
    r"work ?outs?": "routine",
    r"training plans?": "programme",
    r"exercise plans?": "programme",
    r"postpon(e|es|ed|ing|ement)": "snooze",
    r"(dismiss(es|ed|ing)? (the |a |this )?(prompt|card|notice|overlay)s?|(prompt|card) dismiss(es|ed|al))": "skip",
    r"(sitting|standing|desk) sessions?": "bout",
    r"(sitting|standing) (spell|streak)s?": "bout",
    r"(blocker|inhibition|suppression)s?": "hold",
    r"(natural|prompted) pauses?": 'break; a pause is the user\'s "no prompts for a while"',
    r"(unfocused|unseen) prompts?": "ignored",
    r"auto ?pauses?": "hold",
}
"""A pattern of whole words (case, underscores and CamelCase are levelled first) and what to say instead."""

FOLDERS = ("traycoach", "config", "docs", "tests", "scripts", "bench")
FILES = ("README.md", "CHANGELOG.md", "Makefile")
KINDS = {".py", ".toml", ".md", ".json", ".svg"}
# These name the forbidden words in order to forbid them.
EXEMPT = {"scripts/vocabulary.py", "tests/test_vocabulary.py", "docs/glossary.md"}
ALLOW = re.compile(r"vocabulary: allow (?P<words>[\w ,]+?)\s+-\s+\S")


@dataclass(frozen=True, slots=True)
class Slip:
    """One use of a word that has a better one."""

    file: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.word}”: {self.instead}"


def level(text: str) -> str:
    """Part CamelCase, underscores and hyphens into words, so that one pattern finds them all."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return re.sub(r"[_\-]+", " ", parted)


LISTS = {"synonyms": SYNONYMS, "promises": PROMISES, "texts": PROMISES | FRIGHTS}


@cache
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    words = LISTS[name]
    return tuple((re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), instead) for pattern, instead in words.items())


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _patterns(name)), re.IGNORECASE)


def _allowed(word: str, lines: list[str], number: int) -> bool:
    nearby = lines[max(number - 2, 0) : number]
    marks = [mark["words"] for line in nearby if (mark := ALLOW.search(line))]
    stem = level(word).lower()
    return any(allowed.strip().lower() in stem for mark in marks for allowed in mark.split(","))


def _found(text: str, number: int, words: str, file: str, lines: list[str]) -> Iterator[Slip]:
    levelled = level(text)
    if not _any_of(words).search(levelled):
        return
    for pattern, instead in _patterns(words):
        for match in pattern.finditer(levelled):
            if not _allowed(match[0], lines, number):
                yield Slip(file, number, match[0], instead)


def synonyms_in(text: str, file: str) -> list[Slip]:
    """Give every synonym in a file's text, and in its name (line 0)."""
    lines = text.splitlines()
    slips = list(_found(Path(file).stem, 0, "synonyms", file, lines))
    for number, line in enumerate(lines, 1):
        # an allowing line is not itself a use of the words that it allows
        slips += _found(ALLOW.sub("", line), number, "synonyms", file, lines)
    return slips


def promises_in(text: str, file: str) -> list[Slip]:
    """Give every forbidden promise in what a user reads of a file: TOML values, Python's `_("…")`."""
    lines = text.splitlines()
    words = "texts" if file.endswith(".toml") else "promises"
    slips: list[Slip] = []
    for number, sentence in _sentences(text, file):
        slips += _found(sentence, number, words, file, lines)
    return slips


def _sentences(text: str, file: str) -> Iterable[tuple[int, str]]:
    if file.endswith(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.lineno, argument.value
    elif file.endswith(".toml"):
        for value in _strings(tomllib.loads(text)):
            yield _line_of(value, text), value


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _line_of(value: str, text: str) -> int:
    first = value.strip().splitlines()[0] if value.strip() else value
    return next((number for number, line in enumerate(text.splitlines(), 1) if first in line), 1)


def files() -> Iterator[Path]:
    """Give every file that is read, in order."""
    for name in FILES:
        if (ROOT / name).exists():
            yield ROOT / name
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS and "__pycache__" not in path.parts:
                yield path


def slips() -> list[Slip]:
    """Give every slip of the whole project."""
    found: list[Slip] = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if name in EXEMPT:
            continue
        text = path.read_text(encoding="utf-8")
        found += synonyms_in(text, name)
        if name.startswith(("config/", "traycoach/")):
            found += promises_in(text, name)
    return found


def main() -> int:
    """Print every slip; 1 if there is any."""
    found = slips()
    for slip in found:
        print(slip)
    if found:
        print(f"{len(found)} words that have a better one (docs/glossary.md)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
