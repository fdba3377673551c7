"""A small menu below or above its button: rows with an optional second text at the end, walked by arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from traycoach.ui.controls import HIT, Button
from traycoach.ui.placement import beside
from traycoach.ui.surface import Surface
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BUTTON, STEP, TypeRole

WIDEST: Final = 420
"""At a text scale of 1, px; a longer row is cut."""
_SHARE: Final = 0.6
"""What a menu may take of the screen's width, however large the text is."""
_EDGE: Final = 7
_INSET: Final = 12
_REMARK_GAP: Final = 24
_TEXT = TypeRole(15, 20)


@dataclass(frozen=True, slots=True)
class MenuRow:
    """One row: what it says, what it does, and a remark at its end (a clock time). `apart` draws a line above it."""

    text: str
    chosen: Callable[[], None]
    remark: str = ""
    apart: bool = False


class PopupMenu(Surface):
    """Opens at a button, closes with a choice, Esc, a click elsewhere or its window. One menu is used once."""

    radius = 14.0
    ground = "card"

    def __init__(self, theme: Theme, name: str, rows: Sequence[MenuRow], parent: QWidget) -> None:
        super().__init__(theme, Qt.WindowType.Popup, movable=False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypePopupMenu)
        self.setLayoutDirection(parent.layoutDirection())
        self.setAccessibleName(name)
        self.setWindowTitle(name)
        self._owner: Button | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        layout.setSpacing(0)
        self.rows = [_Row(theme, row, self) for row in rows]
        for row in self.rows:
            layout.addWidget(row)

    def open_at(self, button: Button) -> None:
        """Show the menu at its button, with the first row ready."""
        self._owner = button
        button.show_opened(opened=True)
        # A popup stays when the window that it belongs to is hidden, and crashes when that is deleted.
        button.window().installEventFilter(self)
        anchor = QRect(button.mapToGlobal(QPoint(0, 0)), button.size())
        area = button.screen().availableGeometry()
        align_right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        widest = min(self.theme.grown(WIDEST), int(area.width() * _SHARE))
        for row in self.rows:
            row.setMaximumWidth(widest - 2 * _EDGE)
        self.setGeometry(beside(self.sizeHint(), anchor, area, align_right=align_right))
        self.show()
        self.rows[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Walk the rows."""
        at = next((i for i, row in enumerate(self.rows) if row.hasFocus()), 0)
        last = len(self.rows) - 1
        match event.key():
            case Qt.Key.Key_Down:
                at = 0 if at == last else at + 1
            case Qt.Key.Key_Up:
                at = last if at == 0 else at - 1
            case Qt.Key.Key_Home:
                at = 0
            case Qt.Key.Key_End:
                at = last
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not event.isAutoRepeat():  # else Enter that opened the menu is still held
                    self.rows[at].click()
                return
            case Qt.Key.Key_Escape:
                self.close_asked()
                return
            case _:
                super().keyPressEvent(event)
                return
        self.rows[at].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Go with the window of the button."""
        if event.type() is QEvent.Type.Hide and self.isVisible():
            self.close_asked()
        return super().eventFilter(watched, event)

    def close_asked(self) -> None:
        """Close; the menu is gone then."""
        self.hide()
        self.deleteLater()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """However it was closed, the button's sign turns back."""
        super().hideEvent(event)
        if self._owner is not None:
            self._owner.show_opened(opened=False)


class _Row(QAbstractButton):
    def __init__(self, theme: Theme, row: MenuRow, menu: PopupMenu) -> None:
        super().__init__(menu)
        self._theme = theme
        self._row = row
        self._menu = menu
        self.setText(row.text.replace("&", "&&"))
        self.setAccessibleName(f"{row.text}, {row.remark}" if row.remark else row.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._chosen)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of both texts."""
        width = QFontMetrics(self._theme.font(BUTTON)).horizontalAdvance(self._row.text)
        width += 2 * _INSET + self._remark_room
        height = max(HIT, self._theme.line(_TEXT) + 20)
        return QSize(max(self._theme.grown(200), width), height + (11 if self._row.apart else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Have the whole text as a tooltip where the row cuts it."""
        super().resizeEvent(event)
        cut = self._fitted(BUTTON) != self._row.text
        whole = self._row.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        # A paragraph: Qt does not wrap a plain tooltip, and would take some texts for markup.
        self.setToolTip(f"<p>{whole}</p>" if cut else "")

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """The row under the pointer is the one that keys go on from."""
        super().enterEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def event(self, event: QEvent) -> bool:
        """Repaint on every change of focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the walking to the menu."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the row."""
        theme, active = self._theme, self.hasFocus()
        top = 11 if self._row.apart else 0
        box = QRectF(0, top, self.width(), self.height() - top)
        text_box = box.adjusted(_INSET, 0, -_INSET, 0)
        # The painter turns left and right round by itself where reading goes from right to left.
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._row.apart:
                painter.setPen(QPen(theme.colour("divider"), 1))
                painter.drawLine(8, 5, self.width() - 8, 5)
            if active:
                contrast = theme.palette.contrast
                painter.setPen(QPen(theme.colour("focus"), 2) if contrast else Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent_soft"))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 9, 9)
            painter.setPen(theme.colour("text_on_accent_soft" if active else "text"))
            role = BUTTON if active else _TEXT
            painter.setFont(theme.font(role))
            painter.drawText(text_box, start | Qt.AlignmentFlag.AlignVCenter, self._fitted(role))
            if not active:
                painter.setPen(theme.colour("text_second"))
            painter.setFont(theme.font(STEP))
            painter.drawText(text_box, end | Qt.AlignmentFlag.AlignVCenter, self._row.remark)

    @property
    def _remark_room(self) -> int:
        remark = self._row.remark
        return QFontMetrics(self._theme.font(STEP)).horizontalAdvance(remark) + _REMARK_GAP if remark else 0

    def _fitted(self, role: TypeRole) -> str:
        room = self.width() - 2 * _INSET - self._remark_room
        return QFontMetrics(self._theme.font(role)).elidedText(self._row.text, Qt.TextElideMode.ElideRight, room)

    def _chosen(self) -> None:
        self._menu.close_asked()
        self._row.chosen()
