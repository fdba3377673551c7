"""The popup menu: never wider than fits, never left behind by the window of its button."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from traycoach.messages import Appearance
from traycoach.ui.controls import Button, Ground
from traycoach.ui.popup_menu import WIDEST, MenuRow, PopupMenu
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BUTTON

LONG = "Shoulders & <neck> " * 11


class Bench:
    """A window with one button, and the menu at it."""

    def __init__(self, theme: Theme, *texts: str, remark: str = "") -> None:
        self.chosen: list[str] = []
        self.window = QWidget()
        self.button = Button(theme, "Open", Ground.BORDERED, opens_menu=True)
        QVBoxLayout(self.window).addWidget(self.button)
        self.window.show()
        rows = [MenuRow(text, lambda text=text: self.chosen.append(text), remark=remark) for text in texts]  # type: ignore[misc]
        self.menu = PopupMenu(theme, "Menu", rows, self.window)
        self.menu.open_at(self.button)


Open = Callable[..., Bench]


@pytest.fixture
def bench(theme: Theme) -> Iterator[Open]:
    opened: list[Bench] = []

    def open_menu(*texts: str, remark: str = "") -> Bench:
        opened.append(Bench(theme, *texts, remark=remark))
        return opened[-1]

    yield open_menu
    for each in opened:
        each.window.hide()
        each.window.deleteLater()


def repeat(menu: PopupMenu, key: Qt.Key) -> None:
    repeated = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", autorep=True)
    QApplication.sendEvent(menu, repeated)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_long_row_makes_no_menu_that_is_wider_than_fits(theme: Theme, bench: Open, scale: float) -> None:
    theme.apply(Appearance("light", text_scale=scale, reduced_motion=True))
    menu = bench("Eyes", LONG).menu
    screen = menu.screen().availableGeometry()
    assert menu.width() <= min(WIDEST * scale, screen.width() * 0.6) + 1
    assert screen.contains(menu.geometry())
    assert all(row.geometry().right() < menu.width() for row in menu.rows)


def test_row_that_is_cut_has_its_whole_text_as_a_tooltip_and_a_name(bench: Open) -> None:
    short, long = bench("Eyes", LONG).menu.rows
    assert (short.toolTip(), short.accessibleName()) == ("", "Eyes")
    assert long.toolTip() == "<p>" + "Shoulders &amp; &lt;neck&gt; " * 11 + "</p>"
    assert long.accessibleName() == LONG


def test_row_that_fits_stands_in_full_beside_its_remark(bench: Open) -> None:
    (row,) = bench("15 minutes", remark="14:47").menu.rows
    assert row.toolTip() == ""
    assert row._fitted(BUTTON) == "15 minutes"


def test_long_row_leaves_room_for_its_remark(theme: Theme, bench: Open) -> None:
    (with_remark,) = bench(LONG, remark="14:47").menu.rows
    (without,) = bench(LONG).menu.rows
    assert with_remark.width() == without.width()
    assert len(with_remark._fitted(BUTTON)) < len(without._fitted(BUTTON)) < len(LONG)


def test_hidden_window_takes_the_menu_of_its_button_along(bench: Open) -> None:
    opened = bench("Eyes")
    assert QApplication.activePopupWidget() is opened.menu
    opened.window.hide()
    assert QApplication.activePopupWidget() is None


def test_held_enter_that_opened_the_menu_chooses_nothing(bench: Open) -> None:
    opened = bench("Eyes")
    repeat(opened.menu, Qt.Key.Key_Return)
    assert opened.chosen == []
    assert opened.menu.isVisible()
