"""The tray icon's state, large: the same ring and signs as in `visual.md` section 13, drawn for a window."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from traycoach.core.actions import TrayKind, TrayState
from traycoach.ui.glyphs import Glyph, paint_glyph
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import SECTION

_SIDE: Final = 56
_WITH_PROGRESS: Final = (TrayKind.SITTING, TrayKind.STANDING, TrayKind.ROUTINE)


class StateRing(QWidget):
    """A picture for the eye: the state line beside it says the same in words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state: TrayState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, state: TrayState) -> None:
        """Show this state."""
        self._state = state
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the box of the ring."""
        side = round(_SIDE * (1 + self._theme.scale) / 2)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ring and sign."""
        state = self._state
        if state is None:
            return
        unit = self.width() / _SIDE
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(self.width() / 2, self.height() / 2)
            painter.scale(unit, unit)
            colour = self._colour(state)
            if state.kind is TrayKind.DUE:
                self._paint_due(painter, colour, down=state.down)
                return
            self._paint_ring(painter, state, colour)
            self._paint_sign(painter, state.kind, colour)

    def _colour(self, state: TrayState) -> QColor:
        if state.kind is TrayKind.DUE:
            return self._theme.colour("target")
        if state.kind is TrayKind.HELD or (state.nearly and state.kind in (TrayKind.SITTING, TrayKind.STANDING)):
            return self._theme.colour("warning")
        return self._theme.colour("accent" if state.kind in _WITH_PROGRESS else "border")

    def _paint_ring(self, painter: QPainter, state: TrayState, colour: QColor) -> None:
        box = QRectF(-22, -22, 44, 44)
        pen = QPen(self._theme.colour("divider"), 6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if state.kind is TrayKind.AWAY:
            pen.setColor(colour)
            painter.setPen(pen)
            for start in (50, 170, 290):
                painter.drawArc(box, start * 16, 80 * 16)
            return
        if state.kind in (TrayKind.PAUSED, TrayKind.UNKNOWN):
            pen.setWidthF(3)
        painter.setPen(pen)
        painter.drawEllipse(box)
        pen.setColor(colour)
        painter.setPen(pen)
        share = state.progress if state.kind in _WITH_PROGRESS else 1.0
        if share > 0:
            painter.drawArc(box, 90 * 16, -round(360 * 16 * min(1.0, share)))

    def _paint_sign(self, painter: QPainter, kind: TrayKind, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        match kind:
            case TrayKind.SITTING:
                painter.drawEllipse(QPointF(0, 0), 6, 6)
            case TrayKind.STANDING:
                painter.drawRoundedRect(QRectF(-3.5, -11, 7, 22), 3.5, 3.5)
            case TrayKind.HELD:
                painter.drawRoundedRect(QRectF(-11, -3.5, 22, 7), 3.5, 3.5)
            case TrayKind.ROUTINE:
                paint_glyph(painter, Glyph.PLAY, QPointF(0, 0), 18, colour)
            case TrayKind.PAUSED:
                paint_glyph(painter, Glyph.PAUSE, QPointF(0, 0), 20, self._theme.colour("text"))
            case TrayKind.SNOOZED:
                moon, bite = QPainterPath(), QPainterPath()
                moon.addEllipse(QPointF(-1, 0), 11, 11)
                bite.addEllipse(QPointF(4, -3), 9, 9)
                painter.setBrush(self._theme.colour("text"))
                painter.drawPath(moon.subtracted(bite))
            case TrayKind.UNKNOWN:
                painter.setPen(self._theme.colour("text"))
                painter.setFont(self._theme.font(SECTION))
                painter.drawText(QRectF(-20, -20, 40, 40), Qt.AlignmentFlag.AlignCenter, "?")
            case _:
                pass

    def _paint_due(self, painter: QPainter, colour: QColor, *, down: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(0, 0), 25, 25)
        pen = QPen(self._theme.colour("window"), 5.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if down:
            painter.scale(1, -1)
        painter.drawLine(QPointF(0, 12), QPointF(0, -11))
        painter.drawPolyline([QPointF(-9, -3), QPointF(0, -12), QPointF(9, -3)])
