"""Two ways to run the coach's thread, and what each costs (docs/decisions/001-loop.md): `python -m bench.loops`."""

from __future__ import annotations

from bench.figures import Figure, table
from bench.memory import pss_after

NO_SSL = "import sys; sys.modules['ssl'] = None"
LIBRARIES = """
import sqlite3, tomllib, platformdirs
from jeepney.io.blocking import open_dbus_connection
from Xlib import display
from PIL import Image, ImageDraw
"""
ASYNCIO = """
import asyncio, threading
from apscheduler.schedulers.asyncio import AsyncIOScheduler
ready = threading.Event()
async def main():
    scheduler = AsyncIOScheduler()
    scheduler.start()
    scheduler.add_job(print, "interval", hours=1)
    ready.set()
    await asyncio.Event().wait()
threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
ready.wait()
"""
THREADS = """
import queue, threading
from apscheduler.schedulers.background import BackgroundScheduler
events = queue.SimpleQueue()
scheduler = BackgroundScheduler()
scheduler.start()
scheduler.add_job(print, "interval", hours=1)
threading.Thread(target=events.get, daemon=True).start()
"""


def measure() -> list[Figure]:
    """Give the memory of each way, with and without ssl."""
    return [
        Figure("loops: a bare interpreter", pss_after([]), "MiB"),
        Figure("loops: libraries without a scheduler", pss_after([NO_SSL, LIBRARIES]), "MiB"),
        Figure("loops: asyncio + AsyncIOScheduler", pss_after([NO_SSL, LIBRARIES, ASYNCIO]), "MiB"),
        Figure("loops: thread, queue + BackgroundScheduler", pss_after([NO_SSL, LIBRARIES, THREADS]), "MiB"),
        Figure("loops: asyncio + AsyncIOScheduler, ssl importable", pss_after([LIBRARIES, ASYNCIO]), "MiB"),
        Figure("loops: thread, queue + BackgroundScheduler, ssl importable", pss_after([LIBRARIES, THREADS]), "MiB"),
    ]


if __name__ == "__main__":
    print(table(measure()))
