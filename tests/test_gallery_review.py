"""The review of the pictures speaks about every exercise, once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(
    r"^\| (?P<id>[a-z0-9-]*[a-z][a-z0-9-]*) \| (?P<seen>.+) \| (?P<fix>.+) \| (?P<left>.+) \|$", re.MULTILINE
)
EXERCISES = sorted(path.stem for path in (ROOT / "config/exercises").glob("*.toml"))


def _section(title: str) -> str:
    _, _, rest = (ROOT / "docs/gallery-review.md").read_text().partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def test_every_exercise_has_exactly_one_row() -> None:
    rows = Counter(match["id"] for match in ROW.finditer(_section("All exercises")) if match["id"] != "id")
    assert EXERCISES
    assert rows == Counter(EXERCISES)


def test_the_ten_weakest_are_ten_different_exercises() -> None:
    named = re.findall(r"^\| \d+ \| ([a-z0-9-]+) \|", _section("The ten weakest"), re.MULTILINE)
    assert len(named) == len(set(named)) == 10
    assert set(named) <= set(EXERCISES)
