"""The window in use on sway, by a stand-in for its socket. The real one is in tests/desktops."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from tests.contracts.guard import GuardContract, Scene
from traycoach.core.events import Event, EvidenceChanged, HoldsChanged
from traycoach.errors import Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.focus import Focus, Focused, FocusWatch, InFront, fullscreen
from traycoach.guards.sway_focus import SwayFocus, _read
from traycoach.guards.watch import GuardWatch
from traycoach.stop_flag import StopFlag

HEAD = struct.Struct("=6sII")
WINDOW_EVENT, TREE, SUBSCRIBE = 0x8000_0003, 4, 2


def message(kind: int, value: Any) -> bytes:
    text = json.dumps(value).encode()
    return HEAD.pack(b"i3-ipc", len(text), kind) + text


class FakeSway:
    """Answers as sway does; `node` is the window in use."""

    def __init__(self, folder: Path, name: str = "sway.sock") -> None:
        self.path = folder / name
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
        channel.sendall(message(kind, value))

    def changes(self, change: str, **values: Any) -> None:
        self.node |= values
        for channel in self.channels:
            try:
                self.say(WINDOW_EVENT, {"change": change, "container": self.node}, channel)
            except OSError:
                continue

    def hangs_up(self) -> None:
        for channel in self.channels:
            try:
                channel.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def closes(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.hangs_up()
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


def test_sway_that_hung_up_and_is_there_is_followed_again_by_every_guard(scene: SwayScene) -> None:
    """Both guards lose the one connection at once, and nothing refuses them a new one."""
    posted: SimpleQueue[Event] = SimpleQueue()
    switches = {"fullscreen": True, "application": True}
    watch = GuardWatch([scene.guard, InFront(scene.watch, ["film"])], posted.put, switches, retries_s=(0.05,))
    watch.start()
    seen = [posted.get(timeout=20), posted.get(timeout=20)]

    scene.sway.hangs_up()
    seen += [posted.get(timeout=20), posted.get(timeout=20)]
    scene.begin()
    seen.append(posted.get(timeout=20))
    watch.stop()

    application, nothing = HoldsChanged(frozenset({"application"})), HoldsChanged(frozenset())
    full, not_full = EvidenceChanged(frozenset({"fullscreen"})), EvidenceChanged(frozenset())
    assert seen == [not_full, application, nothing, application, full]
    assert len(scene.sway.channels) == 6, "each time one connection, and one for the probe of each guard"


def test_sway_that_was_started_anew_is_found_under_its_new_name(tmp_path: Path) -> None:
    old, new = (FakeSway(tmp_path, f"sway-ipc.1000.{pid}.sock") for pid in (7, 8))
    old.closes()
    new.node["fullscreen_mode"] = 1
    told, guard = Scene(), fullscreen(FocusWatch(SwayFocus({"SWAYSOCK": str(old.path)})))
    guard.probe()
    guard.start(told.told.put)

    assert told.next() is Verdict.YES
    guard.stop()
    new.closes()


def test_titles_that_change_all_the_time_are_read_ever_more_seldom() -> None:
    """A terminal may do that all night."""
    ours, theirs = socket.socketpair()
    told: list[Focused] = []

    class Flag(StopFlag):
        rests: list[float]

        def wait(self, handle: int | None = None, limit_s: float | None = None) -> bool:
            if handle is None:
                assert limit_s is not None
                self.rests.append(limit_s)
                change = "focus" if len(self.rests) == 4 else "title"
                theirs.sendall(message(WINDOW_EVENT, {"change": change}))
            return len(self.rests) < 8

    flag = Flag()
    flag.rests = []
    theirs.sendall(message(TREE, {"focused": True, "pid": 7}))
    with ours, theirs:
        _read(ours, flag, told.append, rests_s=2.0)
    flag.close()

    assert flag.rests == [2.0, 4.0, 8.0, 10.0, 2.0, 4.0, 8.0, 10.0]
    assert told == [Focus(frozenset(), fullscreen=False)]
