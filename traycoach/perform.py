"""The only place where the coach's orders have effects: one `match`, one line an action."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import assert_never

from traycoach.core import actions
from traycoach.core.actions import Action, TrayState
from traycoach.history import History
from traycoach.presenting import Presenter

_log = logging.getLogger(__name__)


class Performer:
    """Carries actions out. An adapter that fails is logged, once, here; the coach goes on."""

    def __init__(
        self,
        presenter: Presenter,
        history: History,
        watch_idle: Callable[[timedelta], None],
        update_tray: Callable[[TrayState], None],
        tray_now: Callable[[], TrayState],
        save: Callable[[], None],
        tell: Callable[[str, str], None],
    ) -> None:
        self._presenter = presenter
        self._history = history
        self._watch_idle = watch_idle
        self._update_tray = update_tray
        self._tray_now = tray_now
        self._save = save
        self._tell = tell

    def perform(self, action: Action) -> None:
        """Carry one action out; never raises."""
        try:
            self._do(action)
        except Exception:
            _log.exception("%s could not be carried out", type(action).__name__)

    def _do(self, action: Action) -> None:
        match action:
            case actions.ShowPrompt(prompt=prompt):
                self._presenter.show(prompt)
            case actions.WithdrawPrompt(prompt=number):
                self._presenter.withdraw(number)
            case actions.WarmWindows():
                self._presenter.warm()
            case actions.OpenRoutine(routine=routine):
                self._presenter.open_routine(routine)
            case actions.PauseRoutine(reason=reason):
                self._presenter.pause_routine(reason)
            case actions.CloseRoutine():
                self._presenter.close_routine()
            case actions.WatchIdle(after=after):
                self._watch_idle(after)
            case actions.UpdateTray() | actions.RefreshTray():
                self._update_tray(self._tray_now())
            case (
                actions.RecordBout()
                | actions.RecordBreak()
                | actions.RetractBreak()
                | actions.RecordOutcome()
                | actions.RecordRoutine()
            ):
                self._history.record(action)
            case actions.SaveState():
                self._save()
            case actions.Tell(title=title, body=body):
                self._tell(title, body)
            case _:
                assert_never(action)
