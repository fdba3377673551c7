"""Pictures of the screen in a real PipeWire's graph, and bytes that no server would send."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.guard import GuardContract, Scene
from tests.desktops.lab import Lab
from traycoach.desktop import pipewire
from traycoach.desktop.pipewire import Appeared, Inbox, MalformedError
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.sharing import PipeWireSharing, is_picture

MEDIA = "Stream/Output/Video"


class Server:
    """A PipeWire of the lab, with nothing in its graph."""

    def __init__(self, lab: Lab) -> None:
        lab.need(["pipewire", "pw-cli"])
        self.lab = lab
        self.environ = {**lab.environ, "WAYLAND_DISPLAY": "wayland-test"}
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.process = self.lab.start(["pipewire"], "pipewire")
        place = Path(self.lab.environ["XDG_RUNTIME_DIR"]) / "pipewire-0"
        self.lab.wait_until(lambda: pipewire.is_running(place) and self.ids() is not None, 20, "PipeWire")

    def ids(self, name: str = "") -> list[str] | None:
        listed = self.lab.run(["pw-cli", "ls", "Node"], check=False)
        if listed.returncode:
            return None
        blocks = re.split(r"^\s*id ", listed.stdout, flags=re.MULTILINE)[1:]
        return [block.split(",")[0] for block in blocks if f'node.name = "{name}"' in block]

    def add(self, media: str, name: str) -> None:
        words = f"factory.name=support.null-audio-sink media.class={media} node.name={name} object.linger=1"
        self.lab.run(["pw-cli", "create-node", "adapter", f"{{ {words} }}"])
        self.lab.wait_until(lambda: self.ids(name), 20, "the node")

    def remove(self, name: str) -> None:
        for number in self.ids(name) or ():
            self.lab.run(["pw-cli", "destroy", number])

    def kill(self) -> None:
        assert self.process is not None
        self.lab.end(self.process)


class SharingScene(Scene):
    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.server = Server(lab)
        self.guard = PipeWireSharing(self.server.environ)

    def begin(self) -> None:
        self.server.add(MEDIA, "gnome-shell")

    def end(self) -> None:
        self.server.remove("gnome-shell")

    def break_down(self) -> None:
        self.server.kill()


class TestSharing(GuardContract):
    @pytest.fixture
    def scene(self, lab: Lab) -> Iterator[SharingScene]:
        made = SharingScene(lab)
        yield made
        made.guard.stop()


@pytest.fixture
def scene(lab: Lab) -> Iterator[SharingScene]:
    made = SharingScene(lab)
    yield made
    made.guard.stop()


def test_sound_and_cameras_are_no_pictures_of_the_screen(scene: SharingScene) -> None:
    scene.server.add("Video/Source", "v4l2_input.camera")
    scene.server.add("Audio/Sink", "speakers")
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    scene.server.add("Video/Source", "xdg-desktop-portal-wlr")
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES]


def test_a_server_that_died_is_found_again(scene: SharingScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.break_down()
    seen.append(scene.next())
    assert isinstance(scene.guard, PipeWireSharing)
    assert scene.guard.lost
    scene.guard.stop()
    with pytest.raises(Unavailable, match="does not run"):
        scene.guard.probe()

    scene.server.start()
    scene.begin()
    scene.guard.start(scene.told.put)
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.UNKNOWN, Verdict.YES]


def test_x11_is_refused() -> None:
    with pytest.raises(NotHere, match="X11"):
        PipeWireSharing({"XDG_SESSION_TYPE": "x11", "XDG_RUNTIME_DIR": "/nonexistent"}).probe()


def test_a_socket_of_systemd_is_no_server(tmp_path: Path) -> None:
    """Behind it a server would be started by the first who connects."""
    (tmp_path / "pipewire-0.lock").touch()

    with pytest.raises(Unavailable, match="does not run"):
        PipeWireSharing({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}).probe()


def test_only_nodes_are_pictures() -> None:
    assert not is_picture(Appeared(1, "PipeWire:Interface:Port", {"media.class": MEDIA}))
    assert is_picture(Appeared(1, "PipeWire:Interface:Node", {"media.class": MEDIA}))


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_are_news_or_malformed(parts: list[bytes]) -> None:
    inbox = Inbox()
    try:
        for part in parts:
            for _news in inbox.take(part):
                pass
    except MalformedError:
        pass


@given(st.integers(1, 60), st.binary(min_size=1, max_size=4))
def test_a_message_with_wrong_bytes_is_news_or_malformed(at: int, wrong: bytes) -> None:
    values = pipewire._struct(
        pipewire._int(7),
        pipewire._int(0),
        pipewire._text("PipeWire:Interface:Node"),
        pipewire._int(3),
        pipewire._struct(pipewire._int(1), pipewire._text("media.class"), pipewire._text(MEDIA)),
    )
    whole = pipewire._message(pipewire.REGISTRY, 0, values, 0)
    assert list(Inbox().take(whole)) == [Appeared(7, "PipeWire:Interface:Node", {"media.class": MEDIA})]
    try:
        for _news in Inbox().take(whole[:at] + wrong + whole[at + len(wrong) :]):
            pass
    except MalformedError:
        pass
