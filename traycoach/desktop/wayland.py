"""A connection to the Wayland compositor without its C library: enough for protocols that need no windows.

    with WaylandConnection(wayland_socket()) as wayland:
        seat = wayland.bind("wl_seat", 1)
        notifier = wayland.bind("ext_idle_notifier_v1", 1)
        mine = wayland.create(notifier, GET_IDLE_NOTIFICATION, 60_000, seat, heard=lambda opcode, arguments: ...)
        wayland.sync()          # the compositor has seen all of this, and we all that it said before

One thread reads, blocking; requests are sent by whoever makes them. Callbacks run on the reading thread, one after the
other: they may make requests, but not `sync`. When the compositor goes, breaks the protocol or says that we did, the
connection is lost for good, which is told once.

We ask for nothing that carries file descriptors. Should one arrive, the kernel closes it: unix(7), SCM_RIGHTS, "the
buffer to receive the ancillary data is too small (or absent)".
"""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from traycoach.desktop.wayland_wire import Arguments, EventParser, WireError, WireEvent, request
from traycoach.errors import Unavailable
from traycoach.text import _

LIMIT = timedelta(seconds=2)
"""A compositor that has not answered after so long is treated as if it were not there."""
_SEND_LIMIT = struct.pack("ll", 2, 0)  # struct timeval

# wl_display and wl_registry, wayland.xml
_DISPLAY, _SYNC, _GET_REGISTRY = 1, 0, 1
_DISPLAY_ERROR, _DELETE_ID = 0, 1
_BIND = 0
_GLOBAL, _GLOBAL_REMOVE = 0, 1

Heard = Callable[[int, Arguments], object]
"""Takes an event of one object: its number, and its arguments."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Global:
    """What the compositor offers; `name` is its number for it."""

    name: int
    version: int


class WaylandConnection:
    """A connection with its reading thread; of no more use once it is lost or closed."""

    def __init__(self, path: Path, limit: timedelta = LIMIT) -> None:
        """Prepare a connection to the compositor at the socket `path`; `open` makes it."""
        self._path = path
        self._limit_s = limit.total_seconds()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._lock = threading.RLock()
        self._objects: dict[int, Heard | None] = {_DISPLAY: self._heard_display}
        """By id. None: destroyed, but the compositor has not let go of the id yet."""
        self._next_id = _DISPLAY + 1
        self._free_ids: list[int] = []
        self._registry = 0
        self._globals: dict[str, _Global] = {}
        self._bound: dict[int, str] = {}
        self._told_when_lost: list[Callable[[str], object]] = []
        self._unanswered: set[threading.Event] = set()
        self._overdue: set[threading.Event] = set()
        self._lost: str | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="wayland", daemon=True)

    # --- life ---------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Connect and learn what the compositor offers. Raises Unavailable; the connection is then closed."""
        try:
            self._socket.settimeout(self._limit_s)
            self._socket.connect(str(self._path))
            self._socket.settimeout(None)
        except OSError as error:
            self._socket.close()
            self._lost = _("The Wayland compositor cannot be reached: {error}.").format(error=error.strerror or error)
            raise Unavailable(self._lost) from error
        # a compositor that stops reading must not block for ever the thread that sends
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_LIMIT)
        self._thread.start()
        try:
            self._registry = self.create(_DISPLAY, _GET_REGISTRY, heard=self._heard_registry)
            self.sync()
        except Unavailable:
            self.close()
            raise

    def close(self) -> None:
        """Disconnect and end the thread; that is no loss. Closing twice is fine."""
        self._closing = True
        with contextlib.suppress(OSError):  # not connected any more is what was wanted
            self._socket.shutdown(socket.SHUT_RDWR)
        if not self._thread.ident:
            self._socket.close()
        elif threading.current_thread() is not self._thread:
            self._thread.join(self._limit_s)

    @property
    def lost(self) -> str | None:
        """Why the connection is of no more use; None while it is."""
        return self._lost

    def when_lost(self, told: Callable[[str], object]) -> None:
        """Call `told` with the reason when the compositor goes, or a global that was bound; at once if it went."""
        with self._lock:
            if self._lost is None:
                self._told_when_lost.append(told)
                return
            reason = self._lost
        if not self._closing:
            told(reason)

    # --- requests -----------------------------------------------------------------------------------------------------

    def version(self, interface: str) -> int:
        """Give the version in which the compositor offers an interface; 0 if it does not."""
        with self._lock:
            offered = self._globals.get(interface)
        return offered.version if offered else 0

    def bind(self, interface: str, version: int, heard: Heard | None = None) -> int:
        """Use the first global of this interface, in this version, and give its id. Raises Unavailable."""
        with self._lock:
            offered = self._globals.get(interface)
            if offered is None or offered.version < version:
                reason = _("The compositor does not offer {interface}, version {version}.")
                raise Unavailable(reason.format(interface=interface, version=version))
            self._bound[offered.name] = interface
            bound = self._new_id(heard)
            self._send(self._registry, _BIND, offered.name, interface, version, bound)
            return bound

    def create(self, object_id: int, opcode: int, *arguments: int | str, heard: Heard | None = None) -> int:
        """Make a request whose first argument is a new object, and give that object's id. Raises Unavailable."""
        with self._lock:
            made = self._new_id(heard)
            self._send(object_id, opcode, made, *arguments)
            return made

    def destroy(self, object_id: int, opcode: int) -> None:
        """Make the request that destroys an object; nothing more is heard from it. Raises Unavailable."""
        with self._lock:
            self._objects[object_id] = None
            self._send(object_id, opcode)

    def sync(self) -> None:
        """Wait until the compositor has dealt with every request so far, and we with every event before its answer.

        Raises Unavailable if it takes longer than the limit, and at once while an earlier question is still overdue.
        """
        assert threading.current_thread() is not self._thread, "the reading thread would wait for itself"
        answered = threading.Event()

        def done(_opcode: int, _arguments: Arguments) -> None:
            with self._lock:
                self._unanswered.discard(answered)
                self._overdue.discard(answered)
            answered.set()

        with self._lock:
            if self._overdue:
                raise Unavailable(_no_answer())
            self._unanswered.add(answered)
            self.create(_DISPLAY, _SYNC, heard=done)
        if not answered.wait(self._limit_s):
            with self._lock:
                self._overdue |= self._unanswered & {answered}  # it may have come this very moment
            raise Unavailable(_no_answer())
        if self._lost is not None:
            raise Unavailable(self._lost)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _new_id(self, heard: Heard | None) -> int:
        """Take an id that the compositor has let go of, else the next: it accepts no gaps."""
        if self._free_ids:
            new = self._free_ids.pop()
        else:
            new = self._next_id
            self._next_id += 1
        self._objects[new] = heard or _ignore
        return new

    def _send(self, object_id: int, opcode: int, *arguments: int | str) -> None:
        if self._lost is not None or self._closing:
            raise Unavailable(self._lost or _closed())
        try:
            self._socket.sendall(request(object_id, opcode, *arguments))
        except OSError as error:
            # half a request may have gone out: the reading side ends the connection, once, in one place
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            raise Unavailable(_gone()) from error

    def _run(self) -> None:
        reason = ""
        parser = EventParser()
        try:
            while data := self._socket.recv(4096):
                for event in parser.feed(data):
                    self._dispatch(event)
        except _ProtocolError as error:
            reason = str(error)
        except WireError as error:
            reason = _("The compositor does not speak Wayland ({error}).").format(error=error)
        except OSError:
            _log.debug("the connection to the compositor broke", exc_info=True)
        self._end(reason or _gone())

    def _dispatch(self, event: WireEvent) -> None:
        with self._lock:
            if event.object_id not in self._objects:
                raise WireError(f"there is no object {event.object_id}")
            heard = self._objects[event.object_id]
        if heard is None:
            return
        try:
            heard(event.opcode, Arguments(event.arguments))
        except (WireError, _ProtocolError):
            raise
        except Unavailable:  # the compositor went while it was answered; the next read says so
            _log.debug("an event of a compositor that is gone", exc_info=True)
        except Exception:
            _log.exception("an event of the compositor could not be handled")

    def _heard_display(self, opcode: int, arguments: Arguments) -> None:
        if opcode == _DISPLAY_ERROR:
            where, code, what = arguments.uint(), arguments.uint(), arguments.string()
            reason = _("The compositor refused a request (object {where}, error {code}: {what}).")
            raise _ProtocolError(reason.format(where=where, code=code, what=what))
        if opcode == _DELETE_ID:
            freed = arguments.uint()
            with self._lock:
                if freed != _DISPLAY and self._objects.pop(freed, self) is not self:
                    self._free_ids.append(freed)

    def _heard_registry(self, opcode: int, arguments: Arguments) -> None:
        if opcode == _GLOBAL:
            name, interface, version = arguments.uint(), arguments.string(), arguments.uint()
            with self._lock:
                self._globals.setdefault(interface, _Global(name, version))
        elif opcode == _GLOBAL_REMOVE:
            name = arguments.uint()
            with self._lock:
                for interface, offered in list(self._globals.items()):
                    if offered.name == name:
                        del self._globals[interface]
            if name in self._bound:
                raise _ProtocolError(_("The compositor took {interface} away.").format(interface=self._bound[name]))

    def _end(self, reason: str) -> None:
        with self._lock:
            self._lost = _closed() if self._closing else reason
            told, self._told_when_lost = self._told_when_lost, []
            unanswered = list(self._unanswered)
            self._objects.clear()
        self._socket.close()
        for one in unanswered:
            one.set()
        if not self._closing:
            _log.info("%s", reason)
            for tell in told:
                tell(reason)


class _ProtocolError(Exception):
    """The compositor says, in a sentence, that this connection is over."""


def _ignore(_opcode: int, _arguments: Arguments) -> None:
    pass


def _gone() -> str:
    return _("The Wayland compositor is gone.")


def _closed() -> str:
    return _("The connection to the Wayland compositor was closed.")


def _no_answer() -> str:
    return _("The Wayland compositor did not answer.")
