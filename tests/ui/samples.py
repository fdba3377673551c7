"""Messages as the daemon sends them, with exercises that are shipped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.figure.bundle import exercises, presets
from traycoach.core.actions import Prompt, SnoozeChoice, TrayKind, TrayState
from traycoach.core.instant import SECOND
from traycoach.core.rules import Look, Posture
from traycoach.messages import DayPart, OpenRoutineWindow, RoutineStep, ShowPromptWindow, StatusView

HOUR = 3600


def prompt(look: Look = Look.CARD, **changes: Any) -> Prompt:
    now = datetime.fromisoformat("2026-03-03T14:32+01:00")
    values: dict[str, Any] = {
        "id": 7,
        "rule": "stand",
        "look": look,
        "headline": "You’ve been sitting 52 min",
        "line": "Two minutes for hips and back?",
        "sat_for": timedelta(minutes=52),
        "routine": "stand-60",
        "routine_length": timedelta(minutes=2),
        "length": 20 * SECOND,
        "snoozes": (
            SnoozeChoice(timedelta(minutes=5), now + timedelta(minutes=5)),
            SnoozeChoice(timedelta(minutes=15), now + timedelta(minutes=15)),
            SnoozeChoice(None, now + timedelta(minutes=60)),
        ),
    }
    return Prompt(**{**values, **changes})


def showing(look: Look = Look.CARD, mute_s: float = 0.0, **changes: Any) -> ShowPromptWindow:
    return ShowPromptWindow(
        prompt(look, **changes), exercises()["sit-to-stand"], mute_for=mute_s * SECOND, poses=presets()
    )


def step(exercise: str, side: str = "none", length_s: float = 30, reps: int | None = None) -> RoutineStep:
    return RoutineStep(exercises()[exercise], side, length_s * SECOND, reps)


def routine(*steps: RoutineStep) -> OpenRoutineWindow:
    steps = steps or (
        step("march-in-place", length_s=20),
        step("figure4-seated", "right"),
        step("figure4-seated", "left"),
        step("heel-raise", length_s=40, reps=8),
    )
    return OpenRoutineWindow("hips-3", "Hips", steps, presets(), (("breaks today", "3 of 6"), ("in a row", "4 days")))


def status(kind: TrayKind = TrayKind.SITTING, **changes: Any) -> StatusView:
    tray = TrayState(
        kind=kind,
        words="sitting 24 of 30 min",
        why="Nothing is due.",
        today="sat 3 h 10",
        progress=0.8,
        posture=changes.pop("posture", Posture.SITTING),
        paused=kind is TrayKind.PAUSED,
        can_claim_presence=changes.pop("can_claim_presence", False),
    )
    values: dict[str, Any] = {
        "tray": tray,
        "clock_words": "Sitting for 24 min",
        "next_words": "Next prompt after 6 min more",
        "rows": (("Sitting", "4 h 02"), ("Breaks", "3 of 6")),
        "parts": (DayPart("sitting", 9 * HOUR, 10 * HOUR), DayPart("break", 10 * HOUR, 10 * HOUR + 300)),
        "routines": (("hips-3", "Hips"), ("stand-60", "Up for a minute")),
        "now_s": 14 * HOUR,
    }
    return StatusView(**{**values, **changes})
