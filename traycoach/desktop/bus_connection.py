"""One connection to one bus, as everybody uses it; `bus.py` says how and gives the shared ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageFlag, MessageType, new_method_call, new_signal

from traycoach.desktop.bus_objects import Interface
from traycoach.desktop.bus_signals import Listener, NameWatch, Signal, Subscription, signal_of
from traycoach.desktop.bus_thread import BusThread, Kind, Take
from traycoach.errors import Unavailable

_DAEMON = "org.freedesktop.DBus"
_DAEMON_PATH = "/org/freedesktop/DBus"
_DO_NOT_QUEUE = 4  # RequestName flag


class CallFailed(Unavailable):
    """The other side answered a call with an error. `error` is its D-Bus name, `reason` its text."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message or error)
        self.error = error


class Bus:
    """One connection to one bus. Safe to use from several threads."""

    def __init__(self, kind: Kind, address: str | None = None) -> None:
        """Prepare a connection; `connect` makes it. `address` None: where the environment says the bus is."""
        self.kind = kind
        self._thread = BusThread(kind, address, heard=self._hear, lost=self._lose, restored=self._restore)
        self._lock = self._thread.lock
        self._listeners: list[Listener] = []
        self._names: list[NameWatch] = []
        self._own_names: list[str] = []
        self._connection_watches: list[Callable[[bool], None]] = []

    # --- life ---------------------------------------------------------------------------------------------------------

    def connect(self, *, awaited: bool = False) -> Bus:
        """Connect, if not yet done, and give the bus itself.

        Raises Unavailable while there never was a connection; with `awaited` the bus is sought instead, until it comes.
        """
        self._thread.start(awaited=awaited)
        return self

    def close(self) -> None:
        """Disconnect for good and end both threads."""
        self._thread.close()

    @property
    def connected(self) -> bool:
        """Whether the bus is there at present."""
        return self._thread.link is not None

    @property
    def unique_name(self) -> str:
        """Our own name on the bus (":1.42"), "" while not connected."""
        link = self._thread.link
        return link.unique_name if link else ""

    def watch_connection(self, changed: Callable[[bool], None]) -> Subscription:
        """Call `changed(False)` when the bus dies and `changed(True)` when it is back and everything is restored."""
        with self._lock:
            self._connection_watches.append(changed)
        return Subscription(partial(self._remove, self._connection_watches, changed))

    # --- calling others -----------------------------------------------------------------------------------------------

    def call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
        *,
        limit_s: float = 0.5,
        start_service: bool = False,
    ) -> tuple[Any, ...]:
        """Call a method and give the tuple of its results.

        Raises `CallFailed` if the other side answers with an error, and `Unavailable` if there is no bus or no answer
        within `limit_s`. Only with `start_service` may the bus start a program that owns `destination`.
        """
        if self._thread.is_current:
            raise RuntimeError("a call from the bus thread would wait for itself: use Bus.defer")
        answered = threading.Event()
        replies: list[Message | None] = []

        def take(reply: Message | None) -> None:
            replies.append(reply)
            answered.set()

        message = new_method_call(DBusAddress(path, destination, interface), member, signature or None, body)
        if not start_service:
            message.header.flags |= MessageFlag.no_auto_start
        serial = self._thread.send(message, take)
        if not answered.wait(limit_s):
            self._thread.forget(serial)
            raise Unavailable(f"{destination} did not answer {member} within {limit_s:g} s.")
        reply = replies[0]
        if reply is None:
            raise Unavailable(f"The {self.kind} bus went away during {member}.")
        if reply.header.message_type is MessageType.error:
            text = next((part for part in reply.body[:1] if isinstance(part, str)), "")
            raise CallFailed(reply.header.fields[HeaderFields.error_name], text)
        return tuple(reply.body)

    def get_property(self, destination: str, path: str, interface: str, name: str, *, limit_s: float = 0.5) -> Any:  # noqa: ANN401 - its type is the other side's
        """Give the value of a property, without its signature. Raises as `call` does."""
        body = self.call(
            destination, path, "org.freedesktop.DBus.Properties", "Get", "ss", (interface, name), limit_s=limit_s
        )
        return body[0][1]

    def name_owner(self, name: str) -> str:
        """Give the unique name of who owns `name` now, "" if nobody does. Raises Unavailable without a bus."""
        try:
            return str(self.call(_DAEMON, _DAEMON_PATH, _DAEMON, "GetNameOwner", "s", (name,))[0])
        except CallFailed:
            return ""

    # --- hearing others -----------------------------------------------------------------------------------------------

    def watch_name(self, name: str, changed: Callable[[str], None]) -> Subscription:
        """Call `changed(owner)` once soon with the present owner, then on every change; "" means nobody owns it."""
        return self._watch_name(NameWatch(name, lambda owner: self.defer(partial(changed, owner))))

    def subscribe(
        self,
        deliver: Callable[[Signal], None],
        *,
        interface: str,
        member: str | None = None,
        path: str | None = None,
        sender: str | None = None,
        arg0: str | None = None,
        arg0_namespace: str | None = None,
    ) -> Subscription:
        """Call `deliver` for every matching signal. `sender` may be a well-known name; it follows the name's owner.

        `arg0_namespace` "org.a" takes a first argument "org.a" and all that begins with "org.a.".
        """
        fields = {HeaderFields.interface: interface, HeaderFields.member: member, HeaderFields.path: path}
        wanted = {key: value for key, value in fields.items() if value is not None}
        listener = Listener(
            lambda signal: self.defer(partial(deliver, signal)), wanted, arg0, sender, arg0_namespace=arg0_namespace
        )
        follow: Subscription | None = None
        if sender is not None and sender.startswith(":"):
            listener.owner = sender
        elif sender is not None:
            follow = self._watch_name(NameWatch(sender, lambda owner: setattr(listener, "owner", owner)))
        with self._lock:
            self._listen(listener)

        def close() -> None:
            self._unlisten(listener)
            if follow is not None:
                follow.close()

        return Subscription(close)

    def defer(self, work: Callable[[], None]) -> None:
        """Run `work` on the callback thread, after what already waits there."""
        self._thread.defer(work)

    # --- being called -------------------------------------------------------------------------------------------------

    def export(self, path: str, *interfaces: Interface) -> Subscription:
        """Offer an object with these interfaces; Peer, Properties and Introspectable come by themselves."""
        self._thread.objects.add(path, interfaces)
        return Subscription(partial(self._thread.objects.remove, path))

    def emit(self, path: str, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()) -> None:
        """Send a signal to whoever listens; nothing happens while the bus is away."""
        self._thread.send(new_signal(DBusAddress(path, interface=interface), member, signature or None, body))

    def own_name(self, name: str) -> Subscription:
        """Own a well-known name, from now or from when the bus is there, and again after every reconnect.

        Raises Unavailable if another program has it.
        """
        if self.connected:
            (answer,) = self.call(_DAEMON, _DAEMON_PATH, _DAEMON, "RequestName", "su", (name, _DO_NOT_QUEUE))
            if answer not in {1, 4}:  # primary owner, already owner
                raise Unavailable(f"The name {name} is taken on the {self.kind} bus.")
        with self._lock:
            self._own_names.append(name)

        def close() -> None:
            self._remove(self._own_names, name)
            self._order("ReleaseName", "s", (name,))

        return Subscription(close)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _order(self, member: str, signature: str, body: tuple[Any, ...], take: Take | None = None) -> None:
        message = new_method_call(DBusAddress(_DAEMON_PATH, _DAEMON, _DAEMON), member, signature, body)
        if take is None:
            message.header.flags |= MessageFlag.no_reply_expected
        self._thread.send(message, take)

    def _watch_name(self, watch: NameWatch) -> Subscription:
        wanted = {HeaderFields.interface: _DAEMON, HeaderFields.member: "NameOwnerChanged"}
        listener = Listener(
            lambda signal: self._owner_is(watch, str(signal.body[2])), wanted, watch.name, _DAEMON, _DAEMON
        )
        with self._lock:
            self._names.append(watch)
            self._listen(listener)
            self._ask_owner(watch)

        def close() -> None:
            self._remove(self._names, watch)
            self._unlisten(listener)

        return Subscription(close)

    def _listen(self, listener: Listener) -> None:
        self._listeners.append(listener)
        self._order("AddMatch", "s", (listener.rule(),))

    def _unlisten(self, listener: Listener) -> None:
        self._remove(self._listeners, listener)
        self._order("RemoveMatch", "s", (listener.rule(),))

    def _remove(self, kept: list[Any], one: object) -> None:
        with self._lock:
            kept.remove(one)

    def _hear(self, message: Message) -> None:
        with self._lock:
            listeners = [listener for listener in self._listeners if listener.matches(message)]
        for listener in listeners:
            listener.deliver(signal_of(message))

    def _ask_owner(self, watch: NameWatch) -> None:
        def take(reply: Message | None) -> None:
            if reply is not None:
                owned = reply.header.message_type is MessageType.method_return
                self._owner_is(watch, str(reply.body[0]) if owned else "")

        if self.connected:
            self._order("GetNameOwner", "s", (watch.name,), take)
        else:
            self._owner_is(watch, "")

    def _owner_is(self, watch: NameWatch, owner: str) -> None:
        with self._lock:
            if watch in self._names and watch.told != owner:
                watch.told = owner
                watch.changed(owner)

    def _lose(self) -> None:
        with self._lock:
            for watch in self._names:
                self._owner_is(watch, "")
            for changed in self._connection_watches:
                self.defer(partial(changed, False))

    def _restore(self) -> None:
        for name in self._own_names:
            self._order("RequestName", "su", (name, _DO_NOT_QUEUE))
        for listener in self._listeners:
            self._order("AddMatch", "s", (listener.rule(),))
        for watch in self._names:
            self._ask_owner(watch)
        for changed in self._connection_watches:
            self.defer(partial(changed, True))
