"""Real messages with real exercises, for the pictures and the measurements of the windows."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from traycoach.core.actions import Prompt, SnoozeChoice, TrayKind, TrayState
from traycoach.core.rules import Look
from traycoach.library import Library
from traycoach.library.variants import variant
from traycoach.messages import (
    DayPart,
    OpenRoutineWindow,
    PicturesAsked,
    PreviewAsked,
    RoutineStep,
    RoutinesView,
    ShowPictures,
    ShowPreview,
    ShowPromptWindow,
    StatusView,
)
from traycoach.routines_view import routines_view as view_of
from traycoach.settings import Offers

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "config"
NOW = datetime(2026, 3, 3, 14, 32)  # noqa: DTZ001 - a picture's clock

LONG_HEADLINE = "Sie sitzen jetzt schon seit zweiundfünfzig Minuten ohne Unterbrechung"
LONG_LINE = "Zwei Minuten für Hüften und unteren Rücken? Kein Boden, keine Geräte, und niemand muss dabei zusehen."


def exercise(name: str) -> dict[str, Any]:
    return tomllib.loads((CONFIG / "exercises" / f"{name}.toml").read_text(encoding="utf-8"))


def poses() -> dict[str, Any]:
    return tomllib.loads((CONFIG / "poses.toml").read_text(encoding="utf-8"))


def prompt(look: Look = Look.CARD, *, long: bool = False) -> Prompt:
    lengths = (5, 15, 30)
    choices = tuple(SnoozeChoice(timedelta(minutes=m), NOW + timedelta(minutes=m)) for m in lengths)
    notice = look is Look.NOTICE
    headline = "Rest your eyes" if notice else "You’ve been sitting 52 min"
    line = "Look at something far away." if notice else "Two minutes for hips and back?\nNo floor, no kit."
    return Prompt(
        id=1,
        rule="stand",
        look=look,
        headline=LONG_HEADLINE if long else headline,
        line=LONG_LINE if long else line,
        sat_for=timedelta(minutes=52),
        routine="stand-60",
        routine_length=timedelta(minutes=2),
        length=timedelta(seconds=20),
        snoozes=(*choices, SnoozeChoice(None, NOW + timedelta(minutes=58))),
        skip_after=timedelta(seconds=8),
    )


def prompt_message(look: Look = Look.CARD, *, long: bool = False, mute_s: float = 0.0) -> ShowPromptWindow:
    shown = exercise("far-gaze" if look is Look.NOTICE else "sit-to-stand")
    return ShowPromptWindow(prompt(look, long=long), shown, mute_for=timedelta(seconds=mute_s), poses=poses())


def with_levels(step: RoutineStep, easier: str, harder: str) -> RoutineStep:
    return replace(
        step,
        easier=variant(step, exercise(easier), harder=False),
        harder=variant(step, exercise(harder), harder=True),
    )


def routine_message(*, long: bool = False) -> OpenRoutineWindow:
    second = timedelta(seconds=1)
    figure4, hamstring = exercise("figure4-seated"), exercise("hamstring-seated")
    if long:
        figure4["title"] = "Sitzende Dehnung der tiefen Hüftmuskulatur"
        figure4["how"] = (
            "Legen Sie den Knöchel auf das andere Knie und neigen Sie sich mit langem Rücken aus der Hüfte nach vorn, "
            "bis Sie eine milde Dehnung spüren. Hören Sie auf, sobald es scharf wird oder kribbelt."
        )
        figure4["feel"] = "tief in der Gesäßhälfte derselben Seite, keinesfalls im Knie oder weiter unten im Bein"
        figure4["move"][0]["cue"] = "Mit langem Rücken nach vorn neigen, ruhig"
        hamstring["title"] = "Dehnung der Oberschenkelrückseite im Sitzen"
    steps = (
        RoutineStep(exercise("march-in-place"), "none", 40 * second),
        with_levels(RoutineStep(figure4, "right", 30 * second), "seat-shift", "figure4-supine"),
        with_levels(RoutineStep(figure4, "left", 30 * second), "seat-shift", "figure4-supine"),
        RoutineStep(hamstring, "right", 25 * second),
        RoutineStep(hamstring, "left", 25 * second),
        with_levels(RoutineStep(exercise("bridge"), "none", 48 * second, 8), "pelvic-tilt-floor", "single-leg-bridge"),
    )
    title = "Hüften, unterer Rücken und alles, was vom langen Sitzen müde ist" if long else "Hips and lower back"
    facts = (("breaks today", "3 of 6"), ("longest sit today", "48 min"), ("in a row", "4 days"))
    return OpenRoutineWindow("hips-3", title, steps, poses(), facts)


def lesson_message() -> OpenRoutineWindow:
    return Library.load(CONFIG).lesson_message("seat")


def status_view(*, kind: TrayKind = TrayKind.SITTING, long: bool = False) -> StatusView:
    hour = 3600
    parts = (
        DayPart("sitting", int(8.52 * hour), int(9.3 * hour)),
        DayPart("break", int(9.3 * hour), int(9.36 * hour)),
        DayPart("sitting", int(9.36 * hour), int(10.05 * hour)),
        DayPart("standing", int(10.08 * hour), int(10.6 * hour)),
        DayPart("sitting", int(10.62 * hour), int(11.4 * hour)),
        DayPart("break", int(11.4 * hour), int(11.46 * hour)),
        DayPart("sitting", int(11.46 * hour), int(12.1 * hour)),
        DayPart("away", int(12.12 * hour), int(12.85 * hour)),
        DayPart("sitting", int(12.87 * hour), int(13.6 * hour)),
        DayPart("break", int(13.6 * hour), int(13.66 * hour)),
        DayPart("standing", int(13.66 * hour), int(14.1 * hour)),
        DayPart("sitting", int(14.13 * hour), int(14.53 * hour)),
    )
    why = "Nothing is due. The next break is in 6 minutes."
    if kind is TrayKind.HELD:
        why = "Due for 4 min, waiting: your microphone is in use."
    if long:
        why = (
            "Seit vier Minuten fällig, es wird gewartet: Ihr Mikrofon ist in Benutzung und der Bildschirm ist geteilt."
        )
    tray = TrayState(
        kind=kind,
        words="sitting 24 of 30 min",
        why=why,
        today="sat 3 h 10, longest 48 min, 5 breaks",
        progress=0.8,
        nearly=True,
        can_claim_presence=True,
        paused=kind is TrayKind.PAUSED,
    )
    rows = (("Sitting", "4 h 02"), ("Standing", "0 h 57"), ("Longest sit", "48 min"), ("Breaks", "3 of 6"))
    return StatusView(
        tray=tray,
        clock_words="Sitting for 24 min" if not long else "Sie sitzen seit vierundzwanzig von dreißig Minuten",
        next_words="Next: stand up, 14:38" if not long else "Als Nächstes: aufstehen und etwas gehen, um 14:38 Uhr",
        rows=rows,
        parts=parts,
        routines=(
            ("hips-3", "Hips and lower back"),
            ("stand-60", "Up for a minute"),
            ("eyes-30", "Eyes for half a minute"),
        ),
        now_s=int(14.53 * hour),
    )


def routines_view(*, long: bool = False) -> RoutinesView:
    """The shipped library with two favourites, a hidden one and one of the user's own."""
    offers = Offers(favourites=frozenset({"hips-3", "eyes-20"}), hidden=frozenset({"stand-60"}))
    entries = [replace(entry, own=entry.id == "stand-2") for entry in view_of(Library.load(), offers).entries]
    if long:
        entries = [replace(entry, title=LONG_HEADLINE, summary=LONG_LINE) for entry in entries]
    return RoutinesView(tuple(entries))


def library_answer(message: object) -> ShowPreview | ShowPictures | None:
    """What the daemon would answer."""
    library = Library.load()
    lessons = {entry.id for entry in library.lessons()}
    match message:
        case PreviewAsked(routine=name):
            steps = library.lesson_message(name).steps if name in lessons else library.routine(name).steps
            return ShowPreview(name, steps, library.poses())
        case PicturesAsked(routines=names):
            pictures = {
                name: library.lesson_message(name).steps[0].exercise if name in lessons else library.thumbnail(name)
                for name in names
            }
            return ShowPictures(pictures, library.poses())
    return None
