"""Start at login by systemd: a unit of the user's manager, which also starts the coach again should it crash.

Facts: systemd.unit(5) (folders, limits), systemd.service(5), systemd.special(7) (graphical-session.target). What
`systemctl --user enable` does is one link, made here too: at the login it is then there, whether or not the manager
could be asked to look.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from traycoach.autostart.command import program, program_of_unit, trouble, unit_command, unit_words
from traycoach.autostart.folders import cannot_write, config_home, remove, write
from traycoach.errors import Unavailable
from traycoach.text import _

NAME = "traycoach.service"
_TARGET = "graphical-session.target"
_SYSTEM = (Path("/etc/systemd/user"), Path("/usr/lib/systemd/user"))
_LIMIT_S = 5

_TEXT = """\
[Unit]
Description=traycoach, a coach for people who sit for a living
PartOf={target}
After={target}
StartLimitIntervalSec=10min
StartLimitBurst=5

[Service]
Type=exec
{environment}ExecStart={command}
Restart=on-failure
RestartSec=5s
# an editor that the coach opened for its user is not the coach's to end; its windows end by themselves
KillMode=process
Slice=app.slice

[Install]
WantedBy={target}
"""


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """`path`: the unit, None if there is none. `enabled`: it is to be started. `against`: why it is not, even so."""

    path: Path | None
    enabled: bool = False
    against: str | None = None


def own_path(environ: Mapping[str, str]) -> Path:
    """Give where the user's unit lies."""
    return config_home(environ) / "systemd" / "user" / NAME


def text(environ: Mapping[str, str]) -> str:
    """Give the unit for this very installation. Raises `UserError`."""
    home = environ.get("TRAYCOACH_HOME")
    environment = f"Environment={unit_words([f'TRAYCOACH_HOME={home}'])}\n" if home else ""
    command = unit_command([*program(environ), "run", "--login"])
    return _TEXT.format(target=_TARGET, environment=environment, command=command)


def switch_on(environ: Mapping[str, str]) -> None:
    """Write the unit and enable it. Raises `UserError`, `Unavailable`."""
    if shutil.which("systemctl", path=environ.get("PATH")) is None:
        raise Unavailable(_("There is no systemd here.") + " " + _("Use “traycoach autostart on” without --systemd."))
    path, link = own_path(environ), _link(environ)
    remove(path)  # it may be a link to nothing, by which a unit is masked
    write(path, text(environ))
    remove(link)
    try:
        link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        link.symlink_to(path)
    except OSError as error:
        raise Unavailable(cannot_write(link, error)) from error
    _systemctl(environ, "daemon-reload")


def switch_off(environ: Mapping[str, str]) -> None:
    """Take unit and link away. Raises `Unavailable`."""
    for path in (_link(environ), own_path(environ)):
        if path.is_symlink() or path.exists():
            remove(path)
            _systemctl(environ, "daemon-reload")


def status(environ: Mapping[str, str]) -> UnitStatus:
    """Tell whether systemd will start the coach. Raises nothing."""
    own, link = own_path(environ), _link(environ)
    path = next((place for place in (own, *(folder / NAME for folder in _SYSTEM)) if place.exists()), None)
    wanted = [link, *(folder / f"{_TARGET}.wants" / NAME for folder in _SYSTEM)]
    if path is None or not any(place.is_symlink() for place in wanted):
        return UnitStatus(path)
    return UnitStatus(path, True, _against(path, environ))


def entry_is_masked(environ: Mapping[str, str]) -> bool:
    """Tell whether systemd, where it starts the desktop's entries, is told not to start ours."""
    return _is_masked(own_path(environ).with_name("app-traycoach@autostart.service"))


def _against(path: Path, environ: Mapping[str, str]) -> str | None:
    if _is_masked(path):
        return _("systemd is told not to start the coach ({unit} is masked).").format(unit=NAME)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return _("The autostart entry {path} cannot be read.").format(path=path)
    started = next((line.partition("=")[2].strip() for line in lines if line.startswith("ExecStart=")), "")
    if not program_of_unit(started):
        return _("The entry has no command.")
    if (against := trouble(program_of_unit(started))) is not None:
        return against
    if _systemctl(environ, "is-active", _TARGET) == "inactive":  # vocabulary: allow inactive - systemd's word
        sentence = _("systemd would start the coach, but this session does not use {target}.").format(target=_TARGET)
        return sentence + " " + _("Use “traycoach autostart on” without --systemd.")
    return None


def _link(environ: Mapping[str, str]) -> Path:
    return own_path(environ).parent / f"{_TARGET}.wants" / NAME


def _is_masked(path: Path) -> bool:
    return path.is_symlink() and path.resolve() == Path("/dev/null")


def _systemctl(environ: Mapping[str, str], *words: str) -> str:
    """Ask the user's manager; "" if there is none that answers."""
    found = shutil.which("systemctl", path=environ.get("PATH"))
    if found is None:
        return ""
    try:
        done = subprocess.run(
            [found, "--user", *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
