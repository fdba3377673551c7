"""One measured figure beside its budget, and the table of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured. `budget` is the most it may be; None where the figure is for comparison only."""

    what: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def within(self) -> bool:
        """Whether the budget is kept (always, where there is none)."""
        return self.budget is None or self.value <= self.budget


def table(figures: Iterable[Figure]) -> str:
    """Lay figures out in columns: what, measured, budget, verdict."""
    rows = [("what", "measured", "budget", "")]
    for figure in figures:
        budget = "" if figure.budget is None else f"≤ {figure.budget:g} {figure.unit}"
        verdict = "" if figure.budget is None else "ok" if figure.within else "OVER"
        rows.append((figure.what, f"{figure.value:.4g} {figure.unit}", budget, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
