"""`open lesson` over the control channel: a lesson by its id, and never over a routine."""

from __future__ import annotations

from typing import Any

import pytest

from traycoach.core.actions import TrayKind, TrayState
from traycoach.errors import Unavailable, UserError
from traycoach.messages import Reply, Request
from traycoach.verbs import Standing, Verbs


class Healthy:
    def findings(self) -> list[dict[str, Any]]:
        return [{"name": "x11 alarms"}]

    def live(self) -> dict[str, Any]:
        return {"source": "x11 alarms"}


def verbs(*, routine: bool = False) -> tuple[Verbs, list[tuple[str, str]]]:
    opened: list[tuple[str, str]] = []
    tray = TrayState(kind=TrayKind.SITTING, words="", why="", today="", progress=0.0)
    return Verbs(
        post=lambda _event: None,
        ask=lambda _read: Standing(tray, {}, due=False, routine=routine),
        open_window=lambda _what, _token: None,
        leave=lambda: None,
        catalogue=lambda: (),
        inside=Healthy,
        tray_visible=lambda: True,
        open_lesson=lambda lesson, token: opened.append((lesson, token)),
    ), opened


def test_lesson_is_opened_by_its_id_with_the_token_of_the_click() -> None:
    answering, opened = verbs()
    assert answering.handle(Request("open", ("lesson", "seat"), activation_token="token")) == Reply(0, "")
    assert opened == [("seat", "token")]


def test_lesson_does_not_push_a_routine_aside() -> None:
    answering, opened = verbs(routine=True)
    with pytest.raises(Unavailable, match="open already"):
        answering.handle(Request("open", ("lesson", "seat")))
    assert opened == []


def test_lesson_without_an_id_is_asked_for() -> None:
    answering, _opened = verbs()
    with pytest.raises(UserError, match="Which lesson"):
        answering.handle(Request("open", ("lesson",)))


def test_other_windows_take_no_second_word() -> None:
    answering, opened = verbs()
    with pytest.raises(UserError):
        answering.handle(Request("open", ("status", "seat")))
    assert opened == []


def test_doctor_gets_what_each_part_says_and_what_it_says_now() -> None:
    answering, _opened = verbs()
    assert answering.handle(Request("doctor")).data == {"findings": [{"name": "x11 alarms"}]}
    assert answering.handle(Request("doctor", ("live",))).data == {"source": "x11 alarms"}
