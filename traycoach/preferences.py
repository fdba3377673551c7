"""What the user has chosen in windows and not in the settings: one small private JSON file, written whole.

How easy or hard each exercise is taken, and where the routine window was left. Losing the file loses no more than that.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from traycoach import wire
from traycoach.errors import UserError
from traycoach.messages import WindowPlace
from traycoach.paths import private

_log = logging.getLogger(__name__)
VERSION = 1
LEVELS = ("easier", "standard", "harder")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the file holds. `difficulty`: level by the id of the standard exercise; what is standard is left out."""

    difficulty: Mapping[str, str] = field(default_factory=dict)
    routine_window: WindowPlace | None = None
    version: int = VERSION


class Preferences:
    """The file and what is in it. To be used from any thread; a file that cannot be written is logged and forgotten."""

    def __init__(self, path: Path) -> None:
        """Read the file; one that cannot be used counts as none, and the next choice replaces it."""
        self._path = path
        self._lock = threading.Lock()
        self._chosen = _read(path)

    def level(self, exercise: str) -> str:
        """Give the level that was last chosen for an exercise: "standard" if none was."""
        level = self._chosen.difficulty.get(exercise, "standard")
        return level if level in LEVELS else "standard"

    @property
    def routine_window(self) -> WindowPlace | None:
        """Where the routine window was left; None if it never was moved or sized."""
        return self._chosen.routine_window

    def choose_level(self, exercise: str, level: str) -> None:
        """Remember the level of an exercise."""
        with self._lock:
            others = {name: one for name, one in self._chosen.difficulty.items() if name != exercise}
            chosen = others if level == "standard" else {**others, exercise: level}
            self._keep(replace(self._chosen, difficulty=chosen))

    def leave_window(self, place: WindowPlace) -> None:
        """Remember where the routine window was left."""
        with self._lock:
            self._keep(replace(self._chosen, routine_window=place))

    def _keep(self, chosen: Chosen) -> None:
        if chosen == self._chosen:
            return
        self._chosen = chosen
        try:
            _write(self._path, chosen)
        except OSError:
            _log.exception("what was chosen in a window could not be written down")


def _read(path: Path) -> Chosen:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and data.get("version") == VERSION:
            return wire.from_data(data, Chosen)
        _log.warning("the choices made in windows are those of another version; they are forgotten")
    except FileNotFoundError:
        pass
    except (OSError, ValueError, RecursionError, UserError) as error:
        _log.warning("the choices made in windows cannot be read (%s); they are forgotten", error)
    return Chosen()


def _write(path: Path, chosen: Chosen) -> None:
    """Write the file so that a crash at any moment leaves the old or the new one whole. Raises OSError."""
    private(path.parent)
    beside = path.with_suffix(".new")
    text = json.dumps(wire.to_data(chosen), separators=(",", ":"))
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
