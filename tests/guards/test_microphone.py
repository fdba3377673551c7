"""Who records, on real sound servers: PulseAudio, and PipeWire in its place."""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.guard import GuardContract, Scene
from tests.desktops.lab import Bus, Lab, wait_until
from tests.desktops.sound import PipeWire, PulseAudio, Recorder, SoundServer
from traycoach.desktop import pulse_wire as wire
from traycoach.desktop.pulse import PulsePlace, pulse_place
from traycoach.desktop.pulse_wire import MalformedError, Reader, SourceOutput
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.microphone import PulseMicrophone, is_speech

SERVERS = [PulseAudio, PipeWire]


class SoundScene(Scene):
    def __init__(self, server: SoundServer) -> None:
        super().__init__()
        self.server = server
        self.guard = PulseMicrophone(lambda: pulse_place(server.lab.environ))
        self.calls: list[Recorder] = []

    def begin(self) -> None:
        self.calls.append(Recorder(self.server.socket, "mic"))

    def end(self) -> None:
        self.calls.pop().close()

    def break_down(self) -> None:
        self.server.kill9()

    def still_no(self) -> None:
        """Make sure that nothing was told up to now: what is told next is that a call begins, and ends."""
        assert self.told.empty()
        self.begin()
        assert self.next() is Verdict.YES
        self.end()
        assert self.next() is Verdict.NO


@pytest.fixture(params=SERVERS)
def scene(request: pytest.FixtureRequest, lab: Lab) -> Iterator[SoundScene]:
    with ExitStack() as running:
        if request.param is PipeWire:
            running.enter_context(Bus(lab, activation=False))
        server = running.enter_context(request.param(lab))
        server.add_microphone()
        made = SoundScene(server)
        yield made
        made.guard.stop()
        for call in made.calls:
            call.close()


class TestPulseMicrophone(GuardContract):
    @pytest.fixture
    def scene(self, scene: SoundScene) -> SoundScene:
        return scene


def test_program_that_records_is_a_call_until_it_ends(scene: SoundScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    call = scene.server.parec()
    seen.append(scene.next())
    scene.server.lab.end(call)
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_stream_that_stands_still_is_no_call(scene: SoundScene) -> None:
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.calls[0].cork()
    seen.append(scene.next())
    scene.calls[0].cork(False)
    seen.append(scene.next())

    assert seen == [Verdict.YES, Verdict.NO, Verdict.YES]


def test_muted_stream_is_no_call(scene: SoundScene) -> None:
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    (stream,) = scene.server.streams()
    scene.server.say("set-source-output-mute", stream, "1")
    seen.append(scene.next())
    scene.server.say("set-source-output-mute", stream, "0")
    seen.append(scene.next())

    assert seen == [Verdict.YES, Verdict.NO, Verdict.YES]


def test_call_with_the_microphone_muted_by_its_key_is_a_call(scene: SoundScene) -> None:
    scene.server.say("set-source-mute", "mic", "1")
    scene.begin()
    scene.guard.start(scene.told.put)

    assert scene.next() is Verdict.YES


def test_recording_of_what_the_speakers_play_is_no_call(scene: SoundScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    recording = scene.server.parec("speakers.monitor")
    scene.still_no()
    assert recording.poll() is None

    assert seen == [Verdict.NO]


def test_level_meter_is_no_call(scene: SoundScene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    with Recorder(scene.server.socket, "mic", meter=True):
        scene.still_no()

    assert seen == [Verdict.NO]


def test_stream_inside_the_server_is_no_call(scene: SoundScene) -> None:
    scene.server.say("load-module", "module-loopback", "source=mic", "sink=speakers")
    scene.server.lab.wait_until(scene.server.streams, 10, "the loopback")
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.still_no()

    assert seen == [Verdict.NO]


def test_second_call_goes_on_when_the_first_ends(scene: SoundScene) -> None:
    scene.begin()
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.end()
    scene.end()
    seen.append(scene.next())

    assert seen == [Verdict.YES, Verdict.NO]


def test_server_that_is_killed_and_comes_back_is_followed_again(scene: SoundScene) -> None:
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    scene.server.kill9()
    while seen[-1] is not Verdict.UNKNOWN:  # PipeWire ends the streams of a server that is killed first
        seen.append(scene.next())
    scene.calls.pop().close()

    scene.server.start()
    seen.append(scene.next())
    scene.server.add_microphone()
    scene.begin()
    seen.append(scene.next())

    assert [verdict for verdict in seen if verdict is not Verdict.NO] == [Verdict.YES, Verdict.UNKNOWN, Verdict.YES]


def test_server_is_waited_for_and_nothing_is_started(lab: Lab) -> None:
    server = PulseAudio(lab)
    scene = SoundScene(server)
    scene.guard.probe()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    assert not server.folder.exists()

    with server:
        seen.append(scene.next())
        scene.guard.stop()

    assert seen == [Verdict.UNKNOWN, Verdict.NO]


def test_socket_without_a_server_behind_it_is_not_touched(lab: Lab) -> None:
    """Systemd listens there for the first client, and would start a server for it."""
    server = PulseAudio(lab)
    server.folder.mkdir()
    scene = SoundScene(server)
    with socket.socket(socket.AF_UNIX) as systemd:
        systemd.bind(str(server.socket))
        systemd.listen()
        systemd.settimeout(0)
        scene.guard.start(scene.told.put)
        seen = scene.next()
        scene.guard.stop()

        with pytest.raises(BlockingIOError):
            systemd.accept()

    assert seen is Verdict.UNKNOWN


class FakeServer:
    """Listens where a server would, and does with each connection what it is told."""

    def __init__(self, lab: Lab, behave: Callable[[socket.socket], None]) -> None:
        self.place = PulsePlace(Path(lab.environ["XDG_RUNTIME_DIR"]) / "fake", None)
        self.accepted = 0
        self._behave = behave
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.place.socket))
        self._listener.listen()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self.accepted += 1
            self._behave(connection)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()


def silent(_connection: socket.socket) -> None:
    """Take the connection and say nothing."""


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 100)


def hang_up(connection: socket.socket) -> None:
    connection.close()


@pytest.mark.parametrize("behave", [silent, garbage, hang_up])
def test_server_that_talks_nonsense_leaves_the_answer_unknown_and_is_left_alone(
    lab: Lab, behave: Callable[[socket.socket], None]
) -> None:
    server = FakeServer(lab, behave)
    scene = Scene()
    scene.guard = PulseMicrophone(lambda: server.place)
    scene.guard.start(scene.told.put)
    seen = scene.next()
    wait_until(lambda: server.accepted == 2, 20, "a second attempt")
    scene.guard.stop()
    server.close()

    assert seen is Verdict.UNKNOWN
    assert scene.told.empty()


def test_server_that_asks_late_who_we_are_is_told(lab: Lab) -> None:
    """As PulseAudio does: it asks the kernel a moment after it has accepted the connection."""
    learnt: list[bytes] = []

    def ask_late(connection: socket.socket) -> None:
        select.select([connection], [], [], 10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        _data, ancillary, _flags, _from = connection.recvmsg(1000, 100)
        learnt.extend(data for level, kind, data in ancillary if kind == socket.SCM_CREDENTIALS)
        connection.close()

    server = FakeServer(lab, ask_late)
    with pytest.raises(Unavailable):
        server.place.open(10)
    server.close()

    assert learnt == [struct.pack("iII", os.getpid(), os.getuid(), os.getgid())]


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        (
            {"XDG_RUNTIME_DIR": "/run/user/1"},
            PulsePlace(Path("/run/user/1/pulse/native"), Path("/run/user/1/pulse/pid")),
        ),
        (
            {"XDG_RUNTIME_DIR": "/run/user/1", "PULSE_RUNTIME_PATH": "/p"},
            PulsePlace(Path("/p/native"), Path("/p/pid")),
        ),
        ({"PULSE_SERVER": "unix:/run/flatpak/pulse/native"}, PulsePlace(Path("/run/flatpak/pulse/native"), None)),
        ({"PULSE_SERVER": "{0123abcd}unix:/s tcp:host:4713"}, PulsePlace(Path("/s"), None)),
    ],
)
def test_server_is_looked_for_where_every_program_does(environ: dict[str, str], place: PulsePlace) -> None:
    assert pulse_place(environ) == place


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "XDG_RUNTIME_DIR"),
        ({"PULSE_SERVER": "tcp:far.example:4713", "XDG_RUNTIME_DIR": "/r"}, "not on this machine"),
    ],
)
def test_guard_is_refused_where_no_server_can_be(environ: dict[str, str], reason: str) -> None:
    with pytest.raises(NotHere, match=reason):
        PulseMicrophone(lambda: pulse_place(environ)).probe()


def test_pid_file_of_a_dead_server_means_none(tmp_path: Path) -> None:
    place = PulsePlace(tmp_path / "native", tmp_path / "pid")
    answers = []
    for text in ("", "no number", "-1", "0", "99999999999"):
        (tmp_path / "pid").write_text(text)
        answers.append(place.occupied)

    assert not any(answers)


def stream(**changes: object) -> SourceOutput:
    words = {"application.name": "Zoom"}
    base = {"client": 1, "source": 2, "resampling": "", "properties": words, "corked": False, "muted": False}
    return SourceOutput(**(base | changes))  # type: ignore[arg-type]


def test_words_that_a_stream_says_about_itself() -> None:
    assert is_speech(stream())
    assert is_speech(stream(client=wire.NO_INDEX)), "its client may be hidden; it has a name"
    assert not is_speech(stream(client=wire.NO_INDEX, properties={}))
    assert not is_speech(stream(source=wire.NO_INDEX))
    assert not is_speech(stream(resampling="peaks"))
    assert not is_speech(stream(properties={"application.name": "x", "stream.monitor": "true"}))
    assert not is_speech(stream(properties={"application.name": "x", "node.link-group": "echo-cancel-1"}))
    assert not is_speech(stream(properties={"application.id": "org.gnome.VolumeControl"}))


RECORD = (
    wire.u32(5) + wire.text("a call") + wire.u32(wire.NO_INDEX) + wire.u32(7) + wire.u32(3)
    + b"a\x03\x01\x00\x00\x1f\x40" + b"m\x02\x01\x02" + (b"U" + bytes(8)) * 2 + b"N" + wire.text("driver.c")
    + wire.properties({"application.name": "Zoom", "media.name": "é"})
    + b"0" + b"v\x02" + bytes(8) + b"111" + b"fB\x01" + wire.properties({"format.rate": "8000"})
)  # fmt: skip


def test_record_of_a_stream_is_read_to_its_last_byte() -> None:
    reader = Reader(RECORD)

    assert reader.source_output() == SourceOutput(
        7, 3, "", {"application.name": "Zoom", "media.name": "é"}, corked=False, muted=True
    )
    assert reader.at_end


@given(st.data())
def test_damaged_record_is_refused_or_read_never_anything_else(data: st.DataObject) -> None:
    damaged = bytearray(RECORD[: data.draw(st.integers(0, len(RECORD)))])
    for at in data.draw(st.lists(st.integers(0, max(len(damaged) - 1, 0)), max_size=4)):
        if damaged:
            damaged[at] = data.draw(st.integers(0, 255))
    reader = Reader(bytes(damaged))
    try:
        read = reader.source_output()
    except MalformedError:
        return
    assert isinstance(read, SourceOutput)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_read_never_anything_else(data: bytes) -> None:
    for read in (Reader.source_output, Reader.source_is_monitor, Reader.properties, Reader.text, Reader.u32):
        try:
            read(Reader(data))
        except MalformedError:
            continue


def test_frame_with_sound_or_of_absurd_length_is_refused() -> None:
    assert wire.length_of(wire.frame_of(wire.AUTH, 1)[: wire.HEAD.size]) == 10
    for length, channel in ((10, 0), (1 << 30, wire.COMMAND_CHANNEL)):
        with pytest.raises(MalformedError):
            wire.length_of(wire.HEAD.pack(length, channel, 0, 0, 0))
