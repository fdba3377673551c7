"""What listening for input costs, each mechanism by itself: wake-ups and CPU, away and under a fast mouse.

Run: python -m bench.idle_wakeups. Each mechanism runs in a process of its own on a private X server: the alarms with
the typing and pointing minutes and the full-screen guard (what the daemon uses), then the reserve that asks now and
then, then the pynput hook for comparison. The mouse is XTEST at up to 1000 Hz; the first figure says what it reached.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, table
from bench.processes import use_of
from tests.desktops.lab import Lab, WindowManager, XServer, pause

SPAN_S = 20.0
SETTLE_S = 5.0
AWAY_WAKEUPS, IN_USE_WAKEUPS = 0.1, 1.0

LISTENER = """
import sys
from datetime import timedelta
from traycoach.activity.chooser import InputWatch
from traycoach.activity.hook import HookSource
from traycoach.activity.load import InputMeter
from traycoach.activity.x11 import X11Alarms
from traycoach.activity.x11_poll import x11_poll
from traycoach.desktop.x11 import SharedX11, require_x11
from traycoach.guards.focus import FocusWatch, fullscreen
from traycoach.guards.x11_focus import X11Focus
from traycoach.guards.watch import GuardWatch

connect = SharedX11()
post = lambda event: None
mechanism, after_s = sys.argv[1], float(sys.argv[2])
makers = {
    "alarms": lambda: X11Alarms(connect),
    "asking": lambda: x11_poll(connect),
    "hook": lambda: HookSource(require_x11),
}
watch = InputWatch([makers[mechanism]], post)
watch.start()
watch.watch(timedelta(seconds=after_s))
if mechanism == "alarms":
    meter = InputMeter("minutes", connect)
    meter.start()
    assert meter.refusal is None, meter.refusal
    guards = GuardWatch([fullscreen(FocusWatch(X11Focus(connect)))], post, {"fullscreen": True})
    guards.start()
assert watch.name, watch.refusals
print("ready", flush=True)
sys.stdin.read()
"""

MOUSE = """
import sys, time
from Xlib import X, display
from Xlib.ext import xtest
connection = display.Display()
print("ready", flush=True)
began = due = time.monotonic()
count = 0
while due < began + float(sys.argv[1]):
    xtest.fake_input(connection, X.MotionNotify, x=200 + count % 700, y=300 + count % 211)
    connection.flush()
    count += 1
    due += 0.001
    time.sleep(max(0.0, due - time.monotonic()))
connection.sync()
print(count / (time.monotonic() - began), flush=True)
"""


def measure() -> list[Figure]:
    """Measure the three mechanisms, away and in use; about two and a half minutes."""
    with (
        tempfile.TemporaryDirectory(prefix="tc-bench-") as folder,
        Lab(Path(folder)) as lab,
        XServer(lab),
        WindowManager(lab, "openbox"),
    ):
        figures = []
        rates = []
        for mechanism, what, budgeted in (
            ("alarms", "XSync alarms, minutes and full-screen guard", True),
            ("asking", "asking now and then", False),
            ("hook", "pynput hook", False),
        ):
            rate, in_use = _in_use(lab, mechanism, what, budgeted)
            rates.append(rate)
            figures += [*_away(lab, mechanism, what, budgeted), *in_use]
        return [Figure("the mouse", min(rates), "movements/s"), *figures]


def _away(lab: Lab, mechanism: str, what: str, budgeted: bool) -> list[Figure]:
    """Nobody is there: the threshold has passed and only a return would be told."""
    with _child(lab, LISTENER, mechanism, "2") as listener:
        pause(SETTLE_S)
        use = use_of(listener.pid, SPAN_S)
    return [
        Figure(f"{what}: wake-ups while away", use.wakeups_a_second, "/s", AWAY_WAKEUPS if budgeted else None),
        Figure(f"{what}: CPU while away", use.cpu_percent, "% of a core"),
    ]


def _in_use(lab: Lab, mechanism: str, what: str, budgeted: bool) -> tuple[float, list[Figure]]:
    with (
        _child(lab, LISTENER, mechanism, "60") as listener,
        _child(lab, MOUSE, str(SPAN_S + SETTLE_S)) as mouse,
    ):
        pause(SETTLE_S / 2)
        use = use_of(listener.pid, SPAN_S)
        assert mouse.stdout is not None
        rate = float(mouse.stdout.readline())
    return rate, [
        Figure(f"{what}: wake-ups in use", use.wakeups_a_second, "/s", IN_USE_WAKEUPS if budgeted else None),
        Figure(f"{what}: CPU in use", use.cpu_percent, "% of a core"),
    ]


@contextmanager
def _child(lab: Lab, code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run code inside the lab until the block ends; it says "ready" first and ends with its standard input."""
    command = [sys.executable, "-c", code, *arguments]
    child = subprocess.Popen(command, env=lab.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        if child.stdout.readline() != "ready\n":
            raise RuntimeError(f"{arguments} did not start")
        yield child
    finally:
        child.communicate()


if __name__ == "__main__":
    print(table(measure()))
