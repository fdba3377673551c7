"""Easier and harder in place: by key and chip, with the share of time kept, on every side, and told to the daemon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.figure.bundle import exercises
from tests.ui.conftest import Until
from tests.ui.samples import routine, step
from tests.ui.test_routine_window import READY, Sitting
from traycoach.library.variants import variant
from traycoach.messages import Appearance, DifficultyChosen, FromWindows, RoutineOnScreen, RoutineProgress, RoutineStep
from traycoach.ui.theme import Theme


def levelled(
    name: str, side: str = "none", easier: str | None = None, harder: str | None = None, **values: Any
) -> RoutineStep:
    plain = step(name, side, **values)
    return replace(
        plain,
        easier=variant(plain, exercises()[easier], harder=False) if easier else None,
        harder=variant(plain, exercises()[harder], harder=True) if harder else None,
    )


BRIDGE = levelled("bridge", easier="pelvic-tilt-floor", harder="single-leg-bridge", length_s=56, reps=8)
LEFT_AND_RIGHT = tuple(
    levelled("hip-abduction-standing", side, easier="clamshell", length_s=36, reps=6) for side in ("right", "left")
)
NO_SIDES = tuple(
    levelled("heel-raise-single", side, easier="heel-raise", length_s=24, reps=6) for side in ("right", "left")
)


def opened(theme: Theme, sent: list[FromWindows], until: Until, *steps: RoutineStep) -> Sitting:
    sitting = Sitting(theme, sent, routine(*steps))
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    return sitting


@pytest.fixture
def bridge(theme: Theme, sent: list[FromWindows], until: Until) -> Iterator[Sitting]:
    sitting = opened(theme, sent, until, BRIDGE, step("march-in-place", length_s=20))
    yield sitting
    sitting.window.close_now()


def captions(sitting: Sitting) -> list[str]:
    return [chip.caption for chip in sitting.page.levels.chips]


def test_chips_are_a_radio_group_that_begins_at_standard(bridge: Sitting) -> None:
    assert bridge.page.levels.isVisible()
    assert captions(bridge) == ["Easier", "Standard", "Harder"]
    assert [chip.isChecked() for chip in bridge.page.levels.chips] == [False, True, False]
    assert bridge.page.levels.accessibleName() == "Difficulty"


def test_step_without_another_level_has_no_chips(bridge: Sitting) -> None:
    bridge.page.skip.click()
    assert not bridge.page.levels.isVisible()
    bridge.press(Qt.Key.Key_1)
    assert bridge.figure.clip.id == "march-in-place"


def test_level_that_there_is_not_is_no_chip(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    sitting = opened(theme, sent, until, *NO_SIDES)
    assert captions(sitting) == ["Easier", "Standard"]
    sitting.press(Qt.Key.Key_3)
    assert sitting.figure.clip.id == "heel-raise-single"
    sitting.window.close_now()


def test_chip_swaps_the_movement_and_its_words_and_keeps_the_share_of_time(
    bridge: Sitting, until: Until, sent: list[FromWindows]
) -> None:
    bridge.run(READY + 14)
    assert bridge.player.share == pytest.approx(0.25)
    QTest.mouseClick(bridge.page.levels.chips[0], Qt.MouseButton.LeftButton)
    assert bridge.figure.clip.id == "pelvic-tilt-floor"
    assert bridge.player.share == pytest.approx(0.25)
    assert bridge.player.step.reps == 9
    until(lambda: bridge.page.explanation.text() == exercises()["pelvic-tilt-floor"]["how"])
    assert DifficultyChosen("bridge", "easier") in sent


@pytest.mark.parametrize(
    ("key", "exercise"),
    [(Qt.Key.Key_1, "pelvic-tilt-floor"), (Qt.Key.Key_2, "bridge"), (Qt.Key.Key_3, "single-leg-bridge")],
)
def test_keys_take_the_levels(bridge: Sitting, key: Qt.Key, exercise: str) -> None:
    bridge.press(Qt.Key.Key_1 if key != Qt.Key.Key_1 else Qt.Key.Key_3)
    bridge.press(key)
    assert bridge.figure.clip.id == exercise


def test_level_that_is_taken_already_is_told_to_nobody(bridge: Sitting, sent: list[FromWindows]) -> None:
    bridge.press(Qt.Key.Key_2)
    assert [message for message in sent if isinstance(message, DifficultyChosen)] == []


def test_paused_routine_stays_paused(bridge: Sitting) -> None:
    bridge.run(READY + 7)
    bridge.page.pause.click()
    bridge.press(Qt.Key.Key_1)
    assert bridge.player.paused
    assert bridge.figure.clip.id == "pelvic-tilt-floor"
    share = bridge.player.share
    bridge.run(30)
    assert bridge.player.share == share


def test_remembered_level_is_the_one_to_begin_with(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    sitting = opened(theme, sent, until, replace(BRIDGE, level="harder"), replace(NO_SIDES[0], level="harder"))
    assert sitting.figure.clip.id == "single-leg-bridge"
    sitting.page.skip.click()
    assert sitting.figure.clip.id == "heel-raise-single", "what there is no more counts as standard"
    sitting.window.close_now()


def test_sides_of_an_exercise_are_taken_alike(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    sitting = opened(theme, sent, until, *LEFT_AND_RIGHT)
    sitting.press(Qt.Key.Key_1)
    assert (sitting.figure.clip.id, sitting.figure.side) == ("clamshell", "right")
    assert sitting.page.sides.isVisible()
    sitting.page.sides.chips[0].click()
    assert (sitting.figure.clip.id, sitting.figure.side) == ("clamshell", "left")
    sitting.page.skip.click()
    assert (sitting.figure.clip.id, sitting.figure.side) == ("clamshell", "right")
    sitting.press(Qt.Key.Key_2)
    assert sitting.figure.clip.id == "hip-abduction-standing"
    assert [one.side for one in sitting.play.steps] == ["left", "right"]
    sitting.window.close_now()


def test_exercise_without_sides_in_the_place_of_one_side_hides_the_sides(
    theme: Theme, sent: list[FromWindows], until: Until
) -> None:
    sitting = opened(theme, sent, until, *NO_SIDES)
    assert sitting.page.sides.isVisible()
    sitting.press(Qt.Key.Key_1)
    assert not sitting.page.sides.isVisible()
    sitting.window.close_now()


def test_exercise_with_sides_in_the_place_of_one_without_changes_sides_at_half_time(
    bridge: Sitting, until: Until
) -> None:
    bridge.press(Qt.Key.Key_3)
    length = bridge.player.step.time.total_seconds()
    assert (bridge.figure.side, bridge.player.step.reps) == ("right", 10)
    until(lambda: "right foot" in bridge.page.explanation.text())
    bridge.run(READY + length / 2 + 0.5)
    assert bridge.figure.side == "left"
    assert bridge.player.index == 0
    assert (bridge.page.ring._number, bridge.page.ring._of) == ("1", "/5")
    until(lambda: "left foot" in bridge.page.explanation.text())
    assert [chip.isChecked() for chip in bridge.page.sides.chips] == [True, False]


def test_next_up_shows_the_level_of_what_comes(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    sitting = opened(theme, sent, until, step("march-in-place", length_s=20), replace(BRIDGE, level="harder"))
    assert sitting.page.next_up._strong.text() == exercises()["single-leg-bridge"]["title"]
    assert sitting.page.next_up._small.text() == "Next · 5 times each side"
    sitting.window.close_now()


def test_end_card_shows_the_exercise_as_it_was_done(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    sitting = opened(theme, sent, until, BRIDGE)
    sitting.press(Qt.Key.Key_1)
    sitting.page.skip.click()
    exercise = sitting.end_card.picture._exercise
    assert exercise is not None
    assert exercise["id"] == "pelvic-tilt-floor"
    sitting.window.close_now()


def test_progress_is_told_in_fractions_all_the_same(bridge: Sitting, sent: list[FromWindows]) -> None:
    bridge.run(READY + 28)
    bridge.press(Qt.Key.Key_1)
    bridge.run(60)
    told = [message.fraction for message in sent if isinstance(message, RoutineProgress)]
    assert all(0 <= fraction <= 1 for fraction in told)


def test_movements_fade_into_each_other_where_motion_is_welcome(sent: list[FromWindows], until: Until) -> None:
    sitting = opened(Theme(Appearance("light")), sent, until, BRIDGE)
    sitting.press(Qt.Key.Key_1)
    assert sitting.page.stage.changing
    until(lambda: not sitting.page.stage.changing)
    sitting.window.close_now()


def test_window_sized_in_the_middle_of_a_change_shows_no_stretched_picture(
    sent: list[FromWindows], until: Until
) -> None:
    sitting = opened(Theme(Appearance("light")), sent, until, BRIDGE)
    sitting.press(Qt.Key.Key_1)
    sitting.window.resize(900, 600)
    until(lambda: sitting.page.stage.width() == 900 - 48)
    assert not sitting.page.stage.changing
    sitting.window.close_now()


def test_movements_change_at_once_with_reduced_motion(bridge: Sitting) -> None:
    bridge.press(Qt.Key.Key_1)
    assert not bridge.page.stage.changing


@pytest.mark.parametrize(("width", "signs"), [(480, True), (672, False)])
def test_chips_leave_the_middle_of_the_stage_to_the_head(
    theme: Theme, sent: list[FromWindows], until: Until, width: int, signs: bool
) -> None:
    sitting = opened(theme, sent, until, *LEFT_AND_RIGHT)
    sitting.window.resize(width, 600)
    page = sitting.page
    until(lambda: page.stage.width() == width - 48)
    assert page.levels._chips[0]._shown == ("−" if signs else "Easier")
    assert page.levels.chips[0].accessibleName() == "Easier"
    middle = page.stage.geometry().center().x()
    assert page.sides.geometry().right() < middle - 40
    assert page.levels.geometry().left() > middle + 40
    assert page.levels.geometry().right() <= page.stage.geometry().right()
    sitting.window.close_now()


def test_tab_reaches_the_difficulty_before_the_side(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    sitting = opened(theme, sent, until, *LEFT_AND_RIGHT)
    names = [control.accessibleName() for control in sitting.page.order]
    assert names.index("Easier") < names.index("Left") < names.index("Close")
    sitting.window.close_now()
