"""Every bundled exercise: its movement passes the checks of docs/figure.md, its text is complete and careful."""

from __future__ import annotations

import re

import pytest

from tests.figure.bundle import clips, exercises, presets
from traycoach.figure.check import check_clip
from traycoach.figure.clip import CLIP_KEYS, TEXT_KEYS, Clip, clip_names, parse_clip

CLIPS = list(clips().values())
each_clip = pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.id)

FORBIDDEN = re.compile(
    r"\b(cure[sd]?|fix(es|ed)?|heal(s|ed|ing)?|treat(s|ed|ment)?|guarantee|prevent|correct posture|bad posture|damage"
    r"|crumbling|wear and tear|put back in|detox|disc)\b",
    re.IGNORECASE,
)


@each_clip
def test_every_view_passes_the_checks(clip: Clip) -> None:
    mapping = exercises()[clip.id]
    for name in clip_names(mapping):
        view = parse_clip(mapping, presets(), name=name)
        found = check_clip(view, stretch="stretch" in mapping["goals"])
        assert [str(finding) for finding in found if not finding.is_warning] == []


@each_clip
def test_exercise_file_is_complete(clip: Clip) -> None:
    mapping = exercises()[clip.id]
    assert set(mapping) <= {*CLIP_KEYS, *TEXT_KEYS}
    assert {"summary", "how", "feel", "breathing", "mistake", "caution", "dose", "level", "sources"} <= set(mapping)
    assert len(mapping["how"]) <= 140
    assert mapping["level"] in (1, 2, 3)
    assert mapping["dose"].get("each_side", False) == (clip.sides == "right-left")
    assert any(move.cue for move in clip.moves)


@each_clip
def test_texts_promise_no_cure_and_call_no_posture_bad(clip: Clip) -> None:
    mapping = exercises()[clip.id]
    texts = [value for value in mapping.values() if isinstance(value, str)] + [move.cue for move in clip.moves]
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@each_clip
def test_sided_texts_name_the_side(clip: Clip) -> None:
    texts = " ".join(str(exercises()[clip.id][key]) for key in ("how", "feel", "alt"))
    assert ("{side}" in texts) == (clip.sides == "right-left")


def test_exercises_are_named_for_their_files() -> None:
    assert len(CLIPS) >= 16
    assert all(clip.id == name for name, clip in clips().items())


@each_clip
def test_loop_lasts_one_repetition(clip: Clip) -> None:
    dose = exercises()[clip.id]["dose"]
    if "time" in dose:
        assert set(dose) <= {"time", "each_side"}
        assert dose["time"] == f"{seconds(dose['time']):.0f}s"
    else:
        work = seconds(dose.get("hold", "0s")) + seconds(dose["pace"])
        assert abs(clip.timeline.duration - work) <= 0.05 * work


def seconds(text: str) -> float:
    found = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text)
    assert found is not None
    assert text
    return 60.0 * int(found[1] or 0) + int(found[2] or 0)
