"""The real window process over its real pipes: `python -m traycoach.ui`."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.process import LIMIT_S, WindowProcess
from tests.ui.samples import routine, showing, status
from traycoach.messages import (
    Appearance,
    CloseRoutineWindow,
    Leave,
    OpenRoutineWindow,
    PromptOnScreen,
    RoutineOnScreen,
    RoutineOver,
    SetAppearance,
    ShowStatus,
    WindowsReady,
    WindowTrouble,
    WithdrawPromptWindow,
)
from traycoach.wire import encode


@pytest.fixture
def process() -> Iterator[WindowProcess]:
    with WindowProcess({**os.environ, "QT_QPA_PLATFORM": "offscreen"}) as process:
        yield process


def test_start_brings_nothing_that_only_other_windows_need() -> None:
    program = """
import linecache, sys
from traycoach.ui.__main__ import start
start()
import traycoach.ui.windows
print(len(linecache.cache), "traycoach.ui.routines_window" in sys.modules, "traycoach.ui.status_window" in sys.modules)
"""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    sources, *others = said.stdout.split()
    assert int(sources) < 30, "PySide6's import hook has read the source of every module"
    assert others == ["False", "False"]


def test_process_is_ready_shows_a_prompt_and_leaves_when_told(process: WindowProcess) -> None:
    assert process.hear() == WindowsReady(1)
    process.say(SetAppearance(Appearance("dark", reduced_motion=True)))
    process.say(showing())
    assert process.hear() == PromptOnScreen(7)
    process.say(WithdrawPromptWindow(7))
    process.say(Leave())
    assert process.child.wait(LIMIT_S) == 0


def test_end_of_input_ends_the_process_in_the_middle_of_a_routine(process: WindowProcess) -> None:
    process.say(routine())
    process.hear_until(RoutineOnScreen)
    assert process.child.stdin is not None
    process.child.stdin.close()
    assert process.child.wait(LIMIT_S) == 0


def test_parent_that_stops_listening_ends_the_process(process: WindowProcess) -> None:
    process.hear()
    assert process.child.stdout is not None
    process.child.stdout.close()
    process.say(showing())
    assert process.child.wait(LIMIT_S) == 0


def test_messages_come_whole_however_the_pipe_cuts_them(process: WindowProcess) -> None:
    assert process.hear() == WindowsReady(1)
    data = encode(showing()).encode() + b"\n" + encode(WithdrawPromptWindow(7)).encode() + b"\n"
    for cut in (data[:10], data[10:5000], data[5000:-3], data[-3:]):
        process.write(cut)
    process.say(routine())
    assert process.hear_until(RoutineOnScreen) == RoutineOnScreen("hips-3")


def test_line_that_is_no_message_is_passed_over(process: WindowProcess) -> None:
    assert process.hear() == WindowsReady(1)
    process.write(b'nonsense\n\n{"type":"Boom"}\n')
    process.say(showing())
    assert process.hear() == PromptOnScreen(7)


def test_trouble_is_told_and_the_process_goes_on(process: WindowProcess) -> None:
    assert process.hear() == WindowsReady(1)
    process.say(OpenRoutineWindow("x", "Title", (), {}))
    assert isinstance(process.hear(), WindowTrouble)
    process.say(ShowStatus(status()))
    process.say(routine())
    process.hear_until(RoutineOnScreen)
    process.say(CloseRoutineWindow())
    assert process.hear_until(RoutineOver).steps == 4


def test_stray_prints_do_not_get_between_the_messages(tmp_path: Path) -> None:
    script = tmp_path / "stray.py"
    script.write_text(
        "import os, sys\n"
        "from traycoach.ui.pipes import take_over_streams\n"
        "_, output = take_over_streams()\n"
        "print('stray')\n"
        "os.system('echo stray from a child')\n"
        "os.write(output, b'message')\n"
    )
    said = subprocess.run([sys.executable, script], capture_output=True, check=True, cwd=Path.cwd())
    assert said.stdout == b"message"
    assert b"stray" in said.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent signal is Linux's")
def test_process_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import subprocess, sys\n"
        "command = [sys.executable, '-m', 'traycoach.ui']\n"
        "child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    handle = os.pidfd_open(pid)
    parent.kill()
    parent.wait()
    with selectors.DefaultSelector() as ended:
        ended.register(handle, selectors.EVENT_READ)
        assert ended.select(LIMIT_S), "the window process outlived its parent"
    os.close(handle)
    parent.stdin.close()
    parent.stdout.close()
