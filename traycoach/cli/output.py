"""What the verbs print: a page of text, or the same as JSON, and a progress bar for long work on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, TextIO

from traycoach.text import _

BAR = 30


def show(text: str, data: object, *, as_json: bool) -> int:
    """Print one of the two; give the exit code 0."""
    if as_json:
        text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
    if text:
        sys.stdout.write(text.rstrip("\n") + "\n")
    return 0


def progress(what: str, stream: TextIO | None = None) -> Callable[[int, int], None]:
    """Give a function of (done, total) that draws a bar on the error stream, if that is a terminal; else nothing.

    The bar goes away when all is done.
    """
    out = sys.stderr if stream is None else stream
    if not out.isatty():
        return lambda _done, _total: None
    drawn: dict[str, Any] = {"percent": -1}

    def draw(done: int, total: int) -> None:
        percent = 100 if total <= 0 else 100 * done // total
        if percent == drawn["percent"]:
            return
        drawn["percent"] = percent
        filled = BAR * percent // 100
        line = _("{what} {bar} {percent} %").format(what=what, bar="█" * filled + "░" * (BAR - filled), percent=percent)
        out.write(f"\r\x1b[K{line}" if percent < 100 else "\r\x1b[K")
        out.flush()

    return draw
