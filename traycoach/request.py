"""What travels over the control channel: one verb and its reply. No I/O; `wire` encodes it.

Apart from the other messages, so that `traycoach status` need not build forty classes to ask one question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PROTOCOL = 1
"""Grows with every change of a message that an older peer would misread."""


@dataclass(frozen=True, slots=True)
class Request:
    """One verb of the command line and its words, as typed: `Request("pause", ("30m",))`."""

    verb: str
    words: tuple[str, ...] = ()
    protocol: int = PROTOCOL
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """`code`: exit code (0 done, 1 not possible now, 2 bad usage); `text`: a sentence or a page; `data`: for --json."""

    code: int
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    protocol: int = PROTOCOL
