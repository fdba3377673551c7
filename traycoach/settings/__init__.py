"""The user's settings: one TOML file to frozen values, every problem at once, edits that keep comments.

The daemon needs what is exported here. `traycoach.settings.edit`, `.migrate` (tomlkit) and `.watch` are imported by
those who need them.
"""

from __future__ import annotations

from traycoach.settings.durations import duration_text, parse_duration
from traycoach.settings.load import Started, check, load, load_at_start, settings_of
from traycoach.settings.values import (
    Appearance,
    Bar,
    Corner,
    Counts,
    FigureLook,
    Guards,
    Hair,
    Means,
    Offers,
    Prompting,
    Settings,
    Theme,
)

__all__ = [
    "Appearance",
    "Bar",
    "Corner",
    "Counts",
    "FigureLook",
    "Guards",
    "Hair",
    "Means",
    "Offers",
    "Prompting",
    "Settings",
    "Started",
    "Theme",
    "check",
    "duration_text",
    "load",
    "load_at_start",
    "parse_duration",
    "settings_of",
]
