"""What a process uses, as Linux tells it (proc(5))."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
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
    threads: Mapping[str, float] = field(default_factory=dict)
    """The wake-ups of each thread."""

    def busiest(self) -> str:
        """Give the threads that woke most, a line for whoever looks for the reason."""
        first = sorted(self.threads.items(), key=lambda one: -one[1])[:4]
        return ", ".join(f"{name} {each:.2f}/s" for name, each in first)


@dataclass(frozen=True)
class _Task:
    name: str
    cpu_ns: int = 0
    wakeups: int = 0


def _tasks(pid: int) -> dict[str, _Task]:
    """Give what each thread has used so far. A thread that waits and is called again has switched of its own will."""
    found: dict[str, _Task] = {}
    for folder in Path(f"/proc/{pid}/task").iterdir():
        try:
            cpu_ns = int((folder / "schedstat").read_text().split()[0])
            lines = (folder / "status").read_text().splitlines()
            name = (folder / "comm").read_text().strip()
        except FileNotFoundError:
            continue  # the thread has just ended
        (switches,) = (int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
        found[folder.name] = _Task(name, cpu_ns, switches)
    return found


def use_of(pid: int, span_s: float) -> Use:
    """Watch a process for so many seconds. What a thread did that ended meanwhile is not counted."""
    began, before = time.monotonic(), _tasks(pid)
    time.sleep(span_s)
    ended, after = time.monotonic(), _tasks(pid)
    span = ended - began
    cpu_ns, threads = 0, {}
    for number, task in after.items():
        old = before.get(number, _Task(task.name))
        cpu_ns += task.cpu_ns - old.cpu_ns
        threads[f"{task.name} {number}"] = (task.wakeups - old.wakeups) / span
    return Use(100 * cpu_ns / 1e9 / span, sum(threads.values()), threads)


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
