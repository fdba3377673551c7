"""What happened, day by day: bouts, breaks, outcomes of prompts and routines in one SQLite file of the user's own.

Recording never fails for its caller (`history.file`); asking may raise `Unavailable`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from traycoach.core.actions import Outcome, RecordBout, RecordBreak, RecordOutcome, RecordRoutine, RetractBreak
from traycoach.core.rules import DAY, Posture
from traycoach.history.days import REFUSED, Day, Week, day_of, figures, monday_of
from traycoach.history.file import HistoryFile

__all__ = ["Day", "History", "Record", "Week"]

Record = RecordBout | RecordBreak | RetractBreak | RecordOutcome | RecordRoutine

_BEGAN = "day BETWEEN ? AND ? AND began_at = ?"
"""A row by its beginning. The days, which have an index, may be off by one if the day's start was set anew since."""

_TABLES = ("bouts", "breaks", "outcomes", "routines", "loads")

_INSERT = {
    RecordBout: "INSERT INTO bouts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
    RecordBreak: "INSERT INTO breaks VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    RecordOutcome: "INSERT INTO outcomes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    RecordRoutine: "INSERT INTO routines VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
}


class History:
    """The history file of one user. All methods may be called from any thread.

    `day_starts_at` may be set when the settings change. `tell` receives a sentence for the user when the file had to be
    moved aside or cannot be written; each once.
    """

    def __init__(
        self,
        path: Path,
        day_starts_at: time = time(4, 0),
        tell: Callable[[str], None] | None = None,
        read_only: bool = False,
    ) -> None:
        """Open the history. Raises `Unavailable` only if `read_only`: then nothing is made, migrated or moved aside."""
        self.day_starts_at = day_starts_at
        self._file = HistoryFile(path, tell, read_only)

    def record(self, *actions: Record) -> None:
        """Write a row for each, and those that had to wait, in one transaction. Never raises."""
        self._file.write(statement for action in actions for statement in self._statements(action))

    def record_load(self, at: datetime, typing_minutes: int, pointing_minutes: int, keys: int, clicks: int) -> None:
        """Write how much the hands did since the last such row: minutes, and counts (never which key). Never raises."""
        row = (self._day(at), *_stamp(at), typing_minutes, pointing_minutes, keys, clicks)
        self._file.write([("INSERT INTO loads VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row)])

    def day(self, on: date, running: Iterable[RecordBout] = ()) -> Day:
        """Give the figures of one day. `running` are bouts that have not ended yet. Raises `Unavailable`."""
        return self._days([on], running)[0]

    def week(self, on: date, running: Iterable[RecordBout] = ()) -> Week:
        """Give the week of this day, and the streak that reaches it. Raises `Unavailable`.

        The streak counts days with at least half of the planned breaks; days without any are passed over, and so is
        the day itself as long as it is not kept yet.
        """
        monday = monday_of(on)
        return Week(self._days([monday + n * DAY for n in range(7)], running), self.streak(on))

    def streak(self, on: date) -> int:
        """Give the number of days in a row that kept their breaks, up to this one. Raises `Unavailable`."""
        count, last, span = 0, on.toordinal(), 32
        first_of_all = self._first_day()
        while last >= first_of_all:
            planned = self._planned(last - span + 1, last)
            for day in sorted(planned, reverse=True):
                done, refused = planned[day]
                if done >= refused and done:
                    count += 1
                elif day != on.toordinal():
                    return count
            last, span = last - span, span * 2
        return count

    def delete(self, before: date | None = None) -> int:
        """Delete all rows, or those of the days before this one, for good; give their number. Raises `Unavailable`.

        With all rows go the copies beside the file: the one before a migration, and damaged ones.
        """
        limit = before.toordinal() if before is not None else date.max.toordinal() + 1
        count = self._file.delete(_TABLES, limit)
        if before is None:
            self._file.delete_copies()
        return count

    def select(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query of ours. Raises `Unavailable`."""
        return self._file.select(statement, values)

    def close(self) -> None:
        """Write what waits and close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- figures ------------------------------------------------------------------------------------------------------

    def _days(self, days: Sequence[date], running: Iterable[RecordBout]) -> tuple[Day, ...]:
        first, last = days[0].toordinal(), days[-1].toordinal()
        bouts = [
            RecordBout(Posture(posture), _at(began, offset), _at(ended, ended_offset), timedelta(seconds=sat_s))
            for posture, began, offset, ended, ended_offset, sat_s in self.select(
                "SELECT posture, began_at, began_offset, ended_at, ended_offset, sat_s FROM bouts"
                " WHERE day BETWEEN ? AND ?",
                (first - 1, last),  # one that began the day before may reach into the first
            )
        ]
        breaks = [
            RecordBreak(_at(began, offset), _at(ended, ended_offset), timedelta(seconds=away_s), bool(prompted), ())
            for began, offset, ended, ended_offset, away_s, prompted in self.select(
                "SELECT began_at, began_offset, ended_at, ended_offset, away_s, prompted FROM breaks"
                " WHERE day BETWEEN ? AND ? AND ended_day = day",
                (first, last),
            )
        ]
        outcomes: dict[date, dict[Outcome, int]] = {}
        for day, outcome, count in self.select(
            # SQLite takes `outcome` from the row with the greatest id (sqlite.org/lang_select.html, bare columns)
            "SELECT day, outcome, count(*) FROM (SELECT day, outcome, max(id) FROM outcomes WHERE day BETWEEN ? AND ?"
            " GROUP BY day, prompt, rule) GROUP BY day, outcome",
            (first, last),
        ):
            outcomes.setdefault(date.fromordinal(day), {})[Outcome(outcome)] = count
        return figures(days, [*bouts, *running], breaks, outcomes, self.day_starts_at)

    def _planned(self, first: int, last: int) -> Mapping[int, tuple[int, int]]:
        """Give (breaks done, prompts refused) of the days in this span that have any."""
        rows = self.select(
            "SELECT day, sum(done), sum(refused) FROM ("
            " SELECT day, 1 AS done, 0 AS refused FROM breaks WHERE day BETWEEN ? AND ? AND ended_day = day"
            " UNION ALL SELECT day, 0, outcome IN (?, ?) FROM (SELECT day, outcome, max(id) FROM outcomes"
            " WHERE day BETWEEN ? AND ? GROUP BY day, prompt, rule)) GROUP BY day",
            (first, last, *(outcome.value for outcome in REFUSED), first, last),
        )
        return {day: (done, refused) for day, done, refused in rows if done or refused}

    def _first_day(self) -> int:
        days = self.select("SELECT min(day) FROM breaks UNION ALL SELECT min(day) FROM outcomes")
        return min((day for (day,) in days if day is not None), default=date.max.toordinal())

    # --- rows ------------------------------------------------------------------------------------------------------

    def _statements(self, action: Record) -> Iterator[tuple[str, Sequence[Any]]]:
        """Give what writes an action. A bout replaces the one with its beginning: a correction made it longer."""
        if isinstance(action, RetractBreak):
            yield f"DELETE FROM breaks WHERE {_BEGAN}", self._begun(action.began_at)
            return
        if isinstance(action, RecordBout):
            yield f"DELETE FROM bouts WHERE {_BEGAN}", self._begun(action.began_at)
        yield _INSERT[type(action)], self._row(action)

    def _row(self, action: RecordBout | RecordBreak | RecordOutcome | RecordRoutine) -> Sequence[Any]:
        match action:
            case RecordBout():
                began, ended = _stamp(action.began_at), _stamp(action.ended_at)
                return (self._day(action.began_at), action.posture.value, *began, *ended, _seconds(action.sat_for))
            case RecordBreak():
                days = self._day(action.began_at), self._day(action.ended_at)
                span = *_stamp(action.began_at), *_stamp(action.ended_at), _seconds(action.away_for)
                return (*days, *span, action.prompted, " ".join(action.reset_rules))
            case RecordOutcome():
                prompt = action.prompt, action.rule, action.outcome.value
                spans = _seconds(action.sat_for), _seconds(action.due_for)
                return (self._day(action.at), *prompt, *_stamp(action.at), *spans, action.routine, action.reason)
            case RecordRoutine():
                routine = action.routine, action.rule
                done = _seconds(action.done_for), action.steps_done, action.steps
                began = _stamp(action.began_at)
                return (self._day(action.began_at), *routine, *began, *done, action.effort, action.pain)

    def _begun(self, began_at: datetime) -> Sequence[Any]:
        """Give the values for `_BEGAN`."""
        day = self._day(began_at)
        return day - 1, day + 1, _stamp(began_at)[0]

    def _day(self, wall: datetime) -> int:
        return day_of(wall, self.day_starts_at).toordinal()


def _stamp(wall: datetime) -> tuple[int, int]:
    offset = wall.utcoffset()
    assert offset is not None, "recorded times are aware"
    return round(wall.timestamp()), round(offset.total_seconds())


def _at(seconds: int, offset: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone(timedelta(seconds=offset)))


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
