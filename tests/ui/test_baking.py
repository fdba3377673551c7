"""The frames of the routine window: drawn once, ahead of their time where there is some, and given up when they must.

What is counted is how often the geometry of a figure is drawn: that is what a frame costs that is not kept.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from tests.figure.bundle import clips
from tests.ui.conftest import Until
from tests.ui.samples import routine, step
from tests.ui.test_routine_window import READY, Sitting
from traycoach.core.instant import SECOND, ZERO
from traycoach.core.routine import Phase
from traycoach.figure.film import Film
from traycoach.messages import Appearance, FromWindows, OpenRoutineWindow, RoutineOnScreen, RoutineStep
from traycoach.ui import playback
from traycoach.ui.figure_painter import Stage
from traycoach.ui.stage_view import StageView
from traycoach.ui.theme import Theme

LOOP_S = 2.0
"""Of a march that fills its twenty seconds with ten whole loops."""
HALF_FRAME = SECOND / 60
BAKING = 0.35
CALM_S = 0.1


class Geometry:
    """Counts the drawings of figures."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn = 0
        draw = Film.draw

        def counted(film: Film, stance: Any) -> Any:
            self.drawn += 1
            return draw(film, stance)

        monkeypatch.setattr(Film, "draw", counted)

    def take(self) -> int:
        """Give how many were drawn since the last time."""
        drawn, self.drawn = self.drawn, 0
        return drawn


class Spent:
    """A clock on which all baking takes as long as it is told."""

    seconds = 0.0

    def start(self) -> None:
        pass

    def nsecsElapsed(self) -> int:  # noqa: N802 - Qt's name
        return round(self.seconds * 1e9)


@pytest.fixture
def geometry(monkeypatch: pytest.MonkeyPatch) -> Geometry:
    return Geometry(monkeypatch)


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> type[Spent]:
    class Mine(Spent):
        pass

    # the window's own clock, by which it goes without this one, is not used: the tests have theirs
    monkeypatch.setattr(playback, "QElapsedTimer", Mine)
    return Mine


@pytest.fixture
def moving() -> Theme:
    return Theme(Appearance("light"))


def opened(theme: Theme, sent: list[FromWindows], until: Until, message: OpenRoutineWindow) -> Sitting:
    sitting = Sitting(theme, sent, message)
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    return sitting


@pytest.fixture
def march(moving: Theme, sent: list[FromWindows], until: Until) -> Iterator[Sitting]:
    message = routine(step("march-in-place", length_s=20), step("heel-raise", length_s=40, reps=8))
    sitting = opened(moving, sent, until, message)
    yield sitting
    sitting.window.close_now()


def play(sitting: Sitting, seconds: float) -> None:
    """Let time pass so finely that no frame is left out, and have all of it painted."""
    for _ in range(round(seconds * SECOND / HALF_FRAME)):
        sitting.time += HALF_FRAME
        sitting.play.tick()
        QApplication.processEvents()


def frame_count(sitting: Sitting) -> int:
    return sitting.figure.clip.timeline.frame_count


def missing(sitting: Sitting) -> int:
    """How many frames are not there yet."""
    layers = sitting.figure._layers
    assert layers is not None
    return len(list(layers.reel.missing(0.0)))


# --- loops ------------------------------------------------------------------------------------------------------------


def test_first_loop_draws_each_frame_once_and_later_loops_draw_none(march: Sitting, geometry: Geometry) -> None:
    there = frame_count(march) - missing(march)
    march.run(READY)
    play(march, LOOP_S)
    assert geometry.take() == frame_count(march) - there
    assert missing(march) == 0
    play(march, LOOP_S)
    assert march.player.share == pytest.approx(2 * LOOP_S / 20, abs=1e-3)
    assert geometry.take() == 0


def test_frames_are_drawn_ahead_while_the_figure_stands(march: Sitting, geometry: Geometry, spent: type[Spent]) -> None:
    ticks = frame_count(march)
    for _ in range(ticks):
        march.time += READY * SECOND / (ticks + 1)
        march.play.tick()
    assert march.player.phase is Phase.READY
    assert missing(march) == 0, "each tick bakes one at least"
    geometry.take()
    march.run(1)
    play(march, LOOP_S)
    assert march.player.share > LOOP_S / 20
    assert geometry.take() == 0


def test_nothing_is_drawn_ahead_for_a_window_that_nobody_sees(march: Sitting, geometry: Geometry) -> None:
    march.window.hide()
    geometry.take()
    march.run(READY + 4)
    assert march.player.share > 0
    assert geometry.take() == 0


def test_still_poses_are_all_that_is_drawn_with_reduced_motion(
    theme: Theme, sent: list[FromWindows], until: Until, geometry: Geometry
) -> None:
    sitting = opened(theme, sent, until, routine(step("march-in-place", length_s=20), step("heel-raise")))
    geometry.take()
    sitting.run(READY)
    play(sitting, LOOP_S)
    assert 0 < geometry.take() <= sitting.figure.still_count
    play(sitting, LOOP_S)
    assert geometry.take() == 0
    sitting.window.close_now()


# --- the share of the time --------------------------------------------------------------------------------------------


def budgets(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Bake nothing; give the list in which the time allowed for it is noted."""
    allowed: list[float] = []

    def bake(_stage: Stage, budget_s: float = 0.0, _t: float = 0.0) -> bool:
        allowed.append(budget_s)
        return True

    monkeypatch.setattr(Stage, "bake", bake)
    return allowed


@pytest.mark.parametrize("takes_s", [0.01, 0.05, 0.5])
def test_baking_that_takes_longer_is_done_less_often(
    march: Sitting, monkeypatch: pytest.MonkeyPatch, spent: type[Spent], takes_s: float
) -> None:
    spent.seconds = takes_s
    allowed = budgets(monkeypatch)
    ticks = 200
    for _ in range(ticks):
        march.play.tick()  # while the clock stands, at the pace of a figure that stands
    assert march.play.pace_ms == CALM_S * 1000
    share = len(allowed) * takes_s / (ticks * CALM_S)
    assert share <= BAKING + takes_s / (ticks * CALM_S)
    assert share >= min(BAKING, takes_s / CALM_S) - takes_s / (ticks * CALM_S)


def test_time_that_baking_did_not_need_is_not_saved_up(
    march: Sitting, monkeypatch: pytest.MonkeyPatch, spent: type[Spent]
) -> None:
    spent.seconds = 0.0
    allowed = budgets(monkeypatch)
    for _ in range(50):
        march.play.tick()
    assert allowed == [pytest.approx(BAKING * CALM_S)] * 50


# --- given up ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def view(moving: Theme, until: Until) -> Iterator[StageView]:
    """A march whose frames are all there, on the screen."""
    view = StageView(moving)
    view.resize(480, 300)
    stage = Stage(clips()["march-in-place"], "right", moving.palette, moving.figure)
    view.show_stage(stage)
    view.show()
    until(lambda: stage._layers is not None)
    while stage.bake(1.0):
        pass
    yield view
    view.hide()


def loop(view: StageView, size: QSize) -> int:
    """Show one loop in this size; give the number of moments shown."""
    view.resize(size)
    stage = view.stage
    assert stage is not None
    count = stage.clip.timeline.frame_count
    for number in range(count):
        view.show_moment(stage.clip.timeline.frame_time(number) - 1e-3, arrows=True)
        QApplication.processEvents()
    return count


def test_size_with_as_much_detail_keeps_the_frames(view: StageView, geometry: Geometry) -> None:
    loop(view, QSize(420, 260))
    assert geometry.take() == 0


def test_size_with_more_detail_gives_up_the_frames(view: StageView, geometry: Geometry) -> None:
    assert view.stage is not None
    assert view.stage._layers is not None
    old = weakref.ref(view.stage._layers.reel)
    count = loop(view, QSize(480, 700))
    assert geometry.take() == count
    assert old() is None
    loop(view, QSize(480, 700))
    assert geometry.take() == 0
    loop(view, QSize(480, 300))
    assert geometry.take() == count, "only one level is kept"


def test_changed_theme_gives_up_the_figure_with_its_frames(march: Sitting, moving: Theme, geometry: Geometry) -> None:
    march.run(READY)
    play(march, LOOP_S)
    assert missing(march) == 0
    old = weakref.ref(march.figure)
    moving.apply(Appearance("dark"))
    QApplication.processEvents()
    assert old() is None
    assert march.figure.palette.dark
    there = frame_count(march) - missing(march)
    assert there < frame_count(march)
    geometry.take()
    play(march, LOOP_S)
    assert geometry.take() == frame_count(march) - there
    play(march, LOOP_S)
    assert geometry.take() == 0


def test_next_step_gives_up_the_figure_of_the_one_before(march: Sitting, until: Until) -> None:
    old = weakref.ref(march.figure)
    march.page.skip.click()
    assert old() is None
    until(lambda: not march.page.stage.changing)
    assert march.figure.clip.id == "heel-raise"


@pytest.mark.parametrize("ended", [False, True])
def test_end_gives_up_the_last_figure(march: Sitting, ended: bool) -> None:
    old = weakref.ref(march.figure)
    if ended:
        march.page.skip.click()
        march.page.skip.click()
        assert march.window.end_card is not None
    else:
        march.window.close_now()
    assert old() is None


# --- a figure that cannot be drawn ------------------------------------------------------------------------------------


@pytest.fixture
def broken(moving: Theme, sent: list[FromWindows], until: Until) -> Iterator[Sitting]:
    """A routine whose first step has no movement that could be read."""
    words = {"id": "x", "title": "Plain words", "how": "Do it slowly."}
    steps = (RoutineStep(words, "none", 30 * SECOND), step("march-in-place", length_s=20))
    sitting = opened(moving, sent, until, routine(*steps))
    yield sitting
    sitting.window.close_now()


def test_step_without_a_figure_is_played_calmly(broken: Sitting, geometry: Geometry) -> None:
    geometry.take()
    broken.run(READY + 10)
    assert broken.page.stage.stage is None
    assert broken.page.stage.accessibleName() == ""
    assert (broken.player.phase, broken.play.pace_ms) == (Phase.PLAYING, 100)
    assert broken.player.left_for == timedelta(seconds=20)
    assert geometry.take() == 0


def test_figure_of_the_step_after_one_without_is_drawn(broken: Sitting) -> None:
    broken.page.skip.click()
    assert not broken.page.stage.changing, "there is nothing to fade from"
    broken.run(READY + 1)
    assert broken.figure.clip.id == "march-in-place"
    assert broken.play.pace_ms == 33


def test_going_back_to_a_step_without_a_figure_empties_the_stage(broken: Sitting, until: Until) -> None:
    broken.page.skip.click()
    broken.run(READY + 1)
    broken.page.back.click()
    broken.page.back.click()
    assert broken.player.index == 0
    assert broken.page.stage.stage is None
    until(lambda: not broken.page.stage.changing)
    assert broken.player.done_for > ZERO
