"""What the window process costs: `python -m bench.windows`. Run it on a real screen, or under Xvfb, for real figures.

Prints the time from start to ready, from a message to a painted prompt, the memory with the routine window, the time
of a frame, and the processor time of the playing window in its first and its later loops. Budgets: docs/product.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

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
    RoutineStep,
    SetAppearance,
    ToWindows,
    WindowsReady,
    WithdrawPromptWindow,
)
from traycoach.wire import decode, encode

ROUNDS = 10


class Windows:
    """The process under measurement."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "traycoach.ui"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.wait_for(WindowsReady)
        self.ready_s = time.perf_counter() - self.began

    def send(self, message: ToWindows) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(encode(message).encode() + b"\n")
        self.process.stdin.flush()

    def wait_for(self, kind: type[object]) -> None:
        assert self.process.stdout is not None
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the window process has ended; is there a screen? (QT_QPA_PLATFORM=offscreen)")
            if isinstance(decode(line, FromWindows), kind):
                return

    def latency(self, message: ToWindows, kind: type[object]) -> float:
        begin = time.perf_counter()
        self.send(message)
        self.wait_for(kind)
        return (time.perf_counter() - begin) * 1000

    def memory_mib(self) -> tuple[float, float]:
        """PSS and the part that is this process's alone."""
        rows = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {row.split(":")[0]: int(row.split()[1]) / 1024 for row in rows}
        return sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"]

    def processor_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def load(self, length_s: float) -> float:
        """Percent of one core over the next seconds."""
        begin, used = time.perf_counter(), self.processor_s()
        time.sleep(length_s)
        return 100 * (self.processor_s() - used) / (time.perf_counter() - begin)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def start_and_prompts() -> None:
    starts = []
    for _ in range(3):
        windows = Windows()
        starts.append(windows.ready_s)
        windows.close()
    print(f"start to ready            {min(starts):6.2f} s (of 3: {', '.join(f'{s:.2f}' for s in starts)})")
    windows = Windows()
    windows.send(SetAppearance(Appearance("light", reduced_motion=True)))
    pss, own = windows.memory_mib()
    print(f"memory, warm, none open   {pss:6.1f} MiB PSS, {own:.1f} private")
    for look in Look:
        times = []
        for _ in range(ROUNDS):
            times.append(windows.latency(prompt_message(look), PromptOnScreen))
            windows.send(WithdrawPromptWindow(1))
        middle = statistics.median(times[1:])
        print(f"{look.value:8} to the screen    {middle:6.1f} ms (first {times[0]:.1f}, worst {max(times[1:]):.1f})")
    windows.close()


def one_long_step() -> OpenRoutineWindow:
    message = routine_message()
    moving = message.steps[1]
    step = RoutineStep(moving.exercise, moving.side, 600 * SECOND)
    return OpenRoutineWindow(message.routine, message.title, (step,), message.poses, message.facts)


def routine() -> None:
    windows = Windows()
    windows.send(SetAppearance(Appearance("light")))
    print(f"routine to the screen     {windows.latency(one_long_step(), RoutineOnScreen):6.1f} ms")
    windows.load(3)
    loop_s = sum(move["time"] + move.get("hold", 0) for move in routine_message().steps[1].exercise["move"])
    print(f"first loop ({loop_s:.0f} s)         {windows.load(loop_s):6.1f} % of a core")
    print(f"later loops               {windows.load(2 * loop_s):6.1f} % of a core")
    pss, own = windows.memory_mib()
    print(f"memory, routine open      {pss:6.1f} MiB PSS, {own:.1f} private")
    windows.send(CloseRoutineWindow())
    windows.load(1)
    pss, own = windows.memory_mib()
    print(f"memory, routine closed    {pss:6.1f} MiB PSS, {own:.1f} private")
    windows.close()


def frames() -> None:
    """The whole window's frame, drawn into memory, once baked."""
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication

    from traycoach.ui.routine_window import RoutineWindow
    from traycoach.ui.theme import Theme
    from traycoach.ui.typeface import load_fonts

    application = QApplication.instance() or QApplication(["frames"])
    load_fonts()
    now = [0 * SECOND]
    window = RoutineWindow(Theme(Appearance("light")), one_long_step(), lambda _message: None, lambda: now[0])
    window.open()
    application.processEvents()
    target = QPixmap(window.page.stage.size())
    times = []
    for number in range(3 * 30 * 9):
        now[0] += SECOND / 30
        window.playback.tick()
        begin = time.perf_counter()
        window.page.stage.render(target)
        if number > 30 * 20:
            times.append((time.perf_counter() - begin) * 1000)
    times.sort()
    print(f"frame of the stage, baked {statistics.median(times):6.1f} ms (p95 {times[int(len(times) * 0.95)]:.1f})")
    window.close_now()


if __name__ == "__main__":
    start_and_prompts()
    routine()
    frames()
