"""The parent end of the window process: started when first needed, watched, ended when it hangs, restarted with care.

The coach never waits for it: `send` puts a message into a queue, and a thread that exists only as long as the process
does carries it over. Windows that die take nothing with them: `on_lost` is called, and the prompt is due again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

from traycoach import clock
from traycoach.core.instant import SECOND, ZERO
from traycoach.errors import UserError
from traycoach.messages import PROTOCOL, FromWindows, Leave, SetAppearance, ToWindows, WindowsReady
from traycoach.ui_process.child import Child, child_environ, default_command
from traycoach.ui_process.watch import Limits, Watch
from traycoach.wire import decode, encode

__all__ = ["Limits", "UiProcess"]

STALL = 5 * SECOND
"""Who oversleeps by more than this was suspended with the machine: the child may be excused likewise."""

_log = logging.getLogger(__name__)


class UiProcess:
    """The window process as its parent sees it.

    `on_message` gets what the windows say. `on_lost` is called when a process ended that had something open, or that
    did not end of its own accord. `on_failing` is called when several in a row have failed: for the next ten minutes
    `send` gives False, and prompts have to appear in another way. All three are called in a thread of this class and
    must only hand over.
    """

    def __init__(
        self,
        on_message: Callable[[FromWindows], None],
        on_lost: Callable[[], None],
        on_failing: Callable[[], None] = lambda: None,
        command: Sequence[str] | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._on_message = on_message
        self._on_lost = on_lost
        self._on_failing = on_failing
        self._command = list(command or default_command())
        self._limits = limits
        self._lock = threading.Lock()
        self._queue: deque[ToWindows] = deque()
        self._appearance: SetAppearance | None = None
        self._wanted = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._not_before = ZERO
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)

    @property
    def is_failing(self) -> bool:
        """Whether the windows have failed too often to be relied on now."""
        with self._lock:
            return self._fails(clock.now().steady)

    def warm(self) -> bool:
        """Have the process started, so that a window opens at once. False: the windows are failing."""
        return self._want()

    def send(self, message: ToWindows) -> bool:
        """Send the message, starting the process if need be. False: the windows are failing; nothing was sent.

        The latest `SetAppearance` is remembered and is the first message of every process; it starts none by itself.
        """
        if isinstance(message, SetAppearance):
            with self._lock:
                self._appearance = message
                if self._thread is None:
                    return True
        return self._want(message)

    def stop(self) -> None:
        """End the process: its input is closed, then SIGTERM, then SIGKILL. Nothing is called any more."""
        with self._lock:
            self._stopping = True
            thread = self._thread
        self._ring()
        if thread is not None:
            thread.join()
        self._bell.close()
        self._rope.close()

    def _want(self, *messages: ToWindows) -> bool:
        with self._lock:
            if self._stopping or self._fails(clock.now().steady):
                return False
            self._queue += messages
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="windows", daemon=True)
                self._thread.start()
        self._ring()
        return True

    def _fails(self, now: timedelta) -> bool:
        if self._failures > len(self._limits.backoff) and now >= self._not_before:
            self._failures = 0  # the rest is over: try again
        return self._failures > len(self._limits.backoff)

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # a bell that is full rings
            self._rope.send(b"!")

    def _hush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._bell.recv(1024):
                pass

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._stopping or not self._wanted:
                    self._thread = None
                    return
                pause = self._not_before - clock.now().steady
                if pause <= ZERO:
                    self._wanted = False
            if pause > ZERO:
                self._bell.setblocking(True)
                self._bell.settimeout(pause.total_seconds())
                with contextlib.suppress(TimeoutError):
                    self._bell.recv(1024)
                self._bell.setblocking(False)
                continue
            self._run_once()

    def _run_once(self) -> None:
        began_at = clock.now().steady
        watch = Watch(self._limits, began_at)
        try:
            child = Child(self._command, child_environ(os.environ, self._token()), self._bell.fileno())
        except OSError:
            _log.exception("the window process could not be started")
            self._ended(watch, began_at, None)
            return
        try:
            if self._appearance is not None:
                child.say(encode(self._appearance))
            code = self._attend(child, watch)
        except Exception:
            _log.exception("the window process is given up")
            code = child.kill()
        finally:
            child.close()
        self._ended(watch, began_at, code)

    def _token(self) -> str:
        with self._lock:
            return next((token for one in self._queue if (token := getattr(one, "activation_token", ""))), "")

    def _attend(self, child: Child, watch: Watch) -> int:
        """Carry messages both ways until the process has ended, by itself or by us; give its exit code."""
        while True:
            self._hush()
            now = clock.now().steady
            with self._lock:
                if self._stopping:
                    break
                messages = list(self._queue)
                self._queue.clear()
                self._wanted = False
            for message in messages:
                watch.sent(message, now)
                if not child.say(encode(message)):
                    _log.error("the window process does not read; it is ended")
                    return child.kill()
            deadline = watch.deadline()
            child.wait(None if deadline is None else deadline - now)
            woke_at = clock.now().steady
            if deadline is not None and woke_at > deadline + STALL:
                watch.forgive(woke_at - deadline + STALL)
            code = child.exit_code  # asked before reading: what it said at last is then in the pipe
            try:
                for line in child.lines():
                    if not self._hear(line, watch):
                        return child.kill()
            except EOFError:
                return self._see_off(child)
            if code is not None:
                return code
            if (end := watch.deadline()) is not None and end <= clock.now().steady:
                _log.error("the window process has not been heard of in time; it is ended")
                return child.kill()
        with contextlib.suppress(UserError):
            child.say(encode(Leave()))
        return self._see_off(child)

    def _hear(self, line: bytes, watch: Watch) -> bool:
        """Pass on what the windows say. False: this process is of no use."""
        try:
            message: FromWindows = decode(line, FromWindows)
        except UserError as error:
            _log.warning("a line of the window process was not understood: %s", error)
            return True
        if isinstance(message, WindowsReady) and message.protocol != PROTOCOL:
            _log.error("the window process speaks protocol %s, this one %s", message.protocol, PROTOCOL)
            self._failures = len(self._limits.backoff)  # another attempt would change nothing
            return False
        watch.heard(message, clock.now().steady)
        if watch.proved:
            self._failures = 0
        self._call(self._on_message, message)
        return True

    def _see_off(self, child: Child) -> int:
        """Wait for its end, more and more firmly."""
        child.close_input()
        for firmly in (False, True):
            if firmly:
                child.terminate()
            end = clock.now().steady + self._limits.leave
            while child.exit_code is None and (left := end - clock.now().steady) > ZERO:
                self._hush()
                child.wait(left)
                with contextlib.suppress(EOFError):
                    for _line in child.lines():
                        pass
        code = child.exit_code
        return child.kill() if code is None else code

    def _ended(self, watch: Watch, began_at: timedelta, code: int | None) -> None:
        now = clock.now().steady
        with self._lock:
            if self._stopping:
                return
            badly = code != 0 or watch.shows_something
            failed = badly and not watch.proved and now - began_at < self._limits.healthy_after
            if code != 0:
                _log.warning("the window process ended with %s", code)
                self._queue.clear()  # the coach orders anew whatever is still wanted
                self._wanted = False
            if failed:
                self._failures += 1
                waits = [*self._limits.backoff, self._limits.rest]
                self._not_before = now + waits[min(self._failures, len(waits)) - 1]
            else:
                self._failures = 0
            failing = self._failures > len(self._limits.backoff)
            self._wanted = self._wanted or any(not isinstance(one, SetAppearance) for one in self._queue)
        if failing:
            self._call(self._on_failing)
        if badly:
            self._call(self._on_lost)

    @staticmethod
    def _call(callback: Callable[..., None], *words: object) -> None:
        try:
            callback(*words)
        except Exception:
            _log.exception("a message of the windows could not be handed over")
