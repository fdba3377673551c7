"""Start at login, the XDG way: a desktop entry in the user's autostart folder.

Facts: the Desktop Application Autostart Specification (folders, `Hidden`, `OnlyShowIn`, `TryExec`) and the Desktop
Entry Specification, "The Exec key" (quoting) and "Possible value types" (escapes). `X-GNOME-Autostart-enabled` is how
GNOME, Cinnamon and systemd's xdg-autostart-generator switch an entry off; MATE and others have keys of the same form.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from traycoach.errors import Unavailable, UserError
from traycoach.text import _

FILE = "traycoach.desktop"

_WITHOUT_AUTOSTART = frozenset({"sway", "i3", "hyprland", "river", "dwl", "labwc", "bspwm"})
"""Compositors and window managers that start no autostart entries by themselves (`dex -a` does it for them)."""

_ENV = "/usr/bin/env"

_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")


@dataclass(frozen=True, slots=True)
class AutostartStatus:
    """`on`: the coach will be started at the next login, as far as can be known. `sentence` says it, or why not."""

    on: bool
    sentence: str
    path: Path


def on(environ: Mapping[str, str] = os.environ) -> AutostartStatus:
    """Write the entry for this very installation and tell how it stands now. Raises `UserError`, `Unavailable`."""
    _write(_entry(environ), _entry_text(_command(environ)))
    return status(environ)


def off(environ: Mapping[str, str] = os.environ) -> AutostartStatus:
    """Take the entry away; one of the system is hidden by one of the user's. Raises `Unavailable`."""
    path = _entry(environ)
    if any((folder / FILE).exists() for folder in _system_folders(environ)):
        _write(path, "[Desktop Entry]\nType=Application\nName=traycoach\nHidden=true\n")
    else:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(_cannot_write(path, error)) from error
    return status(environ)


def status(environ: Mapping[str, str] = os.environ) -> AutostartStatus:
    """Tell whether the desktop will start the coach, and what stands against it. Raises nothing."""
    own = _entry(environ)
    path = next((p for p in (own, *(f / FILE for f in _system_folders(environ))) if p.exists()), None)
    if path is None:
        return AutostartStatus(False, _("The coach is not started at login."), own)
    try:
        keys = _keys(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return AutostartStatus(False, _("The autostart entry {path} cannot be read.").format(path=path), path)
    against = _against(keys, environ)
    if against:
        return AutostartStatus(False, against, path)
    sentence = _("The coach is started at login.")
    if keys.get("Exec") != _exec_line(_command(environ)):
        sentence = _("The coach is started at login, by another command than this one: {command}").format(
            command=keys.get("Exec", "")
        )
    desktops = _desktops(environ)
    if desktops & _WITHOUT_AUTOSTART:
        hint = _("{desktop} starts no autostart entries by itself: add “exec dex -a” to its configuration.")
        sentence += " " + hint.format(desktop=min(desktops & _WITHOUT_AUTOSTART))
    return AutostartStatus(True, sentence, path)


def _against(keys: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    """Give the sentence that says why this entry starts nothing; None if nothing stands against it."""
    if keys.get("Hidden", "").lower() == "true":
        return _(
            "The entry is switched off (Hidden=true): the desktop's settings or “traycoach autostart on” change it."
        )
    for key, value in keys.items():
        if re.fullmatch(r"X-[A-Za-z]+-Autostart-enabled", key) and value.lower() == "false":
            return _("The desktop's settings have switched the entry off ({key}=false).").format(key=key)
    here = _desktops(environ)
    only = _names(keys.get("OnlyShowIn", ""))
    never = _names(keys.get("NotShowIn", ""))
    if here and ((only and not only & here) or never & here):
        return _("The entry is not meant for this desktop (OnlyShowIn or NotShowIn).")
    for key in ("TryExec", "Exec"):
        program = _program(keys.get(key, ""), key == "Exec")
        if not program and key == "Exec":
            return _("The entry has no command.")
        if program and not shutil.which(program):
            return _(
                "The program of the entry is not there: {program}. “traycoach autostart on” writes it anew."
            ).format(program=program)
    return None


# --- the command ------------------------------------------------------------------------------------------------------


def _command(environ: Mapping[str, str]) -> list[str]:
    """Give the command of this installation, by the name that survives its updates."""
    home = environ.get("TRAYCOACH_HOME")
    program = _program_of_this_installation(environ)
    prefix = [_ENV, f"TRAYCOACH_HOME={home}"] if home else []
    if "%" in program[0] and not prefix:
        # WORKAROUND GLib, systemd: both look for the first word of Exec as a program before they make `%%` a `%`
        prefix = [_ENV]
    return [*prefix, *program, "run", "--login"]


def _program_of_this_installation(environ: Mapping[str, str]) -> list[str]:
    beside = Path(sys.executable).parent / "traycoach"
    found = shutil.which("traycoach", path=environ.get("PATH"))
    # pipx and the like link a stable name to the script inside the environment
    if found and beside.exists() and Path(found).resolve() == beside.resolve():
        return [str(Path(found).absolute())]
    if os.access(beside, os.X_OK):
        return [str(beside)]
    return [sys.executable, "-m", "traycoach"]


def _entry_text(command: Sequence[str]) -> str:
    program = next(word for word in command if word != _ENV and not word.startswith("TRAYCOACH_HOME="))
    if "=" in program:  # the specification forbids it, and env(1) would take it for a variable
        raise UserError(_("The path of traycoach contains “=”, which an autostart entry cannot hold."))
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=traycoach",
        f"Comment={_escaped(_('A coach for people who sit for a living'))}",
        "Icon=traycoach",
        f"Exec={_exec_line(command)}",
        f"TryExec={_escaped(program)}",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
    ]
    return "\n".join(lines) + "\n"


def _exec_line(command: Sequence[str]) -> str:
    """Give the value of the Exec key: each word quoted, `%` doubled, then escaped as every string value is."""
    for word in command:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UserError(
                _("The path of traycoach is not valid text and cannot stand in an autostart entry.")
            ) from None
    return _escaped(" ".join(_quoted(word).replace("%", "%%") for word in command))


def _quoted(word: str) -> str:
    if word and not _RESERVED & set(word):
        return word
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'


def _escaped(value: str) -> str:
    for plain, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(plain, escape)
    return f"\\s{value[1:]}" if value.startswith(" ") else value


def _unescaped(value: str) -> str:
    plain = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\([sntr\\])", lambda match: plain[match[1]], value)


def _words(line: str) -> list[str]:
    """Split the value of an Exec key (unescaped already) as the specification says."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line, re.DOTALL)
    return [plain or re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) for quoted, plain in found]


def _program(value: str, is_command: bool) -> str:
    if not is_command:
        return _unescaped(value)
    words = [word.replace("%%", "%") for word in _words(_unescaped(value))]
    while words and (words[0] == _ENV or "=" in words[0]):
        words.pop(0)
    return words[0] if words else ""


# --- files ------------------------------------------------------------------------------------------------------------


def _entry(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_CONFIG_HOME", "")
    root = Path(base) if base.startswith("/") else Path(environ.get("HOME") or "~").expanduser() / ".config"
    return root / "autostart" / FILE


def _system_folders(environ: Mapping[str, str]) -> list[Path]:
    bases = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return [Path(base) / "autostart" for base in bases.split(":") if base.startswith("/")]


def _desktops(environ: Mapping[str, str]) -> frozenset[str]:
    return _names(environ.get("XDG_CURRENT_DESKTOP", "").replace(":", ";"))


def _names(value: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in value.split(";") if name.strip())


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


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise Unavailable(_cannot_write(path, error)) from error


def _cannot_write(path: Path, error: OSError) -> str:
    return _("The autostart entry {path} cannot be written: {reason}.").format(path=path, reason=error.strerror)
