"""A flag that one thread sets and another waits for, together with a file handle. Linux: eventfd(2) and poll(2)."""

from __future__ import annotations

import os
import select
import threading


class StopFlag:
    """Like `threading.Event`, for a thread that waits for a handle as well. The waiting thread closes it at its end."""

    def __init__(self) -> None:
        self._handle = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._lock = threading.Lock()
        self._set = False
        self._closed = False

    @property
    def is_set(self) -> bool:
        """Whether the thread shall end."""
        return self._set

    def set(self) -> None:
        """End every wait, now and from now on. Setting twice, or after `close`, is fine."""
        with self._lock:
            self._set = True
            if not self._closed:
                os.eventfd_write(self._handle, 1)

    def wait(self, handle: int | None = None, limit_s: float | None = None) -> bool:
        """Wait until `handle` has something to read, the flag is set, or the limit is over; tell if it was the handle.

        A flag that is set comes first.
        """
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        if handle is not None:
            poll.register(handle, select.POLLIN)
        ready = poll.poll(None if limit_s is None else limit_s * 1000)
        return not self._set and any(one == handle for one, _event in ready)

    def close(self) -> None:
        """Give the handle back; nobody may wait any more."""
        with self._lock:
            if not self._closed:
                self._closed = True
                os.close(self._handle)
