"""Does a program run that the user named? Linux: the names in `/proc` (proc(5)).

The kernel tells of new programs only to root, so they are looked at when a prompt is near, and on, ever more seldom,
while one runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from traycoach.again import Again
from traycoach.errors import Unavailable
from traycoach.guards.base import MORE_SELDOM_S, Telling, Verdict
from traycoach.text import _

_COMM_BYTES = 15
"""The kernel keeps no more of a program's name."""


class Running:
    """Looks whether one of the programs runs, as whoever."""

    name = "application"
    mechanism = "running programs"

    def __init__(
        self, names: Iterable[str] = (), proc: Path = Path("/proc"), again_s: Sequence[float] = MORE_SELDOM_S
    ) -> None:
        """`again_s`: after how long a program that runs is looked for again, the first time, the second, …"""
        self._proc = proc
        self._again_s = again_s
        self._again = Again(self._look)
        self._telling = Telling()
        self._lock = threading.Lock()
        self._names = _as_kept(names)

    def probe(self) -> None:
        """See `Guard`."""
        if not (self._proc / "self").exists():
            raise Unavailable(_("This system has no /proc."))

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        self.probe()
        self._telling.begin(changed)
        self._look()

    def change(self, names: Iterable[str]) -> None:
        """Take these names instead."""
        self._names = _as_kept(names)
        self._look()

    def ask_now(self) -> None:
        """See `Asks`."""
        if self._names and self._telling.wanted:
            self._again.never()
            self._again.later((0.0,))

    def stop(self) -> None:
        """See `Guard`."""
        self._telling.end()
        self._again.never()

    def _look(self) -> None:
        with self._lock:  # the settings may change while a timer's thread looks
            if not self._telling.wanted:
                return
            names, present = self._names, False
            try:
                present = bool(names) and any(name in names for name in self._running())
            except OSError:
                self._telling.tell(Verdict.UNKNOWN)
            else:
                self._telling.tell(Verdict.YES if present else Verdict.NO)
            if present:
                self._again.later(self._again_s)
            else:
                self._again.never()

    def _running(self) -> Iterable[str]:
        for folder in self._proc.iterdir():
            if folder.name.isdigit():
                try:
                    yield (folder / "comm").read_text(errors="replace").strip().lower()
                except OSError:
                    continue  # it has just ended


def _as_kept(names: Iterable[str]) -> frozenset[str]:
    """Give the names as the kernel has them: the file's name, cut off."""
    return frozenset(name.lower().encode()[:_COMM_BYTES].decode(errors="ignore") for name in names)
