"""Phrases of the day lines that need nothing but their words: what the person does with prompts and the tray."""

from __future__ import annotations

from collections.abc import Callable

from traycoach.core import events
from traycoach.core.events import Answer, PauseUntil
from traycoach.core.rules import Posture
from traycoach.simulate import steps as deeds
from traycoach.simulate.language import parse_span

_ANSWERS = {"start": Answer.START, "skip": Answer.SKIP, "getting-up": Answer.GETTING_UP}

FIXED: dict[tuple[str, ...], Callable[[], deeds.Deed]] = {
    ("unlock",): lambda: deeds.Post(events.SessionUnlocked()),
    ("switched", "away"): lambda: deeds.Post(events.SessionDeactivated()),
    ("switched", "back"): lambda: deeds.Post(events.SessionActivated()),
    ("sharing", "on"): lambda: deeds.Post(events.ScreenShared(sharing=True)),
    ("sharing", "off"): lambda: deeds.Post(events.ScreenShared(sharing=False)),
    ("stands",): lambda: deeds.Post(events.PostureChanged(Posture.STANDING), click=True),
    ("sits",): lambda: deeds.Post(events.PostureChanged(Posture.SITTING), click=True),
    ("desk", "up"): lambda: deeds.Post(events.PostureChanged(Posture.STANDING)),
    ("desk", "down"): lambda: deeds.Post(events.PostureChanged(Posture.SITTING)),
    ("closes", "prompt"): deeds.CloseWindow,
    ("windows", "lost"): deeds.LoseWindows,
    ("why",): deeds.AskWhy,
}
"""Lines that have one form only."""


def reply(words: list[str]) -> deeds.Reply | None:
    """Read what follows `answers`; None if it cannot be read."""
    match words:
        case ["snooze", "meeting"]:
            return deeds.Reply(Answer.SNOOZE)
        case ["snooze", span] if (snooze_for := parse_span(span)) is not None:
            return deeds.Reply(Answer.SNOOZE, snooze_for)
        case [word] if word in _ANSWERS:
            return deeds.Reply(_ANSWERS[word])
    return None


def tray_deed(words: list[str]) -> deeds.Post | None:
    """Read what follows `tray`; None if it cannot be read."""
    event: events.Event
    match words:
        case ["snooze", "meeting"]:
            event = events.Snoozed(None)
        case ["snooze", span] if (length := parse_span(span)) is not None:
            event = events.Snoozed(length)
        case ["skip"]:
            event = events.Skipped()
        case ["pause"]:
            event = events.Paused(PauseUntil.RESUMED)
        case ["pause", "tomorrow"]:
            event = events.Paused(PauseUntil.TOMORROW)
        case ["pause", span] if (length := parse_span(span)) is not None:
            event = events.Paused(length)
        case ["resume"]:
            event = events.Resumed()
        case ["now"]:
            event = events.BreakRequested()
        case ["now", routine]:
            event = events.BreakRequested(routine)
        case ["here"]:
            event = events.PresenceClaimed()
        case ["away"]:
            event = events.AbsenceClaimed(None)
        case ["away", span] if (length := parse_span(span)) is not None:
            event = events.AbsenceClaimed(length)
        case _:
            return None
    return deeds.Post(event, click=True)
