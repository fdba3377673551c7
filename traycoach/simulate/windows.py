"""The virtual window process and the person before it: prompts appear, routines play, habits answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from traycoach.core import events
from traycoach.core.actions import OpenRoutine, Prompt
from traycoach.core.events import Answer
from traycoach.core.instant import MINUTE, ZERO
from traycoach.simulate.hands import Hands
from traycoach.simulate.steps import Habit, Manner, RoutineDeed

STEPS = 4
"""Every virtual routine has so many steps of equal length."""
BACK_AFTER = timedelta(seconds=10)
"""So long after a routine the person takes up what they did before it."""


class Room(Protocol):
    """What the windows and the person need of the virtual desktop."""

    hands: Hands

    @property
    def at(self) -> timedelta:
        """The time since the script's start."""

    def post(self, event: events.Event) -> None:
        """Tell the coach."""

    def later(self, at: timedelta, what: Callable[[], None]) -> None:
        """Have something done at that time."""

    def remark(self, words: str) -> None:
        """Put a line into the timeline: the script asked for what cannot be."""


@dataclass(slots=True)
class Playing:
    """A routine on the screen. `done` is the time spent on steps until `since`; `since` None: the countdown stands."""

    routine: str
    length: timedelta
    since: timedelta | None
    done: timedelta = ZERO

    def done_at(self, at: timedelta) -> timedelta:
        """Give the time spent on steps."""
        return min(self.length, self.done + (at - self.since if self.since is not None else ZERO))


class VirtualWindows:
    """One prompt and one routine at most, as in the real window process."""

    def __init__(self, room: Room, lengths: dict[str, timedelta]) -> None:
        self._room = room
        self._lengths = lengths
        self._habits: dict[str, Habit] = {}
        self.prompt: Prompt | None = None
        self.playing: Playing | None = None

    def show(self, prompt: Prompt) -> None:
        """Show a prompt and let the person do what they do by habit."""
        self.prompt = prompt
        self._room.post(events.PromptShown(prompt.id))
        for target in (prompt.rule, prompt.look.value, "any"):
            if target in self._habits:
                self._follow(self._habits[target], prompt.id)
                break

    def withdraw(self, number: int) -> Prompt | None:
        """Take the prompt off the screen; give it if it was there."""
        if self.prompt is None or self.prompt.id != number:
            return None
        gone, self.prompt = self.prompt, None
        return gone

    def reply(self, answer: Answer, snooze_for: timedelta | None = None) -> None:
        """Click a button of the prompt. Its window closes itself."""
        prompt = self.prompt
        if prompt is None:
            self._room.remark(f"no prompt is shown to answer with {answer.value}")
            return
        self.prompt = None
        self._room.hands.press(self._room.at)
        self._room.post(events.PromptAnswered(prompt.id, answer, snooze_for))

    def close_prompt(self) -> None:
        """Close the prompt's window without an answer."""
        if self.prompt is None:
            self._room.remark("no prompt is shown to close")
            return
        number, self.prompt = self.prompt.id, None
        self._room.hands.press(self._room.at)
        self._room.post(events.PromptClosed(number))

    def lose(self) -> None:
        """The process dies."""
        self.prompt = None
        self.playing = None
        self._room.post(events.WindowsLost())

    def learn(self, habit: Habit) -> None:
        """Take up a habit; it replaces the one for the same target."""
        self._habits[habit.target] = habit

    def open(self, action: OpenRoutine) -> None:
        """Play a routine; the hands rest while it plays, unless the script says that they move."""
        length = self._lengths.get(action.routine, 2 * MINUTE)
        at = self._room.at
        self.playing = playing = Playing(action.routine, length, at)
        self.prompt = None
        self._room.post(events.RoutineStarted(action.routine))
        self._room.post(events.RoutineFocusChanged(focused=True))
        habit = self._habits.get("routine")
        lasts = length
        if habit is not None and habit.manner is Manner.LEFT:
            lasts = min(length, habit.after)
            self._room.later(at + lasts, lambda: self._end(playing, timedelta.max))
        self._room.hands.rest(at, at + lasts + BACK_AFTER)
        self._room.later(at + length, lambda: self._end(playing, length))

    def pause(self) -> bool:
        """Stop the countdown; tell whether it was running."""
        playing = self.playing
        if playing is None or playing.since is None:
            return False
        playing.done = playing.done_at(self._room.at)
        playing.since = None
        return True

    def close_routine(self) -> None:
        """Close the routine window, as the coach orders."""
        if self.playing is not None:
            self._end(self.playing, timedelta.max)

    def in_routine(self, deed: RoutineDeed) -> None:
        """Do something in the routine window."""
        playing = self.playing
        if playing is None:
            self._room.remark(f"no routine is open: {deed.value}")
            return
        match deed:
            case RoutineDeed.LEFT:
                self._end(playing, timedelta.max)
            case RoutineDeed.DONE:
                playing.done, playing.since = playing.length, None
                self._end(playing, timedelta.max)
            case RoutineDeed.CONTINUES:
                if playing.since is None:
                    at = playing.since = self._room.at
                    self._room.later(at + playing.length - playing.done, lambda: self._end(playing, playing.length))
            case RoutineDeed.FOCUSED | RoutineDeed.UNFOCUSED:
                self._room.post(events.RoutineFocusChanged(focused=deed is RoutineDeed.FOCUSED))

    def _end(self, playing: Playing, when_done: timedelta) -> None:
        """Close the window if this routine still plays and, for its natural end, has had all its time."""
        done = playing.done_at(self._room.at)
        if self.playing is not playing or (when_done <= playing.length and done < when_done):
            return
        self.playing = None
        steps = STEPS if done >= playing.length else int(done / playing.length * STEPS)
        self._room.post(events.RoutineEnded(playing.routine, done, steps, STEPS))

    def _follow(self, habit: Habit, number: int) -> None:
        def act() -> None:
            if self.prompt is None or self.prompt.id != number:
                return
            at = self._room.at
            match habit.manner:
                case Manner.START:
                    self.reply(Answer.START)
                case Manner.SNOOZE:
                    self.reply(Answer.SNOOZE, habit.lasts)
                case Manner.SKIP:
                    self.reply(Answer.SKIP)
                case Manner.GETTING_UP:
                    self.reply(Answer.GETTING_UP)
                    self._room.hands.rest(at, at + habit.lasts)
                case Manner.WALKS:
                    self._room.hands.rest(at, at + habit.lasts)
                case _:
                    pass

        if habit.manner is not Manner.IGNORES:
            self._room.later(self._room.at + habit.after, act)
