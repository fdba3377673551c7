"""The log file: small, the owner's, and it hears of every uncaught error."""

from __future__ import annotations

import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from traycoach import log


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    level, loud = logging.getLogger().level, logging.raiseExceptions
    yield tmp_path / "state" / "traycoach.log"
    log.stop()
    logging.getLogger().setLevel(level)
    logging.raiseExceptions = loud


def test_lines_reach_a_file_for_the_owner_only(path: Path) -> None:
    log.start(path)
    logging.getLogger("traycoach.some").info("%s rules", 3)
    assert "INFO traycoach.some [MainThread] 3 rules" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    log.start(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_never_grows_beyond_three_files_of_a_megabyte(path: Path) -> None:
    log.start(path)
    for _number in range(5000):
        logging.getLogger("traycoach.some").warning("x" * 1000)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["traycoach.log", "traycoach.log.1", "traycoach.log.2"]
    assert all(file.stat().st_size <= log.MAX_BYTES for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_details_are_logged_on_demand_only(path: Path) -> None:
    log.start(path)
    logging.getLogger("traycoach.some").debug("detail")
    assert "detail" not in path.read_text()
    log.stop()
    log.start(path, verbose=True)
    logging.getLogger("traycoach.some").debug("detail")
    assert "detail" in path.read_text()


def test_uncaught_errors_of_the_process_and_of_threads_are_logged(path: Path) -> None:
    log.start(path)

    def fail() -> None:
        raise RuntimeError("in the thread")

    thread = threading.Thread(target=fail, name="guards")
    thread.start()
    thread.join()
    error = LookupError("in the process")
    sys.excepthook(LookupError, error, None)
    text = path.read_text()
    assert "uncaught in thread guards" in text
    assert "RuntimeError: in the thread" in text
    assert "LookupError: in the process" in text
    assert "Traceback" in text


def test_the_home_folder_is_not_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    log.start(path)
    logging.getLogger("traycoach.some").info("read %s", "/home/someone/.config/traycoach/traycoach.toml")
    assert "read ~/.config/traycoach/traycoach.toml" in path.read_text()


def test_a_place_that_cannot_be_written_is_told_and_stops_nothing(
    tmp_path: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.parent.write_text("in the way")
    log.start(path)
    logging.getLogger("traycoach.some").info("still here")
    told = capsys.readouterr().err
    assert "cannot be written" in told
    assert "still here" in told
