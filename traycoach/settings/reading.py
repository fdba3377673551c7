"""One layer of settings: a TOML text to checked values by dotted key, with every problem at once.

A layer is the defaults, a preset, or the user's file. Only what it names is in it; `building` lays them over another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from traycoach.errors import Problem, UserError
from traycoach.settings.kinds import Kind, Wrong, nearest
from traycoach.settings.lines import Path, key_lines, line_of
from traycoach.settings.parsing import parse_toml
from traycoach.settings.schema import KEYS, RULE_KEYS, TRIGGERS, VERSION
from traycoach.text import _

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleLayer:
    """What one `[[rule]]` names. `index` is its place in the file, from 0."""

    id: str
    index: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class Layer:
    """What one text names: checked values by dotted key, its rules, and what is wrong with the rest of it."""

    text: str
    file: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    rules: list[RuleLayer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[Path, int] | None = None

    def line(self, path: Path) -> int | None:
        """Give the line of a key, or of what is around it."""
        if self._lines is None:
            try:
                self._lines = key_lines(self.text)
            except (ValueError, RecursionError):
                self._lines = {}
        return line_of(self._lines, path)

    def problem(self, path: Path, key: str, message: str, suggestion: str | None = None) -> Problem:
        """Give a problem at this place of the text, without noting it."""
        return Problem(message, file=self.file, key=key or None, line=self.line(path), suggestion=suggestion)

    def wrong(self, path: Path, key: str, message: str, suggestion: str | None = None) -> None:
        """Note a problem at this place of the text."""
        self.problems.append(self.problem(path, key, message, suggestion))

    def rule(self, rule_id: str) -> RuleLayer | None:
        """Give what the text names of this rule; None if nothing."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def read_layer(text: str, file: str | None = None, *, is_preset: bool = False) -> Layer:
    """Read a text. Never raises for what a person can write; `problems` says what was left out, in order of lines.

    A preset has a title and a summary, and no version: it ships with the program.
    """
    layer = Layer(text, file)
    raw = _parsed(layer)
    if is_preset:
        _read_tables(layer, {key: value for key, value in raw.items() if key not in {"title", "summary"}})
    elif raw and _version_fits(layer, raw):
        _read_tables(layer, raw)
    layer.problems.sort(key=lambda problem: problem.line or 0)
    return layer


def _parsed(layer: Layer) -> Raw:
    try:
        return parse_toml(layer.text, layer.file)
    except UserError as error:
        layer.problems += error.problems
        return {}


def _version_fits(layer: Layer, raw: Raw) -> bool:
    version = raw.get("version")
    if version == VERSION and not isinstance(version, bool | float):
        return True
    message = _("expected version = {known}")
    place: Path = ("version",)
    if version is None:
        message = _("the file does not say the version of its format; write version = {known} as its first line")
        place = ()
    elif isinstance(version, int) and version > VERSION:
        message = _("the file is of version {version}, this program reads up to {known}: update the program")
    layer.wrong(place, "version", message.format(version=version, known=VERSION))
    return False


def _read_tables(layer: Layer, raw: Raw) -> None:
    for key, value in raw.items():
        if key == "rule":
            _read_rules(layer, value)
        else:
            _read_key(layer, (key,), value)


def _read_key(layer: Layer, path: tuple[str, ...], value: object) -> None:
    key = ".".join(path)
    kind = KEYS.get(key)
    if kind is not None:
        _read_value(layer, path, key, kind, value, layer.values)
    elif any(known.startswith(key + ".") for known in KEYS):
        if isinstance(value, dict):
            for name, part in value.items():
                _read_key(layer, (*path, name), part)
        else:
            layer.wrong(path, key, _("expected a table, written [{key}]").format(key=key))
    else:
        layer.wrong(path, key, _("there is no such setting"), _nearest_key(path))


def _nearest_key(path: tuple[str, ...]) -> str | None:
    prefix = ".".join(path[:-1])
    siblings = {_next_part(known, prefix) for known in KEYS if known.startswith(f"{prefix}." if prefix else "")}
    if not prefix:
        siblings.add("rule")
    near = nearest(path[-1], siblings)
    if near is not None:
        return f"{prefix}.{near}" if prefix else near
    name = nearest(path[-1], {known.rpartition(".")[2] for known in KEYS})
    return next((known for known in KEYS if known.rpartition(".")[2] == name), None)


def _next_part(known: str, prefix: str) -> str:
    return known.removeprefix(prefix).removeprefix(".").partition(".")[0]


def _read_value(
    layer: Layer, path: Path, key: str, kind: Kind, value: object, values: dict[str, Any], name: str | None = None
) -> None:
    try:
        values[name or key] = kind.read(value)
    except Wrong as wrong:
        inner = "".join(f".{part}" for part in wrong.inside if isinstance(part, str))
        layer.wrong((*path, *wrong.inside), key + inner, wrong.message, wrong.suggestion)


def _read_rules(layer: Layer, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        layer.wrong(("rule",), "rule", _("each rule begins with [[rule]], in two pairs of brackets"))
        return
    seen: set[str] = set()
    for index, entry in enumerate(value):
        rule = _read_rule(layer, index, entry)
        if rule is None:
            continue
        if rule.id in seen:
            path: Path = ("rule", index, "id")
            layer.wrong(path, f"rule.{rule.id}.id", _("another rule in this file has the same id"))
            continue
        seen.add(rule.id)
        layer.rules.append(rule)


def _read_rule(layer: Layer, index: int, entry: Raw) -> RuleLayer | None:
    place: Path = ("rule", index)
    raw_id = entry.get("id")
    if raw_id is None:
        layer.wrong(
            place, f"rule[{index + 1}]", _("a rule needs an id, such as id = {example}").format(example='"tea"')
        )
        return None
    values: dict[str, Any] = {}
    rule_id = raw_id if isinstance(raw_id, str) and len(raw_id) <= 40 else f"[{index + 1}]"
    for key, value in entry.items():
        kind = RULE_KEYS.get(key)
        if kind is None:
            message = _("a rule has no such setting")
            layer.wrong((*place, key), f"rule.{rule_id}.{key}", message, nearest(key, RULE_KEYS))
        else:
            _read_value(layer, (*place, key), f"rule.{rule_id}.{key}", kind, value, values, key)
    triggers = [key for key in TRIGGERS if key in entry]
    if len(triggers) > 1:
        message = _("a rule has one trigger, this one has {count}: {triggers}")
        named = message.format(count=len(triggers), triggers=_listed(triggers))
        layer.wrong((*place, triggers[1]), f"rule.{rule_id}.{triggers[1]}", named)
    return RuleLayer(rule_id, index, values) if "id" in values else None


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)
