"""From the verdicts of many guards to the coach's events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import pytest

from tests.desktops.lab import wait_until
from traycoach.core.events import Event, EvidenceChanged, HoldsChanged, ScreenShared
from traycoach.core.instant import ZERO, Instant
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.memory import MemoryGuard
from traycoach.guards.watch import GuardReport, GuardWatch

ALL_ON = dict.fromkeys(("fullscreen", "microphone", "camera", "dnd", "sharing", "meeting", "inhibitor"), True)
NOBODY: frozenset[str] = frozenset()


class Broken(MemoryGuard):
    mechanism = "broken"

    def start(self, changed: Callable[[Verdict], None]) -> None:
        raise ZeroDivisionError


class Desk:
    def __init__(self, *guards: MemoryGuard, switches: dict[str, bool] | None = None) -> None:
        self.posted: list[Event] = []
        self.watch = GuardWatch(guards, self.posted.append, ALL_ON if switches is None else switches)
        self.watch.start()
        assert self.watch.wait_until_started(10)
        self.began_with = self.heard()

    def heard(self) -> list[Event]:
        """Give what was posted since this was last asked."""
        posted = list(self.posted)
        self.posted.clear()
        return posted


def holds(*names: str) -> HoldsChanged:
    return HoldsChanged(frozenset(names))


def evidence(*names: str) -> EvidenceChanged:
    return EvidenceChanged(frozenset(names))


def test_while_nothing_is_the_matter_it_is_told_once_that_there_is_no_evidence() -> None:
    """The coach may remember a sign that ended while nobody looked."""
    guards = MemoryGuard("microphone"), MemoryGuard("fullscreen", Verdict.UNKNOWN), MemoryGuard("dnd")
    desk = Desk(*guards)
    guards[0].say(Verdict.UNKNOWN)
    guards[1].say(Verdict.NO)

    assert (desk.began_with, desk.heard()) == ([evidence()], [])


class Silent(MemoryGuard):
    """Says nothing at its start."""

    def start(self, changed: Callable[[Verdict], None]) -> None:
        self._changed = changed


@pytest.mark.parametrize("verdict", [Verdict.YES, Verdict.UNKNOWN])
def test_evidence_is_told_when_all_its_guards_have_spoken(verdict: Verdict) -> None:
    """A part of it would end the other signs that the coach remembers."""
    late = Silent("camera")
    desk = Desk(
        MemoryGuard("microphone", Verdict.YES), late, MemoryGuard("inhibitor", refusal="No."), Silent("meeting")
    )
    late.say(verdict)
    seen = {"microphone", "camera"} if verdict is Verdict.YES else {"microphone"}

    assert desk.began_with == [holds("microphone")]
    assert desk.heard()[0] == evidence(*seen)


def test_guard_that_never_speaks_is_not_waited_for_for_long() -> None:
    posted: SimpleQueue[Event] = SimpleQueue()
    guards = [Silent("camera"), MemoryGuard("microphone", Verdict.YES)]
    watch = GuardWatch(guards, posted.put, {}, patience_s=0.0)
    watch.start()

    assert posted.get(timeout=20) == evidence("microphone")
    watch.stop()


def test_reason_holds_and_ends() -> None:
    guard = MemoryGuard("microphone")
    desk = Desk(guard)

    guard.say(Verdict.YES)
    began = desk.heard()
    guard.say(Verdict.NO)

    assert began == [evidence("microphone"), holds("microphone")]
    assert desk.heard() == [evidence(), holds()]


def test_reason_that_is_there_at_the_start_is_posted() -> None:
    assert Desk(MemoryGuard("dnd", Verdict.YES)).began_with == [evidence(), holds("dnd")]


@pytest.mark.parametrize("name", ["dnd", "meeting"])
def test_reason_that_proves_no_presence_is_no_evidence(name: str) -> None:
    guard = MemoryGuard(name)
    desk = Desk(guard)

    guard.say(Verdict.YES)

    assert desk.heard() == [holds(name)]


@pytest.mark.parametrize("switches", [{}, {"fullscreen": False}])
def test_reason_that_is_switched_off_is_evidence_all_the_same(switches: dict[str, bool]) -> None:
    guard = MemoryGuard("fullscreen")
    desk = Desk(guard, switches=switches)

    guard.say(Verdict.YES)

    assert desk.heard() == [evidence("fullscreen")]


def test_switch_takes_effect_at_once_in_both_directions() -> None:
    guard = MemoryGuard("fullscreen", Verdict.YES)
    desk = Desk(guard)

    desk.watch.switch({"fullscreen": False})
    off = desk.heard()
    desk.watch.switch({"fullscreen": False, "dnd": True})
    same = desk.heard()
    desk.watch.switch({"fullscreen": True})

    assert (off, same, desk.heard()) == ([holds()], [], [holds("fullscreen")])


def test_sharing_is_told_for_discretion_whatever_the_switch_says() -> None:
    guard = MemoryGuard("sharing")
    desk = Desk(guard, switches={"sharing": False})

    guard.say(Verdict.YES)
    guard.say(Verdict.UNKNOWN)

    assert desk.heard() == [ScreenShared(True), ScreenShared(False)]


def test_two_mechanisms_of_one_reason_are_one_reason() -> None:
    one, other = MemoryGuard("camera"), MemoryGuard("camera")
    desk = Desk(one, other)

    one.say(Verdict.YES)
    other.say(Verdict.YES)
    one.say(Verdict.NO)
    during = desk.heard()
    other.say(Verdict.NO)

    assert during == [evidence("camera"), holds("camera")]
    assert desk.heard() == [evidence(), holds()]


def test_reason_that_becomes_unknown_holds_no_more() -> None:
    guard = MemoryGuard("fullscreen", Verdict.YES)
    desk = Desk(guard)

    guard.say(Verdict.UNKNOWN)

    assert desk.heard() == [evidence(), holds()]


def test_guard_that_fails_takes_no_other_along_and_every_refusal_is_kept() -> None:
    desk = Desk(
        Broken("microphone"), MemoryGuard("dnd", refusal="No such service."), MemoryGuard("fullscreen", Verdict.YES)
    )

    assert desk.began_with == [evidence("fullscreen"), holds("fullscreen")]
    assert desk.watch.report() == [
        GuardReport("microphone", "broken", Verdict.UNKNOWN, "It failed (ZeroDivisionError)."),
        GuardReport("dnd", "memory", Verdict.UNKNOWN, "No such service."),
        GuardReport("fullscreen", "memory", Verdict.YES, None),
    ]


def test_stopped_watch_is_silent() -> None:
    guard = MemoryGuard("fullscreen")
    desk = Desk(guard)

    desk.watch.stop()
    desk.watch.stop()
    guard.say(Verdict.YES)
    desk.watch.switch({})

    assert desk.heard() == []


class Late(MemoryGuard):
    """Becomes available at the third try."""

    mechanism = "late"

    def __init__(self) -> None:
        super().__init__("dnd", Verdict.YES)
        self.tries = 0

    def probe(self) -> None:
        self.tries = min(self.tries + 1, 3)
        if self.tries < 3:
            raise Unavailable("not yet")


class Mayfly(MemoryGuard):
    """Dies when it is told to."""

    mechanism = "mayfly"

    def __init__(self) -> None:
        super().__init__("fullscreen", Verdict.YES)
        self.lost = False
        self.starts = 0

    def start(self, changed: Callable[[Verdict], None]) -> None:
        self.starts += 1
        self.lost = False
        self._verdict = Verdict.YES
        super().start(changed)

    def dies(self) -> None:
        self.lost = True
        self.say(Verdict.UNKNOWN)


def watched(guard: MemoryGuard) -> tuple[GuardWatch, SimpleQueue[Event]]:
    posted: SimpleQueue[Event] = SimpleQueue()
    watch = GuardWatch([guard], posted.put, ALL_ON, retries_s=(0.01,))
    watch.start()
    return watch, posted


def test_guard_that_is_refused_is_tried_again_until_it_works() -> None:
    guard = Late()
    watch, posted = watched(guard)

    assert [posted.get(timeout=20) for _ in range(2)] == [evidence(), holds("dnd")]
    assert guard.tries == 3
    watch.stop()
    assert watch.report()[0].refusal is None


def test_guard_of_another_desktop_is_not_tried_again() -> None:
    class Foreign(Late):
        def probe(self) -> None:
            self.tries += 1
            raise NotHere("this is not sway")

    guard, other = Foreign(), Late()
    watch = GuardWatch([guard, other], lambda _event: None, ALL_ON, retries_s=(0.01,))
    watch.start()
    wait_until(lambda: other.tries == 3, 20, "the tries of the other guard")
    watch.stop()

    assert guard.tries == 1
    assert watch.report()[0].refusal == "this is not sway"


def test_guard_that_died_is_started_again() -> None:
    guard = Mayfly()
    watch, posted = watched(guard)
    heard = [posted.get(timeout=20) for _ in range(2)]

    guard.dies()
    heard += [posted.get(timeout=20) for _ in range(4)]
    watch.stop()

    assert heard == [evidence("fullscreen"), holds("fullscreen"), evidence(), holds(), *heard[:2]]
    assert guard.starts == 2


def test_guards_that_are_told_nothing_ask_when_a_prompt_is_near() -> None:
    class Deaf(MemoryGuard):
        def ask_now(self) -> None:
            self.say(Verdict.YES)

    desk = Desk(MemoryGuard("fullscreen"), Deaf("dnd"))

    desk.watch.look()

    assert desk.heard() == [holds("dnd")]


def test_guard_that_dies_at_every_start_is_left_alone_for_longer_and_longer() -> None:
    class Stillborn(Mayfly):
        def start(self, changed: Callable[[Verdict], None]) -> None:
            super().start(changed)
            self.dies()

    guard = Stillborn()
    watch = GuardWatch([guard], lambda _event: None, ALL_ON, retries_s=(0.01, 600.0))
    watch.start()
    wait_until(lambda: guard.starts >= 2, 20, "the second start")
    watch.stop()

    assert guard.starts == 2


class HandClock:
    """Steady time that a test moves."""

    def __init__(self) -> None:
        self.steady = timedelta(hours=1)

    def now(self) -> Instant:
        return Instant(self.steady, datetime(2026, 1, 1, tzinfo=UTC))

    def suspended_for(self) -> timedelta:
        return ZERO

    def boot_id(self) -> str:
        return "hand"


def test_guard_that_lived_for_long_is_tried_soon_again() -> None:
    guard, time = Mayfly(), HandClock()
    posted: SimpleQueue[Event] = SimpleQueue()
    watch = GuardWatch([guard], posted.put, ALL_ON, retries_s=(0.0, 600.0), time=time)
    watch.start()
    heard = []
    for _life in range(3):
        heard += [posted.get(timeout=20), posted.get(timeout=20)]
        time.steady += timedelta(hours=1)
        guard.dies()
        heard += [posted.get(timeout=20), posted.get(timeout=20)]
    watch.stop()

    assert heard == 3 * [evidence("fullscreen"), holds("fullscreen"), evidence(), holds()]


def test_guard_that_is_refused_after_it_said_yes_holds_nothing() -> None:
    class Hasty(MemoryGuard):
        def start(self, changed: Callable[[Verdict], None]) -> None:
            super().start(changed)
            raise Unavailable("gone already")

    desk = Desk(Hasty("dnd", Verdict.YES))

    assert desk.began_with == [evidence(), holds("dnd"), holds()]
    assert desk.watch.report() == [GuardReport("dnd", "memory", Verdict.UNKNOWN, "gone already")]
    desk.watch.stop()


def test_guard_that_cannot_be_stopped_keeps_no_other_from_it() -> None:
    class Stubborn(MemoryGuard):
        def stop(self) -> None:
            raise ZeroDivisionError

    other = MemoryGuard("dnd")
    desk = Desk(Stubborn("fullscreen"), other)
    desk.watch.stop()

    assert other._changed is None
