"""Leaving and coming back, in the corners that a plain day does not reach."""

from __future__ import annotations

from tests.core.by_hand import AtNine, outcomes
from tests.core.played import Played
from traycoach.core import events
from traycoach.core.actions import RecordBreak, RetractBreak
from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.core.rules import Posture
from traycoach.core.transitions import Presence


def test_locking_answers_the_prompt_that_waits_in_the_tray() -> None:
    day = Played("09:00 typing until 09:29:30\n09:32 lock 2m\n09:34 working\n09:50 end")

    assert day.said("outcome") == ["09:33:00 outcome stand taken"]
    assert day.said("break") == ["09:34:00 break 2m from 09:32:00, prompted, resets stand"]


def test_leaving_after_a_notice_has_followed_it() -> None:
    day = Played("09:00 typing until 09:16:15\n09:20 working\n09:21 end", only="micro")

    assert [line.split(" outcome ")[1] for line in day.said("outcome")] == ["micro shown", "micro taken"]


def test_locking_does_not_answer_a_prompt_that_is_held() -> None:
    day = Played("09:00 typing\n09:28 dnd on\n09:32 lock 2m\n09:34 working\n09:35 end")

    assert not day.said("outcome")


def test_locking_does_not_answer_a_prompt_of_the_other_posture() -> None:
    day = Played("09:00 typing\n09:28 dnd on\n09:31 stands\n09:32 dnd off\n09:32:10 lock 2m\n09:35 end")

    assert not day.said("taken")


def test_locking_twice_is_locking_once() -> None:
    day = Played("09:00 working\n09:10 lock\n09:11 lock\n09:20 unlock\n09:20 working\n09:21 end")

    assert day.said("break") == ["09:20:00 break 10m from 09:10:00, resets stand"]


def test_a_break_asked_for_while_long_away_counts_from_the_leaving() -> None:
    day = Played("09:00 typing until 09:10\n09:15 tray now hips\n09:17:30 working\n09:20 end")

    assert day.said("bout") == ["09:10:00 bout sitting 10m, 09:00:00 to 09:10:00"]
    assert day.said("break")[0].startswith("09:17:30 break 7m 30s from 09:10:00")


def test_a_routine_left_at_once_and_a_walk_close_the_bout_where_the_routine_began() -> None:
    day = Played("09:00 working\n09:10 tray now hips\n09:10:20 routine left\n09:10:21 leaves 6m\n09:20 end")

    assert day.said("bout") == ["09:10:00 bout sitting 10m, 09:00:00 to 09:10:00"]


def test_an_absence_does_not_satisfy_a_clock_rule_whose_time_came_before_it() -> None:
    tables = '[[settings.rule]]\nid = "tea"\nat = ["09:05"]\nresets_after = "4m"\n'
    day = Played("09:00 working\n09:04 dnd on\n09:06 lock 5m\n09:11 working\n09:12 end", only="", tables=tables)

    assert not day.said("satisfied")
    assert list(day.coach.state.prompts) == ["tea"]


def test_locking_outside_working_hours_without_a_source_stops_nothing() -> None:
    tables = '[settings.work]\nhours = ["mon-fri 10:00-18:00"]\n'
    day = Played("09:00 source lost\n09:10 lock\n09:20 end", tables=tables)

    assert day.coach.state.clocks.sat == ZERO
    assert day.coach.state.desk.presence is Presence.AWAY


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_in_the_absence_ends_and_undoes_it() -> None:
    person = AtNine()
    person.types(10 * MINUTE)
    person.passes(5 * MINUTE)
    person.tell(events.Woke(5 * MINUTE))
    assert person.coach.state.desk.presence is Presence.AWAY

    ordered = person.tell(events.PresenceClaimed())

    assert [type(action) for action in ordered if isinstance(action, RecordBreak | RetractBreak)] == [
        RecordBreak,
        RetractBreak,
    ]
    assert person.sat_for == 15 * MINUTE


def test_a_correction_gives_a_stander_the_standing_back() -> None:
    day = Played("09:00 working\n09:05 stands\n09:10 leaves 6m\n09:17 tray here\n09:20 end", "09:20", only="sit-down")
    assert day.coach.state.posture is Posture.STANDING
    assert day.trays[0].words == "standing 15 of 30 min"


def test_a_correction_leaves_the_clocks_alone_that_the_absence_had_not_reset() -> None:
    """`move` rests five minutes; four do not reset it, and the mark it passed since is not due again."""
    tables = '[[settings.rule]]\nid = "move"\nevery = "20m sitting"\n'
    day = Played(
        "09:00 working\n09:15 leaves 4m\n09:25:30 tray skip\n09:27 tray here\n09:28 end",
        only="stand move",
        tables=tables,
    )

    assert day.said("none from") == ["09:27:00 break none from 09:15:00"]
    assert day.said("prompt move") == ["09:24:18 prompt move card, sat 5m 18s"]
    assert "move" not in day.coach.state.prompts


def test_a_correction_brings_back_only_what_the_absence_had_satisfied() -> None:
    person = AtNine()
    person.is_asked()
    person.tell(events.Snoozed(20 * MINUTE))
    person.types(3 * MINUTE)
    person.passes(5 * MINUTE)
    person.tell(events.Woke(5 * MINUTE))
    person.tell(events.InputResumed())
    person.passes(3 * SECOND)
    ordered = person.tell(events.Woke(ZERO))
    assert "stand satisfied" in outcomes(ordered)

    person.tell(events.PresenceClaimed())

    assert list(person.coach.state.prompts) == ["stand"]


def test_an_edit_ends_the_offer_to_correct() -> None:
    person = AtNine()
    person.types(10 * MINUTE)
    person.passes(5 * MINUTE)
    person.tell(events.Woke(5 * MINUTE))
    person.tell(events.InputResumed())
    person.passes(3 * SECOND)
    person.tell(events.Woke(ZERO))
    assert person.coach.tray(person.now).can_claim_presence

    person.tell(events.SettingsChanged(person.schedule))

    assert not person.coach.tray(person.now).can_claim_presence
    assert not any(isinstance(action, RetractBreak) for action in person.tell(events.PresenceClaimed()))


def test_with_nothing_to_correct_nothing_is_corrected() -> None:
    person = AtNine()
    person.types(10 * MINUTE)

    assert not any(isinstance(action, RetractBreak) for action in person.tell(events.PresenceClaimed()))
    assert person.sat_for == 10 * MINUTE


# --- "I was away" -----------------------------------------------------------------------------------------------------


def test_an_absence_told_afterwards_takes_back_no_more_than_the_bout() -> None:
    day = Played("09:00 working\n09:10 lock 10m\n09:20 working\n09:25 tray away 20m\n09:26 end", only="stand move")

    assert day.said("bout") == ["09:10:00 bout sitting 10m, 09:00:00 to 09:10:00"]
    assert day.coach.state.clocks.sat == 10 * MINUTE


def test_whoever_is_away_already_cannot_tell_it_again() -> None:
    day = Played(
        "09:00 working\n09:10 lock\n09:15 tray away\n09:16 tray away 5m\n09:20 unlock\n09:20 working\n09:21 end"
    )

    assert day.said("break") == ["09:20:00 break 10m from 09:10:00, resets stand"]
