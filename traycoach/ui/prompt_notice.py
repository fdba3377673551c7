"""The quiet notice: a picture, two lines, and a thin line that runs down. A click anywhere opens it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from traycoach.core.instant import ZERO
from traycoach.messages import ShowPromptWindow
from traycoach.ui.picture import Picture
from traycoach.ui.placement import MARGIN
from traycoach.ui.prompt_card import CornerPrompt, sheet_height
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BUTTON, SMALL
from traycoach.ui.words_label import Words

WIDTH: Final = 300
HEIGHT: Final = 76
PICTURE_SIDE: Final = 44
_LINE: Final = 3
_TICK_MS: Final = 200
OVERTIME: Final = timedelta(seconds=10)
"""A notice that nobody withdrew goes by itself so long after its end."""


class PromptNotice(CornerPrompt):
    """The notice of 300 × 76 (more with larger text). `opened` says that it was clicked."""

    opened = Signal()
    radius = 14.0

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._deaf = True
        self._length = ZERO
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._run_down)
        self._picture = Picture(theme, QSize(PICTURE_SIDE, PICTURE_SIDE), 10, self)
        self._headline = Words(theme, BUTTON, lines=2)
        self._line = Words(theme, SMALL, colour="text_second", lines=2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._headline)
        words.addWidget(self._line)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14 + _LINE)
        layout.setSpacing(12)
        layout.addWidget(self._picture)
        layout.addLayout(words, 1)

    def show_prompt(self, message: ShowPromptWindow) -> None:
        """Show this notice in its corner, for its length."""
        self._picture.show_exercise(message.thumbnail, message.poses)
        self._picture.setVisible(message.thumbnail is not None)
        self._headline.setText(message.prompt.headline)
        self._line.setText(message.prompt.line)
        self._line.setVisible(bool(message.prompt.line))
        self._length = message.prompt.length
        self._since.start()
        self._tick.start()
        self.come(message)

    @property
    def left(self) -> float:
        """How much of the notice's time is left, 0…1."""
        if self._length <= ZERO or not self._since.isValid():
            return 0.0
        return max(0.0, 1.0 - timedelta(milliseconds=self._since.elapsed()) / self._length)

    def set_deaf(self, *, deaf: bool) -> None:
        """Listen, or not."""
        self._deaf = deaf
        self.setCursor(Qt.CursorShape.ArrowCursor if deaf else Qt.CursorShape.PointingHandCursor)

    def size_on(self, screen: QScreen) -> QSize:
        """Give the notice's size: it grows with the text, up to the screen."""
        width = min(self.theme.grown(WIDTH), screen.availableGeometry().width() - 2 * MARGIN)
        return QSize(width, max(HEIGHT, sheet_height(self, width)))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A press is taken, so that its release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click opens."""
        inside = self.rect().contains(event.position().toPoint())
        if not self._deaf and event.button() is Qt.MouseButton.LeftButton and inside:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens, Esc hides."""
        if self._deaf:
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_asked()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """A hidden notice draws nothing."""
        super().hideEvent(event)
        self._tick.stop()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the sheet and the line at its lower edge."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), self.radius - 1, self.radius - 1)
            painter.setClipPath(shape)
            width = self.width() * self.left
            start = self.width() - width if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0.0
            strip = QRectF(0, self.height() - _LINE - 1, self.width(), _LINE)
            painter.fillRect(strip, self.theme.colour("stage"))
            painter.fillRect(QRectF(start, strip.top(), width, _LINE), self.theme.colour("accent"))

    def _run_down(self) -> None:
        self.update(0, self.height() - _LINE - 2, self.width(), _LINE + 2)
        over = timedelta(milliseconds=self._since.elapsed()) - self._length
        if over > OVERTIME and self.prompt is not None:
            self.close_asked()
