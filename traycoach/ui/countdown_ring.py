"""The ring beside the cue: seconds left, or the repetition being done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from traycoach.text import _
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import RING, RING_OF, RING_REPS, SMALL_STRONG, TypeRole

DIAMETER: Final = 92
_SMALL: Final = 64
_TALLEST: Final = 0.7
"""The share of the ring's inside that a digit is high at most."""
_STROKE: Final = 8
_LEAST_WORD: Final = 0.7
"""How much smaller than its size the word over the number may get, to fit into the ring."""
_UNDER_WORD: Final = 0.72
"""The size of a number that has a word over it."""
_SWELL_A_SECOND: Final = 0.06


class CountdownRing(QWidget):
    """A timed step's arc shrinks with the time left; a counted one's grows with the repetitions."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 0.0
        self._number = ""
        self._of = ""
        self._swell = 1.0
        self._paused = False
        self._small = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_seconds(self, number: int, share: float, *, swell_for: float = 0.0) -> None:
        """Show a number of seconds and the share of time left; `swell_for` seconds of the last three are over."""
        self._show(str(number), "", share, 1.0 + _SWELL_A_SECOND * swell_for)

    def show_reps(self, number: int, of: int, share: float) -> None:
        """Show the repetition being done and the share of all that is over."""
        self._show(str(number), f"/{of}", share, 1.0)

    def show_paused(self, *, paused: bool) -> None:
        """Say whether the countdown stands."""
        if paused != self._paused:
            self._paused = paused
            self.update()

    def show_small(self, *, small: bool) -> None:
        """Take no more room than a button, whatever the text's size."""
        self._small = small
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the box of the ring."""
        side = round(DIAMETER * self._growth)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint track, arc and number."""
        stroke = _STROKE * self._growth
        side = min(self.width(), self.height()) - stroke - 8
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("divider"), stroke))
            painter.drawEllipse(box)
            if self._share > 0:
                colour = self._theme.colour("accent")
                painter.setPen(QPen(colour, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawArc(box, 90 * 16, -round(360 * 16 * min(1.0, self._share)))
            middle = box.center()
            word_font = self._font_for(_("Paused"), box.width() - stroke) if self._paused else None
            if word_font is not None:
                self._paint_word(painter, _("Paused"), word_font, middle - QPointF(0, self._theme.grown(12)))
                middle += QPointF(0, self._theme.grown(9))
            swell = self._swell if word_font is None else _UNDER_WORD
            self._paint_number(painter, middle, 0.8 * (side - stroke), swell)

    @property
    def _growth(self) -> float:
        """The ring grows half as fast as the text: beside it the words need the room more."""
        return _SMALL / DIAMETER if self._small else (1 + self._theme.scale) / 2

    def _show(self, number: str, of: str, share: float, swell: float) -> None:
        # A finer share than of thousandths, a quarter of a pixel, nobody sees.
        shown = (number, of, round(share, 3), swell)
        if shown != (self._number, self._of, self._share, self._swell):
            self._number, self._of, self._share, self._swell = shown
            self.update()

    def _paint_number(self, painter: QPainter, middle: QPointF, room: float, swell: float) -> None:
        role: TypeRole = RING_REPS if self._of else RING
        font = QFont(self._theme.font(role))
        of_font = self._theme.font(RING_OF)
        size = min(font.pixelSize(), _TALLEST * room) * swell
        font.setPixelSize(round(size))
        wide, of_wide = QFontMetricsF(font).horizontalAdvance(self._number), 0.0
        if self._of:
            of_wide = QFontMetricsF(of_font).horizontalAdvance(self._of) + 1
        if wide + of_wide > room:
            squeeze = room / (wide + of_wide)
            font.setPixelSize(int(font.pixelSize() * squeeze))
            of_font = QFont(of_font)
            of_font.setPixelSize(int(of_font.pixelSize() * squeeze))
            wide, of_wide = wide * squeeze, of_wide * squeeze
        left = middle.x() - (wide + of_wide) / 2
        baseline = middle.y() + QFontMetricsF(font).capHeight() / 2
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(QPointF(left, baseline), self._number)
        if self._of:
            painter.setFont(of_font)
            painter.setPen(self._theme.colour("text_second"))
            painter.drawText(QPointF(left + wide + 1, baseline), self._of)

    def _font_for(self, word: str, room: float) -> QFont | None:
        """Give the font in which the word fits, a little smaller if need be; None: the number stands alone."""
        font = QFont(self._theme.font(SMALL_STRONG))
        share = room / QFontMetricsF(font).horizontalAdvance(word)
        if share < _LEAST_WORD:
            return None
        font.setPixelSize(int(font.pixelSize() * min(1.0, share)))
        return font

    def _paint_word(self, painter: QPainter, word: str, font: QFont, middle: QPointF) -> None:
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text_second"))
        painter.drawText(
            QPointF(middle.x() - metrics.horizontalAdvance(word) / 2, middle.y() + metrics.capHeight() / 2), word
        )
