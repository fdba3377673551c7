"""What is looked for in the library, and what of it is found; and the words for what is said of its routines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from traycoach.messages import ListedRoutine
from traycoach.text import _, ngettext

_MINUTE: Final = timedelta(minutes=1)

GROUPS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("short", frozenset({"micro", "posture", "meeting"})),
    ("stand", frozenset({"stand-up", "standing"})),
    ("move", frozenset({"move", "walk"})),
    ("stretch", frozenset({"stretch"})),
    ("hands", frozenset({"typing", "mousing"})),
    ("eyes", frozenset({"eye"})),
    ("strength", frozenset({"programme"})),
    ("wind-down", frozenset({"wind-down"})),
    ("lessons", frozenset({"lesson"})),
)
"""The purposes of config/routines/README.md as a person looks for them, and that of lessons."""
PARTS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("neck", frozenset({"neck", "head"})),
    ("shoulders", frozenset({"shoulders", "chest"})),
    ("back", frozenset({"upper-back", "low-back"})),
    ("core", frozenset({"core"})),
    ("arms", frozenset({"arms", "elbows", "forearms", "wrists", "hands"})),
    ("hips", frozenset({"hips"})),
    ("legs", frozenset({"legs", "thighs", "hamstrings", "calves", "ankles"})),
    ("eyes", frozenset({"eyes"})),
    ("whole", frozenset({"whole-body"})),
)
"""The regions of the files in groups that fit into a menu."""
_PARTS: Final = dict(PARTS)
LENGTHS: Final = (1, 2, 5)
"""The choices of "at most", in minutes."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. What is left at its default asks for nothing.

    `groups` are keys of GROUPS, of several one suffices; `part` is a key of PARTS; `at_most` is in minutes as they are
    shown. Hidden routines are found with `hidden` alone, and then nothing else is.
    """

    words: str = ""
    groups: frozenset[str] = frozenset()
    part: str = ""
    at_most: int | None = None
    seated: bool = False
    no_floor: bool = False
    discreet: bool = False
    favourites: bool = False
    hidden: bool = False

    def fits(self, entry: ListedRoutine) -> bool:
        """Tell whether this is looked for."""
        purposes = {purpose for key, group in GROUPS if key in self.groups for purpose in group}
        return (
            entry.hidden == self.hidden
            and (not self.favourites or entry.favourite)
            and (not self.groups or not purposes.isdisjoint(entry.purposes))
            and (not self.part or not _PARTS[self.part].isdisjoint(entry.regions))
            and (self.at_most is None or entry.length < (self.at_most + 0.5) * _MINUTE)
            and (not self.seated or can_sit(entry))
            and (not self.no_floor or not entry.floor)
            and (not self.discreet or entry.discreet >= 2)
            and self._has_words(entry)
        )

    @property
    def count(self) -> int:
        """How many filters are set, the words of the search aside."""
        set_ = (self.part, self.at_most, self.seated, self.no_floor, self.discreet, self.favourites, self.hidden)
        return len(self.groups) + sum(bool(one) for one in set_)

    def _has_words(self, entry: ListedRoutine) -> bool:
        wanted = self.words.casefold().split()
        if not wanted:
            return True
        groups = (group_words(key) for key, group in GROUPS if not group.isdisjoint(entry.purposes))
        said = (entry.title, entry.summary, entry.id, *groups, *map(region_words, entry.regions))
        text = " ".join(said).casefold()
        return all(word in text for word in wanted)


def found(entries: Iterable[ListedRoutine], sought: Sought) -> tuple[ListedRoutine, ...]:
    """Give what fits: favourites first, lessons last, each from short to long."""
    fitting = (entry for entry in entries if sought.fits(entry))

    def place(entry: ListedRoutine) -> tuple[object, ...]:
        return not entry.favourite, entry.lesson, entry.length, entry.title.casefold()

    return tuple(sorted(fitting, key=place))


def can_sit(entry: ListedRoutine) -> bool:
    """Tell whether the whole routine can be done without getting up."""
    return not entry.stands and not entry.floor


def length_words(length: timedelta) -> str:
    """Give "30 s" below a minute, else "3 min"."""
    if length < _MINUTE:
        return _("{seconds} s").format(seconds=round(length.total_seconds()))
    return _("{minutes} min").format(minutes=_minutes(length))


def start_words(length: timedelta) -> str:
    """Give the text of the button that starts a routine."""
    return _("Start ({length})").format(length=length_words(length))


def group_words(key: str) -> str:
    """Give the name of a group of purposes."""
    return {
        "short": _("Short breaks"),
        "stand": _("Stand up"),
        "move": _("Move"),
        "stretch": _("Stretch"),
        "hands": _("Hands"),
        "eyes": _("Eyes"),
        "strength": _("Strength"),
        "wind-down": _("Wind down"),
        "lessons": _("Lessons"),
    }[key]


def part_words(key: str) -> str:
    """Give the name of a group of regions."""
    return {
        "neck": _("Neck and head"),
        "shoulders": _("Shoulders and chest"),
        "back": _("Back"),
        "core": _("Core"),
        "arms": _("Arms and hands"),
        "hips": _("Hips"),
        "legs": _("Legs and feet"),
        "eyes": _("Eyes"),
        "whole": _("Whole body"),
    }[key]


def region_words(region: str) -> str:
    """Give the name of a part of the body; one that is not known by its own word."""
    known = {
        "ankles": _("Ankles"),
        "arms": _("Arms"),
        "calves": _("Calves"),
        "chest": _("Chest"),
        "core": _("Core"),
        "elbows": _("Elbows"),
        "eyes": _("Eyes"),
        "forearms": _("Forearms"),
        "hamstrings": _("Back of the thighs"),
        "hands": _("Hands"),
        "head": _("Head"),
        "hips": _("Hips"),
        "legs": _("Legs"),
        "low-back": _("Lower back"),
        "neck": _("Neck"),
        "shoulders": _("Shoulders"),
        "thighs": _("Thighs"),
        "upper-back": _("Upper back"),
        "whole-body": _("Whole body"),
        "wrists": _("Wrists"),
    }
    return known.get(region) or region.replace("-", " ").capitalize()


def place_words(entry: ListedRoutine) -> str:
    """Give where it is done, in a word or two."""
    if entry.lesson:
        return _("Lesson")
    if entry.floor:
        return _("Floor")
    if can_sit(entry):
        return _("Seated")
    return _("Standing") if entry.place == ("standing",) else _("Sit and stand")


def badges_of(entry: ListedRoutine) -> tuple[str, ...]:
    """Give the few facts that stand on a routine's card, the length first."""
    badges = [length_words(entry.length), place_words(entry)]
    if entry.discreet >= 3 and not entry.lesson:
        badges.append(_("Discreet"))
    if entry.own:
        badges.append(_("Your own"))
    return tuple(badges)


def facts_of(entry: ListedRoutine) -> str:
    """Give the same and more as a line: level, regions."""
    level = "" if entry.lesson else {1: _("gentle"), 3: _("demanding")}.get(entry.level, _("ordinary"))
    regions = ", ".join(map(region_words, entry.regions))
    return " · ".join(part for part in (*badges_of(entry), level, regions) if part)


def spoken(entry: ListedRoutine) -> str:
    """Give a routine as a screen reader says it in the list."""
    marks = [_("favourite")] if entry.favourite else []
    if entry.hidden:
        marks.append(_("hidden"))
    return ", ".join((entry.title, *badges_of(entry), *marks))


def count_words(entries: Sequence[ListedRoutine]) -> str:
    """Give how many routines and lessons the list holds."""
    lessons = sum(entry.lesson for entry in entries)
    routines = len(entries) - lessons
    words = []
    if routines or not lessons:
        words.append(ngettext("{count} routine", "{count} routines", routines).format(count=routines))
    if lessons:
        words.append(ngettext("{count} lesson", "{count} lessons", lessons).format(count=lessons))
    return ", ".join(words)


def _minutes(length: timedelta) -> int:
    return max(1, int(length / _MINUTE + 0.5))
