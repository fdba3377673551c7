"""Start at login, the XDG way: a desktop entry in the user's autostart folder, and what keeps a desktop from using it.

Facts: the Desktop Application Autostart Specification (folders, `Hidden`, `OnlyShowIn`, `TryExec`). The rest was found
by experiment on whole logins: GNOME heeds `X-GNOME-Autostart-enabled` (as systemd's xdg-autostart-generator does, which
starts Plasma's entries), MATE its own key of that form, XFCE and `dex` neither. XFCE alone compares the names of
desktops without their case, lets `X-XFCE-Autostart-Override` overrule them, and has entries (`RunHook`) for other
moments than the login.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from traycoach.autostart.command import ENV, escaped, exec_line, program, program_of_exec, trouble, unescaped
from traycoach.autostart.folders import config_home, remove, system_configs, write
from traycoach.errors import UserError
from traycoach.text import _

FILE = "traycoach.desktop"

_WITHOUT_AUTOSTART = frozenset({"sway", "i3", "hyprland", "river", "dwl", "labwc", "bspwm"})
"""Compositors and window managers that start no autostart entries by themselves (`dex -a` does it for them)."""

_GNOMES = frozenset({"gnome", "unity", "budgie", "x-cinnamon", "pantheon", "kde"})
"""Desktops that heed GNOME's switch and no other."""

_WITHOUT_SWITCH = _WITHOUT_AUTOSTART | {"xfce"}


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """`path`: the entry that counts, None if there is none. `against`: why it starts nothing. `hint`: what to know."""

    path: Path | None
    against: str | None = None
    hint: str = ""


def own_path(environ: Mapping[str, str]) -> Path:
    """Give where the user's entry lies."""
    return config_home(environ) / "autostart" / FILE


def switch_on(environ: Mapping[str, str]) -> None:
    """Write the entry for this very installation. Raises `UserError`, `Unavailable`."""
    write(own_path(environ), _text(_command(environ)))


def switch_off(environ: Mapping[str, str]) -> None:
    """Take the entry away; one of the system is hidden by one of the user's. Raises `Unavailable`."""
    if any((folder / "autostart" / FILE).exists() for folder in system_configs(environ)):
        write(own_path(environ), "[Desktop Entry]\nType=Application\nName=traycoach\nHidden=true\n")
    else:
        remove(own_path(environ))


def status(environ: Mapping[str, str]) -> EntryStatus:
    """Tell which entry counts and whether this desktop uses it. Raises nothing."""
    places = (own_path(environ), *(folder / "autostart" / FILE for folder in system_configs(environ)))
    path = next((place for place in places if place.exists()), None)
    if path is None:
        return EntryStatus(None)
    try:
        keys = _keys(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return EntryStatus(path, _("The autostart entry {path} cannot be read.").format(path=path))
    against = _against(keys, environ)
    hints = []
    if keys.get("Exec") != exec_line(_command(environ)):
        hints.append(_("By another command than this one: {command}").format(command=keys.get("Exec", "")))
    if alone := _desktops(environ) & _WITHOUT_AUTOSTART:
        hint = _("{desktop} starts no autostart entries by itself: add “exec dex -a” to its configuration.")
        hints.append(hint.format(desktop=min(alone)))
    return EntryStatus(path, against, " ".join(hints))


def _against(keys: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    """Give the sentence that says why this entry starts nothing; None if nothing stands against it."""
    here = _desktops(environ)
    if keys.get("Hidden", "").lower() == "true":
        return _(
            "The entry is switched off (Hidden=true): the desktop's settings or “traycoach autostart on” change it."
        )
    for key, value in keys.items():
        if value.lower() == "false" and _heeds(here, key):
            return _("The desktop's settings have switched the entry off ({key}=false).").format(key=key)
    if "xfce" in here and keys.get("RunHook", "0") != "0":
        return _("The entry is not for the login, but for another moment (RunHook={hook}).").format(
            hook=keys["RunHook"]
        )
    if here and not _is_meant_for(keys, environ):
        return _("The entry is not meant for this desktop (OnlyShowIn or NotShowIn).")
    tried, started = unescaped(keys.get("TryExec", "")), program_of_exec(keys.get("Exec", ""))
    if not started:
        return _("The entry has no command.")
    return (trouble(tried) if tried else None) or trouble(started)


def _heeds(here: frozenset[str], key: str) -> bool:
    """Tell whether this desktop, if it is known, takes the key for its switch."""
    found = re.fullmatch(r"X-([A-Za-z]+)-Autostart-enabled", key)
    if found is None or here & _WITHOUT_SWITCH:
        return False
    if here & _GNOMES:
        return found[1] == "GNOME"
    return "mate" not in here or found[1] == "MATE"


def _is_meant_for(keys: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    current = environ.get("XDG_CURRENT_DESKTOP", "").replace(":", ";")
    only, never = keys.get("OnlyShowIn", ""), keys.get("NotShowIn", "")
    if "xfce" in _desktops(environ):
        current, only, never = current.lower(), only.lower(), never.lower()
        if keys.get("X-XFCE-Autostart-Override", "").lower() == "true":
            return True
    here = _names(current)
    return not ((only and not _names(only) & here) or _names(never) & here)


def _command(environ: Mapping[str, str]) -> list[str]:
    home = environ.get("TRAYCOACH_HOME")
    words = program(environ)
    prefix = [ENV, f"TRAYCOACH_HOME={home}"] if home else []
    if "%" in words[0] and not prefix:
        # WORKAROUND GLib, systemd: both look for the first word of Exec as a program before they make `%%` a `%`
        prefix = [ENV]
    return [*prefix, *words, "run", "--login"]


def _text(command: Sequence[str]) -> str:
    started = next(word for word in command if word != ENV and not word.startswith("TRAYCOACH_HOME="))
    if "=" in started:  # the specification forbids it, and env(1) would take it for a variable
        raise UserError(_("The path of traycoach contains “=”, which an autostart entry cannot hold."))
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=traycoach",
        f"Comment={escaped(_('A coach for people who sit for a living'))}",
        "Icon=traycoach",
        f"Exec={exec_line(command)}",
        f"TryExec={escaped(started)}",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
    ]
    return "\n".join(lines) + "\n"


def _desktops(environ: Mapping[str, str]) -> frozenset[str]:
    return _names(environ.get("XDG_CURRENT_DESKTOP", "").replace(":", ";").lower())


def _names(value: str) -> frozenset[str]:
    return frozenset(name.strip() for name in value.split(";") if name.strip())


def _keys(text: str) -> dict[str, str]:
    """Give the keys of the group `[Desktop Entry]`; of a repeated key the last."""
    keys: dict[str, str] = {}
    group = ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip()
        elif group == "[Desktop Entry]" and "=" in line and not line.startswith("#"):
            key, _equals, value = line.partition("=")
            keys[key.strip()] = value.strip()
    return keys
