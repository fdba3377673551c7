"""No tray: the last way, which says once that the icon is nowhere and where everything else is."""

from __future__ import annotations

from collections.abc import Callable

from traycoach.core.actions import Tell
from traycoach.text import _
from traycoach.tray.base import Backend, Command


class NoTray(Backend):
    """Shows nothing, ever; `tell` gets the one sentence when it becomes the way."""

    kind = "none"

    def __init__(self, command: Command, changed: Callable[[], None], tell: Callable[[Tell], None]) -> None:
        super().__init__(command, changed)
        self._tell = tell
        self._told = False
        self._refused = "No way to show an icon was found."

    def probe(self) -> None:
        """Always open."""

    def _show(self) -> None:
        if not self._told:
            self._told = True
            self._tell(
                Tell(
                    title=_("traycoach is running without an icon"),
                    body=_(
                        "This desktop has no place for tray icons. Start traycoach again to open its window; prompts"
                        " come as usual."
                    ),
                )
            )

    def _hide(self) -> None:
        pass

    def _update_icon(self) -> None:
        self._icon_valid = True

    def _update_title(self) -> None:
        pass
