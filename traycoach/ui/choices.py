"""Radio groups in two looks: the small chips on the stage, and the large answers of the end card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from traycoach.ui.controls import HIT, Control
from traycoach.ui.palette import mix
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import LABEL_STRONG, SMALL_STRONG

_CHIP: Final = 28
_GROUP: Final = 36


class Choice(Control):
    """One answer of a group: a radio button to the keyboard and to a screen reader."""

    def __init__(self, theme: Theme, text: str, parent: QWidget) -> None:
        super().__init__(theme, text, parent)
        self.setAccessibleDescription(parent.accessibleName())
        self.setCheckable(True)
        self.setAutoExclusive(True)


class ChipGroup(QWidget):
    """Two or three chips in one bar of 36 px, each hit on 44. `chosen` gives the number of the one clicked.

    Where there is little room the chips may be told to show signs for their words.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: list[_Chip] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(4, 0, 4, 0)
        self._layout.setSpacing(0)
        self.setAccessibleName(name)

    def show_chips(
        self, texts: Sequence[str], current: int, enabled: Sequence[bool], signs: Sequence[str] = ()
    ) -> None:
        """Show these chips."""
        if [chip.caption for chip in self._chips] != list(texts):
            for chip in self._chips:
                # Qt deletes it when it is back in its loop: until then it would be seen, and count for the width.
                self._layout.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
            signs = signs or texts
            self._chips = [_Chip(self._theme, text, sign, self) for text, sign in zip(texts, signs, strict=True)]
            for number, chip in enumerate(self._chips):
                self._layout.addWidget(chip)
                chip.show()  # a child added to a window that is on the screen is hidden
                chip.clicked.connect(lambda _checked=False, number=number: self.chosen.emit(number))
        for number, chip in enumerate(self._chips):
            chip.setEnabled(enabled[number])
            if number == current:
                chip.setChecked(True)
        self.adjustSize()

    @property
    def full_width(self) -> int:
        """What the group takes with the words on its chips, px."""
        return sum(chip.width_of(chip.caption) for chip in self._chips) + 8

    def shorten(self, *, short: bool) -> None:
        """Show the signs, or the words."""
        for chip in self._chips:
            chip.shorten(short=short)

    @property
    def chips(self) -> tuple[Control, ...]:
        """The chips, in order."""
        return tuple(self._chips)

    def dress(self) -> None:
        """Take over a changed theme."""
        self.adjustSize()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the bar behind the chips."""
        palette = self._theme.palette
        height = self._theme.grown(_GROUP)
        box = QRectF(0.5, (self.height() - height) / 2 + 0.5, self.width() - 1, height - 1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(palette.border if palette.contrast else palette.divider), palette.border_width))
            painter.setBrush(QColor(mix(palette.card, palette.text, 0.04) if palette.dark else palette.card))
            painter.drawRoundedRect(box, 12, 12)


class _Chip(Choice):
    radius = 9.0

    def __init__(self, theme: Theme, text: str, sign: str, parent: QWidget) -> None:
        self._sign = sign
        self._short = False
        super().__init__(theme, text, parent)

    def shorten(self, *, short: bool) -> None:
        """Show the sign, with the word as a tooltip; or the word."""
        if short != self._short:
            self._short = short
            self.setToolTip(self.caption if short else "")
            self.updateGeometry()
            self.update()

    def width_of(self, text: str) -> int:
        """Give the width of the hit area with this text on it."""
        return max(HIT, QFontMetrics(self.font()).horizontalAdvance(text) + 22)

    @property
    def _shown(self) -> str:
        return self._sign if self._short else self.caption

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self.theme.font(SMALL_STRONG))

    def ring_shape(self) -> tuple[QRectF, float]:
        """Give the chip's own outline, not its hit area."""
        height = self.theme.grown(_CHIP)
        return QRectF(0, (self.height() - height) / 2, self.width(), height), self.radius

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the hit area."""
        return QSize(self.width_of(self._shown), max(HIT, self.theme.grown(_GROUP)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the chip."""
        palette = self.theme.palette
        box, radius = self.ring_shape()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = palette.text_second
            if self.isChecked():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(palette.accent))
                painter.drawRoundedRect(box, radius, radius)
                ink = palette.text_on_accent
            elif self.underMouse() and self.isEnabled():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(palette.accent_soft))
                painter.drawRoundedRect(box, radius, radius)
            painter.setPen(QColor(ink))
            painter.setFont(self.font())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._shown)


class AnswerGroup(QWidget):
    """One question's answers in a row, in rows of fewer where they do not fit. Nothing is chosen beforehand.

    `bars` draws one to n bars over the words, so that the order is seen as well as read. `chosen` gives the number
    of the answer, from 0. Answers from `warm_from` on are marked in the warm colour.
    """

    chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        name: str,
        texts: Sequence[str],
        parent: QWidget,
        *,
        bars: bool = False,
        warm_from: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = 0
        self.setAccessibleName(name)
        self.answers = tuple(
            _Answer(
                theme, text, self, bars=number + 1 if bars else 0, warm=warm_from is not None and number >= warm_from
            )
            for number, text in enumerate(texts)
        )
        # An exclusive group, else the two questions of the end card would be one: auto-exclusion goes by parent.
        self._group = QButtonGroup(self)
        for number, answer in enumerate(self.answers):
            self._group.addButton(answer, number)
        self._group.idClicked.connect(self.chosen)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.arrange(len(texts))

    @property
    def answer(self) -> int | None:
        """The number of the answer chosen; None as long as there is none."""
        number = self._group.checkedId()
        return None if number < 0 else number

    def choose(self, number: int) -> None:
        """Choose as a click would."""
        self.answers[number].click()

    def arrange_for(self, width: int) -> None:
        """Take as many columns as fit in this width."""
        widest = max(answer.sizeHint().width() for answer in self.answers)
        count = len(self.answers)
        fitting = max(1, min(count, (width + 8) // (widest + 8)))
        rows = -(-count // fitting)
        self.arrange(-(-count // rows))

    def arrange(self, columns: int) -> None:
        """Lay the answers out in so many columns."""
        if columns == self._columns:
            return
        for old in range(self._columns):
            self._layout.setColumnStretch(old, 0)
        self._columns = columns
        for number, answer in enumerate(self.answers):
            self._layout.addWidget(answer, number // columns, number % columns)
            self._layout.setColumnStretch(number % columns, 1)


class _Answer(Choice):
    radius = 12.0

    def __init__(self, theme: Theme, text: str, parent: QWidget, *, bars: int, warm: bool) -> None:
        self._bars = bars
        self._warm = warm
        super().__init__(theme, text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self.theme.font(LABEL_STRONG))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the words with room for the bars."""
        width = QFontMetrics(self.font()).horizontalAdvance(self.caption) + 24
        return QSize(max(HIT, width), max(HIT, self.theme.grown(64)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the answer."""
        palette, checked = self.theme.palette, self.isChecked()
        mark = palette.target if self._warm else palette.accent
        fill = palette.card
        if checked:
            fill = mix(palette.card, palette.target, 0.12) if self._warm else palette.accent_soft
        elif self.underMouse():
            fill = mix(palette.card, palette.accent_soft, 0.5)
        ink = (palette.text if self._warm else palette.text_on_accent_soft) if checked else palette.text
        width = 2.5 if checked else float(palette.border_width) + 0.5
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(mark if checked else palette.border), width))
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(box, self.radius - width / 2, self.radius - width / 2)
            words = QRectF(self.rect())
            if self._bars:
                self._paint_bars(painter, QColor(mark if checked else palette.border))
                words.setTop(self.height() * 0.38)
            painter.setPen(QColor(ink))
            painter.setFont(self.font())
            text = QFontMetrics(self.font()).elidedText(self.caption, Qt.TextElideMode.ElideRight, self.width() - 12)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_bars(self, painter: QPainter, colour: QColor) -> None:
        unit = self.theme.scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        left = self.width() / 2 - (self._bars * 8 - 3) * unit / 2
        bottom = self.height() * 0.42
        for number in range(self._bars):
            height = (3 + 2.4 * number) * unit
            box = QRectF(left + number * 8 * unit, bottom - height, 5 * unit, height)
            painter.drawRoundedRect(box, 1.5 * unit, 1.5 * unit)
