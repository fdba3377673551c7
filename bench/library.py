"""What settings and the library cost: time of a start, and memory beside what the daemon has loaded anyway."""

from __future__ import annotations

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
LIBRARY = "from traycoach.library import Library; library = Library.load(); catalogue = library.catalogue()"
OPENED = "library.open_message(catalogue[0].id)"
WATCH = "from traycoach.settings.watch import Watcher; watcher = Watcher(Path('none.toml'), print)"
REPORT = "import gc, bench.processes; gc.collect(); print(bench.processes.pss_mib())"


def _pss_after(*statements: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*statements, REPORT])], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _memory() -> list[Figure]:
    steps = (("settings", SETTINGS), ("the library's index", LIBRARY), ("one routine opened", OPENED), ("watch", WATCH))
    done = [BASE, "from traycoach.core import coach", "import traycoach.messages, traycoach.paths"]
    before = _pss_after(*done)
    figures = []
    for name, statement in steps:
        done.append(statement)
        now = _pss_after(*done)
        figures.append(Figure(f"memory: {name}", now - before, "MiB"))
        before = now
    return figures


def _times() -> list[Figure]:
    from traycoach.library import Library
    from traycoach.library.index import build
    from traycoach.paths import bundled
    from traycoach.settings import load

    with tempfile.TemporaryDirectory(prefix="tc-bench-") as folder:
        file = Path(folder) / "traycoach.toml"
        file.write_text(bundled("config/default.toml").read_text(encoding="utf-8"), encoding="utf-8")
        with stopwatch() as first:
            load(file)
        with stopwatch() as again:
            load(file)
    with stopwatch() as index:
        library = Library.load()
    with stopwatch() as reading:
        build(bundled("config"))
    longest = max(library.catalogue(), key=lambda info: info.length)
    with stopwatch() as opening:
        library.open_message(longest.id)
    count = len(library.catalogue())
    return [
        Figure("settings: first load", first.seconds * 1000, "ms"),
        Figure("settings: load after an edit", again.seconds * 1000, "ms"),
        Figure(f"library: index of {count} routines", index.seconds * 1000, "ms"),
        Figure("library: every file read and checked instead", reading.seconds * 1000, "ms"),
        Figure("library: the longest routine opened", opening.seconds * 1000, "ms"),
    ]


def measure() -> list[Figure]:
    """Give times and memory. There is no budget of their own: they are part of the daemon's."""
    return _times() + _memory()


if __name__ == "__main__":
    print(table(measure()))
