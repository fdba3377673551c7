"""The whole history as JSON or CSV, for the user to keep or to look at with other programs.

Times are ISO 8601 with the offset of that day, durations whole seconds (`…_s`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TextIO

from traycoach.history import History

VERSION = 1
PAGE = 2000

_TIMES = {"began_at": "began_offset", "ended_at": "ended_offset", "at": "at_offset"}
_COLUMNS = {
    "bouts": ("began_at", "ended_at", "posture", "sat_s"),
    "breaks": ("began_at", "ended_at", "away_s", "prompted", "reset_rules"),
    "outcomes": ("at", "prompt", "rule", "outcome", "sat_s", "due_s", "routine", "reason"),
    "loads": ("at", "typing_minutes", "pointing_minutes", "keys", "clicks"),
    "routines": ("began_at", "routine", "rule", "done_s", "steps_done", "steps", "effort", "pain"),
}

Progress = Callable[[int, int], None]
"""Called with (rows written, rows in all)."""


def write_json(history: History, out: TextIO, progress: Progress) -> None:
    """Write one JSON object with a list for each table. Raises `Unavailable`, and what writing to `out` raises."""
    step = _counter(history, progress)
    out.write(f'{{"version": {VERSION}')
    for table in _COLUMNS:
        out.write(f',\n"{table}": [')
        for number, row in enumerate(_rows(history, table)):
            out.write(",\n" if number else "\n")
            json.dump(row, out, ensure_ascii=False)
            step()
        out.write("]")
    out.write("}\n")


def write_csv(history: History, out: TextIO, progress: Progress) -> None:
    """Write one table with a `kind` column first; what a kind does not have stays empty. Raises as `write_json`."""
    step = _counter(history, progress)
    columns = dict.fromkeys(column for names in _COLUMNS.values() for column in names)
    writer = csv.DictWriter(out, ["kind", *columns], restval="", lineterminator="\n")
    writer.writeheader()
    for table in _COLUMNS:
        for row in _rows(history, table):
            rules = {"reset_rules": " ".join(row["reset_rules"])} if "reset_rules" in row else {}
            writer.writerow({"kind": table.removesuffix("s"), **row, **rules})
            step()


def _counter(history: History, progress: Progress) -> Callable[[], None]:
    total = sum(history.select(f"SELECT count(*) FROM {table}")[0][0] for table in _COLUMNS)
    done = 0
    progress(0, total)

    def step() -> None:
        nonlocal done
        done += 1
        if done % PAGE == 0 or done == total:
            progress(done, total)

    return step


def _rows(history: History, table: str) -> Iterator[Mapping[str, Any]]:
    """Give the rows of a table in the order of their recording, a page at a time: the coach may write meanwhile."""
    columns = _COLUMNS[table]
    stored = [*columns, *(_TIMES[column] for column in columns if column in _TIMES)]
    last = 0
    while page := history.select(f"SELECT id, {', '.join(stored)} FROM {table} WHERE id > ? LIMIT {PAGE}", (last,)):
        for row_id, *values in page:
            last = row_id
            yield _plain(dict(zip(stored, values, strict=True)))


def _plain(row: dict[str, Any]) -> Mapping[str, Any]:
    for column, offset in _TIMES.items():
        if column in row:
            zone = timezone(timedelta(seconds=row.pop(offset)))
            row[column] = datetime.fromtimestamp(row[column], zone).isoformat()
    if "prompted" in row:
        row["prompted"] = bool(row["prompted"])
    if "reset_rules" in row:
        row["reset_rules"] = row["reset_rules"].split()
    return row
