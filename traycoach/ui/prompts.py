"""The one prompt that may be on the screen, whatever its look, and the messages it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from traycoach.core.actions import Prompt
from traycoach.core.events import Answer
from traycoach.core.rules import Look
from traycoach.messages import (
    FromWindows,
    Heartbeat,
    PauseAsked,
    PromptGone,
    PromptOnScreen,
    PromptReply,
    ShowPromptWindow,
)
from traycoach.ui.announce import announce
from traycoach.ui.prompt_card import CornerPrompt, PromptCard
from traycoach.ui.prompt_notice import PromptNotice
from traycoach.ui.prompt_overlay import Overlay
from traycoach.ui.theme import Theme

HEARTBEAT_MS: Final = 2000


class Prompts(QObject):
    """Shows, withdraws, and hands each answer to `send`. `emptied` says that no prompt is left on the screen."""

    emptied = Signal()

    def __init__(self, theme: Theme, send: Callable[[FromWindows], None]) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        self.card = PromptCard(theme)
        self.notice = PromptNotice(theme)
        self.overlay: Overlay | None = None
        self._heart = QTimer(self)
        self._heart.setInterval(HEARTBEAT_MS)
        self._heart.timeout.connect(lambda: self._send(Heartbeat()))
        for window in (self.card, self.notice):
            window.painted.connect(self._painted)
            window.closed.connect(self._closed)
        self.card.sheet.answered.connect(self._answered)
        self.card.sheet.pause_asked.connect(self._pause_asked)
        self.notice.opened.connect(lambda: self._answered(Answer.START, None))

    @property
    def shown(self) -> Prompt | None:
        """The prompt on the screen."""
        if self.overlay is not None:
            return self.overlay.prompt
        return self.card.prompt or self.notice.prompt

    def warm(self) -> None:
        """Make the windows that a prompt is most likely to need."""
        self.card.warm()

    def show(self, message: ShowPromptWindow) -> None:
        """Put this prompt on the screen; one that is there gives way without a word (the coach knows it)."""
        self._take_down(at_once=True)
        match message.prompt.look:
            case Look.NOTICE:
                self.notice.show_prompt(message)
                announce(self.notice, f"{message.prompt.headline}. {message.prompt.line}")
            case Look.CARD:
                self.card.show_prompt(message)
                announce(self.card, f"{message.prompt.headline}. {message.prompt.line}")
            case Look.OVERLAY:
                self._show_overlay(message)

    def withdraw(self, prompt: int) -> None:
        """Take the prompt with this number from the screen, if it is there."""
        if self.shown is not None and self.shown.id == prompt:
            self._take_down()

    def drop(self) -> None:
        """Something failed: leave nothing over the desktop, and say that the prompt is gone."""
        if self.shown is not None:
            self._closed()

    def _show_overlay(self, message: ShowPromptWindow) -> None:
        overlay = Overlay(self._theme, message)
        overlay.answered.connect(self._answered)
        overlay.pause_asked.connect(self._pause_asked)
        overlay.painted.connect(self._painted)
        overlay.no_screen.connect(self._closed)
        self.overlay = overlay
        self._heart.start()
        self._send(Heartbeat())
        overlay.come()

    def _take_down(self, *, at_once: bool = False) -> None:
        self._heart.stop()
        overlay, self.overlay = self.overlay, None
        if overlay is not None:
            overlay.go()
        corner: CornerPrompt
        for corner in (self.card, self.notice):
            if corner.prompt is not None or at_once:
                corner.go(at_once=at_once)
        self.emptied.emit()

    def _painted(self) -> None:
        if self.shown is not None:
            self._send(PromptOnScreen(self.shown.id))

    def _answered(self, answer: Answer, snooze_for: timedelta | None) -> None:
        prompt = self.shown
        if prompt is not None:
            self._take_down()
            self._send(PromptReply(prompt.id, answer, snooze_for))

    def _pause_asked(self) -> None:
        prompt = self.shown
        if prompt is not None:
            self._take_down()
            self._send(PauseAsked(prompt.id))

    def _closed(self) -> None:
        prompt = self.shown
        if prompt is not None:
            self._take_down()
            self._send(PromptGone(prompt.id))
