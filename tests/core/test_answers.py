"""What the user does with a prompt, in the corners that a plain day does not reach."""

from __future__ import annotations

from datetime import timedelta

from tests.core.by_hand import AtNine, outcomes
from tests.core.played import Played
from traycoach.core import events
from traycoach.core.actions import Action, CloseRoutine, OpenRoutine, PauseRoutine, RecordOutcome, ShowPrompt
from traycoach.core.instant import MINUTE, SECOND, ZERO
from traycoach.core.transitions import Presence, Stage

BARE = "[]"


def test_start_without_a_routine_is_getting_up() -> None:
    day = Played("09:00 working\n09:30:25 answers start\n09:30:25 leaves 4m\n09:40 end", routines=BARE)

    assert day.said("outcome") == ["09:30:25 outcome stand taken"]
    assert not day.said("opens")


def test_a_prompt_is_snoozed_only_so_often() -> None:
    tables = '[[settings.rule]]\nid = "stand"\nmax_snoozes = 1\n'
    day = Played("09:00 working\n09:30:20 answers snooze 5m\n09:36 tray snooze 5m\n09:36:30 end", tables=tables)

    assert day.said("outcome") == ["09:30:20 outcome stand snoozed"]
    (prompt,) = day.coach.state.prompts.values()
    assert prompt.stage is Stage.SHOWN


def test_a_due_prompt_is_snoozed_from_the_tray_before_it_was_shown() -> None:
    day = Played("09:00 typing\n09:30:20 tray snooze 5m\n09:35:10 end")

    assert day.lines[0] == "09:30:20 outcome stand snoozed"
    assert not day.said("withdrawn")


def test_a_snooze_for_a_meeting_lasts_as_long_as_its_holds() -> None:
    day = Played("09:00 working\n09:28 meeting on\n09:31 tray snooze meeting\n09:44 meeting off\n09:46 end")

    assert day.said("outcome") == ["09:31:00 outcome stand snoozed"]
    assert [line[:5] for line in day.said("prompt")] == ["09:44"]


def test_with_nothing_due_the_tray_verbs_do_nothing() -> None:
    assert Played("09:00 working\n09:10 tray skip\n09:11 tray snooze 5m\n09:12 tray resume\n09:20 end").lines == []


def test_a_break_asked_for_in_a_routine_changes_nothing() -> None:
    day = Played("09:00 working\n09:10 tray now hips\n09:10:30 tray now\n09:10:40 tray now stroll\n09:15 end")

    assert day.said("opens") == ["09:10:00 routine hips opens"]


def test_a_break_asked_for_takes_the_next_cards_routine() -> None:
    day = Played("09:00 working\n09:10 tray now\n09:20 end", only="stand move")

    assert day.said("opens") == ["09:10:00 routine hips opens"]


def test_a_break_asked_for_answers_what_is_due() -> None:
    day = Played("09:00 typing\n09:30:30 tray now\n09:40 end")

    assert day.said("outcome") == ["09:32:30 outcome stand completed"]


def test_closing_the_window_of_a_card_leaves_it_due_and_it_comes_back_once() -> None:
    day = Played("09:00 working\n09:30:25 closes prompt\n09:41 closes prompt\n09:42 end")

    assert day.said("outcome") == ["09:41:00 outcome stand ignored"]


def test_with_notices_alone_any_routine_will_do() -> None:
    day = Played("09:00 working\n09:10 tray now\n09:20 end", only="micro", routines='["hips: stand-up 2m"]')

    assert day.said("opens") == ["09:10:00 routine hips opens"]


def test_a_break_without_any_routine_opens_nothing() -> None:
    assert Played("09:00 working\n09:10 tray now\n09:10 tray now nothing\n09:12 end", routines=BARE).lines == []


def test_a_routine_that_fits_no_rule_answers_none() -> None:
    day = Played("09:00 working\n09:10 tray now evening\n09:20 end", routines='["evening: wind-down 3m"]')

    assert day.said("ended") == ["09:13:00 routine evening ended, 3m, 4 of 4 steps"]


def test_a_snoozed_prompt_is_answered_by_the_routine_asked_for() -> None:
    day = Played(
        "09:00 working\n09:30:20 answers snooze 15m\n09:35 tray now hips\n09:40 end",
    )

    assert day.said("outcome")[-1] == "09:37:00 outcome stand completed"


def test_a_routine_asked_for_puts_away_the_prompt_of_another_rule() -> None:
    day = Played("09:00 working\n09:30:20 tray now lean\n09:31 end", only="stand sit-down")

    assert day.said("withdrawn") == ["09:30:20 withdrawn stand card"]
    assert day.coach.state.prompts["stand"].stage is Stage.DUE


def test_windows_lost_in_a_routine_leave_the_prompt_due_without_credit() -> None:
    day = Played("09:00 working\n09:30:20 answers start\n09:31 windows lost\n09:31:30 working\n09:33 end")

    assert not day.said("completed")
    assert day.said("prompt")[-1].startswith("09:3")
    assert len(day.said("prompt")) == 2


def test_windows_lost_in_a_routine_nobody_asked_about() -> None:
    day = Played("09:00 working\n09:10 tray now hips\n09:10:30 windows lost\n09:11 working\n09:20 end")

    assert day.coach.state.desk.presence is Presence.ACTIVE
    assert not day.said("ended")


def test_sleep_closes_the_routine() -> None:
    day = Played("09:00 working\n09:30:20 answers start\n09:31 sleep 10m\n09:41 working\n09:50 end")

    assert day.said("ended") == ["09:31:00 routine hips ended, 40s, 1 of 4 steps, for stand"]
    assert day.said("partly") == ["09:31:00 outcome stand partly done: under a minute"]
    assert day.said("break")


def test_locking_lets_the_routine_go_on_and_the_absence_with_it() -> None:
    day = Played("09:00 working\n09:30:20 answers start\n09:31 lock\n09:50 unlock\n09:50 working\n09:55 end")

    assert day.said("completed") == ["09:32:20 outcome stand completed"]
    assert day.said("break") == ["09:50:00 break 19m 40s from 09:30:20, prompted, resets stand"]


def test_a_source_lost_in_a_routine_leaves_presence_unknown_after_it() -> None:
    day = Played("09:00 working\n09:30:20 answers start\n09:31 source lost\n09:40 end")

    assert day.said("completed") == ["09:32:20 outcome stand completed"]
    assert day.said("break") == ["09:32:20 break 2m from 09:30:20, prompted, resets stand"]
    assert day.coach.state.desk.presence is Presence.UNKNOWN


# --- a prompt that nothing can show -----------------------------------------------------------------------------------


def test_a_card_that_nobody_could_see_is_tried_again_and_never_ignored() -> None:
    person = AtNine()
    number = person.is_asked()

    for _ in range(3):
        assert not outcomes(person.tell(events.PromptFailed(number)))
        prompt = person.coach.state.prompts["stand"]
        assert (prompt.stage, prompt.showings) == (Stage.DUE, 0)
        assert not shown_within(person, 9 * MINUTE)
        assert shown_within(person, 2 * MINUTE) == [number]


def test_a_notice_that_nobody_could_see_is_missed() -> None:
    person = AtNine(only="micro")
    person.types(14 * MINUTE + 30 * SECOND)
    while not (numbers := shown_within(person, 30 * SECOND)):
        assert person.sat_for < 20 * MINUTE
    (number,) = numbers

    assert outcomes(person.tell(events.PromptFailed(number))) == ["micro missed"]


def shown_within(person: AtNine, span: timedelta) -> list[int]:
    """Work on, with a lull every half minute, and give the prompts that are shown."""
    numbers = []
    for _ in range(round(span / (30 * SECOND))):
        person.passes(30 * SECOND)
        numbers += [one.prompt.id for one in person.tell(events.Woke(4 * SECOND)) if isinstance(one, ShowPrompt)]
    return numbers


# --- words that come too late -----------------------------------------------------------------------------------------


def test_words_about_a_prompt_that_is_gone_change_nothing() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptShown(number))
    person.tell(events.PromptAnswered(number, events.Answer.SKIP))
    before = person.coach.state.serial

    for event in (
        events.PromptShown(number),
        events.PromptAnswered(number, events.Answer.START),
        events.PromptClosed(number),
        events.PromptFailed(number),
        events.WindowsLost(),
        events.RoutineEnded("hips", ZERO, 0, 4),
        events.RoutineStarted("hips"),
        events.RoutineProgressed(0.5),
        events.RoutineFocusChanged(focused=True),
        events.SessionUnlocked(),
        events.OccurrenceReached("no such rule", person.now.wall),
    ):
        ordered = person.tell(event)
        assert not any(isinstance(action, RecordOutcome | OpenRoutine | ShowPrompt) for action in ordered), event
    assert person.coach.state.serial == before
    assert not person.coach.state.prompts


def test_a_routine_in_progress_is_told_to_the_tray() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptAnswered(number, events.Answer.START))
    person.tell(events.RoutineProgressed(0.5))

    assert person.coach.tray(person.now).progress == 0.5


def test_a_start_that_comes_in_a_routine_has_been_answered() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.BreakRequested("stroll"))
    (prompt,) = person.coach.state.prompts.values()
    assert prompt.stage is Stage.DUE

    ordered = person.tell(events.PromptAnswered(number, events.Answer.START))

    assert not any(isinstance(action, OpenRoutine) for action in ordered)


def test_getting_up_is_answered_while_away_as_well() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.SessionLocked())

    ordered = person.tell(events.PromptAnswered(number, events.Answer.GETTING_UP))

    assert outcomes(ordered) == ["stand taken"]


def test_sleep_under_a_routine_orders_its_window_closed() -> None:
    person = AtNine()
    person.tell(events.BreakRequested("hips"))

    assert CloseRoutine() in person.tell(events.SleepBegan())
    assert CloseRoutine() not in person.tell(events.SessionLocked())


def test_steady_time_never_goes_back() -> None:
    person = AtNine()
    person.types(5 * MINUTE)
    seen = person.coach.state.seen_at.steady
    person.passes(-2 * MINUTE)

    person.tell(events.Woke(ZERO))

    assert person.coach.state.seen_at.steady == seen
    person.passes(2 * MINUTE)
    assert person.sat_for == 5 * MINUTE


def left_behind() -> tuple[AtNine, list[Action]]:
    """Somebody works elsewhere, key after key, until a routine whose window lost the focus is closed."""
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptAnswered(number, events.Answer.START))
    person.passes(2 * MINUTE)
    person.tell(events.RoutineProgressed(1.0))
    person.tell(events.RoutineFocusChanged(focused=False))
    ordered: list[Action] = []
    for _ in range(10 * 60):
        person.passes(SECOND)
        ordered += person.tell(events.Woke(ZERO))
        if any(isinstance(action, CloseRoutine) for action in ordered):
            return person, ordered
    raise AssertionError("the window stays open for ever")


def test_an_end_card_that_is_left_open_is_closed_and_the_work_since_counts() -> None:
    person, ordered = left_behind()
    ended = person.tell(events.RoutineEnded("hips", 2 * MINUTE, 4, 4))

    assert sum(isinstance(action, PauseRoutine) for action in ordered) == 1
    assert outcomes(ended) == ["stand completed"]
    assert person.coach.state.desk.presence is Presence.ACTIVE
    assert 3 * MINUTE <= person.sat_for <= 3 * MINUTE + 5 * SECOND


def test_windows_that_die_when_work_went_on_leave_somebody_at_the_desk() -> None:
    person, _ordered = left_behind()
    person.tell(events.WindowsLost())

    assert person.coach.state.desk.presence is Presence.ACTIVE
    assert person.coach.state.routine is None


def test_whoever_looks_at_the_window_again_has_not_left_it() -> None:
    person = AtNine()
    number = person.is_asked()
    person.tell(events.PromptAnswered(number, events.Answer.START))
    ordered: list[Action] = []
    for _ in range(10):
        person.tell(events.RoutineFocusChanged(focused=False))
        for _ in range(60):
            person.passes(SECOND)
            ordered += person.tell(events.Woke(ZERO))
        person.tell(events.RoutineFocusChanged(focused=True))

    assert sum(isinstance(action, PauseRoutine) for action in ordered) == 10
    assert not any(isinstance(action, CloseRoutine) for action in ordered)
