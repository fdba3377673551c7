"""Card, notice and overlay: what they show, what they answer, when they listen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import Until
from tests.ui.samples import prompt, showing
from traycoach.core.events import Answer
from traycoach.core.rules import Look, Posture
from traycoach.messages import (
    Appearance,
    FromWindows,
    Heartbeat,
    PauseAsked,
    PromptGone,
    PromptOnScreen,
    PromptReply,
    ShowPromptWindow,
)
from traycoach.ui.controls import HIT
from traycoach.ui.popup_menu import PopupMenu
from traycoach.ui.prompt_card import PromptCard
from traycoach.ui.prompt_notice import PromptNotice
from traycoach.ui.prompt_overlay import Overlay
from traycoach.ui.prompt_sheet import start_words
from traycoach.ui.prompts import Prompts
from traycoach.ui.theme import Theme


@pytest.fixture
def prompts(theme: Theme, sent: list[FromWindows]) -> Iterator[Prompts]:
    shown = Prompts(theme, sent.append)
    yield shown
    shown.drop()
    sent.clear()


@pytest.fixture
def card(prompts: Prompts, until: Until, sent: list[FromWindows]) -> PromptCard:
    """The card on the screen, listening."""
    prompts.show(showing())
    until(lambda: not prompts.card.sheet.deaf and sent)
    sent.clear()
    return prompts.card


def replies(sent: list[FromWindows]) -> list[FromWindows]:
    return [message for message in sent if not isinstance(message, Heartbeat | PromptOnScreen)]


def press(window: QWidget, key: Qt.Key, *, repeated: bool = False) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", repeated)
    QApplication.sendEvent(window, event)


def release(window: QWidget, key: Qt.Key) -> None:
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier))


def open_menu() -> PopupMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, PopupMenu)
    return menu


# --- card -------------------------------------------------------------------------------------------------------------


def test_card_has_the_size_of_the_design_and_says_when_it_is_painted(
    prompts: Prompts, until: Until, sent: list[FromWindows]
) -> None:
    prompts.show(showing())
    until(lambda: sent)
    assert sent == [PromptOnScreen(7)]
    assert (prompts.card.width(), prompts.card.height()) == (384, 174)


def test_card_is_painted_anew_and_says_so_at_each_showing(
    prompts: Prompts, until: Until, sent: list[FromWindows]
) -> None:
    for number in (1, 2):
        prompts.show(showing(id=number))
        until(lambda: sent)
        assert sent == [PromptOnScreen(number)]
        sent.clear()
        prompts.withdraw(number)


def test_card_shows_the_words_of_the_prompt(card: PromptCard) -> None:
    sheet = card.sheet
    assert sheet.headline.text() == "You’ve been sitting 52 min"
    assert sheet.line.text() == "Two minutes for hips and back?"
    assert [control.caption for control in sheet.controls] == ["Start (2 min)", "Snooze", "Skip", "I’m getting up"]
    assert card.accessibleName() == "You’ve been sitting 52 min"


@pytest.mark.parametrize(
    ("button", "answer"), [("start", Answer.START), ("skip", Answer.SKIP), ("getting_up", Answer.GETTING_UP)]
)
def test_click_answers_once_and_takes_card_away(
    card: PromptCard, prompts: Prompts, sent: list[FromWindows], button: str, answer: Answer
) -> None:
    control = getattr(card.sheet, button)
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    assert sent == [PromptReply(7, answer)]
    assert prompts.shown is None
    assert not card.isVisible()


@pytest.mark.parametrize(
    ("key", "answer"),
    [(Qt.Key.Key_Return, Answer.START), (Qt.Key.Key_Enter, Answer.START), (Qt.Key.Key_X, Answer.SKIP)],
)
def test_keys_answer(card: PromptCard, sent: list[FromWindows], key: Qt.Key, answer: Answer) -> None:
    press(card, key)
    assert sent == [PromptReply(7, answer)]


def test_escape_hides_card_without_an_answer(card: PromptCard, sent: list[FromWindows]) -> None:
    press(card, Qt.Key.Key_Escape)
    assert sent == [PromptGone(7)]
    assert not card.isVisible()


def test_closing_by_the_desktop_is_no_answer(card: PromptCard, sent: list[FromWindows]) -> None:
    card.close()
    assert sent == [PromptGone(7)]


def test_deaf_card_answers_no_click_and_no_key_and_looks_it(
    prompts: Prompts, until: Until, sent: list[FromWindows]
) -> None:
    prompts.show(showing(mute_s=3600))
    until(lambda: sent)
    sheet = prompts.card.sheet
    assert all(control.muted for control in sheet.controls)
    for control in sheet.controls:
        centre = control.mapTo(prompts.card, control.rect().center())
        QTest.mouseClick(prompts.card.windowHandle(), Qt.MouseButton.LeftButton, pos=centre)
        control.click()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Z, Qt.Key.Key_X, Qt.Key.Key_Escape):
        press(prompts.card, key)
    assert sent == [PromptOnScreen(7)]
    assert QApplication.activePopupWidget() is None
    assert prompts.shown is not None
    assert prompts.card.isVisible()


def test_card_that_is_rejected_says_so(card: PromptCard, sent: list[FromWindows]) -> None:
    card.reject()
    assert sent == [PromptGone(7)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_X, Qt.Key.Key_Z, Qt.Key.Key_Escape])
def test_key_held_since_before_the_card_listened_is_no_answer(
    card: PromptCard, sent: list[FromWindows], key: Qt.Key
) -> None:
    press(card, key, repeated=True)
    assert sent == []
    assert card.isVisible()
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize(
    ("button", "answer"),
    [("start", Answer.START), ("skip", Answer.SKIP), ("getting_up", Answer.GETTING_UP)],
)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_is_for_the_button_that_has_the_focus(
    card: PromptCard, sent: list[FromWindows], key: Qt.Key, button: str, answer: Answer
) -> None:
    getattr(card.sheet, button).setFocus(Qt.FocusReason.TabFocusReason)
    press(card, key)
    assert sent == [PromptReply(7, answer)]


def test_enter_on_snooze_opens_its_menu(card: PromptCard, sent: list[FromWindows]) -> None:
    card.sheet.snooze.setFocus(Qt.FocusReason.TabFocusReason)
    press(card, Qt.Key.Key_Return)
    assert len(open_menu().rows) == 4
    assert sent == []


def test_focus_of_the_prompt_before_does_not_answer_the_next_one(
    card: PromptCard, prompts: Prompts, sent: list[FromWindows], until: Until
) -> None:
    card.sheet.skip.setFocus(Qt.FocusReason.TabFocusReason)
    prompts.show(showing(id=8))
    until(lambda: sent and not card.sheet.deaf)
    press(card, Qt.Key.Key_Return)
    assert sent == [PromptOnScreen(8), PromptReply(8, Answer.START)]


def test_card_listens_when_its_deaf_time_is_over(prompts: Prompts, until: Until, sent: list[FromWindows]) -> None:
    prompts.show(showing(mute_s=0.05))
    assert prompts.card.sheet.deaf
    until(lambda: not prompts.card.sheet.deaf)
    assert not any(control.muted for control in prompts.card.sheet.controls)


def test_snooze_menu_says_lengths_and_clock_times_and_answers(card: PromptCard, sent: list[FromWindows]) -> None:
    QTest.mouseClick(card.sheet.snooze, Qt.MouseButton.LeftButton)
    rows = open_menu().rows
    assert [row.text() for row in rows] == ["5 minutes", "15 minutes", "After my meeting", "Pause for today"]
    assert "14:47" in rows[1].accessibleName() or "2:47" in rows[1].accessibleName()
    rows[1].click()
    assert sent == [PromptReply(7, Answer.SNOOZE, timedelta(minutes=15))]
    assert QApplication.activePopupWidget() is None


def test_after_my_meeting_is_a_snooze_without_a_length(card: PromptCard, sent: list[FromWindows]) -> None:
    card.sheet.open_snoozes()
    open_menu().rows[2].click()
    assert sent == [PromptReply(7, Answer.SNOOZE, None)]


def test_pause_for_today_is_asked_for(card: PromptCard, sent: list[FromWindows]) -> None:
    press(card, Qt.Key.Key_Z)
    open_menu().rows[-1].click()
    assert sent == [PauseAsked(7)]


def test_menu_is_walked_and_left_by_keys(card: PromptCard, sent: list[FromWindows]) -> None:
    card.sheet.open_snoozes()
    menu = open_menu()
    focused = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Down):
        press(menu, key)
        focused.append(next(i for i, row in enumerate(menu.rows) if row.hasFocus()))
    assert focused == [1, 0, 3, 0, 3, 0]
    press(menu, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert sent == []


def test_withdrawn_card_takes_its_menu_along(card: PromptCard, prompts: Prompts) -> None:
    card.sheet.open_snoozes()
    prompts.withdraw(7)
    assert QApplication.activePopupWidget() is None
    assert not card.isVisible()


def test_prompt_that_may_not_be_snoozed_has_no_snooze(prompts: Prompts) -> None:
    prompts.show(showing(snoozes=()))
    assert not prompts.card.sheet.snooze.isVisibleTo(prompts.card)


def test_sit_down_needs_no_getting_up(prompts: Prompts) -> None:
    prompts.show(showing(posture_asked=Posture.SITTING))
    assert not prompts.card.sheet.getting_up.isVisibleTo(prompts.card)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Start (2 min)"),
        ({"routine_length": timedelta(seconds=38)}, "Start (38 s)"),
        ({"routine_length": timedelta(seconds=64)}, "Start (1 min)"),
        ({"routine": None}, "Start"),
        ({"routine": None, "posture_asked": Posture.SITTING}, "Sit down"),
    ],
)
def test_first_button_says_what_will_happen(changes: dict[str, Any], words: str) -> None:
    assert start_words(prompt(**changes)) == words


def test_withdrawing_another_prompt_changes_nothing(
    card: PromptCard, prompts: Prompts, sent: list[FromWindows]
) -> None:
    prompts.withdraw(99)
    still = prompts.shown
    assert still is not None
    prompts.withdraw(7)
    assert prompts.shown is None
    assert sent == []


def test_next_prompt_replaces_the_one_shown(
    card: PromptCard, prompts: Prompts, sent: list[FromWindows], until: Until
) -> None:
    prompts.show(showing(id=8, headline="Eyes"))
    until(lambda: sent)
    assert sent == [PromptOnScreen(8)]
    assert card.sheet.headline.text() == "Eyes"


def test_card_takes_no_focus_and_has_no_default_button(card: PromptCard) -> None:
    assert card.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not any(control.hasFocus() for control in card.sheet.controls)


def test_every_control_of_the_card_can_be_hit(card: PromptCard) -> None:
    for control in card.sheet.controls:
        assert control.width() >= HIT
        assert control.height() >= HIT
        for edge in (1, control.height() - 2):
            assert card.childAt(control.mapTo(card, QPoint(control.width() // 2, edge))) is control, control.caption


def test_card_without_a_picture_or_with_one_that_cannot_be_drawn_is_shown_all_the_same(
    prompts: Prompts, until: Until, sent: list[FromWindows]
) -> None:
    prompts.show(ShowPromptWindow(prompt(), None))
    until(lambda: sent)
    prompts.show(ShowPromptWindow(prompt(id=8), {"id": "broken", "move": "nonsense"}))
    until(lambda: len(sent) > 1)
    assert sent == [PromptOnScreen(7), PromptOnScreen(8)]


def test_text_of_twice_the_size_is_not_cut(until: Until, sent: list[FromWindows], application: QApplication) -> None:
    large = Prompts(Theme(Appearance("dark", text_scale=2.0, reduced_motion=True)), sent.append)
    large.show(showing())
    until(lambda: sent)
    sheet = large.card.sheet
    assert large.card.height() > 250
    for words in (sheet.headline, sheet.line):
        assert words.height() >= words.heightForWidth(words.width())
        assert words.toolTip() == ""
    large.withdraw(7)


def test_card_fades_in_and_out_where_motion_is_welcome(until: Until, sent: list[FromWindows]) -> None:
    moving = Prompts(Theme(Appearance("light")), sent.append)
    moving.show(showing())
    resting = moving.card.pos()
    until(lambda: moving.card.pos().y() == resting.y() - 12)
    moving.withdraw(7)
    assert moving.shown is None
    until(lambda: not moving.card.isVisible())


# --- notice -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def notice(prompts: Prompts, until: Until, sent: list[FromWindows]) -> PromptNotice:
    prompts.show(showing(Look.NOTICE, line="Look away."))
    until(lambda: sent and prompts.notice.cursor().shape() is Qt.CursorShape.PointingHandCursor)
    sent.clear()
    return prompts.notice


def test_notice_has_its_size_and_opens_by_a_click_anywhere(
    notice: PromptNotice, prompts: Prompts, sent: list[FromWindows]
) -> None:
    assert (notice.width(), notice.height()) == (300, 76)
    QTest.mouseClick(notice, Qt.MouseButton.LeftButton, pos=QPoint(150, 20))
    assert sent == [PromptReply(7, Answer.START)]
    assert prompts.shown is None


def test_click_let_go_outside_opens_nothing(notice: PromptNotice, sent: list[FromWindows]) -> None:
    QTest.mousePress(notice, Qt.MouseButton.LeftButton, pos=QPoint(150, 20))
    QTest.mouseRelease(notice, Qt.MouseButton.LeftButton, pos=QPoint(150, 200))
    assert sent == []


def test_deaf_notice_opens_nothing(prompts: Prompts, until: Until, sent: list[FromWindows]) -> None:
    prompts.show(showing(Look.NOTICE, mute_s=3600))
    until(lambda: sent)
    QTest.mouseClick(prompts.notice, Qt.MouseButton.LeftButton)
    press(prompts.notice, Qt.Key.Key_Return)
    assert sent == [PromptOnScreen(7)]


def test_notice_runs_down(prompts: Prompts, until: Until) -> None:
    prompts.show(showing(Look.NOTICE, length=timedelta(milliseconds=60)))
    assert prompts.notice.left > 0
    until(lambda: prompts.notice.left == 0)


def test_notice_that_nobody_withdraws_goes_by_itself(
    prompts: Prompts, until: Until, sent: list[FromWindows], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("traycoach.ui.prompt_notice.OVERTIME", timedelta(0))
    prompts.show(showing(Look.NOTICE, length=timedelta(milliseconds=10)))
    until(lambda: PromptGone(7) in sent)
    assert not prompts.notice.isVisible()


# --- overlay ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def overlay(prompts: Prompts, until: Until, sent: list[FromWindows]) -> Overlay:
    prompts.show(showing(Look.OVERLAY, skip_after=timedelta(hours=1)))
    shown = prompts.overlay
    assert shown is not None
    until(lambda: PromptOnScreen(7) in sent and not shown.windows[0].sheet.deaf)
    return shown


def test_overlay_covers_every_screen_and_sends_heartbeats(overlay: Overlay, sent: list[FromWindows]) -> None:
    assert [window.geometry() for window in overlay.windows] == [s.geometry() for s in QGuiApplication.screens()]
    assert sent[0] == Heartbeat()
    assert sent.count(PromptOnScreen(7)) == 1


def test_heartbeat_goes_on_while_the_overlay_is_shown_and_stops_with_it(
    prompts: Prompts, until: Until, sent: list[FromWindows], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts._heart.setInterval(20)
    prompts.show(showing(Look.OVERLAY))
    until(lambda: sent.count(Heartbeat()) > 3)
    prompts.withdraw(7)
    assert not prompts._heart.isActive()
    assert prompts.overlay is None


def test_skip_waits_for_its_delay(overlay: Overlay, prompts: Prompts, sent: list[FromWindows]) -> None:
    skip = overlay.windows[0].sheet.skip
    assert not skip.isEnabled()
    QTest.mouseClick(skip, Qt.MouseButton.LeftButton)
    assert replies(sent) == []
    assert "3600" in skip.text()


def test_skip_after_its_delay_answers(prompts: Prompts, until: Until, sent: list[FromWindows]) -> None:
    prompts.show(showing(Look.OVERLAY, skip_after=timedelta(milliseconds=50)))
    assert prompts.overlay is not None
    skip = prompts.overlay.windows[0].sheet.skip
    until(lambda: skip.isEnabled() and not skip.muted)
    skip.click()
    assert replies(sent) == [PromptReply(7, Answer.SKIP)]


def test_start_on_the_overlay_answers_and_uncovers(overlay: Overlay, prompts: Prompts, sent: list[FromWindows]) -> None:
    overlay.windows[0].sheet.start.click()
    assert replies(sent) == [PromptReply(7, Answer.START)]
    assert prompts.overlay is None


def test_esc_held_leaves_even_while_skip_is_not_allowed(
    overlay: Overlay, prompts: Prompts, until: Until, sent: list[FromWindows], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("traycoach.ui.prompt_overlay.ESC_HELD_MS", 250)
    press(overlay.windows[0], Qt.Key.Key_Escape)
    until(lambda: replies(sent))
    assert replies(sent) == [PromptReply(7, Answer.SKIP)]


def test_esc_let_go_too_early_stays(overlay: Overlay, until: Until, sent: list[FromWindows]) -> None:
    window = overlay.windows[0]
    press(window, Qt.Key.Key_Escape)
    release(window, Qt.Key.Key_Escape)
    until(lambda: not window._held.isValid())
    assert replies(sent) == []


def test_repetition_of_a_held_esc_is_not_taken_for_letting_go(
    overlay: Overlay, until: Until, sent: list[FromWindows], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("traycoach.ui.prompt_overlay.ESC_HELD_MS", 250)
    window = overlay.windows[0]
    press(window, Qt.Key.Key_Escape)

    def left_while_the_key_repeats() -> list[FromWindows]:
        if not replies(sent):
            release(window, Qt.Key.Key_Escape)
            press(window, Qt.Key.Key_Escape)
        return replies(sent)

    until(left_while_the_key_repeats)


def test_screen_that_goes_takes_its_window_along_and_the_last_one_ends_the_prompt(
    overlay: Overlay, prompts: Prompts, sent: list[FromWindows]
) -> None:
    for screen in list(QGuiApplication.screens()):
        overlay._screen_removed(screen)
    assert replies(sent) == [PromptGone(7)]
    assert prompts.overlay is None


def test_changed_theme_rebuilds_the_overlay(overlay: Overlay, theme: Theme) -> None:
    before = overlay.windows
    theme.apply(Appearance("dark", reduced_motion=True))
    assert overlay.windows != before
    assert len(overlay.windows) == len(QGuiApplication.screens())


def delete_what_is_to_go() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_withdrawn_overlay_takes_its_menu_along(overlay: Overlay, prompts: Prompts) -> None:
    press(overlay.windows[0], Qt.Key.Key_Z)
    assert open_menu().isVisible()
    prompts.withdraw(7)
    assert QApplication.activePopupWidget() is None
    delete_what_is_to_go()


def test_changed_theme_closes_the_menu_and_the_new_overlay_opens_its_own(
    overlay: Overlay, theme: Theme, sent: list[FromWindows]
) -> None:
    press(overlay.windows[0], Qt.Key.Key_Z)
    theme.apply(Appearance("dark", reduced_motion=True))
    assert QApplication.activePopupWidget() is None
    delete_what_is_to_go()
    press(overlay.windows[0], Qt.Key.Key_Z)
    open_menu().rows[1].click()
    assert replies(sent) == [PromptReply(7, Answer.SNOOZE, timedelta(minutes=15))]
    delete_what_is_to_go()


def test_screen_that_goes_takes_its_menu_along(overlay: Overlay) -> None:
    press(overlay.windows[0], Qt.Key.Key_Z)
    overlay._screen_removed(QGuiApplication.screens()[0])
    assert QApplication.activePopupWidget() is None
    delete_what_is_to_go()


def test_enter_on_the_overlay_is_for_the_button_that_has_the_focus(overlay: Overlay, sent: list[FromWindows]) -> None:
    window = overlay.windows[0]
    window.sheet.getting_up.setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Return)
    assert replies(sent) == [PromptReply(7, Answer.GETTING_UP)]


def test_overlay_window_that_is_rejected_leaves_no_overlay(
    overlay: Overlay, prompts: Prompts, sent: list[FromWindows]
) -> None:
    overlay.windows[0].reject()
    assert replies(sent) == [PromptReply(7, Answer.SKIP)]
    assert prompts.overlay is None


def test_failure_leaves_nothing_over_the_desktop(overlay: Overlay, prompts: Prompts, sent: list[FromWindows]) -> None:
    prompts.drop()
    assert replies(sent) == [PromptGone(7)]
    assert prompts.shown is None
