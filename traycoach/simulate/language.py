"""The words of the language of day scripts: verbs, signs, times and lengths. `lines.py` reads whole lines with them."""

from __future__ import annotations

import re
from datetime import timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SIGNS = ("microphone", "camera", "fullscreen", "inhibitor", "dnd", "meeting")
HOLDS = frozenset({"microphone", "camera", "fullscreen", "dnd", "meeting"})
EVIDENCE = frozenset({"microphone", "camera", "fullscreen", "inhibitor"})

OPEN = timedelta(days=3650)
"""The end of input that goes on until another line stops it."""

_SPAN = re.compile(r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")
TIME = re.compile(
    r"(?:(?P<day>mon|tue|wed|thu|fri|sat|sun|\d{4}-\d\d-\d\d)\s+)?(?P<h>\d\d):(?P<m>\d\d)(?::(?P<s>\d\d))?(?=\s|$)"
    r"|\+(?P<plus>\w+)"
)

FORMS = {
    "typing": "typing [25m | until 09:25]",
    "working": "working [3h | until 12:00] [lulls 5s every 20s]",
    "bump": "bump",
    "reads": "reads [40s | until 09:30]",
    "leaves": "leaves [5m | until 12:30]",
    "lock": "lock [5m]",
    "unlock": "unlock",
    "switched": "switched away | switched back",
    "sleep": "sleep 40m [unsignalled]",
    "frozen": "frozen 20m",
    "killed": "killed",
    "started": "started",
    "restart": "restart [3m]",
    "reboot": "reboot 5m",
    "clock": "clock +1h | clock -3h",
    "zone": "zone America/New_York",
    "microphone": "microphone on | microphone off",
    "camera": "camera on | camera off",
    "fullscreen": "fullscreen on | fullscreen off",
    "inhibitor": "inhibitor on | inhibitor off",
    "dnd": "dnd on | dnd off",
    "meeting": "meeting on | meeting off | meeting until 10:30 | meeting at 10:30",
    "sharing": "sharing on | sharing off",
    "stands": "stands",
    "sits": "sits",
    "desk": "desk up | desk down",
    "answers": "answers start | skip | getting-up | snooze 5m | snooze meeting",
    "closes": "closes prompt",
    "windows": "windows lost",
    "routine": "routine left | done | continues | focused | unfocused",
    "tray": "tray snooze 10m | snooze meeting | skip | pause [30m | tomorrow] | resume | now [ID] | here | away [20m]",
    "source": "source lost | source found",
    "settings": "settings NAME   (with a table [edits.NAME])",
    "why": "why",
    "when": "when card: start after 5s | snooze 5m | skip | getting-up for 4m | walks for 4m | ignores",
    "end": "end",
}
"""Every verb and how it is written: the reference for `docs/day-scripts.md` and for the messages."""


def parse_span(text: str) -> timedelta | None:
    """Read "1h30m", "3m20s", "40s"; None if it is no length."""
    match = _SPAN.fullmatch(text)
    if not text or match is None:
        return None
    return timedelta(hours=int(match["h"] or 0), minutes=int(match["m"] or 0), seconds=int(match["s"] or 0))
