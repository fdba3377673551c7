"""What the running daemon costs on a private XFCE desktop, beside the budgets: `python -m bench.daemon`.

Memory with nothing open, wake-ups and CPU while someone uses a fast mouse and while nobody is there, the time from
start to the icon, and the time that `traycoach status` takes.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

from bench.figures import Figure, table
from bench.processes import pss_mib, stopwatch, use_of
from tests.desktops.lab import Coach, XfceDesktop, pause, wait_until

SPAN_S = 60.0
PANEL = (0, 0, 1280, 40)
SETTINGS = 'version = 1\n[presence]\nidle_after = "10s"\naway_after = "1m"\n'
MOUSE = """
import sys
from Xlib import X, display
from Xlib.ext import xtest
import time
connection = display.Display()
until = time.monotonic() + float(sys.argv[1])
count = 0
due = time.monotonic()
while due < until:
    xtest.fake_input(connection, X.MotionNotify, x=200 + count % 700, y=300 + count % 211)
    connection.flush()
    count += 1
    due += 0.001
    time.sleep(max(0.0, due - time.monotonic()))
"""


def measure() -> list[Figure]:
    """Start the desktop and the daemon, and measure for about three minutes."""
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as folder, XfceDesktop(Path(folder)) as desktop:
        coach = desktop.coach(SETTINGS)
        figures = [_icon_time(desktop, coach)]
        figures.append(_status_time(coach))
        figures += _in_use(desktop, coach)
        # idle_after and away_after pass, and the window process, had there been one, would be gone
        pause(80)
        figures.append(Figure("memory of the daemon, nothing open (PSS)", pss_mib(coach.pid), "MiB", 32))
        away = use_of(coach.pid, SPAN_S)
        assert coach.ask("status")["presence"] == "away", "the measurement was of something else"
        figures.append(Figure("wake-ups a second while away", away.wakeups_a_second, "/s", 0.1))
        figures.append(Figure("CPU while away", away.cpu_percent, "% of a core", 0.005))
        coach.stop()
    return figures


def _icon_time(desktop: XfceDesktop, coach: Coach) -> Figure:
    bare = desktop.picture().crop(PANEL).tobytes()
    with stopwatch() as watch:
        coach.start(ready=False)
        wait_until(lambda: desktop.picture().crop(PANEL).tobytes() != bare, 20, "the icon")
    desktop.wait_until(lambda: coach.tell("status").returncode == 0, 20, "an answer")
    return Figure("icon in the tray after start", watch.seconds, "s", 0.7)


def _status_time(coach: Coach) -> Figure:
    times = []
    for _ in range(9):
        with stopwatch() as watch:
            coach.ask("status")
        times.append(watch.seconds)
    return Figure("`traycoach status` answered (median of 9)", sorted(times)[4], "s", 0.12)


def _in_use(desktop: XfceDesktop, coach: Coach) -> list[Figure]:
    mouse = threading.Thread(
        target=desktop.run, args=([sys.executable, "-c", MOUSE, str(SPAN_S + 6)], SPAN_S + 30), daemon=True
    )
    mouse.start()
    pause(3)
    use = use_of(coach.pid, SPAN_S)
    mouse.join()
    return [
        Figure("wake-ups a second in full use of a 1000 Hz mouse", use.wakeups_a_second, "/s", 1),
        Figure("CPU in use", use.cpu_percent, "% of a core", 0.05),
    ]


if __name__ == "__main__":
    print(table(measure()))
