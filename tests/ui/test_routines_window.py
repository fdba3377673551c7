"""The Routines window: what it finds, what it shows of it, and what its keys and buttons tell the daemon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.figure.bundle import exercises, presets
from tests.ui.conftest import Until
from tests.ui.samples import step
from traycoach.messages import (
    Appearance,
    FromWindows,
    ListedRoutine,
    PicturesAsked,
    PreviewAsked,
    RoutineMarked,
    RoutinesClosed,
    RoutinesView,
    ShowPictures,
    ShowPreview,
    ShowRoutines,
    StatusAction,
    UpdateRoutines,
)
from traycoach.ui.figure_painter import Stage
from traycoach.ui.popup_menu import PopupMenu
from traycoach.ui.routines_sought import Sought, badges_of, found, length_words
from traycoach.ui.routines_window import LEAST, Form, RoutinesWindow
from traycoach.ui.theme import Theme
from traycoach.ui.windows import Windows

SECONDS = timedelta(seconds=1)


def listed(name: str, length_s: int = 60, **changes: Any) -> ListedRoutine:
    values: dict[str, Any] = {"title": name.capitalize(), "summary": f"All about {name}.", "place": ("seated",)}
    return ListedRoutine(id=name, length=length_s * SECONDS, **{**values, **changes})


VIEW = RoutinesView(
    (
        listed("hips", 180, purposes=("move", "stretch"), regions=("hips", "low-back"), stands=True),
        listed("eyes", 23, purposes=("eye", "micro"), regions=("eyes",), discreet=3),
        listed("core", 300, purposes=("programme",), regions=("core",), place=("floor",), floor=True, level=3),
        listed("wrists", 120, purposes=("typing",), regions=("wrists",), wheelchair=True, own=True, discreet=2),
        listed("legs", 90, purposes=("stand-up",), regions=("calves",), place=("standing",), stands=True, hidden=True),
    )
)


@pytest.fixture
def window(theme: Theme, sent: list[FromWindows]) -> Iterator[RoutinesWindow]:
    window = RoutinesWindow(theme, sent.append)
    window.show_view(VIEW)
    yield window
    window.hide()


def shown(window: RoutinesWindow) -> list[str]:
    return [entry.id for entry in window.list.entries]


def chosen(window: RoutinesWindow) -> str:
    current = window.list.current
    assert current is not None
    return current.id


def drawn(window: RoutinesWindow) -> Stage:
    stage = window.preview.stage.stage
    assert stage is not None
    return stage


def form_of(window: RoutinesWindow) -> Form:
    return window.form  # a call: an assert on the property would settle it for mypy, resized or not


def choose(window: RoutinesWindow, name: str) -> None:
    window.list.setCurrentIndex(window.list.model().index(shown(window).index(name), 0))


def preview(name: str = "hips") -> ShowPreview:
    steps = (step("march-in-place"), step("figure4-seated", "right"), step("figure4-seated", "left"))
    return ShowPreview(name, steps, presets())


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "ids"),
    [
        (Sought(), ["eyes", "wrists", "hips", "core"]),
        (Sought(groups=frozenset({"short"})), ["eyes"]),
        (Sought(groups=frozenset({"hands", "strength"})), ["wrists", "core"]),
        (Sought(part="back"), ["hips"]),
        (Sought(part="arms"), ["wrists"]),
        (Sought(at_most=1), ["eyes"]),
        (Sought(at_most=2), ["eyes", "wrists"]),
        (Sought(seated=True), ["eyes", "wrists"]),
        (Sought(no_floor=True), ["eyes", "wrists", "hips"]),
        (Sought(discreet=True), ["eyes", "wrists"]),
        (Sought(hidden=True), ["legs"]),
        (Sought(favourites=True), []),
        (Sought("HIPS lower"), ["hips"]),
        (Sought("hips eyes"), []),
        (Sought("about", part="core", at_most=2), []),
    ],
)
def test_what_is_looked_for_is_found_from_short_to_long(sought: Sought, ids: list[str]) -> None:
    assert [entry.id for entry in found(VIEW.entries, sought)] == ids


def test_favourites_come_first() -> None:
    entries = (listed("a", 30), listed("b", 300, favourite=True))
    assert [entry.id for entry in found(entries, Sought())] == ["b", "a"]


def test_length_that_is_shown_is_the_length_that_is_looked_for() -> None:
    just_under, just_over = listed("a", 89), listed("b", 90)
    assert [length_words(one.length) for one in (just_under, just_over)] == ["1 min", "2 min"]
    assert found((just_under, just_over), Sought(at_most=1)) == (just_under,)


def test_badges_say_length_place_and_what_is_special() -> None:
    assert [badges_of(entry) for entry in VIEW.entries[:4]] == [
        ("3 min", "Sit and stand"),
        ("23 s", "Seated", "Discreet"),
        ("5 min", "Floor"),
        ("2 min", "Seated", "Your own"),
    ]


def lesson(name: str = "seat") -> ListedRoutine:
    return listed(name, 72, purposes=("lesson",), place=(), lesson=True)


def test_lessons_come_last_and_can_be_looked_for_alone() -> None:
    entries = (lesson(), *VIEW.entries)
    assert [entry.id for entry in found(entries, Sought())] == ["eyes", "wrists", "hips", "core", "seat"]
    assert [entry.id for entry in found(entries, Sought(groups=frozenset({"lessons"})))] == ["seat"]
    assert [entry.id for entry in found(entries, Sought("lesson"))] == ["seat"]
    assert [entry.id for entry in found(entries, Sought(favourites=True))] == []
    assert badges_of(lesson()) == ("1 min", "Lesson")


# --- the list ---------------------------------------------------------------------------------------------------------


def test_window_lists_what_is_not_hidden_and_chooses_the_first(window: RoutinesWindow) -> None:
    assert shown(window) == ["eyes", "wrists", "hips", "core"]
    assert window.count.text() == "4 routines"
    assert chosen(window) == "eyes"
    assert window.preview.title.text() == "Eyes"
    assert window.size() == QSize(760, 600)


def test_words_filter_as_they_are_typed(window: RoutinesWindow) -> None:
    QTest.keyClicks(window.search, "wri")
    assert shown(window) == ["wrists"]
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert len(shown(window)) == 4
    assert window.isVisible()


def test_chips_filter(window: RoutinesWindow) -> None:
    groups = window.filters.groups.chips
    QTest.mouseClick(groups[0], Qt.MouseButton.LeftButton)
    assert shown(window) == ["eyes"]
    QTest.mouseClick(groups[4], Qt.MouseButton.LeftButton)
    assert shown(window) == ["eyes", "wrists"]
    one, two, _five = window.filters.lengths.chips
    one.click()
    two.click()
    on = [window.filters.lengths.on]
    two.click()
    on.append(window.filters.lengths.on)
    assert on == [(1,), ()]


def test_part_of_the_body_is_chosen_from_a_menu(window: RoutinesWindow) -> None:
    window.filters.part.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, PopupMenu)
    next(row for row in menu.rows if row.text() == "Back").click()
    assert shown(window) == ["hips"]
    assert window.filters.part.caption == "Back"


def test_nothing_found_is_said_and_can_be_cleared(window: RoutinesWindow) -> None:
    window.search.setText("nothing like it")
    window.filters.places.chips[1].click()
    assert window.nothing.isVisible()
    assert not window.list.isVisible()
    assert not window.preview.start.isEnabled()
    window.clear.click()
    assert len(shown(window)) == 4
    assert window.search.text() == ""
    assert not window.filters.clear.isVisible()


def test_choice_stays_where_the_list_changes(window: RoutinesWindow) -> None:
    choose(window, "hips")
    window.filters.places.chips[1].click()
    assert chosen(window) == "hips"
    window.take(UpdateRoutines(RoutinesView((*VIEW.entries, listed("brief", 10)))))
    assert chosen(window) == "hips"


def test_pictures_are_asked_for_once_as_cards_come_into_sight(
    window: RoutinesWindow, sent: list[FromWindows], until: Until
) -> None:
    def asked() -> list[str]:
        return [one for message in sent if isinstance(message, PicturesAsked) for one in message.routines]

    until(lambda: len(asked()) == 4)
    window.take(ShowPictures({"eyes": exercises()["far-gaze"], "hips": None}, presets()))
    until(lambda: {name for name, _dpr in window.list._card.images} == {"eyes", "hips"})
    window.grab()
    assert sorted(asked()) == ["core", "eyes", "hips", "wrists"]


# --- the preview ------------------------------------------------------------------------------------------------------


def test_steps_are_asked_for_when_the_choice_has_settled(
    window: RoutinesWindow, sent: list[FromWindows], until: Until
) -> None:
    until(lambda: PreviewAsked("eyes") in sent)
    choose(window, "wrists")
    choose(window, "hips")
    until(lambda: PreviewAsked("hips") in sent)
    assert PreviewAsked("wrists") not in sent


def test_steps_are_listed_with_both_sides_as_one_and_the_first_moves(window: RoutinesWindow) -> None:
    choose(window, "hips")
    window.take(preview())
    assert [dose for _name, dose in window.preview.steps.rows] == ["30 s", "30 s each side"]
    assert window.preview.shown_row == 0
    assert drawn(window).clip.id == "march-in-place"
    assert window.preview._tick.isActive()


def test_step_that_the_user_goes_to_is_shown(window: RoutinesWindow) -> None:
    choose(window, "hips")
    window.take(preview())
    window.preview.steps.setFocus()
    QTest.keyClick(window.preview.steps, Qt.Key.Key_Down)
    assert drawn(window).clip.id == "figure4-seated"


def test_late_answer_for_another_routine_is_left_aside(window: RoutinesWindow) -> None:
    choose(window, "hips")
    window.take(preview("eyes"))
    assert window.preview.steps.rows == ()


def test_routine_that_cannot_be_read_says_so(window: RoutinesWindow) -> None:
    choose(window, "hips")
    window.take(ShowPreview("hips", (), {}))
    assert window.preview.trouble.isVisible()
    choose(window, "core")
    assert not window.preview.trouble.isVisible()


def test_nothing_moves_in_a_window_that_nobody_sees(window: RoutinesWindow) -> None:
    choose(window, "hips")
    window.take(preview())
    window.close_asked()
    assert not window.preview._tick.isActive()


# --- what is told -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["button", "enter", "double click"])
def test_start_asks_for_the_routine_and_closes(window: RoutinesWindow, sent: list[FromWindows], way: str) -> None:
    choose(window, "hips")
    if way == "button":
        QTest.mouseClick(window.preview.start, Qt.MouseButton.LeftButton)
    elif way == "enter":
        QTest.keyClick(window.list, Qt.Key.Key_Return)
    else:
        middle = window.list.visualRect(window.list.currentIndex()).center()
        QTest.mouseClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseDClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert [one for one in sent if isinstance(one, StatusAction)] == [StatusAction("now", ("hips",))]
    assert not window.isVisible()


def test_lesson_is_opened_and_cannot_be_marked(window: RoutinesWindow, sent: list[FromWindows]) -> None:
    window.update_view(RoutinesView((*VIEW.entries, lesson())))
    assert window.count.text() == "4 routines, 1 lesson"
    assert window.preview.star.isVisible()
    window.filters.groups.chips[-1].click()
    assert shown(window) == ["seat"]
    assert window.count.text() == "1 lesson"
    assert not window.preview.star.isVisible()
    assert not window.preview.hide_it.isVisible()
    QTest.keyClick(window.list, Qt.Key.Key_F)
    QTest.keyClick(window.list, Qt.Key.Key_H)
    assert not [one for one in sent if isinstance(one, RoutineMarked)]
    window.preview.start.click()
    assert [one for one in sent if isinstance(one, StatusAction)] == [StatusAction("open", ("lesson", "seat"))]
    assert not window.isVisible()


@pytest.mark.parametrize("by_key", [True, False])
def test_star_marks_and_moves_to_the_top(window: RoutinesWindow, sent: list[FromWindows], by_key: bool) -> None:
    choose(window, "core")
    if by_key:
        QTest.keyClick(window.list, Qt.Key.Key_F)
    else:
        window.preview.star.click()
    assert RoutineMarked("core", favourite=True, hidden=False) in sent
    assert shown(window)[0] == "core"
    assert chosen(window) == "core"
    assert window.preview.star.isChecked()
    QTest.keyClick(window.list, Qt.Key.Key_F)
    assert sent[-1] == RoutineMarked("core", favourite=False, hidden=False)


@pytest.mark.parametrize("by_key", [True, False])
def test_hidden_routine_goes_and_can_be_brought_back(
    window: RoutinesWindow, sent: list[FromWindows], by_key: bool
) -> None:
    choose(window, "wrists")
    if by_key:
        QTest.keyClick(window.list, Qt.Key.Key_H)
    else:
        window.preview.hide_it.click()
    assert RoutineMarked("wrists", favourite=False, hidden=True) in sent
    assert shown(window) == ["eyes", "hips", "core"]
    assert chosen(window) == "hips", "the one in its place is chosen"
    hidden = window.filters.marks.chips[1]
    assert hidden.caption == "Hidden (2)"
    hidden.click()
    assert shown(window) == ["legs", "wrists"]
    choose(window, "wrists")
    QTest.keyClick(window.list, Qt.Key.Key_H)
    assert sent[-1] == RoutineMarked("wrists", favourite=False, hidden=False)


def test_letters_in_the_search_are_words(window: RoutinesWindow, sent: list[FromWindows]) -> None:
    QTest.keyClicks(window.search, "fh")
    assert not [one for one in sent if isinstance(one, RoutineMarked)]


def test_keys_reach_search_list_and_close(window: RoutinesWindow, sent: list[FromWindows]) -> None:
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.search
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.focusWidget() is window.list
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    assert chosen(window) == "wrists"
    QTest.keyClick(window.list, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert sent[-1] == RoutinesClosed()


def test_enter_on_a_chip_switches_it_and_starts_nothing(window: RoutinesWindow, sent: list[FromWindows]) -> None:
    chip = window.filters.places.chips[0]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Return)
    assert chip.isChecked()
    assert not [one for one in sent if isinstance(one, StatusAction)]


# --- how it looks -----------------------------------------------------------------------------------------------------


def test_parts_lie_by_the_width(window: RoutinesWindow) -> None:
    assert form_of(window) is Form.WIDE
    assert not window.filter_button.isVisible()
    window.resize(LEAST)
    assert form_of(window) is Form.NARROW
    assert not window.filters.isVisible()
    window.filter_button.click()
    assert window.filters.isVisible()
    assert not window.list.isVisible()
    window.filter_button.click()
    assert window.list.isVisible()


def test_large_text_in_a_small_window_leaves_list_and_buttons(sent: list[FromWindows]) -> None:
    window = RoutinesWindow(Theme(Appearance("dark", text_scale=2.0)), sent.append)
    window.show_view(VIEW)
    window.resize(LEAST)
    assert form_of(window) is Form.SLIM
    assert not window.preview.stage.isVisible()
    assert window.preview.start.isVisible()
    assert window.list.height() > 80
    window.hide()


def test_all_chips_lie_within_the_column(window: RoutinesWindow, until: Until) -> None:
    column = window.filters.widget()
    assert column is not None
    until(lambda: column.width() <= window.filters.width())
    for flow in (window.filters.groups, window.filters.lengths, window.filters.places, window.filters.marks):
        for chip in flow.chips:
            assert flow.rect().contains(chip.geometry()) or not chip.isVisible()


def test_screen_reader_hears_title_badges_and_marks(window: RoutinesWindow) -> None:
    window.take(UpdateRoutines(RoutinesView((replace(VIEW.entries[1], favourite=True),))))
    index = window.list.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Eyes, 23 s, Seated, Discreet, favourite"
    for control in (*window.filters.controls, window.preview.star, window.preview.hide_it, window.close_button):
        assert control.accessibleName()
    for part in (window.list, window.search, window.preview.steps):
        assert part.accessibleName()


def test_theme_reaches_pictures_and_stage(sent: list[FromWindows], until: Until) -> None:
    theme = Theme(Appearance("light"))
    window = RoutinesWindow(theme, sent.append)
    window.show_view(VIEW)
    choose(window, "hips")
    window.take(preview())
    window.take(ShowPictures({"eyes": exercises()["far-gaze"]}, presets()))
    before = window.grab().toImage()
    theme.apply(Appearance("dark"))
    assert drawn(window).palette.dark
    assert window.grab().toImage() != before
    window.hide()


def test_process_shows_one_window_and_goes_on_when_it_is_closed(theme: Theme, sent: list[FromWindows]) -> None:
    windows = Windows(theme, sent.append)
    windows.take(UpdateRoutines(VIEW))
    assert windows.nothing_open
    windows.take(ShowRoutines(VIEW))
    window = windows.routines
    assert window is not None
    windows.take(preview("eyes"))
    bare = [windows.nothing_open]
    window.close_asked()
    bare.append(windows.nothing_open)
    assert bare == [False, True]
    windows.take(ShowRoutines(VIEW))
    assert windows.routines is window
    windows._drop_routines()
