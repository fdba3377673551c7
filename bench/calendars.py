"""What calendars cost: the process that reads them, and the guard that waits for meetings in the daemon."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bench.figures import Figure, table
from bench.processes import stopwatch
from traycoach.calendars.child import ChildReader

SIZE = 5_000_000
FIRST = datetime(2016, 1, 4, 9)  # noqa: DTZ001 - local, in the calendar's own zone
DAYS = ("MO", "TU", "WE", "TH", "FR")
ROOT = Path(__file__).resolve().parents[1]
SPAN_S = 30.0

PARTS = """
import sys, threading, time; sys.modules["ssl"] = None
import traycoach.settings
if len(sys.argv) > 1:
    from traycoach.guards.meeting import MeetingGuard
    import traycoach.calendars.child, traycoach.calendars.watch
import traycoach.daemon, sqlite3, jeepney.io.blocking
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from PIL import Image, ImageDraw
from bench.processes import pss_mib, use_of
if len(sys.argv) > 1:
    ready = threading.Event()
    guard = MeetingGuard([sys.argv[1]])
    guard.start(lambda verdict: ready.set())
    assert ready.wait(60)
print(pss_mib())
if len(sys.argv) > 1:
    time.sleep(2)  # the thread that read has ended by then
    print(use_of("self", float(sys.argv[2])).wakeups_a_second)
    guard.stop()
"""
"""The parts of a daemon, without the guard and with it: what it adds is the difference of two processes."""


def event(number: int, start: datetime, *more: str) -> str:
    """Give an event as the large services write it, with a kilobyte of what nobody here reads."""
    text = [
        "BEGIN:VEVENT",
        f"UID:{number:06}-bench@example.com",
        "DTSTAMP:20250101T000000Z",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Berlin:{start + timedelta(minutes=30):%Y%m%dT%H%M%S}",
        "SUMMARY:A meeting about things",
        *("DESCRIPTION:" if line == 0 else " " + "word " * 14 for line in range(8)),
        *(f"ATTENDEE;CN=Person {one};PARTSTAT=ACCEPTED:mailto:person{one}@example.com" for one in range(4)),
        *more,
        "END:VEVENT",
    ]
    return "\r\n".join(text) + "\r\n"


def single_and_weekly() -> Iterator[str]:
    """Give ten years of single meetings, each fiftieth a weekly one without end."""
    number = 0
    while True:
        start = FIRST + timedelta(hours=17 * number % 87_600)
        yield event(number, start, *([f"RRULE:FREQ=WEEKLY;BYDAY={DAYS[number % 5]}"] if number % 50 == 0 else []))
        number += 1


def moved() -> Iterator[str]:
    """Give ten years of weekly meetings of which every single one was moved."""
    number = 0
    while True:
        start = FIRST + timedelta(hours=number % 10)
        yield event(number, start, "RRULE:FREQ=WEEKLY")
        for week in range(520):
            at = start + timedelta(weeks=week)
            yield event(number, at + timedelta(minutes=30), f"RECURRENCE-ID;TZID=Europe/Berlin:{at:%Y%m%dT%H%M%S}")
        number += 1


def weekly_only() -> Iterator[str]:
    """Give weekly meetings, all of them without end: nothing can be left unread."""
    number = 0
    while True:
        yield event(number, FIRST + timedelta(minutes=number % 480), f"RRULE:FREQ=WEEKLY;BYDAY={DAYS[number % 5]}")
        number += 1


def write(path: Path, events: Iterator[str]) -> None:
    """Write a calendar of `SIZE` bytes."""
    size = 0
    with path.open("w", newline="") as file:
        file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n")
        for text in events:
            size += file.write(text)
            if size >= SIZE:
                break
        file.write("END:VCALENDAR\r\n")


def _reading(what: str, path: Path, budget: float | None) -> list[Figure]:
    """Read with the daemon's own means, the start of the process and its answer included."""
    times = []
    used = _processor_s()
    for _ in range(5):
        with stopwatch() as watch:
            reading = ChildReader().read([str(path)])
        assert not reading.troubles, reading.troubles
        assert reading.meetings, "the measurement was of something else"
        times.append(watch.seconds)
    return [
        Figure(f"{what} (median of 5)", sorted(times)[2], "s", budget),
        Figure("  processor time of the whole process", (_processor_s() - used) / 5, "s"),
    ]


def _processor_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _waiting(path: Path) -> list[Figure]:
    def run(*words: str) -> list[float]:
        said = subprocess.run(
            [sys.executable, "-c", PARTS, *words], capture_output=True, text=True, check=True, cwd=ROOT
        )
        return [float(line) for line in said.stdout.split()]

    (without,) = run()
    memory, wakeups = run(str(path), str(SPAN_S))
    return [
        Figure("memory: the meeting guard adds to the daemon", memory - without, "MiB"),
        Figure("wake-ups a second while the guard waits for the next meeting", wakeups, "/s", 0.1),
    ]


def measure() -> list[Figure]:
    """Read calendars of several kinds, then let the guard wait."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as name:
        path = Path(name) / "calendar.ics"
        kinds = {"single and weekly": single_and_weekly, "weekly, each moved": moved, "weekly only": weekly_only}
        for what, events in kinds.items():
            write(path, events())
            figures += _reading(f"calendar of 5 MB, {what}", path, 1)
        folder = Path(name) / "files"
        folder.mkdir()
        for number, text in zip(range(5000), single_and_weekly(), strict=False):
            one = folder / f"{number}.ics"
            one.write_text(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n", newline="")
        figures += _reading("folder of 5,000 calendars", folder, None)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        figures.append(Figure("peak memory of the reading process", peak, "MiB"))
        write(path, single_and_weekly())
        figures += _waiting(path)
    return figures


if __name__ == "__main__":
    print(table(measure()))
