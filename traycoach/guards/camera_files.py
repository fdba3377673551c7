"""Who has a camera open, and does it take pictures? Linux: what `/proc`, `/dev` and udev's database say. No threads.

Facts: `/proc/*/fd` (proc(5)) shows the open files of programs of the same user. What a device can do stands in udev's
database (`/run/udev/data/cMAJOR:MINOR`, property ID_V4L_CAPABILITIES): the second node of a webcam, for metadata, and
hardware codecs lack "capture". V4L2 pictures are mappings of the device, or dmabufs, which are open files. libcamera
keeps devices open without use: https://lists.libcamera.org/pipermail/libcamera-devel/2024-August/044408.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LENDERS = frozenset({"pipewire", "wireplumber", "pipewire-media-"})
"""Programs that lend cameras to others, by the name that the kernel keeps, which is 15 bytes long."""

Holder = tuple[int, str, str]
"""A process, the number of its open file, and the device that it is."""

_NODE = re.compile(r"video\d+")
_DMABUF = ("/dmabuf:", "anon_inode:dmabuf")
_CAPABILITIES = re.compile(r"^E:ID_V4L_CAPABILITIES=(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CameraPlaces:
    """Where the system shows its devices and processes; others in tests."""

    dev: Path = Path("/dev")
    proc: Path = Path("/proc")
    udev: Path = Path("/run/udev/data")

    def nodes(self) -> list[Path]:
        """Give the video devices of every kind. Raises OSError if there is no folder for devices."""
        return sorted(node for node in self.dev.iterdir() if _NODE.fullmatch(node.name))

    def holders(self) -> frozenset[Holder]:
        """Give the programs of this user that have a camera open. Raises OSError if they cannot be seen at all."""
        cameras = frozenset(str(node) for node in self.nodes() if self._captures(node))
        return frozenset(self._open_files(cameras)) if cameras else frozenset()

    def holds(self, holder: Holder) -> bool:
        """Tell whether this one still has it open."""
        pid, number, device = holder
        return _link(f"{self.proc}/{pid}/fd/{number}") == device

    def lends(self, holder: Holder) -> bool:
        """Tell whether this one may have it open for others, and for nothing."""
        return _text(self.proc / str(holder[0]) / "comm").strip() in LENDERS

    def uses(self, holder: Holder) -> bool:
        """Tell whether this one, which has it open, takes pictures with it, as well as can be known."""
        if not self.lends(holder):
            return True
        process = self.proc / str(holder[0])
        mapped = any(line.endswith(holder[2]) for line in _text(process / "maps").splitlines())
        return mapped or any(_link(file).startswith(_DMABUF) for file in _entries(f"{process}/fd"))

    def _captures(self, node: Path) -> bool:
        """Tell whether a device takes pictures; one that nothing is known about may be a camera."""
        try:
            device = node.stat().st_rdev
        except OSError:
            return False
        said = _CAPABILITIES.search(_text(self.udev / f"c{os.major(device)}:{os.minor(device)}"))
        return said is None or ":capture:" in said[1]

    def _open_files(self, cameras: frozenset[str]) -> Iterator[Holder]:
        me = os.getuid()
        with os.scandir(self.proc) as processes:
            for process in processes:
                if process.name.isdigit() and _owner(process) == me:
                    for file in _entries(f"{process.path}/fd"):
                        device = _link(file)
                        if device in cameras:
                            yield int(process.name), file.rpartition("/")[2], device


# A process may end, or keep itself to itself, at any moment: what cannot be read is empty.


def _owner(process: os.DirEntry[str]) -> int | None:
    try:
        return process.stat().st_uid
    except OSError:
        return None


def _entries(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries]
    except OSError:
        return []


def _link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - a Path for each open file of the desktop would be slow
    except OSError:
        return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
