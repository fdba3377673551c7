"""APScheduler without what it never uses here: in a process of its own, since imports cannot be taken back."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

LOOK = """
import asyncio, json, sys
{before}
import traycoach.spared_imports
loaded = sorted(sys.modules)
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, entry_points, version

async def ring():
    rang, scheduler = asyncio.Event(), AsyncIOScheduler(timezone=UTC)
    scheduler.start()
    async def heard():
        rang.set()
    scheduler.add_job(heard, DateTrigger(datetime.now(UTC), UTC), misfire_grace_time=None)
    await asyncio.wait_for(rang.wait(), 60)
    scheduler.shutdown(wait=False)
    return rang.is_set()

print(json.dumps(dict(
    loaded=loaded, rang=asyncio.run(ring()), pool=ProcessPoolExecutor.__module__, version=version("apscheduler"),
    groups=len(entry_points()), error=PackageNotFoundError.__module__,
)))
"""


def look(before: str = "") -> dict[str, Any]:
    script = LOOK.format(before=before)
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, timeout=120)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def spared() -> dict[str, Any]:
    return look()


def test_what_is_never_used_is_not_loaded(spared: dict[str, Any]) -> None:
    loaded = set(spared["loaded"])
    assert "apscheduler.schedulers.asyncio" in loaded
    assert not loaded & {
        "importlib.metadata",
        "email",
        "zipfile",
        "concurrent.futures.process",
        "multiprocessing.queues",
    }


def test_scheduler_rings_all_the_same(spared: dict[str, Any]) -> None:
    assert spared["rang"]


def test_others_get_the_real_modules(spared: dict[str, Any]) -> None:
    assert spared["pool"] == "concurrent.futures.process"
    assert spared["version"].startswith("3.")
    assert spared["version"] != "3"
    assert spared["groups"] > 0
    assert spared["error"] == "importlib.metadata"


def test_what_was_loaded_before_stays() -> None:
    found = look("import importlib.metadata; import concurrent.futures.process")
    assert {"importlib.metadata", "concurrent.futures.process"} <= set(found["loaded"])
    assert found["rang"]
