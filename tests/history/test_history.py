"""Recording and asking: what goes into the history comes out as figures, whatever happens to the file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from traycoach.core.actions import Outcome, RecordBout, RecordBreak, RecordOutcome, RecordRoutine
from traycoach.core.rules import Posture
from traycoach.errors import Unavailable
from traycoach.history import History
from traycoach.history.schema import MIGRATIONS, open_database

ROOT = Path(__file__).parent.parent.parent
BERLIN_WINTER = timezone(timedelta(hours=1))
MONDAY = date(2025, 2, 3)


def at(clock: str, on: date = MONDAY, zone: timezone = BERLIN_WINTER) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), zone)


def bout(began: str, ended: str, posture: Posture = Posture.SITTING, on: date = MONDAY) -> RecordBout:
    return RecordBout(posture, at(began, on), at(ended, on), at(ended, on) - at(began, on))


def rest(began: str, ended: str, on: date = MONDAY, prompted: bool = True) -> RecordBreak:
    return RecordBreak(at(began, on), at(ended, on), at(ended, on) - at(began, on), prompted, ("stand",))


def outcome(prompt: int, how: Outcome, clock: str = "10:00", on: date = MONDAY) -> RecordOutcome:
    return RecordOutcome(prompt, "stand", how, at(clock, on), timedelta(minutes=30), timedelta(seconds=90))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History(path) as opened:
        yield opened


def test_a_day_has_the_figures_of_what_was_recorded(history: History) -> None:
    for record in (
        bout("09:00", "09:52"),
        rest("09:52", "09:56"),
        bout("09:56", "10:20", Posture.STANDING),
        bout("10:20", "11:00"),
        rest("11:00", "11:45", prompted=False),
        outcome(1, Outcome.COMPLETED, "09:52"),
        outcome(2, Outcome.SKIPPED, "10:50"),
        RecordRoutine("hips", "stand", at("09:52"), timedelta(minutes=3), 4, 4, 2, None),
    ):
        history.record(record)
    day = history.day(MONDAY)
    assert day.sat_for == timedelta(minutes=92)
    assert day.stood_for == timedelta(minutes=24)
    assert day.away_for == timedelta(minutes=49)
    assert day.longest_sit == timedelta(minutes=52)
    assert (day.breaks_done, day.breaks_planned) == (2, 3)
    assert day.outcomes == {Outcome.COMPLETED: 1, Outcome.SKIPPED: 1}
    assert [(part.kind, f"{part.began_at:%H:%M}") for part in day.parts] == [
        ("sitting", "09:00"),
        ("break", "09:52"),
        ("standing", "09:56"),
        ("sitting", "10:20"),
        ("away", "11:00"),
    ]
    assert day.parts[0].began_at.utcoffset() == timedelta(hours=1)


def test_a_day_without_rows_is_off(history: History) -> None:
    day = history.day(MONDAY)
    assert day.is_off
    assert not day.is_kept
    assert (day.sat_for, day.breaks_planned, day.parts) == (timedelta(0), 0, ())


def test_the_bout_that_still_runs_is_counted_on_demand(history: History) -> None:
    history.record(bout("09:00", "09:30"))
    assert history.day(MONDAY, running=[bout("10:00", "10:40")]).longest_sit == timedelta(minutes=40)
    assert history.day(MONDAY).longest_sit == timedelta(minutes=30)


def test_the_last_outcome_of_a_prompt_is_the_one_that_counts(history: History) -> None:
    for how in (Outcome.SNOOZED, Outcome.IGNORED, Outcome.TAKEN):
        history.record(outcome(7, how))
    day = history.day(MONDAY)
    assert day.outcomes == {Outcome.TAKEN: 1}
    assert day.breaks_planned == 0


def test_missed_merged_and_shown_prompts_are_neither_done_nor_planned(history: History) -> None:
    for prompt, how in enumerate((Outcome.MISSED, Outcome.MERGED, Outcome.SHOWN, Outcome.SNOOZED)):
        history.record(outcome(prompt, how))
    assert history.day(MONDAY).breaks_planned == 0


@pytest.mark.parametrize("starts", ["00:00", "04:00", "06:30"])
def test_a_bout_across_the_start_of_the_day_is_split(path: Path, starts: str) -> None:
    with History(path, day_starts_at=time.fromisoformat(starts)) as history:
        start = at(starts, MONDAY + timedelta(days=1))
        history.record(
            RecordBout(Posture.SITTING, start - timedelta(hours=1), start + timedelta(hours=2), timedelta(minutes=150))
        )
        first, second = history.day(MONDAY), history.day(MONDAY + timedelta(days=1))
        assert (first.sat_for, second.sat_for) == (timedelta(minutes=50), timedelta(minutes=100))
        assert first.parts[0].ended_at == second.parts[0].began_at == start


def test_work_after_midnight_belongs_to_the_evening_before(history: History) -> None:
    history.record(bout("23:00", "23:59"))
    history.record(bout("01:00", "02:00", on=MONDAY + timedelta(days=1)))
    assert history.day(MONDAY).sat_for == timedelta(minutes=119)
    assert history.day(MONDAY + timedelta(days=1)).is_off


def test_the_night_is_no_break(history: History) -> None:
    tuesday = MONDAY + timedelta(days=1)
    night = RecordBreak(at("18:00"), at("08:30", tuesday), timedelta(hours=14.5), False, ("stand", "move"))
    history.record(night)
    assert history.day(MONDAY).breaks_done == 0
    assert history.day(tuesday).breaks_done == 0


def test_a_journey_across_zones_keeps_each_day_by_its_own_clock(history: History) -> None:
    tokyo = timezone(timedelta(hours=9))
    history.record(RecordBout(Posture.SITTING, at("09:00", zone=tokyo), at("10:00", zone=tokyo), timedelta(hours=1)))
    history.record(bout("22:00", "23:00"))
    assert history.day(MONDAY).sat_for == timedelta(hours=2)
    assert f"{history.day(MONDAY).parts[0].began_at:%H:%M}" == "09:00"


def test_daylight_saving_changes_no_duration(history: History) -> None:
    saturday = date(2025, 3, 29)
    began = at("23:00", saturday)
    ended = datetime(2025, 3, 30, 5, 0, tzinfo=timezone(timedelta(hours=2)))
    history.record(RecordBout(Posture.SITTING, began, ended, timedelta(hours=5)))
    assert history.day(saturday).sat_for == timedelta(hours=4)
    assert history.day(date(2025, 3, 30)).sat_for == timedelta(hours=1)


def test_a_week_begins_on_monday_and_sums_its_days(history: History) -> None:
    for days in (-1, 0, 2, 6, 7):
        history.record(bout("09:00", "10:00", on=MONDAY + timedelta(days=days)))
        history.record(rest("10:00", "10:05", on=MONDAY + timedelta(days=days)))
    week = history.week(MONDAY + timedelta(days=3))
    assert [day.on for day in week.days] == [MONDAY + timedelta(days=number) for number in range(7)]
    assert week.sat_for == timedelta(hours=3)
    assert (week.breaks_done, week.breaks_planned) == (3, 3)
    assert week.longest_sit == timedelta(hours=1)
    assert week.stood_for == timedelta(0)


def keep(history: History, on: date, done: int, refused: int) -> None:
    for number in range(done):
        history.record(rest(f"{9 + number}:00".zfill(5), f"{9 + number}:05".zfill(5), on=on))
    for number in range(refused):
        history.record(outcome(number, Outcome.IGNORED, on=on))


@pytest.mark.parametrize(
    ("plan", "streak"),
    [
        ([(4, 2), (3, 3), (6, 0)], 3),
        ([(4, 2), (2, 3), (6, 0)], 1),
        ([(4, 2), (0, 0), (0, 0), (6, 0)], 2),
        ([(4, 2), (6, 0), (1, 3)], 2),
        ([(4, 2), (6, 0), (0, 0)], 2),
        ([(1, 4)], 0),
        ([], 0),
    ],
    ids=[
        "all kept",
        "one broken",
        "days off",
        "today is not over",
        "nothing yet today",
        "only a broken one",
        "no rows",
    ],
)
def test_the_streak_counts_kept_days_and_passes_over_days_off(
    history: History, plan: list[tuple[int, int]], streak: int
) -> None:
    today = MONDAY + timedelta(days=20)
    for back, (done, refused) in enumerate(reversed(plan)):
        keep(history, today - timedelta(days=back), done, refused)
    assert history.streak(today) == streak
    assert history.week(today).streak == streak


def test_a_long_streak_reaches_over_years_and_holidays(history: History) -> None:
    today = date(2025, 6, 30)
    for back in range(0, 400, 2):
        if not 100 < back < 180:
            keep(history, today - timedelta(days=back), 1, 1)
    assert history.streak(today) == 200 - 39


def test_deleting_takes_the_days_before_a_date_or_everything(history: History) -> None:
    for on in (MONDAY, MONDAY + timedelta(days=1)):
        history.record(bout("09:00", "10:00", on=on))
        history.record(outcome(1, Outcome.SKIPPED, on=on))
    assert history.delete(before=MONDAY + timedelta(days=1)) == 2
    assert history.day(MONDAY).is_off
    assert not history.day(MONDAY + timedelta(days=1)).is_off
    assert history.delete() == 2
    assert history.week(MONDAY).sat_for == timedelta(0)


def test_deleted_rows_are_gone_from_the_disk_and_so_are_the_copies(path: Path) -> None:
    copy = path.with_name("history.damaged-2025-01-01-120000.sqlite3")
    with History(path) as history:
        copy.write_bytes(b"a secret-routine")
        history.record(RecordRoutine("secret-routine", None, at("09:00"), timedelta(minutes=3), 4, 4, None, None))
        history.delete()
        assert not any(b"secret-routine" in file.read_bytes() for file in path.parent.iterdir())
    assert not copy.exists()


def test_the_files_are_for_the_owner_only(path: Path) -> None:
    with History(path) as history:
        history.record(bout("09:00", "10:00"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert modes == {f"history.sqlite3{ending}": 0o600 for ending in ("", "-wal", "-shm")}


def test_rows_survive_a_restart(path: Path) -> None:
    with History(path) as history:
        history.record(bout("09:00", "10:00"))
    with History(path) as history:
        assert history.day(MONDAY).sat_for == timedelta(hours=1)


WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from traycoach.core.actions import Outcome, RecordOutcome
from traycoach.history import History

history = History(Path(sys.argv[1]))
at = datetime(2025, 2, 3, 9, tzinfo=UTC)
number = 0
while True:
    history.record(RecordOutcome(number, "stand", Outcome.TAKEN, at, timedelta(0), timedelta(0), reason="x" * 4000))
    number += 1
    if number % 20 == 0:
        print(number, flush=True)
"""


def test_a_writer_killed_in_mid_write_leaves_every_row_that_was_recorded(path: Path) -> None:
    told = 0
    for _round in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= 100:
                break
        child.kill()
        rest_of_it = child.communicate()[0].split()
        told += max(100, *map(int, rest_of_it or ["0"]))
        with History(path) as history:
            rows = history.select("SELECT count(*) FROM outcomes")[0][0]
            assert rows >= told
            assert history.select("PRAGMA integrity_check") == [("ok",)]
            told = rows


@pytest.mark.parametrize("damage", [b"this is no database, " * 400, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(path: Path, damage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    told: list[str] = []
    with History(path, tell=told.append) as history:
        history.record(bout("09:00", "10:00"))
        assert history.day(MONDAY).sat_for == timedelta(hours=1)
    (aside,) = path.parent.glob("history.damaged-*.sqlite3")
    assert aside.read_bytes() == damage
    assert len(told) == 1
    assert str(aside) in told[0]


def test_damage_that_shows_only_while_writing_loses_no_row(path: Path) -> None:
    with History(path) as history:
        for number in range(200):
            history.record(outcome(number, Outcome.TAKEN))
    whole = bytearray(path.read_bytes())
    whole[4096:] = os.urandom(len(whole) - 4096)
    path.write_bytes(whole)
    told: list[str] = []
    with History(path, tell=told.append) as history:
        assert told == []
        history.record(bout("09:00", "10:00"))
        assert len(told) == 1
        assert history.day(MONDAY).sat_for == timedelta(hours=1)


def test_damage_that_shows_only_while_asking_is_told_and_the_next_question_works(path: Path) -> None:
    with History(path) as history:
        for number in range(200):
            history.record(outcome(number, Outcome.TAKEN))
    whole = bytearray(path.read_bytes())
    whole[4096:] = os.urandom(len(whole) - 4096)
    path.write_bytes(whole)
    with History(path) as history:
        with pytest.raises(Unavailable):
            history.week(MONDAY)
        assert history.week(MONDAY).breaks_done == 0


@pytest.mark.parametrize("obstacle", ["a folder in its place", "a parent that is a file"])
def test_a_place_that_cannot_be_written_is_told_once_and_the_coach_goes_on(tmp_path: Path, obstacle: str) -> None:
    path = tmp_path / "state" / "history.sqlite3"
    if obstacle == "a folder in its place":
        path.mkdir(parents=True)
    else:
        path.parent.write_text("")
    told: list[str] = []
    with History(path, tell=told.append) as history:
        for hour in range(9, 12):
            history.record(bout(f"{hour:02}:00", f"{hour:02}:30"))
        assert len(told) == 1
        with pytest.raises(Unavailable):
            history.day(MONDAY)
        path.rmdir() if path.exists() else path.parent.unlink()
        history.record(bout("14:00", "14:30"))
        assert history.day(MONDAY).sat_for == timedelta(hours=2)


FULL = """
import resource, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from traycoach.core.actions import Outcome, RecordOutcome
from traycoach.history import History

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
told = []
history = History(Path(sys.argv[1]), tell=told.append)
at = datetime(2025, 2, 3, 9, tzinfo=UTC)

def record(number):
    history.record(RecordOutcome(number, "stand", Outcome.TAKEN, at, timedelta(0), timedelta(0), reason="x" * 2000))

record(0)
_soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
for number in range(1, 150):
    record(number)
full = history.select("SELECT count(*) FROM outcomes")[0][0]
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
record(150)
print(len(told), full < 150, history.select("SELECT count(*) FROM outcomes")[0][0])
"""


def test_rows_wait_while_no_more_can_be_written_and_follow_when_there_is_room(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == ["1", "True", "151"], done.stderr


def test_a_reader_sees_rows_while_the_coach_writes(path: Path, history: History) -> None:
    history.record(bout("09:00", "10:00"))
    with History(path, read_only=True) as reader:
        assert reader.day(MONDAY).sat_for == timedelta(hours=1)
        history.record(bout("10:00", "11:00"))
        assert reader.day(MONDAY).sat_for == timedelta(hours=2)


def test_a_reader_makes_no_file_and_moves_none(path: Path) -> None:
    with History(path, read_only=True) as reader:
        assert reader.week(MONDAY).days[0].is_off
    assert not path.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(Unavailable, match="opened"), History(path, read_only=True) as reader:
        reader.week(MONDAY)
    assert [file.name for file in path.parent.iterdir()] == ["history.sqlite3"]


def test_threads_may_record_and_ask_at_the_same_time(history: History) -> None:
    def work(step: Callable[[int], object]) -> threading.Thread:
        return threading.Thread(target=lambda: [step(number) for number in range(50)])

    threads = [
        work(lambda number: history.record(outcome(number, Outcome.TAKEN))),
        work(lambda number: history.record(rest("09:00", "09:05"))),
        work(lambda _number: history.week(MONDAY)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert history.day(MONDAY).breaks_done == 50
    assert history.day(MONDAY).outcomes == {Outcome.TAKEN: 50}


# --- migrations -------------------------------------------------------------------------------------------------------


def m002_mood(database: sqlite3.Connection) -> None:
    database.execute("ALTER TABLE routines ADD COLUMN mood INTEGER")


def m003_broken(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE half (id)")
    raise sqlite3.OperationalError("no more room")


def test_an_older_file_is_migrated_with_a_copy_beside_it(path: Path) -> None:
    with History(path) as history:
        history.record(RecordRoutine("hips", None, at("09:00"), timedelta(minutes=3), 4, 4, None, None))
    with contextlib.closing(open_database(path, (*MIGRATIONS, m002_mood))) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("SELECT routine, mood FROM routines").fetchall() == [("hips", None)]
    copy = path.with_name("history.before-m002.sqlite3")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with contextlib.closing(sqlite3.connect(copy)) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (1,)
        assert before.execute("SELECT routine FROM routines").fetchall() == [("hips",)]


def test_a_migration_that_fails_leaves_what_was_before(path: Path) -> None:
    with History(path):
        pass
    with pytest.raises(sqlite3.OperationalError):
        open_database(path, (*MIGRATIONS, m002_mood, m003_broken))
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []


def test_a_file_of_a_newer_traycoach_is_left_as_it_is(path: Path) -> None:
    open_database(path, (*MIGRATIONS, m002_mood)).close()
    before = path.read_bytes()
    told: list[str] = []
    with History(path, tell=told.append) as history:
        history.record(bout("09:00", "10:00"))
        assert len(told) == 1
        with pytest.raises(Unavailable, match="newer"):
            history.week(MONDAY)
    assert path.read_bytes() == before
    with pytest.raises(Unavailable, match="newer"):
        History(path, read_only=True)


def test_times_are_stored_as_utc_seconds_with_their_offset_and_whole_durations(path: Path, history: History) -> None:
    history.record(
        RecordBout(Posture.SITTING, at("09:00"), at("10:00"), timedelta(minutes=59, seconds=59, milliseconds=700))
    )
    ((began, offset, sat_s),) = history.select("SELECT began_at, began_offset, sat_s FROM bouts")
    assert (began, offset, sat_s) == (int(datetime(2025, 2, 3, 8, tzinfo=UTC).timestamp()), 3600, 3600)
