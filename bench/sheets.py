"""Contact sheets of all exercises, to be looked at: `python bench/sheets.py [out-folder] [id …]` (default: build/).

Writes exercises-light.png, exercises-dark.png, exercises-left.png, contrast.png, looks.png, thumbs.png and one
motion-ID.png strip per exercise named (default: four of them).
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPainterPath

from traycoach.figure.clip import Clip, parse_clip
from traycoach.ui.figure_painter import Stage
from traycoach.ui.palette import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, FigureLook, Palette

ROOT = Path(__file__).resolve().parent.parent
GAP = 16
INSETS = (16.0, 16.0, 16.0, 16.0)
LOOKS = (
    FigureLook("short"),
    FigureLook("bun", skin="#EDBE9A", hair="#A5593A", shirt="#3C6FB8", trousers="#33383F", shoe="#CBD5DA"),
    FigureLook("bun", skin="#8A5A3C", hair="#1E1A1C", shirt="#C78A2B", trousers="#2C4A44", shoe="#E3D6BE"),
    FigureLook("short", skin="#5B3A2C", hair="#141214", shirt="#7F5BA8", trousers="#2B3856", shoe="#E2A23C"),
    FigureLook("none", skin="#93A7AE", hair="#93A7AE", shirt="#1F8A7E", trousers="#45595F", shoe="#7B929B"),
)


def clips() -> dict[str, Clip]:
    poses = tomllib.loads((ROOT / "config/poses.toml").read_text())
    files = sorted((ROOT / "config/exercises").glob("*.toml"))
    return {f.stem: parse_clip(tomllib.loads(f.read_text()), poses, f.name) for f in files}


def tile(stage: Stage, size: int, t: float | None, dpr: float = 1.0) -> QImage:
    """One rounded picture; `t` None shows the key pose with its arrows."""
    image = QImage(QSize(size, size) * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, size, size), 20, 20)
    painter.setClipPath(path)
    rect = QRectF(0, 0, size, size)
    if t is None:
        stage.paint_still(painter, rect, stage.still_count - 1)
    else:
        stage.paint(painter, rect, t)
    painter.end()
    return image


def grid(name: Path, palette: Palette, tiles: list[tuple[str, QImage]], columns: int, label: int = 30) -> None:
    """Tiles in rows with a name below each."""
    size = tiles[0][1].deviceIndependentSize().toSize()
    rows = -(-len(tiles) // columns)
    width, height = columns * (size.width() + GAP) + GAP, rows * (size.height() + GAP + label) + GAP
    sheet = QImage(width, height, QImage.Format.Format_RGB32)
    sheet.fill(QColor(palette.window))
    painter = QPainter(sheet)
    font = QFont("Inter")
    font.setPixelSize(15)
    painter.setFont(font)
    painter.setPen(QColor(palette.text))
    for i, (text, image) in enumerate(tiles):
        x = GAP + (i % columns) * (size.width() + GAP)
        y = GAP + (i // columns) * (size.height() + GAP + label)
        painter.drawImage(x, y, image)
        painter.drawText(QRectF(x + 4, y + size.height() + 4, size.width(), label), text)
    painter.end()
    sheet.save(str(name))
    print(name)


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"
    wanted = sys.argv[2:]
    out.mkdir(parents=True, exist_ok=True)
    app = QGuiApplication.instance() or QGuiApplication([])
    known = clips()
    if not wanted:
        for name, palette in (("light", LIGHT), ("dark", DARK)):
            tiles = [(c.title, tile(Stage(c, palette=palette, insets=INSETS), 372, None)) for c in known.values()]
            grid(out / f"exercises-{name}.png", palette, tiles, 4)
        sided = [c for c in known.values() if c.sides == "right-left"]
        grid(out / "exercises-left.png", LIGHT, [(c.title, tile(Stage(c, "left"), 300, None)) for c in sided], 3)
        contrast = [
            (c.title, tile(Stage(c, palette=palette), 300, None))
            for palette in (LIGHT_CONTRAST, DARK_CONTRAST)
            for c in list(known.values())[:6]
        ]
        grid(out / "contrast.png", LIGHT, contrast, 6)
        looks = [
            (look.hair_shape, tile(Stage(known[name], look=look), 260, None))
            for name in ("figure4-seated", "upper-trap-stretch", "scap-squeeze")
            for look in LOOKS
        ]
        grid(out / "looks.png", LIGHT, looks, len(LOOKS))
        for name, size in (("44", QSize(44, 44)), ("72", QSize(72, 56)), ("84", QSize(84, 84))):
            thumbs = [("", Stage(c).thumbnail(size, 2.0)) for c in known.values()]
            grid(out / f"thumbs-{name}.png", LIGHT, thumbs, 8, 4)
        wanted = ["sit-to-stand", "bird-dog", "march-in-place", "side-bridge"]
    for name in wanted:
        stage = Stage(known[name], insets=INSETS)
        tiles = []
        for span in stage.clip.timeline.spans:
            for k in range(5):
                t = span.start + span.move.time * k / 5
                tiles.append((f"{t:.2f} s → {span.move.to}", tile(stage, 270, t)))
        grid(out / f"motion-{name}.png", LIGHT, tiles, 5)
    del app


if __name__ == "__main__":
    main()
    # Qt's offscreen platform may crash while the interpreter tears down; everything is written by now.
    sys.stdout.flush()
    os._exit(0)
