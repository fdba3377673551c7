"""KWin without a screen, the compositor of Plasma on Wayland: its input, its pictures, its list of windows.

KWin 5.27 needs `--virtual` and, without a graphics card, KWIN_COMPOSE=O2 (llvmpipe). Two of its switches, read at its
start only, let any program inject input (org_kde_kwin_fake_input) and take pictures (ScreenShot2).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection
from PIL import Image

from tests.desktops.driver import Box
from tests.desktops.lab import Lab
from tests.desktops.parts import Part
from tests.desktops.wayland_input import BUTTONS, KEYS, Wire, string, unsigned

KWIN = "org.kde.KWin"
SWITCHES = {
    "KWIN_WAYLAND_NO_PERMISSION_CHECKS": "1",
    "KWIN_SCREENSHOT_NO_PERMISSION_CHECKS": "1",
    "KWIN_COMPOSE": "O2",
}

WINDOWS = """
const list = workspace.clientList().map(one => ({{
    title: one.caption, program: String(one.resourceClass), notification: one.notification,
    box: [one.x, one.y, one.x + one.width, one.y + one.height],
}}));
callDBus("{listener}", "/", "lab.Listener", "Take", JSON.stringify(list));
"""


class Kwin(Part):
    """The window manager. On Wayland it is the compositor too, and takes every client along when it ends."""

    def __init__(self, lab: Lab, size: str = "1280x800", *, x11: bool = False) -> None:
        super().__init__(lab, "kwin")
        self.x11 = x11
        self.size = size
        self._hands: FakeInput | None = None
        lab.need(["kwin_x11" if x11 else "kwin_wayland"])
        if not x11:
            # named before anything starts, so that what the bus activates knows it as well
            lab.environ |= {"WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"}

    def start(self) -> None:
        """Start it; windows are managed when this returns."""
        if self.x11:
            self._launch(["env", "KWIN_COMPOSE=N", "kwin_x11"])
        else:
            switches = [f"{name}={value}" for name, value in SWITCHES.items()]
            where = ["--socket", self.lab.environ["WAYLAND_DISPLAY"]]
            command = [plain_copy(self.lab, "kwin_wayland"), *screen_of(self.size), *where]
            self._launch(["env", "-u", "WAYLAND_DISPLAY", *switches, *command])
            self.find_hands()
        self.lab.session_bus.wait_for(KWIN, 30)

    def find_hands(self) -> None:
        """Wait for the compositor, whoever started it, and take hold of its pointer and keyboard."""
        address = Path(self.lab.environ["XDG_RUNTIME_DIR"]) / self.lab.environ["WAYLAND_DISPLAY"]
        self.lab.wait_until(lambda: _listens(address), 60, "kwin_wayland")
        self._hands = FakeInput(address)

    def let_go(self) -> None:
        """Take pointer and keyboard away."""
        if self._hands is not None:
            self._hands.close()
            self._hands = None

    def stop(self) -> None:
        """Take pointer and keyboard away, then end it."""
        self.let_go()
        super().stop()

    @property
    def hands(self) -> FakeInput:
        """The pointer and the keyboard (on Wayland; on X11 they are the X server's)."""
        assert self._hands is not None, "no KWin on Wayland runs"
        return self._hands


def screen_of(size: str) -> list[str]:
    """Give the words for a screen of this size ("1280x800") that is nowhere."""
    width, height = size.split("x")
    return ["--virtual", "--no-lockscreen", "--width", width, "--height", height]


def plain_copy(lab: Lab, program: str) -> str:
    """Give the program's own path, or in the lab a copy without file capabilities, which containers refuse to run.

    KWin has one (cap_sys_resource). The copy keeps its name, since KWin asks for it, and stands first on the path.
    """
    found = Path(str(shutil.which(program, path=lab.environ["PATH"])))
    if "security.capability" not in os.listxattr(found):
        return str(found)
    folder = lab.folder / "bin"
    folder.mkdir(exist_ok=True)
    copy = folder / program
    copy.write_bytes(found.read_bytes())
    copy.chmod(0o755)
    lab.environ["PATH"] = f"{folder}{os.pathsep}{lab.environ['PATH']}"
    return str(copy)


class FakeInput:
    """A pointer and a keyboard in KWin (org_kde_kwin_fake_input of plasma-wayland-protocols; places in pixels)."""

    def __init__(self, address: Path) -> None:
        self._wire = Wire(address)
        self._id = self._wire.bind("org_kde_kwin_fake_input", 4)
        self._wire.send(self._id, 0, string("lab") + string("a person at the desk"))  # authenticate

    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""
        self._send(9, unsigned(x << 8, y << 8))  # pointer_motion_absolute, in 24.8 fixed point

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click: 1 left, 2 middle, 3 right."""
        self.move(x, y)
        for state in (1, 0):
            self._send(2, unsigned(BUTTONS[button], state))  # button

    def tap(self, key: str = "Shift_L") -> None:
        """Press and let go one key, by its keysym's name; from any thread."""
        for state in (1, 0):
            self._wire.send(self._id, 10, unsigned(KEYS[key], state))  # keyboard_key

    def close(self) -> None:
        """Take pointer and keyboard away."""
        self._wire.close()

    def _send(self, request: int, body: bytes) -> None:
        self._wire.send(self._id, request, body)
        self._wire.settle()


def _listens(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(address)) == 0


@dataclass(frozen=True)
class KwinWindow:
    """A window, as KWin tells of it; `notification` as its type has it."""

    title: str
    program: str
    notification: bool
    box: Box


def windows_of(lab: Lab) -> list[KwinWindow]:
    """Ask KWin for its windows, by a script, the one way in which it tells others of them (org.kde.kwin.Scripting)."""
    file = lab.folder / "windows.js"
    bus = lab.session_bus
    with closing(open_dbus_connection(bus=bus.address)) as listener:
        file.write_text(WINDOWS.format(listener=listener.unique_name))
        scripting = (KWIN, "/Scripting", "org.kde.kwin.Scripting")
        (number,) = bus.call(*scripting, "loadScript", "ss", (str(file), "lab-windows"))
        try:
            bus.call(KWIN, f"/{number}", "org.kde.kwin.Script", "run")
            told = listener.receive(timeout=20)
            while told.header.fields.get(HeaderFields.member) != "Take":
                told = listener.receive(timeout=20)
        finally:
            bus.call(*scripting, "unloadScript", "s", ("lab-windows",))
    return [KwinWindow(**{**one, "box": tuple(one["box"])}) for one in json.loads(told.body[0])]


def picture_by_kwin(lab: Lab) -> Image.Image:
    """Give a picture of the whole screen, without the pointer (org.kde.KWin.ScreenShot2; it comes through a pipe)."""
    place = DBusAddress("/org/kde/KWin/ScreenShot2", bus_name=KWIN, interface="org.kde.KWin.ScreenShot2")
    read, write = os.pipe()
    chunks: list[bytes] = []
    reader = threading.Thread(target=_drain, args=(read, chunks), daemon=True)
    reader.start()
    try:
        with closing(open_dbus_connection(bus=lab.session_bus.address, enable_fds=True)) as connection:
            options = {"include-cursor": ("b", False)}
            call = new_method_call(place, "CaptureWorkspace", "a{sv}h", (options, write))
            reply = connection.send_and_get_reply(call, timeout=20)
    finally:
        os.close(write)  # KWin has its own copy: the pipe ends with that one
    if reply.header.message_type is MessageType.error:
        raise RuntimeError(f"no picture: {reply.header.fields.get(HeaderFields.error_name)} {reply.body}")
    reader.join(20)
    facts = {name: value for name, (_, value) in reply.body[0].items()}
    size = (int(facts["width"]), int(facts["height"]))
    # a QImage of 32 bits, little-endian: blue, green, red, alpha
    return Image.frombytes("RGB", size, b"".join(chunks), "raw", "BGRX", int(facts["stride"]))


def _drain(read: int, chunks: list[bytes]) -> None:
    with os.fdopen(read, "rb") as pipe:
        chunks.append(pipe.read())
