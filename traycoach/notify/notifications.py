"""Prompts and words to the user as notifications: shown, replaced, withdrawn, answered; and what came to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from traycoach import clock
from traycoach.core.actions import Prompt, Tell
from traycoach.core.events import Answer
from traycoach.core.instant import MINUTE, SECOND
from traycoach.core.rules import Look
from traycoach.desktop.bus import Bus, Signal
from traycoach.notify.buttons import ANSWERS, first_snooze, open_actions, prompt_actions
from traycoach.notify.server import NAME, Hints, Server
from traycoach.text import _

_FOR_EVER = 0
_TOLD_FOR_MS = 20_000  # mako, if asked what it likes, shows it for ever (seen with 1.7)
_CLOSED_BY_US = 3  # NotificationClosed, reason
_NEWS_FOR = 2 * MINUTE  # what could not be told for longer is no news
_TOLD_AT_MOST = 8

Answered = Callable[[int, Answer, timedelta | None, str], None]
"""Takes the prompt's number, the answer, the length of a snooze (else None), and an XDG activation token or ""."""


@dataclass(eq=False, slots=True)
class _Telling:
    """One thing to tell, since when, and the server's number of it once it is on the screen."""

    what: Tell
    since: timedelta
    number: int = 0


class Notifications:
    """Shows at most one prompt, and what there is to tell. Use from any thread; nothing waits.

    The callbacks come on the bus's callback thread. About a prompt, by its number: `answered` for a button; `closed`
    when it went from the screen without an answer and not by `withdraw_prompt`; `shown` when the server has taken it;
    `lost` when the server went while it showed the prompt and was not back in time. `failed(prompt)`: there is no
    server that shows it with its buttons. `opened(token)`: a click on what was told; without it there is no such click.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        answered: Answered,
        closed: Callable[[int], None],
        shown: Callable[[int], None],
        failed: Callable[[Prompt], None] = lambda _prompt: None,
        lost: Callable[[int], None] = lambda _prompt: None,
        opened: Callable[[str], None] | None = None,
        start_after: timedelta = 20 * SECOND,
        back_within: timedelta = 5 * SECOND,
    ) -> None:
        self._bus = bus
        self._answered, self._closed, self._shown = answered, closed, shown
        self._failed, self._lost, self._opened = failed, lost, opened
        self._server = Server(
            bus,
            changed=self._server_changed,
            waited=self._waited_in_vain,
            start_after=start_after,
            back_within=back_within,
        )
        self._prompt: Prompt | None = None
        self._plain = False
        self._was_shown = False
        self._number = 0  # the server's, for the prompt; 0 while it is not shown
        self._waiting: list[_Telling] = []
        self._told: dict[int, _Telling] = {}
        self._token = (0, "")

    def start(self) -> None:
        """Begin to watch for the server."""
        self._server.watch(
            {
                "ActionInvoked": self._action_invoked,
                "ActivationToken": self._got_token,
                "NotificationClosed": self._notification_closed,
            }
        )

    def close(self) -> None:
        """Take the prompt from the screen and hear no more."""
        self._server.close()
        self._bus.defer(self._withdraw)

    @property
    def able(self) -> bool:
        """Whether a prompt would be shown with its buttons, as far as can be known: a server may be on its way."""
        return self._server.able or self._server.awaited

    @property
    def refused(self) -> str:
        """Why no prompt can be shown now, a sentence for doctor; "" if one can."""
        if not self._bus.connected:
            return _("There is no session bus.")
        if not self._server.owner:
            return _("No notification server runs (nobody owns {name}).").format(name=NAME)
        return "" if self._server.able else _("The notification server shows no buttons, which prompts need.")

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server says it can do ("actions", "body-markup", …); empty while there is none."""
        return self._server.capabilities

    def show_prompt(self, prompt: Prompt, *, plain: bool = False) -> None:
        """Show the prompt, in the place of the one shown now; as soon as there is a server.

        `plain`: without its buttons too, where the server has none.
        """
        self._bus.defer(partial(self._show_prompt, prompt, plain))

    def withdraw_prompt(self, prompt: int) -> None:
        """Take the prompt with this number from the screen; another one stays."""
        self._bus.defer(partial(self._withdraw, prompt))

    def tell(self, what: Tell) -> Callable[[], None]:
        """Tell the user one thing, quietly; as soon as there is a server, if that is soon. The result takes it back."""
        telling = _Telling(what, clock.now().steady)
        self._bus.defer(partial(self._tell, telling))
        return lambda: self._bus.defer(partial(self._take_back, telling))

    # --- the server comes and goes, on the bus's callback thread ------------------------------------------------------

    def _server_changed(self) -> None:
        self._number = 0
        self._token = (0, "")
        self._told.clear()
        if not self._server.owner:
            return
        if self._prompt is not None:
            self._send_prompt(self._prompt)
        waiting, self._waiting = self._waiting, []
        for telling in waiting:
            if clock.now().steady - telling.since < _NEWS_FOR:
                self._tell(telling)

    def _waited_in_vain(self) -> None:
        if self._prompt is not None and self._was_shown:
            lost, self._prompt = self._prompt, None
            self._lost(lost.id)
        if self._prompt is not None or self._waiting:
            self._bring_server()

    def _bring_server(self) -> None:
        if not self._server.bring():
            self._give_back()

    def _give_back(self) -> None:
        failed, self._prompt, self._number = self._prompt, None, 0
        if failed is not None:
            self._failed(failed)

    # --- what is shown, on the same thread ----------------------------------------------------------------------------

    def _show_prompt(self, prompt: Prompt, plain: bool) -> None:
        self._prompt, self._plain, self._was_shown = prompt, plain, False
        if self._server.owner:
            self._send_prompt(prompt)
        else:
            self._bring_server()

    def _send_prompt(self, prompt: Prompt) -> None:
        server = self._server
        server.meet()  # perhaps it was too busy when it came
        notice = prompt.look is Look.NOTICE
        number = 0
        if server.able or notice or self._plain:
            hints: Hints = {"transient": ("b", True)} if notice else {}
            length_ms = int(prompt.length.total_seconds() * 1000) if notice and prompt.length else _FOR_EVER
            actions = prompt_actions(prompt, server.default_is_button) if server.able else []
            number = server.show(self._number, prompt.headline, prompt.line, actions, hints, length_ms)
        if number:
            self._number, self._was_shown = number, True
            self._shown(prompt.id)
        else:
            self._give_back()

    def _withdraw(self, prompt: int | None = None) -> None:
        if self._prompt is None or (prompt is not None and self._prompt.id != prompt):
            return
        number, self._number, self._prompt = self._number, 0, None
        if number:
            self._server.take_away(number)

    def _tell(self, telling: _Telling) -> None:
        server = self._server
        if not server.owner:
            self._waiting.append(telling)
            self._bring_server()
            return
        actions = open_actions(server.default_is_button) if server.able and self._opened is not None else []
        what = telling.what
        telling.number = server.show(0, what.title, what.body, actions, {}, _TOLD_FOR_MS)
        if telling.number:
            self._told[telling.number] = telling
            for oldest in list(self._told)[:-_TOLD_AT_MOST]:  # some servers never say that one is closed
                del self._told[oldest]

    def _take_back(self, telling: _Telling) -> None:
        if telling in self._waiting:
            self._waiting.remove(telling)
        elif self._told.get(telling.number) is telling:
            del self._told[telling.number]
            self._server.take_away(telling.number)

    # --- what the user does with it, on the same thread ---------------------------------------------------------------

    def _got_token(self, signal: Signal) -> None:
        number, token = signal.body
        self._token = int(number), str(token)

    def _action_invoked(self, signal: Signal) -> None:
        number, key = signal.body
        token = self._token[1] if self._token[0] == number else ""
        self._token = (0, "")
        prompt = self._prompt
        if prompt is not None and self._number and number == self._number:
            self._withdraw()  # some servers leave it standing after a click
            answer = ANSWERS.get(key)
            if answer is None:
                self._closed(prompt.id)
            else:
                self._answered(prompt.id, answer, first_snooze(prompt) if answer is Answer.SNOOZE else None, token)
        elif number in self._told and self._opened is not None:
            self._take_back(self._told[number])
            self._opened(token)

    def _notification_closed(self, signal: Signal) -> None:
        number, reason = signal.body
        self._told.pop(number, None)
        prompt = self._prompt
        if prompt is not None and self._number and number == self._number and reason != _CLOSED_BY_US:
            self._number, self._prompt = 0, None
            self._closed(prompt.id)
