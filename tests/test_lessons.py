"""Every bundled lesson: twelve files, texts within their limits, pictures that pass the checks, lengths that add up."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.figure.bundle import ROOT, exercises, presets
from tests.figure.test_exercises import FORBIDDEN, seconds
from traycoach.figure.check import check_clip
from traycoach.figure.clip import VIEW_KEYS, parse_clip

IDS = {
    *("seat", "lumbar-support", "screen", "keys-and-pointer", "next-posture", "standing-desk", "lifting"),
    *("reaching-bags-phone", "light-and-eyes", "flare-up-plan", "driving-and-travel", "sleep-positions"),
}
KEYS = {"id", "title", "summary", "length", "sources", "now", "part"}
PART_TEXTS = {"title", "say", "time"}
TITLE_LETTERS, SAY_LETTERS, NOW_LETTERS = 30, 140, 80

LESSONS: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "config/lessons").glob("*.toml"))
}
PARTS = [(name, i) for name, lesson in LESSONS.items() for i in range(len(lesson["part"]))]
each_lesson = pytest.mark.parametrize("name", LESSONS)


def test_twelve_lessons_are_named_for_their_files() -> None:
    assert set(LESSONS) == IDS
    assert all(lesson["id"] == name for name, lesson in LESSONS.items())


@each_lesson
def test_lesson_has_its_keys_and_three_to_five_parts(name: str) -> None:
    lesson = LESSONS[name]
    assert set(lesson) == KEYS
    assert 3 <= len(lesson["part"]) <= 5
    assert lesson["sources"]


@each_lesson
def test_length_is_about_a_minute_and_the_sum_of_the_parts(name: str) -> None:
    lesson = LESSONS[name]
    stated = seconds(lesson["length"])
    assert 60 <= stated <= 90
    assert abs(stated - sum(seconds(part["time"]) for part in lesson["part"])) <= 0.05 * stated


@each_lesson
def test_texts_keep_their_limits_and_promise_nothing(name: str) -> None:
    lesson = LESSONS[name]
    assert len(lesson["now"]) <= NOW_LETTERS
    texts = [lesson["title"], lesson["summary"], lesson["now"]]
    for part in lesson["part"]:
        assert len(part["title"]) <= TITLE_LETTERS
        assert len(part["say"]) <= SAY_LETTERS
        texts += [part["title"], part["say"], part.get("alt", ""), *(m.get("cue", "") for m in part.get("move", []))]
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize(("name", "index"), PARTS, ids=[f"{name}-{i + 1}" for name, i in PARTS])
def test_picture_of_each_part_is_an_exercise_or_passes_the_checks(name: str, index: int) -> None:
    part = LESSONS[name]["part"][index]
    if "exercise" in part:
        assert set(part) == {*PART_TEXTS, "exercise"}
        assert part["exercise"] in exercises()
        return
    assert set(part) <= {*PART_TEXTS, *VIEW_KEYS}
    motion = {key: value for key, value in part.items() if key in VIEW_KEYS}
    named = {"id": f"{name}-{index + 1}", "title": part["title"], "sides": "none", "target": []}
    clip = parse_clip({**named, **motion}, presets(), f"{name}.toml")
    assert [str(finding) for finding in check_clip(clip) if not finding.is_warning] == []
    assert clip.timeline.duration <= seconds(part["time"])


def test_support_for_the_low_back_says_when_to_leave_it_out() -> None:
    for name in ("lumbar-support", "driving-and-travel"):
        said = " ".join(part["say"] for part in LESSONS[name]["part"])
        assert "eave it out if pain moves down the leg" in said


def test_plan_for_sore_days_says_when_to_call() -> None:
    said = " ".join(part["say"] for part in LESSONS["flare-up-plan"]["part"])
    assert all(sign in said for sign in ("Numb between the legs", "bladder or bowel", "emergency number"))
