"""Pictures of the figure, to be looked at, in build/sheets/.

    python -m bench.sheets ID …          every move of these exercises, with what the checks find
    python -m bench.sheets --all         all exercises at their key moment, in every theme, look and thumbnail size
    python -m bench.sheets --poses [NAME …]   base poses from three sides

An ID is a file of config/exercises or the path of any exercise file. Ends with 1 if a check found an error.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPainterPath

from traycoach.errors import UserError
from traycoach.figure.check import check_clip, measure_clip
from traycoach.figure.clip import Clip, clip_names, parse_clip
from traycoach.figure.props import KINDS
from traycoach.ui.figure_painter import Stage
from traycoach.ui.palette import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, FigureLook, Palette

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build/sheets"
GAP = 16
INSETS = (16.0, 16.0, 16.0, 16.0)
LOOKS = (
    FigureLook("short"),
    FigureLook("bun", skin="#EDBE9A", hair="#A5593A", shirt="#3C6FB8", trousers="#33383F", shoe="#CBD5DA"),
    FigureLook("bun", skin="#8A5A3C", hair="#1E1A1C", shirt="#C78A2B", trousers="#2C4A44", shoe="#E3D6BE"),
    FigureLook("short", skin="#5B3A2C", hair="#141214", shirt="#7F5BA8", trousers="#2B3856", shoe="#E2A23C"),
    FigureLook("none", skin="#93A7AE", hair="#93A7AE", shirt="#1F8A7E", trousers="#45595F", shoe="#7B929B"),
)
POSE_VIEWS = (90.0, 45.0, 140.0)
# The props of config/poses.toml's poses, where their surfaces do not tell.
POSE_PROPS: dict[str, list[dict[str, Any]]] = {
    "sit_desk": [{"kind": "chair"}, {"kind": "desk", "x": 30, "monitor": True, "keyboard": True}],
    "sit_arms": [{"kind": "chair", "arms": True}],
    "sit_recline": [{"kind": "chair", "recline": 24}],
    "stand_desk": [{"kind": "desk", "x": 26, "h": 94}],
    "stand_wall": [{"kind": "wall", "x": 45}],
    "stand_back_wall": [{"kind": "wall", "x": -14}],
    "stand_door": [{"kind": "door", "x": 22}],
    "step_up": [{"kind": "box", "x": 20}],
    "hook_pillow": [{"kind": "mat", "x": 0}, {"kind": "pillow"}],
    "side_lying": [{"kind": "mat", "x": 5, "along": "z"}],
}


def presets() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config/poses.toml").read_text())


def mapping_of(name: str) -> dict[str, Any]:
    path = Path(name) if name.endswith(".toml") else ROOT / f"config/exercises/{name}.toml"
    return tomllib.loads(path.read_text())


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
        key = stage.clip.key_pose
        at = stage.clip.still.index(key) if key in stage.clip.still else stage.still_count - 1
        stage.paint_still(painter, rect, at)
    else:
        stage.paint(painter, rect, t)
    painter.end()
    return image


def grid(name: Path, palette: Palette, tiles: Sequence[tuple[str, QImage]], columns: int, label: int = 30) -> None:
    """Tiles in rows with a name below each."""
    name.parent.mkdir(parents=True, exist_ok=True)
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
    print(name.relative_to(ROOT) if name.is_relative_to(ROOT) else name)


def moments(clip: Clip, size: int = 270) -> list[tuple[str, QImage]]:
    """Four pictures of each move on the right side, then the poses on the left side and in the dark."""
    stage, spans = Stage(clip, insets=INSETS), clip.timeline.spans
    tiles = []
    for span in spans:
        for share in (0.25, 0.5, 0.75, 1.0):
            t = span.start + span.move.time * share - 1e-6
            tiles.append((f"{t:.1f} s → {span.move.to}", tile(stage, size, t)))
    others = [(Stage(clip, palette=DARK, insets=INSETS), "dark")]
    if clip.sides == "right-left":
        others.append((Stage(clip, "left", insets=INSETS), "left"))
    for other, word in others:
        tiles += [(f"{word}: {span.move.to}", tile(other, size, span.arrival - 1e-6)) for span in spans[:4]]
        tiles += [("", QImage(1, 1, QImage.Format.Format_RGB32))] * (-len(tiles) % 4)
    return tiles


def show(name: str) -> bool:
    """Draw one exercise with all its views, print what the checks find; False if that is an error."""
    mapping, good = mapping_of(name), True
    for view in clip_names(mapping):
        try:
            clip = parse_clip(mapping, presets(), f"{name}.toml", name=view)
        except UserError as error:
            print(error)
            return False
        title = "-".join(filter(None, (clip.id, view)))
        grid(OUT / f"{title}.png", LIGHT, moments(clip), 4)
        found = check_clip(clip, "stretch" in mapping.get("goals", []))
        for finding in found:
            print(f"  {finding}")
        good = good and all(finding.is_warning for finding in found)
        print(f"  {title}: {len(found)} findings; loop {clip.timeline.duration:.1f} s; {measure_clip(clip)}")
    return good


def catalogue() -> None:
    """All exercises at their key moment."""
    names = sorted(file.stem for file in (ROOT / "config/exercises").glob("*.toml"))
    clips = [parse_clip(mapping_of(name), presets(), f"{name}.toml") for name in names]
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        tiles = [(c.title, tile(Stage(c, palette=palette, insets=INSETS), 300, None)) for c in clips]
        for page in range(0, len(tiles), 24):
            grid(OUT / f"all-{theme}-{page // 24 + 1}.png", palette, tiles[page : page + 24], 6)
    sided = [c for c in clips if c.sides == "right-left"]
    grid(OUT / "all-left.png", LIGHT, [(c.title, tile(Stage(c, "left"), 240, None)) for c in sided], 7)
    contrast = [
        (c.title, tile(Stage(c, palette=palette), 300, None))
        for palette in (LIGHT_CONTRAST, DARK_CONTRAST)
        for c in clips[::8]
    ]
    grid(OUT / "contrast.png", LIGHT, contrast, 6)
    looks = [
        (look.hair_shape, tile(Stage(clip, look=look), 260, None))
        for clip in clips
        if clip.id in ("figure4-seated", "upper-trap-stretch", "scap-squeeze")
        for look in LOOKS
    ]
    grid(OUT / "looks.png", LIGHT, looks, len(LOOKS))
    for word, size in (("44", QSize(44, 44)), ("72", QSize(72, 56)), ("84", QSize(84, 84))):
        grid(OUT / f"thumbs-{word}.png", LIGHT, [("", Stage(c).thumbnail(size, 2.0)) for c in clips], 12, 4)


def base_poses(wanted: list[str]) -> None:
    """Base poses from three sides."""
    known = presets()
    tiles = []
    for name in wanted or known:
        for view in POSE_VIEWS:
            scene = {"view": view, "props": props_of(name, known)}
            motion = {"pose": {"a": {"base": name}}, "move": [{"to": "a", "cue": "Go"}], "scene": scene}
            clip = parse_clip({"id": name, "title": name, "alt": name, **motion}, known)
            tiles.append((f"{name} {view:g}", tile(Stage(clip), 240, 0.0)))
    for page in range(0, len(tiles), 36):
        grid(OUT / f"poses-{page // 36 + 1}.png", LIGHT, tiles[page : page + 36], 6)


def props_of(name: str, known: dict[str, Any]) -> list[dict[str, Any]]:
    """The props a base pose needs: those of `POSE_PROPS` up its line of bases, else what its surfaces name."""
    if name in POSE_PROPS:
        return POSE_PROPS[name]
    pose = known[name]
    holds = [pose.get("anchor", {}), *(pin for pin in pose.get("pin", {}).values() if pin)]
    kinds = {str(hold.get("on", "")).partition(".")[0] for hold in holds}
    # The mat's own place suits exercises that reach forward.
    props: list[dict[str, Any]] = [
        {"kind": kind, "x": 0} if kind == "mat" else {"kind": kind} for kind in sorted(kinds & set(KINDS))
    ]
    if "base" in pose:
        props += [prop for prop in props_of(pose["base"], known) if prop["kind"] not in kinds]
    return props


def main(words: list[str]) -> int:
    app = QGuiApplication.instance() or QGuiApplication([])
    good = True
    if words[:1] == ["--poses"]:
        base_poses(words[1:])
    elif words == ["--all"]:
        catalogue()
    elif words:
        good = len(words) == sum(show(name) for name in words)
    else:
        print(__doc__)
    del app
    return 0 if good else 1


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Qt's offscreen platform may crash while the interpreter tears down; everything is written by now.
    sys.stdout.flush()
    os._exit(code)
