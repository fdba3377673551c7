"""`traycoach routines export`: what is exported, and the child that paints it offscreen. Qt is never loaded here."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traycoach.errors import Problem, Unavailable, UserError
from traycoach.library import Library
from traycoach.library.dose import dose_of
from traycoach.messages import Appearance, OpenRoutineWindow, RoutineStep, SetAppearance
from traycoach.paths import user_paths
from traycoach.settings.durations import duration_text
from traycoach.text import _
from traycoach.ui_process.child import python_path
from traycoach.wire import encode

MODULE = "traycoach.ui.export"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is exported: the message that the window would get, and a line that goes under its title."""

    message: OpenRoutineWindow
    summary: str
    is_exercise: bool = False


@dataclass(frozen=True, slots=True)
class Painted:
    """One thing the child said: what it is about, and for a picture its size and RGBX bytes."""

    about: Mapping[str, Any]
    width: int = 0
    height: int = 0
    pixels: bytes = b""


def subject(library: Library, name: str) -> Subject:
    """Find a routine, an exercise or a lesson by its id, in this order. Raises UserError if there is none."""
    routines = {entry.id for entry in library.entries()}
    exercises = {entry.id for entry in library.exercises()}
    lessons = {entry.id: entry for entry in library.lessons()}
    if name in routines:
        routine = library.routine(name)
        message = OpenRoutineWindow(routine.id, routine.title, routine.steps, library.poses())
        return Subject(message, f"{routine.summary} · {duration_text(routine.length)}")
    if name in exercises:
        body = library.exercise(name)
        dose = dose_of(body["dose"])
        assert dose is not None  # it has been checked
        sides = ("right", "left") if body.get("sides", "none") == "right-left" else ("none",)
        steps = tuple(RoutineStep(body, side, dose.work_for, dose.reps) for side in sides)
        message = OpenRoutineWindow(name, body["title"], steps, library.poses())
        return Subject(message, body["summary"], is_exercise=True)
    if name in lessons:
        return Subject(library.lesson_message(name), lessons[name].summary)
    from traycoach.settings.kinds import nearest

    known = sorted(routines | exercises | lessons.keys())
    message_text = _("there is no routine, exercise or lesson of this name: {name}").format(name=name)
    raise UserError(Problem(message_text, suggestion=nearest(name, known)))


def appearance(*, dark: bool) -> Appearance:
    """Give the user's own figure in a light or dark theme; a settings file that is faulty changes nothing."""
    from traycoach.settings import settings_of
    from traycoach.settings.files import read_text

    try:
        path = user_paths().settings
        settings = settings_of(read_text(path) or "", str(path))
    except UserError:
        settings = settings_of("")
    figure = {name: str(value) for name, value in dataclasses.asdict(settings.appearance.figure).items() if value}
    contrast = settings.appearance.high_contrast
    return Appearance("dark" if dark else "light", contrast, figure=figure, language=settings.language)


def painted(
    wanted: Subject,
    look: Appearance,
    what: str,
    size: int,
    progress: Progress = lambda _done, _total: None,
    command: Sequence[str] = (),
) -> Iterator[Painted]:
    """Have it painted, and give each thing as it comes. `what` is as in `traycoach.ui.export`.

    Raises Unavailable, with the child's own last words, if it cannot be painted here.
    """
    words = [*(command or (sys.executable, "-P", "-m", MODULE)), what, str(size), f"--summary={wanted.summary}"]
    if wanted.is_exercise:
        words.append("--views")
    environ = {**os.environ, **python_path(os.environ), "QT_QPA_PLATFORM": "offscreen"}
    lines = f"{encode(SetAppearance(look))}\n{encode(wanted.message)}\n".encode()
    with tempfile.TemporaryFile() as said:  # a file: a full pipe would stop the child
        try:
            child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=environ)
        except OSError as error:
            raise Unavailable(_("nothing can be painted here: {reason}").format(reason=error)) from None
        with child:
            try:
                yield from _read(child, lines, progress)
            finally:
                child.kill()
            code = child.wait()
        if code != 0:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:] or [str(code)]
            raise Unavailable(_("nothing can be painted here: {reason}").format(reason=last[0]))


def _read(child: subprocess.Popen[bytes], lines: bytes, progress: Progress) -> Iterator[Painted]:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(lines)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it has ended, and its last words tell why
    total = done = 0
    while line := child.stdout.readline():
        about = json.loads(line)
        total = about.get("total", total)
        width, height = about.get("width", 0), about.get("height", 0)
        pixels = child.stdout.read(4 * width * height)
        if len(pixels) < 4 * width * height:
            break
        if pixels:
            done += 1
            progress(min(done, total), total)
        yield Painted(about, width, height, pixels)
    child.wait()
