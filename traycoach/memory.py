"""What the two processes do to stay small: the daemon is there all day, the window process for a minute after a prompt.

Facts: mallopt(3) and malloc_trim(3) of glibc; other C libraries do it by themselves, or not at all.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

_M_ARENA_MAX = -8


def share_one_arena() -> None:
    """Have all threads take memory from one place, not each from one of its own; before the threads start."""
    if (mallopt := _of_c_library("mallopt")) is not None:
        mallopt(_M_ARENA_MAX, 1)


def settle() -> None:
    """Give up what only the start needed, and have later collections pass over what stays for good."""
    give_back()
    gc.freeze()


def settle_later(after: timedelta) -> None:
    """Settle once, so much later, when the start is over."""
    timer = threading.Timer(after.total_seconds(), settle)
    timer.daemon = True
    timer.start()


def give_back() -> None:
    """Return to the system what is needed no more, such as the frames of a figure that is gone: some milliseconds."""
    gc.collect()
    if (trim := _of_c_library("malloc_trim")) is not None:
        trim(0)


def _of_c_library(name: str) -> Callable[..., object] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
