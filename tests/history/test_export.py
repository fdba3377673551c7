"""The whole history leaves as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from traycoach.core.actions import Outcome, RecordBout, RecordBreak, RecordOutcome, RecordRoutine
from traycoach.core.rules import Posture
from traycoach.history import History
from traycoach.history.export import PAGE, write_csv, write_json

AT = datetime(2025, 2, 3, 9, tzinfo=timezone(timedelta(hours=1)))
HOUR = timedelta(hours=1)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.sqlite3") as opened:
        opened.record(RecordBout(Posture.STANDING, AT, AT + HOUR, HOUR))
        opened.record(RecordBreak(AT + HOUR, AT + 2 * HOUR, HOUR, True, ("stand", "move")))
        opened.record(RecordOutcome(3, "stand", Outcome.MISSED, AT, HOUR, HOUR / 60, None, "a, “call”\nand more"))
        opened.record_load(AT, 12, 9, 800, 70)
        opened.record(RecordRoutine("hips", None, AT, timedelta(minutes=2), 3, 4, 5, None))
        yield opened


def test_json_holds_every_row_of_every_table(history: History) -> None:
    out, steps = io.StringIO(), []
    write_json(history, out, lambda done, total: steps.append((done, total)))
    assert json.loads(out.getvalue()) == {
        "version": 1,
        "bouts": [
            {
                "began_at": "2025-02-03T09:00:00+01:00",
                "ended_at": "2025-02-03T10:00:00+01:00",
                "posture": "standing",
                "sat_s": 3600,
            }
        ],
        "breaks": [
            {
                "began_at": "2025-02-03T10:00:00+01:00",
                "ended_at": "2025-02-03T11:00:00+01:00",
                "away_s": 3600,
                "prompted": True,
                "reset_rules": ["stand", "move"],
            }
        ],
        "outcomes": [
            {
                "at": "2025-02-03T09:00:00+01:00",
                "prompt": 3,
                "rule": "stand",
                "outcome": "missed",
                "sat_s": 3600,
                "due_s": 60,
                "routine": None,
                "reason": "a, “call”\nand more",
            }
        ],
        "loads": [
            {
                "at": "2025-02-03T09:00:00+01:00",
                "typing_minutes": 12,
                "pointing_minutes": 9,
                "keys": 800,
                "clicks": 70,
            }
        ],
        "routines": [
            {
                "began_at": "2025-02-03T09:00:00+01:00",
                "routine": "hips",
                "rule": None,
                "done_s": 120,
                "steps_done": 3,
                "steps": 4,
                "effort": 5,
                "pain": None,
            }
        ],
    }
    assert steps == [(0, 5), (5, 5)]


def test_csv_has_one_row_each_with_its_kind(history: History) -> None:
    out = io.StringIO(newline="")
    write_csv(history, out, lambda _done, _total: None)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert [row["kind"] for row in rows] == ["bout", "break", "outcome", "load", "routine"]
    assert rows[1]["reset_rules"] == "stand move"
    assert rows[2]["reason"] == "a, “call”\nand more"
    assert rows[4]["effort"] == "5"
    assert rows[0]["effort"] == ""


def test_an_empty_history_is_a_whole_file_too(tmp_path: Path) -> None:
    with History(tmp_path / "none.sqlite3", read_only=True) as empty:
        out = io.StringIO()
        write_json(empty, out, lambda _done, _total: None)
        assert json.loads(out.getvalue())["bouts"] == []


def test_more_than_a_page_comes_whole_and_in_order(tmp_path: Path) -> None:
    with History(tmp_path / "history.sqlite3") as history:
        for number in range(PAGE + 5):
            history.record(RecordOutcome(number, "stand", Outcome.TAKEN, AT, HOUR, HOUR))
        out, steps = io.StringIO(), []
        write_json(history, out, lambda done, total: steps.append((done, total)))
    assert [row["prompt"] for row in json.loads(out.getvalue())["outcomes"]] == list(range(PAGE + 5))
    assert steps == [(0, PAGE + 5), (PAGE, PAGE + 5), (PAGE + 5, PAGE + 5)]
