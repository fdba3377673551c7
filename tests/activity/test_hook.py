"""The pynput hook against a real server."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from tests.activity.test_x11 import X11Desk
from tests.contracts.source import LIMIT_S, SHORT, SourceContract
from tests.desktops.lab import XServer, wait_until
from traycoach.activity.hook import HookSource, InputHook, Touch
from traycoach.desktop.x11 import SharedX11, require_x11
from traycoach.errors import Unavailable

# pynput leaves its second connection open when the server dies; the interpreter notes that when it next collects.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def nothing_left_for_the_next_module() -> Iterator[None]:
    """Outlast the server: its death ends the threads, and what they left open is collected here."""
    yield
    for thread in threading.enumerate():
        if thread.name == "input-hook":
            thread.join(LIMIT_S)
    gc.collect()


@pytest.fixture
def display(x_server: XServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DISPLAY", x_server.name)  # pynput asks the environment
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    return x_server.name


class HookDesk(X11Desk):
    def touch(self) -> None:
        """Press a key until it is heard: a listener takes a moment to be ready, and another to hear."""

        def heard() -> bool:
            super(HookDesk, self).touch()
            try:
                return self.source.idle_for() < SHORT / 3
            except Unavailable:
                return True

        wait_until(heard, LIMIT_S, "the hook")


class TestHookSource(SourceContract):
    @pytest.fixture
    def desk(self, x_server: XServer, display: str) -> Iterator[HookDesk]:
        desk = HookDesk(x_server, SharedX11({"DISPLAY": display}), HookSource(require_x11))
        yield desk
        desk.source.stop()


def test_hook_tells_keys_clicks_and_motion_and_nothing_else(x_server: XServer, display: str) -> None:
    touches: SimpleQueue[Touch] = SimpleQueue()
    hook = InputHook(touches.put, lambda _: None)
    hook.start()
    seen: set[Touch] = set()

    def heard_all() -> bool:
        x_server.keyboard.tap("a")
        x_server.pointer.click(5, 5)
        x_server.pointer.move(9, 9)
        while not touches.empty():
            seen.add(touches.get())
        return seen == {Touch.KEY, Touch.CLICK, Touch.MOTION}

    wait_until(heard_all, LIMIT_S, "all kinds of input")
    hook.stop()


def test_library_is_not_imported_before_a_hook_is_started() -> None:
    code = (
        "import sys; from traycoach.activity import hook, load, sources; import traycoach.guards.x11_focus; "
        "hook.HookSource(lambda: None).probe(); print('pynput' in sys.modules, 'Xlib' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["False", "False"]


def test_hook_is_refused_where_it_would_be_blind() -> None:
    def allowed() -> str:
        return require_x11({"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"})

    with pytest.raises(Unavailable, match="Wayland"):
        HookSource(allowed).probe()
