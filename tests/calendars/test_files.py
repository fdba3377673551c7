"""Which files are calendars, and which folders are watched for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from traycoach.calendars import Fault, Folder, Trouble, files
from traycoach.calendars.files import load, search


def make(path: Path, text: str = "BEGIN:VCALENDAR") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found(*paths: Path) -> tuple[list[str], list[Trouble], list[tuple[str, tuple[str, ...]]]]:
    search_ = search([str(path) for path in paths])
    return (
        [file.short for file in search_.files],
        search_.troubles,
        [(folder.path, folder.names) for folder in search_.watched()],
    )


def test_file_is_read_whatever_its_name_and_its_folder_watched_for_it(tmp_path: Path) -> None:
    work = make(tmp_path / "work.calendar")

    assert found(work) == (["work.calendar"], [], [(str(tmp_path), ("work.calendar",))])


def test_folder_is_read_with_all_below_but_hidden_and_other_files(tmp_path: Path) -> None:
    top = tmp_path / "calendars"
    for name in ("b.ics", "a.ICS", "team/c.ics", "team/deep/d.ifb", "team/note.txt", ".cache/e.ics", "team/.f.ics"):
        make(top / name)

    assert found(top) == (
        ["calendars/a.ICS", "calendars/b.ics", "calendars/team/c.ics", "calendars/team/deep/d.ifb"],
        [],
        [(str(top), ()), (str(top / "team"), ()), (str(top / "team" / "deep"), ())],
    )


def test_folder_that_is_named_itself_may_be_hidden(tmp_path: Path) -> None:
    make(tmp_path / ".calendars" / "a.ics")

    assert found(tmp_path / ".calendars")[0] == [".calendars/a.ics"]


def test_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    make(tmp_path / "a.ics")

    assert [file.path for file in search(["~/a.ics"]).files] == [str(tmp_path / "a.ics")]


def test_path_that_is_missing_is_named_and_watched_for_where_it_will_come(tmp_path: Path) -> None:
    missing = tmp_path / "not" / "yet" / "a.ics"

    assert found(missing) == ([], [Trouble(Fault.NOT_FOUND, "a.ics")], [(str(tmp_path), ("not",))])


def test_path_below_a_file_is_missing(tmp_path: Path) -> None:
    make(tmp_path / "a")

    assert found(tmp_path / "a" / "b.ics")[1:] == ([Trouble(Fault.NOT_FOUND, "b.ics")], [(str(tmp_path), ("a",))])


def test_folder_without_calendars_says_so(tmp_path: Path) -> None:
    assert found(tmp_path)[:2] == ([], [Trouble(Fault.NO_FILES, tmp_path.name)])


def test_links_are_followed_to_files_and_watched_at_both_ends(tmp_path: Path) -> None:
    real = make(tmp_path / "real" / "x.ics")
    link = tmp_path / "link.ics"
    link.symlink_to(real)
    relative = tmp_path / "folder" / "y.ics"
    relative.parent.mkdir()
    relative.symlink_to("../real/x.ics")

    assert found(link)[0::2] == (
        ["link.ics"],
        [(str(tmp_path), ("link.ics",)), (str(real.parent), ("x.ics",))],
    )
    assert found(relative.parent)[0::2] == (
        ["folder/y.ics"],
        [(str(relative.parent), ()), (str(real.parent), ("x.ics",))],
    )


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    top = tmp_path / "top"
    make(top / "sub" / "a.ics")
    (top / "sub" / "up").symlink_to(top)
    (top / "self").symlink_to("self")
    (top / "lost.ics").symlink_to("nowhere")

    names, troubles, _folders = found(top)

    assert (names, troubles) == (["top/lost.ics", "top/sub/a.ics"], [])
    assert load(str(top / "lost.ics")) is Fault.NOT_FOUND


def test_link_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ics").symlink_to("a.ics")

    assert found(tmp_path / "a.ics")[:2] == ([], [Trouble(Fault.NOT_READABLE, "a.ics")])


def test_limits_are_kept_and_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    for name in "abcd":
        make(tmp_path / "top" / f"{name}.ics")

    assert found(tmp_path / "top")[:2] == (["top/a.ics", "top/b.ics"], [Trouble(Fault.TOO_MANY, "top/c.ics")])


def test_folders_are_followed_down_to_a_limit(tmp_path: Path) -> None:
    deep = tmp_path / "0"
    make(deep.joinpath(*map(str, range(1, 12))) / "a.ics")

    names, troubles, folders = found(deep)

    assert (names, [trouble.fault for trouble in troubles]) == ([], [Fault.TOO_MANY])
    assert len(folders) == files.DEEPEST + 1


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.ics"
    with large.open("wb") as file:
        file.truncate(50_000_000)

    assert load(str(large)) is Fault.TOO_LARGE


def test_pipe_is_no_calendar_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ics")

    assert load(str(tmp_path / "pipe.ics")) is Fault.NOT_A_FILE
    assert load(str(tmp_path)) in (Fault.NOT_A_FILE, Fault.NOT_READABLE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = make(tmp_path / "a.ics")
    path.chmod(0)

    assert load(str(path)) is Fault.NOT_READABLE


def test_folder_that_is_named_and_holds_a_named_file_is_watched_whole(tmp_path: Path) -> None:
    work = make(tmp_path / "work.ics")

    assert search([str(work), str(tmp_path)]).watched() == (Folder(str(tmp_path)),)
