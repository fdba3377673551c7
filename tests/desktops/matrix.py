"""The matrix of desktops and aspects: which cells have a test, and what the last run of each said.

`test_matrix.py` runs the cells, `conftest.py` writes a file a test into `build/matrix/`, and `python -m scripts.matrix`
makes the table of `docs/desktops.md` of them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from tests.desktops.driver import DESKTOPS, Aspect, driver_class

RESULTS = Path(__file__).parents[2] / "build" / "matrix"


class Verdict(StrEnum):
    """How a test of a cell ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """The last end of one test of a cell; `version` is of the desktop that it ran on, "" if there was none."""

    desktop: str
    aspect: str
    test: str
    verdict: Verdict
    version: str = ""

    def write(self, folder: Path = RESULTS) -> None:
        """Write it down in the place of this test's last one."""
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{self.test}-{self.desktop}"
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        draft.rename(folder / f"{self.desktop}-{self.test}.json")


def read_results(folder: Path = RESULTS) -> list[Result]:
    """Give the results of all tests that ran here since the folder was made."""
    results = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json")))
    return [Result(**{**one, "verdict": Verdict(one["verdict"])}) for one in results]


def has_test(name: str, aspect: Aspect) -> bool:
    """Tell whether this cell is to be tested."""
    return aspect not in driver_class(name).without_test()


def on_each_desktop(aspect: Aspect) -> pytest.MarkDecorator:
    """Run a test, with its `driver`, on every desktop where this aspect is tested."""
    cells = [
        pytest.param((name, aspect), id=f"{aspect.name.lower()}-{name}", marks=_marks(name))
        for name in DESKTOPS
        if has_test(name, aspect)
    ]
    return pytest.mark.parametrize("driver", cells, indirect=True)


def _marks(name: str) -> list[pytest.MarkDecorator]:
    # one worker has all tests of a desktop, so that they share it; and all the heavy ones, so that one runs at a time
    if driver_class(name).heavy:
        return [pytest.mark.heavy_desktop, pytest.mark.xdist_group("heavy_desktop")]
    return [pytest.mark.xdist_group(f"matrix-{name}")]
