"""Reads values out of parsed TOML and notes every problem with its file and key, instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from traycoach.errors import Problem, UserError
from traycoach.figure.vector import Vec, add, unit
from traycoach.text import _

Table = Mapping[str, object]

DIRECTIONS: dict[str, Vec] = {
    "up": (0.0, 1.0, 0.0),
    "down": (0.0, -1.0, 0.0),
    "forward": (1.0, 0.0, 0.0),
    "back": (-1.0, 0.0, 0.0),
    "right": (0.0, 0.0, 1.0),
    "left": (0.0, 0.0, -1.0),
}


class Reader:
    """Collects the problems of one file. Every reading method gives a usable value even when it notes a problem."""

    def __init__(self, file: str | None = None) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, key: str, message: str, suggestion: str | None = None) -> None:
        """Note a problem at the dotted `key`."""
        self.problems.append(Problem(message, file=self.file, key=key, suggestion=suggestion))

    def finish(self) -> None:
        """Raise UserError if anything was wrong."""
        if self.problems:
            raise UserError(*self.problems)

    def check_keys(self, table: Table, allowed: Collection[str], path: str) -> None:
        """Note every key of `table` that is not allowed, with the nearest one that is."""
        for key in table:
            if key not in allowed:
                self.wrong(join(path, key), _("this key is not known here"), nearest(key, allowed))

    def table(self, value: object, path: str) -> Table:
        """`value` as a table."""
        if isinstance(value, Mapping):
            return value
        self.wrong(path, _("expected a table"))
        return {}

    def tables(self, value: object, path: str) -> list[Table]:
        """`value` as a list of tables."""
        if isinstance(value, list):
            return [self.table(item, f"{path}[{i}]") for i, item in enumerate(value)]
        self.wrong(path, _("expected a list of tables"))
        return []

    def number(self, value: object, path: str, default: float = 0.0, low: float = -1e4, high: float = 1e4) -> float:
        """`value` as a number between `low` and `high`."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(path, _("expected a number"))
            return default
        if not low <= value <= high:
            self.wrong(path, _("expected a number from {low:g} to {high:g}").format(low=low, high=high))
            return low if value < low else high  # float() overflows for whole numbers that are long enough
        return float(value)

    def numbers(self, value: object, path: str, count: int) -> tuple[float, ...]:
        """`value` as a list of exactly `count` numbers."""
        if isinstance(value, list | tuple) and len(value) == count:
            return tuple(self.number(item, f"{path}[{i}]") for i, item in enumerate(value))
        self.wrong(path, _("expected a list of {count} numbers").format(count=count))
        return (0.0,) * count

    def vector(self, value: object, path: str) -> Vec:
        """`value` as [x, y, z]."""
        x, y, z = self.numbers(value, path, 3)
        return (x, y, z)

    def direction(self, value: object, path: str) -> Vec:
        """`value` as a direction: words joined by hyphens ("back-up") or [x, y, z]. Gives a unit vector."""
        if not isinstance(value, str):
            return unit(self.vector(value, path))
        total: Vec = (0.0, 0.0, 0.0)
        for word in value.split("-"):
            if word not in DIRECTIONS:
                expected = _("expected directions such as “down” or “back-up”")
                self.wrong(path, expected, nearest(word, DIRECTIONS))
                return DIRECTIONS["down"]
            total = add(total, DIRECTIONS[word])
        return unit(total)

    def text(self, value: object, path: str) -> str:
        """`value` as a text that is not empty."""
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(path, _("expected a text"))
        return ""

    def texts(self, value: object, path: str) -> tuple[str, ...]:
        """`value` as a list of texts."""
        if isinstance(value, list | tuple):
            return tuple(self.text(item, f"{path}[{i}]") for i, item in enumerate(value))
        self.wrong(path, _("expected a list of texts"))
        return ()

    def truth(self, value: object, path: str) -> bool:
        """`value` as true or false."""
        if isinstance(value, bool):
            return value
        self.wrong(path, _("expected true or false"))
        return False

    def choice(self, value: object, path: str, choices: Collection[str]) -> str:
        """`value` as one of `choices`; the first of them when it is not."""
        if isinstance(value, str) and value in choices:
            return value
        shown = ", ".join(choices) if len(choices) <= 8 else ", ".join([*list(choices)[:8], "…"])
        suggestion = nearest(value, choices) if isinstance(value, str) else None
        self.wrong(path, _("expected one of: {choices}").format(choices=shown), suggestion)
        return next(iter(choices), "")


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word most like `word`, if any is close."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def join(path: str, key: str) -> str:
    """Dotted path."""
    return f"{path}.{key}" if path else key
