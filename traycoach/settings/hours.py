"""Hours of the week as settings write them: "mon-fri 09:00-12:00", "22:00-07:00" (every day, past midnight)."""

from __future__ import annotations

import re
from datetime import time

from traycoach.core.rules import HourRange

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Names of the days, in the order of `date.weekday()`."""

EVERY_DAY = frozenset(range(7))
MIDNIGHT = time(0, 0)

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def parse_clock(text: str) -> time | None:
    """Read a time of the day, "09:30" or "9:30"; None if the text is anything else."""
    found = _CLOCK.fullmatch(text)
    return None if found is None else time(int(found[1]), int(found[2]))


def clock_text(clock: time) -> str:
    """Write a time of the day; the inverse of `parse_clock` for whole minutes."""
    return f"{clock.hour:02}:{clock.minute:02}"


def parse_days(text: str) -> frozenset[int] | None:
    """Read days of the week, 0 = Monday: "mon-fri", "sat,sun", "fri-mon"; None if the text is anything else."""
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            return None
        start, end = DAYS.index(first), DAYS.index(last if dash else first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def days_text(days: frozenset[int]) -> str:
    """Write days of the week; the inverse of `parse_days`. All seven are "mon-sun"."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs)


def parse_hours(text: str) -> HourRange | None:
    """Read one range of hours; None if the text is anything else.

    Without days it holds on every day. An end that is not later than the start lies on the next day. "24:00" may
    stand for the end of the day; "00:00-24:00" is the whole day, any other range that begins and ends alike is none.
    """
    words = text.split()
    if not 1 <= len(words) <= 2:
        return None
    days = parse_days(words[0]) if len(words) == 2 else EVERY_DAY
    start_text, _dash, end_text = words[-1].partition("-")
    start = parse_clock(start_text)
    end = MIDNIGHT if end_text == "24:00" else parse_clock(end_text)
    if days is None or start is None or end is None:
        return None
    if start == end and (start != MIDNIGHT or end_text != "24:00"):
        return None
    return HourRange(days, start, end)


def hours_text(hours: HourRange) -> str:
    """Write one range of hours; the inverse of `parse_hours`."""
    end = "24:00" if hours.end == MIDNIGHT else clock_text(hours.end)
    clocks = f"{clock_text(hours.start)}-{end}"
    return clocks if hours.days == EVERY_DAY else f"{days_text(hours.days)} {clocks}"


def nearest_hours(text: str) -> str | None:
    """Guess what a faulty range was meant to be: "Monday-Friday 9-17" is "mon-fri 09:00-17:00"; else None."""
    lowered = re.sub(r"\s*(?:–|—|-|to|until)\s*", "-", text.strip().lower())
    lowered = re.sub(r"\s*,\s*", ",", lowered)
    lowered = re.sub(r"([a-z]{3})[a-z]*", r"\1", lowered)
    words = lowered.split()
    clocks = re.sub(
        r"(\d{1,2})(?:[.:h]?(\d\d))?", lambda part: f"{int(part[1]):02}:{part[2] or '00'}", words[-1] if words else ""
    )
    guess = parse_hours(" ".join([*words[:-1], clocks]))
    return None if guess is None else hours_text(guess)
