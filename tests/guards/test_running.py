"""Programs that run, in a made-up /proc and in the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.guard import Scene
from tests.desktops.lab import Lab, wait_until
from traycoach.errors import Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.running import Running


class Proc:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "self").mkdir(parents=True)

    def runs(self, pid: int, name: str) -> None:
        (self.folder / str(pid)).mkdir()
        (self.folder / str(pid) / "comm").write_text(f"{name}\n")

    def ends(self, pid: int) -> None:
        (self.folder / str(pid) / "comm").unlink()


@pytest.fixture
def proc(tmp_path: Path) -> Proc:
    return Proc(tmp_path / "proc")


@pytest.fixture
def scene(proc: Proc) -> Iterator[Scene]:
    made = Scene()
    made.guard = Running(["OBS"], proc.folder, again_s=(0.02,))
    yield made
    made.guard.stop()


def test_a_program_that_starts_and_ends_is_seen(scene: Scene, proc: Proc) -> None:
    proc.runs(7, "bash")
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    proc.runs(8, "obs")
    assert isinstance(scene.guard, Running)
    scene.guard.ask_now()
    seen.append(scene.next())
    proc.ends(8)
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_other_names_count_from_now_on(scene: Scene, proc: Proc) -> None:
    proc.runs(8, "obs")
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    assert isinstance(scene.guard, Running)
    scene.guard.change([])
    seen.append(scene.next())

    assert seen == [Verdict.YES, Verdict.NO]
    scene.guard.ask_now()
    assert scene.told.empty(), "without names nobody looks"


def test_a_long_name_is_known_by_what_the_kernel_keeps_of_it(proc: Proc) -> None:
    proc.runs(8, "soffice.bin-and"[:15])
    told, guard = Scene(), Running(["soffice.bin-and-more"], proc.folder)
    guard.start(told.told.put)

    assert told.next() is Verdict.YES
    guard.stop()


def test_a_system_without_proc_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="/proc"):
        Running(["obs"], tmp_path).probe()


def test_a_real_program_is_found(lab: Lab) -> None:
    process = lab.start(["sleep", "60"], "sleep")
    wait_until(lambda: Path(f"/proc/{process.pid}/comm").read_text().strip() == "sleep", 10, "the program")
    told, guard = Scene(), Running(["sleep"])
    guard.start(told.told.put)

    assert told.next() is Verdict.YES
    guard.stop()
