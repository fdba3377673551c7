"""The history file in a world where disks fill up, files break and processes are killed.

Writing never fails for its caller: what cannot be written now (a full disk) waits in memory and is tried again with the
next row, and a damaged file is moved aside, told, and begun anew. Reading may raise `Unavailable`.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from traycoach import clock
from traycoach.errors import Unavailable
from traycoach.history.schema import copies_of, is_damage, open_database, open_to_read, transaction
from traycoach.text import _

WAITING_ROWS = 1000
"""So many rows wait at most while nothing can be written: several days of work."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class HistoryFile:
    """One SQLite file, used by one thread at a time, whichever that is."""

    def __init__(self, path: Path, tell: Callable[[str], None] | None, read_only: bool) -> None:
        """Open the file. Raises `Unavailable` only if `read_only`: then nothing is made, migrated or moved aside."""
        self.path = path
        self._tell = tell or (lambda _sentence: None)  # it is in the log all the same
        self._read_only = read_only
        self._lock = threading.RLock()
        self._waiting: deque[tuple[str, Sequence[Any]]] = deque(maxlen=WAITING_ROWS)
        self._in_trouble = False
        self._database: sqlite3.Connection | None = None
        if read_only:
            self._open()
        else:
            self._flush()

    def write(self, rows: Iterable[tuple[str, Sequence[Any]]]) -> None:
        """Run (statement, values) pairs, and those that had to wait, in one transaction. Never raises."""
        with self._lock:
            self._waiting.extend(rows)
            self._flush()

    def select(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query. Raises `Unavailable`."""
        return self._ask(lambda database: database.execute(statement, values).fetchall())

    def delete(self, tables: Iterable[str], before_day: int) -> int:
        """Delete the rows of the days before this one so that the file holds them no more; give their number.

        Raises `Unavailable`.
        """

        def sweep(database: sqlite3.Connection) -> int:
            count = 0
            with transaction(database):
                for table in tables:
                    count += database.execute(f"DELETE FROM {table} WHERE day < ?", (before_day,)).rowcount
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return count

        return self._ask(sweep)

    def delete_copies(self) -> None:
        """Delete the copies beside the file: the one before a migration, and damaged ones."""
        for copy in copies_of(self.path):
            copy.unlink(missing_ok=True)

    def close(self) -> None:
        """Write what waits and close the file."""
        with self._lock:
            if self._waiting:
                self._flush()
            self._let_go()

    def _ask(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        with self._lock:
            try:
                return work(self._open())
            except sqlite3.DatabaseError as error:
                self._replace_if_damaged(error)
                raise Unavailable(_("The history cannot be used: {reason}.").format(reason=error)) from error

    def _flush(self) -> None:
        for _attempt in range(2):  # the second one into a new file, if the old one turns out to be damaged
            try:
                database = self._open()
                if self._waiting:
                    with transaction(database):
                        for statement, values in self._waiting:
                            database.execute(statement, values)
                    self._waiting.clear()
            except Unavailable as error:
                self._note_trouble(error.reason)
                return
            except sqlite3.DatabaseError as error:
                if not self._replace_if_damaged(error):
                    sentence = _("The history cannot be written: {reason}. The coach goes on without it.")
                    self._note_trouble(sentence.format(reason=error))
                    return
            else:
                self._in_trouble = False
                return

    def _open(self) -> sqlite3.Connection:
        """Give the open database; a damaged file is moved aside first. Raises `Unavailable`."""
        if self._database is None:
            try:
                self._database = open_to_read(self.path) if self._read_only else self._open_to_write()
            except (sqlite3.Error, OSError) as error:
                sentence = _("The history at {path} cannot be opened: {reason}.")
                raise Unavailable(sentence.format(path=self.path, reason=error)) from error
        return self._database

    def _open_to_write(self) -> sqlite3.Connection:
        try:
            return open_database(self.path)
        except sqlite3.DatabaseError as error:
            if not self._replace_if_damaged(error):
                raise
            return open_database(self.path)

    def _replace_if_damaged(self, error: sqlite3.DatabaseError) -> bool:
        """Move a file that turned out to be damaged aside; tell whether it was that."""
        if self._read_only or not is_damage(error):
            return False
        self._let_go()
        stamp = clock.now().wall.strftime("%Y-%m-%d-%H%M%S")
        aside = self.path.with_name(f"{self.path.stem}.damaged-{stamp}{self.path.suffix}")
        try:
            for ending in ("-wal", "-shm", ""):  # the file itself last: what is left of it must not meet a new one
                part = Path(f"{self.path}{ending}")
                if part.exists():
                    part.rename(f"{aside}{ending}")
        except OSError:
            _log.exception("a damaged history could not be moved aside")
            return False
        _log.error("the history was damaged and is now %s", aside.name)
        sentence = _("The history was damaged. A new one was begun; the old one is kept as {path}.")
        self._tell(sentence.format(path=aside))
        return True

    def _let_go(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _note_trouble(self, sentence: str) -> None:
        if not self._in_trouble:
            self._in_trouble = True
            _log.error("history: %s", sentence)
            self._tell(sentence)
