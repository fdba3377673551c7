"""How long the week view's query takes on ten years of history."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bench.figures import Figure, table
from bench.processes import stopwatch
from traycoach.core.actions import Outcome, RecordBout, RecordBreak, RecordOutcome, RecordRoutine
from traycoach.core.rules import Posture
from traycoach.history import History, Record

YEARS = 10
FIRST = datetime(2016, 1, 4, 9, tzinfo=timezone(timedelta(hours=1)))
OUTCOMES = (Outcome.COMPLETED, Outcome.TAKEN, Outcome.SKIPPED, Outcome.SHOWN, Outcome.SNOOZED, Outcome.SATISFIED)


def ten_years() -> Iterator[Record]:
    """Give what ten years leave behind: each working day 16 bouts, each with a break, two prompts and a routine."""
    chance = random.Random(1)
    prompt = 0
    for day in range(YEARS * 365):
        morning = FIRST + timedelta(days=day)
        if morning.weekday() > 4:
            continue
        for half_hour in range(16):
            began = morning + timedelta(minutes=30 * half_hour)
            ended = began + timedelta(minutes=chance.randint(15, 28))
            posture = chance.choice((Posture.SITTING, Posture.SITTING, Posture.STANDING))
            yield RecordBout(posture, began, ended, ended - began)
            yield RecordBreak(ended, ended + timedelta(minutes=3), timedelta(minutes=3), True, ("stand", "micro"))
            for rule in ("micro", "stand"):
                prompt += 1
                outcome = chance.choice(OUTCOMES)
                yield RecordOutcome(prompt, rule, outcome, ended, ended - began, timedelta(seconds=40), "up")
            yield RecordRoutine("up", "stand", ended, timedelta(seconds=90), 4, 4, 2, None)


def measure() -> list[Figure]:
    """Fill a file and ask for the last week, several times."""
    with (
        tempfile.TemporaryDirectory(prefix="tc-bench-") as folder,
        History(Path(folder) / "history.sqlite3") as history,
    ):
        rows = list(ten_years())
        with stopwatch() as filling:
            history.record(*rows)
        last = (FIRST + timedelta(days=YEARS * 365 - 3)).date()
        times = []
        for _ in range(9):
            with stopwatch() as watch:
                history.week(last)
            times.append(watch.seconds * 1000)
    return [
        Figure(f"history: writing {len(rows)} rows at once", filling.seconds, "s"),
        Figure("ten years of history: the week view (median of 9)", sorted(times)[4], "ms", 50),
    ]


if __name__ == "__main__":
    print(table(measure()))
