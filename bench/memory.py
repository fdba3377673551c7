"""What each import costs the daemon, one after the other in one process: `python -m bench.memory`.

Each line is the proportional set size after an import in a fresh interpreter that has done all imports above it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.figures import Figure, table

# In the order in which the daemon needs them; the price of what two of them share is paid by the first.
IMPORTS = (
    ("a bare interpreter", "pass"),
    ("ssl kept out", "import sys; sys.modules['ssl'] = None"),
    ("asyncio", "import asyncio"),
    ("APScheduler, spared", "import traycoach.spared_imports"),
    ("sqlite3", "import sqlite3"),
    ("tomllib", "import tomllib"),
    ("platformdirs", "import platformdirs"),
    ("jeepney", "from jeepney.io.blocking import open_dbus_connection"),
    ("python-xlib", "from Xlib import display"),
    ("Pillow", "from PIL import Image, ImageDraw"),
    ("pystray", "import os; os.environ['PYSTRAY_BACKEND'] = 'dummy'; import pystray"),
)
DAEMON_PARTS = "import traycoach.daemon"
ROOT = Path(__file__).resolve().parents[1]
REPORT = "import bench.processes; print(bench.processes.pss_mib())"


def pss_after(statements: list[str]) -> float:
    """Give the PSS in MiB of a fresh interpreter after these statements."""
    said = subprocess.run(
        [sys.executable, "-c", "\n".join([*statements, REPORT])], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(said.stdout)


def measure() -> list[Figure]:
    """Give the memory after each import, and that of all modules of the daemon."""
    figures = []
    done: list[str] = []
    before = 0.0
    for name, statement in IMPORTS:
        done.append(statement)
        now = pss_after(done)
        figures.append(Figure(f"memory: {name} ({now - before:+.1f})", now, "MiB"))
        before = now
    figures.append(
        Figure("memory: every module of the daemon imported", pss_after([IMPORTS[1][1], DAEMON_PARTS]), "MiB")
    )
    return figures


if __name__ == "__main__":
    print(table(measure()))
