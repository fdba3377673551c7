"""Who has a camera open: real programs, and files that stand in for the devices of a machine without a camera."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.contracts.guard import GuardContract, Scene
from tests.desktops.lab import wait_until
from traycoach.errors import NotHere
from traycoach.guards.base import Verdict
from traycoach.guards.camera import V4l2Camera
from traycoach.guards.camera_files import CameraPlaces, Holder

HOLD = """
import mmap, sys
open("/proc/self/comm", "w").write(sys.argv[2])
device = open(sys.argv[1], "r+b")
pictures = None
print("open", flush=True)
for line in sys.stdin:
    pictures = mmap.mmap(device.fileno(), 4096) if line == "take\\n" else pictures.close()
    print("done", flush=True)
"""


class Program:
    """A program that opens a device, called what it is told to be called."""

    def __init__(self, device: Path, name: str = "zoom") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", HOLD, str(device), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear("open")

    def say(self, word: str) -> None:
        """ "take" pictures, or "stop" it, with the device kept open."""
        assert self._process.stdin is not None
        print(word, file=self._process.stdin, flush=True)
        self._hear("done")

    def close(self) -> None:
        with self._process:
            self._process.kill()

    def _hear(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"


@dataclass(frozen=True, slots=True)
class WatchedPlaces(CameraPlaces):
    """Counts how often the open files were looked through."""

    looks: list[int] = field(default_factory=list)

    def holders(self) -> frozenset[Holder]:
        found = CameraPlaces.holders(self)
        self.looks.append(len(found))
        return found


class CameraScene(Scene):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.places = WatchedPlaces(folder / "dev", Path("/proc"), folder / "udev")
        for place in (self.places.dev, self.places.udev):
            place.mkdir()
        self.guard = self.camera_guard = V4l2Camera(self.places, lent_s=0.1)
        self.programs: list[Program] = []
        self.camera = self.plugs_in("video0")

    def plugs_in(self, name: str) -> Path:
        node = self.places.dev / name
        node.write_bytes(bytes(4096))
        return node

    def opens(self, node: Path, name: str = "zoom") -> Program:
        self.programs.append(Program(node, name))
        return self.programs[-1]

    def begin(self) -> None:
        self.opens(self.camera)

    def end(self) -> None:
        self.programs.pop().close()

    def break_down(self) -> None:
        self.camera.unlink()
        self.places.dev.rmdir()

    def waits_for_looks(self, wanted: int) -> None:
        """Wait until the open files were looked through so many times in all."""
        wait_until(lambda: len(self.places.looks) >= wanted, 20, f"look number {wanted}")

    def still_no(self) -> None:
        """Make sure that nothing was told up to now: what is told next is that a use begins, and ends."""
        assert self.told.empty()
        self.begin()
        assert self.next() is Verdict.YES
        self.end()
        assert self.next() is Verdict.NO


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[CameraScene]:
    made = CameraScene(tmp_path)
    yield made
    made.guard.stop()
    for program in made.programs:
        program.close()


class TestV4l2Camera(GuardContract):
    @pytest.fixture
    def scene(self, scene: CameraScene) -> CameraScene:
        return scene


def test_device_that_is_only_asked_what_it_can_do_does_not_count(scene: CameraScene) -> None:
    scene.guard.start(scene.told.put)
    assert scene.next() is Verdict.NO

    scene.begin()
    scene.waits_for_looks(2)  # it is seen, and will be looked for again a second later
    scene.end()
    scene.waits_for_looks(3)

    scene.still_no()


def test_second_program_goes_on_when_the_first_ends(scene: CameraScene) -> None:
    scene.begin()
    scene.guard.start(scene.told.put)
    assert scene.next() is Verdict.YES
    looks = len(scene.places.looks)

    scene.begin()
    scene.programs.pop(0).close()
    scene.waits_for_looks(looks + 2)
    assert scene.told.empty()
    scene.end()

    assert scene.next() is Verdict.NO


def test_camera_that_is_plugged_in_later_counts_and_so_does_its_end(scene: CameraScene) -> None:
    scene.camera.unlink()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.opens(scene.plugs_in("video7"))
    seen.append(scene.next())
    (scene.places.dev / "video7").unlink()  # pulled out while in use
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_other_devices_do_not_count(scene: CameraScene) -> None:
    for name in ("videodev", "v4l-subdev0", "media0", "vbi0"):
        scene.opens(scene.plugs_in(name))
    scene.guard.start(scene.told.put)
    assert scene.next() is Verdict.NO

    scene.still_no()


@pytest.mark.parametrize(
    ("said", "counts"), [("", True), ("E:ID_V4L_CAPABILITIES=:capture:\n", True), ("E:ID_V4L_CAPABILITIES=:\n", False)]
)
def test_device_that_takes_no_pictures_does_not_count(scene: CameraScene, said: str, counts: bool) -> None:
    (scene.places.udev / "c0:0").write_text(f"S:v4l/by-id/x\n{said}G:uaccess\n")  # a file's device is 0:0
    scene.begin()
    scene.guard.start(scene.told.put)

    assert scene.next() is (Verdict.YES if counts else Verdict.NO)


@pytest.mark.parametrize("name", ["pipewire", "wireplumber", "pipewire-media-session"])
def test_lender_counts_while_it_takes_pictures(scene: CameraScene, name: str) -> None:
    lender = scene.opens(scene.camera, name)
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    lender.say("take")
    seen.append(scene.next())
    lender.say("stop")
    seen.append(scene.next())
    other = scene.opens(scene.camera)
    seen.append(scene.next())
    other.close()
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO, Verdict.YES, Verdict.NO]


def test_buffers_that_are_files_of_their_own_are_pictures_too(tmp_path: Path) -> None:
    process = tmp_path / "proc" / "7"
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text("pipewire\n")
    places = CameraPlaces(proc=tmp_path / "proc")
    holder = (7, "3", "/dev/video0")
    (process / "fd" / "3").symlink_to("/dev/video0")
    assert not places.uses(holder)

    (process / "fd" / "4").symlink_to("/dmabuf:camera")

    assert places.uses(holder)


def lose_the_devices(places: CameraPlaces) -> CameraPlaces:
    return CameraPlaces(places.dev / "none", places.proc, places.udev)


def lose_the_processes(places: CameraPlaces) -> CameraPlaces:
    return CameraPlaces(places.dev, places.dev / "none", places.udev)


@pytest.mark.parametrize("lose", [lose_the_devices, lose_the_processes])
def test_guard_is_refused_where_it_can_see_nothing(
    scene: CameraScene, lose: Callable[[CameraPlaces], CameraPlaces]
) -> None:
    with pytest.raises(NotHere, match="cannot be listed"):
        V4l2Camera(lose(scene.places)).probe()


def test_guard_that_died_is_lost_until_it_is_started_again(scene: CameraScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.break_down()
    seen.append(scene.next())
    lost = scene.camera_guard.lost
    scene.guard.stop()

    scene.places.dev.mkdir()
    scene.plugs_in("video0")
    scene.guard.start(scene.told.put)
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.UNKNOWN, Verdict.NO]
    assert (lost, scene.camera_guard.lost) == (True, False)


def test_device_node_is_watched_like_a_file(scene: CameraScene) -> None:
    node = scene.places.dev / "video3"
    try:
        os.mknod(node, 0o600 | stat.S_IFCHR, os.makedev(1, 3))  # /dev/null under another name
    except PermissionError:
        pytest.skip("only root may make device nodes")
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    with node.open("rb"):
        seen.append(scene.next())
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_devices_of_this_machine_can_be_watched() -> None:
    told = Scene()
    guard = V4l2Camera()
    guard.start(told.told.put)
    seen = told.next()
    guard.stop()

    assert seen is not Verdict.UNKNOWN
