"""Is the desktop told to be quiet? Every desktop has a switch of its own for "do not disturb".

Where each stands: KDE in the property `Inhibited` of its notification server (Plasma sets it too while the screen is
shared); GNOME in the setting `show-banners`, of whose changes only dconf tells, where GNOME keeps its settings; XFCE in
its settings daemon; dunst in the property `paused`; mako in a mode that its manual names "do-not-disturb". mako 1.7
sends no signal, so it is asked when a prompt is near.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping

from traycoach.desktop.bus import Bus, CallFailed, Signal
from traycoach.errors import Unavailable
from traycoach.guards.base import LIMIT, MORE_SELDOM_S
from traycoach.guards.bus_guard import LIMIT_S, Hint, ServiceGuard, boolean, on_desktop, property_changes, variant
from traycoach.text import _

NAME = "dnd"
_SERVER, _SERVER_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_DUNST = "org.dunstproject.cmd0"
_XFCONF, _XFCONF_PATH, _XFCONF_KEY = "org.xfce.Xfconf", "/org/xfce/Xfconf", ("xfce4-notifyd", "/do-not-disturb")
_DCONF_NAME, _DCONF, _DCONF_KEY = "ca.desrt.dconf", "ca.desrt.dconf.Writer", "/org/gnome/desktop/notifications/"
_GNOME = ("org.gnome.desktop.notifications", "show-banners")
_MAKO, _MAKO_PATH, _MAKO_MODES = "fr.emersion.Mako", "/fr/emersion/Mako", frozenset({"do-not-disturb", "dnd"})


def kde_quiet(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow Plasma's do-not-disturb."""
    return ServiceGuard(
        NAME,
        "Plasma notifications",
        connect,
        _SERVER,
        boolean(_SERVER, _SERVER_PATH, _SERVER, "Inhibited"),
        (property_changes(_SERVER_PATH, _SERVER, "Inhibited"),),
    )


def dunst_quiet(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow dunst's pause."""
    return ServiceGuard(
        NAME,
        "dunst",
        connect,
        _SERVER,
        boolean(_SERVER, _SERVER_PATH, _DUNST, "paused"),
        (property_changes(_SERVER_PATH, _DUNST, "paused"),),
    )


def xfce_quiet(connect: Callable[[], Bus], environ: Mapping[str, str] = os.environ) -> ServiceGuard:
    """Follow XFCE's do-not-disturb; a setting that was never made is off."""

    def ask(bus: Bus) -> bool:
        try:
            (value,) = bus.call(_XFCONF, _XFCONF_PATH, _XFCONF, "GetProperty", "ss", _XFCONF_KEY, limit_s=LIMIT_S)
        except CallFailed as error:
            if error.error.endswith("PropertyNotFound"):
                return False
            raise
        return bool(variant(value))

    def ours(signal: Signal) -> bool:
        return tuple(signal.body[:2]) == _XFCONF_KEY

    hints = tuple(Hint(_XFCONF, member, matters=ours) for member in ("PropertyChanged", "PropertyRemoved"))
    refusal = _("this is not XFCE")
    return ServiceGuard(
        NAME,
        "XFCE settings",
        connect,
        _XFCONF,
        ask,
        hints,
        refusal=lambda: "" if on_desktop(environ, "XFCE") else refusal,
    )


def mako_quiet(connect: Callable[[], Bus]) -> ServiceGuard:
    """Follow mako's modes."""

    def ask(bus: Bus) -> bool:
        (modes,) = bus.call(_SERVER, _MAKO_PATH, _MAKO, "ListModes", limit_s=LIMIT_S)
        return not _MAKO_MODES.isdisjoint(modes)

    hints = (property_changes(_MAKO_PATH, _MAKO, "Modes"),)
    return ServiceGuard(NAME, "mako", connect, _SERVER, ask, hints, asks_again_s=MORE_SELDOM_S)


def gnome_quiet(connect: Callable[[], Bus], environ: Mapping[str, str] = os.environ) -> ServiceGuard:
    """Follow GNOME's do-not-disturb: dconf tells of every write, `gsettings` reads the value."""

    def ask(_bus: Bus) -> bool:
        try:
            said = subprocess.run(
                ["gsettings", "get", *_GNOME],
                capture_output=True,
                text=True,
                timeout=4 * LIMIT.total_seconds(),  # it is a program that has to be loaded first
                env=dict(environ),
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(_("gsettings gave no answer.")) from error
        return said.stdout.strip() == "false"

    def ours(signal: Signal) -> bool:
        prefix, changes, _tag = signal.body
        return any(_DCONF_KEY in prefix + change or (prefix + change) in _DCONF_KEY for change in changes or [""])

    def refusal() -> str:
        if not on_desktop(environ, "GNOME"):
            return _("this is not GNOME")
        return "" if shutil.which("gsettings", path=environ.get("PATH")) else _("gsettings is not installed")

    # the shell is asked for as the sign that the setting means anything; dconf's writer runs only now and then
    hints = (Hint(_DCONF, "Notify", sender=_DCONF_NAME, matters=ours),)
    return ServiceGuard(NAME, "GNOME settings", connect, "org.gnome.Shell", ask, hints, refusal=refusal)
