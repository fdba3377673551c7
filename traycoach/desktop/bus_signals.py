"""Who wants which signals of a bus, who watches which name, and how that ends. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jeepney import HeaderFields, Message

_RULE_KEYS = {HeaderFields.interface: "interface", HeaderFields.member: "member", HeaderFields.path: "path"}


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that arrived. `sender` is the unique name (":1.23") of the connection that sent it."""

    sender: str
    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


def signal_of(message: Message) -> Signal:
    """Give the signal that a message of that type carries."""
    fields = message.header.fields
    return Signal(
        fields.get(HeaderFields.sender, ""),
        fields[HeaderFields.path],
        fields[HeaderFields.interface],
        fields[HeaderFields.member],
        tuple(message.body),
    )


@dataclass(eq=False, slots=True)
class Listener:
    """A subscription. `owner` is the unique name behind `sender`, "" if nobody, None while unknown."""

    deliver: Callable[[Signal], None]
    wanted: dict[HeaderFields, str]
    arg0: str | None = None
    sender: str | None = None
    owner: str | None = None
    arg0_namespace: str | None = None

    def rule(self) -> str:
        """Give the match rule for the bus (D-Bus specification, "Match Rules")."""
        parts = ["type='signal'", *(f"{_RULE_KEYS[key]}='{value}'" for key, value in self.wanted.items())]
        if self.sender is not None:
            parts.append(f"sender='{self.sender}'")
        if self.arg0 is not None:
            parts.append(f"arg0='{self.arg0}'")
        if self.arg0_namespace is not None:
            parts.append(f"arg0namespace='{self.arg0_namespace}'")
        return ",".join(parts)

    def matches(self, message: Message) -> bool:
        """Tell whether this listener wants the message; the bus sends what any listener of the process wants."""
        fields = message.header.fields
        return (
            all(fields.get(key) == value for key, value in self.wanted.items())
            and (self.arg0 is None or (len(message.body) > 0 and message.body[0] == self.arg0))
            and (self.arg0_namespace is None or _is_in(self.arg0_namespace, message.body))
            # while the owner is unknown the bus's own filter has to do
            and (self.sender is None or self.owner is None or fields.get(HeaderFields.sender) == self.owner)
        )


def _is_in(namespace: str, body: tuple[Any, ...]) -> bool:
    return len(body) > 0 and f"{body[0]}.".startswith(f"{namespace}.")


@dataclass(eq=False, slots=True)
class NameWatch:
    """Somebody who wants to know who owns `name`. `told` is the owner last told, None before the first time.

    `changed` is called on the reading thread.
    """

    name: str
    changed: Callable[[str], None]
    told: str | None = None


class Subscription:
    """Something that lasts until it is closed: a watch, a subscription, an own name, an exported object."""

    def __init__(self, close: Callable[[], None]) -> None:
        self._close: Callable[[], None] | None = close

    def close(self) -> None:
        """End it; a callback that is already under way may still come. Closing twice is fine."""
        close, self._close = self._close, None
        if close is not None:
            close()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
