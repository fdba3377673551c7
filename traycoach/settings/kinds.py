"""The kinds of values that settings have. Each knows how to read one and how to say what it expects.

`read` takes what tomllib gives and gives the value the program works with, or raises `Wrong`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from traycoach.settings.durations import duration_text, nearest_duration, parse_duration
from traycoach.settings.hours import parse_clock
from traycoach.text import _

T = TypeVar("T")


class Wrong(Exception):  # noqa: N818 - caught where the file and the key are known, and becomes a Problem there
    """The value is not of the kind. `inside` leads to the faulty part of a list or an inline table."""

    def __init__(self, message: str, suggestion: str | None = None, inside: tuple[str | int, ...] = ()) -> None:
        self.message = message
        self.suggestion = suggestion
        self.inside = inside
        super().__init__(message)


class Kind(Protocol):
    """One kind of value."""

    @property
    def expected(self) -> str:
        """What a person should write, in the words that follow “expected”."""
        ...

    def read(self, value: object) -> object:
        """Give the program's value for a value of the file. Raises Wrong."""
        ...


def nearest(word: str, known: Collection[str]) -> str | None:
    """Give the known word most like `word`, if any is close."""
    from difflib import get_close_matches  # only a mistake needs it

    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


def _found(value: object) -> str:
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, str):
        shown = f'"{value}"'
    elif isinstance(value, dict):
        shown = _("a table")
    elif isinstance(value, list):
        shown = _("a list")
    else:
        shown = str(value)
    return shown if len(shown) <= 50 else shown[:49] + "…"


def misfit(kind: Kind, value: object, suggestion: str | None = None) -> Wrong:
    """Give the sentence for a value that is not of the kind."""
    message = _("expected {expected}, found {found}").format(expected=kind.expected, found=_found(value))
    return Wrong(message, suggestion)


def _quoted(words: Collection[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


@dataclass(frozen=True, slots=True)
class Truth:
    """A switch."""

    @property
    def expected(self) -> str:
        """`true` or `false`."""
        return _("true or false")

    def read(self, value: object) -> bool:
        """Give the switch."""
        if isinstance(value, bool):
            return value
        words = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
        raise misfit(self, value, words.get(str(value).lower()))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    @property
    def expected(self) -> str:
        """The range."""
        return _("a whole number from {low} to {high}").format(low=self.low, high=self.high)

    def read(self, value: object) -> int:
        """Give the number."""
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return value
        raise misfit(self, value)


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number from `low` to `high`, whole or not."""

    low: float
    high: float

    @property
    def expected(self) -> str:
        """The range."""
        return _("a number from {low} to {high}").format(low=self.low, high=self.high)

    def read(self, value: object) -> float:
        """Give the number."""
        if isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high:
            return float(value)
        raise misfit(self, value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; `choices` may be asked for as late as when they are needed."""

    choices: Sequence[str] | Callable[[], Sequence[str]]
    type: Callable[[str], Any] = str

    @property
    def words(self) -> Sequence[str]:
        """The words there are."""
        return self.choices() if callable(self.choices) else self.choices

    @property
    def expected(self) -> str:
        """All the words."""
        return _("one of {choices}").format(choices=_quoted(self.words))

    def read(self, value: object) -> object:
        """Give the word, as `type`."""
        if isinstance(value, str) and value in self.words:
            return self.type(value)
        raise misfit(self, value, nearest(value.lower(), self.words) if isinstance(value, str) else None)


def one_of(words: type[StrEnum]) -> Choice:
    """Give the kind of an enumeration's words."""
    return Choice(tuple(word.value for word in words), words)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text that matches `pattern`; `says` gives the words for it."""

    says: Callable[[], str]
    pattern: str = r"[^\x00-\x1f\x7f]{0,200}"

    @property
    def expected(self) -> str:
        """What the text is."""
        return self.says()

    def read(self, value: object) -> str:
        """Give the text."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value):
            return value
        raise misfit(self, value)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time from `low` to `high`."""

    low: timedelta
    high: timedelta

    @property
    def expected(self) -> str:
        """The range, with an example of how to write it."""
        return _('a length of time from {low} to {high}, written like "45m", "1h30m" or "20s"').format(
            low=duration_text(self.low), high=duration_text(self.high)
        )

    def read(self, value: object) -> timedelta:
        """Give the span."""
        span = parse_duration(value) if isinstance(value, str) else None
        if span is not None and self.low <= span <= self.high:
            return span
        if span is not None:
            raise misfit(self, value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**5:
            raise misfit(self, value, self._with_unit(value))
        raise misfit(self, value, nearest_duration(value))

    def _with_unit(self, count: int) -> str | None:
        # "90" was once minutes to one program and seconds to another; offer what makes sense for this key
        spans = (timedelta(minutes=count), timedelta(seconds=count))
        return next((duration_text(span) for span in spans if self.low <= span <= self.high), None)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day."""

    @property
    def expected(self) -> str:
        """How to write it."""
        return _('a time of the day, written like "09:30"')

    def read(self, value: object) -> time:
        """Give the time."""
        clock = parse_clock(value) if isinstance(value, str) else None
        if clock is None:
            raise misfit(self, value)
        return clock


@dataclass(frozen=True, slots=True)
class Several:
    """A list of `one`, of at least `least` and at most `most`."""

    one: Kind
    least: int = 0
    most: int = 50

    @property
    def expected(self) -> str:
        """What the list holds."""
        return _("a list in brackets, each entry {entry}").format(entry=self.one.expected)

    def read(self, value: object) -> tuple[Any, ...]:
        """Give the values."""
        if not isinstance(value, list):
            raise misfit(self, value, f'["{value}"]' if isinstance(value, str) else None)
        if not self.least <= len(value) <= self.most:
            expected = _("from {least} to {most} entries").format(least=self.least, most=self.most)
            raise Wrong(_("expected {expected}, found {found}").format(expected=expected, found=len(value)))
        return tuple(self._entry(index, entry) for index, entry in enumerate(value))

    def _entry(self, index: int, entry: object) -> object:
        try:
            return self.one.read(entry)
        except Wrong as wrong:
            raise Wrong(wrong.message, wrong.suggestion, (index, *wrong.inside)) from None
