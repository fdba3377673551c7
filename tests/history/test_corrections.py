"""What a correction changes in the history, and the load of the hands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from traycoach.core.actions import RecordBout, RecordBreak, RetractBreak
from traycoach.core.rules import Posture
from traycoach.history import History

ON = date(2026, 3, 2)


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(minutes=minute)


def test_longer_bout_replaces_the_one_with_its_beginning(tmp_path: Path) -> None:
    with History(tmp_path / "history.sqlite3") as history:
        history.record(RecordBout(Posture.SITTING, at(0), at(20), timedelta(minutes=20)))
        history.record(RecordBout(Posture.SITTING, at(0), at(45), timedelta(minutes=45)))

        assert history.day(ON).sat_for == timedelta(minutes=45)


def test_retracted_break_was_none(tmp_path: Path) -> None:
    with History(tmp_path / "history.sqlite3") as history:
        history.record(RecordBreak(at(0), at(10), timedelta(minutes=10), False, ("stand",)))
        history.record(RecordBreak(at(30), at(35), timedelta(minutes=5), True, ("stand",)))
        history.record(RetractBreak(at(0)))

        assert history.day(ON).breaks_done == 1


def test_load_of_the_hands_is_kept_and_deleted_with_the_rest(tmp_path: Path) -> None:
    with History(tmp_path / "history.sqlite3") as history:
        history.record_load(at(30), 12, 9, 0, 0)

        assert history.select("SELECT typing_minutes, pointing_minutes FROM loads") == [(12, 9)]
        assert history.delete() == 1
        assert history.select("SELECT count(*) FROM loads") == [(0,)]
