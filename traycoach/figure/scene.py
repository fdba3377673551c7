"""Reads the `[scene]` of a clip: view, pitch, props, framing. Source: docs/figure.md, "The scene"."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final

from traycoach.figure.props import KINDS, Prop, Scene
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
    scene: dict[str, Prop] = {}
    for i, item in enumerate(value):
        where = f"{path}[{i}]"
        table: Table = {"kind": item} if isinstance(item, str) else reader.table(item, where)
        kind = reader.choice(table.get("kind"), where if isinstance(item, str) else join(where, "kind"), KINDS)
        if kind != table.get("kind"):
            continue
        if kind in scene:
            reader.wrong(where, _("there is already a {kind} in the scene").format(kind=kind))
        scene[kind] = _prop(reader, KINDS[kind], table, where)
    return scene


_RANGES: Final[dict[str, tuple[float, float]]] = {"recline": (0.0, 30.0), "r": (1.0, 40.0)}
_VECTORS: Final[dict[str, int]] = {"at": 3, "size": 2}
_WORDS: Final[dict[str, tuple[str, ...]]] = {"along": ("x", "z"), "facing": ("forward", "back")}


def _prop(reader: Reader, kind: type[Prop], table: Table, where: str) -> Prop:
    """A prop whose keys are the fields of its class: numbers, truths, and words."""
    known = {entry.name: entry for entry in fields(kind)}
    reader.check_keys(table, ("kind", *known), where)
    values: dict[str, Any] = {}
    for key, entry in known.items():
        path, value = join(where, key), table.get(key)
        if key in _VECTORS:
            # A window has no place of its own; whatever else is left out keeps its default.
            if key in table or entry.default is MISSING:
                values[key] = reader.numbers(value, path, _VECTORS[key])
        elif key not in table:
            continue
        elif key in _WORDS:
            values[key] = reader.choice(value, path, _WORDS[key])
        elif isinstance(entry.default, bool):
            values[key] = reader.truth(value, path)
        else:
            values[key] = reader.number(value, path, 0.0, *_RANGES.get(key, (-400.0, 400.0)))
    return kind(**values)
