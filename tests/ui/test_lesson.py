"""A lesson in the routine window: parts in place of steps, one thing to change now at the end, and no break."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from tests.ui.conftest import Until
from tests.ui.test_routine_window import Sitting
from traycoach.library import Library
from traycoach.messages import (
    Appearance,
    FromWindows,
    OpenRoutineWindow,
    RoutineFocus,
    RoutineOnScreen,
    RoutineOver,
    RoutineProgress,
)
from traycoach.ui.lesson_card import LessonCard
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import CUE


@pytest.fixture(scope="module")
def lesson() -> OpenRoutineWindow:
    return Library.load().lesson_message("seat")


@pytest.fixture
def sitting(theme: Theme, sent: list[FromWindows], until: Until, lesson: OpenRoutineWindow) -> Iterator[Sitting]:
    sitting = Sitting(theme, sent, lesson)
    sitting.window.open()
    until(lambda: RoutineOnScreen("seat", lesson=True) in sent)
    yield sitting
    sitting.window.close_now()


def test_part_shows_its_headline_its_whole_sentence_and_its_picture(
    sitting: Sitting, lesson: OpenRoutineWindow
) -> None:
    sitting.run(2)
    assert sitting.page.cue.text() == lesson.steps[0].exercise["title"]
    assert sitting.page.explanation.text() == lesson.steps[0].exercise["how"]
    assert not sitting.page.more.isVisible()
    assert sitting.page.step_words.text().startswith("Part 1 of 4")
    assert sitting.page.stage.accessibleName() == lesson.steps[0].exercise["alt"]


def test_parts_follow_each_other_without_getting_ready(sitting: Sitting, lesson: OpenRoutineWindow) -> None:
    sitting.run(lesson.steps[0].time.total_seconds() + 1)
    assert sitting.player.index == 1
    assert sitting.player.share > 0


def test_lesson_tells_neither_progress_nor_focus(sitting: Sitting, sent: list[FromWindows]) -> None:
    sitting.run(30)
    assert [message for message in sent if isinstance(message, RoutineProgress | RoutineFocus)] == []


def test_lesson_ends_with_the_one_thing_to_change_and_no_question(sitting: Sitting, lesson: OpenRoutineWindow) -> None:
    sitting.run(100)
    card = sitting.window.end_card
    assert isinstance(card, LessonCard)
    assert card.summary.text() == lesson.change_now
    sitting.press(Qt.Key.Key_Return)
    over = sitting.over()
    assert [message.lesson for message in over] == [True]
    assert isinstance(over[0], RoutineOver)
    assert (over[0].effort, over[0].pain) == (None, None)


def test_lesson_is_closed_without_a_question(sitting: Sitting) -> None:
    sitting.run(5)
    sitting.press(Qt.Key.Key_Escape)
    assert [message.lesson for message in sitting.over()] == [True]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", ["seat", "flare-up-plan"])
def test_every_sentence_can_be_read_in_the_smallest_window(
    theme: Theme, sent: list[FromWindows], until: Until, name: str, scale: float
) -> None:
    theme.apply(Appearance("light", text_scale=scale, reduced_motion=True))
    lesson = Library.load().lesson_message(name)
    sitting = Sitting(theme, sent, lesson)
    sitting.window.open()
    sitting.window.resize(480, 560)
    until(lambda: sitting.page.size().toTuple() == (480, 560))
    page = sitting.page
    seen = page.findChild(QScrollArea)
    assert seen is not None
    for step in lesson.steps:
        until(lambda step=step: page.explanation.text() == step.exercise["how"])  # type: ignore[misc]
        until(lambda: page.cue.fits_one_line(page.cue.width()) or page.cue.height() >= 2 * theme.line(CUE))
        until(lambda: page.explanation.height() >= page.explanation.heightForWidth(page.explanation.width()))
        bar = seen.verticalScrollBar()
        assert bar.maximum() == max(0, page.explanation.height() - seen.viewport().height())
        for _ in range(10):
            sitting.press(Qt.Key.Key_Down)
        assert bar.value() == bar.maximum(), "the arrow keys reach its end"
        page.next.click()
    sitting.window.close_now()


def test_ring_stands_with_the_buttons_where_large_words_need_the_width(sitting: Sitting, theme: Theme) -> None:
    page = sitting.page
    theme.apply(Appearance("light", text_scale=2.0, reduced_motion=True))
    sitting.window.resize(480, 560)
    assert page.ring.sizeHint().width() <= page.pause.sizeHint().width()
    assert page.step_words.text() in ("1 of 4 · 1:12 left", "1 of 4")
    assert page.step_words.accessibleName() == "Part 1 of 4 · 1:12 left"
    theme.apply(Appearance("light", reduced_motion=True))
    sitting.window.resize(672, 704)
    assert page.ring.sizeHint().width() == 92
    assert page.step_words.text() == "Part 1 of 4 · 1:12 left"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_end_of_a_lesson_fits_the_smallest_window(sitting: Sitting, theme: Theme, scale: float, until: Until) -> None:
    theme.apply(Appearance("light", text_scale=scale, reduced_motion=True))
    sitting.run(100)
    sitting.window.resize(480, 560)
    card = sitting.window.end_card
    assert isinstance(card, LessonCard)
    until(lambda: card.size().toTuple() == (480, 560))
    assert card.summary.height() >= card.summary.heightForWidth(card.summary.width())
    assert card.rect().contains(card.save.geometry())
    assert card.save.geometry().top() > card.summary.geometry().bottom()
