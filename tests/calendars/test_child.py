"""The process that reads calendars, from the daemon's end: at work, and when it fails in every way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.calendars.writing import FILES, calendar, event
from traycoach import clock
from traycoach.calendars import Reading, child
from traycoach.calendars.child import ChildReader, default_command
from traycoach.errors import Unavailable
from traycoach.wire import encode

SECOND = timedelta(seconds=1)


def script(text: str) -> Callable[[], list[str]]:
    return lambda: [sys.executable, "-c", "import os, signal, sys\n" + text]


def refused(text: str, limit: timedelta = 20 * SECOND) -> str:
    with pytest.raises(Unavailable) as raised:
        ChildReader(script(text), limit).read(["/nowhere"])
    return raised.value.reason


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_calendar_is_read_in_another_process(tmp_path: Path) -> None:
    now = clock.now().wall
    start = (now + timedelta(hours=1)).strftime("%Y%m%dT%H%M%S")
    path = tmp_path / "a.ics"
    path.write_text(calendar(event(f"DTSTART:{start}", "DURATION:PT30M"), event("DTSTART:soon", uid="two")))

    reading = ChildReader().read([str(path), str(tmp_path / "gone.ics")])

    assert [round((one.starts_at - now) / SECOND / 60) for one in reading.meetings] == [60]
    assert [trouble.file for trouble in reading.troubles] == ["gone.ics", "a.ics"]
    assert reading.calendars == 1


def loaded(statement: str) -> set[str]:
    command = [sys.executable, "-c", f"import sys, {statement}; print(*sys.modules)"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=FILES.parents[2])
    return set(said.stdout.split())


def test_daemon_does_not_load_what_reads_calendars() -> None:
    heavy = {"dateutil", "tzlocal.windows_tz", "traycoach.calendars.reading", "traycoach.calendars.faults", "asyncio"}

    assert not heavy & loaded("traycoach.calendars.watch, traycoach.calendars.child")
    assert "traycoach.calendars" not in loaded("traycoach.guards.meeting")


def test_process_that_says_nothing_or_nonsense_is_refused() -> None:
    silent = refused("")

    assert silent == "The reading of calendars ended without an answer."
    assert refused("print('Traceback: secret')") == silent
    assert refused("sys.exit(1)") == silent
    assert refused("os.abort()") == silent
    assert refused("print('{}')") == silent


def test_process_that_hangs_is_ended() -> None:
    reason = refused("print('{', flush=True)\nsignal.pause()", SECOND / 2)

    assert reason == "The reading of calendars took too long and was ended."


def test_process_that_does_not_end_though_it_has_answered_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_GOES_WITHIN_S", 0.2)
    now = clock.now().wall
    answer = encode(Reading(now, now, 1))
    text = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\nprint({answer!r}, flush=True)\nos.close(1)\n"

    assert ChildReader(script(text + "signal.pause()")).read([]).calendars == 1
    assert gone(int((tmp_path / "pid").read_text()))


def test_process_that_says_too_much_is_ended() -> None:
    assert refused("while True: print('x' * 65536)") == "The reading of calendars said too much and was ended."


def test_program_that_is_not_there_is_refused() -> None:
    with pytest.raises(Unavailable, match="could not be started: No such file"):
        ChildReader(lambda: ["/nowhere/python"]).read([])


def test_reading_that_is_cancelled_ends_at_once_and_none_begins_after_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "begun")
    reader = ChildReader(script(f"open({str(tmp_path / 'begun')!r}, 'w').close()\nsignal.pause()"))
    reasons: list[str] = []

    def read() -> None:
        with pytest.raises(Unavailable) as raised:
            reader.read([])
        reasons.append(raised.value.reason)

    thread = threading.Thread(target=read)
    thread.start()
    (tmp_path / "begun").read_text()  # returns when the process has come so far
    reader.cancel()
    thread.join(20)
    read()

    assert not thread.is_alive()
    assert reasons == ["The reading of calendars ended without an answer.", "The reading of calendars was ended."]


# --- the process itself -----------------------------------------------------------------------------------------------


def run(*words: str, prelude: str = "") -> subprocess.CompletedProcess[str]:
    command = default_command()
    if prelude:
        command = [
            sys.executable,
            "-c",
            f"{prelude}\nfrom traycoach.calendars.__main__ import main; sys.exit(main(sys.argv[1:]))",
        ]
    return subprocess.run(
        [*command, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=FILES.parents[2],
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(FILES.parents[2])},
    )


def test_process_prints_one_line_of_json() -> None:
    said = run(str(FILES / "google.ics"))

    assert (said.returncode, said.stderr, said.stdout.count("\n")) == (0, "", 1)
    assert json.loads(said.stdout)["calendars"] == 1


def test_process_without_paths_says_how_it_is_used() -> None:
    said = run()

    assert (said.returncode, said.stdout) == (2, "")


def test_bug_is_told_by_its_place_and_nothing_of_the_calendar() -> None:
    prelude = (
        "import sys, traycoach.calendars.reading as reading\n"
        "def bad(*_): raise RuntimeError('Secret summary')\n"
        "reading.components = bad"
    )
    said = run(str(FILES / "google.ics"), prelude=prelude)
    answer = json.loads(said.stdout)

    assert said.returncode == 1
    assert (answer["type"], answer["error"], answer["at"].partition(":")[0]) == ("Crash", "RuntimeError", "reading.py")
    assert "Secret" not in said.stdout + said.stderr


def test_bug_is_refused_by_the_daemon() -> None:
    assert refused('print(\'{"type": "Crash", "error": "X", "at": "y.py:1"}\')') == ("The reading of calendars failed.")


def test_memory_of_the_process_is_limited() -> None:
    prelude = (
        "import sys, traycoach.calendars.reading as reading\n"
        "def greedy(*_): return bytearray(2 * 1024 ** 3)\n"
        "reading.components = greedy"
    )
    answer = json.loads(run(str(FILES / "google.ics"), prelude=prelude).stdout)

    assert [trouble["fault"] for trouble in answer["troubles"]] == ["too-large"]
