"""The file watch, on the real file system. A test waits for the call itself, never for a time to pass."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from traycoach.settings.files import write_text
from traycoach.settings.watch import Watcher

WITHIN_S = 1.0


class Calls:
    """Counts calls; `come()` waits for the next one and fails if it is later than the promised second."""

    def __init__(self) -> None:
        self._next = threading.Semaphore(0)
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        self._next.release()

    def come(self) -> None:
        assert self._next.acquire(timeout=WITHIN_S), "no change was told within a second"

    def stay_away(self) -> None:
        assert not self._next.acquire(timeout=0.6), "a change was told that was none"


Watching = Callable[[Path], Calls]


@pytest.fixture
def watching() -> Iterator[Watching]:
    watchers: list[Watcher] = []

    def start(path: Path) -> Calls:
        calls = Calls()
        watchers.append(Watcher(path, calls))
        return calls

    yield start
    for watcher in watchers:
        watcher.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "traycoach.toml"
    path.parent.mkdir()
    path.write_text("version = 1\n")
    return path


def test_file_written_in_place_is_told(file: Path, watching: Watching) -> None:
    calls = watching(file)
    file.write_text("version = 1\n# more\n")
    calls.come()


def test_each_of_several_edits_is_told(file: Path, watching: Watching) -> None:
    calls = watching(file)
    for number in range(3):
        file.write_text(f"version = 1\n# {number}\n")
        calls.come()


def test_several_writes_of_one_save_are_one_change(file: Path, watching: Watching) -> None:
    calls = watching(file)
    for number in range(20):
        file.write_text(f"version = 1\n# {number}\n")
    calls.come()
    calls.stay_away()


def test_editor_that_renames_over_the_file_is_told_each_time(file: Path, watching: Watching) -> None:
    calls = watching(file)
    for number in range(3):
        write_text(file, f"version = 1\n# {number}\n")
        calls.come()


def test_editor_that_keeps_a_backup_and_writes_anew_is_told(file: Path, watching: Watching) -> None:
    calls = watching(file)
    file.rename(file.with_name("traycoach.toml~"))
    file.write_text("version = 1\n# vi\n")
    calls.come()


def test_file_made_later_is_told(tmp_path: Path, watching: Watching) -> None:
    file = tmp_path / "traycoach.toml"
    calls = watching(file)
    file.write_text("version = 1\n")
    calls.come()


def test_folders_made_later_are_followed(tmp_path: Path, watching: Watching) -> None:
    file = tmp_path / "one" / "two" / "traycoach.toml"
    calls = watching(file)
    file.parent.mkdir(parents=True)
    file.write_text("version = 1\n")
    calls.come()
    file.write_text("version = 1\n# again\n")
    calls.come()


def test_deletion_and_return_are_told(file: Path, watching: Watching) -> None:
    calls = watching(file)
    file.unlink()
    calls.come()
    file.write_text("version = 1\n")
    calls.come()


def test_folder_deleted_and_made_again_is_followed(file: Path, watching: Watching) -> None:
    calls = watching(file)
    file.unlink()
    file.parent.rmdir()
    calls.come()
    file.parent.mkdir()
    file.write_text("version = 1\n")
    calls.come()
    file.write_text("version = 1\n# again\n")
    calls.come()


def test_folder_renamed_away_and_another_in_its_place_is_followed(file: Path, watching: Watching) -> None:
    calls = watching(file)
    file.parent.rename(file.parent.with_name("old"))
    calls.come()
    other = file.parent.with_name("new")
    other.mkdir()
    (other / file.name).write_text("version = 1\n# other\n")
    other.rename(file.parent)
    calls.come()
    file.write_text("version = 1\n# again\n")
    calls.come()


def test_file_behind_a_link_is_watched(file: Path, tmp_path: Path, watching: Watching) -> None:
    link = tmp_path / "home" / "traycoach.toml"
    link.parent.mkdir()
    link.symlink_to(os.path.relpath(file, link.parent))
    calls = watching(link)
    file.write_text("version = 1\n# behind\n")
    calls.come()
    other = tmp_path / "other.toml"
    other.write_text("version = 1\n# other\n")
    link.unlink()
    link.symlink_to(other)
    calls.come()
    other.write_text("version = 1\n# other again\n")
    calls.come()


def test_folder_that_is_a_link_and_led_elsewhere_is_followed(file: Path, tmp_path: Path, watching: Watching) -> None:
    folder = tmp_path / "linked"
    folder.symlink_to(file.parent, target_is_directory=True)
    calls = watching(folder / file.name)
    other = tmp_path / "other"
    other.mkdir()
    (other / file.name).write_text("version = 1\n# other\n")
    folder.unlink()
    folder.symlink_to(other, target_is_directory=True)
    calls.come()
    (other / file.name).write_text("version = 1\n# other again\n")
    calls.come()


def test_permission_given_back_is_told(file: Path, watching: Watching) -> None:
    file.chmod(0o000)
    calls = watching(file)
    file.chmod(0o600)
    calls.come()


def test_other_files_of_the_folder_are_not_told(file: Path, watching: Watching) -> None:
    calls = watching(file)
    file.with_name("traycoach.toml.good").write_text("version = 1\n")
    file.with_name("notes.txt").write_text("hello")
    calls.stay_away()


def test_failure_of_the_one_told_does_not_end_the_watch(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    calls = Calls()

    def fail() -> None:
        calls()
        raise ZeroDivisionError

    watcher = Watcher(file, fail)
    try:
        file.write_text("version = 1\n# one\n")
        calls.come()
        file.write_text("version = 1\n# two\n")
        calls.come()
    finally:
        watcher.close()
    assert "telling of changed settings failed" in caplog.text


def open_handles() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def test_closing_ends_the_thread_and_frees_what_it_held(file: Path) -> None:
    open_before = open_handles()
    threads_before = threading.active_count()
    watcher = Watcher(file, lambda: None)
    watcher.close()
    watcher.close()
    assert threading.active_count() == threads_before
    assert open_handles() == open_before
