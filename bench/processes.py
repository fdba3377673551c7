"""What a process uses, as Linux tells it (proc(5))."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def pss_mib(pid: int | str = "self") -> float:
    """Proportional set size: what the process's memory costs the machine, shared pages shared out."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise LookupError("no Pss in smaps_rollup")


@dataclass(frozen=True)
class Use:
    """What a process used in a span: CPU as a share of one core in percent, wake-ups a second."""

    cpu_percent: float
    wakeups_a_second: float


def _counts(pid: int) -> tuple[float, int]:
    cpu_ns = 0
    wakeups = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        cpu_ns += int((task / "schedstat").read_text().split()[0])
        for line in (task / "status").read_text().splitlines():
            # a thread that waits and is called again has switched of its own will once
            if line.startswith("voluntary_ctxt_switches"):
                wakeups += int(line.split()[1])
    return cpu_ns / 1e9, wakeups


def use_of(pid: int, span_s: float) -> Use:
    """Watch a process for so many seconds."""
    began, (cpu, wakeups) = time.monotonic(), _counts(pid)
    time.sleep(span_s)
    ended, (cpu_after, wakeups_after) = time.monotonic(), _counts(pid)
    span = ended - began
    return Use(100 * (cpu_after - cpu) / span, (wakeups_after - wakeups) / span)


class Watch:
    """A stopwatch that stands when its `with` ends."""

    seconds = 0.0


@contextmanager
def stopwatch() -> Iterator[Watch]:
    """Measure the seconds that a block takes."""
    watch = Watch()
    began = time.perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - began
