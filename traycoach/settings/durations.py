"""Lengths of time as settings write them: "20s", "45m", "1h30m". Whole seconds, never a bare number."""

from __future__ import annotations

import re
from datetime import timedelta

from traycoach.core.instant import ZERO

_WRITTEN = re.compile(r"(?:(\d{1,6})h)? ?(?:(\d{1,6})m)? ?(?:(\d{1,6})s)?", re.ASCII)
_LOOSE = re.compile(r"(\d{1,4})(?:[.,](5))? *(h|m|s)[a-z]*\.?", re.ASCII)
_UNITS = {"h": 3600, "m": 60, "s": 1}


def parse_duration(text: str) -> timedelta | None:
    """Read hours, minutes and seconds, each at most once and in this order; None if the text is anything else."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not text or text != text.strip():
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def duration_text(span: timedelta) -> str:
    """Write a span as settings do. The inverse of `parse_duration` for whole seconds from 0 on.

    Up to 90 seconds that are no whole minute stand as seconds ("90s"), as people say them.
    """
    seconds = round(span.total_seconds())
    if seconds <= 90 and (seconds % 60 or not seconds):
        return f"{seconds}s"
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return "".join(f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if count)


def nearest_duration(value: object) -> str | None:
    """Guess what a faulty length was meant to be: "45 min" is "45m", "1.5 hours" is "1h30m"; None without an idea."""
    if isinstance(value, str):
        total = ZERO
        parts = list(_LOOSE.finditer(value.lower()))
        for part in parts:
            number, half, unit = part.groups()
            total += timedelta(seconds=(int(number) + (0.5 if half else 0.0)) * _UNITS[unit])
        return duration_text(total) if parts and total > ZERO else None
    return None
