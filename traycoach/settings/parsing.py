"""TOML texts to plain tables, with a sentence and a line for one that is none."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from traycoach.errors import Problem, UserError
from traycoach.text import _

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def parse_toml(text: str, file: str | None = None) -> dict[str, Any]:
    """Parse a text. Raises UserError with its line if it is no TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UserError(Problem(_("brackets are nested too deeply"), file=file)) from None
    except ValueError as error:
        # tomllib of Python 3.11 tells the place in words only; of what Python's own parsers refuse it tells none
        place = _PLACE.search(str(error))
        reason = _PLACE.sub("", str(error))[:200]
        line = None if place is None else int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
        message = _("this is not valid TOML: {reason}").format(reason=reason)
        raise UserError(Problem(message, file=file, line=line)) from None
