"""What a program about health must not say: one list for shipped texts, own files and the program's sentences.

`PROMISES` hold everywhere; `FRIGHTS` where a body is spoken of (the program's own sentences may name a damaged file).
The manner that we want: docs/glossary.md and config/exercises/README.md.
"""

from __future__ import annotations

import re
from functools import cache

from traycoach.errors import Problem
from traycoach.text import _

PROMISES: dict[str, str] = {
    r"cur(e|es|ed|ing)": "ease; nothing here is a cure",
    r"heal(s|ed|ing)?": "ease",
    r"guarantee(s|d)?": "may, many people",
    r"treat(s|ed|ing|ments?)?": "ease",
    r"prevents? injur(y|ies)": "may lower the risk",
    r"(bad|poor|wrong|correct|perfect|incorrect) posture": "the next posture is the best one",
    r"no pain,? no gain": "stop if it hurts",
    r"sitting is the new smoking": "say what helps",
    r"(herniat(ed|ion)|slipped) disc exercises?": "leg pain; no diagnosis in titles",
    r"you (failed|missed your streak|broke your streak)": "say what comes next",
    r"pain ?free": "ease",
}
"""A pattern of whole words that is never to be said to a user, and the manner that we want."""

FRIGHTS: dict[str, str] = {
    r"damag(e|es|ed|ing)": "pain is information, not harm",
    r"(crumbling|wear and tear|put back in)": "describe what to do, not what is broken",
    r"detox(es|ing|ify)?": "say what it does",
    r"fix(es|ing)? (your|the) (back|neck|posture|spine|pain)": "ease",
    r"prevent(s|ed|ing)?": "may lower the risk",
    r"discs?": "leg pain, back; no diagnosis",
}
"""Never to be said about a body."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    words = PROMISES | FRIGHTS
    return tuple((re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), instead) for pattern, instead in words.items())


@cache
def _any_of() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _instead in _patterns()), re.IGNORECASE)


def banned(text: str) -> list[tuple[str, str]]:
    """Give each word of `text` that a user must not read, with what to say instead."""
    if not _any_of().search(text):
        return []
    return [(match[0], instead) for pattern, instead in _patterns() for match in pattern.finditer(text)]


def wording_problems(value: object, key: str = "") -> list[Problem]:
    """Give a problem, with its dotted key, for each such word in the texts of a parsed file."""
    found: list[Problem] = []
    if isinstance(value, str):
        for word, instead in banned(value):
            message = _("“{word}” is not said to a user; rather: {instead}").format(word=word, instead=instead)
            found.append(Problem(message, key=key or None))
    elif isinstance(value, dict):
        for name, part in value.items():
            found += wording_problems(part, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            found += wording_problems(part, f"{key}[{number}]")
    return found
