"""What the routine window costs, over every exercise and lesson: `python -m bench routine_window`.

Each is played in a process of its own (`bench.routine_player`) on a private X server; the worst five of each figure are
named beside the budget. Processor time is counted, not time on the clock. Neighbours cost cache all the same: the load
is told, and what is over a budget is played again. The steps that cost most are played at a scale of 200 %, too. Some
three minutes on two quiet cores.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, replace

from bench.figures import Figure, table
from bench.routine_player import FrameCost, StepCost
from bench.screen import private_screen
from traycoach.cli.output import progress
from traycoach.core.instant import SECOND
from traycoach.library import Library
from traycoach.messages import (
    Appearance,
    CloseRoutineWindow,
    FromWindows,
    OpenRoutineWindow,
    RoutineOnScreen,
    RoutineStep,
    SetAppearance,
    WindowsReady,
)
from traycoach.wire import decode, encode

WORST = 5
LONG = 600 * SECOND
"""Steps are played as if they were so long: their loops are then as the files have them, and many."""
FIRST_SHARE, LATER_SHARE = 60.0, 15.0
"""Percent of a core at 30 frames a second: while the first loop is baked, and from the second on."""
MEMORY_MIB = 80.0
GEOMETRY_MS, REPLAY_MS = 10.0, 5.0
AGAIN = 2
SHARES = ("first", "busiest", "later", "moving")
GONE_S = 61.0
"""From the closing of the last window to the end of its process, which waits a minute."""


@dataclass(frozen=True)
class Row:
    """What one step of one message cost; `frame` is known of exercises only."""

    name: str
    step: StepCost
    frame: FrameCost | None


Messages = Mapping[str, OpenRoutineWindow]


def exercise_messages(library: Library) -> Messages:
    """Give a routine of one long step for each exercise."""
    messages = {}
    for entry in library.exercises():
        body = library.exercise(entry.id)
        side = "right" if body.get("sides") == "right-left" else "none"
        messages[entry.id] = OpenRoutineWindow(entry.id, entry.title, (RoutineStep(body, side, LONG),), library.poses())
    return messages


def lesson_messages(library: Library) -> Messages:
    """Give each lesson with long parts."""
    messages = {}
    for entry in library.lessons():
        message = library.lesson_message(entry.id)
        messages[entry.id] = replace(message, steps=tuple(replace(step, time=LONG) for step in message.steps))
    return messages


def played(name: str, message: OpenRoutineWindow, environ: Mapping[str, str], *, frames: bool) -> list[Row]:
    """Play a message in a process of its own; give a row for each step."""
    command = [sys.executable, "-m", "bench.routine_player", *(["--frames"] if frames else [])]
    line = encode(message).encode() + b"\n"
    said = subprocess.run(command, input=line, env=environ, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    frame = FrameCost(**json.loads(said.pop())) if frames else None
    steps = [StepCost(**json.loads(row)) for row in said]
    return [Row(name if len(steps) == 1 else f"{name} {n}", step, frame) for n, step in enumerate(steps, 1)]


def gone_after(environ: Mapping[str, str], message: OpenRoutineWindow) -> float:
    """Give the seconds from the closing of the routine window to the end of its process."""
    command = [sys.executable, "-m", "traycoach.ui"]
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said: Iterable[object] = (decode(line, FromWindows) for line in process.stdout)
        _wait_for(WindowsReady, said)
        for order in (SetAppearance(Appearance("light")), message):
            process.stdin.write(encode(order).encode() + b"\n")
        process.stdin.flush()
        _wait_for(RoutineOnScreen, said)
        process.stdin.write(encode(CloseRoutineWindow()).encode() + b"\n")
        process.stdin.flush()
        began = time.monotonic()
        process.stdout.read()  # to its end
        process.wait(10)
        return time.monotonic() - began


def _wait_for(kind: type[object], said: Iterable[object]) -> None:
    if not any(isinstance(one, kind) for one in said):
        raise RuntimeError("the window process has ended")


def worst(what: str, rows: Sequence[tuple[str, float]], unit: str, budget: float | None = None) -> list[Figure]:
    """Name the worst of a figure."""
    rows = sorted(rows, key=lambda row: -row[1])[:WORST]
    return [Figure(f"routine window: {what}, {place}. {name}", value, unit, budget)
            for place, (name, value) in enumerate(rows, 1)]  # fmt: skip


def step_figures(rows: Sequence[Row], scale: str, *, budgets: bool) -> list[Figure]:
    """The worst steps at a scale."""

    def of(what: str, value: Callable[[StepCost], float], unit: str, budget: float | None = None) -> list[Figure]:
        named = [(row.name, value(row.step)) for row in rows]
        return worst(f"{what}{scale}", named, unit, budget if budgets else None)

    return [
        *of("memory (PSS)", lambda step: step.memory_mib, "MiB", MEMORY_MIB),
        *of("later loops", lambda step: 100 * step.later, "% of a core", LATER_SHARE),
        *of("later loops, while it moves", lambda step: 100 * step.moving, "% of a core", LATER_SHARE),
        *of("first loop", lambda step: 100 * step.first, "% of a core", FIRST_SHARE),
        *of("first loop, busiest second", lambda step: 100 * step.busiest, "% of a core"),
    ]


def frame_figures(rows: Sequence[Row]) -> list[Figure]:
    """The exercises whose frames take longest."""
    frames = [(row.name, row.frame) for row in rows if row.frame is not None]

    def of(what: str, value: Callable[[FrameCost], float], budget: float | None = None) -> list[Figure]:
        return worst(what, [(name, value(frame)) for name, frame in frames], "ms", budget)

    return [
        *of("geometry of a frame", lambda frame: frame.geometry, GEOMETRY_MS),
        *of("frame drawn live, 480 px", lambda frame: frame.live),
        *of("frame replayed, 480 px", lambda frame: frame.replayed, REPLAY_MS),
        *of("frame replayed, 960 px", lambda frame: frame.replayed_large),
    ]


def costly(rows: Sequence[Row]) -> list[str]:
    """The messages with the steps that cost most memory or time."""
    by_memory = sorted(rows, key=lambda row: -row.step.memory_mib)[:WORST]
    by_time = sorted(rows, key=lambda row: -row.step.moving)[:WORST]
    return sorted({row.name.partition(" ")[0] for row in (*by_memory, *by_time)})


def over(row: Row) -> bool:
    """Whether a time of this row is over its budget."""
    step, frame = row.step, row.frame
    if 100 * max(step.later, step.moving) > LATER_SHARE or 100 * step.first > FIRST_SHARE:
        return True
    return frame is not None and (frame.geometry > GEOMETRY_MS or frame.replayed > REPLAY_MS)


def better(one: Row, other: Row) -> Row:
    """The same step, played twice: what else ran on the machine can only have made it slower."""
    times = {name: min(getattr(one.step, name), getattr(other.step, name)) for name in SHARES}
    step = replace(one.step, **times, memory_mib=max(one.step.memory_mib, other.step.memory_mib))
    if one.frame is None or other.frame is None:
        return replace(one, step=step)
    frame = FrameCost(*map(min, astuple(one.frame), astuple(other.frame)))
    return Row(one.name, step, frame)


class Plays:
    """Plays messages, as many at a time as there are cores, and shows how far that has come."""

    def __init__(self, messages: Messages, environ: Mapping[str, str]) -> None:
        self._messages = messages
        self._environ = environ
        self._show = progress("routine window")
        self._lock = threading.Lock()
        self._done = 0
        self.total = len(messages)

    def play(self, names: Iterable[str], scale: int = 1) -> list[Row]:
        """Play these, the windows at this scale."""
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            calls = [pool.submit(self._one, name, scale) for name in names]
            return [row for call in calls for row in call.result()]

    def _one(self, name: str, scale: int) -> list[Row]:
        message = self._messages[name]
        environ = {**self._environ, "QT_SCALE_FACTOR": str(scale)}
        rows = played(name, message, environ, frames=scale == 1 and message.change_now is None)
        with self._lock:
            self._done += 1
            self._show(self._done, self.total)
        return rows


def play_all(messages: Messages, environ: Mapping[str, str]) -> tuple[list[Row], list[Row]]:
    """Play everything, what is over a budget again, and then the costly at 200 %."""
    plays = Plays(messages, environ)
    plays.total += 2 * WORST
    rows = {row.name: row for row in plays.play(messages)}
    for _again in range(AGAIN):
        names = {row.name.partition(" ")[0] for row in rows.values() if over(row)}
        plays.total += len(names)
        for row in plays.play(sorted(names)):
            rows[row.name] = better(rows[row.name], row)
    return list(rows.values()), plays.play(costly(list(rows.values())), 2)


def measure() -> list[Figure]:
    """Play everything."""
    library = Library.load()
    exercises, lessons = exercise_messages(library), lesson_messages(library)
    with private_screen() as environ, ThreadPoolExecutor(1) as aside:
        gone = aside.submit(gone_after, environ, next(iter(exercises.values())))
        before = os.getloadavg()[0]
        rows, large = play_all({**lessons, **exercises}, environ)
        load = max(before, os.getloadavg()[0])
        gone_s = gone.result()
    return [
        Figure(f"routine window: load of the machine meanwhile, {os.cpu_count()} cores", load, ""),
        Figure(f"routine window: steps of {len(exercises)} exercises and {len(lessons)} lessons played", len(rows), ""),
        *step_figures(rows, "", budgets=True),
        *step_figures(large, " at 200 %", budgets=False),
        *frame_figures(rows),
        Figure("routine window: process gone after it is closed", gone_s, "s", GONE_S),
    ]


if __name__ == "__main__":
    print(table(measure()))
