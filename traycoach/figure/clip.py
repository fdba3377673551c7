"""The motion part of an exercise file as values, and its parser. Source: docs/figure.md, "The file".

Use: `clip = parse_clip(tomllib.loads(text), tomllib.loads(poses_text), file="chin-tuck.toml")`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from traycoach.figure.motion import EASES, Move, Timeline
from traycoach.figure.pose import Pose
from traycoach.figure.pose_parser import parse_poses
from traycoach.figure.reading import Reader, Table, join
from traycoach.figure.region import REGIONS, other_side
from traycoach.figure.scene import Setting, parse_setting
from traycoach.figure.skeleton import PART_NAMES
from traycoach.figure.vector import Vec
from traycoach.text import _

Sides = Literal["none", "right-left"]
ClipSide = Literal["right", "left"]

VIEW_KEYS: Final = ("target", "alt", "still", "picture", "scene", "pose", "move", "arrow", "gaze", "waive")
"""The keys a further view of the exercise, `[clip.NAME]`, may have."""
CLIP_KEYS: Final = ("id", "title", "sides", *VIEW_KEYS, "clip")
TEXT_KEYS: Final = (
    "summary",
    "how",
    "feel",
    "breathing",
    "mistake",
    "caution",
    "dose",
    "place",
    "needs",
    "regions",
    "goals",
    "discreet",
    "wheelchair",
    "filters",
    "level",
    "easier",
    "harder",
    "sources",
)
"""The keys of an exercise file that are text and dose: the library's business, passed over here."""

CUE_LETTERS: Final = 42
CUE_WORDS: Final = 8
MAX_ARROWS: Final = 2
CHECKS: Final = 13
"""How many checks there are; see `check`."""


@dataclass(frozen=True, slots=True)
class ArrowMark:
    """An arrow along a curve of three points, in world cm or, with `on`, in that part's frame."""

    moves: tuple[str, ...]
    path: tuple[Vec, Vec, Vec]
    on: str | None = None
    w: float = 1.8
    """Width of the stem in cm."""


@dataclass(frozen=True, slots=True)
class GazeMark:
    """A wedge of sight from the eye to a world point, `spread` cm to each side there."""

    moves: tuple[str, ...]
    to: Vec
    spread: float = 5.0


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding of `check` that is meant, with its reason; `pose` "" stands for the whole clip."""

    check: int
    pose: str
    reason: str


@dataclass(frozen=True)
class Clip:
    """One parsed clip. Data is that of the right side; for the left the painter mirrors the picture."""

    id: str
    title: str
    sides: Sides
    target: tuple[str, ...]
    alt: str
    still: tuple[str, ...]
    setting: Setting
    poses: Mapping[str, Pose]
    moves: tuple[Move, ...]
    arrows: tuple[ArrowMark, ...] = field(default=())
    gazes: tuple[GazeMark, ...] = field(default=())
    picture: str = ""
    waivers: tuple[Waiver, ...] = field(default=())

    @cached_property
    def timeline(self) -> Timeline:
        """The loop of this clip."""
        return Timeline(self.poses, self.moves)

    @property
    def key_pose(self) -> str:
        """The pose that stands for the clip in a thumbnail: `picture`, else the pose that is held longest, else the
        first a move leads to.
        """
        return self.picture or max(self.moves, key=lambda move: move.hold).to

    def target_for(self, side: ClipSide) -> tuple[str, ...]:
        """The target regions, swapped for the left side."""
        if side == "right" or self.sides == "none":
            return self.target
        return tuple(other_side(name) for name in self.target)

    def alt_for(self, side: ClipSide) -> str:
        """The screen-reader sentence for a side; `{side}` and `{other}` become words."""
        right, left = _("right"), _("left")
        here, there = (right, left) if side == "right" else (left, right)
        return self.alt.replace("{side}", here).replace("{other}", there)


def parse_clip(
    mapping: Table,
    presets: Table,
    file: str | None = None,
    beside: Collection[str] = TEXT_KEYS,
    name: str = "",
) -> Clip:
    """The clip in the parsed TOML `mapping` of one exercise file, or its further view `[clip.NAME]` called `name`.

    `presets` is the parsed file of base poses, `beside` names top-level keys that are not the clip's and are passed
    over. Raises UserError with every problem found (in all views): file, dotted key, what was expected, the nearest
    known key. An unknown `name` raises KeyError.
    """
    reader = Reader(file)
    reader.check_keys(mapping, (*CLIP_KEYS, *beside), "")
    basic = parse_poses(Reader(), presets, {}, None, "")
    views = {"": _view(reader, mapping, mapping, basic, "")}
    for key, value in reader.table(mapping.get("clip", {}), "clip").items():
        where = join("clip", key)
        table = reader.table(value, where)
        reader.check_keys(table, VIEW_KEYS, where)
        views[key] = _view(reader, mapping, table, {**basic, **views[""].poses}, where)
    reader.finish()
    return views[name]


def clip_names(mapping: Table) -> tuple[str, ...]:
    """The names `parse_clip` takes for an exercise file: "" for the clip itself, then its further views."""
    views = mapping.get("clip")
    return ("", *views) if isinstance(views, Mapping) else ("",)


def _view(reader: Reader, whole: Table, mapping: Table, basic: Mapping[str, Pose], where: str) -> Clip:
    """The clip written in `mapping`; name, sides, and target and sentence where it has none, come from `whole`."""

    def part(key: str) -> str:
        return join(where, key)

    setting = parse_setting(reader, reader.table(mapping.get("scene", {}), part("scene")), part("scene"))
    own = reader.table(mapping.get("pose", {}), part("pose"))
    poses = parse_poses(reader, own, basic, setting.props, part("pose"))
    moves = _moves(reader, mapping.get("move", []), poses, part("move"))
    reached = tuple(dict.fromkeys(move.to for move in moves))
    still = reader.texts(mapping["still"], part("still")) if "still" in mapping else reached
    if mapping.get("still") == []:
        reader.wrong(part("still"), _("expected at least one pose"))
    for name in still:
        reader.choice(name, part("still"), poses)
    targets = reader.texts(mapping.get("target", whole.get("target", [])), part("target"))
    for name in targets:
        reader.choice(name, part("target"), REGIONS)
    sides: Sides = "none"
    if reader.choice(whole.get("sides", "none"), "sides", ("none", "right-left")) == "right-left":
        sides = "right-left"
    return Clip(
        id=reader.text(whole.get("id"), "id"),
        title=reader.text(whole.get("title"), "title"),
        sides=sides,
        target=targets,
        alt=reader.text(mapping.get("alt", whole.get("alt")), part("alt")),
        still=still,
        setting=setting,
        poses=poses,
        moves=moves,
        arrows=_arrows(reader, mapping.get("arrow", []), reached, part("arrow")),
        gazes=_gazes(reader, mapping.get("gaze", []), reached, part("gaze")),
        picture=reader.choice(mapping["picture"], part("picture"), poses) if "picture" in mapping else "",
        waivers=_waivers(reader, mapping.get("waive", []), poses, part("waive")),
    )


def check_poses(presets: Table, file: str | None = None) -> dict[str, Pose]:
    """The base poses of the presets file; raises UserError with every problem found in it."""
    reader = Reader(file)
    poses = parse_poses(reader, presets, {}, None, "")
    reader.finish()
    return poses


def _moves(reader: Reader, value: object, poses: Mapping[str, Pose], path: str) -> tuple[Move, ...]:
    moves = []
    for i, table in enumerate(reader.tables(value, path)):
        where = f"{path}[{i}]"
        reader.check_keys(table, ("to", "time", "ease", "hold", "cue"), where)
        cue = reader.text(table["cue"], join(where, "cue")) if "cue" in table else ""
        if len(cue) > CUE_LETTERS or len(cue.split()) > CUE_WORDS:
            message = _("expected at most {letters} characters and {words} words")
            reader.wrong(join(where, "cue"), message.format(letters=CUE_LETTERS, words=CUE_WORDS))
        moves.append(
            Move(
                to=reader.choice(table.get("to"), join(where, "to"), poses),
                time=reader.number(table.get("time", 1.2), join(where, "time"), 1.2, 0.05, 60.0),
                ease=reader.choice(table.get("ease", "smooth"), join(where, "ease"), EASES),
                hold=reader.number(table.get("hold", 0.0), join(where, "hold"), 0.0, 0.0, 600.0),
                cue=cue,
            )
        )
    if not moves and isinstance(value, list):
        reader.wrong(path, _("expected at least one move"))
    elif moves and not any(move.cue for move in moves):
        reader.wrong(path, _("expected a cue in at least one move"))
    return tuple(moves)


def _arrows(reader: Reader, value: object, reached: tuple[str, ...], path: str) -> tuple[ArrowMark, ...]:
    arrows = []
    for i, table in enumerate(reader.tables(value, path)):
        where = f"{path}[{i}]"
        reader.check_keys(table, ("moves", "path", "on", "w"), where)
        curve = table.get("path")
        if not isinstance(curve, list) or len(curve) != 3:
            reader.wrong(join(where, "path"), _("expected three points"))
            curve = [[0, 0, 0]] * 3
        start, bow, end = (reader.vector(point, f"{where}.path[{k}]") for k, point in enumerate(curve))
        on = reader.choice(table["on"], join(where, "on"), PART_NAMES) if "on" in table else None
        width = reader.number(table.get("w", 1.8), join(where, "w"), 1.8, 0.2, 6.0)
        arrows.append(ArrowMark(_shown_in(reader, table, where, reached), (start, bow, end), on, width))
    for name in reached:
        if sum(name in arrow.moves for arrow in arrows) > MAX_ARROWS:
            reader.wrong(path, _("expected at most {count} arrows in one move").format(count=MAX_ARROWS))
    return tuple(arrows)


def _gazes(reader: Reader, value: object, reached: tuple[str, ...], path: str) -> tuple[GazeMark, ...]:
    gazes = []
    for i, table in enumerate(reader.tables(value, path)):
        where = f"{path}[{i}]"
        reader.check_keys(table, ("moves", "to", "spread"), where)
        spread = reader.number(table.get("spread", 5.0), join(where, "spread"), 5.0, 0.5, 60.0)
        to = reader.vector(table.get("to"), join(where, "to"))
        gazes.append(GazeMark(_shown_in(reader, table, where, reached), to, spread))
    return tuple(gazes)


def _shown_in(reader: Reader, table: Table, where: str, reached: tuple[str, ...]) -> tuple[str, ...]:
    """The move targets a mark is shown with (default: all)."""
    if "moves" not in table:
        return reached
    names = reader.texts(table["moves"], join(where, "moves"))
    for name in names:
        reader.choice(name, join(where, "moves"), reached)
    return names


def _waivers(reader: Reader, value: object, poses: Mapping[str, Pose], path: str) -> tuple[Waiver, ...]:
    waivers = []
    for i, table in enumerate(reader.tables(value, path)):
        where = f"{path}[{i}]"
        reader.check_keys(table, ("check", "pose", "reason"), where)
        pose = reader.choice(table["pose"], join(where, "pose"), poses) if "pose" in table else ""
        check = int(reader.number(table.get("check"), join(where, "check"), 1.0, 1.0, CHECKS))
        waivers.append(Waiver(check, pose, reader.text(table.get("reason"), join(where, "reason"))))
    return tuple(waivers)
