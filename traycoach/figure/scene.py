"""Reads the `[scene]` of a clip: view, pitch, props, framing. Source: docs/figure.md, "The scene"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from traycoach.figure.props import KINDS, Chair, Desk, Mat, Prop, Scene, Wall, Window
from traycoach.figure.reading import Reader, Table, join
from traycoach.figure.skeleton import PART_NAMES
from traycoach.figure.vector import ORIGIN, Vec
from traycoach.text import _

VIEWS: Final[dict[str, float]] = {
    "side": 90.0,
    "three_quarter": 52.0,
    "front_quarter": 25.0,
    "front": 0.0,
    "back": 180.0,
    "back_three_quarter": 140.0,
}
_SCENE_KEYS: Final = ("view", "pitch", "props", "frame", "floor", "disc")
_DEFAULT_PITCH: Final = 6.0


@dataclass(frozen=True, slots=True)
class FixedFrame:
    """The picture's middle and height in projected cm."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class CloseUp:
    """A picture `span` cm high around a point of a body part, in the mean of all poses."""

    on: str
    along: float
    off: Vec
    span: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and from where a clip is seen. `frame` None: fitted to the whole movement plus props."""

    view: float = 90.0
    pitch: float = _DEFAULT_PITCH
    props: Scene = field(default_factory=dict)
    frame: FixedFrame | CloseUp | None = None
    floor: bool = True
    disc: bool = True


def parse_setting(reader: Reader, table: Table, path: str = "scene") -> Setting:
    """The setting written in `[scene]`; every key has a default."""
    reader.check_keys(table, _SCENE_KEYS, path)
    view = table.get("view", "side")
    if isinstance(view, str):
        yaw = VIEWS[reader.choice(view, join(path, "view"), VIEWS)]
    else:
        yaw = reader.number(view, join(path, "view"), 90.0, -180.0, 180.0)
    return Setting(
        view=yaw,
        pitch=reader.number(table.get("pitch", _DEFAULT_PITCH), join(path, "pitch"), _DEFAULT_PITCH, 0.0, 20.0),
        props=_props(reader, table.get("props", []), join(path, "props")),
        frame=_frame(reader, table.get("frame"), join(path, "frame")),
        floor=reader.truth(table.get("floor", True), join(path, "floor")),
        disc=reader.truth(table.get("disc", True), join(path, "disc")),
    )


def _frame(reader: Reader, value: object, path: str) -> FixedFrame | CloseUp | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        x, y, height = reader.numbers(value, path, 3)
        if height <= 0.0 and len(value) == 3:
            reader.wrong(path, _("expected a height above 0"))
        return FixedFrame(x, y, max(height, 1.0))
    table = reader.table(value, path)
    reader.check_keys(table, ("on", "along", "off", "span"), path)
    return CloseUp(
        on=reader.choice(table.get("on"), join(path, "on"), PART_NAMES),
        along=reader.number(table.get("along", 0.5), join(path, "along"), 0.5, -1.0, 2.0),
        off=reader.vector(table.get("off", ORIGIN), join(path, "off")),
        span=reader.number(table.get("span", 60.0), join(path, "span"), 60.0, 10.0, 300.0),
    )


def _props(reader: Reader, value: object, path: str) -> Scene:
    if not isinstance(value, list):
        reader.wrong(path, _("expected a list of props"))
        return {}
    scene: Scene = {}
    for i, item in enumerate(value):
        where = f"{path}[{i}]"
        table: Table = {"kind": item} if isinstance(item, str) else reader.table(item, where)
        kind = reader.choice(table.get("kind"), where if isinstance(item, str) else join(where, "kind"), KINDS)
        if kind != table.get("kind"):
            continue
        if kind in scene:
            reader.wrong(where, _("there is already a {kind} in the scene").format(kind=kind))
        scene[kind] = _READERS[kind](reader, table, where)
    return scene


def _number(reader: Reader, table: Table, where: str, key: str, default: float) -> float:
    return reader.number(table.get(key, default), join(where, key), default)


def _chair(reader: Reader, table: Table, where: str) -> Prop:
    reader.check_keys(table, ("kind", "x", "seat"), where)
    return Chair(_number(reader, table, where, "x", 0.0), _number(reader, table, where, "seat", 46.0))


def _desk(reader: Reader, table: Table, where: str) -> Prop:
    reader.check_keys(table, ("kind", "x", "h", "depth", "monitor", "front"), where)
    return Desk(
        x=_number(reader, table, where, "x", 45.0),
        h=_number(reader, table, where, "h", 73.0),
        depth=_number(reader, table, where, "depth", 60.0),
        monitor=reader.truth(table.get("monitor", False), join(where, "monitor")),
        front=reader.truth(table.get("front", False), join(where, "front")),
    )


def _wall(reader: Reader, table: Table, where: str) -> Prop:
    reader.check_keys(table, ("kind", "x"), where)
    return Wall(_number(reader, table, where, "x", 40.0))


def _mat(reader: Reader, table: Table, where: str) -> Prop:
    reader.check_keys(table, ("kind", "x", "z", "len", "width", "along"), where)
    along: Literal["x", "z"] = "x"
    if reader.choice(table.get("along", "x"), join(where, "along"), ("x", "z")) == "z":
        along = "z"
    return Mat(
        x=_number(reader, table, where, "x", 20.0),
        z=_number(reader, table, where, "z", 0.0),
        len=_number(reader, table, where, "len", 180.0),
        width=_number(reader, table, where, "width", 56.0),
        along=along,
    )


def _window(reader: Reader, table: Table, where: str) -> Prop:
    reader.check_keys(table, ("kind", "at", "size"), where)
    width, height = reader.numbers(table.get("size", [60, 80]), join(where, "size"), 2)
    return Window(reader.vector(table.get("at"), join(where, "at")), (width, height))


_READERS: dict[str, Callable[[Reader, Table, str], Prop]] = {
    "chair": _chair,
    "desk": _desk,
    "wall": _wall,
    "mat": _mat,
    "window": _window,
}
