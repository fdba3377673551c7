"""A limit on what a piece of work in pure Python may cost, so that one event cannot keep all others from being read."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType


class OutOfTime(Exception):  # noqa: N818 - the work may be right, it is only too much
    """The work was not done within its limit."""


@contextmanager
def at_most(span: timedelta) -> Iterator[None]:
    """Raise OutOfTime in the block once it has used so much of the processor. Limits do not nest.

    Facts: setitimer(2). Only the main thread can be stopped that way, and only where there are such timers; elsewhere
    the limit of the whole process is the only one.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, span.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTime
