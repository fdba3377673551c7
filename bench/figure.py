"""What a frame of the figure costs: `python -m bench figure`. Budgets: docs/figure.md, "Cost"."""

from __future__ import annotations

import os
import statistics
import time
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")  # as in the window process

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from bench.figures import Figure, table
from traycoach.figure.brush import Style
from traycoach.figure.check import check_clip
from traycoach.figure.clip import Clip, parse_clip
from traycoach.figure.drawing import Detail
from traycoach.figure.film import Film
from traycoach.figure.solver import solve
from traycoach.ui.figure_painter import Stage

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 20
MOST_CLIPS = 24
"""Every so many-th exercise is measured, so that a bigger library does not take longer."""


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def summary(what: str, values: list[float], unit: str = "ms", budget: float | None = None) -> list[Figure]:
    """Median against the budget, and the 95th percentile for comparison."""
    values = sorted(values)
    return [
        Figure(f"{what}, median", statistics.median(values), unit, budget),
        Figure(f"{what}, 95 %", values[int(len(values) * 0.95)], unit),
    ]


def measure() -> list[Figure]:
    """Reading, checking, solving, drawing, painting."""
    app = QGuiApplication.instance() or QGuiApplication([])
    poses = tomllib.loads((ROOT / "config/poses.toml").read_text())
    files = sorted((ROOT / "config/exercises").glob("*.toml"))
    mappings = [tomllib.loads(file.read_text()) for file in files[:: max(1, len(files) // MOST_CLIPS)]]
    figures = summary("figure: read one exercise", [timed(partial(parse_clip, m, poses)) for m in mappings])
    clips = [parse_clip(mapping, poses) for mapping in mappings]
    figures += summary("figure: check one clip", [timed(partial(check_clip, c)) for c in clips], budget=1500.0)
    solved, drawn, size, frames = [], [], [], []
    for clip in clips:
        film = Film(clip, Style(Detail.FACE))
        frames.append(float(film.frame_count))
        for k in range(SAMPLES):
            t = clip.timeline.frame_time(k * film.frame_count // SAMPLES)
            stance = clip.timeline.frame(t)
            solved.append(timed(partial(solve, stance, clip.setting.props)))
            drawn.append(timed(partial(film.draw, stance)))
            size.append(film.draw(stance).byte_count() / 1024)
    figures += summary("figure: solve a pose", solved)
    figures += summary("figure: solve and outline a frame", drawn, budget=10.0)
    figures += summary("figure: baked frame", size, "KB")
    figures += summary("figure: distinct frames of a loop", frames, "")
    for pixels, budget in ((480, 5.0), (960, None)):
        fresh, replay = painting(clips, pixels)
        figures += summary(f"figure: paint unbaked, {pixels} px", fresh)
        figures += summary(f"figure: paint baked, {pixels} px", replay, budget=budget)
    del app
    return figures


def painting(clips: list[Clip], pixels: int) -> tuple[list[float], list[float]]:
    """Milliseconds of painting moments the first time, and again."""
    fresh: list[float] = []
    replay: list[float] = []
    target = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    rect = QRectF(0, 0, pixels, pixels)
    for clip in clips:
        stage, line = Stage(clip), clip.timeline
        painter = QPainter(target)
        stage.paint(painter, rect, 0.0)
        times = [line.frame_time(k * line.frame_count // SAMPLES) - 1e-3 for k in range(1, SAMPLES)]
        for values in (fresh, replay):
            values += [timed(partial(stage.paint, painter, rect, t)) for t in times]
        painter.end()
    return fresh, replay


if __name__ == "__main__":
    print(table(measure()), flush=True)
    os._exit(0)  # Qt's offscreen platform may crash while the interpreter tears down
