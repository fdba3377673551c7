"""Frozen dataclasses to JSON lines and back, by their fields and type hints. No I/O.

The same codec serves the two channels (`encode`, `decode`) and the files of the coach (`to_data`, `from_data`):

| Python                        | JSON                                                                              |
| ----------------------------- | --------------------------------------------------------------------------------- |
| str, int, float, bool, None   | themselves; no NaN, no infinity, no half of a surrogate pair                      |
| timedelta                     | seconds, a number                                                                 |
| datetime, date, time          | ISO 8601 text; a time zone becomes its offset                                     |
| StrEnum                       | its value                                                                         |
| tuple, list, frozenset        | array (a set sorted, so that equal values give equal lines)                       |
| Mapping[str, X], dict[str, X] | object                                                                            |
| dataclass                     | object of its fields: one with a default may be missing, and no other may be there |
| union of dataclasses          | object with the class name under "type"                                           |
| Any                           | plain JSON                                                                        |

What comes in is never trusted: whatever is wrong with it raises `UserError` with every problem, named by field, and
nothing else is ever raised. The values themselves are not quoted in a problem: it may end in the log. A type that the
codec does not know, or a union whose members JSON cannot tell apart, is a bug and raises `TypeError` on first use.
"""

# ruff: noqa: ANN401 - a codec handles values of any type

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeVar, overload

from traycoach.errors import UserError
from traycoach.text import _
from traycoach.wire.plans import TAG, members_of, plan_of, read_tagged
from traycoach.wire.values import Wrong, refuse, too_deep

MAX_LINE = 4 * 1024 * 1024
"""The longest line, in characters (the lines that `encode` makes are ASCII, so also in bytes)."""

_T = TypeVar("_T")


def encode(message: object) -> str:
    """Give the message, a dataclass, as one line of ASCII JSON without the line's end; the class name is its tag.

    Raises `UserError` if it is too long or nested too deeply (both can come from a user's own exercise files).
    """
    kind: type = type(message)
    line = json.dumps({TAG: kind.__name__, **plan_of(kind).write(message)}, separators=(",", ":"), allow_nan=False)
    if len(line) > MAX_LINE:
        raise UserError(_too_long())
    return line


@overload
def decode(line: str | bytes, kind: type[_T]) -> _T: ...


@overload
def decode(line: str | bytes, kind: object) -> Any: ...


def decode(line: str | bytes, kind: object) -> Any:
    """Give the message of one line. `kind` is a dataclass or a union of them. Raises nothing but `UserError`."""
    if len(line) > MAX_LINE:
        raise UserError(_too_long())
    members = members_of(kind)
    try:
        data = json.loads(line, parse_constant=_refuse_constant)
        if not isinstance(data, dict):
            refuse(_("expected a message"))
        return read_tagged(data, members)
    except Wrong as wrong:
        raise UserError(*wrong.named()) from None
    except RecursionError:
        raise UserError(too_deep()) from None
    except ValueError:  # the mother of JSONDecodeError and UnicodeDecodeError; also an integer of 5,000 digits
        raise UserError(_("This is not a line of JSON.")) from None


def to_data(value: object, kind: object = None) -> Any:
    """Give a value as plain JSON data. `kind` is needed for what is no dataclass: a union, `dict[str, X]`, …"""
    return plan_of(type(value) if kind is None else kind).write(value)


@overload
def from_data(data: object, kind: type[_T]) -> _T: ...


@overload
def from_data(data: object, kind: object) -> Any: ...


def from_data(data: object, kind: object) -> Any:
    """Give the value that `to_data(value, kind)` turned into `data`. Raises nothing but `UserError`."""
    plan = plan_of(kind)
    try:
        return plan.read(data)
    except Wrong as wrong:
        raise UserError(*wrong.named()) from None


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError


def _too_long() -> str:
    return _("The message is longer than {limit} MiB.").format(limit=MAX_LINE // (1024 * 1024))
