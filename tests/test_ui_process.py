"""The parent end of the window process, with real small children that behave, hang, crash and lie."""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from traycoach import messages as m
from traycoach.core.actions import Prompt
from traycoach.core.rules import Look
from traycoach.ui_process import Limits, UiProcess
from traycoach.ui_process.child import child_environ, python_path
from traycoach.ui_process.watch import Watch

MS = timedelta(milliseconds=1)
QUICK = Limits(
    ready=20_000 * MS,
    paint=20_000 * MS,
    heartbeat=400 * MS,
    leave=300 * MS,
    backoff=(50 * MS, 100 * MS),
    rest=400 * MS,
)

PREAMBLE = """
import json, os, signal, sys

def say(kind, **fields):
    print(json.dumps({"type": kind, **fields}), flush=True)

def hear():
    line = sys.stdin.readline()
    return json.loads(line) if line else None

def prompt_of(message):
    return message["prompt"]["id"]

"""
GOOD = """
say("WindowsReady", protocol=1)
while message := hear():
    if message["type"] == "ShowPromptWindow":
        say("PromptOnScreen", prompt=prompt_of(message))
    elif message["type"] == "PauseRoutineWindow":
        say("WindowTrouble", what=message["reason"] + " " + str(os.getpid()))
    elif message["type"] == "SetAppearance":
        say("WindowTrouble", what="theme " + message["appearance"]["theme"])
    elif message["type"] == "WithdrawPromptWindow":
        sys.exit(0)
"""


def prompt(number: int = 1, look: Look = Look.CARD) -> m.ShowPromptWindow:
    return m.ShowPromptWindow(Prompt(number, "stand", look, "Up?", "", timedelta(minutes=30)), None)


class Parent:
    """A `UiProcess` whose calls can be waited for."""

    def __init__(self, script: str, limits: Limits = QUICK) -> None:
        self.calls: queue.Queue[object] = queue.Queue()
        self.windows = UiProcess(
            self.calls.put,
            lambda: self.calls.put("lost"),
            lambda: self.calls.put("failing"),
            command=[sys.executable, "-c", PREAMBLE + script],
            limits=limits,
        )

    def next(self) -> object:
        return self.calls.get(timeout=20)

    def next_trouble(self) -> str:
        while not isinstance(call := self.next(), m.WindowTrouble):
            pass
        return call.what

    def quiet(self) -> bool:
        with suppress(queue.Empty):
            self.calls.get(timeout=0.3)
            return False
        return True


@pytest.fixture
def parent() -> Iterator[Callable[..., Parent]]:
    made: list[Parent] = []

    def make(script: str, limits: Limits = QUICK) -> Parent:
        made.append(Parent(script, limits))
        return made[-1]

    yield make
    for one in made:
        one.windows.stop()


def test_the_process_starts_with_the_first_message_and_answers(parent: Callable[..., Parent]) -> None:
    own = parent(GOOD)
    assert own.quiet()
    assert own.windows.send(prompt(7))
    assert own.next() == m.WindowsReady(1)
    assert own.next() == m.PromptOnScreen(7)


def test_warming_starts_it_before_anything_is_shown(parent: Callable[..., Parent]) -> None:
    own = parent(GOOD)
    own.windows.warm()
    assert own.next() == m.WindowsReady(1)
    own.windows.send(m.PauseRoutineWindow("hello"))
    assert own.next_trouble().startswith("hello")


def test_the_last_look_comes_first_in_every_process(parent: Callable[..., Parent]) -> None:
    own = parent(GOOD)
    assert own.windows.send(m.SetAppearance(m.Appearance("light")))
    assert own.windows.send(m.SetAppearance(m.Appearance("dark")))
    assert own.quiet(), "a look alone starts nothing"
    for _process in range(2):
        own.windows.send(m.PauseRoutineWindow("now"))
        assert own.next_trouble() == "theme dark"
        assert own.next_trouble().startswith("now")
        own.windows.send(m.WithdrawPromptWindow(1))
        assert own.quiet()


def test_a_killed_process_is_told_as_lost_and_started_again_on_need(parent: Callable[..., Parent]) -> None:
    own = parent(GOOD)
    own.windows.send(m.PauseRoutineWindow("first"))
    pid = int(own.next_trouble().split()[1])
    own.windows.send(prompt())
    assert own.next() == m.PromptOnScreen(1)
    os.kill(pid, signal.SIGKILL)
    assert own.next() == "lost"
    assert own.quiet(), "nothing is started until it is needed"
    own.windows.send(m.PauseRoutineWindow("second"))
    assert int(own.next_trouble().split()[1]) != pid


def test_a_process_that_leaves_when_nothing_is_open_is_no_loss(parent: Callable[..., Parent]) -> None:
    own = parent(GOOD)
    own.windows.warm()
    assert own.next() == m.WindowsReady(1)
    own.windows.send(m.WithdrawPromptWindow(3))
    assert own.quiet()


def test_three_failures_in_a_row_are_told_and_after_a_rest_it_is_tried_again(parent: Callable[..., Parent]) -> None:
    own = parent("sys.exit(3)")
    for _attempt in range(2):
        assert own.windows.send(prompt())
        assert own.next() == "lost"
    assert own.windows.send(prompt())
    assert own.next() == "failing"
    assert own.next() == "lost"
    assert own.windows.is_failing
    assert not own.windows.send(prompt())
    assert not own.windows.warm()
    pause = threading.Event()
    while not own.windows.send(prompt()):
        pause.wait(0.05)
    assert own.next() == "lost"


def test_a_process_that_crashes_while_painting_counts_as_failing(parent: Callable[..., Parent]) -> None:
    own = parent('say("WindowsReady", protocol=1); hear(); say("PromptOnScreen", prompt=1); sys.exit(139)')
    seen: list[object] = []
    while "failing" not in seen:
        if not seen or seen[-1] == "lost":
            assert own.windows.send(prompt())
        seen.append(own.next())
    assert seen.count("lost") == 2


def test_a_process_that_leaves_at_once_with_a_prompt_open_does_not_spin(parent: Callable[..., Parent]) -> None:
    own = parent('say("WindowsReady", protocol=1); hear(); sys.exit(0)')
    seen: list[object] = []
    while "failing" not in seen:
        if not seen or seen[-1] == "lost":
            assert own.windows.send(prompt())
        seen.append(own.next())
    assert seen.count("lost") == 2


def test_an_answer_of_the_user_ends_a_row_of_failures(parent: Callable[..., Parent], tmp_path: Path) -> None:
    own = parent(f"""
mark = {str(tmp_path / "count")!r}
count = os.path.getsize(mark) if os.path.exists(mark) else 0
open(mark, "a").write("x")
hear()
if count == 2:
    say("PromptReply", prompt=1, answer="skip", snooze_for=None)
sys.exit(1)
""")
    for _process in range(5):
        assert own.windows.send(prompt())
        while own.next() != "lost":
            pass
    assert not own.windows.is_failing


def test_a_command_that_does_not_exist_is_a_failure_like_any_other(tmp_path: Path) -> None:
    calls: queue.Queue[str] = queue.Queue()
    windows = UiProcess(
        lambda _message: None,
        lambda: calls.put("lost"),
        lambda: calls.put("failing"),
        [str(tmp_path / "no such program")],
        QUICK,
    )
    for _attempt in range(3):
        windows.send(prompt())
        first = calls.get(timeout=20)
    assert first == "failing"
    windows.stop()


def test_a_prompt_that_is_never_painted_is_torn_down(parent: Callable[..., Parent]) -> None:
    own = parent('say("WindowsReady", protocol=1)\nwhile hear(): pass', replace(QUICK, paint=200 * MS))
    own.windows.send(prompt())
    assert own.next() == m.WindowsReady(1)
    assert own.next() == "lost"


def test_a_process_that_never_gets_ready_is_ended(parent: Callable[..., Parent]) -> None:
    own = parent("while hear(): pass", replace(QUICK, ready=200 * MS))
    own.windows.warm()
    assert own.next() == "lost"


BEATING = """
import threading
say("WindowsReady", protocol=1)
message = hear()
say("PromptOnScreen", prompt=prompt_of(message))
wait = threading.Event()
for _beat in range(BEATS):
    wait.wait(0.1)
    say("Heartbeat")
if BLOCK:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wait.wait()
hear()
"""


def test_an_overlay_that_stops_beating_is_killed(parent: Callable[..., Parent]) -> None:
    own = parent(BEATING.replace("BEATS", "3").replace("BLOCK", "True"))
    own.windows.send(prompt(1, Look.OVERLAY))
    seen: list[object] = []
    while "lost" not in seen:
        seen.append(own.next())
    assert seen.count(m.Heartbeat()) == 3


def test_a_card_needs_no_heartbeat_and_an_overlay_that_beats_stays(parent: Callable[..., Parent]) -> None:
    card = parent(BEATING.replace("BEATS", "0").replace("BLOCK", "False"))
    card.windows.send(prompt(1, Look.CARD))
    assert [card.next(), card.next()] == [m.WindowsReady(1), m.PromptOnScreen(1)]
    overlay = parent(BEATING.replace("BEATS", "8").replace("BLOCK", "False"))
    overlay.windows.send(prompt(1, Look.OVERLAY))
    assert [overlay.next() for _call in range(10)][-1] == m.Heartbeat()
    assert card.quiet()


def test_a_child_that_does_not_read_never_blocks_its_parent(parent: Callable[..., Parent]) -> None:
    own = parent('say("WindowsReady", protocol=1); signal.pause()')
    own.windows.warm()
    assert own.next() == m.WindowsReady(1)
    big = m.PauseRoutineWindow("x" * 2_000_000)
    for _number in range(12):
        own.windows.send(big)
    assert own.next() == "lost"


def test_large_messages_arrive_whole_and_in_order(parent: Callable[..., Parent]) -> None:
    own = parent("""
say("WindowsReady", protocol=1)
while message := hear():
    say("WindowTrouble", what=str(len(message["reason"])) + message["reason"][:500000])
""")
    for length in (3_000_000, 5, 1_000_000):
        own.windows.send(m.PauseRoutineWindow("y" * length))
    assert own.next() == m.WindowsReady(1)
    for length in (3_000_000, 5, 1_000_000):
        assert own.next() == m.WindowTrouble(str(length) + "y" * min(length, 500_000))


def test_lines_that_are_not_understood_are_passed_over(
    parent: Callable[..., Parent], caplog: pytest.LogCaptureFixture
) -> None:
    own = parent("""
sys.stdout.buffer.write(b"qt.qpa: some warning\\n\\xff\\xfe\\n[]\\n")
say("Nothing")
say("WindowsReady", protocol=1)
hear()
""")
    own.windows.warm()
    assert own.next() == m.WindowsReady(1)
    assert caplog.text.count("was not understood") == 4
    assert "qt.qpa" not in caplog.text


def test_a_line_without_end_is_not_kept_in_memory(parent: Callable[..., Parent]) -> None:
    own = parent("""
say("WindowsReady", protocol=1)
while True:
    sys.stdout.write("x" * 100_000)
""")
    own.windows.warm()
    assert own.next() == m.WindowsReady(1)
    assert own.next() == "lost"


def test_windows_of_another_version_are_not_used(parent: Callable[..., Parent]) -> None:
    own = parent('say("WindowsReady", protocol=99); hear()')
    own.windows.send(prompt())
    assert [own.next(), own.next()] == ["failing", "lost"]
    assert own.windows.is_failing


def test_last_words_before_the_exit_are_heard(parent: Callable[..., Parent]) -> None:
    own = parent("""
say("WindowsReady", protocol=1)
hear()
say("PromptReply", prompt=1, answer="skip", snooze_for=None)
sys.exit(0)
""")
    own.windows.send(prompt())
    assert own.next() == m.WindowsReady(1)
    assert isinstance(own.next(), m.PromptReply)
    assert own.quiet(), "it answered and left: nothing is lost"


def ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("stubborn", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_stopping_ends_a_child_by_its_input_then_by_signals(parent: Callable[..., Parent], stubborn: str) -> None:
    own = parent(f"""
{stubborn}
say("WindowTrouble", what=str(os.getpid()))
while True:
    signal.pause()
""")
    own.windows.warm()
    pid = int(own.next_trouble())
    own.windows.stop()
    assert ended(pid)
    assert own.quiet(), "a stop that was asked for is no loss"


def test_a_good_child_leaves_by_itself(parent: Callable[..., Parent], tmp_path: Path) -> None:
    mark = tmp_path / "how"
    own = parent(f"""
say("WindowsReady", protocol=1)
last = None
while message := hear():
    last = message["type"]
open({str(mark)!r}, "w").write(last)
""")
    own.windows.warm()
    assert own.next() == m.WindowsReady(1)
    own.windows.stop()
    assert mark.read_text() == "Leave"
    assert not own.windows.send(prompt())


def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import sys, threading
from traycoach.ui_process import UiProcess
windows = UiProcess(lambda message: print(message.what, flush=True), lambda: None,
    command=[sys.executable, "-c", '''
import json, os, sys
print(json.dumps({{"type": "WindowTrouble", "what": str(os.getpid())}}), flush=True)
sys.stdin.read()
open({str(tmp_path / "left")!r}, "w").close()
'''])
windows.warm()
threading.Event().wait()
"""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environ)
    assert child.stdout is not None
    grandchild = os.pidfd_open(int(child.stdout.readline()))
    child.kill()
    child.wait()
    poll = select.poll()
    poll.register(grandchild)
    assert poll.poll(10_000)
    os.close(grandchild)
    child.stdout.close()


def test_a_callback_that_fails_does_not_end_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    calls: queue.Queue[object] = queue.Queue()

    def receive(message: object) -> None:
        calls.put(message)
        if message == m.WindowsReady(1):
            raise RuntimeError("a bug")

    windows = UiProcess(receive, lambda: None, command=[sys.executable, "-c", PREAMBLE + GOOD], limits=QUICK)
    windows.send(prompt(2))
    assert [calls.get(timeout=20), calls.get(timeout=20)] == [m.WindowsReady(1), m.PromptOnScreen(2)]
    windows.stop()
    assert "a bug" in caplog.text


def test_the_token_of_the_click_reaches_a_new_process_and_no_older_one(
    parent: Callable[..., Parent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "of-the-login")
    own = parent("""
say("WindowTrouble", what=os.environ.get("XDG_ACTIVATION_TOKEN", "none"))
hear()
sys.exit(0)
""")
    own.windows.send(m.OpenRoutineWindow("hips", "Hips", (), {}, activation_token="of-this-click"))
    assert own.next_trouble() == "of-this-click"
    while own.next() != "lost":
        pass
    own.windows.send(m.PauseRoutineWindow(""))
    assert own.next_trouble() == "none"


@pytest.mark.parametrize(
    ("environ", "platform"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland;xcb"}, "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, None),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "wayland"}, "wayland"),
        ({}, None),
    ],
)
def test_qt_is_told_to_use_x11_where_that_is_the_display(environ: dict[str, str], platform: str | None) -> None:
    assert child_environ(environ, "").get("QT_QPA_PLATFORM") == platform


def test_a_checkout_is_found_by_its_children_and_an_installation_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    root = str(Path(__file__).parents[1])
    monkeypatch.setattr(sys, "path", [root, "/usr/lib/python3"])
    assert python_path({"PYTHONPATH": "/other"}) == {"PYTHONPATH": f"{root}:/other"}
    monkeypatch.setattr(sys, "path", ["", "/usr/lib/python3", root])
    assert python_path({"PYTHONPATH": "/other"}) == {}


def test_a_machine_that_slept_excuses_the_child_for_so_long() -> None:
    watch = Watch(QUICK, timedelta(0))
    watch.sent(prompt(1, Look.OVERLAY), timedelta(0))
    watch.heard(m.WindowsReady(1), 10 * MS)
    assert watch.deadline() == 10 * MS + QUICK.paint
    watch.forgive(timedelta(hours=8))
    assert watch.deadline() == timedelta(hours=8, milliseconds=10) + QUICK.paint
