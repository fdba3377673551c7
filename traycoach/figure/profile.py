"""Smooth profiles: rows of (position, values …) resampled by cubic Hermite curves. With few samples elbows look cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Row = tuple[float, ...]


def slopes(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """Slope at each node: one-sided at the ends, weighted by distance inside."""
    last = len(xs) - 1
    result = [(ys[1] - ys[0]) / (xs[1] - xs[0])]
    for i in range(1, last):
        before, after = xs[i] - xs[i - 1], xs[i + 1] - xs[i]
        rise = before * before * ys[i + 1] + (after * after - before * before) * ys[i] - after * after * ys[i - 1]
        result.append(rise / (before * after * (before + after)))
    result.append((ys[last] - ys[last - 1]) / (xs[last] - xs[last - 1]))
    return result


def hermite(f: float) -> tuple[float, float, float, float]:
    """Weights of start, start slope, end, end slope at `f` (0…1)."""
    return (
        2 * f**3 - 3 * f * f + 1,
        f**3 - 2 * f * f + f,
        -2 * f**3 + 3 * f * f,
        f**3 - f * f,
    )


def resample(rows: Sequence[Row], count: int) -> list[Row]:
    """`count` rows evenly spaced over the first value; the values in between follow the Hermite curve."""
    xs = [row[0] for row in rows]
    columns = [[row[k] for row in rows] for k in range(1, len(rows[0]))]
    slope_columns = [slopes(xs, column) for column in columns]
    result: list[Row] = []
    for k in range(count):
        x = xs[0] + (xs[-1] - xs[0]) * k / (count - 1)
        i = max(j for j in range(len(xs) - 1) if xs[j] <= x)
        gap = xs[i + 1] - xs[i]
        p, m, q, n = hermite((x - xs[i]) / gap)
        values = (
            p * ys[i] + m * gap * dy[i] + q * ys[i + 1] + n * gap * dy[i + 1]
            for ys, dy in zip(columns, slope_columns, strict=True)
        )
        result.append((x, *values))
    return result


def between_rows(rows: Sequence[Row], x: float) -> Row:
    """The values at `x`, straight between two rows."""
    for low, high in pairwise(rows):
        if x <= high[0]:
            share = (x - low[0]) / (high[0] - low[0])
            return tuple(a + (b - a) * share for a, b in zip(low[1:], high[1:], strict=True))
    return rows[-1][1:]
