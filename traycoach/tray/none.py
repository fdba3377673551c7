"""No tray: the last way, which says once that the icon is nowhere and where everything else is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from traycoach.core.actions import Tell
from traycoach.text import _
from traycoach.tray.base import Backend, Command

_log = logging.getLogger(__name__)

Telling = Callable[[Tell], Callable[[], None] | None]
"""Tells the user one thing; may give what takes it back, from a screen or from a queue."""


class NoTray(Backend):
    """Shows nothing, ever. While it is the way, `tell` has told the one sentence.

    It is told once in a process, and once to a user: `told`, an empty file, remembers it from one process to the next,
    until `forget`. Without such a file every process tells it.
    """

    kind = "none"

    def __init__(self, command: Command, changed: Callable[[], None], tell: Telling, told: Path | None = None) -> None:
        super().__init__(command, changed)
        self._tell = tell
        self._file = told
        self._told = False
        self._needed = False
        self._take_back: Callable[[], None] | None = None
        self._refused = _("No way to show an icon was found.")

    def probe(self) -> None:
        """Always open."""

    def forget(self) -> None:
        """The icon is there. If it was as soon as it should, it is news again should it be missing one day.

        Where it is late at every login, that was told, and stays told.
        """
        if self._file is not None and not self._needed:
            try:
                self._file.unlink(missing_ok=True)
            except OSError:
                _log.warning("what was told about the tray cannot be forgotten", exc_info=True)

    def _show(self) -> None:
        self._needed = True
        if self._told or (self._file is not None and self._file.exists()):
            return
        self._told = True
        self._remember()
        body = _(
            "This desktop has no place for tray icons. Start traycoach again to open its window; prompts come as usual."
        )
        self._take_back = self._tell(Tell(_("traycoach is running without an icon"), body))

    def _hide(self) -> None:
        take_back, self._take_back = self._take_back, None
        if take_back is not None:
            take_back()

    def _remember(self) -> None:
        if self._file is not None:
            try:
                self._file.touch(mode=0o600)
            except OSError:
                _log.warning("what was told about the tray cannot be remembered", exc_info=True)

    def _update_icon(self) -> None:
        self._icon_valid = True

    def _update_title(self) -> None:
        pass
