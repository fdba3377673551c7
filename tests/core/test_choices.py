"""What the coach makes of the picker: it learns from answers and ratings, follows the settings, and says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.core.whole_catalogue import CATALOGUE
from traycoach.core import events
from traycoach.core.actions import Action, OpenRoutine, Prompt, ShowPrompt
from traycoach.core.coach import Coach
from traycoach.core.events import Answer, Event
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Schedule
from traycoach.core.state import CoachState
from traycoach.settings import settings_of
from traycoach.verbs import standing
from traycoach.wire import from_data, to_data

BEGAN_AT = Instant(timedelta(hours=1), datetime(2026, 3, 2, 9, tzinfo=UTC))


def without(*rules: str) -> Schedule:
    return settings_of(
        "version = 1\n" + "".join(f'[[rule]]\nid = "{rule}"\nenabled = false\n' for rule in rules)
    ).schedule


SCHEDULE, MOVES = without("move", "micro"), without("stand", "micro")
STANDS = tuple(
    RoutineInfo(name, name, name, 2 * MINUTE, frozenset({"stand-up"}), (region,))
    for name, region in (("one", "hips"), ("two", "legs"))
)


class Desk:
    """A person at the desk, with a lull of four seconds whenever the coach looks."""

    def __init__(self, catalogue: tuple[RoutineInfo, ...] = STANDS, schedule: Schedule = SCHEDULE) -> None:
        self.now = BEGAN_AT
        self.coach = Coach(schedule, catalogue, None, 1, self.now)
        self.heard: list[tuple[Event, Instant, list[Action]]] = []
        self.hears(events.CoachStarted("boot", slept=False, idle_for=ZERO))

    def hears(self, event: Event) -> list[Action]:
        actions = self.coach.handle(event, self.now)
        self.heard.append((event, self.now, actions))
        return actions

    def works_on(self, stop: Callable[[Action], bool], most: timedelta = 90 * MINUTE) -> Action | None:
        end = self.now.after(most)
        while self.now < end:
            steady = max(self.coach.next_wakeup, self.now.steady + timedelta(milliseconds=1))
            self.now = self.now.after(min(steady, end.steady) - self.now.steady)
            for action in self.hears(events.Woke(4 * SECOND)):
                if stop(action):
                    return action
        return None

    def prompt(self) -> Prompt:
        shown = self.works_on(lambda action: isinstance(action, ShowPrompt))
        assert isinstance(shown, ShowPrompt)
        return shown.prompt

    def does(self, prompt: Prompt, effort: int | None = None, pain: int | None = None) -> None:
        self.hears(events.PromptAnswered(prompt.id, Answer.START))
        assert prompt.routine is not None
        self.now = self.now.after(2 * MINUTE)
        self.hears(events.RoutineEnded(prompt.routine, 2 * MINUTE, 3, 3, effort, pain))
        self.now = self.now.after(20 * SECOND)
        self.hears(events.InputResumed())

    def chance(self, routine: str | None) -> float:
        assert routine is not None
        return self.coach.state.remembered.past(self.now).chances.get(routine, 1.0)


def test_skip_lowers_the_chance_of_the_routine_and_following_restores_it() -> None:
    desk = Desk()
    prompt = desk.prompt()
    desk.hears(events.PromptAnswered(prompt.id, Answer.SKIP))
    assert desk.chance(prompt.routine) < 1
    other = desk.prompt()
    assert other.routine != prompt.routine
    desk.does(other)
    desk.does(again := desk.prompt())
    assert again.routine == prompt.routine
    assert desk.chance(prompt.routine) == 1


def test_getting_up_after_all_forgives_a_skip() -> None:
    desk = Desk()
    prompt = desk.prompt()
    desk.hears(events.PromptAnswered(prompt.id, Answer.SKIP))
    desk.hears(events.SessionLocked())
    desk.now = desk.now.after(5 * MINUTE)
    desk.hears(events.SessionUnlocked())
    assert desk.chance(prompt.routine) == 1


def test_rating_of_too_hard_is_remembered_across_a_restart() -> None:
    desk = Desk()
    prompt = desk.prompt()
    desk.does(prompt, effort=5, pain=0)
    assert desk.chance(prompt.routine) < 0.5
    state = from_data(json.loads(json.dumps(to_data(desk.coach.state))), CoachState)
    assert state.remembered.past(desk.now) == desk.coach.state.remembered.past(desk.now)


def test_routine_done_unasked_is_not_offered_next_and_one_left_at_once_may_be() -> None:
    ends = ((2 * MINUTE, 1, {"two"}), (30 * SECOND, 3, {"two"}), (5 * SECOND, 1, {"one", "two"}))
    for done_for, steps_done, expected in ends:
        found = set()
        for seconds in range(8):
            desk = Desk()
            desk.coach.state.seed += seconds
            desk.hears(events.BreakRequested("one"))
            desk.now = desk.now.after(done_for)
            desk.hears(events.RoutineEnded("one", done_for, steps_done, 3))
            desk.now = desk.now.after(20 * SECOND)
            desk.hears(events.InputResumed())
            found.add(desk.prompt().routine)
        assert found == expected


def test_rating_of_a_routine_that_is_no_longer_there_is_harmless() -> None:
    desk = Desk()
    desk.hears(events.BreakRequested("one"))
    desk.hears(events.CatalogueChanged(STANDS[1:]))
    desk.now = desk.now.after(2 * MINUTE)
    desk.hears(events.RoutineEnded("one", 2 * MINUTE, 3, 3, 5, 3))
    assert desk.chance("one") < 1


def test_typing_told_to_the_coach_decides_about_the_next_routine() -> None:
    for told, lead in (((31, 8), "typing"), ((3, 40), "pointing")):
        desk = Desk(CATALOGUE, MOVES)
        desk.works_on(lambda _: False, 50 * MINUTE)
        desk.hears(events.HandsUsed(*told))
        prompt = desk.prompt()
        assert prompt.rule == "move"
        assert f"minutes of {lead} lately" in desk.coach.why(desk.now)


def test_prompt_that_comes_back_does_not_offer_what_the_settings_leave_out_since() -> None:
    desk = Desk()
    first = desk.prompt()
    desk.hears(events.PromptAnswered(first.id, Answer.SNOOZE, 5 * MINUTE))
    left_out = tuple(replace(one, offered=one.id != first.routine) for one in STANDS)
    desk.hears(events.CatalogueChanged(left_out))
    back = desk.prompt()
    assert back.id == first.id
    assert back.routine not in {first.routine, None}


def test_prompt_that_comes_back_keeps_its_routine() -> None:
    desk = Desk(CATALOGUE)
    first = desk.prompt()
    desk.hears(events.PromptAnswered(first.id, Answer.SNOOZE, 5 * MINUTE))
    assert desk.prompt().routine == first.routine


def test_break_asked_for_takes_nothing_that_the_settings_leave_out() -> None:
    elsewhere = [RoutineInfo(name, name, name, MINUTE, frozenset({"eye"}), offered=name == "c") for name in "abc"]
    desk = Desk(tuple(elsewhere))
    opened = [one.routine for one in desk.hears(events.BreakRequested()) if isinstance(one, OpenRoutine)]
    assert opened == ["c"]
    nothing = Desk(tuple(replace(one, offered=False) for one in elsewhere))
    assert not [one for one in nothing.hears(events.BreakRequested()) if isinstance(one, OpenRoutine)]


def test_why_tells_the_reason_only_while_the_prompt_stands_on_an_unshared_screen() -> None:
    desk = Desk()
    assert "Chosen" not in desk.coach.why(desk.now)
    assert standing(desk.coach, desk.now).data["offer"] is None
    prompt = desk.prompt()
    why = desk.coach.why(desk.now)
    assert why.startswith("Asked 0 s ago, after 30 min at the desk. Chosen for ")
    assert why.endswith(", which had no turn yet: 2 min, no floor, no kit.")
    assert "Chosen" not in desk.coach.tray(desk.now).why
    data = standing(desk.coach, desk.now).data
    assert data["why"] == why
    assert data["offer"]["routine"] == prompt.routine
    assert data["offer"]["why"] in why
    desk.hears(events.ScreenShared(sharing=True))
    assert "Chosen" not in desk.coach.why(desk.now)


def test_prompt_without_a_routine_gives_no_reason() -> None:
    desk = Desk(())
    assert desk.prompt().routine is None
    assert "Chosen" not in desk.coach.why(desk.now)
    assert standing(desk.coach, desk.now).data["offer"] is None


def test_recorded_day_replays_to_the_same_decisions() -> None:
    desk = Desk(CATALOGUE, settings_of("").schedule)
    chosen = []
    for number in range(14):
        desk.hears(events.HandsUsed(12, 5))
        prompt = desk.prompt()
        chosen.append(prompt.routine)
        if number == 5:
            desk.hears(events.CatalogueChanged(tuple(replace(one, offered=one.level == 1) for one in CATALOGUE)))
        if number % 3 == 0:
            desk.hears(events.PromptAnswered(prompt.id, Answer.SKIP))
        else:
            desk.does(prompt, effort=5 if number == 4 else 3, pain=0)
    assert len(set(chosen)) > 8

    replayed = Coach(settings_of("").schedule, CATALOGUE, None, 1, BEGAN_AT)
    for event, now, actions in desk.heard:
        told = from_data(json.loads(json.dumps(to_data(event, Event))), Event)
        assert replayed.handle(told, now) == actions
