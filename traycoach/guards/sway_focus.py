"""Which window is in use on sway? By the socket that `$SWAYSOCK` names.

Facts: sway-ipc(7). A message is "i3-ipc", the length of the payload and its type (two 32-bit words in the machine's
order), then JSON. Events have the highest bit of their type set. The socket's name has sway's pid in it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from traycoach.errors import NotHere, Unavailable
from traycoach.guards.focus import NOTHING, Focus, Focused
from traycoach.stop_flag import StopFlag
from traycoach.text import _

_MAGIC = b"i3-ipc"
_HEAD = struct.Struct("=6sII")
_SUBSCRIBE, _GET_TREE = 2, 4
_EVENT = 0x8000_0000
_MOST_BYTES = 16 * 1024 * 1024
_LIMIT_S = 1.0
_SOCKETS = "sway-ipc.*.sock"
_RESTS_S, _MOST_REST_S = 2.0, 10.0
"""Some windows change their title many times a second, and there is no asking for the other news alone. While nothing
but titles comes, it is looked at ever more seldom.
"""
_MATTERS = frozenset({"focus", "fullscreen_mode", "close", "new", "move"})

_log = logging.getLogger(__name__)


class _Gone(Exception):  # noqa: N818 - it is a state, not an error
    """The compositor is gone, or says what no compositor says."""


class SwayFocus:
    """Follows the focused window in a thread of its own."""

    mechanism = "sway"

    def __init__(self, environ: Mapping[str, str] = os.environ, rests_s: float = _RESTS_S) -> None:
        self._environ = environ
        self._rests_s = rests_s
        self._stop: StopFlag | None = None
        self._thread: threading.Thread | None = None
        self.lost = False
        """See `FocusSource`."""

    def probe(self) -> None:
        """See `FocusSource`."""
        self._connect().close()

    def start(self, changed: Callable[[Focused], None]) -> None:
        """See `FocusSource`."""
        channel = self._connect()
        self.lost = False
        stop = self._stop = StopFlag()
        self._thread = threading.Thread(target=self._follow, args=(channel, stop, changed), name="sway", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """See `FocusSource`."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def _connect(self) -> socket.socket:
        path = self._environ.get("SWAYSOCK")
        if not path:
            raise NotHere(_("this is not sway"))
        try:
            return _connected(path)
        except OSError as error:
            # one that was started anew has another name, which our environment does not know
            for other in Path(path).parent.glob(_SOCKETS):
                with contextlib.suppress(OSError):
                    return _connected(str(other))
            raise Unavailable(_("sway does not answer: {reason}").format(reason=error.strerror or "")) from error

    def _follow(self, channel: socket.socket, stop: StopFlag, changed: Callable[[Focused], None]) -> None:
        try:
            with channel:
                _read(channel, stop, changed, self._rests_s)
        except (_Gone, OSError, ValueError, TypeError, AttributeError) as error:
            _log.info("sway tells no more which window is in use: %s", type(error).__name__)
            if not stop.is_set:
                self.lost = True
                changed(None)
        finally:
            stop.close()


def _connected(path: str) -> socket.socket:
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.settimeout(_LIMIT_S)
    try:
        channel.connect(path)
    except OSError:
        channel.close()
        raise
    return channel


def _read(channel: socket.socket, stop: StopFlag, changed: Callable[[Focused], None], rests_s: float) -> None:
    _send(channel, _SUBSCRIBE, b'["window", "workspace"]')
    _send(channel, _GET_TREE)
    rest_s, quiet = rests_s, True
    while True:
        matters = False
        for kind, payload in _waiting(channel):
            if kind == _GET_TREE and not stop.is_set:
                changed(_of_tree(payload))
            elif kind & _EVENT and payload.get("change") in _MATTERS:
                _send(channel, _GET_TREE)
                matters = True
        rest_s = rests_s if matters or quiet else min(2 * rest_s, _MOST_REST_S)
        stop.wait(limit_s=rest_s)
        quiet = not stop.wait(channel.fileno(), limit_s=0)
        if quiet and not stop.wait(channel.fileno()):
            return


def _send(channel: socket.socket, kind: int, payload: bytes = b"") -> None:
    channel.sendall(_HEAD.pack(_MAGIC, len(payload), kind) + payload)


def _waiting(channel: socket.socket) -> list[tuple[int, dict[str, Any]]]:
    """Give the messages that have arrived; wait for one if there is none yet."""
    messages = [_receive(channel)]
    while _has_more(channel):
        messages.append(_receive(channel))
    # many news need one look at the tree
    newest = {
        kind if kind & _EVENT == 0 else (kind, payload.get("change")): (kind, payload) for kind, payload in messages
    }
    return list(newest.values())


def _has_more(channel: socket.socket) -> bool:
    channel.setblocking(False)
    try:
        return len(channel.recv(1, socket.MSG_PEEK)) == 1
    except BlockingIOError:
        return False
    finally:
        channel.settimeout(_LIMIT_S)


def _receive(channel: socket.socket) -> tuple[int, dict[str, Any]]:
    magic, length, kind = _HEAD.unpack(_exactly(channel, _HEAD.size))
    if magic != _MAGIC or length > _MOST_BYTES:
        raise _Gone
    payload = json.loads(_exactly(channel, length))
    return kind, payload if isinstance(payload, dict) else {}


def _exactly(channel: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        part = channel.recv(min(65536, length - len(data)))
        if not part:
            raise _Gone
        data += part
    return bytes(data)


def _of_tree(tree: Mapping[str, Any]) -> Focus:
    """Give the focused window in a layout tree. Full screen is 1 (its output) or 2 (all outputs)."""
    nodes: list[Any] = [tree]
    while nodes:
        node = nodes.pop()
        if node.get("focused"):
            x11 = node.get("window_properties") or {}
            names = (node.get("app_id"), x11.get("class"), x11.get("instance"))
            window = bool(node.get("pid"))
            full = window and node.get("fullscreen_mode") in {1, 2}
            return Focus(frozenset(str(name).lower() for name in names if name), full)
        nodes += [*node.get("nodes", ()), *node.get("floating_nodes", ())]
    return NOTHING
