"""What the texts of exercises, routines and lessons hold to: words, sides, lengths, and what follows from steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from traycoach.core.instant import SECOND
from traycoach.errors import Problem
from traycoach.figure.clip import clip_names
from traycoach.library.wording import wording_problems
from traycoach.settings.durations import parse_duration
from traycoach.text import _

LONGEST_HOW = 140
"""Letters of the explanation under the cue."""
COMPLETE = (
    *("summary", "how", "feel", "breathing", "mistake", "caution", "dose", "level", "place", "needs", "regions"),
    *("goals", "discreet", "wheelchair", "filters", "sources"),
)
"""What a shipped exercise has; the user's own may leave out most of it."""

SHORTEST_LESSON, LONGEST_LESSON = 60 * SECOND, 90 * SECOND
FEWEST_PARTS, MOST_PARTS = 3, 5
MOST_LETTERS = {"now": 80, "part.title": 30, "part.say": 140}
"""What can be read while a part lasts."""

_SIDED = ("how", "feel", "alt")
_BRACES = re.compile(r"\{(\w*)\}|[{}]")


def exercise_texts(body: Mapping[str, Any], *, shipped: bool) -> list[Problem]:
    """Give what is wrong with the texts of an exercise that can be read, each with its key."""
    found = wording_problems(dict(body))
    sided = body.get("sides", "none") == "right-left"
    if len(body["how"]) > LONGEST_HOW:
        message = _("expected at most {letters} letters, these are {count}")
        found.append(Problem(message.format(letters=LONGEST_HOW, count=len(body["how"])), key="how"))
    if sided and "{side}" not in " ".join(str(body.get(key, "")) for key in _SIDED):
        message = _("an exercise with sides says {{side}} where it means the right or the left").format()
        found.append(Problem(message, key="how"))
    for key, text in _texts(body):
        for match in _BRACES.finditer(text):
            if match[1] not in ("side", "other"):
                found.append(Problem(_("expected {{side}} or {{other}} in braces, and nothing else").format(), key=key))
            elif not sided:
                found.append(Problem(_("this exercise has no sides, so there is no {{side}}").format(), key=key))
            elif key.endswith("cue"):
                found.append(Problem(_("a cue is shown as it is written, on either side"), key=key))
    if shipped:
        found += [Problem(_("a shipped exercise needs this"), key=key) for key in COMPLETE if key not in body]
    for name in clip_names(body):
        if name and "alt" not in body["clip"][name]:
            message = _("a further view needs a sentence of its own for screen readers")
            found.append(Problem(message, key=f"clip.{name}.alt"))
    return found


def routine_texts(body: Mapping[str, Any], steps: list[Mapping[str, Any]], *, shipped: bool) -> list[Problem]:
    """Give what is wrong with a routine that can be read: its words, and what it says that its steps do not bear out.

    `steps` are the exercises of its steps. The user's own routines need not say any of it.
    """
    found = wording_problems(dict(body))
    follows: dict[str, object] = {
        "level": max(step.get("level", 1) for step in steps),
        "discreet": min(step.get("discreet", 1) for step in steps),
        "wheelchair": all(step.get("wheelchair", False) for step in steps),
        "floor": any(step.get("place") == ["floor"] for step in steps),
        "needs": sorted({need for step in steps for need in step.get("needs", ())}),
    }
    for key, value in follows.items():
        if key not in body:
            if shipped:
                found.append(Problem(_("a shipped routine needs this"), key=key))
            continue
        stated = sorted(body[key]) if key == "needs" else body[key]
        if stated != value:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower()
            message = _("by its steps this is: {value}").format(value=shown or "[]")
            found.append(Problem(message, key=key))
    return found


def lesson_texts(body: Mapping[str, Any]) -> list[Problem]:
    """Give what is wrong with the texts of a lesson that can be read, each with its key."""
    found = wording_problems(dict(body))
    length = parse_duration(body["length"])
    if length is None or not SHORTEST_LESSON <= length <= LONGEST_LESSON:
        found.append(Problem(_("a lesson takes from 60 to 90 seconds"), key="length"))
    if not FEWEST_PARTS <= len(body["part"]) <= MOST_PARTS:
        message = _("a lesson has {fewest} to {most} parts").format(fewest=FEWEST_PARTS, most=MOST_PARTS)
        found.append(Problem(message, key="part"))
    for key, text in _texts(body):
        most = MOST_LETTERS.get(re.sub(r"\[\d+\]", "", key), len(text))
        if len(text) > most:
            message = _("expected at most {letters} letters, these are {count}")
            found.append(Problem(message.format(letters=most, count=len(text)), key=key))
        if "{" in text:
            found.append(Problem(_("a lesson has no sides, so nothing stands in braces"), key=key))
    return found


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of every text in a parsed file."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(part, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, f"{key}[{number}]")
