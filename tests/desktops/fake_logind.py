"""A stand-in for systemd-logind on a private system bus, for tests: `python -m tests.desktops.fake_logind`.

It has one session, "c1" on "seat0", and does what a desktop does with logind, on command. Commands are methods of
`org.freedesktop.login1` at `/fake` (interface `org.example.FakeLogind`):

- `Lock()`, `Unlock()`: as a screen locker does: the signal, then LockedHint.
- `Activate(b)`: the session gets or loses the seat.
- `Sleep()`, `WakeUp()`: PrepareForSleep(true / false).
- `Inhibitors() -> as`: what each inhibitor that is still held was taken for: "sleep:delay:NAME".
- `ForgetPids(b)`: GetSessionByPID fails from now on, as it does for a user service.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER, SESSION, SEAT = f"{NAME}.Manager", f"{NAME}.Session", f"{NAME}.Seat"
SESSION_PATH, SEAT_PATH = f"{PATH}/session/c1", f"{PATH}/seat/seat0"
PROPERTIES = "org.freedesktop.DBus.Properties"
FAKE, FAKE_PATH = "org.example.FakeLogind", "/fake"

Answer = tuple[str, tuple[Any, ...]]


class FakeLogind:
    """The state of the machine, and what each method does with it."""

    def __init__(self) -> None:
        self.bus = open_dbus_connection(bus=os.environ["DBUS_SYSTEM_BUS_ADDRESS"], enable_fds=True)
        self.locked, self.active, self.knows_pids = False, True, True
        self.inhibitors: list[tuple[str, int]] = []
        self.methods: dict[tuple[str, str], Callable[..., Answer]] = {
            (MANAGER, "GetSession"): lambda wanted: ("o", (SESSION_PATH,)) if wanted == "c1" else self.none(),
            (MANAGER, "GetSessionByPID"): lambda _: ("o", (SESSION_PATH,)) if self.knows_pids else self.none(),
            (MANAGER, "GetSeat"): lambda wanted: ("o", (SEAT_PATH,)) if wanted == "seat0" else self.none(),
            (MANAGER, "Inhibit"): self.inhibit,
            (PROPERTIES, "Get"): lambda _, name: ("v", (self.properties()[name],)),
            (PROPERTIES, "GetAll"): lambda _: ("a{sv}", (self.properties(),)),
            (FAKE, "Lock"): lambda: self.lock(locked=True),
            (FAKE, "Unlock"): lambda: self.lock(locked=False),
            (FAKE, "Activate"): self.activate,
            (FAKE, "Sleep"): lambda: self.emit(PATH, MANAGER, "PrepareForSleep", "b", True),
            (FAKE, "WakeUp"): lambda: self.emit(PATH, MANAGER, "PrepareForSleep", "b", False),
            (FAKE, "Inhibitors"): lambda: ("as", (self.held(),)),
            (FAKE, "ForgetPids"): self.forget_pids,
        }

    def none(self) -> Answer:
        raise LookupError("There is none.")

    def properties(self) -> dict[str, tuple[str, Any]]:
        return {
            "LockedHint": ("b", self.locked),
            "Active": ("b", self.active),
            "Id": ("s", "c1"),
            "User": ("(uo)", (os.getuid(), f"{PATH}/user/self")),
            "ActiveSession": ("(so)", ("c1", SESSION_PATH)),
        }

    def emit(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> Answer:
        self.bus.send(new_signal(DBusAddress(path, interface=interface), member, signature or None, body))
        return "", ()

    def changed(self, name: str) -> Answer:
        return self.emit(
            SESSION_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", SESSION, {name: self.properties()[name]}, []
        )

    def lock(self, *, locked: bool) -> Answer:
        self.locked = locked
        self.emit(SESSION_PATH, SESSION, "Lock" if locked else "Unlock")
        return self.changed("LockedHint")

    def activate(self, active: bool) -> Answer:
        self.active = active
        return self.changed("Active")

    def forget_pids(self, forget: bool) -> Answer:
        self.knows_pids = not forget
        return "", ()

    def inhibit(self, what: str, who: str, why: str, mode: str) -> Answer:
        ours, theirs = os.pipe()
        self.inhibitors.append((f"{what}:{mode}:{who}", ours))
        return "h", (theirs,)

    def held(self) -> list[str]:
        """Drop the inhibitors whose other end was closed."""
        still = []
        for inhibitor, fd in self.inhibitors:
            if select.select([fd], [], [], 0)[0]:
                os.close(fd)
            else:
                still.append((inhibitor, fd))
        self.inhibitors = still
        return [inhibitor for inhibitor, _ in still]

    def answer(self, call: Message) -> None:
        fields = call.header.fields
        method = self.methods.get((fields.get(HeaderFields.interface, ""), fields[HeaderFields.member]))
        try:
            signature, body = method(*call.body) if method else self.none()
        except (LookupError, TypeError) as error:
            self.bus.send(new_error(call, f"{NAME}.NoSuchThing", "s", (str(error),)))
            return
        self.bus.send(new_method_return(call, signature or None, body))
        if signature == "h":
            os.close(body[0])

    def serve(self) -> None:
        """Answer until the bus goes away."""
        self.bus.send_and_get_reply(message_bus.RequestName(NAME))
        while True:
            message = self.bus.receive()
            if message.header.message_type is MessageType.method_call:
                self.answer(message)


if __name__ == "__main__":
    try:
        FakeLogind().serve()
    except ConnectionError:
        sys.exit(0)
