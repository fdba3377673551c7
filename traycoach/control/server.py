"""The answering end of the control channel: a thread that sleeps until somebody asks.

It trusts nobody, not even the same user: a request is at most 64 KiB and comes within 5 s, at most 16 clients are
served at a time, garbage is answered with a sentence, and no client can end the thread. With nobody there it sleeps.
"""

from __future__ import annotations

import contextlib
import json
import logging
import selectors
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from traycoach import clock
from traycoach.control import other_version, protocol_of
from traycoach.control.unix import Claim, is_own
from traycoach.core.instant import SECOND
from traycoach.errors import Unavailable, UserError
from traycoach.request import PROTOCOL, Reply, Request
from traycoach.text import _
from traycoach.wire import decode, encode

MAX_REQUEST = 64 * 1024
MAX_CLIENTS = 16
TIME_LIMIT = 5 * SECOND
"""For the request to come, and again for the reply to be taken."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Client:
    """A connection: it is read until the line is whole, then written until the reply is out."""

    channel: socket.socket
    until: timedelta
    heard: bytes = b""
    reply: bytes | None = None


class Server:
    """Answers requests from its own thread, one after the other, with what `handle` gives.

    `handle` runs in that thread. It may raise `UserError` (exit code 2) and `Unavailable` (1); any other error is
    logged and answered with 1. While it runs nobody else is answered.
    """

    def __init__(self, claim: Claim, handle: Callable[[Request], Reply], time_limit: timedelta = TIME_LIMIT) -> None:
        """Listen from now on; requests wait until `start`. Raises `Unavailable` if the socket cannot be made."""
        self._handle = handle
        self._time_limit = time_limit
        self._listener = claim.listen()
        self._listener.setblocking(False)
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._closing = threading.Event()
        self._clients: set[_Client] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._resting_until: timedelta | None = None
        self._accepting = False
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening; replies on their way (the one to `quit`) get a second to arrive. Not from `handle`."""
        self._closing.set()
        with contextlib.suppress(OSError):  # the thread may have seen it, and closed everything, already
            self._rope.send(b"!")
        if self._thread.is_alive():
            self._thread.join()
        else:
            self._release()

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._turn()
            end = clock.now().steady + SECOND
            for client in list(self._clients):
                if client.reply is None:
                    self._drop(client)
                client.until = min(client.until, end)
            while self._clients:
                self._turn()
        finally:
            self._release()

    def _turn(self) -> None:
        now = clock.now().steady
        for client in [client for client in self._clients if client.until <= now]:
            self._expire(client, now)
        if self._resting_until is not None and self._resting_until <= now:
            self._resting_until = None
        self._accept_or_not()
        ends = [client.until for client in self._clients]
        if self._resting_until is not None:
            ends.append(self._resting_until)
        timeout = max(0.0, (min(ends) - now).total_seconds()) if ends else None
        for key, _mask in self._selector.select(timeout):
            if key.fileobj is self._bell:
                self._bell.recv(16)
            elif key.fileobj is self._listener:
                self._accept()
            else:
                self._serve(key.data)

    def _accept_or_not(self) -> None:
        wanted = len(self._clients) < MAX_CLIENTS and self._resting_until is None and not self._closing.is_set()
        if wanted and not self._accepting:
            self._selector.register(self._listener, selectors.EVENT_READ)
        elif self._accepting and not wanted:
            self._selector.unregister(self._listener)
        self._accepting = wanted

    def _accept(self) -> None:
        try:
            channel, _address = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:  # no descriptor left: the queue would be "readable" without a pause
            _log.exception("no connection could be taken")
            self._resting_until = clock.now().steady + SECOND
            return
        if not is_own(channel):
            _log.warning("a connection of another user was refused")
            channel.close()
            return
        channel.setblocking(False)
        client = _Client(channel, clock.now().steady + self._time_limit)
        self._clients.add(client)
        self._selector.register(channel, selectors.EVENT_READ, client)

    def _serve(self, client: _Client) -> None:
        try:
            if client.reply is None:
                self._hear(client)
            else:
                self._speak(client)
        except BlockingIOError:
            return
        except OSError:  # the other end is gone; whoever asked wants no answer any more
            self._drop(client)

    def _hear(self, client: _Client) -> None:
        chunk = client.channel.recv(MAX_REQUEST)
        client.heard += chunk
        line, newline, _rest = client.heard.partition(b"\n")
        if len(line) > MAX_REQUEST:
            self._answer(
                client, Reply(2, _("The request is longer than {limit} KiB.").format(limit=MAX_REQUEST // 1024))
            )
        elif newline or (not chunk and line):
            self._answer(client, self._reply_to(line))
        elif not chunk:
            self._drop(client)

    def _reply_to(self, line: bytes) -> Reply:
        theirs = protocol_of(line)
        try:
            if theirs is None or theirs == PROTOCOL:
                return self._handle(decode(line, Request))
            if json.loads(line).get("verb") == "quit":  # the way out of two versions that do not understand each other
                return self._handle(Request("quit"))
            return Reply(1, other_version(theirs > PROTOCOL))
        except UserError as error:
            return Reply(2, str(error))
        except Unavailable as error:
            return Reply(1, error.reason)
        except Exception:
            _log.exception("a request failed")
            return Reply(1, _("Something went wrong in the coach; its log says more."))

    def _answer(self, client: _Client, reply: Reply) -> None:
        try:
            line = encode(reply)
        except Exception:
            _log.exception("a reply could not be written")
            line = encode(Reply(1, _("Something went wrong in the coach; its log says more.")))
        client.reply = line.encode() + b"\n"
        client.until = clock.now().steady + self._time_limit
        self._selector.modify(client.channel, selectors.EVENT_WRITE, client)
        self._speak(client)

    def _speak(self, client: _Client) -> None:
        assert client.reply is not None
        sent = client.channel.send(client.reply)
        client.reply = client.reply[sent:]
        if not client.reply:
            self._drop(client)

    def _expire(self, client: _Client, now: timedelta) -> None:
        if client.reply is None and not self._closing.is_set():
            late = _("No whole request came within {seconds} s.").format(
                seconds=round(self._time_limit.total_seconds())
            )
            client.until = now + SECOND
            self._serve_late(client, Reply(2, late))
        else:
            self._drop(client)

    def _serve_late(self, client: _Client, reply: Reply) -> None:
        try:
            self._answer(client, reply)
        except BlockingIOError:
            return
        except OSError:
            self._drop(client)

    def _drop(self, client: _Client) -> None:
        self._clients.discard(client)
        self._selector.unregister(client.channel)
        client.channel.close()

    def _release(self) -> None:
        for client in list(self._clients):
            self._drop(client)
        self._selector.close()
        for one in (self._listener, self._bell, self._rope):
            one.close()
