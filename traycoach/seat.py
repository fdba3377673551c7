"""The seat of the one coach that a user has: taken at the start, and given up for the coach of a new login.

A coach may outlive the session that started it: some desktops end nothing at logout. It sees and shows nothing from
then on, while the coach that the next login starts would go away politely. So that one says which session it belongs
to, and the old coach makes way if that is not its own; the new one goes on with the state it saved.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta

from traycoach import clock, control
from traycoach.control import AlreadyRunning, Claim, NotRunning
from traycoach.desktop import desktop_session
from traycoach.errors import Unavailable
from traycoach.paths import Paths
from traycoach.request import Reply, Request
from traycoach.text import _

MAKE_WAY = "make-way"
"""The verb of a coach that a login has started; its words tell of its session."""
GONE_WITHIN = timedelta(seconds=20)
_LOOKS_AGAIN_S = 0.1


def take(paths: Paths, environ: Mapping[str, str], *, login: bool) -> Claim:
    """Take the seat; at a `login` also from a coach of another session, which ends.

    Raises `AlreadyRunning` if a coach of this session has it or the other one stays, `Unavailable` if the folder cannot
    be used.
    """
    try:
        return control.claim(paths)
    except AlreadyRunning:
        if not (login and _makes_way(paths, environ)):
            raise
    until = clock.now().steady + GONE_WITHIN
    pause = threading.Event()
    while clock.now().steady < until:
        with contextlib.suppress(AlreadyRunning):
            return control.claim(paths)
        pause.wait(_LOOKS_AGAIN_S)
    return control.claim(paths)


def answer(words: Sequence[str], environ: Mapping[str, str]) -> Reply:
    """Give the running coach's answer to `MAKE_WAY`: its code is 0 if it is to leave."""
    if desktop_session.is_another(words, environ):
        return Reply(0, _("The coach makes way for the one of the new session."))
    return Reply(1, _("The coach is already running."))


def _makes_way(paths: Paths, environ: Mapping[str, str]) -> bool:
    try:
        reply = control.ask(Request(MAKE_WAY, desktop_session.told(environ)), paths=paths)
    except NotRunning:
        return True  # it is just ending
    except Unavailable:
        return False
    return reply.code == 0
