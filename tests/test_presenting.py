"""What the presenter makes of the windows' words: choices remembered, and lessons kept from the coach."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from traycoach.core import events
from traycoach.errors import Unavailable, UserError
from traycoach.library import Library
from traycoach.messages import (
    Appearance,
    DifficultyChosen,
    OpenRoutineWindow,
    RoutineOnScreen,
    RoutineOver,
    ToWindows,
    WindowPlace,
    WindowPlaced,
)
from traycoach.preferences import Preferences
from traycoach.presenting import Presenter
from traycoach.settings import Offers


class Screen:
    """Takes messages as the window process does; `works` False: it keeps failing."""

    def __init__(self) -> None:
        self.works = True
        self.sent: list[ToWindows] = []

    def warm(self) -> bool:
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


class Desk:
    """A presenter with its surroundings."""

    def __init__(self, path: Path, library: Library) -> None:
        self.screen = Screen()
        self.posted: list[events.Event] = []
        self.presenter = Presenter(
            self.screen,
            None,
            library,
            post=self.posted.append,
            run_verb=lambda _verb, _words: None,
            facts=lambda: (("breaks today", "3 of 6"),),
            by_notification=lambda: False,
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
