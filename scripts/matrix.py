"""Make the table of desktops in docs/desktops.md from what the last test runs saw: `python -m scripts.matrix`.

The tests of `tests/desktops/test_matrix.py` leave their results in `build/matrix/`; `make desktops` and `make test` run
them. A cell whose test has no result here stops the making: the page says what was seen, all of it or nothing. A cell
without a test says why. The words around the table are written by hand.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from tests.desktops.driver import DESKTOPS, Aspect, driver_class
from tests.desktops.matrix import Result, Verdict, read_results

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "desktops.md"
BEGIN = "<!-- made by `python -m scripts.matrix`; do not edit -->"
END = "<!-- made -->"
SEEN, FAILS, NOT_TESTED = "yes", "**fails**", "not tested"
LACK_IS_SAID = "none, and it says so"

Cell = tuple[str, str]
"""The name of a desktop, and that of an aspect."""


@cache
def tests_there_are() -> dict[Cell, frozenset[str]]:
    """Give the tests of every cell of the matrix that has any, as pytest collects them."""
    collect = ["-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/desktops/test_matrix.py"]
    said = subprocess.run([sys.executable, *collect], cwd=ROOT, capture_output=True, text=True, check=False)
    if said.returncode:
        sys.exit(f"the tests of the matrix cannot be collected:\n{said.stdout}{said.stderr}")
    found: dict[Cell, set[str]] = {}
    for test, aspect, desktop in re.findall(r"::(\w+)\[(\w+)-([\w-]+)\]$", said.stdout, re.MULTILINE):
        found.setdefault((desktop, aspect.upper()), set()).add(test)
    return {cell: frozenset(tests) for cell, tests in found.items()}


def table(results: Sequence[Result]) -> str:
    """Give the table with its remarks. Raises LookupError, a sentence, where a test has no result."""
    remarks: list[str] = []

    def noted(text: str, remark: str) -> str:
        if not remark:
            return text
        if remark not in remarks:
            remarks.append(remark)
        return f"{text} [{remarks.index(remark) + 1}]"

    rows = [["", *(heading for heading, _driver in DESKTOPS.values())]]
    rows.append(["seen on", *(_version(results, name) for name in DESKTOPS)])
    for aspect in Aspect:
        rows.append([aspect.value, *(noted(*_cell(results, name, aspect)) for name in DESKTOPS)])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "| --- " * len(rows[0]) + "|")
    numbered = [f"{number}. {remark}" for number, remark in enumerate(remarks, 1)]
    return "\n".join([*lines, *(["", *numbered] if numbered else [])])


def _cell(results: Sequence[Result], name: str, aspect: Aspect) -> tuple[str, str]:
    """Give what stands in a cell, and the remark to it."""
    driver = driver_class(name)
    tests = tests_there_are().get((name, aspect.name), frozenset())
    if not tests:
        text, _, remark = driver.without_test().get(aspect, NOT_TESTED).partition(": ")
        return text, remark
    seen = {one.test: one.verdict for one in results if (one.desktop, one.aspect) == (name, aspect.name)}
    if missing := [test for test in sorted(tests) if seen.get(test, Verdict.SKIPPED) is Verdict.SKIPPED]:
        raise LookupError(f"{missing[0]} was not run on {DESKTOPS[name][0]}")
    if any(seen[test] is Verdict.FAILED for test in tests):
        return FAILS, driver.remark(aspect)
    return passed(name, aspect), driver.remark(aspect)


def passed(name: str, aspect: Aspect) -> str:
    """Give what stands in a cell whose tests have passed."""
    return LACK_IS_SAID if aspect is Aspect.ICON and not driver_class(name).has_tray else SEEN


def _version(results: Iterable[Result], name: str) -> str:
    return next((one.version for one in results if one.desktop == name and one.version), "")


def with_table(page: str, made: str) -> str:
    """Give the page with this table in the place of the one that it has."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def main() -> int:
    """Write the table into the page."""
    try:
        made = table(read_results())
    except LookupError as error:
        print(f"{error}: run `CI=1 make test` first, which runs all of them.")
        return 1
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
