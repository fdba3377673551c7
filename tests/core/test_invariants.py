"""Random days against what must always hold. A failing day is printed as the lines of a day script."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.core.random_day import CATALOGUE, WatchedDesktop, schedule, scripts
from traycoach.core import actions
from traycoach.core.actions import Action
from traycoach.core.coach import Coach
from traycoach.core.events import CoachStarted
from traycoach.core.instant import SECOND, ZERO
from traycoach.core.state import CoachState
from traycoach.core.transitions import Presence
from traycoach.core.turn import Turn
from traycoach.wire import from_data, to_data

# Days are short enough to be read as they are; making them shorter takes minutes.
RELAXED = settings(
    max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
VISIBLE = (
    actions.ShowPrompt,
    actions.WithdrawPrompt,
    actions.OpenRoutine,
    actions.PauseRoutine,
    actions.CloseRoutine,
    actions.RecordBout,
    actions.RecordBreak,
    actions.RetractBreak,
    actions.RecordOutcome,
    actions.RecordRoutine,
)


@RELAXED
@given(scripts())
def test_what_must_always_hold_holds_on_random_days(lines: tuple[str, ...]) -> None:
    note("\n".join(lines))

    WatchedDesktop(lines).run()


@RELAXED
@given(scripts())
def test_every_shown_prompt_ends_in_exactly_one_way(lines: tuple[str, ...]) -> None:
    note("\n".join(lines))
    desktop = WatchedDesktop(lines)
    desktop.run()
    assert desktop._coach is not None

    still_open = {prompt.id for prompt in desktop._coach.state.prompts.values()}
    for number in desktop.seen.shown - still_open:
        assert desktop.seen.outcomes.get(number), f"prompt {number} was shown and has no outcome"
    for number in still_open:
        assert not desktop.seen.outcomes.get(number), f"prompt {number} is open and has an outcome"


@RELAXED
@given(scripts())
def test_no_more_sitting_is_recorded_than_there_was_time_at_the_desk(lines: tuple[str, ...]) -> None:
    note("\n".join(lines))
    desktop = WatchedDesktop(lines)
    desktop.run()

    assert desktop.seen.at_the_desk <= desktop.at - desktop.seen.locked_for + SECOND


@RELAXED
@given(scripts(), st.floats(0, 1))
def test_a_saved_and_restored_coach_has_the_same_future(lines: tuple[str, ...], where: float) -> None:
    note("\n".join(lines))
    desktop = WatchedDesktop(lines)
    desktop.run()
    heard = desktop.seen.events
    starts = [place for place, (event, _now, _ordered) in enumerate(heard) if isinstance(event, CoachStarted)]
    last = starts[-1]
    cut = last + 1 + int(where * (len(heard) - last - 1))
    note(f"saved before event {cut} of {len(heard)}")
    if last:  # the part before the last start is not the same process
        return

    first = heard[0][1]
    whole = Coach(schedule(), CATALOGUE, None, 1, first)
    for event, now, _ordered in heard[:cut]:
        whole.handle(event, now)
    saved = json.dumps(to_data(whole.state))
    restored = Coach(schedule(), CATALOGUE, from_data(json.loads(saved), CoachState), 1, first)
    for event, now, ordered in heard[cut:]:
        assert _visible(restored.handle(event, now)) == _visible(ordered), f"{event} at {now.wall}"


class ThoroughCoach(Coach):
    """Judges everything at every turn."""

    def _nothing_new(self, turn: Turn, before: Presence) -> bool:
        return False


@RELAXED
@given(scripts())
def test_a_turn_without_news_leaves_nothing_out(lines: tuple[str, ...]) -> None:
    """Most turns judge presence alone; a coach that always judges everything decides the same."""
    note("\n".join(lines))
    decides_as_a_thorough_one(lines)


def test_merge_that_only_the_budget_kept_from_comes_at_its_moment() -> None:
    """Found by the test above: the budget of a rule that is not due yet comes free while nobody looks."""
    decides_as_a_thorough_one(
        (
            "09:00 working",
            "+0s when any: walks for 4m after 3s",
            "+83s sleep 974s",
            "+974s typing",
            "+83s typing",
            "+56s answers getting-up",
            "+10s typing",
            "+31s frozen 8s",
            "+8s typing",
            "+588s bump",
            "+988s when any: ignores",
            "+71s bump",
            "+59s answers getting-up",
            "+441s bump",
            "+40m end",
        )
    )


def decides_as_a_thorough_one(lines: tuple[str, ...]) -> None:
    desktop = WatchedDesktop(lines)
    desktop.run()
    heard = desktop.seen.events
    starts = [place for place, (event, _now, _ordered) in enumerate(heard) if isinstance(event, CoachStarted)]
    thorough = ThoroughCoach(schedule(), CATALOGUE, None, 1, heard[0][1])
    for event, now, ordered in heard[: starts[1] if len(starts) > 1 else len(heard)]:
        assert _visible(thorough.handle(event, now)) == _visible(ordered), f"{event} at {now.wall}"


@RELAXED
@given(scripts())
def test_the_same_seed_gives_the_same_day(lines: tuple[str, ...]) -> None:
    assert WatchedDesktop(lines).run().text() == WatchedDesktop(lines).run().text()


def _visible(ordered: list[Action]) -> list[Action]:
    return [action for action in ordered if isinstance(action, VISIBLE)]


def test_random_days_come_to_something() -> None:
    """The generator is worth its name: a plain example shows prompts, breaks and routines."""
    desktop = WatchedDesktop(
        (
            "09:00 working",
            "+0s when card: start after 5s",
            "+50m leaves 10m",
            "+30m lock 300s",
            "+300s typing",
            "+60m end",
        )
    )

    kinds = {entry.kind for entry in desktop.run().entries}

    assert {"prompt", "outcome", "bout", "break", "routine"} <= kinds
    assert desktop.seen.at_the_desk > timedelta(minutes=60) > ZERO
