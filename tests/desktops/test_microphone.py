"""A call on a real XFCE session: a program records from a real sound server, and the real coach waits for its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktops.lab import XfceDesktop
from tests.desktops.person import Person
from tests.desktops.sound import PipeWire, PulseAudio, SoundServer
from tests.desktops.test_at_work import card_of, rows, settings, stage_of, wait_for_card

EVERY_S = 10


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[XfceDesktop]:
    with XfceDesktop(tmp_path) as made:
        yield made


@pytest.fixture
def person(desktop: XfceDesktop) -> Person:
    return Person(desktop)


@pytest.fixture(params=[PulseAudio, PipeWire])
def sound(request: pytest.FixtureRequest, desktop: XfceDesktop) -> Iterator[SoundServer]:
    server: SoundServer
    with request.param(desktop) as server:
        server.add_microphone()
        yield server


def test_call_holds_the_prompt_and_its_end_brings_it_with_the_true_sitting_time(
    desktop: XfceDesktop, person: Person, sound: SoundServer
) -> None:
    with desktop.coach(settings(every=f"{EVERY_S}s", patience="3s")) as coach, person.typing():
        call = sound.parec()
        desktop.wait_until(lambda: coach.ask("status")["holds"] == ["microphone"], 10, "the hold")
        desktop.wait_until(lambda: stage_of(coach) == "due", 30, "the rule to come due")
        assert "microphone is in use" in coach.say("why")
        desktop.wait_until(lambda: coach.ask("status")["sat_for_s"] >= 2 * EVERY_S, 40, "a longer call")
        assert (stage_of(coach), card_of(desktop)) == ("due", None)

        desktop.end(call)
        desktop.wait_until(lambda: coach.ask("status")["holds"] == [], 10, "the end of the hold")
        desktop.wait_until(lambda: stage_of(coach) == "shown", 60, "the prompt after settling")
        wait_for_card(desktop)
        coach.say("skip")
        coach.say("stand")  # the end of the bout

        ((outcome, at_prompt, due),) = rows(coach, "SELECT outcome, sat_s, due_s FROM outcomes")
        ((sat, began, ended),) = rows(coach, "SELECT sat_s, began_at, ended_at FROM bouts")

        assert outcome == "skipped"
        assert abs(at_prompt - due - EVERY_S) <= 1, "the call counted as sitting, from its first second to its last"
        assert at_prompt >= 2 * EVERY_S
        assert abs(sat - (ended - began)) <= 1, "and as one bout without an absence"
        assert sat >= at_prompt


@pytest.mark.parametrize("sound", [PulseAudio], indirect=True)
def test_hands_off_in_a_call_is_no_absence(desktop: XfceDesktop, person: Person, sound: SoundServer) -> None:
    with desktop.coach(settings(every="10m", away="8s")) as coach:
        person.touch()
        call = sound.parec()
        desktop.wait_until(lambda: coach.ask("status")["holds"] == ["microphone"], 10, "the hold")
        desktop.wait_until(lambda: coach.ask("status")["sat_for_s"] >= 20, 40, "a call that is listened to")
        assert coach.ask("status")["presence"] != "away"

        desktop.end(call)
        desktop.wait_until(lambda: coach.ask("status")["presence"] == "away", 30, "the absence after the call")
        assert coach.ask("status")["sat_for_s"] >= 20, "the absence began with the end of the call"
