"""Text as the design sets it: a role's font and line height, wrapped, and cut with a tooltip if too long."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from traycoach.ui.theme import Theme
from traycoach.ui.typeface import TypeRole

_LEAST: Final = 0.75


class Words(QLabel):
    """A QLabel for the accessibility tree, with line heights and a limit of lines that QLabel lacks.

    `lines` is the most lines shown (None: all). A text of one line never asks for more width than it is given: it is
    cut instead, or with `shrinks` first set smaller, down to three quarters.
    """

    def __init__(
        self,
        theme: Theme,
        role: TypeRole,
        text: str = "",
        *,
        colour: str = "text",
        lines: int | None = 1,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        shrinks: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._colour = colour
        self._lines = lines
        self._align = align
        self._shrinks = shrinks
        self._cut = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
        self._set_policy()
        self.setText(text)
        self.dress()

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show this text."""
        if text != self.text():
            super().setText(text)
            self._set_policy()  # Qt's label has just made its own
            self.updateGeometry()

    def set_colour(self, role: str) -> None:
        """Paint in another colour of the palette."""
        self._colour = role
        self.update()

    def set_lines(self, lines: int | None) -> None:
        """Show at most so many lines."""
        if lines != self._lines:
            self._lines = lines
            self._set_policy()
            self.updateGeometry()
            self.update()

    def is_cut_at(self, width: int) -> bool:
        """Tell whether the text needs more lines than it has at this width."""
        if self._lines is None:
            return False
        return len(self._broken(width, self._lines + 1)) > self._lines

    def fits_one_line(self, width: int) -> bool:
        """Tell whether the text can be set in one line of this width, smaller if it may shrink."""
        return self._natural_width() * (_LEAST if self._shrinks else 1.0) <= width

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self._theme.font(self._role))

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Only text of several lines grows with less width."""
        return self._lines != 1

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Give the height of the text wrapped at `width`."""
        lines = len(self._broken(width))
        shown = lines if self._lines is None else min(lines, self._lines)
        return max(1, shown) * self._theme.line(self._role)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the text unwrapped."""
        return QSize(self._natural_width(), self._theme.line(self._role))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the least size at which something can be read."""
        return QSize(min(self._natural_width(), self._theme.grown(48)), self._theme.line(self._role))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lines that fit."""
        line_height = self._theme.line(self._role)
        font = self._fitted_font()
        metrics = QFontMetricsF(font)
        lines = self._broken(self.width())
        most = len(lines) if self._lines is None else min(len(lines), self._lines)
        most = max(1, min(most, self.height() // line_height))
        cut = len(lines) > most
        with QPainter(self) as painter:
            painter.setPen(self._theme.colour(self._colour))
            painter.setFont(font)
            for number, (start, length) in enumerate(lines[:most]):
                last = number == most - 1 and len(lines) > most
                words = self.text()[start:] if last else self.text()[start : start + length]
                words = words.strip().replace("\n", " ")
                if metrics.horizontalAdvance(words) > self.width() + 0.5:
                    words, cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width()), True
                elif last:
                    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width())
                box = QRectF(0, number * line_height, self.width(), line_height)
                painter.drawText(box, self._align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        if cut != self._cut:
            self._cut = cut
            self.setToolTip(self.text() if cut else "")

    def _set_policy(self) -> None:
        # A box layout holds a "Fixed" height to the hint of one line, whatever the width makes of it.
        vertical = QSizePolicy.Policy.Fixed if self._lines == 1 else QSizePolicy.Policy.Preferred
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(self._lines != 1)
        self.setSizePolicy(policy)

    def _fitted_font(self) -> QFont:
        font = self.font()
        wide = QFontMetricsF(font).horizontalAdvance(self.text())
        if self._shrinks and self._lines == 1 and wide > self.width():
            font = QFont(font)
            font.setPixelSize(max(round(font.pixelSize() * _LEAST), int(font.pixelSize() * self.width() / wide)))
        return font

    def width_of(self, text: str) -> int:
        """Give the width of a text if it stood here, unwrapped."""
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(part) for part in text.split("\n")), default=0.0)
        return int(widest) + 2

    def _natural_width(self) -> int:
        return self.width_of(self.text())

    def _broken(self, width: int, most: int | None = None) -> list[tuple[int, int]]:
        """Give (start, length) of each line at this width, `most` at most; without it, one more than are shown."""
        if most is None and self._lines == 1:
            return [(0, len(self.text()))]
        if most is None and self._lines is not None:
            most = self._lines + 1
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        found: list[tuple[int, int]] = []
        offset = 0
        for part in self.text().split("\n"):
            layout = QTextLayout(part, self.font())
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1, width))
                line.setPosition(QPointF(0, 0))
                found.append((offset + line.textStart(), line.textLength()))
                if most is not None and len(found) >= most:
                    break
            layout.endLayout()
            offset += len(part) + 1
        return found[:most]
