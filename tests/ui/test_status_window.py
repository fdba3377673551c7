"""The status window: what it shows of a view, and the verb that each of its buttons asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.samples import HOUR, status
from traycoach.core.actions import TrayKind
from traycoach.core.rules import Posture
from traycoach.messages import Appearance, DayPart, FromWindows, StatusAction, StatusView
from traycoach.ui.day_line import DayLine
from traycoach.ui.popup_menu import PopupMenu
from traycoach.ui.status_window import StatusWindow
from traycoach.ui.theme import Theme


@pytest.fixture
def window(theme: Theme, sent: list[FromWindows]) -> Iterator[StatusWindow]:
    window = StatusWindow(theme, sent.append)
    window.show_view(status())
    yield window
    window.close_asked()


def test_window_shows_the_view(window: StatusWindow) -> None:
    assert window.state.text() == "Sitting for 24 min"
    assert window.why.text() == "Nothing is due."
    assert window.next.text() == "Next prompt after 6 min more"
    assert [(value.text(), label.text()) for value, label in window._facts] == [
        ("4 h 02", "Sitting"),
        ("3 of 6", "Breaks"),
    ]
    assert window.day.accessibleName() == "Today: Sitting 4 h 02, Breaks 3 of 6"
    assert window.width() == 420


@pytest.mark.parametrize(
    ("button", "view", "asked"),
    [
        ("posture", status(), StatusAction("stand")),
        ("posture", status(posture=Posture.STANDING), StatusAction("sit")),
        ("resume", status(TrayKind.PAUSED), StatusAction("resume")),
        ("claim", status(can_claim_presence=True), StatusAction("here")),
        ("history", status(), StatusAction("open", ("history",))),
        ("settings", status(), StatusAction("open", ("settings",))),
    ],
)
def test_button_asks_for_its_verb(
    window: StatusWindow, sent: list[FromWindows], button: str, view: StatusView, asked: StatusAction
) -> None:
    window.update_view(view)
    control = getattr(window, button)
    assert control.isVisible()
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    assert sent == [asked]


@pytest.mark.parametrize(
    ("button", "row", "asked"),
    [
        ("take_break", 0, StatusAction("now")),
        ("take_break", 2, StatusAction("now", ("stand-60",))),
        ("take_break", -1, StatusAction("open", ("routines",))),
        ("pause", 0, StatusAction("pause", ("30m",))),
        ("pause", 1, StatusAction("pause", ("1h",))),
        ("pause", 2, StatusAction("pause", ("tomorrow",))),
        ("pause", 3, StatusAction("pause")),
    ],
)
def test_menu_row_asks_for_its_verb(
    window: StatusWindow, sent: list[FromWindows], button: str, row: int, asked: StatusAction
) -> None:
    getattr(window, button).click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, PopupMenu)
    menu.rows[row].click()
    assert sent == [asked]


def test_what_does_not_apply_is_not_offered(window: StatusWindow) -> None:
    assert not window.claim.isVisible()
    assert not window.resume.isVisible()
    window.update_view(status(TrayKind.PAUSED))
    assert not window.pause.isVisible()


def test_fewer_facts_leave_none_behind(window: StatusWindow) -> None:
    window.update_view(status(rows=(("Sitting", "4 h 10"),)))
    assert [value.isVisibleTo(window) for value, _label in window._facts] == [True, False]


def test_escape_and_close_hide_and_say_so(window: StatusWindow) -> None:
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    window.show_view(status())
    window.close_button.click()
    assert not window.isVisible()
    assert len(closed) == 2


@pytest.mark.parametrize("kind", list(TrayKind))
def test_every_state_can_be_painted(window: StatusWindow, kind: TrayKind) -> None:
    window.update_view(status(kind))
    assert not window.grab().isNull()


def test_long_texts_wrap_instead_of_being_cut(sent: list[FromWindows]) -> None:
    window = StatusWindow(Theme(Appearance("dark", text_scale=2.0)), sent.append)
    window.show_view(status(clock_words="Sie sitzen seit vierundzwanzig von dreißig Minuten"))
    assert window.state.heightForWidth(window.state.width()) <= window.state.height()
    assert not window.state.is_cut_at(window.state.width())
    window.close_asked()


@pytest.mark.parametrize(
    ("parts", "now_s", "hours"),
    [
        ((), None, (8, 18)),
        ((DayPart("sitting", 9 * HOUR, 10 * HOUR),), 14 * HOUR, (8, 18)),
        ((DayPart("sitting", int(6.5 * HOUR), 10 * HOUR),), 14 * HOUR, (6, 18)),
        ((DayPart("sitting", 9 * HOUR, 20 * HOUR + 1),), None, (8, 21)),
        ((), 26 * HOUR, (8, 26)),
    ],
)
def test_day_line_grows_to_the_real_hours(
    theme: Theme, parts: tuple[DayPart, ...], now_s: int | None, hours: tuple[int, int]
) -> None:
    line = DayLine(theme)
    line.show_day(parts, now_s, "")
    assert line.hours() == hours
    assert not line.grab().isNull()
