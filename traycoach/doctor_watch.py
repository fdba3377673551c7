"""`doctor --watch`: what the running coach sees. It asks twice a second, and tells what became different."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TextIO

from traycoach import control
from traycoach.errors import Unavailable
from traycoach.messages import Request
from traycoach.text import _

ASKS_EVERY_S = 0.5

_RETURNS = {
    "touch": lambda: _("a touch of three seconds that began at {time}"),
    "second touch": lambda: _("a second touch within half a minute; the first began at {time}"),
    "input after a routine": lambda: _("the first input after a routine, at {time}"),
    "told": lambda: _("your own word, at {time}"),
    "unlocked": lambda: _("unlocking, or your session on the screen again, at {time}"),
    "no source": lambda: _("the loss of the source of input, at {time}"),
}

Facts = Mapping[str, Any]


def ask() -> Facts:
    """Give what the running coach sees now. Raises Unavailable."""
    reply = control.ask(Request("doctor", ("live",)))
    if reply.code:
        raise Unavailable(reply.text)
    return reply.data


def watch(out: TextIO, ask_now: Callable[[], Facts] = ask, stop: threading.Event | None = None) -> None:
    """Write a line for all that holds, then one for each change, until `stop` is set, or Ctrl+C.

    On a terminal the last line shows the age of the last input. Raises Unavailable once the coach is gone.
    """
    ending = threading.Event() if stop is None else stop
    before: Facts = {}
    terminal = out.isatty()
    try:
        while not ending.is_set():
            now = ask_now()
            for line in changes(before, now):
                out.write(f"{_erase(terminal)}{_time(now)}  {line}\n")
            if terminal:
                out.write(f"{_erase(terminal)}{_time(now)}  {last_input(now)}")
            out.flush()
            before = now
            ending.wait(ASKS_EVERY_S)
    except KeyboardInterrupt:
        pass
    finally:
        if terminal:
            out.write("\n")


def changes(before: Facts, now: Facts) -> Iterator[str]:
    """Give a line for each thing that is not as it was before; an empty `before` gives all that holds."""
    if before.get("source") != now["source"]:
        yield _("input is told by: {name}").format(name=now["source"] or _("nobody"))
    if before.get("presence") != now["presence"]:
        yield _("presence: {presence}").format(presence=now["presence"])
    if before and now["returned"] is not None and before["returned"] != now["returned"]:
        yield _("the absence was ended by {cause}").format(cause=_returned(now["returned"]))
    if before.get("posture") != now["posture"]:
        yield _("posture: {posture}").format(posture=now["posture"])
    for name, verdict in now["guards"].items():
        was = before.get("guards", {}).get(name)
        if was != verdict and (before or verdict == "yes"):
            yield _("{guard}: {verdict}").format(guard=name, verdict=verdict)
    for key, none, some in (
        ("holds", _("no holds"), _("holds: {names}")),
        ("evidence", _("no evidence of presence but input"), _("evidence of presence: {names}")),
    ):
        if before.get(key) != now[key]:
            yield some.format(names=", ".join(now[key])) if now[key] else none
    stages = {prompt["rule"]: prompt["stage"] for prompt in now["prompts"]}
    old = {prompt["rule"]: prompt["stage"] for prompt in before.get("prompts", ())}
    for rule in sorted(stages.keys() | old.keys()):
        if stages.get(rule) != old.get(rule):
            yield _("prompt {rule}: {stage}").format(rule=rule, stage=stages.get(rule, _("closed")))


def last_input(now: Facts) -> str:
    """Give the age of the last input, and the coach's own sentence."""
    idle_for_s = now["idle_for_s"]
    if idle_for_s is None:
        return now["why"] or ""
    return _("last input {seconds:.1f} s ago. {why}").format(seconds=idle_for_s, why=now["why"])


def _returned(returned: Mapping[str, str]) -> str:
    words = _RETURNS.get(returned["by"])
    return words().format(time=_clock(returned["at"])) if words is not None else returned["by"]


def _time(now: Facts) -> str:
    return _clock(now["now"])


def _clock(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%H:%M:%S")


def _erase(terminal: bool) -> str:
    return "\r\x1b[K" if terminal else ""
