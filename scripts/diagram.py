"""Draw the coach's two machines from their tables into docs/states.md: `python -m scripts.diagram [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from traycoach.core.transitions import PRESENCE, PROMPT

PAGE = Path(__file__).resolve().parents[1] / "docs" / "states.md"

_HEAD = """# The coach's two machines

Made from the tables in `traycoach/core/transitions.py` by `python -m scripts.diagram`; do not edit. What is in no table
cannot happen: the coach raises instead.
"""


_State = TypeVar("_State", bound=StrEnum)
_Move = TypeVar("_Move", bound=StrEnum)


def mermaid(table: Mapping[tuple[_State, _Move], _State], first: _State) -> str:
    """Give the table as a Mermaid state diagram; causes that share both ends stand on one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, cause), target in table.items():
        if state is not target:
            arrows.setdefault((state.value, target.value), []).append(cause.value)
    lines = ["stateDiagram-v2", f"    [*] --> {first.value}"]
    lines += [f"    {state} --> {target}: {' / '.join(causes)}" for (state, target), causes in arrows.items()]
    return "\n".join(lines)


def page() -> str:
    """Give the whole page."""
    return _HEAD + _section("Is the person at the desk?", PRESENCE) + _section("What becomes of a prompt", PROMPT)


def _section(title: str, table: Mapping[tuple[_State, _Move], _State]) -> str:
    first = next(iter(table))[0]
    return f"\n## {title}\n\n```mermaid\n{mermaid(table, first)}\n```\n"


def main(words: list[str]) -> int:
    """Write the page, or only tell whether it is fresh."""
    if "--check" not in words:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/states.md is stale: run `python -m scripts.diagram`")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
