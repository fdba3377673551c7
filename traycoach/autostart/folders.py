"""Where the two kinds of file lie, and how one is written whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from traycoach.errors import Unavailable
from traycoach.text import _


def config_home(environ: Mapping[str, str]) -> Path:
    """Give the user's configuration folder; a relative path counts as none (XDG Base Directory Specification)."""
    base = environ.get("XDG_CONFIG_HOME", "")
    return Path(base) if base.startswith("/") else Path(environ.get("HOME") or "~").expanduser() / ".config"


def system_configs(environ: Mapping[str, str]) -> list[Path]:
    """Give the folders of the system's configuration, the most important first."""
    bases = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return [Path(base) for base in bases.split(":") if base.startswith("/")]


def write(path: Path, text: str) -> None:
    """Write the file, its folders too. Raises `Unavailable`."""
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise Unavailable(cannot_write(path, error)) from error


def remove(path: Path) -> None:
    """Remove the file, if it is there. Raises `Unavailable`."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(cannot_write(path, error)) from error


def cannot_write(path: Path, error: OSError) -> str:
    """Give the sentence for a file that cannot be changed."""
    return _("The autostart entry {path} cannot be written: {reason}.").format(path=path, reason=error.strerror)
