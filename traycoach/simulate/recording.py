# ruff: noqa: ANN401 - plain JSON is of any type
"""A recorded day: what entered a live coach, as JSON lines, and how it is played again.

The first line of a file (`Head`) holds what the coach began with; each further line (`Heard`) is one event with its two
times, and the actions that it led to. A file that has grown too large is set aside (`.1`, `.2`, …) and a new one begins
with the state of that moment, so that each file can be replayed alone. Nothing in it was not also in the coach: no key,
no window title, no file name; the files are for the owner's eyes only (0600).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from traycoach.core.actions import Action
from traycoach.core.events import Event
from traycoach.core.instant import Instant
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Schedule
from traycoach.core.state import CoachState
from traycoach.errors import Problem, UserError
from traycoach.text import _
from traycoach.wire import from_data, to_data

FORMAT = 1
MAX_BYTES = 4 * 1024 * 1024
KEEP = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What a coach begins with. `zone` is the name of the time zone, empty if it has none; `version` the program's."""

    format: int
    version: str
    zone: str
    steady: timedelta
    wall: datetime
    seed: int
    schedule: Schedule
    catalogue: tuple[RoutineInfo, ...]
    state: CoachState | None


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as it entered. `actions` are those that it led to, as plain data; None if they were not recorded."""

    steady: timedelta
    wall: datetime
    event: Event
    actions: tuple[Any, ...] | None = None


def head_of(
    now: Instant,
    seed: int,
    schedule: Schedule,
    catalogue: tuple[RoutineInfo, ...],
    state: CoachState | None,
    version: str,
) -> Head:
    """Put together the first line of a recording."""
    zone = getattr(now.wall.tzinfo, "key", None) or ""
    return Head(FORMAT, version, zone, now.steady, now.wall, seed, schedule, catalogue, state)


def actions_data(actions: Iterable[Action]) -> list[Any]:
    """Give actions as plain data, each with its type."""
    return [to_data(action, Action) for action in actions]


class Recorder:
    """Writes a recording. `begin` gives the head for this moment; it is asked whenever a file begins.

    Used from the coach's thread only. Each line is flushed, so that a crash loses nothing; a failing disk raises
    OSError, which the caller, an adapter, catches.
    """

    def __init__(self, path: Path, begin: Callable[[], Head], max_bytes: int = MAX_BYTES, keep: int = KEEP) -> None:
        self._path = path
        self._begin = begin
        self._max_bytes = max_bytes
        self._keep = keep
        self._size = 0
        self._descriptor: int | None = None
        if path.exists():
            self._set_aside()

    def record(self, event: Event, now: Instant, actions: Sequence[Action] = ()) -> None:
        """Write one event, after the coach has handled it.

        An event that begins a file is not written: the head, the state of this moment, has it in it already. Who wants
        the very first event too calls `open` before the coach handles it.
        """
        if self._descriptor is None:
            self.open()
            return
        self._write(to_data(Heard(now.steady, now.wall, event, tuple(actions_data(actions)))))
        if self._size >= self._max_bytes:
            self.close()
            self._set_aside()
            self.open()

    def open(self) -> None:
        """Begin the file with its head, unless it has begun."""
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            os.fchmod(self._descriptor, 0o600)
            self._size = 0
            self._write(to_data(self._begin()))

    def close(self) -> None:
        """Close the file; recording again begins a new one."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, data: Any) -> None:
        assert self._descriptor is not None, "a file is open"
        line = memoryview(json.dumps(data, separators=(",", ":")).encode() + b"\n")
        self._size += len(line)
        while line:
            line = line[os.write(self._descriptor, line) :]

    def _set_aside(self) -> None:
        for number in range(self._keep - 1, 0, -1):
            older = self._path.with_name(f"{self._path.name}.{number}")
            if older.exists():
                older.replace(self._path.with_name(f"{self._path.name}.{number + 1}"))
        self._path.replace(self._path.with_name(f"{self._path.name}.1"))


def read_recording(path: Path) -> tuple[Head, Iterator[tuple[int, Heard]]]:
    """Open a recording: its head, and its events with their line numbers, read as they are asked for.

    A last line that was cut off by a crash is left out. Raises UserError for anything else that cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            Problem(_("This recording cannot be read: {error}.").format(error=_reason(error)), str(path))
        ) from error
    if not lines:
        raise UserError(Problem(_("This recording is empty."), str(path)))
    data = _json(lines[0], path, 1)
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise UserError(Problem(_("This is no recording of format {format}.").format(format=FORMAT), str(path), line=1))
    head: Head = _value(data, Head, path, 1)
    zone = ZoneInfo(head.zone) if head.zone else None
    if zone is not None:
        head = replace(head, wall=head.wall.astimezone(zone))

    def heard() -> Iterator[tuple[int, Heard]]:
        for number, line in enumerate(lines[1:], 2):
            if not line.endswith("\n"):
                return
            one: Heard = _value(_json(line, path, number), Heard, path, number)
            wall = one.wall if zone is None else one.wall.astimezone(zone)
            yield number, Heard(one.steady, wall, one.event, one.actions)

    return head, heard()


def _json(line: str, path: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise UserError(Problem(_("This is not a line of JSON."), str(path), line=number)) from error


def _value(data: object, kind: type, path: Path, number: int) -> Any:
    try:
        return from_data(data, kind)
    except UserError as error:
        raise UserError(
            *(Problem(problem.message, str(path), problem.key, number) for problem in error.problems)
        ) from error


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or _("unknown") if isinstance(error, OSError) else _("it is not UTF-8")
