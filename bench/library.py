"""What settings and the library cost: time of a start, and memory beside what the daemon has loaded anyway."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, table
from bench.processes import stopwatch

# What the daemon has in memory before it reads settings and library.
BASE = (
    "import sys; sys.modules['ssl'] = None; import asyncio, sqlite3, tomllib, dataclasses, logging, json, platformdirs"
)
SETTINGS = (
    "from traycoach.settings import load_at_start; from pathlib import Path; s = load_at_start(Path('none.toml'))"
)
LIBRARY = "from traycoach.library import Library"
# Indices fit what is on the disk only while nobody edits the exercises: a copy with an index of its own does.
INDEX = "library = Library.load(Path({folder!r})); catalogue = library.catalogue()"
TIMED = "import time; began = time.perf_counter(); {index}; print(1000 * (time.perf_counter() - began))"
INDEX_MS, INDEX_MIB = 20.0, 2.0
"""What the daemon may pay for the index at its start."""
OPENED = "library.open_message(catalogue[0].id)"
WATCH = "from traycoach.settings.watch import Watcher; watcher = Watcher(Path('none.toml'), print)"
REPORT = "import gc, bench.processes; gc.collect(); print(bench.processes.pss_mib())"


def _pss_after(*statements: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*statements, REPORT])], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _memory(folder: str) -> list[Figure]:
    steps = (
        ("settings", SETTINGS, None),
        ("the library's code", LIBRARY, None),
        ("the library's index", INDEX.format(folder=folder), INDEX_MIB),
        ("one routine opened", OPENED, None),
        ("watch", WATCH, None),
    )
    done = [BASE, "from traycoach.core import coach", "import traycoach.messages, traycoach.paths"]
    before = _pss_after(*done)
    figures = []
    for name, statement, budget in steps:
        done.append(statement)
        now = _pss_after(*done)
        figures.append(Figure(f"memory: {name}", now - before, "MiB", budget))
        before = now
    return figures


def _start_ms(folder: str) -> float:
    """Milliseconds that a new process takes to load the index, its code apart."""
    program = "\n".join([BASE, SETTINGS, LIBRARY, TIMED.format(index=INDEX.format(folder=folder))])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _times(folder: Path) -> list[Figure]:
    from traycoach.library import Library
    from traycoach.library.index import build, stored
    from traycoach.paths import bundled
    from traycoach.settings import load

    with tempfile.TemporaryDirectory(prefix="tc-bench-") as home:
        file = Path(home) / "traycoach.toml"
        file.write_text(bundled("config/default.toml").read_text(encoding="utf-8"), encoding="utf-8")
        with stopwatch() as first:
            load(file)
        with stopwatch() as again:
            load(file)
    library = Library.load(folder)
    with stopwatch() as reading:
        build(folder)
    longest = max(library.catalogue(), key=lambda info: info.length)
    with stopwatch() as opening:
        library.open_message(longest.id)
    what = f"{len(library.exercises())} exercises, {len(library.entries())} routines, {len(library.lessons())} lessons"
    for path in folder.rglob("*.toml"):
        path.touch()  # as after an installation: the files are younger than the index, and their checksums tell
    with stopwatch() as touched:
        stored(folder)
    return [
        Figure("settings: first load", first.seconds * 1000, "ms"),
        Figure("settings: load after an edit", again.seconds * 1000, "ms"),
        Figure(
            f"library: index of {what}", statistics.median(_start_ms(str(folder)) for _ in range(5)), "ms", INDEX_MS
        ),
        Figure("library: index judged by checksums", touched.seconds * 1000, "ms", INDEX_MS),
        Figure("library: every file read and checked instead", reading.seconds * 1000, "ms"),
        Figure("library: the longest routine opened", opening.seconds * 1000, "ms"),
    ]


def measure() -> list[Figure]:
    """Give times and memory of a start."""
    from traycoach.library.index import write
    from traycoach.paths import bundled

    with tempfile.TemporaryDirectory(prefix="tc-bench-") as home:
        folder = Path(home) / "config"
        shutil.copytree(bundled("config"), folder)
        write(folder)
        memory = _memory(str(folder))
        return _times(folder) + memory


if __name__ == "__main__":
    print(table(measure()))
