"""D-Bus: one connection to the session bus and one to the system bus, shared by everything in this process.

`session_bus()` and `system_bus()` give the shared connections, and raise `Unavailable` where there is none; with
`awaited` they give one that is sought until it is there. A `Bus` has one thread that reads (blocking, no polling) and
one that runs callbacks:

- **Calls** (`call`, `get_property`) block the calling thread up to a time limit and never start a service unasked. They
  may be made from every thread but the reading one, that is: from everywhere except a `Method.answer`.
- **Callbacks** (signals, name owners, connection) run one after another on the callback thread, so they may call and
  take their time; an exception in one is logged and stops nothing.
- **Exported objects** (`export`) are answered on the reading thread, at once.
- **When the bus dies**, pending calls raise `Unavailable`, every watched name is reported as gone, `watch_connection`
  tells it, and the bus is sought again after 1, 2, 5, 10, 30 and then every 60 s. When it is back, subscriptions,
  watched names, own names and exported objects are all restored before `watch_connection` tells that. A bus that was
  awaited and is not there yet is just that: one that died before anybody knew it.

    bus = session_bus()
    watch = bus.watch_name("org.kde.StatusNotifierWatcher", lambda owner: ...)   # "" when nobody owns it
    bus.subscribe(on_signal, interface="org.freedesktop.login1.Manager", member="PrepareForSleep")
    (session,) = bus.call("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                          "GetSession", "s", ("2",))
    watch.close()

Values are jeepney's: variants are (signature, value) pairs, arrays lists (of bytes: bytes), dictionaries dicts, structs
tuples; on the system bus a file descriptor arrives as `jeepney.fds.FileDescriptor`, which the receiver takes over or
closes.
"""

from __future__ import annotations

import threading

from traycoach.desktop.bus_connection import Bus, CallFailed
from traycoach.desktop.bus_objects import Interface, Method, Property, Refused
from traycoach.desktop.bus_signals import Signal, Subscription
from traycoach.desktop.bus_thread import Kind

__all__ = [
    "Bus",
    "CallFailed",
    "Interface",
    "Method",
    "Property",
    "Refused",
    "Signal",
    "Subscription",
    "close_buses",
    "session_bus",
    "system_bus",
]

_shared: dict[Kind, Bus] = {}
_shared_lock = threading.Lock()


def session_bus(*, awaited: bool = False) -> Bus:
    """Give this process's connection to the session bus.

    Raises Unavailable; a later call tries again. With `awaited` it never raises: the bus is sought until it comes, and
    what is asked of it meanwhile (names, subscriptions, objects) counts from then on.
    """
    return _shared_bus("session", awaited=awaited)


def system_bus(*, awaited: bool = False) -> Bus:
    """Give this process's connection to the system bus, as `session_bus` gives the other."""
    return _shared_bus("system", awaited=awaited)


def close_buses() -> None:
    """Disconnect both shared connections (at the end of the process, and between tests)."""
    with _shared_lock:
        buses = list(_shared.values())
        _shared.clear()
    for bus in buses:
        bus.close()


def _shared_bus(kind: Kind, *, awaited: bool) -> Bus:
    with _shared_lock:
        bus = _shared.get(kind)
        if bus is None:
            bus = Bus(kind).connect(awaited=awaited)
            _shared[kind] = bus
        elif not awaited:
            bus.connect()
        return bus
