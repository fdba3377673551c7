"""Movements put to the thirteen checks of the figure, view by view: findings, waivers and measures.

The left side is the right one in a mirror (the painter turns the picture), so what the checks measure holds for both;
what differs are the words, which `texts.py` looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traycoach import clock
from traycoach.errors import Problem
from traycoach.figure.brush import Style
from traycoach.figure.check import Finding, Measures, inspect_clip
from traycoach.figure.clip import Clip, Waiver, clip_names, parse_clip
from traycoach.figure.drawing import Detail
from traycoach.figure.film import Film
from traycoach.library.dose import dose_of
from traycoach.library.files import placed
from traycoach.library.lessons import lesson_clips
from traycoach.text import _

_LOOP_OFF = 0.05
"""The share by which a loop may differ from a repetition of the dose; the player bends it by that much to fit."""
_TRIES = 2


@dataclass(frozen=True, slots=True)
class View:
    """One movement as it is seen: an exercise's, a further view of it, or that of a part of a lesson.

    `title` is the exercise's id and the view's name. No measures: a name in it leads nowhere. `slowest_ms` is the
    processor time of solving and outlining the slowest of the frames that were tried, `slowest_at_s` into the loop.
    """

    title: str
    measures: Measures | None
    waivers: tuple[Waiver, ...]
    slowest_ms: float
    slowest_at_s: float


@dataclass(frozen=True, slots=True)
class Movement:
    """What was found in all views of a file, with its keys and lines."""

    views: tuple[View, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def exercise_movement(path: Path, body: Mapping[str, Any], poses: Mapping[str, Any]) -> Movement:
    """Check every view of an exercise that can be read. About a third of a second a view."""
    views, errors, warnings = [], [], []
    is_stretch = "stretch" in body.get("goals", ())
    for name in clip_names(body):
        clip = parse_clip(body, poses, str(path), name=name)
        key = f"clip.{name}" if name else ""
        title = f"{path.stem}, {name}" if name else path.stem
        view, wrong, doubtful = _view(clip, title, key, is_stretch)
        views.append(view)
        errors += [*wrong, *_loop(body, key, clip)]
        warnings += doubtful
    return Movement(tuple(views), tuple(placed(path, errors)), tuple(placed(path, warnings)))


def lesson_movement(path: Path, lesson: Mapping[str, Any], poses: Mapping[str, Any]) -> Movement:
    """Check the movements that the parts of a lesson have of their own."""
    views, errors, warnings = [], [], []
    for number, body in lesson_clips(lesson).items():
        view, wrong, doubtful = _view(
            parse_clip(body, poses, str(path)), f"{path.stem}, part {number + 1}", f"part[{number}]", is_stretch=False
        )
        views.append(view)
        errors += wrong
        warnings += doubtful
    return Movement(tuple(views), tuple(placed(path, errors)), tuple(placed(path, warnings)))


def _view(clip: Clip, title: str, key: str, is_stretch: bool) -> tuple[View, list[Problem], list[Problem]]:
    inspection = inspect_clip(clip, is_stretch)
    ms, at_s = _slowest(clip) if inspection.measures is not None else (0.0, 0.0)
    found: dict[bool, list[Problem]] = {False: [], True: []}
    for finding in inspection.findings:
        found[finding.is_warning].append(_problem(key, finding))
    return View(title, inspection.measures, clip.waivers, ms, at_s), found[False], found[True]


def _problem(key: str, finding: Finding) -> Problem:
    """Word a finding: the key of the pose, then what, by how much, and when in the loop."""
    keys = [part for part in (key, f"pose.{finding.pose}" if finding.pose else "") if part]
    message = _("check {number}: {what}: {value}, limit {limit}; pose “{pose}” at {time} s").format(
        number=finding.check,
        what=finding.message,
        value=f"{finding.value:.4g}",
        limit=f"{finding.limit:g}",
        pose=finding.pose or "–",
        time=f"{finding.time_s:.2f}",
    )
    return Problem(message, key=".".join(keys) or None)


def _loop(body: Mapping[str, Any], key: str, clip: Clip) -> Iterator[Problem]:
    """A loop is one repetition: a hold in the text is a hold in the figure."""
    dose = dose_of(body["dose"])
    if dose is None or "time" in body["dose"]:
        return
    one, loop = dose.work_for.total_seconds() / (dose.reps or 1), clip.timeline.duration
    if abs(loop - one) > _LOOP_OFF * one:
        message = _("the movement takes {loop} s, a repetition by the dose {one} s; they may differ by 5 % at most")
        yield Problem(message.format(loop=f"{loop:.1f}", one=f"{one:.1f}"), key=f"{key}.move" if key else "move")


def _slowest(clip: Clip) -> tuple[float, float]:
    """(ms, seconds into the loop) of the slowest of these: the pose of each move, and the middle of its way.

    The slowest is drawn again, and its better time taken: the first may have met something else, such as a collection
    of garbage.
    """
    film = Film(clip, Style(Detail.FACE))

    def took(time_s: float) -> float:
        stance = clip.timeline.frame(time_s)
        began = clock.worked_for()
        film.draw(stance)
        return (clock.worked_for() - began).total_seconds() * 1000

    times = [t for span in clip.timeline.spans for t in (span.start + span.move.time / 2, span.arrival - 1e-6)]
    ms, time_s = max((took(t), t) for t in times)
    return min(ms, *(took(time_s) for _again in range(_TRIES))), round(time_s, 2)
