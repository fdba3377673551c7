"""docs/desktops.md claims no more than there are tests for, and its table is made as it should be."""

from __future__ import annotations

import pytest

from scripts import matrix
from tests.desktops.driver import DESKTOPS, Aspect, driver_class
from tests.desktops.matrix import Result, Verdict


def cells_of_page() -> dict[tuple[str, str], str]:
    """Give the text of every cell of the committed page, without the number of its remark."""
    lines = matrix.PAGE.read_text(encoding="utf-8").partition(matrix.BEGIN)[2].partition(matrix.END)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    headings = {heading: name for name, (heading, _driver) in DESKTOPS.items()}
    desktops = [headings[heading] for heading in rows[0][1:]]
    aspects = {aspect.value: aspect.name for aspect in Aspect}
    return {
        (desktop, aspects[row[0]]): cell.partition(" [")[0]
        for row in rows
        if row[0] in aspects
        for desktop, cell in zip(desktops, row[1:], strict=True)
    }


@pytest.mark.parametrize("name", DESKTOPS)
def test_page_says_of_every_cell_what_its_tests_can_show(name: str) -> None:
    page = cells_of_page()
    for aspect in Aspect:
        tests = matrix.tests_there_are().get((name, aspect.name))
        says = page[name, aspect.name]
        if tests:
            assert says in {matrix.passed(name, aspect), matrix.FAILS}, aspect
        else:
            assert says == driver_class(name).without_test().get(aspect, matrix.NOT_TESTED).partition(": ")[0], aspect


def results_of_all(verdict: Verdict = Verdict.PASSED) -> list[Result]:
    return [
        Result(desktop, aspect, test, verdict, f"{desktop} 1.0")
        for (desktop, aspect), tests in matrix.tests_there_are().items()
        for test in tests
    ]


def test_table_has_a_verdict_for_every_tested_cell_and_the_versions() -> None:
    made = matrix.table(results_of_all())
    tested = len(matrix.tests_there_are())
    assert made.count(f"| {matrix.SEEN}") + made.count(f"| {matrix.LACK_IS_SAID}") == tested
    assert "| sway 1.0 |" in made
    assert matrix.FAILS not in made


def test_one_failed_test_is_the_verdict_of_its_cell() -> None:
    results = [
        Result(one.desktop, one.aspect, one.test, Verdict.FAILED, one.version) if one.desktop == "sway" else one
        for one in results_of_all()
    ]
    of_sway = {aspect for desktop, aspect in matrix.tests_there_are() if desktop == "sway"}
    assert matrix.table(results).count(matrix.FAILS) == len(of_sway)


@pytest.mark.parametrize("verdict", [None, Verdict.SKIPPED])
def test_without_a_result_nothing_is_claimed(verdict: Verdict | None) -> None:
    results = results_of_all()
    lost = results.pop()
    if verdict is not None:
        results.append(Result(lost.desktop, lost.aspect, lost.test, verdict))
    with pytest.raises(LookupError, match=lost.test):
        matrix.table(results)


def test_only_the_table_of_the_page_changes() -> None:
    page = f"before\n{matrix.BEGIN}\nold\n{matrix.END}\nafter\n"
    assert matrix.with_table(page, "new") == f"before\n{matrix.BEGIN}\n\nnew\n\n{matrix.END}\nafter\n"
