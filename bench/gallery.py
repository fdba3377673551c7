"""Every exercise to be looked at, in build/gallery/: `make gallery`.

    python -m bench.gallery             all of them
    python -m bench.gallery ID …        only these exercises

index.html shows, by region, each exercise as an animation, light and dark, and leads to its storyboards; sheets/ has
twelve exercises on a page: where it starts, its key moment, its left side or else another pose, its key moment in the
dark. The exercises are drawn by as many processes as there are processors.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication, QImage

from bench.sheets import grid, tile
from traycoach.cli import export, export_files
from traycoach.figure.clip import clip_names, parse_clip
from traycoach.library import Library
from traycoach.library.entries import ExerciseEntry
from traycoach.messages import Appearance, SetAppearance
from traycoach.ui.export import paint, rgbx
from traycoach.ui.figure_painter import Stage
from traycoach.ui.palette import DARK, LIGHT
from traycoach.wire import encode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build/gallery"
SIZE = 320
ON_A_SHEET = 12
TILE = 220
INSETS = (12.0, 12.0, 12.0, 12.0)
THEMES = ("light", "dark")


def region_of(entry: ExerciseEntry) -> str:
    """The first of its regions, under which it is listed."""
    return entry.regions[0] if entry.regions else "whole-body"


def in_order(library: Library) -> list[ExerciseEntry]:
    """All exercises by region and name."""
    return sorted(library.exercises(), key=lambda entry: (region_of(entry), entry.id))


def painted(wanted: export.Subject, theme: str, what: str, size: int) -> list[export.Painted]:
    """What the exporter's child would say, made in this process."""
    things: list[export.Painted] = []

    def say(about: Mapping[str, Any], image: QImage | None) -> None:
        if image is None:
            things.append(export.Painted(about))
        else:
            things.append(export.Painted(about, image.width(), image.height(), rgbx(image)))

    lines = [encode(SetAppearance(Appearance(theme))).encode(), encode(wanted.message).encode()]
    paint([what, str(size), "--views", f"--summary={wanted.summary}"], lines, say)
    return things


def draw(library: Library, entry: ExerciseEntry) -> None:
    """The storyboards and animations of one exercise."""
    wanted = export.subject(library, entry.id)
    for theme in THEMES:
        page = export_files.png(painted(wanted, theme, "page", 0))
        (OUT / f"{entry.id}-{theme}.png").write_bytes(page)
        animation = export_files.gif(painted(wanted, theme, "animation", SIZE))
        (OUT / f"{entry.id}-{theme}.gif").write_bytes(animation)


def strip(library: Library, entry: ExerciseEntry) -> list[tuple[str, QImage]]:
    """Four pictures of an exercise for a sheet."""
    body, poses = library.exercise(entry.id), library.poses()
    views = [parse_clip(body, poses, name=name) for name in clip_names(body)]
    clip = views[0]
    stage, dark = Stage(clip, insets=INSETS), Stage(clip, palette=DARK, insets=INSETS)
    start = clip.timeline.duration - 1e-6
    tiles = [(entry.id, tile(stage, TILE, start)), ("key moment", tile(stage, TILE, None))]
    if clip.sides == "right-left":
        tiles.append(("left", tile(Stage(clip, "left", insets=INSETS), TILE, None)))
    elif len(views) > 1:
        tiles.append(("second view", tile(Stage(views[1], insets=INSETS), TILE, None)))
    else:
        first = clip.timeline.spans[0]
        tiles.append(("on the way", tile(stage, TILE, first.start + first.move.time / 2)))
    tiles.append(("dark", tile(dark, TILE, None)))
    return tiles


def sheet(library: Library, entries: Sequence[ExerciseEntry], number: int) -> None:
    """Twelve exercises on a page."""
    tiles = [one for entry in entries for one in strip(library, entry)]
    grid(OUT / f"sheets/{number:02d}.png", LIGHT, tiles, 8, 26)


def index(library: Library) -> None:
    """The page that leads to everything."""
    by_region: dict[str, list[ExerciseEntry]] = {}
    for entry in in_order(library):
        by_region.setdefault(region_of(entry), []).append(entry)
    parts = [HEAD, f"<h1>{sum(map(len, by_region.values()))} exercises</h1><p>Sheets of twelve:"]
    parts += [f'<a href="sheets/{path.name}">{path.stem}</a>' for path in sorted((OUT / "sheets").glob("*.png"))]
    parts.append("</p><nav>" + " ".join(f'<a href="#{name}">{name}</a>' for name in by_region) + "</nav>")
    for region, entries in by_region.items():
        parts.append(f'<h2 id="{region}">{region} <small>{len(entries)}</small></h2><div class=all>')
        for entry in entries:
            title = html.escape(entry.title)
            about = f"{entry.id} · level {entry.level} · {', '.join(entry.place)} · {', '.join(entry.goals)}"
            parts.append(f"<article><h3>{title}</h3><p>{html.escape(about)}</p>")
            parts += [
                f'<a href="{entry.id}-{theme}.png"><img loading="lazy" width="{SIZE}" '
                f'src="{entry.id}-{theme}.gif" alt="{title}, {theme}"></a>'
                for theme in THEMES
            ]
            parts.append("</article>")
        parts.append("</div>")
    (OUT / "index.html").write_text("\n".join([*parts, "</body></html>\n"]), encoding="utf-8")


HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>traycoach: every exercise</title><style>
body { font: 15px/1.5 Inter, sans-serif; margin: 24px; color: #1d2b30; background: #eef3f3; }
.all { display: flex; flex-wrap: wrap; gap: 24px; }
article { background: white; padding: 16px; border-radius: 12px; }
h3 { margin: 0; } article p { margin: 0 0 8px; color: #4c5f66; }
img { border-radius: 8px; } nav a { margin-right: 8px; }
</style></head><body>"""


def part(names: Sequence[str], share: int, shares: int) -> None:
    """This process's share of the exercises, and of the sheets if all are drawn."""
    library = Library.load()
    entries = in_order(library)
    for number, entry in enumerate(entries):
        if number % shares == share and (not names or entry.id in names):
            draw(library, entry)
            print(entry.id, flush=True)
    if not names:
        for number in range(share, -(-len(entries) // ON_A_SHEET), shares):
            sheet(library, entries[number * ON_A_SHEET : (number + 1) * ON_A_SHEET], number + 1)


def main(words: Sequence[str]) -> int:
    """Share the exercises between processes, then write the page."""
    (OUT / "sheets").mkdir(parents=True, exist_ok=True)
    if words[:1] == ["--share"]:
        app = QGuiApplication.instance() or QGuiApplication([])
        share, shares = map(int, words[1].split("/"))
        part(words[2:], share, shares)
        del app
        return 0
    processors = os.cpu_count() or 1
    command = [sys.executable, "-m", "bench.gallery", "--share"]
    children = [subprocess.Popen([*command, f"{one}/{processors}", *words]) for one in range(processors)]
    codes = [child.wait() for child in children]  # all of them, whatever the first one says
    index(Library.load())
    print(OUT / "index.html")
    return max(map(abs, codes))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # Qt's offscreen platform may crash while the interpreter tears down
