"""The frames of an animation to keep: one loop of every step, with its name and cue below. See `export.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from traycoach.messages import OpenRoutineWindow
from traycoach.text import _
from traycoach.ui.exercise_words import explanation_of, side_word, title_of
from traycoach.ui.storyboard import Segment, canvas, key_pose, posed
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import LABEL, LABEL_STRONG, SECTION

FRAME_MS: Final = 60
LONGEST_HOLD_MS: Final = 3000
"""A hold is one frame; a longer one is cut to this."""
BAND: Final = 64
"""Height of the words below the picture, px."""


def frame_count(found: Sequence[Segment]) -> int:
    """How many frames `frames` gives."""
    return sum(_steps_of(span.move.time) for one in found for span in one.stage.clip.timeline.spans)


def frames(
    message: OpenRoutineWindow, theme: Theme, found: Sequence[Segment], size: int
) -> Iterator[tuple[QImage, int]]:
    """Give each frame of one loop of every segment, and how long it is shown, in ms."""
    parts = 1 + max(one.group for one in found)
    for one in found:
        for span in one.stage.clip.timeline.spans:
            steps = _steps_of(span.move.time)
            hold = min(LONGEST_HOLD_MS, round(span.move.hold * 1000))
            for k in range(1, steps + 1):
                t = span.start + span.move.time * k / steps - 1e-6
                takes = round(span.move.time * 100 / steps) * 10
                image = _frame(message, theme, one, size, t, parts)
                yield image, max(20, takes + (hold if k == steps else 0))


def palette_picture(theme: Theme, found: Sequence[Segment], size: int) -> QImage:
    """Give a picture with every colour of the animation in it, for an encoder that must choose a few."""
    across = ceil(len(found) ** 0.5)
    image = canvas(across * size, across * size + BAND, theme)
    with QPainter(image) as painter:
        for number, one in enumerate(found):
            painter.drawImage(
                QPointF(number % across * size, number // across * size),
                posed(one.stage, one.stage.clip.still.index(key_pose(one.stage)), size),
            )
        _band(painter, theme, QRectF(0, across * size, across * size, BAND), ("Aa", "1/2", "Aa"))
    return image


def _steps_of(time_s: float) -> int:
    return max(1, round(time_s * 1000 / FRAME_MS))


def _frame(message: OpenRoutineWindow, theme: Theme, one: Segment, size: int, t: float, parts: int) -> QImage:
    image = canvas(size, size + BAND, theme)
    side = side_word(one.step.side)
    title = title_of(one.step)
    if side:
        title = _("{exercise}, {side} side").format(exercise=title, side=side)
    place = f"{one.group + 1}/{parts}" if parts > 1 else ""
    cue = explanation_of(one.step) if message.is_lesson else one.stage.cue(t)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        one.stage.paint(painter, QRectF(0, 0, size, size), t, pulse=0.0)
        _band(painter, theme, QRectF(0, size, size, BAND), (title, place, cue))
    return image


def _band(painter: QPainter, theme: Theme, rect: QRectF, words: tuple[str, str, str]) -> None:
    title, place, cue = words
    box = rect.adjusted(14, 8, -14, -6)
    painter.setPen(theme.colour("text_second"))
    painter.setFont(theme.font(LABEL))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, place)
    painter.drawText(_first_line(box), Qt.AlignmentFlag.AlignLeft, _cut(theme.font(LABEL), title, box.width() - 44))
    painter.setPen(theme.colour("text"))
    font = theme.font(SECTION)
    if QFontMetricsF(font).horizontalAdvance(cue) > box.width():
        font = theme.font(LABEL_STRONG)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, _cut(font, cue, box.width()))


def _first_line(box: QRectF) -> QRectF:
    return QRectF(box.left(), box.top(), box.width(), 20)


def _cut(font: QFont, text: str, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
