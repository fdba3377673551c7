"""A lesson in the routine window: parts in place of steps, one thing to change now at the end, and no break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from tests.ui.conftest import Until
from tests.ui.test_routine_window import Sitting
from traycoach.core.instant import SECOND, ZERO
from traycoach.core.routine import Phase
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
from traycoach.ui.choices import Choice
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


def test_window_of_a_lesson_speaks_of_its_parts(sitting: Sitting, lesson: OpenRoutineWindow) -> None:
    page, left = sitting.page, sum((step.time for step in lesson.steps), ZERO)
    spoken: list[str] = []
    sitting.play.spoken.connect(spoken.append)
    sitting.play.read_step()
    assert spoken[0].startswith(f"Part 1 of {len(lesson.steps)}. ")
    assert (page.bar.accessibleName(), page.bar.accessibleDescription()) == ("Lesson", "0 of 4 parts done")
    assert page.skip.caption == "Skip part"
    assert (sitting.window.windowTitle(), page.title.text()) == (lesson.title, lesson.title)
    for number, part in enumerate(lesson.steps, 1):
        seconds = round(left / SECOND)
        words = f"Part {number} of {len(lesson.steps)} · {seconds // 60}:{seconds % 60:02d} left"
        assert page.step_words.text() == words, "no time of getting ready is in it"
        page.skip.click()
        left -= part.time


def test_each_part_has_its_own_words_and_picture(sitting: Sitting, lesson: OpenRoutineWindow, until: Until) -> None:
    page = sitting.page
    for part in lesson.steps:
        how = part.exercise["how"]
        until(lambda how=how: page.explanation.text() == how)  # type: ignore[misc]
        sitting.run(3)
        assert page.cue.text() == part.exercise["title"], "not the cues of a movement"
        assert sitting.figure.alt == page.stage.accessibleName() == part.exercise["alt"]
        assert page.feel.words.text() == ""
        assert not page.more.isVisible()
        page.next.click()


def numbers(lesson: OpenRoutineWindow) -> list[str]:
    """What the ring is to show each half second: every part from its whole time down to one."""
    shown: list[str] = []
    for part in lesson.steps:
        halves = round(part.time / (SECOND / 2))
        shown += [str(ceil((halves - half) / 2)) for half in range(halves)]
    return shown


@pytest.mark.parametrize("reduced_motion", [True, False])
def test_ring_begins_each_part_with_its_whole_time_and_never_shows_nothing(
    sitting: Sitting, theme: Theme, lesson: OpenRoutineWindow, reduced_motion: bool
) -> None:
    theme.apply(Appearance("light", reduced_motion=reduced_motion))
    shown = []
    while sitting.window.end_card is None:
        shown.append(sitting.page.ring._number)
        sitting.run(0.5)
    assert shown == numbers(lesson)
    assert "0" not in shown


@pytest.mark.parametrize("paused", [False, True])
def test_ring_shows_the_whole_time_of_a_part_that_was_chosen(
    sitting: Sitting, lesson: OpenRoutineWindow, paused: bool
) -> None:
    page, whole = sitting.page, [str(round(part.time / SECOND)) for part in lesson.steps]
    if paused:
        page.pause.click()
    assert page.ring._number == whole[0]
    orders: list[tuple[Callable[[], None], int]] = [
        (page.next.click, 1),
        (page.skip.click, 2),
        (page.back.click, 2),
        (page.back.click, 1),
    ]
    for order, part in orders:
        order()
        assert sitting.player.index == part
        assert (page.ring._number, page.ring._share) == (whole[part], 1.0)
    assert sitting.player.phase is Phase.READY


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


def test_end_of_a_lesson_says_which_and_asks_nothing(sitting: Sitting, lesson: OpenRoutineWindow) -> None:
    sitting.run(100)
    card = sitting.window.end_card
    assert isinstance(card, LessonCard)
    assert card.headline.text() == "One thing to change now"
    assert card.lesson.text() == f"Lesson: {lesson.title}"
    assert card.save.caption == "Close"
    assert card.save.hasFocus()
    assert card.isVisible()
    assert not sitting.page.isVisible()
    assert card.findChildren(Choice) == []
    assert sitting.over() == [], "it is over when its card is closed"


def leave_by_key(sitting: Sitting) -> None:
    sitting.press(Qt.Key.Key_Escape)


def leave_by_button(sitting: Sitting) -> None:
    sitting.page.close_button.click()


def leave_by_desktop(sitting: Sitting) -> None:
    sitting.window.close()


def leave_by_daemon(sitting: Sitting) -> None:
    sitting.window.close_now()


@pytest.mark.parametrize("leave", [leave_by_key, leave_by_button, leave_by_desktop, leave_by_daemon])
def test_lesson_left_early_tells_what_was_read(
    sitting: Sitting, lesson: OpenRoutineWindow, leave: Callable[[Sitting], None]
) -> None:
    first = lesson.steps[0].time
    sitting.run(first.total_seconds() + 3)
    leave(sitting)
    assert sitting.window.ask is None
    assert sitting.window.end_card is None
    assert not sitting.window.isVisible()
    assert sitting.over() == [RoutineOver("seat", first + 3 * SECOND, 1, len(lesson.steps), lesson=True)]


def close_by_button(sitting: Sitting) -> None:
    card = sitting.window.end_card
    assert card is not None
    card.save.click()


@pytest.mark.parametrize("close", [close_by_button, leave_by_key, leave_by_desktop, leave_by_daemon])
def test_lesson_read_to_its_end_tells_all_of_it_once(
    sitting: Sitting, lesson: OpenRoutineWindow, close: Callable[[Sitting], None]
) -> None:
    whole = sum((part.time for part in lesson.steps), ZERO)
    sitting.run(whole.total_seconds() + 5)
    close(sitting)
    sitting.window.close_now()
    count = len(lesson.steps)
    assert sitting.over() == [RoutineOver("seat", whole, count, count, lesson=True)]


def test_parts_that_were_skipped_are_not_told_as_read(sitting: Sitting, lesson: OpenRoutineWindow) -> None:
    sitting.run(4)
    sitting.page.next.click()
    for _ in lesson.steps[1:]:
        sitting.page.skip.click()
    sitting.press(Qt.Key.Key_Return)
    assert sitting.over() == [RoutineOver("seat", 4 * SECOND, 1, len(lesson.steps), lesson=True)]


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
        assert not page.explanation.is_cut_at(page.explanation.width())
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
