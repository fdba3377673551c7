"""A text that is scrolled where there is no room for all of it: what is there to be read must not be cut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy

from traycoach.ui.slim_bar import SlimBar
from traycoach.ui.theme import Theme
from traycoach.ui.words_label import Words


class ScrolledWords(QScrollArea):
    """As high as its text if it can be. The keyboard reaches it by `scroll`: it takes no focus."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._words = words
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(SlimBar(theme))
        self.setWidget(words)
        for ground in (self.viewport(), words):
            ground.setAutoFillBackground(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def scroll_lines(self, lines: int) -> None:
        """Scroll down by so many lines, up if there are fewer than none."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + lines * self._words.minimumSizeHint().height())

    def to_top(self) -> None:
        """Show the beginning."""
        self.verticalScrollBar().setValue(0)

    def event(self, event: QEvent) -> bool:
        """Tell the layout around it that the text has changed: Qt tells only what scrolls."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._judge_bar()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Look whether a bar is needed."""
        self._judge_bar()
        super().resizeEvent(event)

    def _judge_bar(self) -> None:
        """Show no scroll bar where there is room for all words: Qt keeps one that is needed only as it is there."""
        room = self.maximumViewportSize()
        fits = self._words.heightForWidth(room.width()) <= room.height()
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if fits else needed)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """As the text."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Give the height of the whole text."""
        return self._words.heightForWidth(width)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the text unwrapped."""
        return self._words.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of one line."""
        return self._words.minimumSizeHint()
