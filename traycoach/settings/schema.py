"""Every setting as data: its key and its kind. Reading, `config schema` and docs/configuration.md come from here.

Defaults and the sentence about each key stand in config/default.toml and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.core.rules import Look
from traycoach.paths import bundled
from traycoach.settings.kinds import (
    Choice,
    Clock,
    Decimal,
    Kind,
    Several,
    Span,
    Text,
    Truth,
    Whole,
    one_of,
)
from traycoach.settings.rule_kinds import CronLine, Every, Hours, Routines
from traycoach.settings.values import Bar, Corner, Counts, Hair, Kit, Means, Theme
from traycoach.text import _

VERSION = 1
"""The version of the file's format that this program writes."""

HOUR = timedelta(hours=1)

_COLOUR = Text(lambda: _('a colour written like "#3aa092", or "" for the theme\'s own'), r"(?:#[0-9A-Fa-f]{6})?")
_ID = Text(
    lambda: _('a short name of small letters, digits and hyphens, such as "after-lunch"'), r"[a-z0-9][a-z0-9-]{0,39}"
)
_SNOOZE = Several(Span(5 * SECOND, 8 * HOUR), most=6)
_PROGRAM = Text(lambda: _("the name of a program, without its folder"), r"[^/\x00-\x1f\x7f]{1,100}")
_SNOOZES = Whole(0, 20)
_NOTICE = Span(5 * SECOND, 5 * MINUTE)
_RESET = Span(5 * SECOND, 4 * HOUR)
_CATCH_UP = Span(ZERO, 24 * HOUR)
_SKIP = Span(ZERO, 5 * MINUTE)
_PART = Span(SECOND, 2 * HOUR)


def preset_names() -> Sequence[str]:
    """Give the names of the ready-made schedules."""
    return sorted(file.stem for file in bundled("config/presets").glob("*.toml"))


KEYS: Mapping[str, Kind] = MappingProxyType(
    {
        "version": Whole(VERSION, VERSION),
        "preset": Choice(preset_names),
        "language": Text(lambda: _('a language written like "de" or "pt_BR", or ""'), r"(?:[a-z]{2,3}(?:_[A-Z]{2})?)?"),
        "presence.idle_after": Span(5 * SECOND, 10 * MINUTE),
        "presence.away_after": Span(5 * SECOND, 30 * MINUTE),
        "work.hours": Hours(),
        "day.starts_at": Clock(),
        "quiet.hours": Hours(),
        "quiet.fullscreen": Truth(),
        "quiet.microphone": Truth(),
        "quiet.camera": Truth(),
        "quiet.do_not_disturb": Truth(),
        "quiet.sharing": Truth(),
        "quiet.inhibitor": Truth(),
        "quiet.media": Truth(),
        "quiet.on_battery": Truth(),
        "quiet.in_front": Several(_PROGRAM, most=50),
        "quiet.running": Several(_PROGRAM, most=50),
        "quiet.meeting": Truth(),
        "quiet.calendars": Several(
            Text(lambda: _("the path of a file or folder that begins with / or ~"), r"[/~][^\x00-\x1f\x7f]{0,1000}"),
            most=20,
        ),
        "budget.prompts_an_hour": Whole(1, 60),
        "budget.cards_an_hour": Whole(0, 60),
        "budget.apart": Span(ZERO, HOUR),
        "prompt.by": one_of(Means),
        "prompt.corner": one_of(Corner),
        "prompt.patience": Span(ZERO, 10 * MINUTE),
        "prompt.look": one_of(Look),
        "prompt.length": _NOTICE,
        "prompt.resets_after": _RESET,
        "prompt.catch_up": _CATCH_UP,
        "prompt.snooze": _SNOOZE,
        "prompt.max_snoozes": _SNOOZES,
        "prompt.skip_after": _SKIP,
        "routines.floor": Truth(),
        "routines.wheelchair": Truth(),
        "routines.seated": Truth(),
        "routines.kit": Several(one_of(Kit)),
        "routines.discreet": Whole(1, 3),
        "routines.level": Whole(1, 3),
        "routines.leave_out": Several(_ID),
        "routines.favourites": Several(_ID, most=500),
        "routines.hidden": Several(_ID, most=500),
        "look.theme": one_of(Theme),
        "look.high_contrast": Truth(),
        "look.reduced_motion": Truth(),
        "look.text_scale": Decimal(0.8, 2.0),
        "look.sounds": Truth(),
        "look.figure.skin": _COLOUR,
        "look.figure.hair": one_of(Hair),
        "look.figure.hair_colour": _COLOUR,
        "look.figure.shirt": _COLOUR,
        "look.figure.trousers": _COLOUR,
        "look.figure.shoes": _COLOUR,
        "look.figure.girth": Decimal(0.9, 1.25),
        "tray.bar": one_of(Bar),
        "input.counts": one_of(Counts),
    }
)
"""All settings outside rules, by dotted key, in the order of config/default.toml."""

RULE_KEYS: Mapping[str, Kind] = MappingProxyType(
    {
        "id": _ID,
        "enabled": Truth(),
        "every": Every(Span(5 * SECOND, 12 * HOUR)),
        "offset": Span(5 * SECOND, 12 * HOUR),
        "at": Several(Clock(), least=1),
        "cron": CronLine(),
        "before_work_ends": Span(ZERO, 8 * HOUR),
        "look": one_of(Look),
        "length": _NOTICE,
        "resets_after": _RESET,
        "hours": Hours(),
        "routines": Routines(
            (
                ("purpose", _ID),
                ("at_least", _PART),
                ("at_most", _PART),
                ("ids", Several(_ID, least=1)),
            )
        ),
        "snooze": _SNOOZE,
        "max_snoozes": _SNOOZES,
        "catch_up": _CATCH_UP,
        "skip_after": _SKIP,
        "text": Text(lambda: _("one line of at most 200 characters")),
    }
)
"""The settings of one rule, by key."""

TRIGGERS = ("every", "at", "cron", "before_work_ends")
"""The keys of which a rule has exactly one."""
