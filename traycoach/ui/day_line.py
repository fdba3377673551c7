"""The day as a line: sitting, standing (taller), away (hatched), breaks as ticked dots above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from traycoach.messages import DayPart
from traycoach.ui.glyphs import Glyph, paint_glyph
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import SMALL

HOUR_S: Final = 3600
USUAL: Final = (8, 18)
"""The hours shown on a usual day; the line grows to the real ones."""
_HEIGHTS: Final = {"sitting": 36, "standing": 44, "away": 18}
_COLOURS: Final = {"sitting": "history_sitting", "standing": "history_standing", "away": "history_away"}
_DOT: Final = 18
_BAND: Final = 44
_LEAST_HOUR: Final = 26
"""Hour numbers closer than this are left out, px."""


class DayLine(QLabel):
    """Paints the parts of one day; `now_s` draws a line there, None does not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[DayPart, ...] = ()
        self._now_s: int | None = None
        # A label with a picture is an image to the accessibility tree; a bare widget would be nothing.
        self.setPixmap(QPixmap(1, 1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_day(self, parts: Sequence[DayPart], now_s: int | None, words: str) -> None:
        """Show these parts; `words` is the day as a sentence, for screen readers."""
        self._parts, self._now_s = tuple(parts), now_s
        self.setAccessibleName(words)
        self.update()

    def hours(self) -> tuple[int, int]:
        """Give the first and the last hour shown: the usual ones, grown to every part and to now."""
        moments = [moment for part in self._parts for moment in (part.began_s, part.ended_s)]
        if self._now_s is not None:
            moments.append(self._now_s)
        first = min([USUAL[0], *(moment // HOUR_S for moment in moments)])
        last = max([USUAL[1], *(-(-moment // HOUR_S) for moment in moments)])
        return first, last

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the height of dots, line and hours."""
        return QSize(320, _DOT + 4 + _BAND + 8 + self._theme.line(SMALL))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the least width at which a day can be read."""
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the day in the direction of reading."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            band = QRectF(0, _DOT + 4, self.width(), _BAND)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("stage"))
            painter.drawRoundedRect(band, 10, 10)
            self._paint_hours(painter, band)
            for part in self._parts:
                if part.kind in _HEIGHTS:
                    self._paint_part(painter, band, part)
            for part in self._parts:
                if part.kind == "break":
                    self._paint_break(painter, part)
            if self._now_s is not None:
                x = self._at(self._now_s)
                painter.setPen(QPen(self._theme.colour("text"), 2))
                painter.drawLine(QPointF(x, 2), QPointF(x, band.bottom() + 4))

    def _at(self, second: float) -> float:
        first, last = self.hours()
        inset = self._theme.grown(8)
        share = (second / HOUR_S - first) / (last - first)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return inset + share * (self.width() - 2 * inset)

    def _paint_hours(self, painter: QPainter, band: QRectF) -> None:
        first, last = self.hours()
        hour_width = abs(self._at(HOUR_S) - self._at(0))
        every = next((step for step in (1, 2, 3, 6) if step * hour_width >= self._theme.grown(_LEAST_HOUR)), 12)
        metrics = QFontMetricsF(self._theme.font(SMALL))
        painter.setFont(self._theme.font(SMALL))
        for hour in range(first, last + 1):
            x = self._at(hour * HOUR_S)
            painter.setPen(QPen(self._theme.colour("divider"), 1))
            painter.drawLine(QPointF(x, band.top() + 2), QPointF(x, band.bottom() + 4))
            if (hour - first) % every == 0:
                words = str(hour % 24)
                wide = metrics.horizontalAdvance(words)
                left = min(max(0.0, x - wide / 2), self.width() - wide)
                painter.setPen(self._theme.colour("text_second"))
                painter.drawText(QPointF(left, band.bottom() + 8 + metrics.ascent()), words)

    def _paint_part(self, painter: QPainter, band: QRectF, part: DayPart) -> None:
        start, end = sorted((self._at(part.began_s), self._at(part.ended_s)))
        height = _HEIGHTS[part.kind]
        box = QRectF(start + 0.75, band.bottom() - height, max(1.5, end - start - 1.5), height)
        radius = min(4.0, box.width() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(_COLOURS[part.kind]))
        painter.drawRoundedRect(box, radius, radius)
        if part.kind == "away":
            painter.setBrush(QBrush(self._theme.colour("history_away_hatch"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(box, radius, radius)

    def _paint_break(self, painter: QPainter, part: DayPart) -> None:
        middle = QPointF(self._at((part.began_s + part.ended_s) / 2), _DOT / 2)
        palette = self._theme.palette
        painter.setPen(QPen(QColor(palette.window), 2))
        painter.setBrush(QColor(palette.accent))
        painter.drawEllipse(middle, _DOT / 2 - 0.5, _DOT / 2 - 0.5)
        paint_glyph(painter, Glyph.CHECK, middle, 9, QColor(palette.text_on_accent))
