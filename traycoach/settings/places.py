"""Where a dotted key lives in a tomlkit document, and which kind of value it takes."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import tomlkit
from tomlkit.items import AoT, Item

from traycoach.errors import Problem, UserError
from traycoach.settings.kinds import Kind, nearest
from traycoach.settings.rule_kinds import Routines
from traycoach.settings.schema import KEYS, RULE_KEYS
from traycoach.text import _

Table = MutableMapping[str, Any]


def place(document: tomlkit.TOMLDocument, key: str, *, make: bool) -> tuple[Table | None, list[str]]:
    """Give the table that holds (or shall hold) the key, and the key's own name (two names inside an inline table)."""
    names = key.split(".")
    if names[0] == "rule":
        return _rule_table(document, names[1], make=make), names[2:]
    table: Any = document
    for name in names[:-1]:
        if name not in table:
            if not make:
                return None, names[-1:]
            table[name] = tomlkit.table()
        table = table[name]
    return cast(Table, table), names[-1:]


def _rule_table(document: tomlkit.TOMLDocument, rule_id: str, *, make: bool) -> Table | None:
    rules: Any = document.get("rule")
    for rule in rules or ():
        if rule.get("id") == rule_id:
            return cast(Table, rule)
    if not make:
        return None
    if rules is None:
        rules = document["rule"] = tomlkit.aot()
        rules = document["rule"]
    if isinstance(rules, AoT):
        table = tomlkit.table()
        table["id"] = rule_id
        rules.append(table)
    else:
        inline = tomlkit.inline_table()
        inline["id"] = rule_id
        rules.append(inline)
    return cast(Table, rules[-1])


def kind_of(key: str) -> Kind:
    """Give the kind of a dotted key, of a rule's key too. Raises UserError with the nearest key if there is none."""
    names = key.split(".")
    if names[0] == "rule" and len(names) >= 3:
        kind = RULE_KEYS.get(names[2])
        if isinstance(kind, Routines) and len(names) == 4:
            kind = dict(kind.parts).get(names[3])
        if kind is None or len(names) > 4 or (len(names) == 4 and names[2] != "routines"):
            near = nearest(names[2], RULE_KEYS)
            near = f"{names[0]}.{names[1]}.{near}" if near and near != names[2] else None
            raise UserError(Problem(_("a rule has no such setting"), key=key, suggestion=near))
        return kind
    if key not in KEYS:
        raise unknown(key)
    return KEYS[key]


def unknown(key: str) -> UserError:
    """Give the error for a key that does not exist."""
    near = nearest(key, KEYS)
    if near is None:
        near = next((known for known in KEYS if known.rpartition(".")[2] == key.rpartition(".")[2]), None)
    return UserError(Problem(_("there is no such setting"), key=key, suggestion=near))


def as_item(value: object) -> Item:
    """Give the tomlkit item of a plain value; a mapping is an inline table."""
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    return tomlkit.item(value)
