"""Every control of the routine window, its end cards and its question is hit where it is seen, however large the text.

A hit is what Qt gives for a point of the window: something laid over a control takes its clicks, and a control that
reaches into another takes that one's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.ui.conftest import Until
from tests.ui.samples import routine, step
from tests.ui.test_levels import levelled
from tests.ui.test_routine_window import READY, Sitting
from traycoach.library import Library
from traycoach.messages import Appearance, FromWindows, OpenRoutineWindow, RoutineOnScreen
from traycoach.ui.choices import ChipGroup
from traycoach.ui.controls import Control
from traycoach.ui.lesson_card import LessonCard
from traycoach.ui.routine_window import LEAST, SIZE
from traycoach.ui.theme import Theme

LEAST_HIT = 40
STEPS = tuple(
    levelled("hip-abduction-standing", side, easier="clamshell", harder="single-leg-bridge", length_s=36, reps=6)
    for side in ("right", "left")
)
BUTTONS = ["Pause", "Back", "Next", "Skip step", "Close"]
LESSON_BUTTONS = ["Pause", "Back", "Next", "Skip part", "Close"]
CHIPS = ["Easier", "Standard", "Harder", "Left", "Right"]
EFFORT = ["Very easy", "Easy", "Just right", "Hard", "Too hard"]
PAIN = ["None", "A little", "Moderate", "Strong"]

every_text_and_window = pytest.mark.parametrize(
    ("scale", "size"), list(product((1.0, 2.0), (SIZE, LEAST))), ids=lambda of: of if isinstance(of, float) else ""
)
Open = Callable[[OpenRoutineWindow, float, QSize], Sitting]


@pytest.fixture
def open_window(theme: Theme, sent: list[FromWindows], until: Until) -> Iterator[Open]:
    """Open a routine or a lesson in a window of this size with text of this scale."""
    opened: list[Sitting] = []

    def open_one(message: OpenRoutineWindow, scale: float, size: QSize) -> Sitting:
        theme.apply(Appearance("light", text_scale=scale, reduced_motion=True))
        sitting = Sitting(theme, sent, message)
        opened.append(sitting)
        sitting.window.open()
        sitting.window.resize(size)
        until(lambda: any(isinstance(message, RoutineOnScreen) for message in sent))
        until(lambda: sitting.window.size() == size)
        return sitting

    yield open_one
    for sitting in opened:
        sitting.window.close_now()


def lesson() -> OpenRoutineWindow:
    return Library.load().lesson_message("seat")


def seen_controls(ground: QWidget) -> list[Control]:
    """The controls that are on the screen, the layouts having come to rest."""
    for _ in range(5):
        QApplication.processEvents()
    return [control for control in ground.findChildren(Control) if control.isVisible()]


def names(controls: list[Control]) -> list[str]:
    return sorted(control.accessibleName() for control in controls)


def scrolled(control: Control) -> QScrollArea | None:
    above = control.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above


def box_in_window(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def seen_box(control: Control) -> QRect:
    """What of a control can be hit, where it scrolls, in the window."""
    area = scrolled(control)
    box = box_in_window(control)
    return box if area is None else box & box_in_window(area.viewport())


def points(box: QRect) -> list[QPoint]:
    """The centre, and one pixel within each edge and corner."""
    inner = box.adjusted(1, 1, -1, -1)
    xs, ys = ((inner.left(), inner.center().x(), inner.right()), (inner.top(), inner.center().y(), inner.bottom()))
    return [QPoint(x, y) for x in xs for y in ys]


def hit_at(window: QWidget, at: QPoint) -> QWidget:
    """What gets a click there."""
    return window.childAt(at) or window


def faults(controls: list[Control]) -> list[str]:
    """What keeps these controls from being hit."""
    found: list[str] = []
    for control in controls:
        name, area = control.accessibleName(), scrolled(control)
        if area is not None:
            area.ensureWidgetVisible(control, 0, 0)
        box, window = seen_box(control), control.window()
        if min(box.width(), box.height()) < LEAST_HIT:
            found.append(f"{name} is {box.width()} x {box.height()}")
        for at in points(box):
            hit = hit_at(window, at)
            if hit is not control:
                found.append(f"{name} is not hit at {at.toTuple()}: {hit}")
        if not window.rect().contains(box):
            found.append(f"{name} reaches out of the window: {box.getRect()}")
    for one, other in combinations(controls, 2):
        if seen_box(one).intersects(seen_box(other)):
            found.append(f"{one.accessibleName()} and {other.accessibleName()} overlap")
    return found


@every_text_and_window
def test_controls_of_a_step_are_hit_where_they_are_seen(open_window: Open, scale: float, size: QSize) -> None:
    sitting = open_window(routine(*STEPS), scale, size)
    sitting.run(READY + 1)
    controls = seen_controls(sitting.window)
    more = ["More"] if sitting.page.more.isVisible() else []
    assert names(controls) == sorted(BUTTONS + CHIPS + more)
    assert faults(controls) == []


@every_text_and_window
def test_link_to_the_rest_of_an_explanation_is_hit_where_it_is_seen(
    open_window: Open, scale: float, size: QSize
) -> None:
    long = step("figure4-seated", "right")
    long = type(long)({**long.exercise, "how": "Sit tall and let the knee fall to the side. " * 8}, "right", long.time)
    sitting = open_window(routine(long), scale, size)
    controls = seen_controls(sitting.window)
    assert sitting.page.more in controls
    assert faults(controls) == []


@every_text_and_window
def test_question_before_closing_is_hit_and_nothing_below_it(open_window: Open, scale: float, size: QSize) -> None:
    sitting = open_window(routine(*STEPS), scale, size)
    sitting.run(READY + 1)
    sitting.press(Qt.Key.Key_Escape)
    controls = seen_controls(sitting.ask)
    assert names(controls) == ["Keep going", "Stop"]
    assert faults(controls) == []
    for below in seen_controls(sitting.page):
        for at in points(box_in_window(below)):
            hit = hit_at(sitting.window, at)
            assert hit is sitting.ask or sitting.ask.isAncestorOf(hit), f"{below.accessibleName()} is hit"


@every_text_and_window
@pytest.mark.parametrize("pain", [None, 3])
def test_answers_of_the_end_card_are_hit_where_they_are_seen(
    open_window: Open, scale: float, size: QSize, pain: int | None
) -> None:
    sitting = open_window(routine(*STEPS), scale, size)
    sitting.page.skip.click()
    sitting.page.skip.click()
    if pain is not None:
        sitting.end_card.pain.choose(pain)
    controls = seen_controls(sitting.window)
    assert names(controls) == sorted([*EFFORT, *PAIN, "Skip rating", "Save and close"])
    assert faults(controls) == []


@every_text_and_window
def test_controls_of_a_lesson_are_hit_where_they_are_seen(open_window: Open, scale: float, size: QSize) -> None:
    sitting = open_window(lesson(), scale, size)
    for _ in sitting.player.steps[1:]:
        controls = seen_controls(sitting.window)
        assert names(controls) == sorted(LESSON_BUTTONS)
        assert faults(controls) == []
        sitting.page.next.click()


@every_text_and_window
def test_button_at_the_end_of_a_lesson_is_hit_where_it_is_seen(open_window: Open, scale: float, size: QSize) -> None:
    sitting = open_window(lesson(), scale, size)
    sitting.run(100)
    assert isinstance(sitting.window.end_card, LessonCard)
    controls = seen_controls(sitting.window)
    assert names(controls) == ["Close"]
    assert faults(controls) == []


@pytest.fixture
def from_right_to_left(application: QApplication) -> Iterator[None]:
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@every_text_and_window
def test_controls_are_hit_where_they_are_seen_from_right_to_left(
    from_right_to_left: None, open_window: Open, scale: float, size: QSize
) -> None:
    sitting = open_window(routine(*STEPS), scale, size)
    assert sitting.page.sides.x() > sitting.page.levels.x()
    assert faults(seen_controls(sitting.window)) == []
    sitting.press(Qt.Key.Key_Escape)
    assert faults(seen_controls(sitting.ask)) == []


def test_click_at_the_rim_of_a_control_is_its_own(open_window: Open) -> None:
    sitting = open_window(routine(*STEPS), 1.0, LEAST)
    seen_controls(sitting.window)
    rim = box_in_window(sitting.page.pause).topLeft() + QPoint(1, 1)
    hit = hit_at(sitting.window, rim)
    QTest.mouseClick(hit, Qt.MouseButton.LeftButton, pos=hit.mapFrom(sitting.window, rim))
    assert sitting.player.paused


# --- chips that change on the screen ----------------------------------------------------------------------------------


@pytest.fixture
def group(theme: Theme, until: Until) -> Iterator[ChipGroup]:
    ground = QWidget()
    ground.resize(600, 200)
    group = ChipGroup(theme, "Difficulty", ground)
    group.show_chips(("Easier", "Standard"), 1, [True] * 2)
    ground.show()
    until(lambda: all(chip.isVisible() for chip in group.chips))
    yield group
    ground.hide()


def on_screen(group: ChipGroup) -> list[Control]:
    return [chip for chip in group.findChildren(Control) if chip.isVisible()]


def test_new_chips_are_seen_at_once_and_the_old_ones_no_more(group: ChipGroup) -> None:
    group.show_chips(("Standard", "Harder"), 0, [True] * 2)
    assert on_screen(group) == list(group.chips)
    assert [chip.isChecked() for chip in group.chips] == [True, False]


def test_bar_is_as_wide_as_its_new_chips(group: ChipGroup) -> None:
    for texts in (("Easier", "Standard", "Harder"), ("Standard", "Harder"), ("Easier", "Standard")):
        group.show_chips(texts, 0, [True] * len(texts))
        assert group.width() == group.full_width
        assert group.chips[0].x() == group.width() - 1 - group.chips[-1].geometry().right()
        assert faults(on_screen(group)) == []


def test_chips_of_the_next_step_stand_in_the_corner_of_the_stage(open_window: Open) -> None:
    harder = levelled("bridge", harder="single-leg-bridge", length_s=56, reps=8)
    easier = levelled("bridge", easier="pelvic-tilt-floor", length_s=56, reps=8)
    sitting = open_window(routine(easier, harder, STEPS[0], step("march-in-place")), 1.0, SIZE)
    page = sitting.page
    for texts in (["Easier", "Standard"], ["Standard", "Harder"], ["Easier", "Standard", "Harder"]):
        controls = seen_controls(sitting.window)
        assert names(on_screen(page.levels)) == sorted(texts)
        assert page.levels.width() == page.levels.full_width
        assert page.levels.geometry().right() == page.stage.geometry().right() - 14
        assert faults(controls) == []
        page.skip.click()
    assert not page.levels.isVisible()
