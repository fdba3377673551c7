"""Occurrences of clock rules, merging, the budget and postures, in the corners that a plain day does not reach."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from tests.core.by_hand import AtNine, outcomes
from tests.core.played import Played
from traycoach.core import events
from traycoach.core.budget import Showing, Spoken
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.rules import Budget, HourRange, Posture, WeekHours

TEA = '[[settings.rule]]\nid = "tea"\nat = ["09:05", "09:10"]\n'
NINE = Instant(ZERO, datetime(2026, 3, 2, 9, tzinfo=UTC))


# --- clock rules ------------------------------------------------------------------------------------------------------


def test_the_same_occurrence_told_twice_is_one_prompt() -> None:
    person = AtNine(only="", tables=TEA)
    at = person.now.wall
    person.tell(events.HoldsChanged(frozenset({"meeting"})))
    person.tell(events.OccurrenceReached("tea", at))
    number = person.coach.state.prompts["tea"].id

    ordered = person.tell(events.OccurrenceReached("tea", at - timedelta(minutes=5)))

    assert not outcomes(ordered)
    assert person.coach.state.prompts["tea"].id == number


def test_an_occurrence_in_the_routine_of_the_former_is_answered_by_it() -> None:
    person = AtNine(only="", tables=TEA)
    person.tell(events.OccurrenceReached("tea", person.now.wall))
    number = person.coach.state.prompts["tea"].id
    person.tell(events.PromptAnswered(number, events.Answer.START))
    person.passes(MINUTE)

    person.tell(events.OccurrenceReached("tea", person.now.wall))

    assert [prompt.id for prompt in person.coach.state.prompts.values()] == [number]


def test_an_occurrence_that_comes_too_late_was_missed() -> None:
    person = AtNine(only="", tables=TEA)

    ordered = person.tell(events.OccurrenceReached("tea", person.now.wall - timedelta(hours=1)))

    assert outcomes(ordered) == ["tea missed"]


def test_an_occurrence_of_a_rule_that_is_gone_is_none() -> None:
    person = AtNine()

    assert not outcomes(person.tell(events.OccurrenceReached("stand", person.now.wall)))
    assert not person.coach.state.prompts


def test_hours_round_the_clock_have_no_last_end_to_wait_for() -> None:
    week = WeekHours((HourRange(frozenset(range(7)), time(0), time(0)),))
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert week.contains(noon)
    end = week.end_after(noon)
    assert end is not None
    assert end > noon


# --- merging ----------------------------------------------------------------------------------------------------------


def test_a_lesser_prompt_goes_along_with_a_greater_one_that_returns_from_snooze() -> None:
    """`micro` comes due two minutes before `stand` returns."""
    tables = '[[settings.rule]]\nid = "micro"\nevery = "43m sitting"\noffset = "43m"\n[settings.budget]\napart = "1m"\n'
    day = Played("09:00 working\n09:30:25 answers snooze 15m\n09:50 end", only="micro stand", tables=tables)

    assert day.said("merged") == ["09:43:00 outcome micro merged: stand"]


def test_a_lesser_prompt_does_not_wait_for_a_greater_one_that_sleeps_longer() -> None:
    tables = '[[settings.rule]]\nid = "micro"\nevery = "40m sitting"\noffset = "40m"\n[settings.budget]\napart = "1m"\n'
    day = Played("09:00 working\n09:30:25 answers snooze 15m\n09:44 end", only="micro stand", tables=tables)

    assert len(day.said("prompt micro")) == 1


def test_a_lesser_prompt_does_not_wait_for_an_unanswered_one_that_returns_much_later() -> None:
    tables = '[[settings.rule]]\nid = "micro"\nevery = "34m sitting"\noffset = "34m"\n[settings.budget]\napart = "1m"\n'
    day = Played("09:00 working\n09:36 end", only="micro stand", tables=tables)

    assert len(day.said("prompt micro")) == 1


def test_a_lesser_prompt_goes_along_with_an_unanswered_one_that_returns_in_a_moment() -> None:
    tables = '[[settings.rule]]\nid = "micro"\nevery = "40m sitting"\noffset = "40m"\n[settings.budget]\napart = "1m"\n'
    day = Played("09:00 working\n09:43 end", only="micro stand", tables=tables)

    assert day.said("merged") == ["09:40:00 outcome micro merged: stand"]


def test_a_lesser_prompt_waits_under_a_long_overlay() -> None:
    """The overlay stands four minutes; what comes due in its last one is not merged with it."""
    tables = (
        '[[settings.rule]]\nid = "move"\nlook = "overlay"\nevery = "30m sitting"\n'
        '[[settings.rule]]\nid = "stand"\nevery = "34m sitting"\n'
    )
    day = Played("09:00 working\n09:34:10 end", only="move stand", tables=tables)

    assert list(day.coach.state.prompts) == ["move", "stand"]


# --- the budget -------------------------------------------------------------------------------------------------------


def card(prompt: int, minutes: int, *, counts: bool = True) -> Showing:
    return Showing(prompt, NINE.after(timedelta(minutes=minutes)), card=True, counts=counts)


def test_the_hour_is_full_until_a_showing_leaves_it() -> None:
    spoken = Spoken([card(1, 0), card(2, 20)])
    now = NINE.after(40 * MINUTE)

    assert spoken.kept_for(Budget(), now, card=True) == 20 * MINUTE
    assert spoken.kept_for(Budget(cards_an_hour=3), now, card=True) == ZERO
    assert spoken.kept_for(Budget(cards_an_hour=0), now, card=True) == timedelta(hours=1)


def test_two_refusals_halve_the_budget_until_two_hours_are_over() -> None:
    spoken = Spoken([card(1, 0), card(2, 105)])
    spoken.refused(NINE)
    spoken.refused(NINE)
    now = NINE.after(116 * MINUTE)

    assert spoken.kept_for(Budget(), now, card=True) == 4 * MINUTE, "then one more card has room"
    assert spoken.kept_for(Budget(), NINE.after(121 * MINUTE), card=True) == ZERO


def test_a_showing_is_taken_back_put_back_and_timed_once() -> None:
    spoken = Spoken([card(1, 0), card(1, 10)])
    spoken.take_back(1)
    spoken.take_back(7)
    assert spoken.showings == [card(1, 0)]

    spoken.came_on_screen(1, NINE.after(SECOND))
    spoken.came_on_screen(7, NINE)
    spoken.put_back(Showing(1, NINE.after(SECOND), card=True, counts=True))
    assert len(spoken.showings) == 1
    spoken.put_back(card(1, 10))
    assert len(spoken.showings) == 2


def test_a_card_that_was_ignored_and_then_taken_counts_once() -> None:
    person = AtNine()
    number = person.is_asked()
    person.passes(timedelta(milliseconds=80))
    person.tell(events.PromptShown(number))
    person.passes(5 * SECOND)
    person.tell(events.PromptAnswered(number, events.Answer.SKIP))
    person.passes(MINUTE)

    assert outcomes(person.tell(events.Woke(MINUTE))) == ["stand taken"]
    assert len(person.coach.state.spoken.showings) == 1


# --- postures ---------------------------------------------------------------------------------------------------------


def test_a_posture_told_while_away_counts_from_the_return() -> None:
    day = Played(
        "09:00 working\n09:10 lock\n09:15 desk up\n09:20 unlock\n09:20 working\n09:30 end", "09:30", only="sit-down"
    )

    assert day.trays[0].words == "standing 10 of 30 min"


def test_sitting_back_at_once_is_no_answer() -> None:
    day = Played("09:00 typing\n09:31:10 stands\n09:31:40 sits\n09:34 end")

    assert not day.said("taken")


def test_a_change_of_posture_answers_nothing_once_its_prompt_is_gone() -> None:
    person = AtNine(only="stand sit-down")
    person.is_asked()
    person.tell(events.PostureChanged(Posture.STANDING))
    person.passes(10 * SECOND)
    person.tell(events.Skipped())
    person.types(2 * MINUTE)

    assert "stand" not in person.coach.state.prompts
    assert person.coach.state.spell is not None
    assert person.coach.state.spell.answers is None


def test_the_roll_over_sits_a_stander_down_without_answering_anything() -> None:
    day = Played(
        "03:00 working\n03:20 stands\n03:45 dnd on\n03:58 dnd off\n04:03 end",
        only="sit-down",
        start="2026-03-02 03:00",
        tables='[[settings.rule]]\nid = "sit-down"\nevery = "39m30s standing"\n',
    )

    assert day.coach.state.posture is Posture.SITTING
    assert not day.said("taken")


def test_the_day_rolls_over_by_the_zone_the_person_has_flown_to() -> None:
    day = Played("09:00 working\n09:05 zone America/New_York\n09:10 stands\n10:00:10 end", "09:59:50", only="sit-down")

    assert day.trays[0].posture is Posture.STANDING
    assert day.coach.state.posture is Posture.SITTING, "it is four in the morning in New York"


def test_a_notice_is_late_from_when_the_budget_began_to_keep_it() -> None:
    """A card that is shown over a notice that was free to come keeps it back from then on."""
    tables = (
        '[[settings.rule]]\nid = "tea"\nat = ["09:14"]\n'
        '[[settings.rule]]\nid = "micro"\nevery = "30m sitting"\noffset = "14m10s"\n'
    )
    day = Played("09:00 typing\n09:20 end", only="micro", tables=tables)

    assert day.said("prompt tea") == ["09:15:00 prompt tea card, sat 15m"]
    assert day.said("micro") == ["09:18:01 outcome micro missed: budget"]
