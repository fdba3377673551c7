"""One question inside a window, over everything else in it, with two answers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from traycoach.ui.controls import Button, Ground
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BODY, SECTION
from traycoach.ui.words_label import Words

_WIDTH = 400


class AskPanel(QWidget):
    """Covers its parent. `answered` is True for going through with it, False for the way back (Esc too)."""

    answered = Signal(bool)

    def __init__(self, theme: Theme, question: str, detail: str, through: str, back: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sheet = QWidget(self)
        self.question = Words(theme, SECTION, question, lines=3)
        self.detail = Words(theme, BODY, detail, colour="text_second", lines=None)
        self.through = Button(theme, through, Ground.BORDERED)
        self.back = Button(theme, back, Ground.FILLED)
        self.through.clicked.connect(lambda: self.answered.emit(True))
        self.back.clicked.connect(lambda: self.answered.emit(False))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back, 1)
        row.addWidget(self.through)
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(24, 20, 24, 20)
        sheet.setSpacing(4)
        sheet.addWidget(self.question)
        sheet.addWidget(self.detail)
        sheet.addSpacing(14)
        sheet.addLayout(row)
        self.setAccessibleName(question)
        self.setAccessibleDescription(detail)
        parent.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Cover the parent at every size."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc is the way back; no other key gets through to the window below."""
        if event.isAutoRepeat():
            pass  # the key that asked is still held: that is no answer
        elif event.key() == Qt.Key.Key_Escape:
            self.answered.emit(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.through if self.through.hasFocus() else self.back).click()
        event.accept()

    def focusNextPrevChild(self, _forward: bool) -> bool:  # noqa: N802 - Qt's signature
        """Tab stays between the two answers."""
        other = self.through if self.back.hasFocus() else self.back
        other.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Dim what lies below and paint the sheet."""
        palette = self._theme.palette
        veil = QColor(palette.window)
        veil.setAlpha(200)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(veil)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 15, 15)
            painter.setPen(QColor(palette.border if palette.contrast else palette.divider))
            painter.setBrush(QColor(palette.card))
            painter.drawRoundedRect(QRectF(self._sheet.geometry()).adjusted(0.5, 0.5, -0.5, -0.5), 18, 18)

    def _place(self) -> None:
        parent, layout = self.parentWidget(), self._sheet.layout()
        assert parent is not None
        assert layout is not None
        self.setGeometry(parent.rect())
        width = min(self._theme.grown(_WIDTH), parent.width() - 48)
        height = min(layout.totalHeightForWidth(width), parent.height() - 24)
        self._sheet.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)
