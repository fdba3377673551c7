"""Does a program ask for the screen to stay on, as players and presentations do?

Who keeps the list: GNOME's session manager (`IsInhibited`, where 8 is "idle"), KDE's power manager (its agent
for policies, where 4 is "change screen settings"), XFCE's power manager (`HasInhibit`), and logind ("idle" in
`BlockInhibited`). Inhibitors of the Wayland protocol are known to the compositor alone.
"""

from __future__ import annotations

from collections.abc import Callable

from traycoach.desktop.bus import Bus
from traycoach.guards.bus_guard import LIMIT_S, Hint, ServiceGuard, property_changes

NAME = "inhibitor"
_GNOME, _GNOME_PATH, _IDLE = "org.gnome.SessionManager", "/org/gnome/SessionManager", 8
_KDE, _KDE_PATH = "org.kde.Solid.PowerManagement.PolicyAgent", "/org/kde/Solid/PowerManagement/PolicyAgent"
_SCREEN = 4
# vocabulary: allow Inhibition, Inhibitions - KDE's names
_KDE_ASK, _KDE_TELLS = "HasInhibition", "InhibitionsChanged"
_XFCE, _XFCE_PATH = "org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"
_XFCE_INTERFACE = "org.freedesktop.PowerManagement.Inhibit"
_LOGIND, _LOGIND_PATH, _LOGIND_MANAGER = (
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
)


def gnome_inhibitors(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow the inhibitors of GNOME's session."""

    def ask(bus: Bus) -> bool:
        (inhibited,) = bus.call(_GNOME, _GNOME_PATH, _GNOME, "IsInhibited", "u", (_IDLE,), limit_s=LIMIT_S)
        return bool(inhibited)

    hints = tuple(Hint(_GNOME, member, _GNOME_PATH) for member in ("InhibitorAdded", "InhibitorRemoved"))
    return ServiceGuard(NAME, "GNOME session", connect, _GNOME, ask, hints)


def kde_inhibitors(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow the inhibitors of KDE's power manager."""

    def ask(bus: Bus) -> bool:
        (inhibited,) = bus.call(_KDE, _KDE_PATH, _KDE, _KDE_ASK, "u", (_SCREEN,), limit_s=LIMIT_S)
        return bool(inhibited)

    return ServiceGuard(NAME, "KDE power", connect, _KDE, ask, (Hint(_KDE, _KDE_TELLS, _KDE_PATH),))


def xfce_inhibitors(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow the inhibitors of XFCE's power manager."""

    def ask(bus: Bus) -> bool:
        (inhibited,) = bus.call(_XFCE, _XFCE_PATH, _XFCE_INTERFACE, "HasInhibit", limit_s=LIMIT_S)
        return bool(inhibited)

    hints = (Hint(_XFCE_INTERFACE, "HasInhibitChanged", _XFCE_PATH),)
    return ServiceGuard(NAME, "XFCE power", connect, _XFCE, ask, hints)


def logind_inhibitors(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow logind's inhibitors of idleness."""

    def ask(bus: Bus) -> bool:
        blocked = bus.get_property(_LOGIND, _LOGIND_PATH, _LOGIND_MANAGER, "BlockInhibited", limit_s=LIMIT_S)
        return "idle" in str(blocked).split(":")

    hints = (property_changes(_LOGIND_PATH, _LOGIND_MANAGER, "BlockInhibited"),)
    return ServiceGuard(NAME, "logind", connect, _LOGIND, ask, hints)
