"""Desktop notifications: prompts with buttons where no window may come up by itself, and the rare word to the user.

Protocol: Desktop Notifications Specification 1.2 of freedesktop.org. A prompt waits until the server is there; at login
it often is not, and asking then would start another program that keeps the name (platform notes, section 2.8). Only
`start_after` later may the bus start a server, for desktops that have one on demand only.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from traycoach.core.actions import Prompt, Tell
from traycoach.core.events import Answer
from traycoach.core.instant import ZERO
from traycoach.core.rules import Look, Posture
from traycoach.desktop.bus import Bus, Signal, Subscription
from traycoach.errors import Unavailable
from traycoach.paths import bundled
from traycoach.text import _

SERVER = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_LIMIT_S = 2.0
_START_LIMIT_S = 10.0
_FOR_EVER = 0
_AS_THE_SERVER_LIKES = -1
_LOW, _NORMAL = 0, 1
_CLOSED_BY_US = 3  # NotificationClosed, reason

_log = logging.getLogger(__name__)

Answered = Callable[[int, Answer, timedelta | None, str], None]
"""Takes the prompt's number, the answer, the length of a snooze (else None), and an XDG activation token or ""."""


class Notifications:
    """Shows at most one prompt, and what there is to tell. Use from any thread; nothing waits.

    The callbacks come on the bus's callback thread: `answered` for a button, `closed(prompt)` when the prompt went from
    the screen without an answer and not by `withdraw_prompt`, `shown(prompt)` when the server has taken it.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        answered: Answered,
        closed: Callable[[int], None],
        shown: Callable[[int], None],
        start_after: timedelta = timedelta(seconds=20),
    ) -> None:
        self._bus = bus
        self._answered, self._closed, self._shown = answered, closed, shown
        self._icon = _own_icon()
        self._owner = ""
        self._capabilities: frozenset[str] = frozenset()
        self._default_is_button = False
        self._prompt: Prompt | None = None
        self._number = 0  # the server's, for the prompt; 0 while it is not shown
        self._tells: list[Tell] = []
        self._token = ""
        self._may_start = False
        self._timer = threading.Timer(start_after.total_seconds(), partial(bus.defer, self._allow_start))
        self._timer.daemon = True
        self._kept: list[Subscription] = []

    def start(self) -> None:
        """Begin to watch for the server. Raises Unavailable without a bus."""
        for member, heard in (
            ("ActionInvoked", self._action_invoked),
            ("ActivationToken", self._got_token),
            ("NotificationClosed", self._notification_closed),
        ):
            self._kept.append(self._bus.subscribe(heard, interface=SERVER, member=member, sender=SERVER))
        self._kept.append(self._bus.watch_name(SERVER, self._owner_changed))
        self._timer.start()

    def close(self) -> None:
        """Take the prompt from the screen and hear no more."""
        self._timer.cancel()
        kept, self._kept = self._kept, []
        for one in kept:
            one.close()
        self._bus.defer(self._withdraw)

    @property
    def refused(self) -> str:
        """Why no notification can be shown now, a sentence for doctor; "" if one can."""
        return "" if self._owner else f"No notification server runs (nobody owns {SERVER})."

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server says it can do ("actions", "body-markup", …); empty while there is none."""
        return self._capabilities

    def show_prompt(self, prompt: Prompt) -> None:
        """Show the prompt, in the place of the one shown now; as soon as there is a server."""
        self._bus.defer(partial(self._show_prompt, prompt))

    def withdraw_prompt(self, prompt: int) -> None:
        """Take the prompt with this number from the screen; another one stays."""
        self._bus.defer(partial(self._withdraw, prompt))

    def tell(self, what: Tell) -> None:
        """Tell the user one thing, quietly; as soon as there is a server."""
        self._bus.defer(partial(self._tell, what))

    # --- on the bus's callback thread ---------------------------------------------------------------------------------

    def _owner_changed(self, owner: str) -> None:
        self._owner = owner
        self._number = 0
        self._token = ""
        self._capabilities = frozenset()
        if owner:
            self._meet_server()
            self._flush()

    def _meet_server(self) -> None:
        try:
            (names,) = self._bus.call(SERVER, _PATH, SERVER, "GetCapabilities", limit_s=_LIMIT_S)
            self._capabilities = frozenset(names)
            name = self._bus.call(SERVER, _PATH, SERVER, "GetServerInformation", limit_s=_LIMIT_S)[0]
            # WORKAROUND xfce4-notifyd: it shows "default" as one more button (seen with 0.7.3)
            self._default_is_button = str(name).startswith("Xfce")
        except Unavailable as error:
            _log.info("the notification server did not say what it can do: %s", error.reason)

    def _allow_start(self) -> None:
        self._may_start = True
        if self._prompt is not None or self._tells:
            self._start_server()

    def _start_server(self) -> None:
        if self._owner or not self._may_start:
            return
        try:
            bus = "org.freedesktop.DBus"
            self._bus.call(
                bus, "/org/freedesktop/DBus", bus, "StartServiceByName", "su", (SERVER, 0), limit_s=_START_LIMIT_S
            )
        except Unavailable as error:
            _log.info("no notification server could be started: %s", error.reason)

    def _flush(self) -> None:
        if self._prompt is not None and not self._number:
            self._send_prompt(self._prompt)
        tells, self._tells = self._tells, []
        for what in tells:
            self._tell(what)

    def _show_prompt(self, prompt: Prompt) -> None:
        self._prompt = prompt
        if self._owner:
            self._send_prompt(prompt)
        else:
            self._start_server()

    def _send_prompt(self, prompt: Prompt) -> None:
        notice = prompt.look is Look.NOTICE
        hints: dict[str, tuple[str, Any]] = {"urgency": ("y", _NORMAL), "suppress-sound": ("b", True)}
        if notice:
            hints["transient"] = ("b", True)
        length_ms = int(prompt.length.total_seconds() * 1000) if notice and prompt.length else _FOR_EVER
        actions = _actions(prompt, self._default_is_button) if "actions" in self._capabilities else []
        number = self._notify(self._number, prompt.headline, prompt.line, actions, hints, length_ms)
        if number:
            self._number = number
            self._shown(prompt.id)

    def _tell(self, what: Tell) -> None:
        if not self._owner:
            self._tells.append(what)
            self._start_server()
        else:
            hints = {"urgency": ("y", _LOW), "suppress-sound": ("b", True)}
            self._notify(0, what.title, what.body, [], hints, _AS_THE_SERVER_LIKES)

    def _notify(
        self,
        replaces: int,
        title: str,
        body: str,
        actions: list[str],
        hints: dict[str, tuple[str, Any]],
        length_ms: int,
    ) -> int:
        """Give the server's number, 0 if it refused."""
        hints = {**hints, "desktop-entry": ("s", "traycoach")}
        if "body-markup" in self._capabilities:
            body = _escape(body)
        values = ("traycoach", replaces, self._icon, title, body, actions, hints, length_ms)
        try:
            (number,) = self._bus.call(SERVER, _PATH, SERVER, "Notify", "susssasa{sv}i", values, limit_s=_LIMIT_S)
        except Unavailable as error:
            _log.warning("a notification was not shown: %s", error.reason)
            return 0
        return int(number)

    def _withdraw(self, prompt: int | None = None) -> None:
        if self._prompt is None or (prompt is not None and self._prompt.id != prompt):
            return
        number, self._number, self._prompt = self._number, 0, None
        if number:
            try:
                self._bus.call(SERVER, _PATH, SERVER, "CloseNotification", "u", (number,), limit_s=_LIMIT_S)
            except Unavailable as error:
                _log.info("a notification was gone before it was withdrawn: %s", error.reason)

    def _got_token(self, signal: Signal) -> None:
        number, token = signal.body
        if number == self._number:
            self._token = str(token)

    def _action_invoked(self, signal: Signal) -> None:
        number, key = signal.body
        prompt = self._prompt
        if prompt is None or not self._number or number != self._number:
            return
        token, self._token = self._token, ""
        self._withdraw()  # some servers leave it standing after a click
        answer = _ANSWERS.get(key)
        if answer is None:
            self._closed(prompt.id)
        else:
            self._answered(prompt.id, answer, _first_snooze(prompt) if answer is Answer.SNOOZE else None, token)

    def _notification_closed(self, signal: Signal) -> None:
        number, reason = signal.body
        prompt = self._prompt
        if prompt is not None and self._number and number == self._number and reason != _CLOSED_BY_US:
            self._number, self._prompt = 0, None
            self._closed(prompt.id)


_ANSWERS = {
    "default": Answer.START,
    "start": Answer.START,
    "snooze": Answer.SNOOZE,
    "skip": Answer.SKIP,
    "getting-up": Answer.GETTING_UP,
}


def _own_icon() -> str:
    """Give the application's icon as a file URI; "" if it is not there, then the server shows one of its own."""
    try:
        return bundled("icons/traycoach-64.png").as_uri()
    except FileNotFoundError:
        return ""


def _first_snooze(prompt: Prompt) -> timedelta | None:
    return next((choice.snooze_for for choice in prompt.snoozes if choice.snooze_for is not None), None)


def _actions(prompt: Prompt, default_is_button: bool) -> list[str]:
    """Give the pairs of key and label; what matters most comes first, since GNOME shows three buttons only.

    "default" is a click on the notification itself. A server that shows it as a button needs no second Start.
    """
    pairs: list[tuple[str, str]] = []
    if prompt.routine is not None:
        pairs.append(("default", _start_label(prompt)))
    if prompt.look is not Look.NOTICE:
        if prompt.routine is not None and not default_is_button:
            pairs.append(("start", _start_label(prompt)))
        snooze_for = _first_snooze(prompt)
        if snooze_for is not None:
            minutes = max(1, round(snooze_for / timedelta(minutes=1)))
            pairs.append(("snooze", _("Snooze {minutes} min").format(minutes=minutes)))
        pairs.append(("skip", _("Skip")))
        sitting_down = prompt.posture_asked is Posture.SITTING
        pairs.append(("getting-up", _("I'm sitting down") if sitting_down else _("I'm getting up")))
    return [part for pair in pairs for part in pair]


def _start_label(prompt: Prompt) -> str:
    if prompt.routine_length <= ZERO:
        return _("Start")
    return _("Start ({minutes} min)").format(minutes=max(1, round(prompt.routine_length / timedelta(minutes=1))))


def _escape(body: str) -> str:
    """Escape for a server with body-markup: one bare `&` makes some show every tag of the text (seen)."""
    return body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
