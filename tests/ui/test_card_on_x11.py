"""The prompt on real X11 desktops, beside somebody who is typing: two window managers, real keys, a real pointer."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.desktops.lab import Lab
from tests.desktops.screen import ShownWindow
from tests.ui.process import WindowProcess
from tests.ui.samples import routine, showing
from traycoach.core.events import Answer
from traycoach.core.rules import Look
from traycoach.messages import (
    Appearance,
    FromWindows,
    Heartbeat,
    PromptOnScreen,
    PromptReply,
    RoutineFocus,
    RoutineOnScreen,
    SetAppearance,
    ShowPromptWindow,
    WindowsReady,
    WithdrawPromptWindow,
)

pytestmark = pytest.mark.desktop

EDITOR = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QPlainTextEdit
application = QApplication(["editor"])
edit = QPlainTextEdit()
edit.setWindowTitle("Editor")
edit.setGeometry(100, 100, 400, 300)
edit.textChanged.connect(lambda: Path(sys.argv[1]).write_text(edit.toPlainText()))
edit.show()
application.exec()
"""
HEADLINE = "sitting 52 min"
START = (100, 136)
"""The middle of the start button, from the corner of the card."""


class Desk:
    """A desktop with an editor in use, and the window process."""

    def __init__(self, desktop: Lab, process: WindowProcess) -> None:
        self.desktop, self.process = desktop, process
        self.pointer, self.keyboard = desktop.x_server.pointer, desktop.x_server.keyboard
        self.text = desktop.folder / "typed.txt"

    def window(self, title: str) -> ShownWindow | None:
        return self.desktop.x_server.window(title)

    def wait_for(self, title: str) -> ShownWindow:
        return self.desktop.wait_until(lambda: self.window(title), 10, title)

    def show(self, message: ShowPromptWindow) -> ShownWindow:
        self.process.say(message)
        self.process.hear_until(PromptOnScreen)
        return self.wait_for(HEADLINE)

    def typed(self, text: str) -> None:
        self.keyboard.type(text)
        self.desktop.wait_until(
            lambda: self.text.exists() and self.text.read_text().endswith(text), 10, f"{text!r} in the editor"
        )

    @property
    def active(self) -> list[int]:
        return self.desktop.x_server.root_property("_NET_ACTIVE_WINDOW")


@pytest.fixture(params=["xfce", "xembed"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """XFCE (xfwm4) and the poorest one (openbox)."""
    desktop: Lab = request.getfixturevalue(request.param)
    script = desktop.folder / "editor.py"
    script.write_text(EDITOR)
    desktop.start([sys.executable, str(script), str(desktop.folder / "typed.txt")], "editor")
    with WindowProcess(desktop.environ) as process:
        desk = Desk(desktop, process)
        editor = desk.wait_for("Editor")
        desk.pointer.click(editor.x + 200, editor.y + 150)
        desk.typed("ready")
        assert process.hear() == WindowsReady(1)
        process.say(SetAppearance(Appearance("light", reduced_motion=True)))
        yield desk


def test_card_takes_no_key_and_no_focus_and_lies_in_its_corner(desk: Desk) -> None:
    before = desk.active
    card = desk.show(showing(mute_s=0.0))
    desk.typed(" on zx")
    desk.keyboard.tap("Return")
    desk.typed("and on")
    assert desk.active == before
    assert desk.process.is_silent_for(0.3)
    left, top, width, height = desk.desktop.x_server.root_property("_NET_WORKAREA")[:4]
    assert (card.x + card.width, card.y + card.height) == (left + width - 16, top + height - 16)


def test_card_is_in_no_task_list(desk: Desk) -> None:
    card = desk.show(showing())
    connection = desk.desktop.x_server.display
    window = connection.create_resource_object("window", card.id)
    state = window.get_full_property(connection.intern_atom("_NET_WM_STATE"), 0)
    assert state is not None
    names = {connection.get_atom_name(atom) for atom in state.value}
    assert {"_NET_WM_STATE_SKIP_TASKBAR", "_NET_WM_STATE_SKIP_PAGER"} <= names


def test_deaf_card_lets_the_click_go_by_and_a_later_one_answers_without_taking_the_focus(desk: Desk) -> None:
    before = desk.active
    card = desk.show(showing(mute_s=1.0))
    desk.pointer.click(card.x + START[0], card.y + START[1])
    assert desk.process.is_silent_for(1.2)
    desk.pointer.click(card.x + START[0], card.y + START[1])
    assert desk.process.hear() == PromptReply(7, Answer.START)
    desk.desktop.wait_until(lambda: desk.window(HEADLINE) is None or None, 10, "the card's end")
    assert desk.active == before
    desk.typed(" still here")


def test_card_keeps_clear_of_the_pointer(desk: Desk) -> None:
    usual = desk.show(showing())
    desk.process.say(WithdrawPromptWindow(7))
    desk.desktop.wait_until(lambda: desk.window(HEADLINE) is None or None, 10, "the card's end")
    desk.pointer.move(usual.x + 200, usual.y + 80)
    card = desk.show(showing())
    assert (card.x, card.y) != (usual.x, usual.y)
    assert not (card.x <= usual.x + 200 < card.x + card.width and card.y <= usual.y + 80 < card.y + card.height)


def test_snooze_menu_works_by_pointer_and_keys_while_the_editor_stays_active(desk: Desk) -> None:
    before = desk.active
    card = desk.show(showing())
    desk.pointer.click(card.x + 255, card.y + START[1])
    desk.wait_for("Snooze")
    for key in ("Down", "Return"):
        desk.keyboard.tap(key)
    reply = desk.process.hear()
    assert (reply.answer, reply.snooze_for.total_seconds()) == (Answer.SNOOZE, 15 * 60)
    assert desk.active == before
    desk.typed(" back")


def test_overlay_takes_the_keys_and_lets_go_when_esc_is_held(desk: Desk) -> None:
    before, typed = desk.active, desk.text.read_text()
    shown = desk.show(showing(Look.OVERLAY, mute_s=0.2))
    assert (shown.x, shown.y, shown.width, shown.height) == (0, 0, 1280, 800)
    desk.desktop.wait_until(lambda: desk.active != before or None, 10, "the overlay's focus")
    desk.keyboard.type("secret")
    desk.keyboard.tap("Escape")
    desk.keyboard.press("Escape")
    answers: list[FromWindows] = []
    while not answers:
        heard = desk.process.hear()
        if not isinstance(heard, Heartbeat):
            answers.append(heard)
    desk.keyboard.release("Escape")
    assert answers == [PromptReply(7, Answer.SKIP)]
    desk.desktop.wait_until(lambda: desk.active == before or None, 10, "the editor's focus")
    assert desk.text.read_text() == typed


def test_routine_window_opens_ready_for_keys_and_tells_when_the_focus_goes(desk: Desk) -> None:
    desk.process.say(routine())
    heard = {type(desk.process.hear()) for _ in range(2)}
    assert heard == {RoutineOnScreen, RoutineFocus}
    desk.wait_for("Hips")
    editor = desk.window("Editor")
    assert editor is not None
    desk.pointer.click(editor.x + 40, editor.y + 40)
    assert desk.process.hear_until(RoutineFocus) == RoutineFocus(focused=False)
    desk.typed(" elsewhere")
