"""Drives `tests.tray.program` inside a private desktop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Self

from PIL import Image, ImageChops

from tests.desktops.lab import Lab

# The traycoach colours, light and dark rendering, that tell the icon from everything else on a panel.
ACCENTS = {
    "ring": ((0x14, 0x77, 0x6C), (0x45, 0xC9, 0xB6)),
    "near": ((0xA8, 0x62, 0x00), (0xF2, 0xB1, 0x4C)),
    # the ring's track, and what is filled of it
    "sitting": ((0x14, 0x77, 0x6C), (0x45, 0xC9, 0xB6), (0xB4, 0xC1, 0xC6), (0x4C, 0x5A, 0x62)),
    "due": ((0xC8, 0x40, 0x1B), (0xFF, 0x7A, 0x4D)),
}


class TrayProgram:
    """The tray in a process of its own; `events` come in order."""

    def __init__(self, lab: Lab, grace_s: float = 10.0) -> None:
        self.lab = lab
        self._events: SimpleQueue[list[Any]] = SimpleQueue()
        self._log = (lab.folder / "logs" / "tray-program.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.tray.program", str(grace_s)],
            env=lab.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._events.put(json.loads(line))

    def send(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def show(self, kind: str = "sitting", **state: Any) -> None:
        self.send("show " + json.dumps({"kind": kind, **state}))

    def next(self, limit_s: float = 5.0) -> list[Any]:
        try:
            return self._events.get(timeout=limit_s)
        except Exception:
            raise AssertionError(f"no event within {limit_s:g} s\n{self.lab.processes.log_tails()}") from None

    def expect(self, *wanted: Any, limit_s: float = 5.0) -> list[Any]:
        event = self.next(limit_s)
        assert event[: len(wanted)] == list(wanted), f"{event} instead of {wanted}"
        return event

    def backend(self) -> str:
        self.send("backend")
        return str(self.expect("backend")[1])

    @property
    def quiet(self) -> bool:
        return self._events.empty()

    @property
    def errors(self) -> str:
        self._log.flush()
        return self.lab.log("tray-program")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()
        self._log.close()
        assert self._process.returncode == 0, self.errors
        keep = os.environ.get("TRAYCOACH_KEEP_PICTURES")
        if keep:
            self.lab.screenshot(self.lab.folder / "last.png")


def box_of_colour(picture: Image.Image, name: str, least: int = 6, near: int = 7) -> tuple[int, int, int, int] | None:
    """Give the box of the pixels that have this accent colour, each channel nearer than `near`; None if too few do."""
    rgb = picture.convert("RGB")
    mask = Image.new("L", rgb.size, 0)
    for colour in ACCENTS[name]:
        distance = ImageChops.difference(rgb, Image.new("RGB", rgb.size, colour)).split()
        furthest = ImageChops.lighter(ImageChops.lighter(distance[0], distance[1]), distance[2])
        mask = ImageChops.lighter(mask, furthest.point([255] * near + [0] * (256 - near)))
    return mask.getbbox() if mask.histogram()[255] >= least else None


def find_colour(picture: Image.Image, name: str) -> tuple[int, int] | None:
    """Give the middle of the pixels that have this accent colour; None if there are only a few."""
    box = box_of_colour(picture, name)
    return None if box is None else ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)


def icon_place(lab: Lab, colour: str = "near", limit_s: float = 5.0) -> tuple[int, int]:
    """Wait until the icon is really on the screen, and give its middle."""
    strip = (0, 0, lab.x_server.picture().width, 40)
    where: Callable[[], tuple[int, int] | None] = lambda: find_colour(lab.picture().crop(strip), colour)  # noqa: E731
    return lab.wait_until(where, limit_s, f"an icon with the colour “{colour}” on the screen")
