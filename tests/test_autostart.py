"""The autostart entry: read back by real parsers, and the truth about whether it will start anything."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from traycoach import autostart
from traycoach.errors import Unavailable, UserError

GENERATOR = Path("/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator")
STRANGE = "we ird $HOME 100%f `x` back\\slash 'single' \"double\" #;&|*?~()<> ünï"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "system").mkdir()
    return {
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CONFIG_DIRS": str(tmp_path / "system"),
        "PATH": os.environ["PATH"],
    }


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in this folder: its `traycoach` writes its words, one a line, beside itself."""
    folder.mkdir(parents=True)
    program = folder / "traycoach"
    program.write_text('#!/bin/sh\n{ printf "%s\\n" "$TRAYCOACH_HOME" "$@"; } > "$(dirname "$0")/words.new"\n'
                       'mv "$(dirname "$0")/words.new" "$(dirname "$0")/words"\n')  # fmt: skip
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return program


def entry(environ: dict[str, str]) -> Path:
    return Path(environ["XDG_CONFIG_HOME"]) / "autostart" / "traycoach.desktop"


def write(environ: dict[str, str], text: str) -> None:
    entry(environ).parent.mkdir(parents=True, exist_ok=True)
    entry(environ).write_text("[Desktop Entry]\nType=Application\nName=traycoach\n" + text)


def test_on_off_and_status_agree(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = installed(tmp_path / "bin", monkeypatch)
    assert not autostart.status(environ).on
    turned_on = autostart.on(environ)
    assert turned_on.on
    assert turned_on == autostart.status(environ)
    text = turned_on.path.read_text()
    assert f"Exec={program} run --login\n" in text
    assert f"TryExec={program}\n" in text
    assert "X-GNOME-Autostart-enabled=true\n" in text
    assert not autostart.off(environ).on
    assert not turned_on.path.exists()
    assert not autostart.off(environ).on, "off twice is fine"


def test_a_stable_link_to_the_program_is_preferred(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = installed(tmp_path / "venvs" / "traycoach" / "bin", monkeypatch)
    (tmp_path / "local").mkdir()
    link = tmp_path / "local" / "traycoach"
    link.symlink_to(program)
    autostart.on({**environ, "PATH": str(link.parent)})
    assert f"Exec={link} run --login\n" in entry(environ).read_text()


def test_another_installation_in_the_path_is_not_taken(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = installed(tmp_path / "other", monkeypatch)
    program = installed(tmp_path / "own", monkeypatch)
    autostart.on({**environ, "PATH": str(other.parent)})
    assert f"Exec={program} run --login\n" in entry(environ).read_text()


def test_without_a_script_the_interpreter_is_started(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3"))
    autostart.on(environ)
    assert f"Exec={tmp_path / 'python3'} -m traycoach run --login\n" in entry(environ).read_text()


@pytest.mark.skipif(shutil.which("gio") is None, reason="needs gio (libglib2.0-bin)")
@pytest.mark.parametrize("home", [None, "/tmp/my 50% $home"])
def test_glib_starts_exactly_this_program_however_its_folder_is_called(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    program = installed(tmp_path / STRANGE, monkeypatch)
    if home:
        environ["TRAYCOACH_HOME"] = home
    assert autostart.on(environ).on
    plain = {key: value for key, value in os.environ.items() if key not in {"TRAYCOACH_HOME", "DISPLAY"}}
    subprocess.run(["gio", "launch", str(entry(environ))], check=True, env=plain, timeout=20)
    words = program.parent / "words"
    for _look in range(500):
        if words.exists():
            break
        subprocess.run(["sleep", "0.01"], check=True)  # gio does not wait for what it starts
    assert words.read_text().splitlines() == [home or "", "run", "--login"]


@pytest.mark.skipif(not GENERATOR.exists(), reason="needs systemd")
def test_systemd_makes_a_unit_of_it(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # a backslash is not in it: systemd 252 unescapes it once too often
    installed(tmp_path / STRANGE.replace("\\", ""), monkeypatch)
    autostart.on(environ)
    units = tmp_path / "units"
    units.mkdir()
    subprocess.run(
        [GENERATOR, units, units, units],
        check=True,
        env={**environ, "XDG_CURRENT_DESKTOP": "GNOME", "SYSTEMD_LOG_TARGET": "console"},
        timeout=20,
    )
    assert (units / "app-traycoach@autostart.service").exists()


def test_what_was_written_is_read_back_as_this_command(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / STRANGE, monkeypatch)
    assert autostart.on(environ).sentence == "The coach is started at login."
    installed(tmp_path / "new place", monkeypatch)
    assert "another command" in autostart.status(environ).sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Exec=/bin/true\nHidden=true\n", "Hidden=true"),
        ("Exec=/bin/true\nX-GNOME-Autostart-enabled=false\n", "X-GNOME-Autostart-enabled=false"),
        ("Exec=/bin/true\nX-MATE-Autostart-enabled=False\n", "X-MATE-Autostart-enabled=false"),
        ("Exec=/bin/true\nOnlyShowIn=KDE;Unity;\n", "not meant for this desktop"),
        ("Exec=/bin/true\nNotShowIn=XFCE;\n", "not meant for this desktop"),
        ("Exec=/bin/true\nTryExec=/nowhere/traycoach\n", "is not there: /nowhere/traycoach"),
        ('Exec="/no where/traycoach" run\n', "is not there: /no where/traycoach"),
        ("Exec=/usr/bin/env TRAYCOACH_HOME=/x /nowhere/traycoach run\n", "is not there: /nowhere/traycoach"),
        ("Exec=\n", "no command"),
        ("[Another Group]\nExec=/bin/true\n", "no command"),
    ],
)
def test_status_tells_what_stands_against_the_entry(environ: dict[str, str], text: str, sentence: str) -> None:
    write(environ, text)
    found = autostart.status({**environ, "XDG_CURRENT_DESKTOP": "XFCE"})
    assert not found.on
    assert sentence in found.sentence


@pytest.mark.parametrize(
    "text", ["Exec=/bin/true\nOnlyShowIn=XFCE;\n", "Exec=true\nNotShowIn=KDE;\n", "Exec=/bin/true\nHidden=false\n"]
)
def test_status_believes_an_entry_that_works_here(environ: dict[str, str], text: str) -> None:
    write(environ, text)
    assert autostart.status({**environ, "XDG_CURRENT_DESKTOP": "ubuntu:XFCE"}).on


def test_the_switch_of_the_desktop_is_turned_back_on(environ: dict[str, str]) -> None:
    write(environ, "Exec=/bin/true\nHidden=true\nX-GNOME-Autostart-enabled=false\n")
    assert autostart.on(environ).on


def test_an_entry_of_the_system_is_seen_and_hidden_by_one_of_the_user(environ: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "system" / "autostart"
    folder.mkdir()
    (folder / "traycoach.desktop").write_text("[Desktop Entry]\nType=Application\nName=x\nExec=/bin/true\n")
    assert autostart.status(environ).on
    assert not autostart.off(environ).on
    assert (folder / "traycoach.desktop").exists()
    assert autostart.on(environ).on


def test_a_window_manager_without_autostart_is_told_what_to_add(environ: dict[str, str]) -> None:
    assert "exec dex -a" in autostart.on({**environ, "XDG_CURRENT_DESKTOP": "sway"}).sentence


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be written"):
        autostart.on(environ)


def test_a_file_that_is_no_text_is_told_as_such(environ: dict[str, str]) -> None:
    entry(environ).parent.mkdir(parents=True)
    entry(environ).write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in autostart.status(environ).sentence


@pytest.mark.parametrize("name", ["a=b", "not\udcfftext"])
def test_a_path_that_no_entry_can_hold_is_refused(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    installed(tmp_path / name, monkeypatch)
    with pytest.raises(UserError):
        autostart.on(environ)
    assert not entry(environ).exists()


def test_a_relative_config_folder_is_ignored_as_the_specification_says(environ: dict[str, str]) -> None:
    path = autostart.on({**environ, "XDG_CONFIG_HOME": "relative"}).path
    assert path == Path(environ["HOME"]) / ".config" / "autostart" / "traycoach.desktop"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
