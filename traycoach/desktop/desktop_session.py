"""Which desktop session this is: told by a few names in the environment, compared by a coach of the same user."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Final

NAMES: Final = ("XDG_SESSION_ID", "WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS")
"""What differs between one login and the next: sd_login(3), X(7) and the D-Bus specification name them."""
_MAY_BE_LEFT_OUT: Final = {"DISPLAY": r"\.\d+$", "DBUS_SESSION_BUS_ADDRESS": ",guid=[0-9a-f]*"}
"""Of a value: the number of the screen, and that of the bus."""


def told(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Give what the environment says of the session, as NAME=value."""
    return tuple(f"{name}={value}" for name, value in _known(environ).items())


def is_another(words: Sequence[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether `words`, as `told` gives them, come from another session than this environment.

    What only one of the two knows tells nothing: a service of the same session has no XDG_SESSION_ID, and what started
    before the compositor has no WAYLAND_DISPLAY.
    """
    ours, theirs = _known(environ), dict(word.partition("=")[::2] for word in words)
    return any(ours[name] != theirs[name] for name in ours.keys() & theirs.keys())


def _known(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the names that are set, without what two programs of one session may write in different ways."""
    known = {name: environ[name] for name in NAMES if environ.get(name)}
    return {name: re.sub(_MAY_BE_LEFT_OUT.get(name, "$^"), "", value) for name, value in known.items()}
