"""What the settings file comes to with its preset and the defaults: for `config show`, `config get` and the windows.

Needs tomlkit, so it is imported only where somebody asks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import tomlkit

from traycoach.errors import Problem, UserError
from traycoach.paths import bundled
from traycoach.settings.building import default_layer, merged_rule, preset_layer
from traycoach.settings.files import read_text
from traycoach.settings.kinds import nearest
from traycoach.settings.load import settings_of
from traycoach.settings.places import as_item, kind_of, place, unknown
from traycoach.settings.reading import Layer, read_layer
from traycoach.settings.schema import KEYS
from traycoach.text import _


def get(path: Path, key: str) -> object:
    """Give the value in force of a key, a section ("quiet") or a rule ("rule.stand"), as TOML holds it.

    What a rule does not say itself comes from [prompt], where that says it. Raises UserError for an unknown key and for
    a file with problems.
    """
    found: Any = tomllib.loads(show(path))
    names = key.split(".")
    if names[0] == "rule" and len(names) > 1:
        rules = {rule["id"]: rule for rule in found["rule"]}
        if names[1] not in rules:
            raise UserError(Problem(_("there is no such rule"), key=key, suggestion=nearest(names[1], rules)))
        found, rule_key = rules[names[1]], ".".join(names[2:])
        if rule_key and rule_key not in found:
            kind_of(key)
            found = {**tomllib.loads(show(path))["prompt"], **found}
        names = names[2:]
    for name in names:
        if not isinstance(found, dict) or name not in found:
            if key not in KEYS and not key.startswith("rule."):
                raise unknown(key)
            return None
        found = found[name]
    return cast(object, found)


def literal(value: object) -> str:
    """Write a value as TOML does, for output: a table as lines, anything else as one."""
    if isinstance(value, dict):
        return tomlkit.dumps(value).strip()
    return "" if value is None else as_item(value).as_string()


def show(path: Path) -> str:
    """Give all settings in force as TOML, with the meaning of each. Raises UserError for a file with problems."""
    text = read_text(path) or ""
    settings_of(text, str(path))
    user = read_layer(text, str(path))
    defaults = default_layer()
    document = tomlkit.parse(bundled("config/default.toml").read_text(encoding="utf-8"))
    for layer in (preset_layer(user.values.get("preset", defaults.values["preset"])), user):
        _overlay(document, layer, tomllib.loads(layer.text))
    return tomlkit.dumps(document)


def _overlay(document: tomlkit.TOMLDocument, layer: Layer, raw: Mapping[str, Any]) -> None:
    for key in layer.values:
        table, names = place(document, key, make=True)
        value: Any = raw
        for name in key.split("."):
            value = value[name]
        assert table is not None
        table[names[0]] = as_item(value)
    below = read_layer(tomlkit.dumps(document))
    for rule in layer.rules:
        table, _names = place(document, f"rule.{rule.id}.id", make=True)
        assert table is not None
        written = raw["rule"][rule.index]
        under = below.rule(rule.id)
        merged = merged_rule(under.values if under else {}, rule.values)
        for name in [name for name in table if name not in merged]:
            del table[name]
        for name in rule.values:
            table[name] = as_item(written[name])
