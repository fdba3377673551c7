"""All guards together: from their verdicts to the events of the coach."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from traycoach.core.events import Event, EvidenceChanged, HoldsChanged, ScreenShared
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import Asks, Guard, Mortal, Verdict
from traycoach.text import _

EVIDENCE = frozenset({"microphone", "camera", "fullscreen", "inhibitor"})
"""The reasons that are signs of presence without input as well."""

SHARING = "sharing"
RETRIES_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0)
"""When a guard that was refused is tried again; the last for ever."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuardReport:
    """One guard's state, a line for `doctor`. `refusal` says why the mechanism is not available here, else None."""

    name: str
    mechanism: str
    verdict: Verdict
    refusal: str | None


class GuardWatch:
    """Starts the guards and posts HoldsChanged, EvidenceChanged and ScreenShared whenever one of these really changes.

    Several guards may watch the same reason; it is present while any of them says yes. `switches` are the user's: they
    decide which reasons hold prompts back. Evidence of presence and the discretion while sharing do not depend on them:
    whether someone is at the desk, and whether we may interrupt, are different questions.
    """

    def __init__(
        self,
        guards: Sequence[Guard],
        post: Callable[[Event], None],
        switches: Mapping[str, bool],
        retries_s: Sequence[float] = RETRIES_S,
    ) -> None:
        """A reason without a switch holds nothing back."""
        self._guards = guards
        self._retries_s = retries_s
        self._to_start = set(range(len(guards)))
        self._looked_round = threading.Event()
        self._died = threading.Event()
        self._post = post
        self._switches = dict(switches)
        self._lock = threading.RLock()
        self._verdicts: dict[int, Verdict] = {}
        self._refusals: dict[int, str] = {}
        self._holds: frozenset[str] = frozenset()
        self._evidence: frozenset[str] = frozenset()
        self._sharing = False
        self._stopped = False
        self._starter: threading.Thread | None = None

    def start(self) -> None:
        """Probe and start the guards, one after the other, in the background. Never fails.

        What cannot be started yet, and what dies, is tried again ever more seldom.
        """
        self._starter = threading.Thread(target=self._keep_started, name="guards", daemon=True)
        self._starter.start()

    def wait_until_started(self, limit_s: float) -> bool:
        """Wait until every guard was started or refused, for `doctor`; tell whether it is so."""
        return self._looked_round.wait(limit_s)

    def switch(self, switches: Mapping[str, bool]) -> None:
        """Take new settings; what they change is posted."""
        with self._lock:
            self._switches = dict(switches)
            self._combine()

    def look(self) -> None:
        """Have the guards ask whose services do not tell: a prompt is near."""
        for guard in self._guards:
            if isinstance(guard, Asks):
                guard.ask_now()

    def report(self) -> list[GuardReport]:
        """Give the state of every guard, in their order."""
        with self._lock:
            return [
                GuardReport(
                    guard.name,
                    guard.mechanism,
                    self._verdicts.get(number, Verdict.UNKNOWN),
                    self._refusals.get(number),
                )
                for number, guard in enumerate(self._guards)
            ]

    def stop(self) -> None:
        """Post nothing more and stop the guards. Stopping twice is fine."""
        with self._lock:
            self._stopped = True
        self._died.set()
        if self._starter is not None and self._starter is not threading.current_thread():
            self._starter.join()
        for guard in self._guards:
            guard.stop()

    def _keep_started(self) -> None:
        waits = iter(self._retries_s)
        while not self._stopped:
            self._to_start = {number for number in sorted(self._to_start) if not self._is_settled(number)}
            self._looked_round.set()
            wait = next(waits, self._retries_s[-1]) if self._to_start else None
            if self._died.wait(wait) and not self._stopped:
                self._died.clear()
                waits = iter(self._retries_s)
                self._to_start |= {number for number, guard in enumerate(self._guards) if _is_lost(guard)}

    def _is_settled(self, number: int) -> bool:
        """Start the guard; tell whether there is nothing left to try."""
        guard = self._guards[number]
        if self._stopped:
            return True
        if _is_lost(guard):
            guard.stop()
        try:
            guard.probe()
            guard.start(lambda verdict: self._changed(number, verdict))
        except NotHere as error:
            self._refuse(number, error.reason)
        except Unavailable as error:
            self._refuse(number, error.reason)
            return False
        except Exception as error:  # one guard that misbehaves must not take the others along
            _log.exception("the guard %s (%s) failed", guard.name, guard.mechanism)
            self._refuse(number, _("It failed ({error}).").format(error=type(error).__name__))
        else:
            with self._lock:
                self._refusals.pop(number, None)
        return True

    def _refuse(self, number: int, reason: str) -> None:
        with self._lock:
            self._refusals[number] = reason

    def _changed(self, number: int, verdict: Verdict) -> None:
        with self._lock:
            self._verdicts[number] = verdict
            self._combine()
        if verdict is Verdict.UNKNOWN and _is_lost(self._guards[number]):
            self._died.set()

    def _combine(self) -> None:
        """Post what changed; within the lock, so that the order of the events is that of the facts."""
        if self._stopped:
            return
        present = frozenset(
            guard.name for number, guard in enumerate(self._guards) if self._verdicts.get(number) is Verdict.YES
        )
        holds = frozenset(name for name in present if self._switches.get(name, False))
        evidence = present & EVIDENCE
        sharing = SHARING in present
        if sharing != self._sharing:
            self._sharing = sharing
            self._post(ScreenShared(sharing))
        if evidence != self._evidence:
            self._evidence = evidence
            self._post(EvidenceChanged(evidence))
        if holds != self._holds:
            self._holds = holds
            self._post(HoldsChanged(holds))


def _is_lost(guard: Guard) -> bool:
    return isinstance(guard, Mortal) and guard.lost
