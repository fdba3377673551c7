"""A guard that asks one service of a D-Bus bus, and is told by its signals when to ask again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from traycoach.again import Again
from traycoach.desktop.bus import Bus, Signal, Subscription
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import LIMIT, Telling, Verdict

PROPERTIES = "org.freedesktop.DBus.Properties"
LIMIT_S = LIMIT.total_seconds()

_AFTER_SILENCE_S = (2.0, 10.0, 30.0)
"""When a service that gave no answer is asked again: at login it may be busy, or own its name before it can be asked.
After that when a prompt is near.
"""

_log = logging.getLogger(__name__)

Ask = Callable[[Bus], bool]
"""Asks the service whether the reason is present. Raises Unavailable if it cannot say: then nobody knows."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A signal after which the service is asked again. `matters` looks into it first; `sender` None: the service."""

    interface: str
    member: str
    path: str | None = None
    arg0: str | None = None
    sender: str | None = None
    matters: Callable[[Signal], bool] = lambda _signal: True


def property_changes(path: str, interface: str, *names: str) -> Hint:
    """Give the hint that one of these properties of an interface changed."""

    def matters(signal: Signal) -> bool:
        _interface, changed, invalidated = signal.body
        return any(name in changed or name in invalidated for name in names)

    return Hint(PROPERTIES, "PropertiesChanged", path, interface, matters=matters)


def boolean(service: str, path: str, interface: str, name: str) -> Ask:
    """Give the question for a property that is true while the reason is present."""

    def ask(bus: Bus) -> bool:
        value = bus.get_property(service, path, interface, name, limit_s=LIMIT_S)
        if not isinstance(value, bool):
            raise Unavailable(f"{name} of {service} is no truth value.")
        return value

    return ask


class ServiceGuard:
    """Watches one reason by one service. The service may come and go: without it nobody knows. It is never started.

    `asks_again_s`: for a service that sends no signal, after how long it is asked again while its answer is yes, the
    first time, the second, …; `ask_now` asks besides. One that gave no answer is asked again as well.
    """

    def __init__(
        self,
        name: str,
        mechanism: str,
        connect: Callable[[], Bus],
        service: str,
        ask: Ask,
        hints: tuple[Hint, ...],
        *,
        asks_again_s: Sequence[float] = (),
        after_silence_s: Sequence[float] = _AFTER_SILENCE_S,
        refusal: Callable[[], str] = lambda: "",
    ) -> None:
        """`refusal` gives why the mechanism is none for this desktop, whatever runs; "" if it is one."""
        self.name = name
        self.mechanism = mechanism
        self._connect = connect
        self._service = service
        self._ask = ask
        self._hints = hints
        self._asks_again_s = asks_again_s
        self._after_silence_s = after_silence_s
        self._silences = 0
        """How many questions in a row had no answer."""
        self._refusal = refusal
        self._bus: Bus | None = None
        self._kept: list[Subscription] = []
        self._telling = Telling()
        self._owner = ""
        self._again = Again(self._look_soon)

    def probe(self) -> None:
        """See `Guard`. The service itself may come later."""
        if reason := self._refusal():
            raise NotHere(reason)
        self._connect()

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        bus = self._bus = self._connect()
        self._telling.begin(changed)
        for hint in self._hints:
            self._kept.append(
                bus.subscribe(
                    partial(self._hinted, hint),
                    interface=hint.interface,
                    member=hint.member,
                    path=hint.path,
                    arg0=hint.arg0,
                    sender=hint.sender or self._service,
                )
            )
        self._kept.append(bus.watch_name(self._service, self._owner_changed))

    def ask_now(self) -> None:
        """See `Asks`. A service that sends signals, and answers, needs no asking."""
        if self._asks_again_s or self._silences:
            self._again.never()
            self._look_soon()

    def stop(self) -> None:
        """See `Guard`."""
        self._telling.end()
        kept, self._kept = self._kept, []
        for one in kept:
            one.close()
        self._again.never()
        self._silences = 0

    def _look_soon(self) -> None:
        if self._telling.wanted and self._bus is not None:
            self._bus.defer(self._look)

    # --- on the bus's callback thread ---------------------------------------------------------------------------------

    def _owner_changed(self, owner: str) -> None:
        self._owner = owner
        self._look()

    def _hinted(self, hint: Hint, signal: Signal) -> None:
        if hint.matters(signal):
            self._look()

    def _look(self) -> None:
        if not self._telling.wanted:
            return
        verdict = self._judge()
        self._telling.tell(verdict)
        if verdict is Verdict.YES and self._asks_again_s:
            self._again.later(self._asks_again_s)
        elif 0 < self._silences <= len(self._after_silence_s):
            self._again.later(self._after_silence_s)
        else:
            self._again.never()

    def _judge(self) -> Verdict:
        silences, self._silences = self._silences, 0
        if not self._owner or self._bus is None:
            return Verdict.UNKNOWN
        try:
            return Verdict.YES if self._ask(self._bus) else Verdict.NO
        except Unavailable as error:
            self._silences = silences + 1
            _log.debug("%s (%s) is not known: %s", self.name, self.mechanism, error.reason)
        except (TypeError, ValueError, IndexError, KeyError) as error:
            _log.info("%s (%s) answered what it should not: %s", self.name, self.mechanism, type(error).__name__)
        return Verdict.UNKNOWN


def on_desktop(environ: Mapping[str, str], name: str) -> bool:
    """Tell whether this is a session of the desktop (`XDG_CURRENT_DESKTOP`, Desktop Entry Specification)."""
    return name.lower() in environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")


def variant(value: Any) -> Any:  # noqa: ANN401 - a variant may hold anything
    """Give the value of a variant without its signature."""
    return value[1]
