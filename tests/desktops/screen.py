"""A private X server without a screen (Xvfb), a real pointer and keyboard on it (XTEST), and pictures of it."""

from __future__ import annotations

import os
import select
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageGrab
from Xlib import XK, X, display, error
from Xlib.ext import xtest

from tests.desktops.parts import Part

if TYPE_CHECKING:
    from tests.desktops.lab import Lab


class XServer(Part):
    """Xvfb on a free display number. Sets DISPLAY for everything that the lab starts afterwards."""

    programs = ("Xvfb",)

    def __init__(self, lab: Lab, size: str = "1280x800") -> None:
        super().__init__(lab, "xvfb")
        self.size = size
        self.name = ""
        self._display: display.Display | None = None
        self.pointer = Pointer(self)
        self.keyboard = Keyboard(self)

    def start(self) -> None:
        """Start the server; it answers when this returns."""
        read, write = os.pipe()
        screen = [
            "-screen",
            "0",
            f"{self.size}x24",
            "-dpi",
            "96",
            "-nolisten",
            "tcp",
            "-noreset",
            "+extension",
            "RANDR",
        ]
        try:
            self._launch(["Xvfb", "-displayfd", str(write), *screen], keep_fds=[write])
            os.close(write)
            write = -1
            number = b""
            while not number.endswith(b"\n"):
                ready, _, _ = select.select([read], [], [], 20)
                chunk = os.read(read, 16) if ready else b""
                if not chunk:
                    raise RuntimeError(f"Xvfb did not start\n{self.lab.processes.log_tails()}")
                number += chunk
        finally:
            os.close(read)
            if write >= 0:
                os.close(write)
        self.name = f":{number.decode().strip()}"
        self.lab.environ |= {"DISPLAY": self.name, "XDG_SESSION_TYPE": "x11"}

    def stop(self) -> None:
        """Close our own connection, then end the server."""
        if self._display is not None:
            self._display.close()
            self._display = None
        self.lab.environ.pop("DISPLAY", None)
        super().stop()

    @property
    def display(self) -> display.Display:
        """Our own connection to the server (python-xlib), opened when first asked for. Use it from one thread."""
        if self._display is None:
            self._display = display.Display(self.name)
        return self._display

    def paint(self, colour: int) -> None:
        """Give the ground of the screen one colour (0xRRGGBB): rounded and see-through things show on it."""
        root = self.display.screen().root
        root.change_attributes(background_pixel=colour)
        root.clear_area()
        self.display.sync()

    def picture(self) -> Image.Image:
        """Take a picture of the whole screen."""
        return ImageGrab.grab(xdisplay=self.name)

    def screenshot(self, path: Path) -> Path:
        """Write a picture of the whole screen to `path` (PNG) and give the path back."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path)
        return path

    def root_property(self, name: str) -> list[int]:
        """Give the values of a property of the root window; empty if it is not set."""
        connection = self.display
        value = connection.screen().root.get_full_property(connection.intern_atom(name), X.AnyPropertyType)
        return list(value.value) if value is not None else []

    def selection_owner(self, name: str) -> int:
        """Give the window that owns a selection, 0 if none does (`_NET_SYSTEM_TRAY_S0`: the tray)."""
        connection = self.display
        owner = connection.get_selection_owner(connection.intern_atom(name))
        return int(getattr(owner, "id", owner))

    def windows(self, program: str = "") -> list[ShownWindow]:
        """Give the windows of programs that are on the screen now, bottom to top, unmanaged ones included.

        `program` keeps those whose class (WM_CLASS) contains it, whatever the case.
        """
        found: list[ShownWindow] = []
        self._collect(self.display.screen().root, program.lower(), found)
        return found

    def window(self, title: str) -> ShownWindow | None:
        """Give the topmost window on the screen whose title contains this; None if there is none."""
        return next((one for one in reversed(self.windows()) if title in one.title), None)

    def _collect(self, above: Any, program: str, found: list[ShownWindow]) -> None:
        for window in above.query_tree().children:
            try:
                if window.get_attributes().map_state != X.IsViewable:
                    continue
                kind = " ".join(window.get_wm_class() or ())
                title = self._title(window)
                if not kind and not title:
                    # a frame, or the root's own child: the program's window is inside
                    self._collect(window, program, found)
                elif program in kind.lower():
                    found.append(self._shown(window, title, kind))
            except error.BadWindow:
                # it went away while we looked
                continue

    def _title(self, window: Any) -> str:
        return str(
            window.get_full_text_property(self.display.intern_atom("_NET_WM_NAME")) or window.get_wm_name() or ""
        )

    def _shown(self, window: Any, title: str, kind: str) -> ShownWindow:
        size = window.get_geometry()
        # the answer tells where the root's corner lies, seen from the window
        root = window.translate_coords(self.display.screen().root, 0, 0)
        return ShownWindow(window.id, title, kind, -root.x, -root.y, size.width, size.height)


@dataclass(frozen=True)
class ShownWindow:
    """A window on the screen: its id, title, class, and place without the frame."""

    id: int
    title: str
    program: str
    x: int
    y: int
    width: int
    height: int


class Pointer:
    """The pointer of an X server, moved by XTEST: to programs it is a real one."""

    def __init__(self, server: XServer) -> None:
        self._server = server

    def move(self, x: int, y: int) -> None:
        """Move to this place on the screen."""
        self._fake(X.MotionNotify, x=x, y=y)

    def press(self, button: int = 1) -> None:
        """Press a button (1 left, 2 middle, 3 right) and hold it."""
        self._fake(X.ButtonPress, button)

    def release(self, button: int = 1) -> None:
        """Let a button go."""
        self._fake(X.ButtonRelease, button)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click."""
        self.move(x, y)
        self.press(button)
        self.release(button)

    def scroll(self, notches: int) -> None:
        """Turn the wheel: down for positive, up for negative."""
        for _ in range(abs(notches)):
            self.press(5 if notches > 0 else 4)
            self.release(5 if notches > 0 else 4)

    @property
    def place(self) -> tuple[int, int]:
        """Where the pointer is."""
        at = self._server.display.screen().root.query_pointer()
        return int(at.root_x), int(at.root_y)

    def _fake(self, kind: int, detail: int = 0, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._server.display, kind, detail, x=x, y=y)
        self._server.display.sync()


class Keyboard:
    """The keyboard of an X server, by XTEST."""

    def __init__(self, server: XServer) -> None:
        self._server = server

    def tap(self, key: str = "Shift_L") -> None:
        """Press and let go one key, by its keysym's name: "Escape", "Return", "a"."""
        self.press(key)
        self.release(key)

    def press(self, key: str) -> None:
        """Press a key and hold it."""
        self._fake(X.KeyPress, key)

    def release(self, key: str) -> None:
        """Let a key go."""
        self._fake(X.KeyRelease, key)

    def type(self, text: str) -> None:
        """Type letters, digits and spaces (capitals with Shift)."""
        for letter in text:
            key = "space" if letter == " " else letter.lower()
            if letter.isupper():
                self.press("Shift_L")
            self.tap(key)
            if letter.isupper():
                self.release("Shift_L")

    def _fake(self, kind: int, key: str) -> None:
        keysym = XK.string_to_keysym(key)
        keycode = self._server.display.keysym_to_keycode(keysym)
        if not keycode:
            raise ValueError(f"no key gives {key!r}")
        xtest.fake_input(self._server.display, kind, keycode)
        self._server.display.sync()
