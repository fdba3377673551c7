"""The tray's parts in this process, on a clock that the test sets, with a panel of our own on a private bus."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any

from traycoach.core.actions import TrayKind, TrayState
from traycoach.core.instant import ZERO, Instant
from traycoach.desktop.bus import Bus, Interface, Method, Property, Signal
from traycoach.tray.loop import Loop
from traycoach.tray.sni import WATCHER

WATCHER_PATH = "/StatusNotifierWatcher"


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.steady = timedelta(hours=1)

    def now(self) -> Instant:
        return Instant(self.steady, datetime(2026, 11, 22, 9, tzinfo=UTC) + self.steady)

    def suspended_for(self) -> timedelta:
        return ZERO

    def boot_id(self) -> str:
        return "boot"


class Stage:
    """A loop in a thread of its own; `settle` waits until everything posted so far is done."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.loop = Loop(self.clock)
        self._thread = threading.Thread(target=self.loop.run)
        self._thread.start()

    def do(self, work: Callable[[], Any]) -> Any:
        """Run `work` on the loop and give what it gives."""
        done: SimpleQueue[Any] = SimpleQueue()

        def run() -> None:
            try:
                done.put((work(), None))
            except BaseException as error:
                done.put((None, error))

        self.loop.post(run)
        result, error = done.get(timeout=5)
        if error is not None:
            raise error
        return result

    def settle(self) -> None:
        self.do(lambda: None)

    def advance(self, **span: float) -> None:
        """Move the clock; what became due has run when this returns."""
        self.clock.steady += timedelta(**span)
        due = threading.Event()
        self.loop.later(ZERO, due.set)  # comes after everything due earlier
        assert due.wait(5)

    def stop(self) -> None:
        self.loop.stop()
        self._thread.join(5)
        assert not self._thread.is_alive()


class Panel:
    """A StatusNotifierWatcher, and a host if `hosts`."""

    def __init__(self, address: str, *, hosts: bool = True, refuses: int = 0) -> None:
        self.bus = Bus("session", address).connect()
        self.registered: SimpleQueue[str] = SimpleQueue()
        self.signals: SimpleQueue[Signal] = SimpleQueue()
        self.hosts = hosts
        self.refuses = refuses

        def register(name: str) -> tuple[Any, ...]:
            if self.refuses:
                self.refuses -= 1
                raise ValueError("not yet")
            self.registered.put(name)
            return ()

        self.bus.export(
            WATCHER_PATH,
            Interface(
                WATCHER,
                {"RegisterStatusNotifierItem": Method("s", "", register)},
                {"IsStatusNotifierHostRegistered": Property("b", lambda: self.hosts)},
            ),
        )

    def start(self) -> None:
        self._own = self.bus.own_name(WATCHER)

    def host_comes(self, present: bool) -> None:
        self.hosts = present
        member = "StatusNotifierHostRegistered" if present else "StatusNotifierHostUnregistered"
        self.bus.emit(WATCHER_PATH, WATCHER, member)

    def drop(self, item: str) -> None:
        self.bus.emit(WATCHER_PATH, WATCHER, "StatusNotifierItemUnregistered", "s", (item,))

    def leave(self) -> None:
        self._own.close()

    def listen(self, interface: str) -> None:
        self.bus.subscribe(self.signals.put, interface=interface)

    def stop(self) -> None:
        self.bus.close()


def tray_state(kind: str = "sitting", **values: Any) -> TrayState:
    texts = {"words": "sitting 24 of 30 min", "why": "Next: stand up in 6 min.", "today": "Sat 3 h 10 today."}
    return TrayState(TrayKind(kind), **{**texts, **values})
