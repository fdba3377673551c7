"""A day script: the TOML file, read whole, with all its problems at once. docs/day-scripts.md describes it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Schedule
from traycoach.errors import Problem, UserError
from traycoach.simulate.hands import Hands
from traycoach.simulate.language import parse_span
from traycoach.simulate.lines import Day
from traycoach.simulate.steps import Step
from traycoach.simulate.timeline import DEFAULT_KINDS, KINDS
from traycoach.text import _

_KEYS: dict[str, type] = {
    "about": str,
    "covers": list,
    "start": str,
    "zone": str,
    "seed": int,
    "show": list,
    "only": list,
    "routines": list,
    "day": str,
    "settings": dict,
    "edits": dict,
}
_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Script:
    """One scripted day (or week). `edits` are the schedules after the settings edits that the lines name."""

    name: str
    began_at: datetime
    schedule: Schedule
    catalogue: tuple[RoutineInfo, ...]
    seed: int
    shows: frozenset[str]
    hands: Hands
    steps: tuple[Step, ...]
    end: timedelta
    edits: Mapping[str, Schedule]
    about: str = ""
    covers: tuple[str, ...] = ()


def load_script(path: Path) -> Script:
    """Read a script from a file. Raises UserError with every problem."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            Problem(_("This script cannot be read: {error}.").format(error=_reason(error)), str(path))
        ) from error
    return parse_script(text, str(path))


def parse_script(text: str, file: str) -> Script:
    """Read a script from its text; `file` names it in problems. Raises UserError with every problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _LINE.search(str(error))
        raise UserError(
            Problem(_("This is no TOML: {error}.").format(error=error), file, line=int(where[1]) if where else None)
        ) from error
    return _Reader(text, file, data).script()


class _Reader:
    """Reads one script and collects its problems."""

    def __init__(self, text: str, file: str, data: dict[str, Any]) -> None:
        self._text = text
        self._file = file
        self._data = data
        self._problems: list[Problem] = []

    def script(self) -> Script:
        """Give the script, or raise all problems."""
        self._keys()
        if self._problems:
            raise UserError(*self._problems)
        data = self._data
        began_at = self._began_at()
        schedule = self._schedule(data.get("settings", {}), "settings")
        edits = {
            name: self._schedule(_merged(data.get("settings", {}), edit), f"edits.{name}")
            for name, edit in data.get("edits", {}).items()
        }
        catalogue = self._catalogue()
        shows = self._shows()
        day = Day(began_at, frozenset(edits))
        day.read(data.get("day", ""), self._line_of("day") + self._opening(), self._file)
        self._problems += day.problems
        if self._problems:
            raise UserError(*self._problems)
        return Script(
            name=Path(self._file).stem,
            began_at=began_at,
            schedule=schedule,
            catalogue=catalogue,
            seed=data.get("seed", 1),
            shows=shows,
            hands=day.hands,
            steps=tuple(day.steps),
            end=day.end,
            edits=edits,
            about=data.get("about", ""),
            covers=tuple(data.get("covers", ())),
        )

    def _keys(self) -> None:
        for key, value in self._data.items():
            if key not in _KEYS:
                close = get_close_matches(key, _KEYS, 1)
                known = ", ".join(_KEYS)
                self._problem(key, _("This key is not known; expected one of: {known}.").format(known=known), *close)
            elif not isinstance(value, _KEYS[key]) or isinstance(value, bool):
                kind = {str: _("text"), list: _("a list"), int: _("a whole number"), dict: _("a table")}[_KEYS[key]]
                self._problem(key, _("Expected {kind}.").format(kind=kind))
            elif isinstance(value, list) and not all(isinstance(one, str) for one in value):
                self._problem(key, _("Expected a list of texts."))
        for key in ("start", "day"):
            if key not in self._data:
                self._problems.append(Problem(_("This key is missing."), self._file, key))

    def _began_at(self) -> datetime:
        zone_name = self._data.get("zone", "UTC")
        try:
            zone = ZoneInfo(zone_name)
        except (KeyError, ValueError, OSError):
            self._problem("zone", _("There is no time zone of this name; expected one such as “Europe/Berlin”."))
            zone = ZoneInfo("UTC")
        try:
            return datetime.strptime(self._data["start"], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        except ValueError:
            self._problem("start", _("Expected a date and a time, such as “2026-03-02 09:00”."))
            return datetime(2026, 3, 2, tzinfo=zone)

    def _schedule(self, settings: Mapping[str, Any], key: str) -> Schedule:
        """Read a settings table as the user's settings file would be read, on top of the defaults."""
        import tomlkit

        from traycoach.settings import settings_of

        try:
            schedule = settings_of(tomlkit.dumps({"version": 1, **settings})).schedule
        except UserError as error:
            for problem in error.problems:
                inner = f"{key}.{problem.key}" if problem.key else key
                self._problems.append(replace(problem, file=self._file, line=None, key=inner))
            return Schedule()
        only = self._data.get("only")
        if only is None:
            return schedule
        known = [rule.id for rule in schedule.rules]
        for name in only if key == "settings" else ():
            if name not in known:
                self._problem(
                    "only", _("There is no rule “{name}”.").format(name=name), *get_close_matches(name, known, 1)
                )
        own = {rule.get("id") for rule in settings.get("rule", ())}
        return replace(schedule, rules=tuple(rule for rule in schedule.rules if rule.id in own | set(only)))

    def _catalogue(self) -> tuple[RoutineInfo, ...]:
        """Read "hips: stand-up seat 2m" as id, purposes, length; without the key the bundled routines are used."""
        texts = self._data.get("routines")
        if texts is None:
            from traycoach.library import bundled_catalogue

            return bundled_catalogue()
        found = []
        for text in texts:
            name, _colon, rest = text.partition(":")
            *purposes, length_text = rest.split() or [""]
            length = parse_span(length_text)
            if not purposes or length is None:
                self._problem("routines", _("Expected an id, purposes and a length, such as “hips: stand-up 2m”."))
                continue
            found.append(RoutineInfo(name.strip(), name.strip(), name.strip(), length, frozenset(purposes)))
        return tuple(found)

    def _shows(self) -> frozenset[str]:
        kinds = self._data.get("show")
        if kinds is None:
            return DEFAULT_KINDS
        for kind in kinds:
            if kind not in KINDS:
                known = ", ".join(KINDS)
                self._problem(
                    "show",
                    _("“{kind}” is no kind of line; expected: {known}.").format(kind=kind, known=known),
                    *get_close_matches(kind, KINDS, 1),
                )
        return frozenset(kinds) | {"why", "script"}

    def _problem(self, key: str, message: str, suggestion: str | None = None) -> None:
        self._problems.append(Problem(message, self._file, key, self._line_of(key), suggestion))

    def _line_of(self, key: str) -> int:
        """Give the line on which a top-level key stands."""
        pattern = re.compile(rf"^\s*\[*{re.escape(key)}\b")
        return next((number for number, line in enumerate(self._text.splitlines(), 1) if pattern.match(line)), 1)

    def _opening(self) -> int:
        """Give 1 if the text of `day` begins on the line after its key (TOML drops that first line break), else 0."""
        line = self._text.splitlines()[self._line_of("day") - 1]
        return int(line.rstrip().endswith(('"""', "'''")))


def _merged(settings: Mapping[str, Any], edit: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an edit over the settings: tables key by key, rules by their id; a rule without any other key is removed."""
    merged = dict(settings)
    for key, value in edit.items():
        if key == "rule":
            rules = {rule["id"]: dict(rule) for rule in settings.get("rule", ())}
            for rule in value:
                rules[rule["id"]] = rules.get(rule["id"], {}) | rule
            merged["rule"] = list(rules.values())
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or _("unknown") if isinstance(error, OSError) else _("it is not UTF-8")
