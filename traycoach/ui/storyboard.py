"""Pictures of a routine to keep: panels of single poses, and a page of all of them. Frames: `animation.py`.

Painted on images, no window is needed. A further view of an exercise (`[clip.NAME]`) follows its first where it is
asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPainterPath

from traycoach.figure.clip import Clip, clip_names, parse_clip
from traycoach.messages import OpenRoutineWindow, RoutineStep
from traycoach.text import _
from traycoach.ui.exercise_words import dose_of, explanation_of, partner_of, side_word, title_of
from traycoach.ui.figure_painter import Side, Stage
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BODY, HEADLINE, LABEL_STRONG, SECTION, STEP, TypeRole

COLUMNS: Final = 4
HALF: Final = 2
PANEL: Final = 300
GAP: Final = 20
_INSETS: Final = (16.0, 12.0, 16.0, 12.0)
_RADIUS: Final = 16.0
WRAP: Final = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Segment:
    """One view of one step. `group` counts exercises from 0: both sides of one are a group."""

    step: RoutineStep
    group: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Panel:
    """A pose of an exercise, with the cue that leads to it and the sentence for screen readers."""

    group: int
    image: QImage
    cue: str
    alt: str


@dataclass(frozen=True, slots=True)
class Group:
    """An exercise of the routine in words, for one side or both."""

    title: str
    dose: str
    how: str
    lines: tuple[tuple[str, str], ...]


def segments(message: OpenRoutineWindow, theme: Theme, *, all_views: bool) -> list[Segment]:
    """Give every step in every view that is wanted. Raises UserError if a movement cannot be read."""
    found: list[Segment] = []
    for number, index in _groups(message.steps):
        step = message.steps[index]
        side: Side = "left" if step.side == "left" else "right"
        for name in clip_names(step.exercise) if all_views else ("",):
            clip = parse_clip(step.exercise, message.poses, name=name)
            found.append(Segment(step, number, Stage(clip, side, theme.palette, theme.figure, _INSETS)))
    return found


def groups(message: OpenRoutineWindow) -> list[Group]:
    """Give the exercises in words, in order."""
    found: dict[int, Group] = {}
    for number, index in _groups(message.steps):
        if number not in found:
            step = message.steps[index]
            lines = [(label, _both_sides(message.steps, index, key)) for key, label in _labels()]
            how = _both_sides(message.steps, index, "how")
            dose = "" if message.is_lesson else dose_of(message.steps, index)
            found[number] = Group(title_of(step), dose, how, tuple(line for line in lines if line[1]))
    return list(found.values())


def _groups(steps: Sequence[RoutineStep]) -> Iterator[tuple[int, int]]:
    """(number of the exercise, index of the step)."""
    number = -1
    for index in range(len(steps)):
        partner = partner_of(steps, index)
        if partner is None or partner > index:
            number += 1
        yield number, index


def _labels() -> tuple[tuple[str, str], ...]:
    return (
        ("feel", _("Feel it")),
        ("breathing", _("Breathing")),
        ("mistake", _("Watch out")),
        ("caution", _("Caution")),
    )


def _both_sides(steps: Sequence[RoutineStep], index: int, key: str) -> str:
    """Give a text for the printed page: it names the side that comes first."""
    step = steps[index]
    if key == "how":
        return explanation_of(step)
    text = step.exercise.get(key)
    other = {"right": "left", "left": "right"}.get(step.side, "")
    return (
        (text if isinstance(text, str) else "")
        .replace("{side}", side_word(step.side))
        .replace("{other}", side_word(other))
    )


# --- poses and the page -----------------------------------------------------------------------------------------------


def panels(found: Sequence[Segment], size: int) -> Iterator[Panel]:
    """Give the key poses of each exercise, on the side that comes first."""
    shown: set[tuple[int, str]] = set()
    for one in found:
        clip = one.stage.clip
        here = (one.group, clip.alt)  # a further view has a sentence of its own, the other side has not
        if here in shown:
            continue
        shown.add(here)
        for index in range(len(clip.still)):
            yield Panel(one.group, _rounded(posed(one.stage, index, size)), _caption(clip, index), one.stage.alt)


def _caption(clip: Clip, index: int) -> str:
    """Give the cue that leads to a still pose; the loop's first pose is where it starts."""
    pose = clip.still[index]
    if index == 0 and len(clip.still) > 1 and pose == clip.moves[-1].to:
        return _("Start")
    return next((move.cue for move in clip.moves if move.to == pose and move.cue), "")


def page(message: OpenRoutineWindow, theme: Theme, found: Sequence[Segment], summary: str) -> QImage:
    """Give a page with every exercise: its name, dose, explanation and key poses."""
    pictures: dict[int, list[Panel]] = {}
    for panel in panels(found, PANEL):
        pictures.setdefault(panel.group, []).append(panel)
    words = groups(message)
    blocks = [_Block(group, pictures.get(number, [])) for number, group in enumerate(words)]
    rows = _rows(blocks)
    columns = max(sum(block.columns for block in row) for row in rows)
    flow = _Flow(theme, _wide(columns))
    height = flow.lay(None, message.title, summary, rows)
    image = canvas(_wide(columns) + 2 * GAP, ceil(height) + GAP, theme)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flow.lay(painter, message.title, summary, rows)
    return image


@dataclass(frozen=True, slots=True)
class _Block:
    """An exercise on the page."""

    words: Group
    pictures: Sequence[Panel]

    @property
    def columns(self) -> int:
        """How many pictures it is wide: half a page, or the whole of it."""
        return HALF if len(self.pictures) <= HALF else COLUMNS


def _rows(blocks: Sequence[_Block]) -> list[list[_Block]]:
    rows: list[list[_Block]] = []
    for block in blocks:
        if rows and sum(one.columns for one in rows[-1]) + block.columns <= COLUMNS:
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _wide(columns: int) -> int:
    return columns * PANEL + (columns - 1) * GAP


class _Flow:
    """Lays a page out from top to bottom, first without a painter, to know how high it is."""

    def __init__(self, theme: Theme, width: float) -> None:
        self._theme = theme
        self._width = width
        self._painter: QPainter | None = None

    def lay(self, painter: QPainter | None, title: str, summary: str, rows: Sequence[Sequence[_Block]]) -> float:
        """Lay everything out; give the height."""
        self._painter = painter
        y = self._text(HEADLINE, title, GAP, GAP, self._width)
        y = self._text(BODY, summary, GAP, y, self._width, "text_second")
        several = sum(len(row) for row in rows) > 1
        number = 0
        for row in rows:
            x, top = float(GAP), y + GAP
            for block in row:
                number += 1
                y = max(y, self._block(block, number if several else None, x, top))
                x += _wide(block.columns) + GAP
        return y

    def _block(self, block: _Block, number: int | None, x: float, y: float) -> float:
        width = _wide(block.columns)
        if number is not None:
            y = self._text(SECTION, f"{number}  {block.words.title}", x, y, width)
        y = self._text(LABEL_STRONG, block.words.dose, x, y, width, "text_second")
        y = self._text(BODY, block.words.how, x, y, width) + 8
        for start in range(0, len(block.pictures), COLUMNS):
            below = y + PANEL + 6
            for column, panel in enumerate(block.pictures[start : start + COLUMNS]):
                left = x + column * (PANEL + GAP)
                if self._painter is not None:
                    self._painter.drawImage(QPointF(left, y), panel.image)
                below = max(below, self._text(STEP, panel.cue or " ", left + 4, y + PANEL + 6, PANEL - 8))
            y = below + 8
        return y

    def _text(self, role: TypeRole, text: str, x: float, y: float, width: float, colour: str = "text") -> float:
        """Write a text that wraps; give where it ends."""
        if not text:
            return y
        font = self._theme.font(role)
        height = wrapped_height(font, text, width)
        if self._painter is not None:
            self._painter.setFont(font)
            self._painter.setPen(self._theme.colour(colour))
            self._painter.drawText(QRectF(x, y, width, height + 2), WRAP, text)
        return y + height + 4


def wrapped_height(font: QFont, text: str, width: float) -> float:
    """Give how high a text is that wraps at this width, px."""
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 10_000), WRAP, text).height()


def key_pose(stage: Stage) -> str:
    """Give the still pose that stands for the exercise."""
    key = stage.clip.key_pose
    return key if key in stage.clip.still else stage.clip.still[-1]


def posed(stage: Stage, index: int, size: int) -> QImage:
    """Give a square picture of a still pose, with its arrows."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stage.paint_still(painter, QRectF(0, 0, size, size), index)
    return image


def _rounded(image: QImage) -> QImage:
    shaped = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    shaped.fill(Qt.GlobalColor.transparent)
    with QPainter(shaped) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(image.rect()), _RADIUS, _RADIUS)
        painter.setClipPath(path)
        painter.drawImage(0, 0, image)
    return shaped


def canvas(width: int, height: int, theme: Theme) -> QImage:
    """Give an image in the colour of a window."""
    image = QImage(QSize(width, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(theme.colour("window"))
    return image
