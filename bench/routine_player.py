"""Plays one routine or lesson in the windows' own code on a virtual clock, and tells what it cost.

A process of its own, started by `bench.routine_window`: one message for the windows on standard input, a line of JSON
for each step on standard output. Time is the window's own clock, moved on by the pace that the window asks for: a loop
of half a minute is played in a second. What is counted is processor time.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from traycoach.core.routine import READY_FOR
from traycoach.messages import Appearance, OpenRoutineWindow, RoutineStep, SetAppearance, ToWindows
from traycoach.wire import decode

LATER_S = 12.0
"""So much of the loops after the first is played at most, s; a loop is always played to its end."""
SAMPLES = 8
SMALL, LARGE = 480, 960


@dataclass(frozen=True)
class StepCost:
    """What one step cost. Shares are of one core, of the time that the step seemed to take.

    `first`: from its beginning, getting ready included, to the end of its first loop; `busiest`: the busiest second of
    that; `later`: the loops after that; `moving`: the frames of those in which the figure moves, each against a
    thirtieth of a second. `memory_mib` at the end of the step.
    """

    exercise: str
    frames: int
    loop_s: float
    first: float
    busiest: float
    later: float
    moving: float
    memory_mib: float


@dataclass(frozen=True)
class FrameCost:
    """Milliseconds of processor time for a frame: its geometry; drawn anew and painted; painted again."""

    geometry: float
    live: float
    replayed: float
    replayed_large: float


class Routine:
    """A routine's window on a clock that stands until it is moved on."""

    def __init__(self, message: OpenRoutineWindow) -> None:
        from traycoach.memory import settle
        from traycoach.ui.__main__ import start
        from traycoach.ui.routine_window import RoutineWindow
        from traycoach.ui.theme import Theme
        from traycoach.ui.windows import Windows

        self.application = start()
        theme = Theme()
        self.windows = Windows(theme, lambda _message: None)
        self.windows.ready()
        settle()
        self.windows.take(SetAppearance(Appearance("light")))
        self.message = message
        self.at = timedelta(0)
        self.window = RoutineWindow(theme, message, lambda _message: None, lambda: self.at)
        self.window.open()
        self.application.processEvents()

    def tick(self) -> tuple[float, float]:
        """Let one tick pass; give its length and the processor time it took, s."""
        pace = self.window.playback.pace_ms / 1000
        assert pace, "the routine is over"
        self.at += timedelta(seconds=pace)
        began = time.process_time()
        self.window.playback.tick()
        self.application.processEvents()
        return pace, time.process_time() - began

    def steps(self) -> Iterator[StepCost]:
        """Play the first loop of every step and some of the others. The steps must be long enough for that."""
        for number, step in enumerate(self.message.steps):
            if number:
                self.window.playback.next()
                self.application.processEvents()
            yield self._step(step)

    def _step(self, step: RoutineStep) -> StepCost:
        play = self.window.playback
        stage = self.window.page.stage.stage
        assert stage is not None, "a movement that cannot be read"
        loop = step.time.total_seconds() / play.player.step.loops(stage.duration)
        ready = READY_FOR.total_seconds() if self.message.change_now is None else 0.0
        first = list(self._ticks(ready + loop))
        later = list(self._ticks(loop * max(1, round(LATER_S / loop))))
        moving = [cost for pace, cost in later if pace < 0.05]
        return StepCost(
            str(step.exercise.get("id")),
            stage.clip.timeline.frame_count,
            loop,
            _share(first),
            _busiest(first),
            _share(later),
            30 * sum(moving) / len(moving) if moving else _share(later),
            memory_mib(),
        )

    def _ticks(self, length_s: float) -> Iterator[tuple[float, float]]:
        passed = 0.0
        while passed < length_s:
            pace, cost = self.tick()
            passed += pace
            yield pace, cost


def _share(ticks: list[tuple[float, float]]) -> float:
    length = sum(pace for pace, _cost in ticks)
    return sum(cost for _pace, cost in ticks) / length if length else 0.0


def _busiest(ticks: list[tuple[float, float]]) -> float:
    """The share of the busiest span of a second."""
    busiest = 0.0
    first = 0
    length = cost = 0.0
    for pace, took in ticks:
        length, cost = length + pace, cost + took
        while length - ticks[first][0] >= 1.0:
            length, cost = length - ticks[first][0], cost - ticks[first][1]
            first += 1
        busiest = max(busiest, cost / max(1.0, length))
    return busiest


def memory_mib(pid: int | str = "self") -> float:
    """The proportional set size (MiB) of a process as it is when no other program uses Qt.

    Pages of Qt's own files count whole, so that a second window process on the machine makes this one no smaller.
    """
    total = 0
    qt = False
    with Path(f"/proc/{pid}/smaps").open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name, _colon, rest = line.partition(":")
            if " " in name:
                qt = "/PySide6/" in line or "/shiboken6/" in line
            elif name == ("Rss" if qt else "Pss"):
                total += int(rest.split()[0])
    return total / 1024


def frame_cost(message: OpenRoutineWindow) -> FrameCost:
    """Draw and paint some frames of the first step's loop, evenly spread."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    from traycoach.figure.brush import Style
    from traycoach.figure.clip import parse_clip
    from traycoach.figure.drawing import Detail
    from traycoach.figure.film import Film
    from traycoach.ui.figure_painter import Stage

    clip = parse_clip(message.steps[0].exercise, message.poses)
    line = clip.timeline
    times = [line.frame_time(k * line.frame_count // SAMPLES) - 1e-3 for k in range(SAMPLES)]
    film = Film(clip, Style(Detail.FACE))
    stances = [line.frame(t) for t in times]
    began = time.process_time()
    for stance in stances:
        film.draw(stance)
    geometry = time.process_time() - began
    took = []
    for pixels in (SMALL, LARGE):
        stage = Stage(clip)
        image = QImage(pixels, pixels, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(pixels / SMALL)
        box = QRectF(0, 0, SMALL, SMALL)
        with QPainter(image) as painter:
            stage.paint(painter, box, line.duration - 1e-3)
            for _twice in range(2):
                began = time.process_time()
                for t in times:
                    stage.paint(painter, box, t)
                took.append(time.process_time() - began)
    live, small, _large_live, large = (1000 * one / len(times) for one in took)
    return FrameCost(1000 * geometry / len(times), live, small, large)


def main() -> None:
    """Play the message that comes in."""
    message = decode(sys.stdin.buffer.readline(), ToWindows)
    assert isinstance(message, OpenRoutineWindow)
    routine = Routine(message)
    for cost in routine.steps():
        print(json.dumps(asdict(cost)), flush=True)
    if "--frames" in sys.argv:
        print(json.dumps(asdict(frame_cost(message))), flush=True)
    sys.stdout.flush()
    os._exit(0)  # as the window process leaves: Qt's objects die in no order that Python knows


if __name__ == "__main__":
    main()
