from datetime import timedelta

import pytest

from traycoach.core.instant import SECOND, ZERO
from traycoach.core.routine import GAP, READY_FOR, Moment, Phase, Player, Step, StepState

TICK = timedelta(milliseconds=250)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


class Watch:
    """Plays in quarter seconds, as a window does, and keeps every moment."""

    def __init__(self, *steps: Step) -> None:
        self.now = seconds(100)
        self.player = Player(steps, self.now)
        self.moments: list[Moment] = []

    def run(self, length: float) -> list[Moment]:
        end = self.now + seconds(length)
        fresh: list[Moment] = []
        while self.now < end:
            self.now = min(end, self.now + TICK)
            fresh += self.player.advance(self.now)
        self.moments += fresh
        return fresh


THREE = (Step(seconds(30)), Step(seconds(20), reps=4), Step(seconds(40)))


def test_first_step_is_got_ready_for_three_seconds_before_it_runs() -> None:
    watch = Watch(*THREE)
    assert (watch.player.phase, watch.player.seconds_shown) == (Phase.READY, 3)
    assert watch.run(2.5) == []
    assert watch.player.seconds_shown == 1
    assert watch.run(0.5) == [Moment.STEP_BEGAN]
    assert (watch.player.phase, watch.player.seconds_shown, watch.player.share) == (Phase.PLAYING, 30, 0)


def test_part_that_needs_no_getting_ready_shows_its_own_seconds_at_once() -> None:
    player = Player((Step(seconds(30)), Step(seconds(20))), seconds(0), ready_for=seconds(0))
    assert player.seconds_shown == 30
    player.next(seconds(1))
    assert player.seconds_shown == 20


def test_whole_routine_tells_each_moment_once_and_counts_real_step_time_only() -> None:
    watch = Watch(*THREE)
    watch.run(200)
    step = [Moment.STEP_BEGAN, Moment.HALF]
    assert watch.moments == [
        *step, Moment.TEN_LEFT, Moment.STEP_ENDED, Moment.STEP_CAME,
        *step, Moment.STEP_ENDED, Moment.STEP_CAME,
        *step, Moment.TEN_LEFT, Moment.STEP_ENDED, Moment.OVER,
    ]  # fmt: skip
    assert watch.player.done_for == seconds(90)
    assert watch.player.states == [StepState.DONE] * 3
    assert (watch.player.fraction, watch.player.total_left_for) == (1.0, seconds(0))


def test_time_that_ends_one_phase_runs_on_into_the_next() -> None:
    player = Player((Step(seconds(0.5)), Step(seconds(9))), seconds(0))
    player.advance(seconds(2))
    assert player.advance(seconds(3.75)) == (
        Moment.STEP_BEGAN,
        Moment.STEP_ENDED,
        Moment.STEP_CAME,
    )
    assert player.total_left_for == seconds(9) + READY_FOR - seconds(0.25)


def test_time_left_counts_the_get_readies_to_come_and_runs_down_evenly() -> None:
    watch = Watch(*THREE)
    assert watch.player.total_left_for == seconds(90) + 3 * READY_FOR
    watch.run(50)
    assert watch.player.total_left_for == seconds(49)


def test_fraction_follows_the_lengths_of_the_steps() -> None:
    watch = Watch(*THREE)
    watch.run(3 + 30 + 3 + 15)
    assert watch.player.fraction == pytest.approx(0.5)


@pytest.mark.parametrize("asleep", [GAP + TICK, timedelta(hours=8)])
def test_gap_of_the_machine_does_not_run_the_countdown(asleep: timedelta) -> None:
    watch = Watch(*THREE)
    watch.run(10)
    left = watch.player.left_for
    watch.now += asleep
    assert watch.player.advance(watch.now) == ()
    assert watch.player.left_for == left
    watch.run(1)
    assert watch.player.left_for == left - seconds(1)


def test_clock_that_stands_or_goes_back_changes_nothing() -> None:
    watch = Watch(*THREE)
    watch.run(10)
    left = watch.player.left_for
    watch.player.advance(watch.now)
    watch.player.advance(watch.now - seconds(5))
    assert watch.player.left_for == left


def test_pause_stops_countdown_and_resume_goes_on_where_it_was() -> None:
    watch = Watch(*THREE)
    watch.run(13)
    watch.player.pause(watch.now)
    watch.player.pause(watch.now)
    assert watch.run(60) == []
    assert (watch.player.paused, watch.player.left_for) == (True, seconds(20))
    watch.player.resume(watch.now)
    watch.run(5)
    assert (watch.player.paused, watch.player.left_for, watch.player.done_for) == (False, seconds(15), seconds(15))


def test_pause_counts_the_time_up_to_it() -> None:
    watch = Watch(*THREE)
    watch.run(13)
    watch.player.pause(watch.now + seconds(1))
    assert watch.player.left_for == seconds(19)


def test_next_ends_a_running_step_early_as_done() -> None:
    watch = Watch(*THREE)
    watch.run(10)
    assert watch.player.next(watch.now) == (Moment.STEP_ENDED, Moment.STEP_CAME)
    assert (watch.player.index, watch.player.phase) == (1, Phase.READY)
    assert (watch.player.steps_done, watch.player.done_for) == (1, seconds(7))


def test_next_before_a_step_has_begun_skips_it() -> None:
    watch = Watch(*THREE)
    watch.run(1)
    watch.player.next(watch.now)
    assert (watch.player.steps_done, watch.player.steps_skipped) == (0, 1)


def test_skip_counts_step_as_not_done_but_its_time_as_spent() -> None:
    watch = Watch(*THREE)
    watch.run(10)
    assert watch.player.skip(watch.now) == (Moment.STEP_ENDED, Moment.STEP_CAME)
    assert (watch.player.steps_done, watch.player.steps_skipped, watch.player.done_for) == (0, 1, seconds(7))


def test_leaving_the_last_step_ends_the_routine_even_when_paused() -> None:
    watch = Watch(THREE[0])
    watch.player.pause(watch.now)
    assert watch.player.skip(watch.now) == (Moment.STEP_ENDED, Moment.OVER)
    assert (watch.player.phase, watch.player.paused, watch.player.step) == (Phase.OVER, False, THREE[0])


def test_after_the_end_no_order_changes_anything() -> None:
    watch = Watch(THREE[0])
    watch.run(40)
    for order in (watch.player.back, watch.player.next, watch.player.skip, watch.player.restart, watch.player.pause):
        assert order(watch.now) == ()
    assert watch.player.phase is Phase.OVER
    assert not watch.player.paused
    assert watch.player.steps_done == 1


def test_back_restarts_the_step() -> None:
    watch = Watch(*THREE)
    watch.run(46)
    assert watch.player.back(watch.now) == (Moment.STEP_CAME,)
    assert (watch.player.index, watch.player.phase, watch.player.share) == (1, Phase.READY, 0)
    assert watch.player.steps_done == 1


def test_back_twice_within_two_seconds_opens_the_step_before() -> None:
    watch = Watch(*THREE)
    watch.run(46)
    watch.player.back(watch.now)
    watch.run(2)
    watch.player.back(watch.now)
    assert (watch.player.index, watch.player.steps_done) == (0, 0)


def test_back_twice_slowly_only_restarts() -> None:
    watch = Watch(*THREE)
    watch.run(46)
    watch.player.back(watch.now)
    watch.run(2.25)
    watch.player.back(watch.now)
    assert watch.player.index == 1


def test_back_goes_no_further_than_the_first_step() -> None:
    watch = Watch(*THREE)
    for _ in range(3):
        watch.player.back(watch.now)
    assert watch.player.index == 0


def test_restart_never_leaves_the_step() -> None:
    watch = Watch(*THREE)
    watch.run(46)
    watch.player.restart(watch.now)
    watch.player.restart(watch.now)
    assert (watch.player.index, watch.player.phase) == (1, Phase.READY)


def test_counted_step_shows_the_repetition_being_done() -> None:
    watch = Watch(*THREE)
    assert watch.player.rep_shown == 0
    watch.run(3 + 30 + 3)
    shown = [watch.player.rep_shown]
    for _ in range(4):
        watch.run(4.75)
        shown.append(watch.player.rep_shown)
    assert shown == [1, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("step", "loop_s", "loops"),
    [
        (Step(seconds(30)), 8.4, 4),
        (Step(seconds(30)), 9.0, 3),
        (Step(seconds(5)), 8.4, 1),
        (Step(seconds(40), reps=8), 4.4, 8),
    ],
)
def test_whole_loops_of_the_movement_fill_the_step(step: Step, loop_s: float, loops: int) -> None:
    assert step.loops(loop_s) == loops
    player = Player((step,), seconds(0))
    now = seconds(0)
    while player.phase is not Phase.OVER:
        now += TICK
        player.advance(now)
    assert player.loop_at(loop_s) == pytest.approx(loops * loop_s)


def test_figure_stands_at_the_beginning_of_its_loop_while_getting_ready() -> None:
    watch = Watch(*THREE)
    watch.run(2)
    assert watch.player.loop_at(8.4) == 0


# --- other steps in the middle, and steps of two turns ----------------------------------------------------------------


def test_other_steps_keep_the_share_that_is_over() -> None:
    player = Player([Step(40 * SECOND), Step(20 * SECOND)], ZERO)
    for second in range(1, 24):
        player.advance(second * SECOND)
    assert player.share == 0.5
    player.take_steps([Step(60 * SECOND, 6), Step(20 * SECOND)], 23 * SECOND)
    assert (player.share, player.left_for, player.rep_shown) == (0.5, 30 * SECOND, 4)
    assert player.done_for == 20 * SECOND


def test_other_steps_are_taken_after_the_time_that_has_passed() -> None:
    player = Player([Step(1 * SECOND), Step(20 * SECOND)], ZERO)
    player.advance(2 * SECOND)
    player.advance(3 * SECOND)
    moments = player.take_steps([Step(2 * SECOND), Step(40 * SECOND)], 4 * SECOND)
    assert Moment.STEP_CAME in moments
    assert (player.index, player.left_for) == (1, 40 * SECOND)


@pytest.mark.parametrize(("length_s", "loops"), [(30, 2), (60, 4), (100, 6)])
def test_step_of_two_turns_has_as_many_loops_in_each(length_s: int, loops: int) -> None:
    assert Step(length_s * SECOND, turns=2).loops(16) == loops


def test_lesson_begins_its_parts_at_once() -> None:
    player = Player([Step(10 * SECOND), Step(10 * SECOND)], ZERO, ready_for=ZERO)
    assert player.total_left_for == 20 * SECOND
    assert player.advance(SECOND) == (Moment.STEP_BEGAN,)
    assert player.left_for == 9 * SECOND
