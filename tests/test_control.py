"""The control channel between real processes on a real socket, and the lock that makes the coach a single one."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from traycoach.control import AlreadyRunning, NotRunning, ask, claim
from traycoach.control.server import MAX_CLIENTS, MAX_REQUEST, Server
from traycoach.control.unix import MAX_PATH
from traycoach.errors import Unavailable, UserError
from traycoach.messages import PROTOCOL, Reply, Request
from traycoach.paths import Paths

ROOT = Path(__file__).parent.parent

COACH = """
import sys, threading
from traycoach.control import claim
from traycoach.control.server import Server
from traycoach.messages import Reply
from traycoach.paths import user_paths

ended = threading.Event()

def handle(request):
    if request.verb == "quit":
        ended.set()
    return Reply(0, f"{request.verb} {' '.join(request.words)}".strip(), {"words": list(request.words)})

with claim(user_paths()) as mine:
    server = Server(mine, handle)
    server.start()
    print("ready", flush=True)
    ended.wait()
    server.close()
print("ended", flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path / "config", state=tmp_path / "state", runtime=tmp_path / "run")


@contextlib.contextmanager
def coach_process(home: Paths) -> Iterator[subprocess.Popen[str]]:
    """A coach of its own process, ready to answer; killed in the end if it still runs."""
    environ = {**os.environ, "TRAYCOACH_HOME": str(home.runtime.parent), "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", COACH], stdout=subprocess.PIPE, text=True, env=environ)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        yield child
    finally:
        child.kill()
        child.communicate()


@contextlib.contextmanager
def serving(home: Paths, handle: object = None, time_limit: timedelta = timedelta(seconds=5)) -> Iterator[Server]:
    def echo(request: Request) -> Reply:
        return Reply(0, " ".join([request.verb, *request.words]))

    with claim(home) as mine:
        server = Server(mine, handle or echo, time_limit)  # type: ignore[arg-type]
        server.start()
        try:
            yield server
        finally:
            server.close()


def connected(home: Paths) -> socket.socket:
    channel = socket.socket(socket.AF_UNIX)
    channel.settimeout(10)
    channel.connect(str(home.socket))
    return channel


def heard(channel: socket.socket) -> bytes:
    answer = b""
    with contextlib.suppress(ConnectionResetError):  # the end of a stream of which not all was read
        while chunk := channel.recv(65536):
            answer += chunk
    return answer


def raw(home: Paths, line: bytes) -> Reply:
    with connected(home) as channel:
        with contextlib.suppress(BrokenPipeError):
            channel.sendall(line)
        answer = json.loads(heard(channel))
    return Reply(answer["code"], answer["text"], answer["data"], answer["protocol"])


def test_a_request_reaches_another_process_and_its_reply_comes_back(home: Paths) -> None:
    with coach_process(home):
        assert ask(Request("pause", ("30m",)), paths=home) == Reply(0, "pause 30m", {"words": ["30m"]})
        assert ask(Request("why", ("—", "ü")), paths=home).text == "why — ü"


def test_quit_is_answered_before_the_coach_is_gone(home: Paths) -> None:
    with coach_process(home) as child:
        assert ask(Request("quit"), paths=home).code == 0
        assert child.stdout is not None
        assert child.stdout.readline() == "ended\n"
        assert child.wait(10) == 0
    assert not home.socket.exists()


def test_nobody_there_is_told_as_not_running(home: Paths) -> None:
    with pytest.raises(NotRunning, match="not running"):
        ask(Request("status"), paths=home)


def test_a_second_coach_is_told_that_one_runs(home: Paths) -> None:
    with coach_process(home), pytest.raises(AlreadyRunning):
        claim(home)


def test_a_killed_coach_leaves_a_stale_socket_that_the_next_replaces(home: Paths) -> None:
    with coach_process(home) as child:
        child.kill()
        child.wait(10)
        assert home.socket.exists()
        with pytest.raises(NotRunning):
            ask(Request("status"), paths=home)
    with coach_process(home):
        assert ask(Request("status"), paths=home).code == 0


def test_of_many_that_start_at_once_one_becomes_the_coach(home: Paths) -> None:
    environ = {**os.environ, "TRAYCOACH_HOME": str(home.runtime.parent), "PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", COACH], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
        )
        for _number in range(4)
    ]
    try:
        losers = 0
        for child in children:
            assert child.stdout is not None
            losers += child.stdout.readline() != "ready\n"
        assert losers == len(children) - 1
        assert ask(Request("quit"), paths=home).code == 0
    finally:
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.communicate(timeout=10)
            child.kill()
            child.communicate()


def test_folder_and_socket_are_for_the_owner_only(home: Paths) -> None:
    home.runtime.mkdir(mode=0o755)
    with serving(home):
        assert stat.S_IMODE(home.runtime.stat().st_mode) == 0o700
        assert stat.S_IMODE(home.socket.stat().st_mode) == 0o600
        assert stat.S_IMODE((home.runtime / "lock").stat().st_mode) == 0o600


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_is_refused_even_where_the_modes_let_him_in(home: Paths) -> None:
    script = (
        "import os, socket, sys; os.setuid(65534);"
        "channel = socket.socket(socket.AF_UNIX); channel.connect(sys.argv[1]); print(channel.recv(100))"
    )
    with serving(home):
        for folder in (home.runtime, *home.runtime.parents):
            if stat.S_IMODE(folder.stat().st_mode) & 0o005 != 0o005:
                folder.chmod(0o755)
        home.socket.chmod(0o666)
        done = subprocess.run(
            [sys.executable, "-c", script, str(home.socket)],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert done.stdout == "b''\n"
        assert ask(Request("still", ("there",)), paths=home).text == "still there"


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    paths = Paths(config=tmp_path, state=tmp_path, runtime=tmp_path / "file" / "run")
    with pytest.raises(Unavailable, match="cannot be used"):
        claim(paths)


def test_a_path_longer_than_a_socket_address_works(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    home = Paths(config=deep, state=deep, runtime=deep / "run")
    assert len(str(home.socket)) > MAX_PATH
    with serving(home):
        assert ask(Request("why"), paths=home).text == "why"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"GET / HTTP/1.1\r\n", "not a line of JSON"),
        (b"\x00\xff\xfe\n", "not a line of JSON"),
        (b'{"type": "Reply"}\n', "type: "),
        (b'{"type": "Request", "verb": 3}\n', "verb: expected text"),
        (b"[" * 60_000 + b"\n", "deep"),
        (b"x" * (MAX_REQUEST + 1), "longer than 64 KiB"),
        (b"x" * (20 * MAX_REQUEST) + b"\n", "longer than 64 KiB"),
    ],
)
def test_garbage_is_answered_with_a_sentence_and_the_channel_lives_on(home: Paths, line: bytes, sentence: str) -> None:
    with serving(home):
        reply = raw(home, line)
        assert reply.code == 2
        assert sentence in reply.text
        assert ask(Request("why"), paths=home).code == 0


def test_a_request_may_come_in_pieces_and_end_with_the_stream(home: Paths) -> None:
    with serving(home), connected(home) as channel:
        for piece in (b'{"type": "Req', b'uest", "verb', b'": "why"}'):
            channel.sendall(piece)
        channel.shutdown(socket.SHUT_WR)
        assert json.loads(heard(channel))["text"] == "why"


def test_who_says_nothing_is_sent_away_when_the_time_is_up(home: Paths) -> None:
    with serving(home, time_limit=timedelta(milliseconds=200)):
        with connected(home) as silent:
            assert json.loads(heard(silent))["code"] == 2
        with connected(home) as half:
            half.sendall(b'{"type":')
            assert "within" in json.loads(heard(half))["text"]


def test_more_clients_than_the_limit_wait_for_their_turn(home: Paths) -> None:
    with serving(home, time_limit=timedelta(milliseconds=500)), contextlib.ExitStack() as open_ones:
        for _number in range(MAX_CLIENTS):
            open_ones.enter_context(connected(home))
        assert ask(Request("why"), paths=home).text == "why"


def test_a_client_that_leaves_early_harms_nobody(home: Paths) -> None:
    with serving(home, lambda _request: Reply(0, "x" * 2_000_000)):
        for _number in range(3):
            with connected(home) as channel:
                channel.sendall(b'{"type": "Request", "verb": "why"}\n')
                channel.recv(10)
        assert len(ask(Request("why"), paths=home).text) == 2_000_000


def test_errors_of_the_handler_become_exit_codes(home: Paths, caplog: pytest.LogCaptureFixture) -> None:
    errors: dict[str, Exception] = {
        "pause": UserError("“soon” is no length of time."),
        "snooze": Unavailable("Nothing is due."),
        "why": RuntimeError("a bug"),
    }

    def handle(request: Request) -> Reply:
        raise errors[request.verb]

    with serving(home, handle):
        assert ask(Request("pause"), paths=home) == Reply(2, "“soon” is no length of time.")
        assert ask(Request("snooze"), paths=home) == Reply(1, "Nothing is due.")
        assert ask(Request("why"), paths=home).code == 1
    assert "a bug" in caplog.text


def test_a_coach_that_does_not_answer_is_told_as_such(home: Paths) -> None:
    asked = threading.Event()

    def handle(_request: Request) -> Reply:
        asked.wait(10)
        return Reply(0, "")

    with serving(home, handle):
        with pytest.raises(Unavailable, match="does not answer") as caught:
            ask(Request("why"), timeout=timedelta(milliseconds=200), paths=home)
        assert not isinstance(caught.value, NotRunning)
        asked.set()


def test_a_newer_request_is_told_to_restart_the_coach_but_may_quit_it(home: Paths) -> None:
    newer = {"type": "Request", "verb": "why", "words": [], "protocol": PROTOCOL + 1, "mood": "new"}
    with serving(home):
        reply = raw(home, json.dumps(newer).encode() + b"\n")
        assert reply.code == 1
        assert "running coach is older" in reply.text
        assert raw(home, json.dumps({**newer, "verb": "quit"}).encode() + b"\n").text == "quit"
        older = {**newer, "protocol": PROTOCOL - 1}
        assert "belongs to another installation" in raw(home, json.dumps(older).encode() + b"\n").text


@pytest.mark.parametrize(
    ("protocol", "sentence"), [(PROTOCOL - 1, "Restart it"), (PROTOCOL + 1, "another installation")]
)
def test_a_reply_of_another_version_is_told_as_such(home: Paths, protocol: int, sentence: str) -> None:
    with serving(home, lambda _request: Reply(0, "fine", protocol=protocol)):
        reply = ask(Request("why"), paths=home)
        assert (reply.code, reply.protocol) == (1, protocol)
        assert sentence in reply.text
        assert ask(Request("quit"), paths=home).text == "fine"


@pytest.mark.parametrize("answer", [b"", b"what?\n", b'{"type": "Reply"}\n', b"[" * 100_000 + b"\n"])
def test_an_answer_that_cannot_be_read_is_told_as_such(home: Paths, answer: bytes) -> None:
    with claim(home) as mine, mine.listen() as listener:

        def talk() -> None:
            channel, _address = listener.accept()
            with channel:
                channel.recv(1000)
                channel.sendall(answer)

        odd = threading.Thread(target=talk)
        odd.start()
        with pytest.raises(Unavailable):
            ask(Request("why"), paths=home)
        odd.join()


def test_a_released_claim_can_be_taken_again(home: Paths) -> None:
    first = claim(home)
    first.release()
    first.release()
    with claim(home):
        pass


def test_closing_a_server_that_never_started_frees_the_socket(home: Paths) -> None:
    with claim(home) as mine:
        Server(mine, lambda _request: Reply(0, "")).close()
        with pytest.raises(NotRunning):
            ask(Request("why"), paths=home)
