"""Changes of calendars, told by the kernel."""

from __future__ import annotations

import select
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from traycoach.calendars import Folder
from traycoach.calendars.folders import FolderWatch

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TO_COME = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def watch() -> Iterator[FolderWatch]:
    own = FolderWatch()
    yield own
    own.close()


def told(watch: FolderWatch) -> bool:
    """Tell whether a change was told; inotify queues an event before the call that caused it returns."""
    handle = watch.fileno()
    assert handle is not None
    ready, _, _ = select.select([handle], [], [], 0)
    changed = watch.changed()
    assert ready or not changed
    return changed


def test_calendars_in_a_folder_are_followed_and_other_files_are_not(watch: FolderWatch, tmp_path: Path) -> None:
    watch.follow([Folder(str(tmp_path))], TO_COME)
    seen = []
    for name in ("a.ics", "a.ICS", "busy.ifb", "a.txt", ".a.ics", "a.ics.tmp"):
        (tmp_path / name).write_text("x")
        seen.append(told(watch))

    assert seen == [True, True, True, False, False, False]


def test_every_kind_of_change_counts(watch: FolderWatch, tmp_path: Path) -> None:
    calendar = tmp_path / "a.ics"
    calendar.write_text("x")
    (tmp_path / "new").write_text("x")
    watch.follow([Folder(str(tmp_path))], TO_COME)
    changes: list[Callable[[], object]] = [
        lambda: calendar.write_text("y"),
        lambda: (tmp_path / "new").replace(calendar),
        lambda: calendar.chmod(0o600),
        lambda: calendar.rename(tmp_path / "b.ics"),
        (tmp_path / "b.ics").unlink,
        (tmp_path / "team").mkdir,
        lambda: shutil.rmtree(tmp_path / "team"),
        lambda: (tmp_path / "link.ics").symlink_to("nowhere"),
    ]

    seen = []
    for change in changes:
        change()
        seen.append(told(watch))

    assert seen == [True] * len(changes)


def test_reading_a_calendar_is_no_change(watch: FolderWatch, tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text("x")
    watch.follow([Folder(str(tmp_path))], TO_COME)

    (tmp_path / "a.ics").read_text()
    list(tmp_path.iterdir())

    assert not told(watch)


def test_only_the_names_that_matter_are_followed(watch: FolderWatch, tmp_path: Path) -> None:
    watch.follow([Folder(str(tmp_path), ("work", "a.calendar"))], TO_COME)
    seen = []
    for name in ("a.calendar", "b.ics"):
        (tmp_path / name).write_text("x")
        seen.append(told(watch))
    (tmp_path / "work").mkdir()
    seen.append(told(watch))

    assert seen == [True, False, True]


def test_folder_with_two_names_is_followed_for_both(watch: FolderWatch, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    watch.follow([Folder(str(tmp_path / "link"), ("a.ics",)), Folder(str(tmp_path / "real"), ("b.ics",))], TO_COME)
    seen = []
    for name in ("a.ics", "b.ics", "c.ics"):
        (tmp_path / "real" / name).write_text("x")
        seen.append(told(watch))

    assert seen == [True, True, False]


def test_folder_that_goes_is_a_change(watch: FolderWatch, tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    folder.mkdir()
    watch.follow([Folder(str(folder))], TO_COME)

    folder.rmdir()

    assert told(watch)


def test_folder_that_is_followed_no_more_is_silent(watch: FolderWatch, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    watch.follow([Folder(str(one)), Folder(str(two))], TO_COME)
    watch.follow([Folder(str(two))], TO_COME)

    (one / "a.ics").write_text("x")
    first = told(watch)
    (two / "a.ics").write_text("x")

    assert (first, told(watch)) == (False, True)


def test_change_between_a_reading_and_the_watch_is_not_missed(watch: FolderWatch, tmp_path: Path) -> None:
    folders = [Folder(str(tmp_path)), Folder(str(tmp_path / "gone"))]

    assert watch.follow(folders, LONG_AGO)
    assert not watch.follow(folders, LONG_AGO), "it is followed by now"


def test_folder_that_did_not_change_is_not_read_twice(watch: FolderWatch, tmp_path: Path) -> None:
    assert not watch.follow([Folder(str(tmp_path)), Folder("/", ("nothing",))], TO_COME)


def test_closed_watch_is_silent(watch: FolderWatch, tmp_path: Path) -> None:
    watch.follow([Folder(str(tmp_path))], TO_COME)
    watch.close()
    watch.close()

    assert (watch.fileno(), watch.changed(), watch.follow([Folder(str(tmp_path))], LONG_AGO)) == (None, False, False)
