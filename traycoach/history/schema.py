"""The tables of the history and how a database gets them: numbered migrations, each in its own transaction.

Facts: sqlite.org/wal.html (readers never wait for the writer; a killed writer leaves a whole database, at most without
its last transaction), sqlite.org/pragma.html for `user_version`, which is set in the migration's transaction.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from traycoach.errors import Unavailable
from traycoach.paths import private
from traycoach.text import _

Migration = Callable[[sqlite3.Connection], None]


def m001_tables(database: sqlite3.Connection) -> None:
    """Bouts, breaks, outcomes, routines and the load of the hands.

    Times are seconds since 1970 beside the local offset from UTC in seconds, durations whole seconds. `day` is the
    number of the local day (`date.toordinal`) under the day's start of that time; a bout has the day it began in.
    """
    for statement in (
        """CREATE TABLE bouts (
            id INTEGER PRIMARY KEY, day INTEGER NOT NULL, posture TEXT NOT NULL,
            began_at INTEGER NOT NULL, began_offset INTEGER NOT NULL,
            ended_at INTEGER NOT NULL, ended_offset INTEGER NOT NULL, sat_s INTEGER NOT NULL)""",
        """CREATE TABLE breaks (
            id INTEGER PRIMARY KEY, day INTEGER NOT NULL, ended_day INTEGER NOT NULL,
            began_at INTEGER NOT NULL, began_offset INTEGER NOT NULL,
            ended_at INTEGER NOT NULL, ended_offset INTEGER NOT NULL,
            away_s INTEGER NOT NULL, prompted INTEGER NOT NULL, reset_rules TEXT NOT NULL)""",
        """CREATE TABLE outcomes (
            id INTEGER PRIMARY KEY, day INTEGER NOT NULL, prompt INTEGER NOT NULL, rule TEXT NOT NULL,
            outcome TEXT NOT NULL, at INTEGER NOT NULL, at_offset INTEGER NOT NULL,
            sat_s INTEGER NOT NULL, due_s INTEGER NOT NULL, routine TEXT, reason TEXT NOT NULL)""",
        """CREATE TABLE routines (
            id INTEGER PRIMARY KEY, day INTEGER NOT NULL, routine TEXT NOT NULL, rule TEXT,
            began_at INTEGER NOT NULL, began_offset INTEGER NOT NULL, done_s INTEGER NOT NULL,
            steps_done INTEGER NOT NULL, steps INTEGER NOT NULL, effort INTEGER, pain INTEGER)""",
        """CREATE TABLE loads (
            id INTEGER PRIMARY KEY, day INTEGER NOT NULL, at INTEGER NOT NULL, at_offset INTEGER NOT NULL,
            typing_minutes INTEGER NOT NULL, pointing_minutes INTEGER NOT NULL,
            keys INTEGER NOT NULL, clicks INTEGER NOT NULL)""",
        "CREATE INDEX loads_by_day ON loads (day)",
        "CREATE INDEX bouts_by_day ON bouts (day)",
        "CREATE INDEX breaks_by_day ON breaks (day, ended_day)",
        "CREATE INDEX outcomes_by_day ON outcomes (day, prompt, rule, id, outcome)",
        "CREATE INDEX routines_by_day ON routines (day)",
    ):
        database.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (m001_tables,)
"""In order; the number of a migration is its place, from 1. A released one is never changed: add another."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether the error says that the file itself is broken (and not that the disk is full, or read-only)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED  # the low byte: sqlite.org/rescode.html


def open_database(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """Open the database for writing, made or migrated as needed. May be used from any thread, by one at a time.

    Raises `sqlite3.Error` (see `is_damage`) and `OSError`; `Unavailable` if a newer traycoach wrote it. Before an older
    database is migrated a copy is put beside it.
    """
    private(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)  # SQLite gives its -wal and -shm files the same mode
    database = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA cache_size = -512")  # KiB: the coach's memory is somebody's laptop
        database.execute("PRAGMA secure_delete = ON")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        _migrate(database, path, migrations)
    except BaseException:
        database.close()
        raise
    return database


def open_to_read(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """Open the database for reading only, beside the coach that writes; where there is none, an empty one in memory.

    Raises `sqlite3.Error`, and `Unavailable` if its version is another one.
    """
    if not path.exists() or path.stat().st_size == 0:
        database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        _migrate(database, path, migrations)
        return database
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1, isolation_level=None, check_same_thread=False
    )
    try:
        _check_version(database, migrations)
    except BaseException:
        database.close()
        raise
    return database


def copies_of(path: Path) -> list[Path]:
    """Give the copies kept beside the database: the one before a migration, and damaged ones that were moved aside."""
    return sorted(path.parent.glob(f"{path.stem}.*{path.suffix}*"))


@contextlib.contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        # a full disk has already rolled back by itself
        with contextlib.suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _migrate(database: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    version = _version(database)
    if version > len(migrations):
        raise Unavailable(_newer())
    if 0 < version < len(migrations):
        _copy(database, path.with_name(f"{path.stem}.before-m{version + 1:03}{path.suffix}"))
    for number, migration in enumerate(migrations[version:], version + 1):
        with transaction(database):
            if _version(database) >= number:  # another process was quicker
                continue
            migration(database)
            database.execute(f"PRAGMA user_version = {number}")


def _check_version(database: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    version = _version(database)
    if version > len(migrations):
        raise Unavailable(_newer())
    if version < len(migrations):
        raise Unavailable(_("The history is of an older version. Start the coach once: it brings it up to date."))


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _copy(database: sqlite3.Connection, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    with contextlib.closing(sqlite3.connect(copy)) as target:
        database.backup(target)


def _newer() -> str:
    return _("The history was written by a newer traycoach. It is left as it is; nothing is recorded.")
