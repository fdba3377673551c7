"""Private sound servers without a sound card, and programs that record from them.

    with Bus(lab), PipeWire(lab) as server:         # or PulseAudio(lab), which needs no bus
        server.add_microphone()                     # the source "mic", and the sink "speakers" with its monitor
        with Recorder(server.socket, "mic") as call:
            call.cork()

Each server has its own runtime folder below the lab's and writes nothing elsewhere.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from tests.desktops.parts import Part
from traycoach.desktop import pulse_wire as wire
from traycoach.desktop.pulse_wire import Reader

if TYPE_CHECKING:
    from tests.desktops.lab import Lab

CREATE_RECORD_STREAM, CORK_RECORD_STREAM = 5, 58
S16, FLOAT32 = 3, 5
ANY_LENGTH = 0xFFFFFFFF


class SoundServer(Part):
    """What PulseAudio and PipeWire have in common: PulseAudio's protocol on `socket`."""

    def __init__(self, lab: Lab, name: str) -> None:
        super().__init__(lab, name)
        self.folder = Path(lab.environ["XDG_RUNTIME_DIR"]) / "pulse"
        self.socket = self.folder / "native"
        # a program that starts a server by itself would blind us: nobody here may
        lab.environ |= {"PULSE_RUNTIME_PATH": str(self.folder), "PULSE_CLIENTCONFIG": str(lab.folder / "client.conf")}
        (lab.folder / "client.conf").write_text("autospawn = no\n")

    def answers(self) -> bool:
        """Tell whether the server takes commands."""
        with socket.socket(socket.AF_UNIX) as probe:
            # not yet pactl: it would make the folder, and PipeWire 0.3.65 fails if that happens while it does so itself
            if probe.connect_ex(str(self.socket)):
                return False
        return self.lab.run(["pactl", "info"], check=False).returncode == 0

    def say(self, *words: str) -> str:
        """Run `pactl` with these words and give what it printed."""
        return self.lab.run(["pactl", *words]).stdout.strip()

    def add_microphone(self) -> None:
        """Have a source called "mic", and a sink called "speakers" with its monitor."""
        raise NotImplementedError

    def streams(self) -> list[str]:
        """Give the numbers of the streams that record."""
        return [line.split()[0] for line in self.say("list", "short", "source-outputs").splitlines()]

    def parec(self, source: str = "mic") -> subprocess.Popen[bytes]:
        """Start a program that records into nothing; its stream is there when this returns."""
        before = self.streams()
        command = ["parec", "--client-name=FakeZoom", f"--device={source}", "--latency-msec=50", "/dev/null"]
        process = self.lab.start(command, "parec")
        self.lab.wait_until(lambda: set(self.streams()) - set(before), 10, "the recording")
        return process


class PulseAudio(SoundServer):
    """PulseAudio with nothing but its protocol and made-up devices."""

    programs: ClassVar[tuple[str, ...]] = ("pulseaudio", "pactl", "parec")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "pulseaudio")

    def start(self) -> None:
        """Start it; it takes commands when this returns."""
        self._launch(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-L", "module-native-protocol-unix"])
        self.lab.wait_until(self.answers, 15, "PulseAudio")

    def add_microphone(self) -> None:
        """See `SoundServer`."""
        self.say("load-module", "module-null-source", "source_name=mic")
        self.say("load-module", "module-null-sink", "sink_name=speakers")


class PipeWire(SoundServer):
    """PipeWire, its session manager, and its PulseAudio server, whose process is the one that `stop` and `kill9` mean.

    The lab needs a session bus.
    """

    programs: ClassVar[tuple[str, ...]] = ("pipewire", "wireplumber", "pipewire-pulse", "pactl", "parec")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "pipewire-pulse")
        self._below: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start what does not run yet; it takes commands when this returns."""
        if not self._below:
            place = Path(self.lab.environ["XDG_RUNTIME_DIR"]) / "pipewire-0"
            self._below.append(self.lab.start(["pipewire"], "pipewire"))
            self.lab.wait_until(place.exists, 10, "PipeWire")
            self._below.append(self.lab.start(["wireplumber"], "wireplumber"))
        self._launch(["pipewire-pulse"])
        self.lab.wait_until(self.answers, 15, "PipeWire's PulseAudio server")

    def add_microphone(self) -> None:
        """See `SoundServer`."""
        source = ("media.class=Audio/Source/Virtual", "sink_name=mic", "channel_map=mono")
        self.say("load-module", "module-null-sink", *source)
        self.say("load-module", "module-null-sink", "sink_name=speakers")
        self.lab.wait_until(lambda: "speakers.monitor" in self.say("list", "short", "sources"), 10, "the devices")

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        for process in reversed(self._below):
            self.lab.end(process)


class Recorder:
    """A program that records from a source, spoken byte by byte so that it can do what `parec` cannot.

    `meter`: draws a level meter, as a mixer does. `words` are more properties of the stream.
    """

    def __init__(self, place: Path, source: str, *, meter: bool = False, corked: bool = False, **words: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(place))
        self._serial = 0
        self._answer: dict[int, Reader] = {}
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        who = (socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack("iII", os.getpid(), os.getuid(), os.getgid()))
        self._ask(wire.AUTH, wire.u32(wire.VERSION) + wire.binary(bytes(256)), who)
        self._ask(wire.SET_CLIENT_NAME, wire.properties({"application.name": "FakeZoom"}))
        # as pavucontrol does: 25 peaks a second, one at a time
        form, rate, fragment = (FLOAT32, 25, 4) if meter else (S16, 8000, 320)
        properties = {"media.name": "Peak detect" if meter else "Call", **words}
        self._stream = self._ask(
            CREATE_RECORD_STREAM,
            b"a" + struct.pack(">BBI", form, 1, rate)
            + b"m\1\0"  # one channel: mono
            + wire.u32(wire.NO_INDEX) + wire.text(source)
            + wire.u32(ANY_LENGTH) + flag(corked) + wire.u32(fragment)
            + flag(False) * 7
            + flag(meter) + flag(False)
            + wire.properties(properties) + wire.u32(wire.NO_INDEX)
            + flag(False) * 3
            + b"B\0" + b"v\1\0\1\0\0" + flag(False) * 5,
        ).u32()  # fmt: skip

    def cork(self, corked: bool = True) -> None:
        """Let the stream stand still, or go on."""
        self._ask(CORK_RECORD_STREAM, wire.u32(self._stream) + flag(corked))

    def close(self) -> None:
        """Stop recording."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _ask(self, command: int, values: bytes, *ancillary: tuple[int, int, bytes]) -> Reader:
        self._serial += 1
        self._socket.sendmsg([wire.frame_of(command, self._serial, values)], ancillary)
        with self._came:
            assert self._came.wait_for(lambda: self._serial in self._answer, 10), f"no answer to {command}"
        return self._answer.pop(self._serial)

    def _read(self) -> None:
        while head := self._exactly(wire.HEAD.size):
            length, channel, *_rest = wire.HEAD.unpack(head)
            reader = Reader(self._exactly(length))
            if channel != wire.COMMAND_CHANNEL:  # the sound
                continue
            kind, serial = reader.u32(), reader.u32()
            assert kind != wire.ERROR, f"the server refused: {reader.u32()}"
            if kind == wire.REPLY:
                with self._came:
                    self._answer[serial] = reader
                    self._came.notify()

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length and (more := self._socket.recv(length - len(data))):
            data += more
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def flag(yes: bool) -> bytes:
    """Give a yes or no as a value of the protocol."""
    return b"1" if yes else b"0"
