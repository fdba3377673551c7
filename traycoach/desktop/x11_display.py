"""An X display that knows the extensions the coach uses; python-xlib loads the code of all that the server has."""

from __future__ import annotations

from Xlib.display import Display

_USED = frozenset({"MIT-SCREEN-SAVER", "XInputExtension"})
"""SYNC is not among them: python-xlib has no code for it, and `x11_sync` asks for it by itself."""


class LeanDisplay(Display):
    """`Display`, with the extensions in use alone: half a MiB less."""

    def list_extensions(self) -> list[str]:
        """Give the extensions that the server has and the coach uses."""
        return [name for name in super().list_extensions() if name in _USED]
