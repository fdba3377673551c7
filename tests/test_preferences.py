"""What was chosen in windows is remembered, and a spoilt file is no trouble."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from traycoach.messages import WindowPlace
from traycoach.preferences import Preferences


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "preferences.json"


def test_without_a_file_everything_is_standard_and_nothing_is_written(path: Path) -> None:
    preferences = Preferences(path)
    assert preferences.level("bridge") == "standard"
    assert preferences.routine_window is None
    assert not path.exists()


def test_choices_outlive_the_process(path: Path) -> None:
    preferences = Preferences(path)
    preferences.choose_level("bridge", "easier")
    preferences.choose_level("heel-raise", "harder")
    preferences.leave_window(WindowPlace(10, -20, 700, 800))
    again = Preferences(path)
    assert (again.level("bridge"), again.level("heel-raise"), again.level("neck-nod")) == (
        "easier",
        "harder",
        "standard",
    )
    assert again.routine_window == WindowPlace(10, -20, 700, 800)


def test_back_to_standard_is_not_kept(path: Path) -> None:
    preferences = Preferences(path)
    preferences.choose_level("bridge", "easier")
    preferences.choose_level("bridge", "standard")
    assert json.loads(path.read_text())["difficulty"] == {}


def test_file_is_the_users_alone(path: Path) -> None:
    Preferences(path).choose_level("bridge", "easier")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "\x00", '{"version": 99}', '{"version": 1, "difficulty": {"bridge": 3}}', "[" * 100_000],
)
def test_spoilt_file_is_forgotten_and_replaced_by_the_next_choice(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    preferences = Preferences(path)
    assert preferences.level("bridge") == "standard"
    preferences.choose_level("bridge", "harder")
    assert Preferences(path).level("bridge") == "harder"


def test_level_that_there_is_not_counts_as_standard(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 1, "difficulty": {"bridge": "hardest"}}')
    assert Preferences(path).level("bridge") == "standard"


def test_folder_that_cannot_be_written_to_keeps_the_choice_for_this_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    preferences = Preferences(tmp_path / "state" / "preferences.json")
    preferences.choose_level("bridge", "easier")
    assert preferences.level("bridge") == "easier"
    assert "could not be written" in caplog.text
