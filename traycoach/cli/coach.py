"""The verbs that the running coach answers: the words go to it as they were typed, its reply is printed."""

from __future__ import annotations

import argparse
import os
import sys

from traycoach.cli.output import show
from traycoach.control import ask
from traycoach.request import Reply, Request


def ask_coach(arguments: argparse.Namespace) -> int:
    """Send the verb and its words to the coach, print the reply and give its exit code. Raises `Unavailable`."""
    typed = (getattr(arguments, "words", None), getattr(arguments, "lesson", None))
    words = tuple(word for word in typed if word is not None)
    reply = ask(Request(arguments.verb, words, activation_token=activation_token()))
    return print_reply(reply, as_json=getattr(arguments, "json", False))


def print_reply(reply: Reply, *, as_json: bool = False) -> int:
    """Print a reply: what went well on the standard stream, a refusal on the error stream."""
    if reply.code:
        sys.stderr.write(f"traycoach: {reply.text}\n")
        return reply.code
    return show(reply.text, reply.data, as_json=as_json)


def activation_token() -> str:
    """Give the desktop's token of the click that started this command, so that a window may come to the front."""
    return os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID", "")
