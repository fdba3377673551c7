"""The real tray as a program of its own inside a private desktop: `python -m tests.tray.program`.

Commands come as lines on stdin: `show {JSON of a TrayState}`, `bar dark`, `backend`, `refusals`; its end stops the
program. What happens goes to stdout, one JSON list a line: ["visible", true, "status-notifier"],
["command", "snooze", ["5m"], "token"], ["tell", "title"], ["backend", "xembed"], ["refusals", [...]].
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta

from traycoach.core.actions import Tell, TrayKind, TrayState
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Posture
from traycoach.tray.linux import Tray

ROUTINES = (
    RoutineInfo("hips-and-back", "Hips and back", "", timedelta(minutes=2), frozenset()),
    RoutineInfo("neck", "Neck and shoulders", "", timedelta(minutes=3), frozenset()),
)


def say(*what: object) -> None:
    print(json.dumps(what), flush=True)


def state_of(text: str) -> TrayState:
    values = json.loads(text)
    values["kind"] = TrayKind(values.get("kind", "sitting"))
    values["posture"] = Posture(values.get("posture", "sitting"))
    for key in ("words", "why", "today"):
        values.setdefault(key, key)
    return TrayState(**values)


def main(grace_s: float) -> None:
    def command(verb: str, words: tuple[str, ...], token: str) -> None:
        say("command", verb, words, token)

    def visible(is_visible: bool) -> None:
        say("visible", is_visible, tray.backend)

    def tell(what: Tell) -> None:
        say("tell", what.title)

    tray = Tray(command, on_visible=visible, tell=tell, grace=timedelta(seconds=grace_s))
    tray.set_routines(ROUTINES)

    def read() -> None:
        for line in sys.stdin:
            verb, _, rest = line.strip().partition(" ")
            match verb:
                case "show":
                    tray.show(state_of(rest))
                case "bar":
                    tray.set_bar(rest)  # type: ignore[arg-type]
                case "backend":
                    say("backend", tray.backend)
                case "refusals":
                    say("refusals", tray.refusals)
        tray.stop()

    threading.Thread(target=read, daemon=True).start()
    tray.run()
    say("ended")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
