"""Tones are played by a program of the desktop: only when wanted, one at a time, and never for long."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from bench.tones import FOLDER, TONES
from tests.ui.conftest import Until
from traycoach.core.routine import Moment
from traycoach.messages import Appearance
from traycoach.ui.theme import Theme
from traycoach.ui.tones import Tones

Players = Callable[..., None]


@pytest.fixture
def loud(application: QApplication) -> Theme:
    return Theme(Appearance("light", sounds=True))


@pytest.fixture
def players(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Players:
    """Put programs into a PATH of their own; each notes how it was called."""

    def put(name: str, body: str = "") -> None:
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "{name} $@" >> {tmp_path}/calls\n{body}\n')
        program.chmod(0o755)

    for tool in ("sh", "sleep", "timeout"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return put


def calls(tmp_path: Path) -> list[str]:
    file = tmp_path / "calls"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.parametrize(
    ("moment", "tone"), [(Moment.STEP_CAME, "came"), (Moment.STEP_BEGAN, "began"), (Moment.OVER, "over")]
)
def test_moment_has_its_tone(
    loud: Theme, players: Players, tmp_path: Path, until: Until, moment: Moment, tone: str
) -> None:
    players("pw-play")
    tones = Tones(loud)
    tones.tell(moment)
    until(lambda: calls(tmp_path) and not tones.playing)
    assert calls(tmp_path) == [f"pw-play {FOLDER / tone}.wav"]


def test_first_player_that_there_is_plays(loud: Theme, players: Players, tmp_path: Path, until: Until) -> None:
    players("aplay")
    players("paplay")
    tones = Tones(loud)
    tones.tell(Moment.OVER)
    until(lambda: calls(tmp_path) and not tones.playing)
    assert calls(tmp_path)[0].startswith("paplay ")


def test_tones_are_off_by_default(theme: Theme, players: Players, tmp_path: Path) -> None:
    players("pw-play")
    tones = Tones(theme)
    tones.tell(Moment.OVER)
    assert not tones.playing


def test_without_a_player_it_is_silent(loud: Theme, players: Players) -> None:
    tones = Tones(loud)
    tones.tell(Moment.OVER)
    assert not tones.playing


def test_moments_of_little_weight_are_silent(loud: Theme, players: Players) -> None:
    players("pw-play")
    tones = Tones(loud)
    for moment in (Moment.HALF, Moment.TEN_LEFT, Moment.STEP_ENDED):
        tones.tell(moment)
        assert not tones.playing


def test_never_two_at_a_time(loud: Theme, players: Players, tmp_path: Path, until: Until) -> None:
    players("pw-play", "exec sleep 0.3")
    tones = Tones(loud)
    tones.tell(Moment.STEP_CAME)
    tones.tell(Moment.OVER)
    until(lambda: not tones.playing)
    assert len(calls(tmp_path)) == 1
    tones.tell(Moment.OVER)
    until(lambda: len(calls(tmp_path)) == 2)
    until(lambda: not tones.playing)


def test_player_that_hangs_is_ended_with_all_it_started(
    loud: Theme, players: Players, tmp_path: Path, until: Until
) -> None:
    players("pw-play", f"echo $$ > {tmp_path}/pid; exec sleep 60")
    tones = Tones(loud, longest_ms=300)
    tones.tell(Moment.OVER)
    until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
    player = Path("/proc") / (tmp_path / "pid").read_text().strip()
    assert player.exists()
    until(lambda: not tones.playing)
    until(lambda: not player.exists())


@pytest.mark.parametrize("name", TONES)
def test_bundled_tone_is_small_short_soft_and_begins_and_ends_in_silence(name: str) -> None:
    file = FOLDER / f"{name}.wav"
    assert file.stat().st_size <= 20_000
    with wave.open(str(file)) as sound:
        frames = memoryview(sound.readframes(sound.getnframes())).cast("h")
        assert sound.getnframes() / sound.getframerate() <= 0.7
    assert max(map(abs, frames)) < 0.25 * 32767
    assert abs(frames[0]) < 50
    assert abs(frames[-1]) < 50
