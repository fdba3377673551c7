"""The coach's sentences: spans, headlines and reasons in plain words, each through `_()`."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import BeforeWorkEnds, Look, Posture, Rule
from traycoach.text import _


def span(length: timedelta) -> str:
    """Give a length in words: "40 s", "24 min", "1 h 05 min". Minutes are whole ones that have passed."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return _("{seconds} s").format(seconds=seconds)
    minutes = seconds // 60
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)


def left(length: timedelta) -> str:
    """Give what is left in words, like `span` but a begun unit counts whole: of 30 minutes, 20 passed leave 10."""
    unit = MINUTE if length >= MINUTE else SECOND
    return span(ceil(length / unit) * unit)


def minutes(length: timedelta) -> int:
    """Give the whole minutes of a length."""
    return int(max(ZERO, length) // MINUTE)


def headline(rule: Rule, posture: Posture, sat_for: timedelta, *, sharing: bool) -> str:
    """Give a prompt's headline. While the screen is shared it gives nothing away."""
    if sharing:
        return _("Time for a break")
    if rule.text:
        return rule.text
    if isinstance(rule.trigger, BeforeWorkEnds):
        return _("The working day ends in {span}").format(span=span(rule.trigger.lead))
    if rule.look is Look.NOTICE:
        return _("A moment for hands and posture") if rule.id != "eyes" else _("Rest your eyes")
    if rule.interval is None:
        return _("Time for a break")
    if posture is Posture.STANDING:
        return _("You’ve been standing {span}").format(span=span(sat_for))
    return _("You’ve been sitting {span}").format(span=span(sat_for))


def offer_line(rule: Rule, routine: RoutineInfo | None, *, sharing: bool, meeting_in: timedelta | None = None) -> str:
    """Give the one line under the headline: what is offered, and before a meeting how much time is left."""
    if sharing:
        return ""
    if routine is not None and meeting_in is not None:
        left = max(meeting_in, MINUTE)
        return _("Your next meeting is in {span}. {offer}").format(span=span(left), offer=routine.offer)
    if routine is not None:
        return routine.offer
    if rule.interval is not None and rule.interval.medium.value == Posture.STANDING.value:
        return _("Sit down or walk a little.")
    return _("Stand up and move a little.")


def routine_paused() -> str:
    """Give the sentence for a countdown that input elsewhere has stopped."""
    return _("Paused: you are typing in another window.")


_HOLDS = {
    "microphone": lambda: _("your microphone is in use"),
    "camera": lambda: _("your camera is in use"),
    "fullscreen": lambda: _("a window fills the screen"),
    "sharing": lambda: _("your screen is shared"),
    "dnd": lambda: _("the desktop asks for quiet"),
    "meeting": lambda: _("you are in a meeting"),
    "inhibitor": lambda: _("a program keeps the screen awake"),
    "media": lambda: _("music or a film is playing"),
    "application": lambda: _("a program that you named is in use"),
    "battery": lambda: _("the computer runs on its battery"),
    "quiet hours": lambda: _("these are quiet hours"),
    "pause": lambda: _("you paused the coach"),
}


def hold(name: str) -> str:
    """Give a hold as the end of "waiting: …"."""
    words = _HOLDS.get(name)
    return words() if words is not None else name


def holds(names: frozenset[str]) -> str:
    """Give all holds, the ones that pass by themselves first."""
    return _(" and ").join(hold(name) for name in sorted(names))
