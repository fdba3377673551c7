"""What the coach orders, written into a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from traycoach.core import actions
from traycoach.core.actions import Action, Prompt
from traycoach.core.instant import ZERO, Instant
from traycoach.simulate import timeline as words
from traycoach.simulate.timeline import Entry, Timeline

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Notes:
    """Writes entries. `began_at` is the wall time at which the timeline begins: the wristwatch is set to it."""

    def __init__(self, timeline: Timeline, began_at: datetime) -> None:
        self._timeline = timeline
        self._watch = began_at.replace(tzinfo=None)
        self._tray: actions.UpdateTray | None = None

    def take(self, action: Action, at: timedelta, now: Instant) -> None:
        """Write down what an action alone tells. What depends on the windows has methods of its own."""
        match action:
            case actions.UpdateTray():
                if action != self._tray:
                    self._tray = action
                    self.note("tray", words.tray_words(action), at, now, action)
            case actions.RecordOutcome():
                self.note("outcome", words.outcome_words(action), at, now, action)
            case actions.RecordBout():
                self._ended("bout", words.bout_words(action), action, at, now)
            case actions.RecordBreak():
                self._ended("break", words.break_words(action), action, at, now)
            case actions.RetractBreak(began_at):
                self.note("break", f"none from {began_at:%H:%M:%S}", at, now, action)
            case actions.OpenRoutine():
                self.note("routine", words.opened_words(action), at, now, action)
            case actions.RecordRoutine():
                self.note("routine", words.routine_words(action), at, now, action)
            case actions.Tell():
                self.note("told", words.told_words(action), at, now, action)
            case _:
                pass

    def shown(self, prompt: Prompt, at: timedelta, now: Instant) -> None:
        """A prompt came on the screen."""
        self.note("prompt", words.prompt_words(prompt), at, now, prompt)

    def withdrawn(self, prompt: Prompt, at: timedelta, now: Instant) -> None:
        """The coach took a prompt off the screen."""
        self.note("withdrawn", f"{prompt.rule} {prompt.look.value}", at, now, {"prompt": prompt.id})

    def new_process(self) -> None:
        """The icon is new: its next state is a happening, even if it is the old one."""
        self._tray = None

    def note(self, kind: str, text: str, at: timedelta, now: Instant, what: object = _NOTHING) -> None:
        """Write one line; `what` is the action, prompt or plain data behind it."""
        self._timeline.add(Entry(at, self._watch + at, now.wall, kind, text, what))

    def _ended(
        self, kind: str, text: str, action: actions.RecordBout | actions.RecordBreak, at: timedelta, now: Instant
    ) -> None:
        """A bout or a break is told when it is known, perhaps hours later; in the timeline it stands where it ended."""
        earlier = max(ZERO, now.wall.astimezone(UTC) - action.ended_at.astimezone(UTC))
        self.note(kind, text, at - earlier, now.before(earlier), action)
