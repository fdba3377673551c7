"""The ring around the control that has the keyboard: drawn over the window, so that no control needs room for it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from traycoach.ui.controls import Control
from traycoach.ui.theme import Theme

WIDTH: Final = 3
DISTANCE: Final = 3
_MARGIN: Final = WIDTH + DISTANCE


class FocusRing(QWidget):
    """One a window. It follows the focus among the window's controls and lets every click through."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._around: Control | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Move along with the control."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return super().eventFilter(watched, event)

    def follow(self) -> None:
        """Go to where the control is now: what it lies in has been scrolled."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ring."""
        if self._around is None:
            return
        box, radius = self._around.ring_shape()
        box.translate(_MARGIN, _MARGIN)
        out = DISTANCE + WIDTH / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("focus"), WIDTH))
            painter.drawRoundedRect(box.adjusted(-out, -out, out, out), radius + out, radius + out)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._around is not None:
            self._around.removeEventFilter(self)
        mine = isinstance(new, Control) and new.ring_wanted and new.window() is self.window()
        self._around = new if mine and isinstance(new, Control) else None
        if self._around is not None:
            self._around.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        control = self._around
        if control is None or not control.isVisibleTo(self.window()):
            self.hide()
            return
        box = QRect(control.mapTo(self.window(), QPoint(0, 0)), control.size())
        self.setGeometry(box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self.raise_()
        self.show()
        self.update()
