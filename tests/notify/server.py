"""A notification server of our own on a private bus, which tells what it was asked and presses what it is told."""

from __future__ import annotations

from queue import SimpleQueue
from typing import Any

from traycoach.desktop.bus import Bus, Interface, Method, Refused
from traycoach.notify import SERVER

_PATH = "/org/freedesktop/Notifications"


class Server:
    """`notified` gets the arguments of each Notify, `closed` the number of each CloseNotification."""

    def __init__(
        self, address: str, capabilities: tuple[str, ...] = ("actions", "body", "body-markup"), name: str = "test"
    ) -> None:
        self.bus = Bus("session", address).connect()
        self.notified: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
        self.closed: SimpleQueue[int] = SimpleQueue()
        self.refuses = False
        self._count = 0

        def notify(*arguments: Any) -> tuple[Any, ...]:
            if self.refuses:
                raise Refused("Busy", "Not now.")
            self._count += 1
            number = arguments[1] or self._count
            self.notified.put((number, *arguments))
            return (number,)

        def close(number: int) -> tuple[Any, ...]:
            self.closed.put(number)
            self.close_by(number, 3)
            return ()

        methods = {
            "Notify": Method("susssasa{sv}i", "u", notify),
            "CloseNotification": Method("u", "", close),
            "GetServerInformation": Method("", "ssss", lambda: (name, "test", "1", "1.2")),
            "GetCapabilities": Method("", "as", lambda: (list(capabilities),)),
        }
        self.bus.export(_PATH, Interface(SERVER, methods))
        self.bus.own_name(SERVER)

    def next(self) -> tuple[Any, ...]:
        """Number, app name, replaced number, icon, title, body, actions, hints, length."""
        return self.notified.get(timeout=5)

    def press(self, number: int, key: str, token: str = "") -> None:
        if token:
            self.bus.emit(_PATH, SERVER, "ActivationToken", "us", (number, token))
        self.bus.emit(_PATH, SERVER, "ActionInvoked", "us", (number, key))

    def close_by(self, number: int, reason: int) -> None:
        self.bus.emit(_PATH, SERVER, "NotificationClosed", "uu", (number, reason))

    def stop(self) -> None:
        self.bus.close()
