"""The buttons of a notification, as the pairs of key and label that the protocol wants. Pure."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.actions import Prompt
from traycoach.core.events import Answer
from traycoach.core.instant import ZERO
from traycoach.core.rules import Look, Posture
from traycoach.text import _

ANSWERS = {
    "default": Answer.START,
    "start": Answer.START,
    "snooze": Answer.SNOOZE,
    "skip": Answer.SKIP,
    "getting-up": Answer.GETTING_UP,
}


def first_snooze(prompt: Prompt) -> timedelta | None:
    """Give the length that the one Snooze button stands for; None if there is none."""
    return next((choice.snooze_for for choice in prompt.snoozes if choice.snooze_for is not None), None)


def prompt_actions(prompt: Prompt, default_is_button: bool) -> list[str]:
    """Give the pairs of key and label; what matters most comes first, since GNOME shows three buttons only.

    "default" is a click on the notification itself. A server that shows it as a button needs no second Start.
    """
    pairs: list[tuple[str, str]] = []
    if prompt.routine is not None:
        pairs.append(("default", _start_label(prompt)))
    if prompt.look is not Look.NOTICE:
        if prompt.routine is not None and not default_is_button:
            pairs.append(("start", _start_label(prompt)))
        snooze_for = first_snooze(prompt)
        if snooze_for is not None:
            minutes = max(1, round(snooze_for / timedelta(minutes=1)))
            pairs.append(("snooze", _("Snooze {minutes} min").format(minutes=minutes)))
        pairs.append(("skip", _("Skip")))
        sitting_down = prompt.posture_asked is Posture.SITTING
        pairs.append(("getting-up", _("I'm sitting down") if sitting_down else _("I'm getting up")))
    return [part for pair in pairs for part in pair]


def open_actions(default_is_button: bool) -> list[str]:
    """Give the pairs for a word to the user that a click opens the coach from."""
    return ["default", _("Open")] if default_is_button else ["default", _("Open"), "open", _("Open")]


def _start_label(prompt: Prompt) -> str:
    if prompt.routine_length <= ZERO:
        return _("Start")
    return _("Start ({minutes} min)").format(minutes=max(1, round(prompt.routine_length / timedelta(minutes=1))))
