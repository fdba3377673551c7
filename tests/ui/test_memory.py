"""What the window process gives up, seen in its memory: in a process of its own, as a share of what it had before."""

from __future__ import annotations

import ctypes
import gc
import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest

from tests.ui.conftest import Until
from tests.ui.samples import routine, step
from traycoach import memory
from traycoach.core.instant import MINUTE, ZERO
from traycoach.messages import CloseRoutineWindow, FromWindows, OpenRoutineWindow, RoutineOnScreen
from traycoach.ui.theme import Theme
from traycoach.ui.windows import Windows

HOLES = """
import json
from traycoach.memory import give_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1])

before = resident()
# The C library keeps what is free for later as long as something behind it is in use: the last piece.
pieces = [bytes(2000) for _ in range(20_000)]
last = pieces[-1]
full = resident()
pieces.clear()
freed = resident()
give_back()
print(json.dumps([part - before for part in (full, freed, resident())]))
"""

SETTLED = """
import gc, json
from traycoach.memory import settle

class Ring:
    def __init__(self):
        self.itself = self

class Told(Ring):
    def __del__(self):
        gone.append(1)

gone = []
gc.disable()
Told()
kept = [Ring() for _ in range(1000)]
before = gc.get_freeze_count()
settle()
print(json.dumps([len(gone), before, gc.get_freeze_count(), len(gc.get_objects())]))
"""


ARENAS = """
import ctypes, json, re, sys, tempfile, threading
from traycoach.memory import share_one_arena
{first}
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fopen.restype = ctypes.c_void_p
met = threading.Barrier(4)

def take():
    met.wait()  # all at once: an arena that is free would be taken again
    libc.malloc(1000)
    met.wait()

threads = [threading.Thread(target=take) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
with tempfile.NamedTemporaryFile("r") as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(json.dumps([len(re.findall("<heap nr=", file.read()))]))
"""


class Ring:
    """Something that only a collection can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No collection comes by itself."""
    gc.disable()
    yield
    gc.enable()


def told_by(script: str) -> list[int]:
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, timeout=120)
    told: list[int] = json.loads(done.stdout)
    return told


def can_trim() -> bool:
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")


@pytest.mark.skipif(not can_trim(), reason="this C library has no malloc_trim(3)")
def test_giving_back_returns_what_was_freed_to_the_system() -> None:
    full, freed, given_back = told_by(HOLES)
    assert freed > full * 0.9, "freeing alone returns nothing: there is something to be given back"
    assert given_back < full * 0.2


def test_settling_frees_what_only_the_start_needed_and_passes_over_the_rest_from_then_on() -> None:
    gone, before, frozen, looked_at = told_by(SETTLED)
    assert gone == 1
    assert before == 0
    assert frozen > 1000
    assert looked_at < frozen * 0.01


def test_giving_back_frees_what_holds_itself(uncollected: None) -> None:
    ring = weakref.ref(Ring())
    assert ring() is not None
    memory.give_back()
    assert ring() is None


def test_other_c_libraries_are_left_to_themselves(uncollected: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    memory.share_one_arena()
    ring = weakref.ref(Ring())
    memory.give_back()
    assert ring() is None


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_not_asked_for_a_c_library(
    uncollected: None, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", asked.append)
    ring = weakref.ref(Ring())
    memory.give_back()
    assert ring() is None
    assert asked == []


@pytest.mark.skipif(not can_trim(), reason="this C library has no malloc_trim(3)")
def test_threads_take_memory_from_one_place() -> None:
    (several,) = told_by(ARENAS.format(first=""))
    (one,) = told_by(ARENAS.format(first="share_one_arena()"))
    assert several > one
    assert one == 1


def test_settling_later_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = threading.Event()
    monkeypatch.setattr(memory, "settle", settled.set)
    memory.settle_later(60 * MINUTE)
    assert not settled.is_set()
    memory.settle_later(ZERO)
    assert settled.wait(60)


# --- when it is done --------------------------------------------------------------------------------------------------


@pytest.fixture
def windows(theme: Theme, sent: list[FromWindows]) -> Iterator[Windows]:
    windows = Windows(theme, sent.append)
    windows.ready()
    yield windows
    windows.take(CloseRoutineWindow())


def steps() -> OpenRoutineWindow:
    return routine(step("march-in-place", length_s=20), step("heel-raise"), step("march-in-place"))


def test_one_figure_is_kept_from_step_to_step(
    windows: Windows, sent: list[FromWindows], until: Until, uncollected: None
) -> None:
    windows.take(steps())
    until(lambda: RoutineOnScreen("hips-3") in sent)
    window = windows.routine
    assert window is not None
    for _ in range(2):
        stage = window.page.stage.stage
        assert stage is not None
        assert stage._layers is not None, "it has been painted"
        frames = weakref.ref(stage._layers.reel)
        ring = weakref.ref(Ring())
        del stage
        window.page.skip.click()
        assert frames() is None
        assert ring() is None, "what holds itself goes with it"
        until(lambda: window.page.stage.stage._layers is not None)  # type: ignore[union-attr]


def test_window_that_is_over_is_given_up_whole(
    windows: Windows, sent: list[FromWindows], until: Until, uncollected: None
) -> None:
    windows.take(steps())
    until(lambda: RoutineOnScreen("hips-3") in sent)
    window = windows.routine
    assert window is not None
    parts = (window, window.page, window.playback, window.page.stage.stage, Ring())
    held = [weakref.ref(part) for part in parts]
    del window, parts
    windows.take(CloseRoutineWindow())
    until(lambda: all(part() is None for part in held))
