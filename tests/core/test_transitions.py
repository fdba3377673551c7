"""Every cell of both machines: the legal ones lead where the table says, all the others raise."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product

import pytest

from scripts.diagram import PAGE, mermaid, page
from traycoach.core.transitions import PRESENCE, PROMPT, Cause, Presence, Stage, Step, TransitionError, after

CELLS = [
    *[(PRESENCE, state, move) for state, move in product(Presence, Cause)],
    *[(PROMPT, state, move) for state, move in product(Stage, Step)],
]


@pytest.mark.parametrize(("table", "state", "move"), CELLS, ids=lambda value: str(value) if str(value) else "table")
def test_cell_leads_where_the_table_says_or_raises(
    table: Mapping[tuple[StrEnum, StrEnum], StrEnum], state: StrEnum, move: StrEnum
) -> None:
    if (state, move) in table:
        assert after(table, state, move) is table[state, move]
    else:
        with pytest.raises(TransitionError, match=state.value):
            after(table, state, move)


@pytest.mark.parametrize("table", [PRESENCE, PROMPT], ids=["presence", "prompt"])
def test_every_state_can_be_reached(table: Mapping[tuple[StrEnum, StrEnum], StrEnum]) -> None:
    first = next(iter(table))[0]
    reached = {first}
    while True:
        further = {target for (state, _), target in table.items() if state in reached} - reached
        if not further:
            break
        reached |= further

    assert reached == set(type(first))


def test_diagram_in_the_docs_is_made_of_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_diagram_shows_every_arrow_once() -> None:
    lines = mermaid(PROMPT, Stage.DUE).splitlines()

    assert "    due --> shown: shown" in lines
    assert len(lines) == len(set(lines))
