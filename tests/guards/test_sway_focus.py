"""The window in use on sway, by a stand-in for its socket. The real one is in tests/desktops."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.guard import GuardContract, Scene
from traycoach.errors import Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.focus import FocusWatch, InFront, fullscreen
from traycoach.guards.sway_focus import SwayFocus

HEAD = struct.Struct("=6sII")
WINDOW_EVENT, TREE, SUBSCRIBE = 0x8000_0003, 4, 2


class FakeSway:
    """Answers as sway does; `node` is the window in use."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sway.sock"
        self.node: dict[str, Any] = {"app_id": "Film", "pid": 7, "fullscreen_mode": 0, "focused": True}
        self.channels: list[socket.socket] = []
        self._closed = False
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(self.path))
        self._server.listen()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                channel, _ = self._server.accept()
            except OSError:
                return
            self.channels.append(channel)
            self._threads.append(threading.Thread(target=self._serve, args=(channel,), daemon=True))
            self._threads[-1].start()

    def _serve(self, channel: socket.socket) -> None:
        try:
            while head := channel.recv(HEAD.size, socket.MSG_WAITALL):
                _magic, length, kind = HEAD.unpack(head)
                channel.recv(length, socket.MSG_WAITALL) if length else b""
                tree = {"nodes": [{"nodes": [], "floating_nodes": [self.node]}], "floating_nodes": []}
                self.say(kind, {"success": True} if kind == SUBSCRIBE else tree, channel)
        except OSError:
            return

    def say(self, kind: int, value: Any, channel: socket.socket) -> None:
        text = json.dumps(value).encode()
        channel.sendall(HEAD.pack(b"i3-ipc", len(text), kind) + text)

    def changes(self, change: str, **values: Any) -> None:
        self.node |= values
        for channel in self.channels:
            try:
                self.say(WINDOW_EVENT, {"change": change, "container": self.node}, channel)
            except OSError:
                continue

    def closes(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for channel in self.channels:
            try:
                channel.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join()
        for channel in self.channels:
            channel.close()


class SwayScene(Scene):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.sway = FakeSway(folder)
        self.watch = FocusWatch(SwayFocus({"SWAYSOCK": str(self.sway.path)}, rests_s=0.05))
        self.guard = fullscreen(self.watch)

    def begin(self) -> None:
        self.sway.changes("fullscreen_mode", fullscreen_mode=1)

    def end(self) -> None:
        self.sway.changes("fullscreen_mode", fullscreen_mode=0)

    def break_down(self) -> None:
        self.sway.closes()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[SwayScene]:
    made = SwayScene(tmp_path)
    yield made
    made.guard.stop()
    made.sway.closes()


class TestFullscreenOnSway(GuardContract):
    @pytest.fixture
    def scene(self, tmp_path: Path) -> Iterator[SwayScene]:
        made = SwayScene(tmp_path)
        yield made
        made.guard.stop()
        made.sway.closes()


def test_new_titles_are_no_news(scene: SwayScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    for number in range(50):
        scene.sway.changes("title", name=f"{number} %")
    scene.begin()
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES]


def test_one_connection_serves_both_guards(scene: SwayScene) -> None:
    other, told = InFront(scene.watch, ["film"]), Scene()
    scene.guard.start(scene.told.put)
    scene.next()
    other.start(told.told.put)
    seen = [told.next()]

    other.change(["editor"])
    seen.append(told.next())
    scene.sway.changes("focus", app_id=None, window_properties={"class": "Editor", "instance": "editor"})
    seen.append(told.next())
    other.stop()

    assert seen == [Verdict.YES, Verdict.NO, Verdict.YES]
    assert len(scene.sway.channels) == 1


def test_a_focused_workspace_fills_no_screen(scene: SwayScene) -> None:
    del scene.sway.node["pid"]
    scene.sway.node["fullscreen_mode"] = 1
    scene.guard.start(scene.told.put)

    assert scene.next() is Verdict.NO


def test_garbage_ends_the_connection_and_nothing_else(scene: SwayScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    scene.sway.channels[0].sendall(b"\xff" * 100)
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.UNKNOWN]


@pytest.mark.parametrize("environ", [{}, {"SWAYSOCK": "/nonexistent/sway.sock"}])
def test_another_desktop_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="sway"):
        fullscreen(FocusWatch(SwayFocus(environ))).probe()
