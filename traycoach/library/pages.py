"""What `traycoach routines list` and `show` print: a page of text, and the same as plain data for --json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traycoach.library import Library
from traycoach.library.index import RoutineEntry
from traycoach.settings.durations import duration_text
from traycoach.text import _, ngettext

Page = tuple[str, dict[str, Any]]


def list_page(library: Library) -> Page:
    """Give all routines, a line each, and the filter words that [routines] leave_out may name."""
    entries = library.entries()
    wide = max((len(entry.id) for entry in entries), default=0)
    lines = [f"{entry.id:{wide}}  {duration_text(entry.length):>6}  {entry.title}" for entry in entries]
    lessons = library.lessons()
    if lessons:
        wide = max(len(lesson.id) for lesson in lessons)
        lines += ["", _("lessons, for “traycoach open lesson”:")]
        lines += [f"{lesson.id:{wide}}  {duration_text(lesson.length):>6}  {lesson.title}" for lesson in lessons]
    words = sorted({word for exercise in library.exercises() for word in exercise.filters})
    lines += ["", _("words for [routines] leave_out: {words}").format(words=", ".join(words))]
    lines += [str(problem) for problem in library.problems]
    data = {
        "routines": [_data(entry) for entry in entries],
        "lessons": [
            {"id": one.id, "title": one.title, "summary": one.summary, "seconds": one.length_s} for one in lessons
        ],
        "filters": words,
        "problems": [str(problem) for problem in library.problems],
    }
    return "\n".join(lines), data


def show_page(library: Library, routine_id: str) -> Page:
    """Give one routine with its steps. Raises UserError for an unknown id."""
    routine = library.routine(routine_id)
    entry = next(entry for entry in library.entries() if entry.id == routine_id)
    lines = [f"{routine.title} ({duration_text(routine.length)})", routine.summary, ""]
    steps: list[dict[str, Any]] = []
    for number, step in enumerate(routine.steps, 1):
        side = {"right": _("right"), "left": _("left")}.get(step.side, "")
        takes = duration_text(step.time)
        if step.reps is not None:
            times = ngettext("once", "{count} times", step.reps).format(count=step.reps)
            takes = f"{times}, {takes}"
        title = _text(step.exercise, "title", step.side)
        lines.append(f"{number}. {title}{f', {side}' if side else ''} ({takes})")
        lines += [f"   {line}" for key in ("how", "caution") if (line := _text(step.exercise, key, step.side))]
        steps.append(
            {
                "exercise": step.exercise["id"],
                "title": title,
                "side": step.side,
                "seconds": round(step.time.total_seconds()),
                "reps": step.reps,
            }
        )
    return "\n".join(lines), {**_data(entry), "steps": steps}


def _data(entry: RoutineEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "seconds": entry.length_s,
        "purposes": list(entry.purposes),
        "place": list(entry.place),
        "needs": list(entry.needs),
        "level": entry.level,
        "floor": entry.floor,
        "wheelchair": entry.wheelchair,
        "own": entry.own,
    }


def _text(exercise: Mapping[str, Any], key: str, side: str) -> str:
    text = str(exercise.get(key, ""))
    words = {"right": _("right"), "left": _("left")}
    other = {"right": "left", "left": "right"}.get(side, "")
    return text.replace("{side}", words.get(side, "")).replace("{other}", words.get(other, ""))
