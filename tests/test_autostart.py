"""Start at login: entry and unit, read back by real parsers, and the truth about whether they will start anything."""

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
    assert "another command" in autostart.status(environ).sentence.lower()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Exec=/bin/true\nHidden=true\n", "Hidden=true"),
        ("Exec=/bin/true\nRunHook=1\n", "RunHook=1"),
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


# What whole logins made of such entries (xfce4-session 4.18, plasma_session 5.27, gnome-session 43, dex 0.9).
@pytest.mark.parametrize(
    ("desktop", "text", "starts"),
    [
        ("XFCE", "X-GNOME-Autostart-enabled=false", True),
        ("GNOME", "X-GNOME-Autostart-enabled=false", False),
        ("ubuntu:GNOME", "X-GNOME-Autostart-enabled=False", False),
        ("GNOME", "X-MATE-Autostart-enabled=false", True),
        ("sway", "X-GNOME-Autostart-enabled=false", True),
        ("MATE", "X-MATE-Autostart-enabled=false", False),
        ("MATE", "X-GNOME-Autostart-enabled=false", True),
        ("", "X-GNOME-Autostart-enabled=false", False),
        ("XFCE", "OnlyShowIn=xfce;", True),
        ("GNOME", "OnlyShowIn=gnome;", False),
        ("XFCE", "OnlyShowIn=GNOME;\nX-XFCE-Autostart-Override=true", True),
        ("GNOME", "OnlyShowIn=XFCE;\nX-XFCE-Autostart-Override=true", False),
        ("XFCE", "NotShowIn=XFCE;KDE;", False),
        ("KDE", "NotShowIn=XFCE;KDE;", False),
        ("GNOME", "RunHook=1", True),
        ("KDE", "Hidden=true", False),
        ("", "OnlyShowIn=KDE;", True),
    ],
)
def test_each_desktop_has_switches_of_its_own(environ: dict[str, str], desktop: str, text: str, starts: bool) -> None:
    write(environ, f"Exec=/bin/true\n{text}\n")
    assert autostart.status({**environ, "XDG_CURRENT_DESKTOP": desktop}).on is starts


def test_script_whose_interpreter_is_gone_starts_nothing(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = installed(tmp_path / "bin", monkeypatch)
    assert autostart.on(environ).on
    program.write_text("#!/usr/lib/python3.old/bin/python\n")
    found = autostart.status(environ)
    assert not found.on
    assert "/usr/lib/python3.old/bin/python, which is not there" in found.sentence


def test_entry_of_the_user_switches_off_the_systems(environ: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "system" / "autostart"
    folder.mkdir()
    (folder / "traycoach.desktop").write_text("[Desktop Entry]\nType=Application\nName=x\nExec=/bin/true\n")
    write(environ, "Hidden=true\n")
    assert not autostart.status(environ).on
    entry(environ).unlink()
    entry(environ).symlink_to("/dev/null")
    assert not autostart.status(environ).on
    entry(environ).unlink()
    assert autostart.status(environ).on


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


# --- by systemd -------------------------------------------------------------------------------------------------------


@pytest.fixture
def booted(environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A session with a `systemctl` that notes what it is asked; graphical-session.target is reached."""
    folder = tmp_path / "systemd"
    folder.mkdir()
    said = folder / "target"
    said.write_text("active")
    script = folder / "systemctl"
    script.write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\ncase "$2" in is-active) cat {said};; esac\n')
    script.chmod(0o755)
    return {**environ, "PATH": f"{folder}:{environ['PATH']}"}


def unit(environ: dict[str, str]) -> Path:
    return Path(environ["XDG_CONFIG_HOME"]) / "systemd" / "user" / "traycoach.service"


def test_systemd_starts_it_instead_of_the_desktop(
    booted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / "bin", monkeypatch)
    assert autostart.on(booted).on
    found = autostart.on(booted, systemd=True)
    assert found.on
    assert "by systemd" in found.sentence
    assert found.path == unit(booted)
    assert not entry(booted).exists(), "both would start it"
    link = unit(booted).parent / "graphical-session.target.wants" / "traycoach.service"
    assert link.resolve() == unit(booted)
    assert "--user daemon-reload" in (tmp_path / "systemd" / "asked").read_text()
    assert "by systemd" not in autostart.on(booted).sentence
    assert not unit(booted).exists()
    assert not link.is_symlink()
    autostart.on(booted, systemd=True)
    assert not autostart.off(booted).on
    assert not unit(booted).exists()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (systemd)")
@pytest.mark.parametrize("folder", ["bin", STRANGE])
@pytest.mark.parametrize("home", ["", "/tmp/my 50% $home"])
def test_systemd_accepts_the_unit_and_finds_its_program(
    booted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, home: str
) -> None:
    program = installed(tmp_path / folder, monkeypatch)
    if home:
        booted["TRAYCOACH_HOME"] = home
    path = autostart.on(booted, systemd=True).path
    verify = ["systemd-analyze", "--user", "verify", str(path)]
    plain = {**booted, "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(verify, env=plain, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    program.unlink()
    assert not autostart.status(booted).on
    assert f"is not there: {program}" in autostart.status(booted).sentence


def test_unit_starts_the_coach_as_at_login_and_not_for_ever_again(
    booted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = installed(tmp_path / "bin", monkeypatch)
    lines = autostart.on(booted, systemd=True).path.read_text().splitlines()
    assert f'ExecStart=:"{program}" "run" "--login"' in lines
    assert {
        "After=graphical-session.target",
        "PartOf=graphical-session.target",
        "WantedBy=graphical-session.target",
        "Restart=on-failure",
        "StartLimitBurst=5",
        "StartLimitIntervalSec=10min",
    } <= set(lines)


def test_session_that_systemd_does_not_run_is_told(
    booted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / "bin", monkeypatch)
    (tmp_path / "systemd" / "target").write_text("inactive")  # vocabulary: allow inactive - systemd's word
    found = autostart.on(booted, systemd=True)
    assert not found.on
    assert "does not use graphical-session.target" in found.sentence
    with pytest.raises(Unavailable, match="no systemd"):
        autostart.on({**booted, "PATH": str(tmp_path)}, systemd=True)


def test_unit_that_is_masked_or_not_enabled_starts_nothing(
    booted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / "bin", monkeypatch)
    autostart.on(booted, systemd=True)
    unit(booted).unlink()
    unit(booted).symlink_to("/dev/null")
    assert "masked" in autostart.status(booted).sentence
    assert not autostart.status(booted).on
    assert autostart.on(booted, systemd=True).on, "switching it on does not lift the mask"
    (unit(booted).parent / "graphical-session.target.wants" / "traycoach.service").unlink()
    assert autostart.status(booted).sentence == "The coach is not started at login."


def test_both_at_once_are_told_and_so_is_the_one_that_works(
    booted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / "bin", monkeypatch)
    autostart.on(booted, systemd=True)
    write(booted, "Exec=/bin/true\n")
    found = autostart.status(booted)
    assert found.on
    assert "second to come ends at once" in found.sentence
    (tmp_path / "systemd" / "target").write_text("inactive")  # vocabulary: allow inactive - systemd's word
    found = autostart.status(booted)
    assert found.on
    assert found.path == entry(booted)


def test_entry_that_systemd_is_told_not_to_start_is_off(booted: dict[str, str]) -> None:
    autostart.on(booted)
    mask = unit(booted).with_name("app-traycoach@autostart.service")
    mask.parent.mkdir(parents=True)
    mask.symlink_to("/dev/null")
    assert "its unit is masked" in autostart.status(booted).sentence
    assert not autostart.status(booted).on
