"""The frames of an animation to keep: one loop of every step, with words below. See `export.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from traycoach.messages import OpenRoutineWindow
from traycoach.text import _
from traycoach.ui.exercise_words import explanation_of, side_word, title_of
from traycoach.ui.storyboard import WRAP, Segment, canvas, key_pose, posed, wrapped_height
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BODY, LABEL, LABEL_STRONG, SECTION

FRAME_MS: Final = 60
LONGEST_HOLD_MS: Final = 3000
"""A hold is one frame; a longer one is cut to this."""
BAND: Final = 64
"""Height of the words below the picture, px: a name and a cue. The sentences of a lesson may need more."""
_SIDE: Final = 14
_TOP: Final = 8
_TITLE: Final = 24
"""The line of the name, and what is free below it."""
_BOTTOM: Final = 6


def frame_count(found: Sequence[Segment]) -> int:
    """How many frames `frames` gives."""
    return sum(_steps_of(span.move.time) for one in found for span in one.stage.clip.timeline.spans)


def frames(
    message: OpenRoutineWindow, theme: Theme, found: Sequence[Segment], size: int
) -> Iterator[tuple[QImage, int]]:
    """Give each frame of one loop of every segment, and how long it is shown, in ms."""
    parts = 1 + max(one.group for one in found)
    band = _band_height(theme, found, size) if message.is_lesson else BAND
    for one in found:
        for span in one.stage.clip.timeline.spans:
            steps = _steps_of(span.move.time)
            hold = min(LONGEST_HOLD_MS, round(span.move.hold * 1000))
            for k in range(1, steps + 1):
                t = span.start + span.move.time * k / steps - 1e-6
                takes = round(span.move.time * 100 / steps) * 10
                image = _frame(message, theme, one, QSize(size, size + band), t, parts)
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
        band = QRectF(0, across * size, across * size, BAND)
        _name(painter, theme, band, "Aa", "1/2")
        _cue(painter, theme, band, "Aa")
    return image


def _steps_of(time_s: float) -> int:
    return max(1, round(time_s * 1000 / FRAME_MS))


def _band_height(theme: Theme, found: Sequence[Segment], size: int) -> int:
    """Give what the longest sentence of a lesson needs: all frames are of one size."""
    font, width = theme.font(BODY), size - 2 * _SIDE
    longest = max(wrapped_height(font, explanation_of(one.step), width) for one in found)
    return max(BAND, _TOP + _TITLE + ceil(longest) + _BOTTOM)


def _frame(message: OpenRoutineWindow, theme: Theme, one: Segment, size: QSize, t: float, parts: int) -> QImage:
    """Paint the picture, a square, and the words in what `size` has below it."""
    image = canvas(size.width(), size.height(), theme)
    picture = QRectF(0, 0, size.width(), size.width())
    side = side_word(one.step.side)
    title = title_of(one.step)
    if side:
        title = _("{exercise}, {side} side").format(exercise=title, side=side)
    place = f"{one.group + 1}/{parts}" if parts > 1 else ""
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        one.stage.paint(painter, picture, t, pulse=0.0)
        band = QRectF(image.rect()).adjusted(0, picture.height(), 0, 0)
        _name(painter, theme, band, title, place)
        if message.is_lesson:
            _sentence(painter, theme, band, explanation_of(one.step))
        else:
            _cue(painter, theme, band, one.stage.cue(t))
    return image


def _name(painter: QPainter, theme: Theme, band: QRectF, title: str, place: str) -> None:
    box = _inside(band)
    font = theme.font(LABEL)
    painter.setPen(theme.colour("text_second"))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, place)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, _cut(font, title, box.width() - 44))


def _cue(painter: QPainter, theme: Theme, band: QRectF, cue: str) -> None:
    box = _inside(band)
    font = theme.font(SECTION)
    if QFontMetricsF(font).horizontalAdvance(cue) > box.width():
        font = theme.font(LABEL_STRONG)
    painter.setPen(theme.colour("text"))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, _cut(font, cue, box.width()))


def _sentence(painter: QPainter, theme: Theme, band: QRectF, sentence: str) -> None:
    painter.setPen(theme.colour("text"))
    painter.setFont(theme.font(BODY))
    painter.drawText(_inside(band).adjusted(0, _TITLE, 0, 0), WRAP, sentence)


def _inside(band: QRectF) -> QRectF:
    return band.adjusted(_SIDE, _TOP, -_SIDE, -_BOTTOM)


def _cut(font: QFont, text: str, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
