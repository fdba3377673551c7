"""A year of working days through the coach on a virtual clock: `python -m bench.year`, and what the year came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from time import perf_counter

from bench.figures import Figure, table
from traycoach.simulate.desktop import VirtualDesktop
from traycoach.simulate.script import parse_script
from traycoach.simulate.timeline import Entry, span_words

DAYS = 250
BUDGET_S = 5.0
ANSWERS = (
    "start after 8s",
    "start after 20s",
    "walks for 4m after 10s",
    "getting-up for 3m after 6s",
    "snooze 5m after 5s",
    "skip after 4s",
    "ignores",
)
ROUTINES = ("hips: stand-up 2m", "calves: stand-up 1m30s", "stroll: move 4m", "hands: micro 30s", "lean: standing 2m")


def working_days(count: int) -> list[date]:
    """Give so many weekdays from the first Monday of 2026 on."""
    first = date(2026, 1, 5)
    days = (first + timedelta(days=number) for number in range(count * 2))
    return [day for day in days if day.weekday() < 5][:count]


def lines_of(day: date, random: Random) -> list[str]:
    """Give one day: two hours and a half of work, lunch, five more, with reading, calls, coffee and answers."""
    at = datetime.combine(day, datetime.min.time()) + timedelta(hours=8, minutes=random.randint(40, 75))
    lines: list[str] = []

    def say(what: str, **length: int) -> None:
        nonlocal at
        lines.append(f"{at:%Y-%m-%d %H:%M:%S} {what}")
        at += timedelta(**length)

    def work(until: datetime) -> None:
        while at < until:
            say(f"when card: {random.choice(ANSWERS)}")
            say(f"working lulls {random.randint(3, 9)}s every {random.randint(15, 60)}s", minutes=random.randint(6, 25))
            say("reads", seconds=random.randint(20, 170))

    noon = datetime.combine(day, datetime.min.time()) + timedelta(hours=12, minutes=random.randint(0, 20))
    work(noon)
    say("lock", minutes=random.randint(30, 60))
    say("unlock", seconds=20)
    work(at + timedelta(hours=1))
    say("microphone on", minutes=8)
    for _ in range(random.randint(2, 6)):
        say("bump", minutes=random.randint(2, 6))
    say("microphone off", seconds=30)
    work(at + timedelta(minutes=50))
    say("leaves", minutes=random.randint(4, 11))
    work(at + timedelta(hours=2))
    return lines


def script_of(days: list[date], seed: int = 1) -> str:
    """Give the whole year as one day script; the machine sleeps at night."""
    random = Random(seed)
    lines: list[str] = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        lines += lines_of(day, random)
        if following is not None:
            ended = datetime.fromisoformat(" ".join(lines[-1].split()[:2])) + timedelta(minutes=3)
            night = datetime.combine(following, datetime.min.time()) + timedelta(hours=8, minutes=30) - ended
            lines.append(f"{ended:%Y-%m-%d %H:%M:%S} sleep {int(night.total_seconds())}s")
    routines = ", ".join(f'"{one}"' for one in ROUTINES)
    body = "\n".join(lines)
    return f'start = "{days[0]} 08:30"\nroutines = [{routines}]\nday = """\n{body}\n"""\n'


def measure() -> list[Figure]:
    """Let a year of working days pass."""
    days = working_days(DAYS)
    text = script_of(days)
    began = perf_counter()
    script = parse_script(text, "year")
    read = perf_counter()
    desktop = VirtualDesktop(script)
    timeline = desktop.run()
    ran = perf_counter()
    what_it_came_to(days, desktop.events, timeline.entries)
    name = f"year of {DAYS} days, {desktop.events} events"
    return [
        Figure(f"{name}: read", read - began, "s"),
        Figure(f"{name}: run", ran - read, "s"),
        Figure(name, ran - began, "s", BUDGET_S),
    ]


def what_it_came_to(days: list[date], events: int, entries: Iterable[Entry]) -> None:
    """Print what the year came to: a figure that is far off says that it measured something else."""
    told = list(entries)
    outcomes = Counter(entry.data["outcome"] for entry in told if entry.kind == "outcome")
    breaks = sum(1 for entry in told if entry.kind == "break")
    bouts = {entry.data["began_at"]: entry.data["sat_for"] for entry in told if entry.kind == "bout"}
    sat = timedelta(seconds=sum(bouts.values()))
    print(f"{events} events; sat {span_words(sat / len(days))} a day, {breaks / len(days):.1f} breaks a day")
    print(", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())))


if __name__ == "__main__":
    print(table(measure()))
