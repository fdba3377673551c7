"""What the presenter makes of the windows' words: choices remembered, and lessons kept from the coach."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from traycoach.core import events
from traycoach.core.actions import Prompt
from traycoach.core.rules import Look
from traycoach.errors import Unavailable, UserError
from traycoach.library import Library
from traycoach.messages import (
    Appearance,
    DifficultyChosen,
    OpenRoutineWindow,
    RoutineOnScreen,
    RoutineOver,
    ShowPromptWindow,
    ToWindows,
    WindowPlace,
    WindowPlaced,
    WithdrawPromptWindow,
)
from traycoach.preferences import Preferences
from traycoach.presenting import Presenter
from traycoach.settings import Offers


class Screen:
    """Takes messages as the window process does; `works` False: it keeps failing."""

    def __init__(self) -> None:
        self.works = True
        self.warmed = False
        self.sent: list[ToWindows] = []

    def warm(self) -> bool:
        self.warmed = True
        return self.works

    def send(self, message: ToWindows) -> bool:
        if self.works:
            self.sent.append(message)
        return self.works

    @property
    def opened(self) -> OpenRoutineWindow:
        message = self.sent[-1]
        assert isinstance(message, OpenRoutineWindow)
        return message


class Notices:
    """Takes prompts as the notifications do."""

    def __init__(self) -> None:
        self.able = True
        self.shown: list[tuple[int, str]] = []
        self.withdrawn: list[int] = []

    def show_prompt(self, prompt: Prompt, *, plain: bool = False) -> None:
        self.shown.append((prompt.id, "plain" if plain else "with buttons"))

    def withdraw_prompt(self, prompt: int) -> None:
        self.withdrawn.append(prompt)


class Desk:
    """A presenter with its surroundings. With `notices` prompts are notifications."""

    def __init__(self, path: Path, library: Library, notices: Notices | None = None) -> None:
        self.screen = Screen()
        self.posted: list[events.Event] = []
        self.presenter = Presenter(
            self.screen,
            notices,
            library,
            post=self.posted.append,
            run_verb=lambda _verb, _words: None,
            facts=lambda: (("breaks today", "3 of 6"),),
            by_notification=lambda: notices is not None,
            corner=lambda: "bottom-right",
            appearance=Appearance,
            preferences=Preferences(path),
            offers=Offers,
        )


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture
def desk(tmp_path: Path, library: Library) -> Desk:
    return Desk(tmp_path / "preferences.json", library)


def with_variants(library: Library) -> tuple[str, Any]:
    for entry in library.entries():
        for step in library.open_message(entry.id).steps:
            if step.easier is not None:
                return entry.id, step.exercise["id"]
    raise AssertionError


def test_chosen_difficulty_and_place_come_with_the_next_routine(desk: Desk, library: Library, tmp_path: Path) -> None:
    routine, exercise = with_variants(library)
    desk.presenter.open_routine(routine)
    assert desk.screen.opened.place is None
    assert {step.level for step in desk.screen.opened.steps} == {"standard"}
    desk.presenter.heard(DifficultyChosen(exercise, "easier"))
    desk.presenter.heard(WindowPlaced(1, 2, 700, 800))
    later = Desk(tmp_path / "preferences.json", library)
    later.presenter.open_routine(routine)
    assert later.screen.opened.place == WindowPlace(1, 2, 700, 800)
    levels = {step.exercise["id"]: step.level for step in later.screen.opened.steps}
    assert levels.pop(exercise) == "easier"
    assert set(levels.values()) <= {"standard"}
    assert desk.posted == []


def test_lesson_opens_without_the_coach_and_its_end_is_no_break(desk: Desk) -> None:
    desk.presenter.open_lesson("seat", "token")
    assert (desk.screen.opened.routine, desk.screen.opened.activation_token) == ("seat", "token")
    assert desk.screen.opened.change_now
    desk.presenter.heard(RoutineOnScreen("seat", lesson=True))
    desk.presenter.heard(RoutineOver("seat", timedelta(seconds=72), 4, 4, lesson=True))
    assert desk.posted == []


def test_routine_is_told_to_the_coach_as_ever(desk: Desk) -> None:
    desk.presenter.heard(RoutineOnScreen("hips-3"))
    desk.presenter.heard(RoutineOver("hips-3", timedelta(seconds=60), 3, 4))
    assert desk.posted == [
        events.RoutineStarted("hips-3"),
        events.RoutineEnded("hips-3", timedelta(seconds=60), 3, 4, None, None),
    ]


def test_unknown_lesson_is_the_users_error(desk: Desk) -> None:
    with pytest.raises(UserError, match="seat"):
        desk.presenter.open_lesson("seats", "")
    assert desk.screen.sent == []


def test_lesson_needs_windows_that_work(desk: Desk) -> None:
    desk.screen.works = False
    with pytest.raises(Unavailable):
        desk.presenter.open_lesson("seat", "")


PROMPT = Prompt(7, "stand", Look.CARD, "Up?", "", timedelta(minutes=30))


@pytest.fixture
def notices() -> Notices:
    return Notices()


@pytest.fixture
def wayland(tmp_path: Path, library: Library, notices: Notices) -> Desk:
    return Desk(tmp_path / "preferences.json", library, notices)


def windows_of(desk: Desk) -> list[str]:
    kinds = {ShowPromptWindow: "shown", WithdrawPromptWindow: "withdrawn"}
    return [kinds[type(message)] for message in desk.screen.sent if type(message) in kinds]


def test_prompt_is_a_notification_and_goes_when_it_is_answered_elsewhere(wayland: Desk, notices: Notices) -> None:
    wayland.presenter.show(PROMPT)
    assert (notices.shown, wayland.screen.sent) == ([(7, "with buttons")], [])
    wayland.presenter.withdraw(7)
    wayland.presenter.withdraw(7)
    assert notices.withdrawn == [7]
    assert wayland.posted == []


def test_prompt_is_a_window_where_no_notification_can_be(wayland: Desk, notices: Notices) -> None:
    wayland.presenter.show(PROMPT)
    wayland.presenter.notice_failed(PROMPT)
    assert windows_of(wayland) == ["shown"]
    wayland.presenter.withdraw(7)
    assert windows_of(wayland) == ["shown", "withdrawn"]
    assert notices.withdrawn == [], "no notification stood there"


def test_prompt_has_no_buttons_where_windows_fail_too_and_stays_due_where_nothing_works(
    wayland: Desk, notices: Notices
) -> None:
    wayland.screen.works = False
    wayland.presenter.show(PROMPT)
    wayland.presenter.notice_failed(PROMPT)
    assert notices.shown == [(7, "with buttons"), (7, "plain")]
    assert wayland.posted == []
    wayland.presenter.notice_failed(PROMPT)
    assert len(notices.shown) == 2, "it goes round in a circle"
    assert wayland.posted == [events.PromptFailed(7)]


def test_prompt_that_was_withdrawn_meanwhile_does_not_come_up_as_a_window(wayland: Desk) -> None:
    wayland.presenter.show(PROMPT)
    wayland.presenter.withdraw(7)
    wayland.presenter.notice_failed(PROMPT)
    assert wayland.screen.sent == []
    assert wayland.posted == []


def test_prompt_whose_server_went_is_due_again(wayland: Desk) -> None:
    wayland.presenter.show(PROMPT)
    wayland.presenter.notice_lost(7)
    wayland.presenter.notice_lost(7)
    assert wayland.posted == [events.WindowsLost()]


def test_prompt_stays_due_where_windows_fail_and_there_are_no_notifications(desk: Desk) -> None:
    desk.screen.works = False
    desk.presenter.show(PROMPT)
    assert desk.posted == [events.PromptFailed(7)]


def test_only_a_start_keeps_the_token_of_its_click(wayland: Desk, library: Library) -> None:
    routine = with_variants(library)[0]
    for answer, token in ((events.Answer.SKIP, ""), (events.Answer.START, "token-1")):
        wayland.presenter.show(PROMPT)
        wayland.presenter.notice_answered(7, answer, None, "token-1")
        assert wayland.posted.pop() == events.PromptAnswered(7, answer, None)
        wayland.presenter.open_routine(routine)
        assert wayland.screen.opened.activation_token == token


@pytest.mark.parametrize("able", [True, False])
def test_windows_are_warmed_where_one_will_be_wanted(wayland: Desk, notices: Notices, able: bool) -> None:
    notices.able = able
    wayland.presenter.warm()
    assert wayland.screen.warmed is not able
