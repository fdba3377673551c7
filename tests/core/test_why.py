"""Every moment explains itself: the sentence, and what the tray shows."""

from __future__ import annotations

import pytest

from tests.core.played import Played
from traycoach.core.actions import TrayKind
from traycoach.core.rules import Posture

SIT_DOWN = "stand sit-down"
QUIET = '[settings.quiet]\nhours = ["mon-fri 09:15-10:00"]\n'

MOMENTS = {
    "at work": ("09:00 working", "09:20", "Sitting for 20 min; the next prompt is due in 10 min.", "stand"),
    "standing": (
        "09:00 working\n09:10 stands",
        "09:20",
        "Standing for 10 min; the next prompt is due in 20 min.",
        SIT_DOWN,
    ),
    "no card ahead": ("09:00 working", "09:10", "Sitting for 10 min.", "micro"),
    "standing, no card ahead": ("09:00 working\n09:05 stands", "09:10", "Standing for 5 min.", "stand"),
    "held": (
        "09:00 typing\n09:25 microphone on",
        "09:34",
        "Due for 4 min, waiting: your microphone is in use.",
        "stand",
    ),
    "held twice": (
        "09:00 typing\n09:25 microphone on\n09:26 dnd on",
        "09:34",
        "Due for 4 min, waiting: the desktop asks for quiet and your microphone is in use.",
        "stand",
    ),
    "shown": ("09:00 working", "09:30:28", "Asked 10 s ago, after 30 min at the desk.", "stand"),
    "unanswered": (
        "09:00 working",
        "09:33:45",
        "Due for 3 min, waiting: you left it unanswered; it returns in 9 min.",
        "stand",
    ),
    "settling": (
        "09:00 typing\n09:25 dnd on\n09:35 dnd off",
        "09:35:10",
        "Due for 5 min, waiting: you are just settling in.",
        "stand",
    ),
    "reading": (
        "09:00 typing until 09:29:30",
        "09:31",
        "Due for 1 min, waiting: your next key or mouse move.",
        "stand",
    ),
    "typing": ("09:00 typing", "09:30:30", "Due for 30 s, waiting: a short lull.", "stand"),
    "other posture": (
        "09:00 typing\n09:25 dnd on\n09:31 stands\n09:32 dnd off",
        "09:33",
        "Due for 3 min, waiting: it belongs to the other posture.",
        "stand",
    ),
    "paused": ("09:00 working\n09:10 tray pause 30m", "09:20", "Paused until 09:40.", "stand"),
    "paused until tomorrow": ("09:00 working\n09:10 tray pause tomorrow", "09:20", "Paused until 04:00.", "stand"),
    "paused until resumed": ("09:00 working\n09:10 tray pause", "09:20", "Paused until you resume.", "stand"),
    "unknown": (
        "09:00 working\n09:10 source lost",
        "09:20",
        "I cannot see keyboard or mouse: the source is lost Prompts follow the plain clock.",
        "stand",
    ),
    "locked": ("09:00 working\n09:10 lock", "09:14", "The screen has been locked for 4 min.", "stand"),
    "away": ("09:00 typing until 09:10", "09:14", "Away for 4 min.", "stand"),
    "on a break": (
        "09:00 working\n09:00 when card: getting-up for 5m after 5s",
        "09:32",
        "On a break for 1 min.",
        "stand",
    ),
    "snoozed": ("09:00 working\n09:00 when card: snooze 5m after 5s", "09:32", "Snoozed until 09:35.", "stand"),
    "snoozed for a meeting": (
        "09:00 working\n09:30:20 answers snooze meeting\n09:30:25 meeting on",
        "09:32",
        "Snoozed until 10:30.",
        "stand",
    ),
    "routine": (
        "09:00 working\n09:00 when card: start after 5s",
        "09:31",
        "A routine is open; the clocks stand still.",
        "stand",
    ),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_each_moment_has_its_sentence(moment: str) -> None:
    day, at, sentence, only = MOMENTS[moment]

    (said,) = Played(f"{day}\n10:00 end", at, only=only).whys

    assert said.split(" Chosen")[0] == sentence


def test_quiet_hours_are_named() -> None:
    day = Played("09:00 working\n09:45 end", "09:20", tables=QUIET)

    assert day.whys == ["No prompts: these are quiet hours."]
    assert day.trays[0].words == "quiet hours"
    assert day.trays[0].kind is TrayKind.PAUSED
    assert not day.trays[0].paused


def test_the_budget_is_a_reason_to_wait() -> None:
    budget = '[settings.budget]\ncards_an_hour = 1\n[[settings.rule]]\nid = "stand"\nevery = "20m sitting"\n'
    day = Played("09:00 typing\n09:00 when card: skip after 5s\n09:50 end", "09:41:30", tables=budget)

    assert day.whys == ["Due for 1 min, waiting: enough was said lately; 40 min more."]


def test_snoozed_in_a_meeting_ends_with_it() -> None:
    day = Played("09:00 working\n09:30:20 meeting on\n09:30:20 tray snooze meeting\n09:40 end", "09:32")

    assert day.whys == ["Snoozed until your meeting ends."]
    assert day.trays[0].words == "snoozed until your meeting ends"


# --- the tray ---------------------------------------------------------------------------------------------------------


def test_the_ring_fills_and_is_nearly_full_at_four_fifths() -> None:
    early, late = Played("09:00 working\n09:29 end", "09:15", "09:25").trays

    assert (early.kind, early.words, early.progress) == (TrayKind.SITTING, "sitting 15 of 30 min", 0.5)
    assert not early.nearly
    assert (late.progress, late.nearly) == (0.83, True)


def test_standing_has_a_ring_of_its_own_and_is_never_nearly_over() -> None:
    (tray,) = Played("09:00 working\n09:10 stands\n09:36 end", "09:36", only=SIT_DOWN).trays

    assert (tray.kind, tray.words) == (TrayKind.STANDING, "standing 26 of 30 min")
    assert (tray.down, tray.nearly, tray.posture) == (True, False, Posture.STANDING)


def test_without_a_card_ahead_the_bout_is_named() -> None:
    sitting, standing = Played("09:00 working\n09:12 stands\n09:20 end", "09:10", "09:17", only="micro").trays

    assert (sitting.words, sitting.progress) == ("sitting 10 min", 0.0)
    assert standing.words == "standing 5 min"


@pytest.mark.parametrize(
    ("day", "at", "kind", "words"),
    [
        ("09:00 working", "09:30:20", TrayKind.DUE, "break due"),
        ("09:00 working\n09:25 camera on", "09:31", TrayKind.HELD, "break due, waiting: your camera is in use"),
        ("09:00 working\n09:00 when card: start after 5s", "09:31", TrayKind.ROUTINE, "routine running"),
        ("09:00 working\n09:10 tray pause", "09:20", TrayKind.PAUSED, "paused"),
        ("09:00 working\n09:00 when card: snooze 5m after 5s", "09:32", TrayKind.SNOOZED, "snoozed until 09:35"),
        ("09:00 working\n09:10 lock", "09:14", TrayKind.AWAY, "away"),
        ("09:00 working\n09:10 source lost", "09:20", TrayKind.UNKNOWN, "presence unknown"),
    ],
)
def test_the_icon_says_what_matters_most(day: str, at: str, kind: TrayKind, words: str) -> None:
    (tray,) = Played(f"{day}\n10:00 end", at).trays

    assert (tray.kind, tray.words) == (kind, words)


def test_the_menu_enables_what_can_be_done() -> None:
    plain, shown, snoozed_out = Played(
        "09:00 working\n09:00 when card: snooze 5m after 5s\n10:00 end", "09:20", "09:30:20", "09:46:20"
    ).trays

    assert (plain.can_snooze, plain.can_skip, plain.snooze_choices) == (False, False, ())
    assert (shown.can_snooze, shown.can_skip) == (True, True)
    assert shown.snooze_choices
    assert (snoozed_out.can_snooze, snoozed_out.can_skip) == (False, True)


def test_the_day_is_summed_up() -> None:
    day = "09:00 working\n09:20 lock 5m\n09:25 working\n09:35 end"
    before, after = Played(day, "09:10", "09:35").trays

    assert before.today == "Today: sat 10 min, longest 10 min, 0 breaks"
    assert after.today.startswith("Today: sat 30 min, longest 20 min, 1 break")


def test_a_card_of_the_posture_held_goes_before_one_of_the_other() -> None:
    """Both are as great: the sitter's card waits for sitting, the stander's is what the tray means."""
    day = "09:00 typing\n09:20 dnd on\n09:31 stands\n09:33 sits\n09:34 stands\n10:10 end"
    tables = '[[settings.rule]]\nid = "stand"\nevery = "30m sitting"\nresets_after = "2h"\n'
    (tray,) = Played(day, "10:08", only=SIT_DOWN, tables=tables).trays

    assert tray.kind is TrayKind.HELD
    assert tray.down
