"""Calendars written for a test, and what is read of them, in words that are quick to compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from traycoach.calendars import Meeting, Trouble
from traycoach.calendars.events import Span
from traycoach.calendars.reading import FileReading

FILES = Path(__file__).parent / "files"
BERLIN = ZoneInfo("Europe/Berlin")
PLENTY = timedelta(minutes=1)


def calendar(*parts: str) -> str:
    """Give a calendar of these components."""
    return lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *parts, "END:VCALENDAR")


def event(*properties: str, uid: str = "one") -> str:
    """Give an event with these properties."""
    return lines("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20250101T000000Z", *properties, "END:VEVENT")


def lines(*several: str) -> str:
    """Give lines as the standard wants them to end."""
    return "\r\n".join(one.rstrip("\r\n") for one in several) + "\r\n"


class Read:
    """What was read of a calendar for some days."""

    def __init__(self, data: str | bytes, first: str, days: int = 1, zone: ZoneInfo = BERLIN) -> None:
        """Read from the midnight that begins `first` (such as 2025-06-04), for so many days, in a zone."""
        self.zone = zone
        since = datetime.fromisoformat(first).replace(tzinfo=zone)
        until = since + timedelta(days=days)
        reading = FileReading("test.ics", Span(since.astimezone(UTC), until.astimezone(UTC)), zone, PLENTY)
        found = reading.read(data if isinstance(data, bytes) else data.encode())
        self.meetings: list[Meeting] = sorted(found, key=lambda meeting: (meeting.starts_at, meeting.ends_at))
        self.troubles: list[Trouble] = reading.troubles

    @property
    def times(self) -> list[str]:
        """The meetings as `04 09:00-09:30`: the day of the month, and the local times."""
        return [
            f"{one.starts_at.astimezone(self.zone):%d %H:%M}-{one.ends_at.astimezone(self.zone):%H:%M}"
            for one in self.meetings
        ]

    @property
    def faults(self) -> list[str]:
        """The troubles as `12 VEVENT.DTSTART bad-time`."""
        return [f"{one.line} {one.key} {one.fault.value}" for one in self.troubles]
