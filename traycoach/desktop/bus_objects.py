"""Objects that this process offers on a bus: what they are made of, and how a method call to one is answered. No I/O.

Peer, Properties and Introspectable are answered for every object (D-Bus specification, "Standard Interfaces").
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jeepney import HeaderFields, Message, new_error, new_method_return
from jeepney.low_level import parse_signature

_log = logging.getLogger(__name__)

_PEER = "org.freedesktop.DBus.Peer"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
_ERROR = "org.freedesktop.DBus.Error."


@dataclass(frozen=True, slots=True)
class Method:
    """A method: the signature it takes, the signature it gives, and who answers.

    `answer` is called on the bus thread with the arguments of the call and gives the tuple of results. It must be
    quick and must not call out on the bus; slow work goes to `Bus.defer`.
    """

    takes: str
    gives: str
    answer: Callable[..., tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Property:
    """A property that others may read: its signature and how to get its present value (on the bus thread, quickly)."""

    signature: str
    read: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface of an exported object. `signals` maps a name to its signature; it only serves introspection."""

    name: str
    methods: Mapping[str, Method] = field(default_factory=dict)
    properties: Mapping[str, Property] = field(default_factory=dict)
    signals: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - becomes an error reply
    """What a `Method.answer` raises to answer with an error: the end of its name ("InvalidArgs") and a sentence."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = _ERROR + error


class ObjectTree:
    """The exported objects of one connection, by path."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, Interface]] = {}

    def add(self, path: str, interfaces: tuple[Interface, ...]) -> None:
        """Offer an object. A second one at the same path is a bug."""
        if path in self._objects:
            raise ValueError(f"an object is already exported at {path}")
        self._objects[path] = {interface.name: interface for interface in interfaces}

    def remove(self, path: str) -> None:
        """Withdraw the object; an unknown path is fine."""
        self._objects.pop(path, None)

    def answer(self, call: Message) -> Message:
        """Give the reply to a method call: a return, or an error that names what is wrong. Never raises."""
        try:
            signature, body = self._dispatch(call)
            # trying the types here makes a wrong result an error reply, not a caller that waits in vain
            reply = new_method_return(call, signature or None, body)
            reply.serialise(serial=1)
        except Refused as refused:
            return new_error(call, refused.error, "s", (str(refused),))
        except Exception as error:
            _log.exception("a D-Bus method failed: %s", call.header.fields.get(HeaderFields.member))
            return new_error(call, _ERROR + "Failed", "s", (type(error).__name__,))
        return reply

    def _dispatch(self, call: Message) -> tuple[str, tuple[Any, ...]]:
        fields = call.header.fields
        path, member = fields[HeaderFields.path], fields[HeaderFields.member]
        interface = fields.get(HeaderFields.interface)
        if interface == _PEER and member == "Ping":
            return "", ()
        if member == "Introspect" and interface in {None, _INTROSPECTABLE}:
            return "s", (self._introspect(path),)
        interfaces = self._objects.get(path)
        if interfaces is None:
            raise Refused("UnknownObject", f"There is no object at {path}.")
        if interface == _PROPERTIES:
            return self._property(interfaces, member, call.body)
        for candidate in interfaces.values():
            method = candidate.methods.get(member)
            if method is not None and interface in {None, candidate.name}:
                if fields.get(HeaderFields.signature, "") != method.takes:
                    raise Refused("InvalidArgs", f"{member} takes the signature “{method.takes}”.")
                return method.gives, method.answer(*call.body)
        raise Refused("UnknownMethod", f"There is no method {interface}.{member} at {path}.")

    def _property(
        self, interfaces: Mapping[str, Interface], member: str, arguments: tuple[Any, ...]
    ) -> tuple[str, tuple[Any, ...]]:
        match member, arguments:
            case "Get", (str() as name, str() as key):
                for interface in interfaces.values():
                    if name in {"", interface.name} and key in interface.properties:
                        wanted = interface.properties[key]
                        return "v", ((wanted.signature, wanted.read()),)
                raise Refused("UnknownProperty", f"There is no property {name}.{key}.")
            case "GetAll", (str() as name,):
                values = {
                    key: (wanted.signature, wanted.read())
                    for interface in interfaces.values()
                    if name in {"", interface.name}
                    for key, wanted in interface.properties.items()
                }
                return "a{sv}", (values,)
            case "Set", (str(), str() as key, _):
                raise Refused("PropertyReadOnly", f"The property {key} cannot be set.")
            case _:
                raise Refused("UnknownMethod", f"There is no method {_PROPERTIES}.{member} with these arguments.")

    def _introspect(self, path: str) -> str:
        inside = path.rstrip("/") + "/"
        children = sorted({other[len(inside) :].split("/")[0] for other in self._objects if other.startswith(inside)})
        parts = ["<node>"]
        if path in self._objects:
            parts += [_interface_xml(interface) for interface in (*_STANDARD, *self._objects[path].values())]
        parts += [f'<node name="{child}"/>' for child in children if child]
        return "".join([*parts, "</node>"])


def _interface_xml(interface: Interface) -> str:
    # the names and signatures of D-Bus contain nothing that XML could mistake; xml.sax.saxutils costs 4 MiB
    parts = [f"<interface name='{interface.name}'>"]
    for name, method in interface.methods.items():
        arguments = "".join(f'<arg type="{one}" direction="in"/>' for one in _single_types(method.takes))
        results = "".join(f'<arg type="{one}" direction="out"/>' for one in _single_types(method.gives))
        parts.append(f'<method name="{name}">{arguments}{results}</method>')
    for name, wanted in interface.properties.items():
        parts.append(f'<property name="{name}" type="{wanted.signature}" access="read"/>')
    for name, signature in interface.signals.items():
        arguments = "".join(f'<arg type="{one}"/>' for one in _single_types(signature))
        parts.append(f'<signal name="{name}">{arguments}</signal>')
    return "".join([*parts, "</interface>"])


def _single_types(signature: str) -> list[str]:
    """Split a signature into its single complete types: "sa{sv}u" -> ["s", "a{sv}", "u"]."""
    rest, types = list(signature), []
    while rest:
        before = "".join(rest)
        parse_signature(rest)  # takes one complete type off the front
        types.append(before[: len(before) - len(rest)])
    return types


def _answered_above(*_: object) -> tuple[Any, ...]:
    raise NotImplementedError  # these only describe: `ObjectTree` answers them for every object


_STANDARD = (
    Interface(
        _PROPERTIES,
        {
            "Get": Method("ss", "v", _answered_above),
            "GetAll": Method("s", "a{sv}", _answered_above),
            "Set": Method("ssv", "", _answered_above),
        },
    ),
    Interface(_INTROSPECTABLE, {"Introspect": Method("", "s", _answered_above)}),
    Interface(_PEER, {"Ping": Method("", "", _answered_above)}),
)
