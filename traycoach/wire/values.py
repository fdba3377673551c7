"""The leaves of the wire format: how one plain value is written and read, and how a wrong one is named.

The table of types stands in `wire/__init__.py`. Readers raise `Wrong`; paths of fields are only put together on its way
out, so that good data pays nothing for them.
"""

# ruff: noqa: ANN401 - a codec handles values of any type

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NoReturn

from traycoach.errors import Problem, UserError
from traycoach.text import _

MAX_DEPTH = 64
"""How deep plain JSON (`Any`) may nest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a type travels. `shape` is the JSON class a reader may meet, `classes` are what a writer may meet."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    shape: type | None
    classes: tuple[type, ...]


class Wrong(Exception):  # noqa: N818 - never leaves the codec
    """What is wrong, as (path below the current value, sentence) pairs. Paths are only built on the way out."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        super().__init__(found)
        self.found = found

    def below(self, step: str) -> list[tuple[str, str]]:
        """Give what is wrong as seen from the value above: `step` is ".field" or "[3]"."""
        return [(step + path, sentence) for path, sentence in self.found]

    def named(self) -> list[Problem]:
        """Give what is wrong as problems, with the path as their key."""
        return [Problem(sentence, key=path.removeprefix(".") or None) for path, sentence in self.found]


def refuse(sentence: str) -> NoReturn:
    """Raise `Wrong` for the current value."""
    raise Wrong([("", sentence)])


def expected(what: str, data: object) -> NoReturn:
    """Raise `Wrong`: something else was expected. Tells the shape of what was found, never the value."""
    refuse(_("expected {expected}, found {found}").format(expected=what, found=_shape_words(data)))


def _shape_words(data: object) -> str:
    match data:
        case None:
            return _("nothing")
        case bool():
            return _("true or false")
        case int() | float():
            return _("a number")
        case str():
            return _("text")
        case list():
            return _("a list")
        case _:
            return _("a table")


def too_deep() -> str:
    """Give the sentence for what is nested more than `MAX_DEPTH` deep."""
    return _("The message is nested too deeply.")


def same(value: Any) -> Any:
    """Write what JSON has as it is."""
    return value


def read_text(data: object) -> str:
    """Read text that can be written as UTF-8. Raises `Wrong`."""
    if not isinstance(data, str):
        expected(_("text"), data)
    if not data.isascii():
        try:
            data.encode()
        except UnicodeEncodeError:
            refuse(_("expected text, found half of a character"))
    return data


def _read_bool(data: object) -> bool:
    return data if isinstance(data, bool) else expected(_("true or false"), data)


def _read_int(data: object) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        expected(_("a whole number"), data)
    if not -(2**63) <= data < 2**63:
        refuse(_("the number is too large"))
    return data


def _read_float(data: object) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        expected(_("a number"), data)
    try:
        number = float(data)
    except OverflowError:
        refuse(_("the number is too large"))
    if number - number != 0:  # "1e999" is read as infinity
        refuse(_("the number is too large"))
    return number


def _read_none(data: object) -> None:
    if data is not None:
        expected(_("nothing"), data)


def _read_span(data: object) -> timedelta:
    try:
        return timedelta(seconds=_read_float(data))
    except OverflowError:
        refuse(_("the number is too large"))


def _iso_reader(parse: Callable[[str], Any], what: Callable[[], str]) -> Callable[[object], Any]:
    def read(data: object) -> Any:
        try:
            return parse(read_text(data))
        except ValueError:
            refuse(_("expected {expected}, found other text").format(expected=what()))

    return read


def _write_any(value: Any, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise UserError(too_deep())
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _write_any(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_write_any(one, depth + 1) for one in value]
    raise TypeError(f"{type(value)} is no plain JSON")


def _read_any(data: object, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        refuse(too_deep())
    if isinstance(data, dict):
        return {read_text(key): _read_any(one, depth + 1) for key, one in data.items()}
    if isinstance(data, list):
        return [_read_any(one, depth + 1) for one in data]
    if isinstance(data, str):
        return read_text(data)
    return _read_float(data) if isinstance(data, float) else data


def _iso(value: date | time) -> str:
    return value.isoformat()


SIMPLE: dict[Any, Plan] = {
    str: Plan(same, read_text, str, (str,)),
    bool: Plan(same, _read_bool, bool, (bool,)),
    int: Plan(same, _read_int, int, (int,)),
    float: Plan(same, _read_float, int, (float, int)),
    None: Plan(same, _read_none, None, (type(None),)),
    type(None): Plan(same, _read_none, None, (type(None),)),
    timedelta: Plan(timedelta.total_seconds, _read_span, int, (timedelta,)),
    datetime: Plan(_iso, _iso_reader(datetime.fromisoformat, lambda: _("a date and time")), str, (datetime,)),
    date: Plan(_iso, _iso_reader(date.fromisoformat, lambda: _("a date")), str, (date,)),
    time: Plan(_iso, _iso_reader(time.fromisoformat, lambda: _("a time of day")), str, (time,)),
    Any: Plan(_write_any, _read_any, None, ()),
}
