"""One Qt application on the offscreen platform for all tests of windows, and a way to wait for what Qt does next."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from traycoach.messages import Appearance, FromWindows
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import load_fonts

Until = Callable[[Callable[[], object]], None]


@pytest.fixture(scope="session", autouse=True)
def application() -> QApplication:
    running = QApplication.instance()
    # another module may have made the application, and without the fonts all sizes differ
    application = running if isinstance(running, QApplication) else QApplication(["tests"])
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)
    load_fonts()
    return application


@pytest.fixture(autouse=True)
def no_error_in_a_slot(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An exception in a slot or an event handler reaches nobody but this hook: it fails the test."""
    seen: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: seen.append(error))
    yield
    for window in QApplication.topLevelWidgets():
        window.hide()
    assert seen == []


@pytest.fixture
def until() -> Until:
    """Run Qt's loop until the condition holds; give up after ten seconds."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = QDeadlineTimer(10_000)
        loop = QEventLoop()
        pulse = QTimer()
        pulse.setInterval(5)
        pulse.timeout.connect(loop.quit)
        pulse.start()
        while not (condition() or deadline.hasExpired()):
            loop.exec()
        assert condition()

    return wait


@pytest.fixture
def theme(application: QApplication) -> Theme:
    return Theme(Appearance("light", reduced_motion=True))


@pytest.fixture
def sent() -> list[FromWindows]:
    """What the windows have told the daemon."""
    return []
