"""Holds that last too long, that flicker, and the meeting that is about to begin."""

from __future__ import annotations

from datetime import timedelta

from tests.core.played import Played
from traycoach.core.actions import TrayKind
from traycoach.core.holds import FLICKERS_WITHIN, LONG

CALL = "09:00 working\n09:10 microphone on\n"


def kinds(day: Played) -> list[TrayKind]:
    return [tray.kind for tray in day.trays]


# --- a hold that never ends -------------------------------------------------------------------------------------------


def test_a_hold_of_two_hours_gives_way_to_the_mark_of_a_due_prompt_and_to_nothing_else() -> None:
    assert timedelta(hours=2) == LONG
    day = Played(CALL + "11:30 end", "11:09:50", "11:10:30")

    assert kinds(day) == [TrayKind.HELD, TrayKind.DUE]
    assert not day.said("prompt")


def test_the_longest_of_several_holds_is_named() -> None:
    day = Played(CALL + "09:20 fullscreen on\n11:30 end", "11:25")

    assert day.whys[0].startswith("Due for 1 h 55 min, waiting: your microphone is in use, for 2 h 15 min now.")


def test_a_pause_of_two_hours_is_no_mistake() -> None:
    day = Played("09:00 working\n09:25 tray pause\n12:00 end", "11:50")

    assert kinds(day) == [TrayKind.PAUSED]


# --- a hold that flickers ---------------------------------------------------------------------------------------------


def test_a_hold_that_flickers_stays_in_the_tray_until_it_has_been_gone_for_a_minute() -> None:
    lines = "\n".join(
        f"09:31:{second:02} microphone {state}\n09:31:{second + 3:02} microphone {other}"
        for second, state, other in ((2, "off", "on"), (8, "off", "on"), (14, "off", "on"))
    )
    gone = "09:31:20 microphone off\n"
    day = Played(CALL + lines + "\n" + gone + "09:31:21 leaves 40s\n09:34 end", "09:31:03", "09:31:09", "09:31:19")

    # the first gap may be the end of the call; from the second on it is known to flicker
    assert kinds(day) == [TrayKind.DUE, TrayKind.HELD, TrayKind.HELD]


def test_a_hold_that_flickered_is_forgotten_after_a_minute() -> None:
    reads = "09:31:11 reads\n"
    day = Played(
        CALL + "09:31 microphone off\n09:31:05 microphone on\n09:31:10 microphone off\n" + reads + "09:33 end",
        "09:32:05",
        "09:32:15",
    )

    assert timedelta(minutes=1) == FLICKERS_WITHIN
    assert kinds(day) == [TrayKind.HELD, TrayKind.DUE]


def test_two_hours_count_through_the_gaps_of_a_flickering_hold() -> None:
    gap = "10:30 microphone off\n10:30:03 microphone on\n"
    day = Played(CALL + gap + "11:30 end", "11:11")

    assert kinds(day) == [TrayKind.DUE]


# --- a meeting that is about to begin ---------------------------------------------------------------------------------


def offered(routines: str, tables: str = "", meeting: str = "09:34") -> str:
    day = Played(
        f"09:00 typing until 09:30:10\n09:20 meeting at {meeting}\n09:30:18 answers start\n09:30:30 end",
        routines=routines,
        tables=tables,
    )
    (opened,) = day.said("opens")
    return opened.split()[2]


def test_five_minutes_before_a_meeting_a_short_routine_of_the_same_kind_is_offered() -> None:
    assert offered('["hips: stand-up 2m", "reset: stand-up 1m", "eyes: micro 30s"]') == "reset"


def test_where_the_kind_has_no_short_one_any_short_one_will_do() -> None:
    assert offered('["hips: stand-up 2m", "eyes: micro 30s"]') == "eyes"


def test_without_any_short_one_the_usual_one_is_offered() -> None:
    assert offered('["hips: stand-up 2m"]') == "hips"


def test_a_meeting_later_than_that_changes_nothing() -> None:
    assert offered('["hips: stand-up 2m", "eyes: micro 30s"]', meeting="09:36") == "hips"


def test_of_the_routines_that_a_rule_names_the_short_one_is_taken() -> None:
    tables = '[[settings.rule]]\nid = "stand"\nroutines = { ids = ["hips", "eyes"] }\n'

    assert offered('["hips: stand-up 2m", "reset: stand-up 1m", "eyes: micro 30s"]', tables) == "eyes"


def test_the_card_tells_how_long_it_is_to_the_meeting() -> None:
    day = Played("09:00 typing until 09:30:10\n09:20 meeting at 09:34\n09:31 end")

    prompts = [entry.data for entry in day.entries if entry.kind == "prompt"]

    assert [prompt["line"] for prompt in prompts] == ["Your next meeting is in 3 min. hands"]


def test_less_than_a_minute_is_called_a_minute() -> None:
    day = Played("09:00 typing until 09:30:10\n09:20 meeting at 09:31\n09:30:50 end")

    prompts = [entry.data for entry in day.entries if entry.kind == "prompt"]

    assert str(prompts[0]["line"]).startswith("Your next meeting is in 1 min.")
