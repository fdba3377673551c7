"""What the window process does to stay small: it is there for a minute after every prompt."""

from __future__ import annotations

import ctypes
import gc
import sys


def settle() -> None:
    """Give up what only the start needed, and have later collections pass over what stays for good."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Return to the system what is needed no more, such as the frames of a figure that is gone: some milliseconds.

    By malloc_trim(3); other C libraries than glibc do it by themselves, or not at all.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
