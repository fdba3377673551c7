"""The ground of every window: a rounded sheet without a frame, moved by its empty parts and sized by its edges."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBitmap, QCloseEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QDialog

from traycoach.ui.desktop_traits import transparency_works
from traycoach.ui.focus_ring import FocusRing
from traycoach.ui.theme import Theme, dress_all

EDGE: Final = 7
"""Width of the zone at the edges that sizes the window, px."""


class Surface(QDialog):
    """A top-level window in the window colour. Without a compositor its corners are cut by a mask, or left square.

    A QDialog for the sake of the accessibility tree: a bare widget would be a nameless filler there.
    """

    radius: float = 16.0
    ground = "window"

    def __init__(self, theme: Theme, flags: Qt.WindowType, *, sizable: bool = False, movable: bool = True) -> None:
        super().__init__(None, flags | Qt.WindowType.FramelessWindowHint)
        self.theme = theme
        self._sizable = sizable
        self._movable = movable
        self._rounded = transparency_works()
        if self._rounded:
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setMouseTracking(sizable)
        # A card never is the active window, and its cut text must be readable all the same.
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
        self._ring = FocusRing(theme, self)
        theme.changed.connect(self._theme_changed)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the sheet and its hairline."""
        palette = self.theme.palette
        width = palette.border_width
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = "border" if palette.contrast else "divider"
            painter.setPen(QPen(self.theme.colour(line), width))
            painter.setBrush(self.theme.colour(self.ground))
            box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            radius = self.radius if self._has_round_corners() else 0.0
            painter.drawRoundedRect(box, radius, radius)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cut the corners anew where nothing draws transparency."""
        super().resizeEvent(event)
        if not self._rounded and self._masks_corners():
            shape = QBitmap(self.size())
            shape.fill(Qt.GlobalColor.color0)
            with QPainter(shape) as painter:
                painter.setBrush(Qt.GlobalColor.color1)
                painter.drawRoundedRect(QRectF(self.rect()), self.radius, self.radius)
            self.setMask(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand moving and sizing to the desktop."""
        window = self.windowHandle()
        if event.button() is not Qt.MouseButton.LeftButton or window is None:
            return
        edges = self._edges_at(event.position())
        if edges:
            window.startSystemResize(edges)
        elif self._movable:
            window.startSystemMove()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the window can be sized."""
        self.setCursor(_CURSORS.get(self._edges_at(event.position()).value, Qt.CursorShape.ArrowCursor))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget the sizing cursor."""
        super().leaveEvent(event)
        self.unsetCursor()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Closing is asked for by the user or the desktop: each window decides in `close_asked`."""
        event.ignore()
        self.close_asked()

    def reject(self) -> None:
        """A QDialog's own way out, on Esc, would hide the window without a word."""
        self.close_asked()

    def close_asked(self) -> None:
        """Answer the wish to close the window."""
        self.hide()

    def _theme_changed(self) -> None:
        dress_all(self)

    def _has_round_corners(self) -> bool:
        return self._rounded or self._masks_corners()

    def _masks_corners(self) -> bool:
        """A mask has hard edges: worth it on a small card only."""
        return not self._sizable

    def _edges_at(self, at: QPointF) -> Qt.Edge:
        edges = Qt.Edge(0)
        if not self._sizable or self.isMaximized():
            return edges
        if at.x() < EDGE:
            edges |= Qt.Edge.LeftEdge
        if at.x() >= self.width() - EDGE:
            edges |= Qt.Edge.RightEdge
        if at.y() < EDGE:
            edges |= Qt.Edge.TopEdge
        if at.y() >= self.height() - EDGE:
            edges |= Qt.Edge.BottomEdge
        return edges


_LEFT, _RIGHT, _TOP, _BOTTOM = (
    edge.value for edge in (Qt.Edge.LeftEdge, Qt.Edge.RightEdge, Qt.Edge.TopEdge, Qt.Edge.BottomEdge)
)
_CURSORS: Final = {
    _LEFT: Qt.CursorShape.SizeHorCursor,
    _RIGHT: Qt.CursorShape.SizeHorCursor,
    _TOP: Qt.CursorShape.SizeVerCursor,
    _BOTTOM: Qt.CursorShape.SizeVerCursor,
    _LEFT | _TOP: Qt.CursorShape.SizeFDiagCursor,
    _RIGHT | _BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    _RIGHT | _TOP: Qt.CursorShape.SizeBDiagCursor,
    _LEFT | _BOTTOM: Qt.CursorShape.SizeBDiagCursor,
}
