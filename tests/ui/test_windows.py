"""Each message reaches its window, and an error anywhere leaves no window behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.ui.conftest import Until
from tests.ui.samples import routine, showing, status
from traycoach.messages import (
    Appearance,
    CloseRoutineWindow,
    FromWindows,
    Leave,
    OpenRoutineWindow,
    PauseRoutineWindow,
    PromptGone,
    PromptOnScreen,
    RoutineOnScreen,
    RoutineOver,
    SetAppearance,
    ShowStatus,
    UpdateStatus,
    WindowsReady,
    WindowTrouble,
    WithdrawPromptWindow,
)
from traycoach.ui.theme import Theme
from traycoach.ui.windows import Windows


@pytest.fixture
def windows(theme: Theme, sent: list[FromWindows]) -> Iterator[Windows]:
    windows = Windows(theme, sent.append)
    windows.ready()
    yield windows
    windows._drop_routine()
    windows._drop_status()
    windows.prompts.drop()


@pytest.fixture
def left(windows: Windows) -> list[bool]:
    said: list[bool] = []
    windows.leaving.connect(lambda: said.append(True))
    return said


def test_ready_is_said_first(windows: Windows, sent: list[FromWindows]) -> None:
    assert sent == [WindowsReady(1)]
    assert windows.nothing_open


def test_prompt_is_shown_and_withdrawn(windows: Windows, sent: list[FromWindows], until: Until) -> None:
    windows.take(showing())
    until(lambda: PromptOnScreen(7) in sent)
    assert not windows.nothing_open
    windows.take(WithdrawPromptWindow(7))
    assert windows.nothing_open


def test_routine_is_opened_paused_and_closed(windows: Windows, sent: list[FromWindows], until: Until) -> None:
    windows.take(routine())
    until(lambda: RoutineOnScreen("hips-3") in sent)
    windows.take(PauseRoutineWindow("You are typing."))
    window = windows.routine
    assert window is not None
    assert window.page.explanation.text() == "You are typing."
    windows.take(CloseRoutineWindow())
    assert isinstance(sent[-1], RoutineOver)
    assert windows.routine is None
    assert windows.nothing_open


def test_second_routine_ends_the_first(windows: Windows, sent: list[FromWindows]) -> None:
    windows.take(routine())
    first = windows.routine
    windows.take(routine())
    assert first is not None
    assert not first.isVisible()
    assert windows.routine is not None
    assert windows.routine is not first
    assert [type(message) for message in sent].count(RoutineOver) == 1


def test_orders_for_windows_that_are_not_there_are_fine(windows: Windows, sent: list[FromWindows]) -> None:
    for message in (PauseRoutineWindow("x"), CloseRoutineWindow(), WithdrawPromptWindow(3), UpdateStatus(status())):
        windows.take(message)
    assert sent == [WindowsReady(1)]


def test_status_is_shown_once_and_updated_while_it_is_open(windows: Windows) -> None:
    windows.take(ShowStatus(status()))
    window = windows.status
    assert window is not None
    windows.take(UpdateStatus(status(clock_words="Sitting for 25 min")))
    assert window.state.text() == "Sitting for 25 min"
    window.close_asked()
    windows.take(UpdateStatus(status(clock_words="Sitting for 26 min")))
    assert window.state.text() == "Sitting for 25 min"
    windows.take(ShowStatus(status()))
    assert windows.status is window


def test_appearance_reaches_open_windows(windows: Windows, theme: Theme) -> None:
    windows.take(ShowStatus(status()))
    windows.take(SetAppearance(Appearance("dark", text_scale=2.0)))
    assert theme.palette.dark
    assert windows.status is not None
    assert windows.status.width() > 420


def test_leave_is_obeyed(windows: Windows, left: list[bool]) -> None:
    windows.take(Leave())
    assert left == [True]


def test_nothing_open_for_a_while_ends_the_process(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    windows = Windows(theme, sent.append, idle_ms=30)
    said: list[bool] = []
    windows.leaving.connect(lambda: said.append(True))
    windows.ready()
    until(lambda: said)


def test_open_window_keeps_the_process(theme: Theme, sent: list[FromWindows], until: Until) -> None:
    windows = Windows(theme, sent.append, idle_ms=30)
    windows.ready()
    for message, close in (
        (showing(), WithdrawPromptWindow(7)),
        (routine(), CloseRoutineWindow()),
    ):
        windows.take(message)
        assert not windows._idle.isActive()
        windows.take(close)
        assert windows._idle.isActive()
    windows.take(ShowStatus(status()))
    assert not windows._idle.isActive()
    assert windows.status is not None
    windows.status.close_asked()
    assert windows._idle.isActive()


def test_failing_message_is_told_without_its_content_and_everything_comes_down(
    windows: Windows, sent: list[FromWindows], until: Until
) -> None:
    windows.take(showing())
    until(lambda: PromptOnScreen(7) in sent)
    windows.take(ShowStatus(status()))
    windows.take(OpenRoutineWindow("secret-name", "Title", (), {}))
    trouble = [message for message in sent if isinstance(message, WindowTrouble)]
    assert len(trouble) == 1
    assert "secret" not in trouble[0].what
    assert PromptGone(7) in sent
    assert windows.nothing_open


def test_error_in_a_slot_is_told_and_everything_comes_down(
    windows: Windows, sent: list[FromWindows], until: Until
) -> None:
    windows.take(routine())
    until(lambda: RoutineOnScreen("hips-3") in sent)
    try:
        1 / 0  # noqa: B018 - the error is wanted
    except ZeroDivisionError:
        windows.trouble(*sys.exc_info())
    trouble = next(message for message in sent if isinstance(message, WindowTrouble))
    assert trouble.what.startswith("ZeroDivisionError in test_error")
    assert isinstance(sent[-1], RoutineOver)
    assert windows.nothing_open


def test_windows_work_again_after_trouble(windows: Windows, sent: list[FromWindows], until: Until) -> None:
    windows.take(OpenRoutineWindow("x", "Title", (), {}))
    sent.clear()
    windows.take(showing())
    until(lambda: sent == [PromptOnScreen(7)])
    windows.take(ShowStatus(status()))
    assert windows.status is not None
    assert windows.status.isVisible()
