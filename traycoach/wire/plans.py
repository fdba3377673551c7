"""How each type travels: plans made from type hints, once a type. The table of types stands in `wire/__init__.py`."""

# ruff: noqa: ANN401 - a codec handles values of any type

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from traycoach.text import _
from traycoach.wire.values import SIMPLE, Plan, Wrong, expected, read_text, refuse, same

TAG = "type"
"""The key under which a message, and a member of a union, names its class."""


@cache
def plan_of(kind: Any) -> Plan:
    """Give the plan of a type. Built once a type: events pass here on every wake-up of the daemon."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    origin, args = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _union(args)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _array(plan_of(args[0]), tuple)
    if origin is tuple:
        return _fixed_tuple([plan_of(arg) for arg in args])
    if origin in {list, frozenset}:
        return _array(plan_of(args[0]), origin)
    if origin in {dict, Mapping} and args[0] is str:
        return _mapping(plan_of(args[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _enum(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    raise TypeError(f"{kind!r} cannot travel: see the table in {__package__}")


@cache
def members_of(kind: Any) -> Mapping[str, type]:
    """Give the messages that a dataclass or a union of them stands for, by their tags."""
    members = get_args(kind) if get_origin(kind) in {Union, types.UnionType} else (kind,)
    if not all(isinstance(member, type) and dataclasses.is_dataclass(member) for member in members):
        raise TypeError(f"{kind!r} is neither a dataclass nor a union of dataclasses")
    return {member.__name__: member for member in members}


def read_tagged(data: Mapping[str, Any], members: Mapping[str, type]) -> Any:
    """Read the one of these dataclasses that the tag names. Raises `Wrong`."""
    tag = data.get(TAG)
    if not isinstance(tag, str) or tag not in members:
        raise Wrong([("." + TAG, _("expected the name of a message known here"))])
    return plan_of(members[tag]).read({name: one for name, one in data.items() if name != TAG})


def _enum(kind: type[StrEnum]) -> Plan:
    def read(data: object) -> StrEnum:
        try:
            return kind(read_text(data))
        except ValueError:
            refuse(_("expected one of {choices}").format(choices=", ".join(kind)))

    return Plan(lambda value: value.value, read, str, (kind,))


def _array(item: Plan, kind: type) -> Plan:
    # a bare `sorted` would need an order of the values; their JSON always has one
    ordered: Callable[[list[Any]], list[Any]] = (
        (lambda plain: sorted(plain, key=json.dumps)) if kind is frozenset else same
    )

    def write(value: Any) -> list[Any]:
        return ordered([item.write(one) for one in value])

    def read(data: object) -> Any:
        if not isinstance(data, list):
            expected(_("a list"), data)
        values = _read_each((item, one, f"[{index}]") for index, one in enumerate(data))
        try:
            return kind(values)
        except TypeError:  # a set of plain JSON that cannot be hashed
            expected(_("a list of plain values"), data)

    return Plan(write, read, list, (kind,))


def _fixed_tuple(items: Sequence[Plan]) -> Plan:
    def write(value: tuple[Any, ...]) -> list[Any]:
        return [item.write(one) for item, one in zip(items, value, strict=True)]

    def read(data: object) -> tuple[Any, ...]:
        if not isinstance(data, list):
            expected(_("a list"), data)
        if len(data) != len(items):
            refuse(_("expected a list of {count} values").format(count=len(items)))
        pairs = zip(items, data, strict=True)
        return tuple(_read_each((item, one, f"[{index}]") for index, (item, one) in enumerate(pairs)))

    return Plan(write, read, list, (tuple,))


def _read_each(parts: Iterable[tuple[Plan, object, str]]) -> list[Any]:
    """Read (plan, data, name below the whole) one by one; raise `Wrong` with all that is wrong in any of them."""
    values, found = [], []
    for plan, data, step in parts:
        try:
            values.append(plan.read(data))
        except Wrong as wrong:
            found += wrong.below(step)
    if found:
        raise Wrong(found)
    return values


def _mapping(item: Plan) -> Plan:
    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: item.write(one) for key, one in value.items()}

    def read(data: object) -> dict[str, Any]:
        if not isinstance(data, dict):
            expected(_("a table"), data)
        values = _read_each((item, one, f".{key:.40}") for key, one in data.items())
        return dict(zip(map(read_text, data), values, strict=True))

    return Plan(write, read, dict, (dict, Mapping))


def _dataclass(kind: type) -> Plan:
    hints = get_type_hints(kind)
    fields = [field for field in dataclasses.fields(kind) if field.init]
    if any(field.name == TAG for field in fields):
        raise TypeError(f"{kind!r} cannot travel: “{TAG}” is the name of the tag")
    plans = [(field.name, plan_of(hints[field.name])) for field in fields]
    needed = {
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    known = {field.name for field in fields}

    def write(value: Any) -> dict[str, Any]:
        return {name: plan.write(getattr(value, name)) for name, plan in plans}

    def read(data: object) -> Any:
        if not isinstance(data, dict):
            expected(_("a table"), data)
        found: list[tuple[str, str]] = []
        values = {}
        for name, plan in plans:
            if name in data:
                try:
                    values[name] = plan.read(data[name])
                except Wrong as wrong:
                    found += wrong.below("." + name)
        found += [("." + name, _("is missing")) for name, _plan in plans if name in needed and name not in data]
        found += [
            (f".{name:.40}", _("is not a field of {kind}").format(kind=kind.__name__))
            for name in data
            if name not in known
        ]
        if found:
            raise Wrong(found)
        try:
            return kind(**values)
        except ValueError as error:  # a check of the dataclass itself
            refuse(str(error))

    return Plan(write, read, dict, (kind,))


def _union(kinds: Sequence[Any]) -> Plan:
    plans = {kind: plan_of(kind) for kind in kinds}
    records = [kind for kind in kinds if isinstance(kind, type) and dataclasses.is_dataclass(kind)]
    by_tag = {kind.__name__: kind for kind in records} if len(records) > 1 else {}
    plain = [plan for kind, plan in plans.items() if kind not in by_tag.values()]
    by_shape = {plan.shape: plan for plan in plain}
    clash = len(by_shape) < len(plain) or (by_tag and (dict in by_shape or len(by_tag) < len(records)))
    if clash or Any in plans:
        raise TypeError(f"JSON cannot tell the members of {kinds!r} apart")
    writers = {cls: plan.write for plan in plain for cls in plan.classes}
    writers |= {kind: _tagging(tag, plans[kind].write) for tag, kind in by_tag.items()}

    def write(value: Any) -> Any:
        writer = writers.get(type(value))
        if writer is None:
            writer = next((one for cls, one in writers.items() if isinstance(value, cls)), None)  # a kind of Mapping
        if writer is None:
            raise TypeError(f"{type(value)} is not one of {kinds!r}")
        return writer(value)

    def read(data: object) -> Any:
        shape = None if data is None else int if type(data) is float else type(data)
        if shape in by_shape:
            return by_shape[shape].read(data)
        if isinstance(data, dict) and by_tag:
            return read_tagged(data, by_tag)
        return expected(_("another kind of value"), data)

    return Plan(write, read, None, tuple(writers))


def _tagging(tag: str, write: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: {TAG: tag, **write(value)}
