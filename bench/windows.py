"""What the window process costs, in real time: `python -m bench windows`, on a private X server.

The time from start to ready, from a message to a painted prompt, memory before, with and after a routine, and the
processor time of a routine that plays. `bench.routine_window` goes through all exercises, on a virtual clock.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace

from bench.figures import Figure, table
from bench.processes import use_of
from bench.routine_player import memory_mib
from bench.screen import private_screen
from bench.window_samples import prompt_message, routine_message
from traycoach.core.instant import SECOND
from traycoach.core.rules import Look
from traycoach.messages import (
    Appearance,
    CloseRoutineWindow,
    FromWindows,
    OpenRoutineWindow,
    PromptOnScreen,
    RoutineOnScreen,
    SetAppearance,
    ToWindows,
    WindowsReady,
    WithdrawPromptWindow,
)
from traycoach.wire import decode, encode

ROUNDS = 10
PROMPT_MS = 150.0
"""From the lull to the prompt on the screen; the daemon's share of that is small."""
MEMORY_MIB, LATER_SHARE = 80.0, 15.0


class Windows:
    """The process under measurement."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "traycoach.ui"],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.wait_for(WindowsReady)
        self.ready_s = time.perf_counter() - began

    def send(self, message: ToWindows) -> None:
        """Send one message."""
        assert self.process.stdin is not None
        self.process.stdin.write(encode(message).encode() + b"\n")
        self.process.stdin.flush()

    def wait_for(self, kind: type[object]) -> None:
        """Wait for a message of this kind."""
        assert self.process.stdout is not None
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the window process has ended")
            if isinstance(decode(line, FromWindows), kind):
                return

    def latency(self, message: ToWindows, kind: type[object]) -> float:
        """Give the milliseconds from a message to its answer."""
        began = time.perf_counter()
        self.send(message)
        self.wait_for(kind)
        return (time.perf_counter() - began) * 1000

    @property
    def memory_mib(self) -> float:
        """What the process takes now."""
        return memory_mib(self.process.pid)

    def close(self) -> None:
        """End the process as its parent's end does."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def starts(environ: Mapping[str, str]) -> Figure:
    """Start three times."""
    times = []
    for _ in range(3):
        windows = Windows(environ)
        times.append(windows.ready_s)
        windows.close()
    return Figure("windows: from start to ready (best of 3)", min(times), "s")


def prompts(environ: Mapping[str, str]) -> list[Figure]:
    """Show every look of a prompt, many times."""
    windows = Windows(environ)
    windows.send(SetAppearance(Appearance("light", reduced_motion=True)))
    figures = [Figure("windows: memory (PSS), warm, none open", windows.memory_mib, "MiB")]
    for look in Look:
        times = []
        for _ in range(ROUNDS):
            times.append(windows.latency(prompt_message(look), PromptOnScreen))
            windows.send(WithdrawPromptWindow(1))
        figures.append(Figure(f"windows: {look.value} to the screen, the first", times[0], "ms", PROMPT_MS))
        middle = statistics.median(times[1:])
        figures.append(Figure(f"windows: {look.value} to the screen, median of the others", middle, "ms", PROMPT_MS))
    windows.close()
    return figures


def routine(environ: Mapping[str, str]) -> list[Figure]:
    """Let a routine play for some time."""
    windows = Windows(environ)
    windows.send(SetAppearance(Appearance("light")))
    shown = windows.latency(walking(), RoutineOnScreen)
    use_of(windows.process.pid, 8)  # it gets ready, and the first loops are baked
    later = use_of(windows.process.pid, 8).cpu_percent
    playing = windows.memory_mib
    windows.send(CloseRoutineWindow())
    time.sleep(1)
    closed = windows.memory_mib
    windows.close()
    return [
        Figure("windows: routine to the screen", shown, "ms"),
        Figure("windows: a walk on the spot, from the second loop on", later, "% of a core", LATER_SHARE),
        Figure("windows: memory (PSS), routine open", playing, "MiB", MEMORY_MIB),
        Figure("windows: memory (PSS), routine closed", closed, "MiB"),
    ]


def walking() -> OpenRoutineWindow:
    """A routine of one long step without a hold: the figure moves all the time."""
    message = routine_message()
    return replace(message, steps=(replace(message.steps[0], time=600 * SECOND),))


def measure() -> list[Figure]:
    """Some forty seconds."""
    with private_screen() as environ:
        return [starts(environ), *prompts(environ), *routine(environ)]


if __name__ == "__main__":
    print(table(measure()))
