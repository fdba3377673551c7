"""Which desktop session this is: told by a few names in the environment, compared by a coach of the same user."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

NAMES: Final = ("XDG_SESSION_ID", "WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS")
"""What differs between one login and the next: sd_login(3), X(7) and the D-Bus specification name them."""


def told(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Give what the environment says of the session, as NAME=value."""
    return tuple(f"{name}={environ[name]}" for name in NAMES if environ.get(name))


def is_another(words: Sequence[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether `words`, as `told` gives them, come from another session than this environment.

    What only one of the two knows tells nothing: a service of the same session has no XDG_SESSION_ID, and what started
    before the compositor has no WAYLAND_DISPLAY.
    """
    theirs = dict(word.partition("=")[::2] for word in words)
    return any(environ.get(name) and theirs.get(name) and environ[name] != theirs[name] for name in NAMES)
