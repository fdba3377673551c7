"""Sources of input that come and go, gaps and restarts."""

from __future__ import annotations

from tests.core.by_hand import AtNine
from tests.core.played import Played
from traycoach.core import events
from traycoach.core.coach import Coach
from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.core.transitions import Presence, Stage

HOURS = '[settings.work]\nhours = ["mon-fri 10:00-18:00"]\n'


def test_a_source_lost_while_away_does_not_leave_the_person_away() -> None:
    day = Played("09:00 typing until 09:10\n09:15 source lost\n09:50 end")

    assert day.said("break") == ["09:15:00 break 5m from 09:10:00, resets stand"]
    assert day.said("prompt")[0].startswith("09:45:00")


def test_a_source_lost_behind_a_locked_screen_changes_nothing_before_the_unlocking() -> None:
    person = AtNine()
    person.types(10 * MINUTE)
    person.tell(events.SessionLocked())
    person.tell(events.SourceLost("gone"))
    assert not person.coach.state.desk.present

    person.passes(MINUTE)
    person.tell(events.SessionUnlocked())

    assert person.coach.state.desk.presence is Presence.UNKNOWN


def test_a_source_found_again_goes_on_with_the_bout() -> None:
    day = Played("09:00 working\n09:10 source lost\n09:20 source found\n09:31 end")

    assert day.said("prompt")[0].split(" ", 1)[1] == "prompt stand card, sat 30m 18s"


def test_a_source_found_while_away_changes_nothing() -> None:
    person = AtNine()
    person.types(10 * MINUTE)
    person.tell(events.SessionLocked())
    person.tell(events.SourceFound(ZERO))

    assert person.coach.state.desk.presence is Presence.AWAY


def test_a_source_found_outside_working_hours_begins_a_bout() -> None:
    person = AtNine(tables=HOURS)
    person.types(5 * MINUTE)
    person.tell(events.SourceLost("gone"))
    person.types(MINUTE)
    assert person.coach.state.clocks.running is None

    person.tell(events.SourceFound(ZERO))
    person.types(2 * MINUTE)

    assert person.sat_for == 7 * MINUTE


def test_without_a_source_the_clocks_begin_with_the_working_hours() -> None:
    day = Played("09:00 source lost\n10:40 end", tables=HOURS)

    assert day.said("prompt")[0].startswith("10:30:00")


def test_a_silence_that_is_neither_idle_nor_away_changes_nothing() -> None:
    day = Played("09:00 typing until 09:10\n09:11:30 end", tables='[settings.presence]\nidle_after = "2m"\n')

    assert day.coach.state.desk.presence is Presence.ACTIVE


def test_an_unseen_stretch_without_a_source_is_neither_sitting_nor_a_break() -> None:
    person = AtNine()
    person.types(5 * MINUTE)
    person.tell(events.SourceLost("gone"))
    person.passes(20 * MINUTE)
    person.tell(events.Woke(None))

    assert person.coach.state.desk.presence is Presence.UNKNOWN
    assert person.sat_for == 5 * MINUTE


def test_an_unseen_stretch_outside_working_hours_starts_no_clock() -> None:
    person = AtNine(tables=HOURS)
    person.types(5 * MINUTE)
    person.tell(events.SourceLost("gone"))
    person.passes(20 * MINUTE)
    person.tell(events.Woke(None))

    assert person.coach.state.clocks.running is None


def test_what_came_first_after_a_standstill_is_taken_in_once_the_input_is_known() -> None:
    person = AtNine()
    person.types(10 * MINUTE)
    person.passes(5 * MINUTE)
    person.tell(events.HoldsChanged(frozenset({"meeting"})))
    assert person.coach.next_wakeup - person.now.steady < SECOND, "a fresh figure is asked for at once"
    assert not person.coach.state.guard_holds

    person.tell(events.Woke(ZERO))

    assert person.coach.state.guard_holds == {"meeting"}
    assert person.sat_for == 10 * MINUTE


def test_time_that_nobody_watched_is_not_taken_back_with_a_silence() -> None:
    """Five minutes unseen, with input in the second of them; what is taken back is what was counted."""
    person = AtNine()
    person.types(10 * MINUTE)
    person.passes(5 * MINUTE)
    person.tell(events.Woke(2 * MINUTE))
    assert person.sat_for == 10 * MINUTE
    person.passes(MINUTE)
    person.tell(events.Woke(3 * MINUTE))

    assert person.coach.state.desk.presence is Presence.AWAY
    assert person.coach.state.clocks.sat == 10 * MINUTE


# --- restarts ---------------------------------------------------------------------------------------------------------


def test_a_restart_in_a_routine_leaves_its_prompt_due() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptAnswered(number, events.Answer.START))
    person.passes(20 * SECOND)

    person.restart()

    assert person.coach.state.routine is None
    assert person.coach.state.prompts["stand"].stage is Stage.DUE


def test_a_restart_while_away_leaves_the_person_away() -> None:
    person = AtNine()
    person.types(10 * MINUTE)
    person.tell(events.SessionLocked())
    person.passes(2 * MINUTE)

    person.restart(idle_for=2 * MINUTE)

    assert person.coach.state.desk.presence is Presence.AWAY


def test_a_restart_brings_a_source_where_there_was_none() -> None:
    person = AtNine(tables=HOURS)
    person.types(5 * MINUTE)
    person.tell(events.SourceLost("gone"))
    person.passes(MINUTE)
    person.tell(events.Woke(None))

    person.restart()
    person.types(2 * MINUTE)

    assert person.coach.state.desk.presence is Presence.ACTIVE
    assert person.sat_for == 7 * MINUTE, "the clocks had stood outside working hours, and run again"


def test_a_restart_forgets_what_guards_told_and_tell_again() -> None:
    person = AtNine()
    person.tell(events.ScreenShared(sharing=True))
    person.tell(events.HoldsChanged(frozenset({"meeting"})))
    person.tell(events.MeetingEndKnown(person.now.after(MINUTE).wall))

    person.restart()

    state = person.coach.state
    assert (state.sharing, state.guard_holds, state.meeting_ends_at) == (False, frozenset(), None)


def test_a_sign_of_the_boot_before_is_none_of_this_one() -> None:
    """A call was on when the machine was shut down; the one of the next day has to be believed."""
    person = AtNine()
    person.types(5 * MINUTE)
    person.tell(events.EvidenceChanged(frozenset({"microphone"})))
    person.types(MINUTE)
    person.passes(15 * 60 * MINUTE)
    person.restart(boot="boot 2")
    person.tell(events.InputResumed())
    for _ in range(4):
        person.passes(SECOND)
        person.tell(events.Woke(ZERO))
    person.types(10 * MINUTE)

    person.tell(events.EvidenceChanged(frozenset({"microphone"})))
    person.passes(MINUTE)
    for minute in range(1, 31):
        person.tell(events.Woke(minute * MINUTE))
        person.passes(MINUTE)

    assert person.coach.state.desk.presence is Presence.IDLE
    assert person.sat_for > 40 * MINUTE


def test_a_sign_that_lasts_over_a_restart_goes_on_counting() -> None:
    person = AtNine()
    person.types(5 * MINUTE)
    person.tell(events.EvidenceChanged(frozenset({"microphone"})))
    person.types(MINUTE)

    person.passes(20 * SECOND)
    person.restart(idle_for=20 * SECOND)
    person.tell(events.EvidenceChanged(frozenset({"microphone"})))
    for minute in range(1, 31):
        person.passes(MINUTE)
        person.tell(events.Woke(minute * MINUTE))

    assert person.coach.state.desk.presence is Presence.IDLE


def test_a_silence_that_began_before_the_coach_did_is_noticed_in_time() -> None:
    """The source tells of it once, by its own count; the coach counts from its start."""
    person = AtNine()
    coach = Coach(person.schedule, person.script.catalogue, None, 1, person.now)
    coach.handle(events.CoachStarted("boot 1", slept=False, idle_for=40 * SECOND), person.now)
    began_at = person.now.steady

    person.passes(20 * SECOND)
    coach.handle(events.IdleBegan(60 * SECOND), person.now)
    assert coach.state.desk.present
    assert coach.next_wakeup == began_at + 60 * SECOND

    person.passes(40 * SECOND)
    coach.handle(events.Woke(100 * SECOND), person.now)
    assert coach.state.desk.presence is Presence.IDLE
    assert coach.next_wakeup <= began_at + 3 * MINUTE
