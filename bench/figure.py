"""What a frame of the figure costs: `python bench/figure.py`. Prints figures, asserts nothing.

Budgets (docs/figure.md, "Cost"): geometry <= 10 ms a frame, baked replay <= 5 ms at 480 px.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from traycoach.figure.brush import Style
from traycoach.figure.clip import parse_clip
from traycoach.figure.drawing import Detail
from traycoach.figure.film import Film
from traycoach.figure.solver import solve
from traycoach.ui.figure_painter import Stage

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 20


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def report(name: str, values: list[float], unit: str = "ms") -> None:
    values = sorted(values)
    low, high = values[len(values) // 2], values[int(len(values) * 0.95)]
    print(f"{name:42s} mean {statistics.fmean(values):6.2f}  median {low:6.2f}  p95 {high:6.2f} {unit}")


def main() -> None:
    app = QGuiApplication.instance() or QGuiApplication([])
    poses = tomllib.loads((ROOT / "config/poses.toml").read_text())
    files = sorted((ROOT / "config/exercises").glob("*.toml"))
    mappings = [tomllib.loads(file.read_text()) for file in files]
    report("read one exercise (parse_clip)", [timed(lambda m=m: parse_clip(m, poses)) for m in mappings])
    clips = [parse_clip(mapping, poses) for mapping in mappings]
    solved, drawn, size, frames = [], [], [], []
    for clip in clips:
        film = Film(clip, Style(Detail.FACE))
        frames.append(float(film.frame_count))
        for k in range(SAMPLES):
            t = clip.timeline.frame_time(k * film.frame_count // SAMPLES)
            stance = clip.timeline.frame(t)
            solved.append(timed(lambda s=stance, c=clip: solve(s, c.setting.props)))
            drawn.append(timed(lambda f=film, s=stance: f.draw(s)))
            size.append(film.draw(stance).byte_count() / 1024)
    report("solve a pose", solved)
    report("solve and outline a frame (geometry)", drawn)
    report("size of a baked frame", size, "KB")
    report("distinct frames of a loop", frames, "")
    for pixels in (480, 960):
        fresh, replay = [], []
        target = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
        rect = QRectF(0, 0, pixels, pixels)
        for clip in clips:
            stage = Stage(clip)
            painter = QPainter(target)
            stage.paint(painter, rect, 0.0)
            times = [
                clip.timeline.frame_time(k * clip.timeline.frame_count // SAMPLES) - 1e-3 for k in range(1, SAMPLES)
            ]
            fresh += [timed(lambda t=t, s=stage, p=painter, r=rect: s.paint(p, r, t)) for t in times]
            replay += [timed(lambda t=t, s=stage, p=painter, r=rect: s.paint(p, r, t)) for t in times]
            painter.end()
        report(f"paint unbaked, {pixels} px", fresh)
        report(f"paint baked (replay), {pixels} px", replay)
    del app


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # Qt's offscreen platform may crash while the interpreter tears down
