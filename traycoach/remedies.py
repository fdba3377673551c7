"""What is missing, and how to get it: one sentence each, for the page of `doctor`."""

from __future__ import annotations

from collections.abc import Mapping

from traycoach.text import _

QT_NEEDS = "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"


def tray(environ: Mapping[str, str]) -> str:
    """Give how to come to a tray on this desktop."""
    desktops = environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    if "gnome" in desktops:
        return _(
            "GNOME shows icons with the extension “AppIndicator and KStatusNotifierItem Support”. Without it,"
            " “traycoach” brings up the status window, and prompts come as notifications."
        )
    if "sway" in desktops:
        return _("waybar shows icons if its configuration has the module “tray”.")
    return _("Add a tray to your panel; it is called “Status Tray”, “System Tray” or “Notification Area”.")


def notifications() -> str:
    """Give how to come to notifications."""
    return _("Start a notification server with your desktop, for example dunst or mako.")


def windows() -> str:
    """Give how to come to windows."""
    return _("The log tells why. On Debian and Ubuntu: apt install {packages}").format(packages=QT_NEEDS)


def package(name: str) -> str:
    """Give what is lost without a package, and how to come to it."""
    if name == "pynput":
        return _("Only keys and clicks are not counted without it. It needs a C compiler and Python's headers.")
    return _("pip install {package}").format(package=name)
