"""Prompts stay in the work area, in the corner asked for, and never under the pointer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from traycoach.ui.placement import CORNERS, MARGIN, beside, place

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
def test_prompt_lies_in_its_corner_of_the_work_area(corner, left, top):
    assert place(CARD, AREA, FAR, corner) == QRect(left, top, 384, 174)


def test_pointer_in_the_corner_moves_prompt_along_the_same_side():
    assert place(CARD, AREA, QPoint(1000, 700), "bottom-right") == place(CARD, AREA, FAR, "top-right")
    assert place(CARD, AREA, QPoint(100, 100), "top-left") == place(CARD, AREA, FAR, "bottom-left")


def test_pointer_just_beside_prompt_counts_as_under_it():
    box = place(CARD, AREA, FAR, "bottom-right")
    assert place(CARD, AREA, box.topLeft() - QPoint(5, 5), "bottom-right") != box


def test_prompt_follows_the_work_area_of_a_second_screen():
    second = QRect(1280, -200, 1024, 700)
    assert place(CARD, second, QPoint(1400, 0), "bottom-right").right() == second.right() - MARGIN


@given(st.integers(1, 700), st.integers(1, 300), st.integers(0, 1279), st.integers(33, 799), st.sampled_from(CORNERS))
def test_prompt_always_lies_inside_and_free_of_the_pointer_where_that_is_possible(width, height, x, y, corner):
    box = place(QSize(width, height), AREA, QPoint(x, y), corner)
    assert AREA.contains(box)
    assert not box.contains(QPoint(x, y)) or width > AREA.width() / 2 - 40


def test_prompt_larger_than_the_area_begins_at_its_start():
    assert place(QSize(2000, 1000), AREA, FAR, "bottom-right").topLeft() == AREA.topLeft()


def test_menu_opens_below_its_button_and_above_where_there_is_no_room():
    assert beside(QSize(200, 240), QRect(100, 100, 90, 44), AREA).top() == 148
    assert beside(QSize(200, 240), QRect(1000, 700, 90, 44), AREA).bottom() == 700 - 5


def test_menu_stays_inside_the_work_area():
    assert AREA.contains(beside(QSize(200, 240), QRect(1250, 400, 90, 44), AREA))
    assert AREA.contains(beside(QSize(200, 240), QRect(10, 400, 90, 44), AREA, align_right=True))
