"""All windows of the process: each message to its window, and nothing left over the desktop when something fails."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, assert_never

from PySide6.QtCore import QObject, QTimer, Signal

from traycoach.memory import give_back
from traycoach.messages import (
    PROTOCOL,
    CloseRoutineWindow,
    FromWindows,
    Leave,
    OpenRoutineWindow,
    PauseRoutineWindow,
    SetAppearance,
    ShowPictures,
    ShowPreview,
    ShowPromptWindow,
    ShowRoutines,
    ShowStatus,
    ToWindows,
    UpdateRoutines,
    UpdateStatus,
    WindowsReady,
    WindowTrouble,
    WithdrawPromptWindow,
)
from traycoach.ui.prompts import Prompts
from traycoach.ui.routine_window import RoutineWindow
from traycoach.ui.theme import Theme
from traycoach.ui.tones import Tones

if TYPE_CHECKING:  # imported on use: they are seldom open, and bring 2 MiB of Qt's classes with them
    from traycoach.ui.routines_window import RoutinesWindow
    from traycoach.ui.status_window import StatusWindow

_log = logging.getLogger(__name__)
IDLE_MS: Final = 60_000


class Windows(QObject):
    """Takes messages by `take`, gives them by `send`. `leaving` says that the process has nothing left to do."""

    leaving = Signal()

    def __init__(self, theme: Theme, send: Callable[[FromWindows], None], idle_ms: int = IDLE_MS) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        self.prompts = Prompts(theme, send)
        self._tones = Tones(theme, self)
        self.routine: RoutineWindow | None = None
        self.status: StatusWindow | None = None
        self.routines: RoutinesWindow | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self.leaving)
        self.prompts.emptied.connect(self._judge_idleness)

    def ready(self) -> None:
        """Warm up, and say so."""
        self.prompts.warm()
        self._send(WindowsReady(PROTOCOL))
        self._judge_idleness()

    def take(self, message: ToWindows) -> None:
        """Do what the message says. Whatever fails is told, and takes every window down."""
        try:
            self._take(message)
        except Exception:
            self.trouble(*sys.exc_info())
        self._judge_idleness()

    def trouble(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log and tell an error that nobody caught, and leave no window that may be dead. Fit for `sys.excepthook`."""
        _log.error("a window failed", exc_info=(kind, error, trace) if kind and error else None)
        where = traceback.extract_tb(trace)[-1] if trace is not None else None
        place = f" in {where.name}, line {where.lineno}" if where is not None else ""
        # The type and the place only: the text of an error may quote what is on the screen.
        self._send(WindowTrouble(f"{kind.__name__ if kind else 'error'}{place}"))
        for take_down in (self.prompts.drop, self._drop_routine, self._drop_status, self._drop_routines):
            try:
                take_down()
            except Exception:
                _log.exception("a window could not be taken down")

    @property
    def nothing_open(self) -> bool:
        """Whether no window is on the screen."""
        status_open = self.status is not None and self.status.isVisible()
        routines_open = self.routines is not None and self.routines.isVisible()
        return self.prompts.shown is None and self.routine is None and not status_open and not routines_open

    def _take(self, message: ToWindows) -> None:
        match message:
            case SetAppearance():
                self._theme.apply(message.appearance)
            case ShowPromptWindow():
                self.prompts.show(message)
            case WithdrawPromptWindow():
                self.prompts.withdraw(message.prompt)
            case OpenRoutineWindow():
                self._open_routine(message)
            case PauseRoutineWindow():
                if self.routine is not None:
                    self.routine.pause_for(message.reason)
            case CloseRoutineWindow():
                self._drop_routine()
            case ShowStatus():
                if self.status is None:
                    from traycoach.ui.status_window import StatusWindow

                    self.status = StatusWindow(self._theme, self._send)
                    self.status.closed.connect(self._judge_idleness)
                self.status.show_view(message.view, message.activation_token)
            case UpdateStatus():
                if self.status is not None and self.status.isVisible():
                    self.status.update_view(message.view)
            case ShowRoutines():
                if self.routines is None:
                    from traycoach.ui.routines_window import RoutinesWindow

                    self.routines = RoutinesWindow(self._theme, self._send)
                    self.routines.closed.connect(self._judge_idleness)
                self.routines.show_view(message.view, message.activation_token)
            case UpdateRoutines() | ShowPreview() | ShowPictures():
                if self.routines is not None:
                    self.routines.take(message)
            case Leave():
                self.leaving.emit()
            case _:
                assert_never(message)

    def _open_routine(self, message: OpenRoutineWindow) -> None:
        self._drop_routine()
        self.routine = RoutineWindow(self._theme, message, self._send)
        self.routine.over.connect(self._routine_over)
        self.routine.playback.passed.connect(self._tones.tell)
        self.routine.open()

    def _routine_over(self) -> None:
        self.routine = None
        # Qt deletes the window when it is back in its loop.
        QTimer.singleShot(0, give_back)
        self._judge_idleness()

    def _drop_routine(self) -> None:
        routine, self.routine = self.routine, None
        if routine is not None:
            routine.close_now()

    def _drop_status(self) -> None:
        status, self.status = self.status, None
        if status is not None:
            status.close_asked()
            status.deleteLater()

    def _drop_routines(self) -> None:
        routines, self.routines = self.routines, None
        if routines is not None:
            routines.close_asked()
            routines.deleteLater()

    def _judge_idleness(self) -> None:
        """Every message begins the minute anew; an open window stops it."""
        if self.nothing_open:
            self._idle.start()
        else:
            self._idle.stop()
