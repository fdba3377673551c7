"""How prompts and windows reach the user: by the window process, or by a desktop notification where that is better.

Where the display server gives the focus to every new window (Wayland), and when the window process keeps failing, a
prompt is a notification with the same answers. Where there is no server that shows its buttons, it is a window after
all; where that fails too, a notification without them; and failing that, it stays due in the tray.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Protocol

from traycoach import messages
from traycoach.core import events
from traycoach.core.actions import Prompt
from traycoach.core.events import Event
from traycoach.errors import Unavailable, UserError
from traycoach.messages import FromWindows, StatusView, ToWindows
from traycoach.preferences import Preferences
from traycoach.settings import Offers, Settings
from traycoach.text import _

_log = logging.getLogger(__name__)


class Windows(Protocol):
    """The window process, as `ui_process.UiProcess` offers it."""

    def warm(self) -> bool:
        """Have the process ready; False: the windows are failing."""
        ...

    def send(self, message: ToWindows) -> bool:
        """Hand over a message, starting the process if need be; never blocks. False: the windows are failing."""
        ...


class Notices(Protocol):
    """Desktop notifications of prompts, as `notify` offers them. What cannot be shown comes back: `notice_failed`."""

    @property
    def able(self) -> bool:
        """Whether a prompt would be shown with its buttons, as far as can be known."""
        ...

    def show_prompt(self, prompt: Prompt, *, plain: bool = False) -> None:
        """Show the prompt as soon as there is a server; `plain`: without its buttons, if that must be."""
        ...

    def withdraw_prompt(self, prompt: int) -> None:
        """Close the prompt's notification."""
        ...


class Content(Protocol):
    """The library, as far as windows need it."""

    def open_message(self, routine_id: str, offers: Offers | None = None) -> messages.OpenRoutineWindow:
        """Give a routine with its steps, and the easier and harder ones that fit `offers`; raises UserError."""
        ...

    def lesson_message(self, lesson_id: str) -> messages.OpenRoutineWindow:
        """Give a lesson with its parts; raises UserError."""
        ...

    def poses(self) -> Mapping[str, Any]:
        """Give the named poses that exercises rest on."""
        ...

    def thumbnail(self, routine_id: str) -> Mapping[str, Any] | None:
        """Give the exercise whose picture stands for the routine."""
        ...


class Presenter:
    """Shows what the coach orders and turns what comes back into events.

    `post` takes events; `run_verb` takes the verb and words of a status window's button; `facts` gives the lines of the
    end card. `by_notification` tells, at each prompt, whether a notification is the better way. `preferences` remember
    what is chosen in windows; `offers` gives what the user wants to be offered.
    """

    def __init__(
        self,
        windows: Windows,
        notices: Notices | None,
        content: Content,
        post: Callable[[Event], None],
        run_verb: Callable[[str, tuple[str, ...]], None],
        facts: Callable[[], tuple[tuple[str, str], ...]],
        by_notification: Callable[[], bool],
        corner: Callable[[], str],
        appearance: Callable[[], messages.Appearance],
        preferences: Preferences,
        offers: Callable[[], Offers],
    ) -> None:
        self._windows = windows
        self._notices = notices
        self._content = content
        self._post = post
        self._run_verb = run_verb
        self._facts = facts
        self._by_notification = by_notification
        self._corner = corner
        self._appearance = appearance
        self._preferences = preferences
        self._offers = offers
        # which prompts stand where: orders come from the coach's thread, failures from others
        self._lock = threading.Lock()
        self._noticed: set[int] = set()
        self._plain: set[int] = set()
        self._in_window: set[int] = set()
        self.activation_token = ""

    def warm(self) -> None:
        """A prompt is near."""
        if not (self._by_notification() and self._notices is not None and self._notices.able):
            self._windows.warm()

    def show(self, prompt: Prompt) -> None:
        """Put the prompt on the screen, in the better of two ways; in the other one where that fails."""
        with self._lock:
            shown = (self._by_notification() and self._notice(prompt)) or self._window(prompt) or self._notice(prompt)
        if not shown:
            self._leave_due(prompt)

    def _notice(self, prompt: Prompt, *, plain: bool = False) -> bool:
        if self._notices is None:
            return False
        self._noticed.add(prompt.id)
        if plain:
            self._plain.add(prompt.id)
        self._notices.show_prompt(prompt, plain=plain)
        return True

    def _window(self, prompt: Prompt) -> bool:
        thumbnail = self._content.thumbnail(prompt.routine) if prompt.routine and not prompt.discreet else None
        poses = self._content.poses() if thumbnail is not None else {}
        if not self._windows.send(messages.ShowPromptWindow(prompt, thumbnail, self._corner(), poses=poses)):
            return False
        self._in_window.add(prompt.id)
        return True

    def _leave_due(self, prompt: Prompt) -> None:
        _log.error("neither a window nor a notification can show the prompt")
        # not WindowsLost: that asks for the next good moment, which may be this one
        self._post(events.PromptFailed(prompt.id))

    def withdraw(self, prompt: int) -> None:
        """Take the prompt from the screen."""
        with self._lock:
            if self._forget_notice(prompt) and self._notices is not None:
                self._notices.withdraw_prompt(prompt)
            if prompt in self._in_window:
                self._in_window.discard(prompt)
                self._windows.send(messages.WithdrawPromptWindow(prompt))

    def _forget_notice(self, prompt: int) -> bool:
        noticed = prompt in self._noticed
        self._noticed.discard(prompt)
        self._plain.discard(prompt)
        return noticed

    def open_routine(self, routine: str) -> None:
        """Open the routine window."""
        try:
            message = self._content.open_message(routine, self._offers())
        except UserError as error:
            _log.warning("a routine cannot be opened: %s", error)
            self._post(events.RoutineEnded(routine, timedelta(0), 0, 1))
            return
        token, self.activation_token = self.activation_token, ""
        steps = tuple(
            replace(step, level=self._preferences.level(str(step.exercise.get("id", "")))) for step in message.steps
        )
        message = replace(message, steps=steps, facts=self._facts(), activation_token=token, place=self._place)
        if not self._windows.send(message):
            self._post(events.WindowsLost())

    def open_lesson(self, lesson: str, token: str) -> None:
        """Open a lesson in the routine window; the coach takes no part in it. Raises UserError, Unavailable."""
        message = self._content.lesson_message(lesson)
        if not self._windows.send(replace(message, activation_token=token, place=self._place)):
            raise Unavailable(_("The windows do not work at the moment; “traycoach doctor” tells more."))

    @property
    def _place(self) -> messages.WindowPlace | None:
        return self._preferences.routine_window

    def pause_routine(self, reason: str) -> None:
        """Stop the countdown."""
        self._windows.send(messages.PauseRoutineWindow(reason))

    def close_routine(self) -> None:
        """Close the routine window."""
        self._windows.send(messages.CloseRoutineWindow())

    def show_status(self, view: StatusView, token: str) -> None:
        """Open the status window."""
        self._windows.send(messages.ShowStatus(view, token))

    def appearance_changed(self) -> None:
        """The settings changed how windows look."""
        self._windows.send(messages.SetAppearance(self._appearance()))

    def notice_answered(self, prompt: int, answer: events.Answer, snooze_for: timedelta | None, token: str) -> None:
        """A button of the prompt's notification was pressed."""
        with self._lock:
            self._forget_notice(prompt)
        if answer is events.Answer.START:  # nothing else opens a window, and a token does not keep
            self.activation_token = token
        self._post(events.PromptAnswered(prompt, answer, snooze_for))

    def notice_closed(self, prompt: int) -> None:
        """The prompt's notification was closed without an answer."""
        with self._lock:
            self._forget_notice(prompt)
        self._post(events.PromptClosed(prompt))

    def notice_failed(self, prompt: Prompt) -> None:
        """No notification shows the prompt with its buttons: let a window, or else a notification without them."""
        with self._lock:
            was_plain = prompt.id in self._plain
            if not self._forget_notice(prompt.id):
                return  # withdrawn meanwhile
            shown = not was_plain and (self._window(prompt) or self._notice(prompt, plain=True))
        if not shown:
            self._leave_due(prompt)

    def notice_lost(self, prompt: int) -> None:
        """The server that showed the prompt's notification went, and did not come back in time."""
        with self._lock:
            known = self._forget_notice(prompt)
        if known:
            self._post(events.WindowsLost())

    def windows_lost(self) -> None:
        """The window process died, or keeps failing: what it showed is shown no more."""
        with self._lock:
            self._in_window.clear()
        self._post(events.WindowsLost())

    def heard(self, message: FromWindows) -> None:
        """Take in what a window says."""
        match message:
            case messages.PromptOnScreen(prompt=prompt):
                self._post(events.PromptShown(prompt))
            case messages.PromptReply(prompt=prompt, answer=answer, snooze_for=snooze_for):
                self._post(events.PromptAnswered(prompt, answer, snooze_for))
            case messages.PromptGone(prompt=prompt):
                self._post(events.PromptClosed(prompt))
            case messages.PauseAsked():
                self._post(events.Paused(events.PauseUntil.TOMORROW))
            case messages.RoutineOnScreen(lesson=True):
                pass
            case messages.RoutineOnScreen(routine=routine):
                self._post(events.RoutineStarted(routine))
            case messages.RoutineProgress(fraction=fraction):
                self._post(events.RoutineProgressed(fraction))
            case messages.RoutineFocus(focused=focused):
                self._post(events.RoutineFocusChanged(focused))
            case messages.RoutineOver(lesson=True):
                pass  # no break: the clocks have run on
            case messages.RoutineOver():
                self._post(
                    events.RoutineEnded(
                        message.routine,
                        message.done_for,
                        message.steps_done,
                        message.steps,
                        message.effort,
                        message.pain,
                    )
                )
            case messages.DifficultyChosen(exercise=exercise, level=level):
                self._preferences.choose_level(exercise, level)
            case messages.WindowPlaced():
                place = messages.WindowPlace(message.x, message.y, message.width, message.height)
                self._preferences.leave_window(place)
            case messages.StatusAction(verb=verb, words=words):
                self._run_verb(verb, words)
            case messages.WindowTrouble(what=what):
                _log.warning("window trouble: %s", what)
            case messages.WindowsReady() | messages.Heartbeat():
                pass


def appearance_of(settings: Settings) -> messages.Appearance:
    """Give how windows look by these settings."""
    look = settings.appearance
    figure = {name: str(value) for name, value in asdict(look.figure).items() if value}
    return messages.Appearance(
        theme=look.theme.value,
        high_contrast=look.high_contrast,
        reduced_motion=look.reduced_motion,
        sounds=look.sounds,
        text_scale=look.text_scale,
        figure=figure,
        language=settings.language,
    )
