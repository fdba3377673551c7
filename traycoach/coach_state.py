"""The coach's memory on disk: one private JSON file, written whole, synced and renamed.

Beside the state stand two facts about the moment of saving that the coach itself does not know: how long the machine
had slept since its boot, and up to when the clock rules had been looked at.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from traycoach import wire
from traycoach.core.state import VERSION, CoachState
from traycoach.errors import UserError
from traycoach.paths import private

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file holds."""

    state: CoachState
    suspended_for: timedelta
    seen_until: datetime
    version: int = VERSION


def save(path: Path, saved: Saved) -> None:
    """Write the file so that a crash at any moment leaves the old or the new one whole. Raises OSError."""
    private(path.parent)
    beside = path.with_suffix(".new")
    text = json.dumps(wire.to_data(saved), separators=(",", ":"))
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(path: Path) -> Saved | None:
    """Read the file; None if there is none, or none that can be used (it is then put aside, and the log says so)."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        _put_aside(path, str(error))
        return None
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("version") != VERSION:
            _put_aside(path, "written by another version")
            return None
        return wire.from_data(data, Saved)
    except (ValueError, RecursionError, UserError) as error:
        _put_aside(path, str(error))
        return None


def _put_aside(path: Path, reason: str) -> None:
    _log.warning("the coach's saved state cannot be used (%s); it begins afresh", reason)
    try:
        path.replace(path.with_suffix(".damaged"))
    except OSError:
        _log.exception("the damaged state could not be put aside")
