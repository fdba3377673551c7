"""Prompts stay in the work area, in the corner asked for, and never under the pointer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from traycoach.ui.placement import CORNERS, MARGIN, beside, place, restored

CARD = QSize(384, 174)
AREA = QRect(0, 33, 1280, 767)
FAR = QPoint(640, 400)


@pytest.mark.parametrize(
    ("corner", "left", "top"),
    [
        ("bottom-right", 1280 - 16 - 384, 800 - 16 - 174),
        ("top-right", 1280 - 16 - 384, 33 + 16),
        ("bottom-left", 16, 800 - 16 - 174),
        ("top-left", 16, 33 + 16),
        ("nonsense", 1280 - 16 - 384, 800 - 16 - 174),
    ],
)
def test_prompt_lies_in_its_corner_of_the_work_area(corner: str, left: int, top: int) -> None:
    assert place(CARD, AREA, FAR, corner) == QRect(left, top, 384, 174)


def test_pointer_in_the_corner_moves_prompt_along_the_same_side() -> None:
    assert place(CARD, AREA, QPoint(1000, 700), "bottom-right") == place(CARD, AREA, FAR, "top-right")
    assert place(CARD, AREA, QPoint(100, 100), "top-left") == place(CARD, AREA, FAR, "bottom-left")


def test_pointer_just_beside_prompt_counts_as_under_it() -> None:
    box = place(CARD, AREA, FAR, "bottom-right")
    assert place(CARD, AREA, box.topLeft() - QPoint(5, 5), "bottom-right") != box


def test_prompt_follows_the_work_area_of_a_second_screen() -> None:
    second = QRect(1280, -200, 1024, 700)
    assert place(CARD, second, QPoint(1400, 0), "bottom-right").right() == second.right() - MARGIN


@given(st.integers(1, 700), st.integers(1, 300), st.integers(0, 1279), st.integers(33, 799), st.sampled_from(CORNERS))
def test_prompt_always_lies_inside_and_free_of_the_pointer_where_that_is_possible(
    width: int, height: int, x: int, y: int, corner: str
) -> None:
    box = place(QSize(width, height), AREA, QPoint(x, y), corner)
    assert AREA.contains(box)
    assert not box.contains(QPoint(x, y)) or width > AREA.width() / 2 - 40


def test_prompt_larger_than_the_area_begins_at_its_start() -> None:
    assert place(QSize(2000, 1000), AREA, FAR, "bottom-right").topLeft() == AREA.topLeft()


def test_menu_opens_below_its_button_and_above_where_there_is_no_room() -> None:
    assert beside(QSize(200, 240), QRect(100, 100, 90, 44), AREA).top() == 148
    assert beside(QSize(200, 240), QRect(1000, 700, 90, 44), AREA).bottom() == 700 - 5


def test_menu_stays_inside_the_work_area() -> None:
    assert AREA.contains(beside(QSize(200, 240), QRect(1250, 400, 90, 44), AREA))
    assert AREA.contains(beside(QSize(200, 240), QRect(10, 400, 90, 44), AREA, align_right=True))


LEAST = QSize(480, 560)
SECOND = QRect(1280, 0, 1920, 1080)


@pytest.mark.parametrize(
    ("left_at", "opens_at"),
    [
        (QRect(300, 100, 672, 650), QRect(300, 100, 672, 650)),
        (QRect(1400, 50, 900, 900), QRect(1400, 50, 900, 900)),
        (QRect(1180, 100, 600, 600), QRect(1280, 100, 600, 600)),  # mostly on the second screen: wholly there
        (QRect(-200, -100, 600, 600), QRect(0, 33, 600, 600)),
        (QRect(100, 100, 10, 10), QRect(100, 100, 480, 560)),
        (QRect(0, 0, 5000, 5000), QRect(1280, 0, 1920, 1080)),
        (QRect(5000, 100, 600, 600), None),
        (QRect(100, 3000, 600, 600), None),
    ],
)
def test_window_is_restored_to_the_screens_that_there_are(left_at: QRect, opens_at: QRect | None) -> None:
    assert restored(left_at, LEAST, [AREA, SECOND]) == opens_at


def test_window_on_a_screen_smaller_than_itself_is_cut_to_it() -> None:
    small = QRect(0, 0, 400, 300)
    assert restored(QRect(10, 10, 600, 600), LEAST, [small]) == small


def test_without_a_screen_there_is_no_place() -> None:
    assert restored(QRect(0, 0, 600, 600), LEAST, []) is None
