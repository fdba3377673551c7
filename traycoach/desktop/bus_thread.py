"""The two threads of one bus: one reads and hands on what it read, one runs callbacks; and the reconnecting.

Replies go to whom waits for them, method calls to the exported objects, signals to `heard`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Literal

from jeepney import HeaderFields, Message, MessageFlag, MessageType

from traycoach.desktop.bus_link import Link, open_link
from traycoach.desktop.bus_objects import ObjectTree
from traycoach.errors import Unavailable

_log = logging.getLogger(__name__)

_RECONNECT_AFTER_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)

Kind = Literal["session", "system"]
Take = Callable[[Message | None], None]
"""Gets the reply to a call on the reading thread, or None when the bus died before it came."""


class BusThread:
    """Keeps one connection alive. `heard`, `lost` and `restored` are called on the reading thread and must be quick."""

    def __init__(
        self,
        kind: Kind,
        address: str | None,
        *,
        heard: Callable[[Message], None],
        lost: Callable[[], None],
        restored: Callable[[], None],
    ) -> None:
        self.kind = kind
        self.lock = threading.RLock()
        self.objects = ObjectTree()
        self.link: Link | None = None
        self._address = address
        self._heard, self._lost, self._restored = heard, lost, restored
        self._closing = threading.Event()
        self._never = ""  # why there has never been a connection; "" once there was one
        self._reader: threading.Thread | None = None
        self._worker: threading.Thread | None = None
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._replies: dict[int, Take] = {}

    def start(self, *, awaited: bool = False) -> None:
        """Connect and begin to read, if not yet done.

        Raises Unavailable while there never was a connection; with `awaited` it is sought instead, as a lost one is.
        """
        with self.lock:
            if self._reader is None:
                try:
                    self.link = open_link(self.kind, self._address)
                except Unavailable as error:
                    if not awaited:
                        raise
                    self._never = error.reason
                    _log.info("the %s bus is awaited: %s", self.kind, error.reason)
                self._reader = threading.Thread(target=self._read, name=f"bus-{self.kind}", daemon=True)
                self._reader.start()
            if self._never and not awaited:
                raise Unavailable(self._never)

    def close(self) -> None:
        """Do what already waits on the callback thread, disconnect for good, and wait for both threads to end.

        From a callback it only disconnects.
        """
        self._work.put(None)
        self._join(self._worker)
        self._closing.set()
        with self.lock:
            if self.link is not None:
                self.link.interrupt()
        self._join(self._reader)

    @staticmethod
    def _join(thread: threading.Thread | None) -> None:
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=5)

    @property
    def is_current(self) -> bool:
        """Whether the calling thread is the one that reads."""
        return threading.current_thread() is self._reader

    def send(self, message: Message, take: Take | None = None) -> int:
        """Send; give the serial. Without a bus: Unavailable if a reply is wanted (`take`), else nothing happens."""
        with self.lock:
            if self.link is None:
                if take is not None:
                    raise Unavailable(f"There is no {self.kind} bus.")
                return 0
            serial = self.link.next_serial()
            if take is not None:
                self._replies[serial] = take
            try:
                self.link.send(message, serial)
            except Exception:
                # a body that does not fit its signature: nothing was sent, nobody will answer
                self._replies.pop(serial, None)
                raise
            return serial

    def forget(self, serial: int) -> None:
        """Wait no longer for the reply to this call."""
        with self.lock:
            self._replies.pop(serial, None)

    def defer(self, work: Callable[[], None]) -> None:
        """Run `work` on the callback thread, after what already waits there."""
        with self.lock:
            if self._worker is None and not self._closing.is_set():
                self._worker = threading.Thread(target=self._run_callbacks, name=f"bus-{self.kind}-work", daemon=True)
                self._worker.start()
        self._work.put(work)

    def _run_callbacks(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception:
                _log.exception("a callback of the %s bus failed", self.kind)

    def _read(self) -> None:
        if self.link is None and not self._reconnect():
            return
        while True:
            link = self.link
            assert link is not None, "the reader runs with a link"
            try:
                for message in link.receive():
                    self._hand_on(message)
            except OSError as error:
                self._drop(link)
                if self._closing.is_set():
                    return
                _log.warning("the %s bus went away: %s", self.kind, error)
                self._lost()
                if not self._reconnect():
                    return

    def _hand_on(self, message: Message) -> None:
        match message.header.message_type:
            case MessageType.method_return | MessageType.error:
                with self.lock:
                    take = self._replies.pop(message.header.fields.get(HeaderFields.reply_serial, -1), None)
                if take is not None:
                    take(message)
            case MessageType.signal:
                self._heard(message)
            case MessageType.method_call:
                reply = self.objects.answer(message)
                if not message.header.flags & MessageFlag.no_reply_expected:
                    self.send(reply)

    def _drop(self, link: Link) -> None:
        with self.lock:
            self.link = None
            link.close()
            pending, self._replies = self._replies, {}
        for take in pending.values():
            take(None)

    def _reconnect(self) -> bool:
        attempt = 0
        while not self._closing.wait(_RECONNECT_AFTER_S[min(attempt, len(_RECONNECT_AFTER_S) - 1)]):
            attempt += 1
            try:
                link = open_link(self.kind, self._address)
            except Unavailable:
                continue
            with self.lock:
                self.link, self._never = link, ""
                self._restored()
            _log.info("the %s bus is there", self.kind)
            return True
        return False
