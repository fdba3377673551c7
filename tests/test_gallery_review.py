"""The review of the pictures speaks about every exercise once, and about every routine and lesson as it was played."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(
    r"^\| (?P<id>[a-z0-9-]*[a-z][a-z0-9-]*) \| (?P<seen>.+) \| (?P<fix>.+) \| (?P<left>.+) \|$", re.MULTILINE
)
PLAYED = re.compile(r"^\| (?P<id>[a-z0-9-]*[a-z][a-z0-9-]*) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)
PAGE, LESSONS_PAGE = "docs/gallery-review.md", "docs/gallery-review-lessons.md"


def _names(folder: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / "config" / folder).glob("*.toml"))


EXERCISES = _names("exercises")


def _section(title: str, page: str = PAGE) -> str:
    _, _, rest = (ROOT / page).read_text().partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def test_every_exercise_has_exactly_one_row() -> None:
    rows = Counter(match["id"] for match in ROW.finditer(_section("All exercises")) if match["id"] != "id")
    assert EXERCISES
    assert rows == Counter(EXERCISES)


def test_the_ten_weakest_are_ten_different_exercises() -> None:
    named = re.findall(r"^\| \d+ \| ([a-z0-9-]+) \|", _section("The ten weakest"), re.MULTILINE)
    assert len(named) == len(set(named)) == 10
    assert set(named) <= set(EXERCISES)


@pytest.mark.parametrize(("folder", "page"), [("routines", PAGE), ("lessons", LESSONS_PAGE)])
def test_everything_that_is_played_has_exactly_one_row(folder: str, page: str) -> None:
    rows = Counter(match["id"] for match in PLAYED.finditer(_section("Played end to end", page)))
    del rows[folder.removesuffix("s")]  # the heading
    assert _names(folder)
    assert rows == Counter(_names(folder))
