"""How long `traycoach status` takes to answer. Budget: 0.12 s from the start of the process to its end.

Run: python bench/status.py. The coach is a stand-in that answers at once; what is measured is the command line: the
interpreter's own start, the imports and the socket.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench.figures import Figure, table

BUDGET_MS = 120.0
ROUNDS = 20
ROOT = Path(__file__).parents[1]

COACH = """
import sys
from traycoach.control import claim
from traycoach.control.server import Server
from traycoach.messages import Reply

with claim() as mine:
    server = Server(mine, lambda request: Reply(0, "traycoach - sitting 24 of 30 min", {"state": "sitting"}))
    server.start()
    print("ready", flush=True)
    sys.stdin.read()
    server.close()
"""


def timed(command: list[str], environ: dict[str, str]) -> tuple[float, float]:
    """Give the medians of the milliseconds that the command takes on the clock and of the CPU."""
    took, worked = [], []
    for _round in range(ROUNDS):
        before, began = _children_cpu_s(), perf_counter()
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
        took.append((perf_counter() - began) * 1000)
        worked.append((_children_cpu_s() - before) * 1000)
    return statistics.median(took), statistics.median(worked)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure() -> list[Figure]:
    """Ask a coach of its own process, many times."""
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "TRAYCOACH_HOME": home, "PYTHONPATH": str(ROOT)}
        coach = subprocess.Popen(
            [sys.executable, "-c", COACH], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert coach.stdout is not None
            coach.stdout.readline()
            bare, _work = timed([sys.executable, "-c", "pass"], environ)
            status, work = timed([sys.executable, "-m", "traycoach", "status"], environ)
        finally:
            coach.communicate()
    return [
        Figure("traycoach status, answered", status, "ms", BUDGET_MS),
        Figure("traycoach status, CPU time of it", work, "ms"),
        Figure("a bare interpreter", bare, "ms"),
    ]


if __name__ == "__main__":
    print(table(measure()))
