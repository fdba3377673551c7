"""Does the computer run on its battery? UPower knows (its property `OnBattery`)."""

from __future__ import annotations

from collections.abc import Callable

from traycoach.desktop.bus import Bus
from traycoach.guards.bus_guard import ServiceGuard, boolean, property_changes

_UPOWER, _PATH = "org.freedesktop.UPower", "/org/freedesktop/UPower"


def on_battery(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow the power supply. `connect` gives the system bus."""
    ask = boolean(_UPOWER, _PATH, _UPOWER, "OnBattery")
    return ServiceGuard("battery", "UPower", connect, _UPOWER, ask, (property_changes(_PATH, _UPOWER, "OnBattery"),))
