"""The control channel: how the command line, and a second `traycoach`, speak to the coach that runs.

One request and one reply a connection, each one line (`traycoach.wire`). This module is the asking end and the lock
that makes the coach a single one; `control.server` is the answering end, `control.unix` the transport. Importing this
module costs `traycoach status` little more than the standard library's sockets.
"""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from traycoach.control.unix import AlreadyRunning, Claim, NotRunning, connect
from traycoach.errors import Unavailable, UserError
from traycoach.paths import Paths, user_paths
from traycoach.request import PROTOCOL, Reply, Request
from traycoach.text import _
from traycoach.wire import MAX_LINE, decode, encode

if TYPE_CHECKING:
    import socket

__all__ = ["AlreadyRunning", "Claim", "NotRunning", "ask", "claim", "protocol_of"]

ANSWER_WITHIN = timedelta(seconds=10)


def claim(paths: Paths | None = None) -> Claim:
    """Become the one coach of this user: give the lock, which is held until it is released or the process ends.

    Raises `AlreadyRunning` if another process has it, `Unavailable` if the folder cannot be used.
    """
    return Claim(user_paths() if paths is None else paths)


def ask(request: Request, timeout: timedelta = ANSWER_WITHIN, paths: Paths | None = None) -> Reply:
    """Send the request to the running coach and give its reply.

    Raises `NotRunning` (an `Unavailable`) if no coach runs, `Unavailable` if it does not answer in time. A coach of
    another version is answered for here, by a sentence that says what to restart; only `quit` reaches it all the same.
    """
    line = encode(request).encode() + b"\n"
    with connect(user_paths() if paths is None else paths, timeout) as channel:
        try:
            answer = _exchange(channel, line)
        except TimeoutError:
            raise Unavailable(_("The coach runs but does not answer. “traycoach quit” or its log may help.")) from None
        except OSError:
            answer = b""
    if not answer:
        raise Unavailable(_("The coach closed the connection without an answer. Is it just ending?"))
    theirs = protocol_of(answer)
    if theirs is not None and theirs != PROTOCOL and request.verb != "quit":
        return Reply(1, other_version(theirs < PROTOCOL), protocol=theirs)
    try:
        return decode(answer, Reply)
    except UserError:
        raise Unavailable(
            _("The coach's answer cannot be read. Restart it: “traycoach quit”, then “traycoach”.")
        ) from None


def protocol_of(line: bytes) -> int | None:
    """Give the protocol number of a message that may be of another version; None if there is none to read."""
    try:
        protocol = json.loads(line)["protocol"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return protocol if type(protocol) is int else None


def other_version(coach_is_older: bool) -> str:
    """Give the sentence about a coach and a command line that do not speak the same protocol."""
    if coach_is_older:
        return _("The running coach is older than this command. Restart it: “traycoach quit”, then “traycoach”.")
    return _("This command is older than the running coach: it belongs to another installation.")


def _exchange(channel: socket.socket, line: bytes) -> bytes:
    # a request refused before it was read to the end: the reason may still be there to read
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        channel.sendall(line)
    answer = b""
    while not answer.endswith(b"\n") and len(answer) <= MAX_LINE and (chunk := channel.recv(65536)):
        answer += chunk
    return answer
