"""All guards together: from their verdicts to the events of the coach."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from traycoach import clock
from traycoach.clock import Clock
from traycoach.core.events import Event, EvidenceChanged, HoldsChanged, ScreenShared
from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import Asks, Guard, Mortal, Verdict
from traycoach.text import _

EVIDENCE = frozenset({"microphone", "camera", "fullscreen", "inhibitor"})
"""The reasons that are signs of presence without input as well."""

SHARING = "sharing"
RETRIES_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0)
"""After how long a guard that was refused, or that died, is tried again; the last for ever."""

PATIENCE_S = 5.0
"""How long the first verdicts of all guards are waited for before it is told what evidence there is."""

_LIVED = MINUTE
"""A guard that died after less is as one that was refused: its next try is later than the last one was."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuardReport:
    """One guard's state, a line for `doctor`. `refusal` says why the mechanism is not available here, else None."""

    name: str
    mechanism: str
    verdict: Verdict
    refusal: str | None


@dataclass(slots=True)
class _Life:
    """One guard between its starts. Times are steady; without a `due_at` there is nothing to try."""

    due_at: timedelta | None = ZERO
    tries: int = 0
    began_at: timedelta | None = None
    """When it was started; None while it does not run."""


class GuardWatch:
    """Starts the guards and posts HoldsChanged, EvidenceChanged and ScreenShared whenever one of these really changes.

    Several guards may watch the same reason; it is present while any of them says yes. `switches` are the user's: they
    decide which reasons hold prompts back. Evidence of presence and the discretion while sharing do not depend on them:
    whether someone is at the desk, and whether we may interrupt, are different questions.

    The first EvidenceChanged is posted even if there is no evidence, once all guards have spoken (or long enough were
    silent): the coach may remember signs from before its start, and a part of what there is would end the others.
    """

    def __init__(
        self,
        guards: Sequence[Guard],
        post: Callable[[Event], None],
        switches: Mapping[str, bool],
        retries_s: Sequence[float] = RETRIES_S,
        patience_s: float = PATIENCE_S,
        time: Clock = clock.system,
    ) -> None:
        """A reason without a switch holds nothing back."""
        self._guards = guards
        self._retries_s = retries_s
        self._patience = patience_s * SECOND
        self._time = time
        self._lives = [_Life() for _guard in guards]  # the starter's alone
        self._looked_round = threading.Event()
        self._woken = threading.Event()
        self._post = post
        self._switches = dict(switches)
        self._lock = threading.RLock()
        self._verdicts: dict[int, Verdict] = {}
        self._refusals: dict[int, str] = {}
        self._holds: frozenset[str] = frozenset()
        self._evidence: frozenset[str] | None = None
        """None until it is first told."""
        self._patient_until: timedelta | None = None
        """The starter's alone; None before its first round."""
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
        self._woken.set()
        if self._starter is not None and self._starter is not threading.current_thread():
            self._starter.join()
        for guard in self._guards:
            self._end(guard)

    # --- on the starter's thread --------------------------------------------------------------------------------------

    def _keep_started(self) -> None:
        while not self._stopped:
            now = self._time.now().steady
            for number in range(len(self._guards)):
                self._tend(number, now)
            self._lose_patience()
            self._looked_round.set()
            self._woken.wait(self._wait_s())
            self._woken.clear()

    def _wait_s(self) -> float | None:
        due = [life.due_at for life in self._lives if life.due_at is not None]
        if self._evidence is None and self._patient_until is not None:
            due.append(self._patient_until)
        return max(ZERO, min(due) - self._time.now().steady).total_seconds() if due else None

    def _lose_patience(self) -> None:
        """Wait for the first verdicts no longer once it has taken too long."""
        now = self._time.now().steady
        if self._patient_until is None:
            self._patient_until = now + self._patience
        with self._lock:
            self._combine(patient=now < self._patient_until)

    def _tend(self, number: int, now: timedelta) -> None:
        """End the guard if it has died, and start it if it is time to."""
        guard, life = self._guards[number], self._lives[number]
        if life.began_at is not None and _is_lost(guard):
            self._end(guard)
            if now - life.began_at >= _LIVED:
                life.tries = 0
            life.began_at, life.due_at = None, self._next_try(life, now)
        if life.due_at is None or life.due_at > now or self._stopped:
            return
        life.due_at = None
        try:
            guard.probe()
            guard.start(lambda verdict: self._changed(number, verdict))
        except NotHere as error:
            self._refuse(number, error.reason)
        except Unavailable as error:
            self._refuse(number, error.reason)
            life.due_at = self._next_try(life, now)
        except Exception as error:  # one guard that misbehaves must not take the others along
            _log.exception("the guard %s (%s) failed", guard.name, guard.mechanism)
            self._refuse(number, _("It failed ({error}).").format(error=type(error).__name__))
        else:
            life.began_at = now
            with self._lock:
                self._refusals.pop(number, None)

    def _next_try(self, life: _Life, now: timedelta) -> timedelta:
        wait_s = self._retries_s[min(life.tries, len(self._retries_s) - 1)]
        life.tries += 1
        return now + wait_s * SECOND

    def _refuse(self, number: int, reason: str) -> None:
        with self._lock:
            self._refusals[number] = reason
            self._verdicts.pop(number, None)
            self._combine()

    def _end(self, guard: Guard) -> None:
        try:
            guard.stop()
        except Exception:  # the others still have to be stopped
            _log.exception("the guard %s (%s) could not be stopped in order", guard.name, guard.mechanism)

    # --- on any thread ------------------------------------------------------------------------------------------------

    def _changed(self, number: int, verdict: Verdict) -> None:
        with self._lock:
            self._verdicts[number] = verdict
            self._combine()
        if verdict is Verdict.UNKNOWN and _is_lost(self._guards[number]):
            self._woken.set()

    def _combine(self, *, patient: bool = True) -> None:
        """Post what changed; within the lock, so that the order of the events is that of the facts.

        `patient`: evidence that was never told yet may wait until all guards have spoken.
        """
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
        told = self._evidence is not None or self._all_spoke or not patient
        if told and evidence != self._evidence:
            self._evidence = evidence
            self._post(EvidenceChanged(evidence))
        if holds != self._holds:
            self._holds = holds
            self._post(HoldsChanged(holds))

    @property
    def _all_spoke(self) -> bool:
        """Whether each guard that may know of evidence has told a verdict, or was refused."""
        return all(
            number in self._verdicts or number in self._refusals
            for number, guard in enumerate(self._guards)
            if guard.name in EVIDENCE
        )


def _is_lost(guard: Guard) -> bool:
    return isinstance(guard, Mortal) and guard.lost
