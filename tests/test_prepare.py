"""What `make run` and `make test` do before anything else, as far as it is a decision and not an installation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import prepare

PINNED = """\
apscheduler==3.11.3 \\
    --hash=sha256:aa
    # via traycoach (pyproject.toml)
evdev==2.0.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via pynput
jeepney==0.9.0 ; sys_platform == "linux" \\
    --hash=sha256:dd
"""


def test_packages_built_from_source_can_be_left_out_with_their_hashes() -> None:
    left = prepare.without(PINNED, ["evdev", "pynput"])
    assert left.splitlines() == [
        line for line in PINNED.splitlines() if not any(x in line for x in ("evdev", "bb", "cc", "via pynput"))
    ]


def test_nothing_else_than_those_is_left_out() -> None:
    assert prepare.without(PINNED, ["ev"]) == PINNED


def test_fingerprint_changes_with_purpose_and_content(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text("one")
    first = prepare.fingerprint("run", pins)
    assert prepare.fingerprint("run", pins) == first
    assert prepare.fingerprint("test", pins) != first
    pins.write_text("two")
    assert prepare.fingerprint("run", pins) != first


def test_broken_environment_is_noticed(tmp_path: Path) -> None:
    assert prepare.works(Path(sys.executable))
    assert not prepare.works(tmp_path / "bin" / "python")
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert not prepare.works(old)


def test_missing_system_package_is_found() -> None:
    if not Path("/usr/bin/dpkg-query").exists():
        pytest.skip("this is no Debian")
    assert prepare.not_installed(["dpkg", "no-such-package-anywhere"]) == ["no-such-package-anywhere"]


def test_wrong_purpose_is_refused_with_usage() -> None:
    said = subprocess.run([sys.executable, prepare.__file__, "fly"], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "run|test|desktops" in said.stderr


def test_lists_of_system_packages_name_each_package_once() -> None:
    of_desktops = [name for part in prepare.SYSTEM["desktops"] for name in prepare.lists()[part]]
    assert len(of_desktops) == len(set(of_desktops))


def test_every_purpose_has_what_the_smaller_one_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(prepare, "not_installed", list)
    asked: dict[str, list[str]] = {}
    for purpose in ("run", "test", "desktops"):
        monkeypatch.setattr(prepare, "apt_install", lambda names, purpose=purpose: asked.update({purpose: names}))
        prepare.prepare_system(purpose)
    assert set(asked["run"]) < set(asked["test"]) < set(asked["desktops"])
    assert {"sway", "waybar"} < set(asked["test"])
    assert not {"gnome-shell", "plasma-workspace"} & set(asked["test"])
    assert {"gnome-shell", "plasma-workspace"} < set(asked["desktops"])
