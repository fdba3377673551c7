"""One connection to the X server, shared by everything in this process, and the one thread that owns it.

python-xlib is used from that thread only; it blocks until the server or a caller has something to say: no polling.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from traycoach.errors import NotHere, Unavailable
from traycoach.text import _

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import Event

T = TypeVar("T")

LIMIT = timedelta(seconds=2)
"""A server that has not answered after so long is treated as if it were not there."""

_log = logging.getLogger(__name__)


def require_x11(environ: Mapping[str, str] = os.environ) -> str:
    """Give the name of the X display of this session. Raises Unavailable on Wayland and without a display.

    Under Wayland an X server may be there (Xwayland), but it hears only the input to its own windows, and would report
    a typing person as idle.
    """
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        raise NotHere(_("This is a Wayland session: its X server does not hear most input."))
    name = environ.get("DISPLAY")
    if not name:
        raise Unavailable(_("There is no X display: DISPLAY is not set."))
    return name


class XConnection:
    """A connection with its thread. Made by `open_x11`; lost for good when the server goes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._display: Display | None = None
        self._work: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._wake_in, self._wake_out = socket.socketpair()
        for end in (self._wake_in, self._wake_out):
            end.setblocking(False)
        self._listeners: list[Callable[[Event], None]] = []
        self._told_when_lost: list[Callable[[str], None]] = []
        self._lost: str | None = None
        self._closing = False
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="x11", daemon=True)

    @property
    def lost(self) -> str | None:
        """Why the connection is of no more use; None while it is."""
        return self._lost

    def open(self) -> None:
        """Connect. Raises Unavailable."""
        self._thread.start()
        try:
            self._opened.result(LIMIT.total_seconds())
        except TookTooLong:
            self._lost = _("The X server did not answer.")
            self._closing = True  # should it answer after all
            raise Unavailable(self._lost) from None

    def call(self, work: Callable[[Display], T]) -> T:
        """Run `work` on the connection's thread and give what it gives. Raises Unavailable if the server is gone.

        What `work` raises is raised here; an answer that takes longer than `LIMIT` counts as no server.
        """
        if threading.current_thread() is self._thread:
            return work(self._live_display())
        done: Future[T] = Future()

        def run() -> None:
            try:
                done.set_result(work(self._live_display()))
            except Exception as error:
                done.set_exception(_as_lost(error))

        self._post(run)
        try:
            return done.result(LIMIT.total_seconds())
        except TookTooLong:
            raise Unavailable(_("The X server did not answer.")) from None

    def listen(self, heard: Callable[[Event], None]) -> Callable[[], None]:
        """Call `heard` with every event, on the connection's thread; the result ends that."""
        with self._lock:
            self._listeners = [*self._listeners, heard]

        def stop() -> None:
            with self._lock:
                self._listeners = [one for one in self._listeners if one is not heard]

        return stop

    def when_lost(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Call `told` with the reason when the server goes, at once if it went; the result ends that.

        `close` is no loss.
        """
        with self._lock:
            if self._lost is None:
                self._told_when_lost.append(told)
        if self._lost is not None and not self._closing:
            told(self._lost)

        def stop() -> None:
            with self._lock:
                if told in self._told_when_lost:
                    self._told_when_lost.remove(told)

        return stop

    def close(self) -> None:
        """Disconnect and end the thread. Closing twice is fine."""
        self._closing = True
        self._wake()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(LIMIT.total_seconds())

    # --- inside -------------------------------------------------------------------------------------------------------

    def _live_display(self) -> Display:
        if self._display is None:
            raise Unavailable(self._lost or _("The X server is gone."))
        return self._display

    def _post(self, run: Callable[[], None]) -> None:
        with self._lock:
            if self._lost is not None:
                raise Unavailable(self._lost)
            self._work.append(run)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # full: it is awake anyway; closed: nobody is there to wake
            self._wake_in.send(b"\0")

    def _run(self) -> None:
        reason = ""
        try:
            self._display = self._connect()
        except Unavailable as error:
            self._end(error.reason)
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        try:
            self._serve(self._display)
        except Exception as error:  # the connection is at the mercy of another process
            reason = _("The X server is gone ({error}).").format(error=type(error).__name__)
            # a server that went is no news to look into; anything else is
            _log.info("the connection to the X server ended: %s", error, exc_info=_as_lost(error) is error)
        self._end(reason)

    def _connect(self) -> Display:
        try:
            from traycoach.desktop.x11_display import LeanDisplay
        except ImportError:
            raise Unavailable(_("The library python-xlib is not installed.")) from None
        try:
            display = LeanDisplay(_checked(self._name))
        except Exception as error:  # python-xlib lets OSError, its own errors and AssertionError out
            reason = _("The X display {name} cannot be opened: {error}.").format(name=self._name, error=error)
            raise Unavailable(reason) from error
        display.set_error_handler(_note_error)
        return display

    def _serve(self, display: Display) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(display.fileno(), selectors.EVENT_READ)
            selector.register(self._wake_out, selectors.EVENT_READ)
            while not self._closing:
                self._run_work()
                while display.pending_events():
                    self._tell(display.next_event())
                display.flush()
                # A reply that was waited for may have brought events along; a callback may have asked for more work.
                if self._work or display.display.event_queue:
                    continue
                for key, _events in selector.select():
                    if key.fileobj is self._wake_out:
                        self._wake_out.recv(4096)

    def _run_work(self) -> None:
        while self._work:
            self._work.popleft()()

    def _tell(self, event: Event) -> None:
        for heard in self._listeners:
            try:
                heard(event)
            except Exception as error:
                if _as_lost(error) is not error:
                    raise
                _log.exception("an X event could not be handled")

    def _end(self, reason: str) -> None:
        with self._lock:
            self._lost = reason or _("The connection to the X server was closed.")
            told, self._told_when_lost = self._told_when_lost, []
            display, self._display = self._display, None
        if display is not None:
            try:
                display.close()
            except Exception:  # of a connection that is broken already
                _log.debug("closing the X connection failed", exc_info=True)
        self._run_work()  # every caller still waiting is told that the server is gone
        self._wake_in.close()
        self._wake_out.close()
        if not self._closing:
            for one in told:
                one(reason)


def _checked(name: str) -> str:
    """Give the display's name in the form that never falls back to the network. Raises OSError if nobody answers there.

    WORKAROUND python-xlib 0.33: `:0` without a server is tried over TCP next, and a refused socket is never closed
    (Xlib/support/unix_connect.py, get_socket).
    """
    local = name.removeprefix("unix/")
    if not local.startswith(":"):
        return name
    path = f"/tmp/.X11-unix/X{int(local[1:].partition('.')[0])}"
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(path if os.path.exists(path) else "\0" + path)  # noqa: PTH110
    return f"unix/{local}"


def _as_lost(error: Exception) -> Exception:
    """Turn python-xlib's word for a dead connection into ours."""
    from Xlib.error import ConnectionClosedError

    return Unavailable(_("The X server is gone.")) if isinstance(error, ConnectionClosedError) else error


def _note_error(error: object, _request: object) -> None:
    _log.debug("the X server refused a request: %s", type(error).__name__)


class SharedX11:
    """The process's one connection: opened at the first question, and anew when the last one was lost."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._lock = threading.Lock()
        self._connection: XConnection | None = None

    def __call__(self) -> XConnection:
        """Give the live connection. Raises Unavailable: no X session, or the server does not answer."""
        with self._lock:
            if self._connection is None or self._connection.lost is not None:
                connection = XConnection(require_x11(self._environ))
                connection.open()
                self._connection = connection
            return self._connection

    def close(self) -> None:
        """Disconnect, if connected."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
