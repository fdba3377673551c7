"""Signs of presence: what they prove, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from traycoach.core.instant import MINUTE, ZERO, Instant
from traycoach.core.presence import Desk
from traycoach.core.transitions import Presence

NINE = Instant(ZERO, datetime(2026, 3, 2, 9, tzinfo=UTC))


def after(minutes: float) -> Instant:
    return NINE.after(timedelta(minutes=minutes))


def test_a_sign_proves_presence_until_it_ends() -> None:
    desk = Desk(Presence.ACTIVE, NINE)
    desk.evidence_changed(frozenset({"microphone"}), after(1))

    assert desk.certain_until(after(20)) == after(20)
    desk.evidence_changed(frozenset(), after(30))
    assert desk.certain_until(after(60)) == after(30)


def test_a_sign_proves_no_more_than_its_cap() -> None:
    desk = Desk(Presence.ACTIVE, NINE)
    desk.evidence_changed(frozenset({"fullscreen", "camera"}), NINE)

    assert desk.certain_until(after(60)) == after(60), "the camera goes on for four hours"
    desk.evidence_changed(frozenset({"fullscreen"}), after(50))
    assert desk.certain_until(after(60)) == after(50), "the film was spent at 45 minutes, the camera ended at 50"
    desk.evidence_changed(frozenset(), after(55))
    assert desk.certain_until(after(60)) == after(50), "what ends spent takes nothing back"


def test_a_sign_that_began_alone_proves_nothing() -> None:
    desk = Desk(Presence.AWAY, NINE)
    desk.evidence_changed(frozenset({"microphone"}), after(5))
    assert desk.certain_until(after(8)) == NINE
    desk.evidence_changed(frozenset(), after(9))

    assert desk.certain_until(after(10)) == NINE


def test_older_input_than_known_changes_nothing() -> None:
    desk = Desk(Presence.ACTIVE, after(1))
    desk.input_at(NINE)
    assert desk.last_input_at == after(1)

    truer = after(1).before(timedelta(milliseconds=20))
    desk.input_at(truer)
    assert desk.last_input_at == truer, "what was stamped when it was handled had happened a little before"
    desk.input_at(after(1).after(MINUTE))
    assert desk.last_input_at == after(2)
