"""Settings edited under way: what the person has sat, and what is due, follows the new rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.core.by_hand import AtNine, outcomes
from traycoach.core import events
from traycoach.core.actions import WithdrawPrompt
from traycoach.core.instant import MINUTE, ZERO
from traycoach.core.rules import AtTimes, Interval, Medium, Rule, Schedule
from traycoach.core.transitions import Stage


def with_stand(person: AtNine, **changes: object) -> Schedule:
    """Give the schedule with another `stand` rule."""
    rules = tuple(
        replace(rule, **changes) if rule.id == "stand" else rule  # type: ignore[arg-type]
        for rule in person.schedule.rules
    )
    return replace(person.schedule, rules=rules)


def to_mark(person: AtNine) -> timedelta:
    """Give how far the next mark of `stand` is."""
    turn = person.coach.turn(person.now)
    rule = turn.schedule.rule("stand")
    assert rule is not None
    return turn.to_mark(rule)


def test_a_rule_of_another_medium_begins_anew() -> None:
    person = AtNine()
    person.types(20 * MINUTE)
    person.tell(events.SettingsChanged(with_stand(person, trigger=Interval(30 * MINUTE, Medium.USE))))

    assert to_mark(person) == 30 * MINUTE


def test_a_longer_interval_keeps_what_was_sat() -> None:
    person = AtNine()
    person.types(20 * MINUTE)
    person.tell(events.SettingsChanged(with_stand(person, trigger=Interval(45 * MINUTE, Medium.SITTING))))

    assert to_mark(person) == 25 * MINUTE


def test_a_new_rule_counts_from_now() -> None:
    person = AtNine()
    person.types(20 * MINUTE)
    added = Rule("own", Interval(10 * MINUTE, Medium.SITTING), resets_after=MINUTE)
    schedule = person.schedule
    person.tell(events.SettingsChanged(replace(schedule, rules=(*schedule.rules, added))))

    turn = person.coach.turn(person.now)
    assert turn.to_mark(added) == 10 * MINUTE


def test_a_prompt_of_a_removed_rule_is_withdrawn_without_outcome() -> None:
    person = AtNine()
    number = person.is_asked()

    ordered = person.tell(events.SettingsChanged(replace(person.schedule, rules=())))

    assert WithdrawPrompt(number) in ordered
    assert not outcomes(ordered)
    assert not person.coach.state.prompts


def test_a_prompt_whose_rule_became_another_kind_is_withdrawn() -> None:
    person = AtNine()
    person.is_asked()

    person.tell(events.SettingsChanged(with_stand(person, trigger=AtTimes(()))))

    assert not person.coach.state.prompts


def test_an_edit_of_the_look_leaves_the_prompt_alone() -> None:
    person = AtNine()
    person.is_asked()

    person.tell(events.SettingsChanged(with_stand(person, text="Up you get")))

    assert person.coach.state.prompts["stand"].stage is Stage.SHOWN


def test_a_clock_rules_prompt_survives_an_edit() -> None:
    person = AtNine(only="", tables='[[settings.rule]]\nid = "tea"\nat = ["09:05"]\n')
    person.types(5 * MINUTE)
    person.tell(events.OccurrenceReached("tea", person.now.wall))

    person.tell(events.SettingsChanged(replace(person.schedule, patience=ZERO)))

    assert list(person.coach.state.prompts) == ["tea"]


def test_a_routine_goes_on_when_its_rule_is_removed() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptAnswered(number, events.Answer.START))
    person.tell(events.SettingsChanged(with_stand(person, text="Up you get")))
    assert person.coach.state.prompts["stand"].stage is Stage.RUNNING

    person.tell(events.SettingsChanged(replace(person.schedule, rules=())))
    person.passes(2 * MINUTE)
    ordered = person.tell(events.RoutineEnded("hips", 2 * MINUTE, 4, 4))

    assert not outcomes(ordered)
    assert person.coach.state.routine is None


def test_getting_up_for_a_prompt_of_a_removed_rule_answers_nothing() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptAnswered(number, events.Answer.SKIP))
    person.tell(events.SettingsChanged(replace(person.schedule, rules=())))
    person.passes(MINUTE)

    assert not outcomes(person.tell(events.Woke(MINUTE)))
