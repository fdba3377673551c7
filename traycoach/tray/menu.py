"""What the menu says: a tray state in, a menu out. Pure; every backend draws the same rows.

A row's command is a verb of the command line with its words, so that the menu can do nothing that the user cannot type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from traycoach.core.actions import TrayState
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Posture
from traycoach.text import _
from traycoach.tray.toolkit import Menu, MenuItem

Send = Callable[[str, tuple[str, ...]], None]
"""Takes the verb and the words of a command."""

SNOOZE_CHOICES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
"""Offered where the rule names none."""

_WIDEST = 96
"""Letters in a row: more would make the menu wider than a small screen (seen on Plasma, which cuts nothing)."""

_PAUSES = (timedelta(minutes=30), timedelta(hours=1))
_MINUTE = timedelta(minutes=1)


class Row(MenuItem):  # type: ignore[misc]  # pystray is untyped
    """A menu row with a key that stays the same however the row's text changes."""

    def __init__(
        self,
        key: str,
        text: str,
        action: Callable[[], None] | Menu | None = None,
        *,
        enabled: bool = True,
        checked: bool | None = None,
        default: bool = False,
        visible: bool = True,
    ) -> None:
        state = None if checked is None else (lambda _row: checked)
        super().__init__(text, action, checked=state, default=default, visible=visible, enabled=enabled)
        self.key = key


def build_menu(state: TrayState, routines: Sequence[RoutineInfo], send: Send) -> Menu:
    """Give the menu for a state. `routines` are those that fit now, in the order to show.

    The invisible default row is the left click.
    """
    return Menu(*_rows(state, routines, send))


def _rows(state: TrayState, routines: Sequence[RoutineInfo], send: Send) -> Iterator[MenuItem]:
    def row(key: str, text: str, verb: str, *words: str, enabled: bool = True, checked: bool | None = None) -> Row:
        return Row(key, text, lambda: send(verb, words), enabled=enabled, checked=checked)

    yield Row("default", "", lambda: send("default", ()), default=True, visible=False)
    yield Row("why", _short(state.why), enabled=False)
    if state.today:
        yield Row("today", _short(state.today), enabled=False)
    yield Menu.SEPARATOR

    offers = [row("now:", _("Choose for me"), "now")]
    offers += [row(f"now:{routine.id}", _routine_label(routine), "now", routine.id) for routine in routines]
    yield Row("now", _("Take a break now"), Menu(*offers), enabled=not state.routine_running)

    snoozes = [
        row(f"snooze:{_word(choice)}", _length(choice), "snooze", _word(choice))
        for choice in state.snooze_choices or SNOOZE_CHOICES
    ]
    snoozes.append(row("snooze:meeting", _("After my meeting"), "snooze", "meeting"))
    yield Row("snooze", _("Snooze"), Menu(*snoozes), enabled=state.can_snooze)
    yield row("skip", _("Skip this one"), "skip", enabled=state.can_snooze)

    if state.paused:
        yield row("resume", _("Resume"), "resume")
    else:
        pauses = [row(f"pause:{_word(length)}", _length(length), "pause", _word(length)) for length in _PAUSES]
        pauses.append(row("pause:tomorrow", _("Until tomorrow"), "pause", "tomorrow"))
        pauses.append(row("pause:resumed", _("Until I resume"), "pause", "resumed"))
        yield Row("pause", _("Pause"), Menu(*pauses))
    yield Menu.SEPARATOR

    standing = state.posture is Posture.STANDING
    yield row("standing", _("I'm standing"), "sit" if standing else "stand", checked=standing)
    if state.can_claim_presence:
        yield row("here", _("I was at the desk"), "here")
    yield Menu.SEPARATOR

    yield row("history", _("History…"), "open", "history")
    yield row("routines", _("Routines…"), "open", "routines")
    yield row("settings", _("Settings…"), "open", "settings")
    yield Menu.SEPARATOR
    yield row("quit", _("Quit"), "quit")


def title_of(state: TrayState) -> str:
    """Give the tooltip and accessible name of the icon."""
    return _("traycoach – {words}").format(words=state.words) if state.words else "traycoach"


def _short(sentence: str) -> str:
    """Cut a sentence that would make the menu as wide as the screen; the status window has all of it."""
    if len(sentence) <= _WIDEST:
        return sentence
    kept = sentence[:_WIDEST]
    return kept[: kept.rfind(" ", _WIDEST // 2)].rstrip(" ,;:.") + "…"


def _routine_label(routine: RoutineInfo) -> str:
    minutes = max(1, round(routine.length / _MINUTE))
    return _("{title} ({minutes} min)").format(title=routine.title, minutes=minutes)


def _length(length: timedelta) -> str:
    if length >= timedelta(hours=1) and not length % timedelta(hours=1):
        return _("{hours} h").format(hours=length // timedelta(hours=1))
    return _("{minutes} min").format(minutes=max(1, round(length / _MINUTE)))


def _word(length: timedelta) -> str:
    """Give the length as the command line takes it: "90s", "5m", "1h"."""
    seconds = int(length.total_seconds())
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
