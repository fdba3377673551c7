"""The routine window at a clock that the test moves: orders by click and key, pauses, the end card, what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import Until
from tests.ui.samples import routine, step
from traycoach.core import breaks
from traycoach.core.instant import SECOND, ZERO
from traycoach.core.routine import Phase
from traycoach.messages import (
    Appearance,
    FromWindows,
    OpenRoutineWindow,
    RoutineFocus,
    RoutineOnScreen,
    RoutineOver,
    RoutineProgress,
    WindowPlace,
    WindowPlaced,
)
from traycoach.ui.ask_panel import AskPanel
from traycoach.ui.controls import HIT, Control
from traycoach.ui.end_card import CREDIT_FROM, EndCard
from traycoach.ui.figure_painter import Stage
from traycoach.ui.playback import TEXT_SWAP_MS
from traycoach.ui.routine_window import RoutineWindow
from traycoach.ui.theme import Theme

READY = 3


class Sitting:
    """A routine window and the clock it lives by."""

    def __init__(self, theme: Theme, sent: list[FromWindows], message: OpenRoutineWindow | None = None) -> None:
        self.time = ZERO
        self.sent = sent
        self.window = RoutineWindow(theme, message or routine(), sent.append, lambda: self.time)
        self.page, self.play = self.window.page, self.window.playback
        self.player = self.play.player

    def run(self, seconds: float) -> None:
        """Let time pass in steps that are no gap."""
        for _ in range(round(seconds * 2)):
            self.time += SECOND / 2
            self.play.tick()

    def press(self, key: Qt.Key) -> None:
        target = QApplication.focusWidget() or self.window
        QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
        QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier))

    def hold(self, key: Qt.Key, repeats: int) -> None:
        """Press a key and let it repeat, each time where the focus is by then."""
        for number in range(1 + repeats):
            target = QApplication.focusWidget() or self.window
            event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", number > 0)
            QApplication.sendEvent(target, event)

    @property
    def figure(self) -> Stage:
        """The exercise that is drawn."""
        figure = self.page.stage.stage
        assert figure is not None
        return figure

    @property
    def ask(self) -> AskPanel:
        """The question before closing."""
        assert self.window.ask is not None
        return self.window.ask

    @property
    def end_card(self) -> EndCard:
        assert isinstance(self.window.end_card, EndCard)
        return self.window.end_card

    def over(self) -> list[RoutineOver]:
        return [message for message in self.sent if isinstance(message, RoutineOver)]


@pytest.fixture
def sitting(theme: Theme, sent: list[FromWindows], until: Until) -> Iterator[Sitting]:
    sitting = Sitting(theme, sent)
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    yield sitting
    sitting.window.close_now()


# --- showing ----------------------------------------------------------------------------------------------------------


def test_window_has_the_size_of_the_design_and_starts_with_the_focus_on_pause(sitting: Sitting) -> None:
    assert (sitting.window.width(), sitting.window.height()) == (672, 704)
    assert sitting.page.pause.hasFocus()
    assert sitting.sent[:2] == [RoutineOnScreen("hips-3"), RoutineFocus(focused=True)]


def test_get_ready_counts_down_with_the_name_of_the_exercise(sitting: Sitting) -> None:
    assert sitting.page.cue.text() == "March on the spot"
    assert sitting.page.ring._number == "3"
    sitting.run(2)
    assert sitting.page.ring._number == "1"
    assert sitting.page.step_words.text() == "Step 1 of 4 · 2:10 left"


def test_running_step_shows_its_cue_seconds_and_where_it_is_felt(sitting: Sitting, until: Until) -> None:
    sitting.page.skip.click()
    until(lambda: sitting.page.cue.text() == "Ankle on knee")
    sitting.run(READY + 1)
    assert sitting.page.cue.text() == sitting.figure.cue(1.0)
    assert sitting.page.ring._number == "29"
    assert "right ankle" in sitting.page.explanation.text()
    assert sitting.page.feel.words.text().startswith("Feel it: deep in the right buttock")
    assert "{" not in sitting.page.explanation.text() + sitting.page.feel.words.text()


def test_counted_step_shows_repetitions(sitting: Sitting) -> None:
    for _ in range(3):
        sitting.page.skip.click()
    sitting.run(READY + 6)
    assert (sitting.page.ring._number, sitting.page.ring._of) == ("2", "/8")


def test_stage_is_an_image_with_a_text_for_the_side(sitting: Sitting, until: Until) -> None:
    sitting.page.skip.click()
    assert "Sitting, the right ankle rests" in sitting.page.stage.accessibleName()
    sitting.page.skip.click()
    assert "Sitting, the left ankle rests" in sitting.page.stage.accessibleName()


def test_bar_says_how_many_steps_are_done(sitting: Sitting) -> None:
    sitting.run(READY + 1)
    sitting.page.next.click()
    assert (sitting.page.bar.value(), sitting.page.bar.maximum()) == (1, 4)
    assert sitting.page.bar.accessibleDescription() == "1 of 4 steps done"


def test_next_up_names_the_next_step_and_at_last_the_finish(sitting: Sitting) -> None:
    assert sitting.page.next_up._small.text() == "Next · 30 s each side"
    for _ in range(3):
        sitting.page.skip.click()
    assert sitting.page.next_up._strong.text() == "Finish"


def test_every_control_can_be_hit_and_has_a_name(sitting: Sitting) -> None:
    sitting.page.skip.click()
    for control in sitting.window.findChildren(Control):
        assert control.accessibleName()
        if control.isVisible():
            assert min(control.width(), control.height()) >= min(HIT, 40), control.accessibleName()


def test_link_to_the_rest_of_an_explanation_can_be_hit(sitting: Sitting, until: Until) -> None:
    more, line = sitting.page.more, sitting.page.explanation
    first = line.text()
    sitting.page.skip.click()
    sitting.window.resize(480, 560)
    # the words of the next step come with its first frame
    until(lambda: line.text() != first and sitting.page.width() == 480 and more.isVisible())

    def off_the_line() -> int:
        return more.geometry().center().y() - line.mapTo(sitting.page, line.rect().center()).y()

    until(lambda: abs(off_the_line()) <= 1)
    box = more.geometry()
    assert box.height() >= HIT
    for at in (box.center(), QPoint(box.center().x(), box.top() + 1), QPoint(box.center().x(), box.bottom() - 1)):
        assert sitting.page.childAt(at) is more
    one_line = line.height()
    more.click()
    until(lambda: line.height() > one_line and line.heightForWidth(line.width()) == line.height())


def test_exercise_that_cannot_be_drawn_is_still_told_in_words(
    theme: Theme, sent: list[FromWindows], until: Until
) -> None:
    broken = {"id": "x", "title": "Plain words", "how": "Do it slowly."}
    message = routine(step("march-in-place"), step("march-in-place"))
    message = type(message)(
        message.routine, message.title, (type(message.steps[0])(broken, "none", 30 * SECOND),), message.poses
    )
    sitting = Sitting(theme, sent, message)
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    sitting.run(READY + 2)
    assert sitting.page.cue.text() == "Plain words"
    assert sitting.page.explanation.text() == "Do it slowly."
    sitting.window.close_now()


# --- orders -----------------------------------------------------------------------------------------------------------


def test_buttons_move_through_the_routine(sitting: Sitting) -> None:
    sitting.run(READY + 1)
    sitting.page.next.click()
    assert (sitting.player.index, sitting.player.steps_done) == (1, 1)
    sitting.page.skip.click()
    assert (sitting.player.index, sitting.player.steps_skipped) == (2, 1)
    sitting.page.back.click()
    assert sitting.player.index == 2
    sitting.page.back.click()
    assert sitting.player.index == 1


@pytest.mark.parametrize(("key", "index"), [(Qt.Key.Key_Right, 1), (Qt.Key.Key_S, 1), (Qt.Key.Key_Left, 0)])
def test_keys_move_through_the_routine_whatever_has_the_focus(sitting: Sitting, key: Qt.Key, index: int) -> None:
    for control in (sitting.page.pause, sitting.page.next, sitting.page.skip):
        control.setFocus()
        start = sitting.player.index
        sitting.press(key)
        assert sitting.player.index == max(0, start + (1 if index else 0)) or key == Qt.Key.Key_Left
    assert sitting.player.index == (3 if index else 0)


def test_space_pauses_and_resumes(sitting: Sitting) -> None:
    sitting.run(READY + 5)
    sitting.press(Qt.Key.Key_Space)
    assert (sitting.player.paused, sitting.page.pause.accessibleName()) == (True, "Resume")
    left = sitting.player.left_for
    sitting.run(30)
    assert sitting.player.left_for == left
    sitting.press(Qt.Key.Key_Space)
    assert (sitting.player.paused, sitting.page.pause.accessibleName()) == (False, "Pause")


def test_paused_window_wakes_up_for_nothing(sitting: Sitting) -> None:
    sitting.page.pause.click()
    assert not sitting.play._tick.isActive()
    sitting.page.pause.click()
    assert sitting.play._tick.isActive()


def test_hidden_window_goes_on_but_hardly_wakes_up(sitting: Sitting) -> None:
    sitting.window.hide()
    assert sitting.play._tick.interval() == 500
    sitting.run(READY + 5)
    assert sitting.player.phase is Phase.PLAYING


def test_other_side_can_be_taken_first(sitting: Sitting, until: Until) -> None:
    sitting.page.skip.click()
    assert [chip.isChecked() for chip in sitting.page.sides.chips] == [False, True]
    QTest.mouseClick(sitting.page.sides.chips[0], Qt.MouseButton.LeftButton)
    assert [s.side for s in sitting.play.steps] == ["none", "left", "right", "none"]
    assert sitting.figure.side == "left"
    until(lambda: "left ankle" in sitting.page.explanation.text())
    sitting.page.skip.click()
    assert not sitting.page.sides.chips[0].isEnabled(), "that side has been done"


def test_chips_are_shown_only_where_sides_differ(sitting: Sitting) -> None:
    assert not sitting.page.sides.isVisible()
    sitting.page.skip.click()
    assert sitting.page.sides.isVisible()


# --- honest breaks, focus, closing ------------------------------------------------------------------------------------


def test_daemon_pauses_with_a_reason_that_goes_when_the_user_goes_on(sitting: Sitting) -> None:
    sitting.run(READY + 5)
    explanation = sitting.page.explanation.text()
    sitting.window.pause_for("Paused: you are typing elsewhere.")
    assert sitting.player.paused
    assert sitting.page.explanation.text() == "Paused: you are typing elsewhere."
    sitting.page.pause.click()
    assert sitting.page.explanation.text() == explanation


def test_reason_of_a_pause_at_a_change_of_steps_stays(sitting: Sitting, until: Until) -> None:
    sitting.page.skip.click()
    second = sitting.play.steps[1].exercise["title"]
    sitting.window.pause_for("Paused: you are typing elsewhere.")
    assert sitting.page.cue.text() == second
    spent = QElapsedTimer()
    spent.start()
    until(lambda: spent.elapsed() > 2 * TEXT_SWAP_MS)
    assert sitting.page.explanation.text() == "Paused: you are typing elsewhere."


@pytest.mark.parametrize("size", [(480, 560), (672, 704)])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_reason_of_a_pause_stands_in_full(
    sitting: Sitting, theme: Theme, scale: float, size: tuple[int, int], until: Until
) -> None:
    reason = "Paused: you are typing in another window."
    theme.apply(Appearance("light", text_scale=scale, reduced_motion=True))
    sitting.page.skip.click()
    sitting.window.resize(*size)
    page, words = sitting.page, sitting.page.explanation
    until(lambda: "right ankle" in words.text() and page.width() == size[0])
    explanation = words.text()
    sitting.window.pause_for(reason)
    assert words.text() == reason
    assert not page.more.isVisible(), "there is no more of it"
    assert not words.is_cut_at(words.width())
    until(lambda: page._reading.viewport().height() >= words.heightForWidth(words.width()))
    sitting.page.pause.click()
    assert words.text() == explanation
    until(lambda: page.more.isVisible() == words.is_cut_at(page._words_width()))
    assert words._lines is not None


def test_losing_the_focus_is_told_once(sitting: Sitting, until: Until, sent: list[FromWindows]) -> None:
    QApplication.sendEvent(sitting.window, QEvent(QEvent.Type.ActivationChange))
    assert sent.count(RoutineFocus(focused=True)) == 1


def test_closing_pauses_and_asks_once(sitting: Sitting, sent: list[FromWindows]) -> None:
    sitting.run(READY + 5)
    sitting.page.next.click()
    sitting.press(Qt.Key.Key_Escape)
    ask = sitting.ask
    assert sitting.player.paused
    assert (ask.question.text(), ask.detail.text()) == ("Stop here?", "1 of 4 steps will be counted.")
    sitting.press(Qt.Key.Key_S)
    sitting.press(Qt.Key.Key_Right)
    assert sitting.player.index == 1, "keys do not reach the routine below the question"
    ask.through.click()
    assert sitting.over() == [RoutineOver("hips-3", 5 * SECOND, 1, 4)]
    assert not sitting.window.isVisible()


def test_keep_going_keeps_going(sitting: Sitting) -> None:
    sitting.run(READY + 5)
    sitting.page.close_button.click()
    sitting.press(Qt.Key.Key_Escape)
    assert sitting.window.ask is None
    assert not sitting.player.paused
    assert sitting.over() == []


@pytest.mark.parametrize("repeats", [1, 2, 3, 4])
def test_held_escape_asks_once_and_loses_nothing(sitting: Sitting, repeats: int) -> None:
    sitting.hold(Qt.Key.Key_Escape, repeats)
    assert sitting.window.isVisible()
    assert sitting.ask.isVisible()
    assert sitting.player.paused
    assert sitting.over() == []


def test_escape_that_is_still_held_after_the_answer_is_not_a_wish_to_close(sitting: Sitting) -> None:
    sitting.press(Qt.Key.Key_Escape)
    sitting.press(Qt.Key.Key_Escape)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(sitting.window, event)
    assert sitting.window.isVisible()
    assert sitting.window.ask is None


def test_rejected_window_asks_and_then_is_over(sitting: Sitting) -> None:
    sitting.window.reject()
    assert sitting.window.isVisible()
    assert sitting.ask.isVisible()
    sitting.window.reject()
    assert len(sitting.over()) == 1
    assert not sitting.window.isVisible()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_tab_stays_between_the_two_answers(sitting: Sitting) -> None:
    sitting.press(Qt.Key.Key_Escape)
    ask = sitting.ask
    assert ask.back.hasFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert ask.through.hasFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert ask.back.hasFocus()


def test_second_wish_to_close_is_an_answer(sitting: Sitting) -> None:
    sitting.window.close()
    sitting.window.close()
    assert len(sitting.over()) == 1


def test_daemon_closes_without_a_question_and_window_says_so_once(sitting: Sitting) -> None:
    sitting.run(READY + 5)
    sitting.window.close_now()
    sitting.window.close_now()
    assert sitting.over() == [RoutineOver("hips-3", 5 * SECOND, 0, 4)]


def test_progress_is_told_at_every_step_and_every_few_seconds(sitting: Sitting, sent: list[FromWindows]) -> None:
    sitting.run(READY + 20)
    told = [message.fraction for message in sent if isinstance(message, RoutineProgress)]
    assert len(told) >= 4
    assert told == sorted(told)
    assert told[-1] == pytest.approx(20 / 120, abs=0.001)


# --- the end ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ended(sitting: Sitting) -> Sitting:
    sitting.run(READY + 20 + READY + 30 + READY + 10)
    sitting.page.next.click()
    sitting.page.skip.click()
    return sitting


def test_end_card_tells_what_was_done(ended: Sitting) -> None:
    card = ended.end_card
    assert card.headline.text() == "Done. Well moved."
    assert card.summary.text() == "Hips · 1 min 00 s\n3 steps done, 1 skipped"
    assert card.isVisible()
    assert not ended.page.isVisible()


def test_nothing_is_preselected_and_saving_without_an_answer_saves_none(ended: Sitting) -> None:
    card = ended.end_card
    assert (card.effort.answer, card.pain.answer) == (None, None)
    card.save.click()
    assert ended.over() == [RoutineOver("hips-3", 60 * SECOND, 3, 4, None, None)]


def test_both_questions_are_answered_apart_by_key_and_click(ended: Sitting) -> None:
    card = ended.end_card
    ended.press(Qt.Key.Key_4)
    QTest.mouseClick(card.pain.answers[1], Qt.MouseButton.LeftButton)
    assert (card.effort.answer, card.pain.answer) == (3, 1)
    ended.press(Qt.Key.Key_Return)
    assert ended.over()[0].effort == 4
    assert ended.over()[0].pain == 1


def focus_the_skip(card: EndCard) -> None:
    card.skip.setFocus(Qt.FocusReason.TabFocusReason)


def focus_an_answer(card: EndCard) -> None:
    card.pain.answers[3].setFocus(Qt.FocusReason.TabFocusReason)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize(
    ("focus", "rating"), [(focus_the_skip, (None, None)), (focus_an_answer, (5, 1)), (lambda _card: None, (5, 1))]
)
def test_enter_is_for_the_button_that_has_the_focus_and_saves_elsewhere(
    ended: Sitting, focus: Callable[[EndCard], None], rating: tuple[int | None, int | None], key: Qt.Key
) -> None:
    card = ended.end_card
    card.effort.choose(4)
    card.pain.choose(1)
    focus(card)
    ended.press(key)
    assert [(over.effort, over.pain) for over in ended.over()] == [rating]


def test_skip_rating_drops_the_answers(ended: Sitting) -> None:
    ended.end_card.effort.choose(1)
    ended.end_card.skip.click()
    assert (ended.over()[0].effort, ended.over()[0].pain) == (None, None)


@pytest.mark.parametrize(("answer", "advised"), [(0, False), (1, False), (2, True), (3, True)])
def test_more_than_a_little_pain_brings_advice(ended: Sitting, answer: int, advised: bool) -> None:
    card = ended.end_card
    card.pain.choose(answer)
    assert (card.advice.isVisible(), card.facts.isVisible()) == (advised, not advised)


def test_end_card_closes_without_a_question(ended: Sitting) -> None:
    ended.press(Qt.Key.Key_Escape)
    assert len(ended.over()) == 1


def test_routine_of_nothing_but_skips_is_not_praised(sitting: Sitting) -> None:
    for _ in range(4):
        sitting.page.skip.click()
    assert "Well moved" not in sitting.end_card.headline.text()
    assert sitting.end_card.summary.text().endswith("0 steps done, 4 skipped")


def test_break_that_is_not_credited_is_not_counted_among_the_facts(sitting: Sitting) -> None:
    for _ in range(4):
        sitting.page.skip.click()
    card = sitting.end_card
    assert not card.facts.isVisible()
    card.pain.choose(0)
    assert not card.facts.isVisible()


@pytest.mark.parametrize(
    ("seconds", "steps_done", "counted"), [(59, 3, False), (60, 3, True), (600, 0, True), (59, 4, True)]
)
def test_facts_are_shown_for_what_the_coach_credits(
    ended: Sitting, seconds: int, steps_done: int, counted: bool
) -> None:
    card = ended.end_card
    card.tell(seconds * SECOND, steps_done, 4, ended.play.steps[-1])
    assert card.facts.isVisible() == counted


def test_end_card_and_coach_credit_the_same_length() -> None:
    assert CREDIT_FROM == breaks.CREDIT_FROM


# --- looks ------------------------------------------------------------------------------------------------------------


def test_changed_theme_is_taken_over_in_the_middle_of_a_step(sitting: Sitting, theme: Theme) -> None:
    sitting.run(READY + 5)
    left = sitting.player.left_for
    theme.apply(Appearance("dark", text_scale=1.5, reduced_motion=True))
    assert sitting.figure.palette.dark
    assert sitting.page.cue.font().pixelSize() == 39
    assert sitting.player.left_for == left


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_smallest_window_keeps_figure_cue_and_controls(
    sitting: Sitting, theme: Theme, scale: float, until: Until
) -> None:
    theme.apply(Appearance("light", text_scale=scale, reduced_motion=True))
    sitting.page.skip.click()
    sitting.window.resize(480, 560)
    page = sitting.page

    def laid_out() -> bool:
        parts = [page.stage, page.cue, page.explanation, page.feel, page.pause]
        tops = [part.mapTo(page, part.rect().topLeft()).y() for part in parts]
        heights = [part.height() for part in parts]
        return all(top + height <= below + 1 for (top, below), height in zip(pairwise(tops), heights, strict=False))

    until(laid_out)
    assert (sitting.window.width(), sitting.window.height()) == (480, 560)
    assert page.stage.height() >= 120
    assert page.cue.height() >= page.cue.heightForWidth(page.cue.width())
    for part in (page.ring, page.skip, page.pause, page.close_button):
        box = part.rect().translated(part.mapTo(page, part.rect().topLeft()))
        assert page.rect().contains(box)


def test_moving_figure_is_drawn_thirty_times_a_second_and_a_resting_one_ten(
    sent: list[FromWindows], until: Until
) -> None:
    sitting = Sitting(Theme(Appearance("light")), sent)
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    assert sitting.play._tick.interval() == 100
    sitting.page.skip.click()
    sitting.run(READY + 0.5)
    assert sitting.play._tick.interval() == 33
    sitting.run(4)
    assert sitting.figure.changes_in(sitting.player.loop_at(sitting.figure.duration)) > 0
    assert sitting.play._tick.interval() == 100
    sitting.window.close_now()


def test_step_and_side_changes_move_where_motion_is_welcome(sent: list[FromWindows], until: Until) -> None:
    sitting = Sitting(Theme(Appearance("light")), sent)
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    for _ in range(2):
        sitting.page.skip.click()
        assert sitting.page.stage.changing
        until(lambda: not sitting.page.stage.changing)
    sitting.window.close_now()


def test_reduced_motion_shows_still_poses_in_turn(sitting: Sitting) -> None:
    sitting.page.skip.click()
    sitting.run(READY + 1)
    first = sitting.page.stage._still
    seen = {first}
    for _ in range(55):
        sitting.run(0.5)
        seen.add(sitting.page.stage._still)
    assert seen == set(range(sitting.figure.still_count))


def test_time_of_an_early_close_is_the_time_really_spent(sitting: Sitting) -> None:
    sitting.run(READY + 7)
    sitting.page.pause.click()
    sitting.run(60)
    sitting.window.close_now()
    assert sitting.over()[0].done_for == timedelta(seconds=7)


# --- place ------------------------------------------------------------------------------------------------------------


def opened(theme: Theme, sent: list[FromWindows], until: Until, place: WindowPlace) -> Sitting:
    sitting = Sitting(theme, sent, replace(routine(), place=place))
    sitting.window.open()
    until(lambda: RoutineOnScreen("hips-3") in sent)
    return sitting


def placed(sent: list[FromWindows]) -> list[WindowPlaced]:
    return [message for message in sent if isinstance(message, WindowPlaced)]


def test_window_opens_where_and_as_large_as_it_was_left(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    screen = QApplication.primaryScreen().availableGeometry()
    sitting = opened(theme, sent, until, WindowPlace(screen.x() + 20, screen.y() + 10, 520, 570))
    box = sitting.window.geometry()
    assert (box.x(), box.y(), box.width(), box.height()) == (screen.x() + 20, screen.y() + 10, 520, 570)
    sitting.window.close_now()
    assert placed(sent) == [], "nobody has moved it"


def test_moved_window_tells_its_place_before_it_is_over(sitting: Sitting, sent: list[FromWindows]) -> None:
    sitting.window.setGeometry(5, 6, 500, 600)
    sitting.window.close_now()
    assert sent[-2:] == [WindowPlaced(5, 6, 500, 600), sitting.over()[0]]


def test_place_on_a_screen_that_is_gone_is_the_middle_of_one_that_is_there(
    theme: Theme, sent: list[FromWindows], until: Until
) -> None:
    sitting = opened(theme, sent, until, WindowPlace(9000, 9000, 520, 570))
    assert QApplication.primaryScreen().availableGeometry().contains(sitting.window.geometry().center())
    assert sitting.window.width() == 672
    sitting.window.close_now()


def test_maximized_window_does_not_tell_its_place(sitting: Sitting, sent: list[FromWindows]) -> None:
    sitting.window.showMaximized()
    sitting.window.close_now()
    assert placed(sent) == []
