"""A pointer and a keyboard for compositors of the wlroots family, and just enough of a Wayland client for them.

Facts: the Wayland protocol; zwlr_virtual_pointer_v1 (wlr-protocols) and zwp_virtual_keyboard_v1, whose
requests are numbered in the order of their files. Key codes are those of <linux/input-event-codes.h>. Both devices live
as long as their connection; programs need a moment to notice a new one, so a desktop keeps one connection for good.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
from pathlib import Path

from tests.desktops.processes import steady_s
from traycoach.desktop.wayland_wire import Arguments, EventParser, WireEvent

LIMIT_S = 20.0
DISPLAY_ID, SYNC, GET_REGISTRY = 1, 0, 1
BUTTONS = {1: 0x110, 2: 0x112, 3: 0x111}
KEYS = {
    "Escape": 1,
    "Tab": 15,
    "Return": 28,
    "Shift_L": 42,
    "space": 57,
    "Home": 102,
    "Up": 103,
    "Left": 105,
    "Right": 106,
    "Down": 108,
}
KEYS |= {letter: 16 + place for place, letter in enumerate("qwertyuiop")}
KEYS |= {letter: 30 + place for place, letter in enumerate("asdfghjkl")}
KEYS |= {letter: 44 + place for place, letter in enumerate("zxcvbnm")}
SHIFT_MASK = 1
XKB_V1 = 1
KEYMAP = """xkb_keymap {
  xkb_keycodes { include "evdev+aliases(qwerty)" };
  xkb_types { include "complete" };
  xkb_compat { include "complete" };
  xkb_symbols { include "pc+us+inet(evdev)" };
};
"""
BETWEEN_KEYS_S = 0.4


class Wire:
    """A connection to the compositor at `path`. Requests from any thread; `settle` from one."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(LIMIT_S)
        self._socket.connect(str(path))
        self._sending = threading.Lock()
        self._last_id = DISPLAY_ID
        self._parser = EventParser()
        self._done = 0  # the last callback that came
        self.globals: dict[str, tuple[int, int]] = {}
        self._registry = self.new_id()
        self.send(DISPLAY_ID, GET_REGISTRY, unsigned(self._registry))
        self.settle()

    def new_id(self) -> int:
        """Give the number of a new object, whose request must be the next one that makes an object."""
        self._last_id += 1
        return self._last_id

    def bind(self, interface: str, version: int = 1) -> int:
        """Give the object of a global; raises LookupError if the compositor has none."""
        if interface not in self.globals:
            raise LookupError(f"the compositor offers no {interface}")
        name, _version = self.globals[interface]
        bound = self.new_id()
        self.send(self._registry, 0, unsigned(name) + string(interface) + unsigned(version, bound))
        return bound

    def send(self, target: int, request: int, body: bytes = b"", fd: int | None = None) -> None:
        """Send one request, with a file descriptor if it takes one."""
        message = struct.pack("=II", target, (len(body) + 8) << 16 | request) + body
        with self._sending:
            if fd is None:
                self._socket.sendall(message)
            else:
                socket.send_fds(self._socket, [message], [fd])

    def settle(self) -> None:
        """Wait until the compositor has done all that was asked of it; raises RuntimeError if it objects."""
        callback = self.new_id()
        self.send(DISPLAY_ID, SYNC, unsigned(callback))
        while self._done != callback:
            self._receive(callback)

    def close(self) -> None:
        """Leave; the devices go with the connection."""
        self._socket.close()

    def _receive(self, callback: int) -> None:
        data, fds, _flags, _address = socket.recv_fds(self._socket, 65536, 28)
        for fd in fds:
            os.close(fd)
        if not data:
            raise ConnectionError("the compositor closed the connection")
        for event in self._parser.feed(data):
            self._event(event, callback)

    def _event(self, event: WireEvent, callback: int) -> None:
        arguments = Arguments(event.arguments)
        match event.object_id, event.opcode:
            case (1, 0):  # wl_display.error
                target, code = arguments.uint(), arguments.uint()
                raise RuntimeError(f"the compositor objects: object {target}, error {code}: {arguments.string()}")
            case (self._registry, 0):  # global
                name, interface = arguments.uint(), arguments.string()
                self.globals[interface] = (name, arguments.uint())
            case (sender, 0) if sender == callback:  # done
                self._done = sender


def unsigned(*values: int) -> bytes:
    """Give numbers, or object ids, as they go over the wire."""
    return struct.pack(f"={len(values)}I", *values)


def string(text: str) -> bytes:
    """Give a text as it goes over the wire: its length with the final zero, itself, filled up to 4 bytes."""
    raw = text.encode() + b"\0"
    return unsigned(len(raw)) + raw + b"\0" * (-len(raw) % 4)


def _now_ms() -> int:
    return int(steady_s() * 1000) & 0xFFFFFFFF


class VirtualPointer:
    """A pointer on a screen of this size."""

    def __init__(self, wire: Wire, seat: int, size: tuple[int, int]) -> None:
        self._wire = wire
        self._size = size
        manager = wire.bind("zwlr_virtual_pointer_manager_v1")
        self._id = wire.new_id()
        wire.send(manager, 0, unsigned(seat, self._id))  # create_virtual_pointer(seat, id)

    def move(self, x: int, y: int) -> None:
        """Move there."""
        self._wire.send(self._id, 1, unsigned(_now_ms(), x, y, *self._size))  # motion_absolute
        self._frame()

    def press(self, button: int = 1) -> None:
        """Press a button (1 left, 2 middle, 3 right) and hold it."""
        self._button(button, 1)

    def release(self, button: int = 1) -> None:
        """Let a button go."""
        self._button(button, 0)

    def _button(self, button: int, state: int) -> None:
        self._wire.send(self._id, 2, unsigned(_now_ms(), BUTTONS[button], state))
        self._frame()

    def _frame(self) -> None:
        self._wire.send(self._id, 4)
        self._wire.settle()


class VirtualKeyboard:
    """A keyboard with the usual American keys."""

    def __init__(self, wire: Wire, seat: int) -> None:
        self._wire = wire
        manager = wire.bind("zwp_virtual_keyboard_manager_v1")
        self._id = wire.new_id()
        wire.send(manager, 0, unsigned(seat, self._id))  # create_virtual_keyboard(seat, id)
        raw = KEYMAP.encode() + b"\0"
        fd = os.memfd_create("keymap")
        try:
            os.write(fd, raw)
            wire.send(self._id, 0, unsigned(XKB_V1, len(raw)), fd)  # keymap(format, fd, size)
        finally:
            os.close(fd)

    def tap(self, key: str = "Shift_L") -> None:
        """Press and let go one key, by its keysym's name; from any thread."""
        if key not in KEYS:
            raise ValueError(f"no key gives {key!r}")
        for state in (1, 0):
            self._wire.send(self._id, 1, unsigned(_now_ms(), KEYS[key], state))
            if key == "Shift_L":
                self._wire.send(self._id, 2, unsigned(SHIFT_MASK if state else 0, 0, 0, 0))  # modifiers


class WaylandHands:
    """A pointer and a keyboard at the compositor that listens at `path`, whose screen has this size."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._wire = Wire(path)
        seat = self._wire.bind("wl_seat")
        self.pointer = VirtualPointer(self._wire, seat, size)
        self.keyboard = VirtualKeyboard(self._wire, seat)
        self._wire.settle()

    def settle(self) -> None:
        """Wait until the compositor has taken all input so far."""
        self._wire.settle()

    def close(self) -> None:
        """Take pointer and keyboard away."""
        self._wire.close()
