"""A Wayland compositor without a screen, as far as idle sources see one: registry, seat and idle notifications.

    with FakeCompositor(tmp_path / "wayland-9", {"ext_idle_notifier_v1": 2}) as compositor:
        compositor.touch()                   # a key; every client has been told when this returns
        compositor.inhibit(True)             # a film: what honours inhibitors says nothing more
        compositor.send(b"garbage")          # whatever a broken one might send
        compositor.answers = False           # it hangs
        compositor.crash(); compositor.start()

It is as strict as libwayland: ids without gaps, no requests to objects that are not there. Its timers are real. Whoever
breaks a rule is told so by wl_display.error and loses the connection; `complaints` keeps what was said.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

from traycoach.clock import now

LIMIT_S = 20.0
EXT, KDE, SEAT = "ext_idle_notifier_v1", "org_kde_kwin_idle", "wl_seat"
DISPLAY, REGISTRY, NOTIFICATION = "wl_display", "wl_registry", "notification"


@dataclass(eq=False)
class Notification:
    """An idle notification that a client has."""

    object_id: int
    timeout: timedelta
    honours_inhibitors: bool
    began_at: timedelta
    idle: bool = False


@dataclass(eq=False)
class Client:
    """One connection."""

    channel: socket.socket
    received: bytes = b""
    objects: dict[int, str] = field(default_factory=lambda: {1: DISPLAY})
    """What each id stands for; "" for one that may be used again."""
    notifications: dict[int, Notification] = field(default_factory=dict)

    def send(self, data: bytes) -> None:
        with suppress(OSError):  # it went; the next read says so
            self.channel.sendall(data)


class BrokenRuleError(Exception):
    """What a client did wrong."""


class FakeCompositor:
    """The compositor and its one thread. Everything is done on that thread; the methods here wait until it is done."""

    def __init__(self, path: Path, offers: Mapping[str, int], seats: int = 1) -> None:
        self.path = path
        self.offers = [*offers.items(), *([(SEAT, 7)] * seats)]
        self.answers = True
        """Whether a wl_display.sync is answered."""
        self.asked: list[tuple[int, timedelta]] = []
        """The number of each request for a notification, and its time."""
        self.complaints: list[str] = []
        self.inhibited = False
        self.clients: list[Client] = []
        self._thread: threading.Thread | None = None

    # --- what a test does ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen; clients may connect when this returns."""
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.path.unlink(missing_ok=True)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._wake_in, self._wake_out = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wake_out, selectors.EVENT_READ)
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._running = True
        self._thread = threading.Thread(target=self._serve, name="fake-compositor", daemon=True)
        self._thread.start()

    def crash(self) -> None:
        """End at once; the socket's file is left behind, as a process that is killed leaves it."""
        if self._thread is not None:
            self._running = False
            with suppress(OSError):  # it has seen it by itself
                self._wake_in.send(b"\0")
            self._thread.join(LIMIT_S)
            self._thread = None

    def touch(self) -> None:
        """Have somebody press a key."""
        self._do(self._touched)

    def inhibit(self, inhibited: bool) -> None:
        """Have a film begin or end."""

        def do() -> None:
            self.inhibited = inhibited
            for client, one in self._all():
                if one.honours_inhibitors:
                    self._active(client, one)

        self._do(do)

    def send(self, data: bytes, fds: tuple[int, ...] = ()) -> None:
        """Send bytes to every client."""

        def do() -> None:
            for client in self.clients:
                socket.send_fds(client.channel, [data], list(fds)) if fds else client.send(data)

        self._do(do)

    def remove(self, interface: str) -> None:
        """Take a global away from every client."""
        self.send(event(2, 1, uint(self._name_of(interface))))

    def notifications(self) -> list[Notification]:
        """Give the notifications that there are now."""
        found: list[Notification] = []
        self._do(lambda: found.extend(one for _, one in self._all()))
        return found

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.crash()

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            self._timers_fire()
            work()
            done.set()

        self._work.put(run)
        self._wake_in.send(b"\0")
        assert done.wait(LIMIT_S), "the fake compositor hangs"

    def _serve(self) -> None:
        while self._running:
            for key, _events in self._selector.select(self._until_next_timer_s()):
                if key.fileobj is self._listener:
                    channel, _ = self._listener.accept()
                    self.clients.append(Client(channel))
                    self._selector.register(channel, selectors.EVENT_READ)
                elif key.fileobj is self._wake_out:
                    self._wake_out.recv(4096)
                else:
                    self._read(next(one for one in self.clients if one.channel is key.fileobj))
            self._timers_fire()
            self._run_work()
        self._selector.close()
        for channel in (self._listener, self._wake_in, self._wake_out, *(client.channel for client in self.clients)):
            channel.close()
        self.clients.clear()

    def _run_work(self) -> None:
        while True:
            try:
                self._work.get_nowait()()
            except Empty:
                return

    def _read(self, client: Client) -> None:
        try:
            data = client.channel.recv(65536)
            client.received += data
            while len(client.received) >= 8:
                object_id, word = struct.unpack_from("=II", client.received)
                if len(client.received) < word >> 16:
                    break
                body, client.received = client.received[8 : word >> 16], client.received[word >> 16 :]
                self._request(client, object_id, word & 0xFFFF, body)
        except BrokenRuleError as error:
            self.complaints.append(str(error))
            client.send(event(1, 0, uint(1), uint(0), string(str(error))))
            data = b""
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(client.channel)
            client.channel.close()
            self.clients.remove(client)

    # --- what clients ask ---------------------------------------------------------------------------------------------

    def _request(self, client: Client, object_id: int, opcode: int, body: bytes) -> None:
        kind = client.objects.get(object_id)
        match kind, opcode:
            case "wl_display", 0:
                (callback,) = struct.unpack("=I", body)
                self._new(client, callback, "wl_callback")
                if self.answers:
                    client.send(event(callback, 0, uint(0)))
                    self._let_go(client, callback)
            case "wl_display", 1:
                (registry,) = struct.unpack("=I", body)
                self._new(client, registry, REGISTRY)
                for name, (interface, version) in enumerate(self.offers, 1):
                    client.send(event(registry, 0, uint(name), string(interface), uint(version)))
            case "wl_registry", 0:
                self._bind(client, body)
            case "ext_idle_notifier_v1:1" | "ext_idle_notifier_v1:2", 1:
                self._notify(client, opcode, body, honours_inhibitors=True)
            case "ext_idle_notifier_v1:2", 2:
                self._notify(client, opcode, body, honours_inhibitors=False)
            case "org_kde_kwin_idle:1", 0:
                made, seat, timeout = struct.unpack("=III", body)
                self._notify(client, opcode, struct.pack("=III", made, timeout, seat), honours_inhibitors=True)
            case "notification", 0:
                del client.notifications[object_id]
                self._let_go(client, object_id)
            case _:
                raise BrokenRuleError(f"{kind} has no request {opcode}")

    def _bind(self, client: Client, body: bytes) -> None:
        name, length = struct.unpack_from("=II", body)
        interface = body[8 : 8 + length - 1].decode()
        version, made = struct.unpack_from("=II", body, 8 + length + -length % 4)
        offered, best = self.offers[name - 1]
        if interface != offered or not 0 < version <= best:
            raise BrokenRuleError(f"{offered} {best} was bound as {interface} {version}")
        self._new(client, made, f"{interface}:{version}")
        if interface == SEAT:
            client.send(event(made, 0, uint(3)))

    def _notify(self, client: Client, opcode: int, body: bytes, *, honours_inhibitors: bool) -> None:
        made, timeout_ms, seat = struct.unpack("=III", body)
        if not client.objects.get(seat, "").startswith(SEAT):
            raise BrokenRuleError(f"{seat} is no seat")
        timeout = timedelta(milliseconds=timeout_ms)
        self._new(client, made, NOTIFICATION)
        self.asked.append((opcode, timeout))
        client.notifications[made] = Notification(made, timeout, honours_inhibitors, now().steady)

    def _new(self, client: Client, made: int, kind: str) -> None:
        if client.objects.get(made, "" if made == len(client.objects) + 1 else "taken"):
            raise BrokenRuleError(f"the id {made} cannot be used")
        client.objects[made] = kind

    def _let_go(self, client: Client, object_id: int) -> None:
        client.objects[object_id] = ""
        client.send(event(1, 1, uint(object_id)))

    def _name_of(self, interface: str) -> int:
        return next(name for name, (offered, _) in enumerate(self.offers, 1) if offered == interface)

    # --- idleness -----------------------------------------------------------------------------------------------------

    def _all(self) -> list[tuple[Client, Notification]]:
        return [(client, one) for client in self.clients for one in client.notifications.values()]

    def _touched(self) -> None:
        for client, one in self._all():
            self._active(client, one)

    def _active(self, client: Client, one: Notification) -> None:
        one.began_at = now().steady
        if one.idle:
            one.idle = False
            client.send(event(one.object_id, 1))

    def _counting(self) -> list[tuple[Client, Notification]]:
        held = self.inhibited
        return [(client, one) for client, one in self._all() if not (one.idle or (held and one.honours_inhibitors))]

    def _until_next_timer_s(self) -> float | None:
        at = now().steady
        waits = [(one.began_at + one.timeout - at).total_seconds() for _, one in self._counting()]
        return max(0.0, min(waits)) if waits else None

    def _timers_fire(self) -> None:
        at = now().steady
        for client, one in self._counting():
            if at - one.began_at >= one.timeout:
                one.idle = True
                client.send(event(one.object_id, 0))


def event(object_id: int, opcode: int, *arguments: bytes) -> bytes:
    """Give an event as bytes."""
    body = b"".join(arguments)
    return struct.pack("=II", object_id, (8 + len(body)) << 16 | opcode) + body


def uint(value: int) -> bytes:
    """Give an unsigned integer as an argument."""
    return struct.pack("=I", value)


def string(text: str) -> bytes:
    """Give a string as an argument."""
    data = text.encode() + b"\0"
    return uint(len(data)) + data + b"\0" * (-len(data) % 4)


def open_fds() -> set[str]:
    """Name what this process has open, by file descriptor."""
    found = set()
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # that of the listing itself
            found.add(f"{one.name} {one.readlink()}")
    return found
