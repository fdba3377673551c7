"""The frames of a clip as a window keeps them: drawn once, packed, and painted again from loop to loop.

A `Drawing` of the figure's geometry is a tree of some 500 objects and takes 70 KB. Packed as a `Frame` it takes half of
that, as the outlines of a part are one run of bytes, which Qt reads by itself; and less where parts do not move: these
are shared with the frame before.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, cos, hypot, radians, sin
from struct import Struct
from typing import Final, NamedTuple

from traycoach.figure.drawing import (
    Arrow,
    Curve,
    Drawing,
    FigureCommand,
    Fill,
    Gaze,
    Glow,
    Mark,
    Points,
    Shade,
    Shadow,
    Tone,
)
from traycoach.figure.film import Film

MOST_BYTES: Final = 12 * 2**20
"""What the frames of a clip may take. A longer one is shown in fewer frames: none of those shipped is."""
SWELL: Final = 0.08
"""A glow that pulses grows and shrinks by this."""
_GAZE_PEN: Final = 1.0
_BOX: Final = Struct("4f")


class Box(NamedTuple):
    """A part of the picture plane, cm."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether the two have anything in common."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


class Look(NamedTuple):
    """How a part is painted. `atop`: only on what is there already; `hollow`: odd-even."""

    tone: Tone
    alpha: float
    atop: bool
    hollow: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What is painted in one go: so many outlines, as `QDataStream` has polygons (little endian, 32 bits)."""

    look: Look
    outlines: int
    points: bytes
    _box: bytes

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(*_BOX.unpack(self._box))


Command = Part | Curve | Glow


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: commands in order. `figure` is what they cover."""

    commands: tuple[Command, ...]
    shadows: tuple[Shadow, ...]
    marks: tuple[Mark, ...]
    figure: Box

    @property
    def byte_count(self) -> int:
        """What its outlines take."""
        return sum(len(command.points) for command in self.commands if isinstance(command, Part))

    def changes(self, other: Frame, marks_of: tuple[str | None, str | None]) -> Iterator[Box]:
        """Give boxes around all that differs from another picture; `marks_of` are the moves with whose marks they are.

        The glow differs always: it pulses.
        """
        if len(self.commands) != len(other.commands):
            yield from (self.figure, other.figure)
        else:
            for mine, its in zip(self.commands, other.commands, strict=True):
                if mine != its or isinstance(mine, Glow):
                    yield from (box_of(mine), box_of(its))
        if self.shadows != other.shadows:
            yield from (_shadow_box(shadow) for shadow in {*self.shadows} ^ {*other.shadows})
        if self is not other or marks_of[0] != marks_of[1]:
            for frame, move in zip((self, other), marks_of, strict=True):
                yield from (_mark_box(mark) for mark in frame.marks if move in mark.moves)


class Reel:
    """The frames of a film, packed. They are drawn on first use and kept."""

    def __init__(self, film: Film, most_bytes: int = MOST_BYTES) -> None:
        self.film = film
        self._most = most_bytes
        self._frames: dict[int, Frame] = {}
        self._looks: dict[Look, Look] = {}
        self._last: tuple[Command, ...] = ()
        self._stride = 0
        # A pose that is held is shown as it is, whatever the stride.
        self._held = {film.index(span.arrival) for span in film.clip.timeline.spans}

    def index(self, t: float) -> int:
        """Give the number of the frame to show at `t` (s)."""
        return self._shown(self.film.index(t))

    def frame(self, index: int) -> Frame:
        """Give a frame."""
        if index not in self._frames:
            timeline = self.film.clip.timeline
            self._frames[index] = self.pack(self.film.draw(timeline.frame(timeline.frame_time(index))))
        return self._frames[index]

    def missing(self, t: float) -> Iterator[int]:
        """Give the numbers of the frames not drawn yet, those first that follow on `t`."""
        start, count = self.film.index(t), self.film.frame_count
        for index in (*range(start, count), *range(start)):
            if index not in self._frames and self._shown(index) == index:
                yield index

    def pack(self, drawing: Drawing) -> Frame:
        """Give any drawing as a frame, which is not kept."""
        packed = [self._packed(command) for command in drawing.figure]
        if len(packed) == len(self._last):
            # What has not moved since the last frame is not kept twice.
            packed = [old if old == new else new for old, new in zip(self._last, packed, strict=True)]
        self._last = tuple(packed)
        # What is painted atop is painted on nothing else.
        figure = around(box_of(command) for command in packed if not _is_atop(command))
        return Frame(self._last, drawing.shadows, drawing.marks, figure)

    def _packed(self, command: FigureCommand) -> Command:
        match command:
            case Fill(tone=tone, hollow=hollow):
                look = Look(tone, 1.0, atop=False, hollow=hollow)
            case Shade(tone=tone, alpha=alpha):
                look = Look(tone, alpha, atop=True, hollow=False)
            case _:
                return command
        rows = command.outlines
        return Part(self._looks.setdefault(look, look), len(rows), stream_of(rows), _BOX.pack(*box_around(rows)))

    def _shown(self, index: int) -> int:
        if not self._stride:
            # The frames of a clip are about equally large: one tells how many there may be.
            drawn = next(iter(self._frames.values()), None)
            if drawn is None:
                return index
            self._stride = max(1, ceil(self.film.frame_count * drawn.byte_count / self._most))
        return index if index in self._held else index - index % self._stride


def stream_of(rows: Iterable[Points[float]]) -> bytes:
    """Give outlines as a stream of polygons: the number of points, then their coordinates."""
    return b"".join((len(row) // 2).to_bytes(4, "little") + row.tobytes() for row in rows)


def box_around(rows: Iterable[Points[float]]) -> Box:
    """Give the box around outlines, of which there is at least one."""
    points: Points[float] = array("f")
    for row in rows:
        points.extend(row)
    xs, ys = points[::2], points[1::2]
    return Box(min(xs), min(ys), max(xs), max(ys))


def box_of(command: Command) -> Box:
    """Give what a command covers."""
    match command:
        case Part():
            return command.box
        case Glow():
            return _glow_box(command)
        case Curve():
            return _grown(box_around([command.points]), command.width)


def around(boxes: Iterable[Box]) -> Box:
    """Give the box around boxes, of which there is at least one."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def _is_atop(command: Command) -> bool:
    return isinstance(command, Glow) or (isinstance(command, Part) and command.look.atop)


def _glow_box(glow: Glow) -> Box:
    radius = glow.radius * (1.0 + SWELL)
    along, c, s = glow.half + radius, cos(radians(glow.angle)), sin(radians(glow.angle))
    wide, tall = hypot(along * c, radius * s), hypot(along * s, radius * c)
    return Box(glow.x - wide, glow.y - tall, glow.x + wide, glow.y + tall)


def _shadow_box(shadow: Shadow) -> Box:
    x, y, wide, tall = shadow.x, shadow.y, shadow.width, shadow.height
    return Box(x - wide, y - tall, x + wide, y + tall)


def _mark_box(mark: Arrow | Gaze) -> Box:
    if isinstance(mark, Arrow):
        return _grown(box_around(mark.outlines), mark.rim)
    ends = array("f", (mark.x, mark.y, mark.to_x, mark.to_y))
    return _grown(box_around([ends]), mark.spread + _GAZE_PEN)


def _grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.bottom - by, box.right + by, box.top + by)
