"""`doctor --watch`: lines for what became different, and the end."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest

from traycoach.doctor_watch import changes, last_input, watch
from traycoach.errors import Unavailable

NOW: dict[str, Any] = {
    "now": "2026-03-02T10:02:05+01:00",
    "source": "x11 alarms",
    "idle_for_s": 0.42,
    "presence": "active",
    "returned": None,
    "posture": "sitting",
    "guards": {"microphone (PulseAudio)": "no", "fullscreen (sway)": "unknown"},
    "holds": [],
    "evidence": [],
    "prompts": [],
    "why": "Sitting for 3 min.",
}
WORDS = {
    "touch": "a touch of three seconds that began at 10:02:02",
    "second touch": "a second touch within half a minute; the first began at 10:02:02",
    "unlocked": "unlocking, or your session on the screen again, at 10:02:02",
}


def different(**values: Any) -> list[str]:
    return list(changes(NOW, {**NOW, **values}))


def test_the_beginning_tells_all_that_holds() -> None:
    now = {**NOW, "holds": ["microphone"], "guards": {"microphone (PulseAudio)": "yes", "fullscreen (sway)": "no"}}

    assert list(changes({}, now)) == [
        "input is told by: x11 alarms",
        "presence: active",
        "posture: sitting",
        "microphone (PulseAudio): yes",
        "holds: microphone",
        "no evidence of presence but input",
    ]


def test_nothing_new_is_no_line() -> None:
    assert different(idle_for_s=9.0, why="Sitting for 4 min.") == []


@pytest.mark.parametrize("by", WORDS)
def test_the_touch_that_ended_an_absence_is_named(by: str) -> None:
    returned = {"by": by, "at": "2026-03-02T10:02:02+01:00"}

    assert different(returned=returned) == [f"the absence was ended by {WORDS[by]}"]


def test_an_absence_that_ended_before_is_not_told_again() -> None:
    now = {**NOW, "returned": {"by": "touch", "at": "2026-03-02T09:00:00+01:00"}}

    assert not [line for line in changes({}, now) if "absence" in line]


def test_prompts_come_move_and_close() -> None:
    due = {**NOW, "prompts": [{"rule": "stand", "stage": "due"}]}

    assert list(changes(NOW, due)) == ["prompt stand: due"]
    assert list(changes(due, {**NOW, "prompts": [{"rule": "stand", "stage": "shown"}]})) == ["prompt stand: shown"]
    assert list(changes(due, NOW)) == ["prompt stand: closed"]


def test_guards_sources_and_posture_change() -> None:
    guards = {"microphone (PulseAudio)": "yes", "fullscreen (sway)": "unknown"}

    assert different(guards=guards, holds=["microphone"], evidence=["microphone"]) == [
        "microphone (PulseAudio): yes",
        "holds: microphone",
        "evidence of presence: microphone",
    ]
    assert different(source=None, presence="unknown") == ["input is told by: nobody", "presence: unknown"]


def test_the_last_line_tells_the_age_of_the_last_input_or_why_there_is_none() -> None:
    assert last_input(NOW) == "last input 0.4 s ago. Sitting for 3 min."
    assert last_input({**NOW, "idle_for_s": None}) == "Sitting for 3 min."


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_line_that_is_written_over() -> None:
    stop, out = threading.Event(), Terminal()

    def ask() -> dict[str, Any]:
        stop.set()
        return NOW

    watch(out, ask, stop)

    assert "10:02:05  presence: active\n" in out.getvalue()
    assert out.getvalue().endswith("\r\x1b[K10:02:05  last input 0.4 s ago. Sitting for 3 min.\n")


def test_a_coach_that_quits_ends_the_watch_with_its_reason() -> None:
    answers = [NOW]

    def ask() -> dict[str, Any]:
        if not answers:
            raise Unavailable("No coach runs.")
        return answers.pop()

    out = io.StringIO()
    with pytest.raises(Unavailable, match="No coach"):
        watch(out, ask)

    assert out.getvalue().startswith("10:02:05  input is told by: x11 alarms\n")


def test_ctrl_c_is_a_good_end() -> None:
    def ask() -> dict[str, Any]:
        raise KeyboardInterrupt

    watch(io.StringIO(), ask)
