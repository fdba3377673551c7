"""The verbs about what was recorded."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from traycoach import clock
from traycoach.cli.output import progress, show
from traycoach.control import ask
from traycoach.core.actions import RecordBout
from traycoach.core.rules import Posture
from traycoach.errors import Problem, Unavailable, UserError
from traycoach.history import Day, History, Week
from traycoach.history.days import day_of
from traycoach.history.export import write_csv, write_json
from traycoach.paths import user_paths
from traycoach.request import Request
from traycoach.settings import load_at_start
from traycoach.text import _, ngettext
from traycoach.week_page import week_text


def show_history(arguments: argparse.Namespace) -> int:
    """Print a day and its week, today by default. Raises `Unavailable`, `UserError`."""
    week, on, wall = _week(arguments.on)
    data = {"on": on.isoformat(), **_week_data(week)}
    return show(week_text(week, on, wall), data, as_json=arguments.json)


def report(arguments: argparse.Namespace) -> int:
    """Print the figures of a week, a line a day. Raises `Unavailable`, `UserError`."""
    week, _on, _wall = _week(arguments.on)
    lines = [
        _("{first} to {last}").format(first=week.days[0].on, last=week.days[-1].on),
        "",
        "              "
        + "".join(f"{title:>11}" for title in (_("sitting"), _("standing"), _("longest"), _("breaks"))),
    ]
    lines += [_line(f"{day.on:%a} {day.on}", day) for day in week.days]
    lines.append(_line(_("week"), week))
    outcomes: dict[str, int] = {}
    for day in week.days:
        for outcome, count in day.outcomes.items():
            outcomes[outcome.value] = outcomes.get(outcome.value, 0) + count
    if outcomes:
        counted = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
        lines += ["", _("prompts: {counted}").format(counted=counted)]
    return show("\n".join(lines), _week_data(week), as_json=arguments.json)


def delete_history(arguments: argparse.Namespace) -> int:
    """Delete rows for good, after a question on a terminal. Raises `Unavailable`, `UserError`."""
    before = _date(arguments.before) if arguments.before else None
    if not arguments.yes and not _agreed(before):
        return 1
    with History(user_paths().history, _day_starts_at()) as history:
        count = history.delete(before)
    return show(
        ngettext("{count} row deleted.", "{count} rows deleted.", count).format(count=count), None, as_json=False
    )


def export_history(arguments: argparse.Namespace) -> int:
    """Write everything as JSON or CSV. Raises `Unavailable`."""
    write = write_csv if (arguments.format or Path(arguments.file).suffix.lstrip(".")) == "csv" else write_json
    with History(user_paths().history, read_only=True) as history:
        if arguments.file == "-":
            write(history, sys.stdout, lambda _done, _total: None)
            return 0
        try:
            with _private_file(Path(arguments.file)) as out:
                write(history, out, progress(_("exporting")))
        except OSError as error:
            sentence = _("{path} cannot be written: {reason}.")
            raise Unavailable(sentence.format(path=arguments.file, reason=error.strerror)) from error
    return 0


def _week(on_word: str | None) -> tuple[Week, date, datetime | None]:
    """Give the week, the day asked for, and the local time if that day is today."""
    starts = _day_starts_at()
    wall = clock.now().wall
    today = day_of(wall, starts)
    on = _date(on_word) if on_word else today
    with History(user_paths().history, starts, read_only=True) as history:
        week = history.week(on, _running_bout(wall) if on == today else ())
    return week, on, wall if on == today else None


def _day_starts_at() -> Any:  # noqa: ANN401 - a time
    return load_at_start(user_paths().settings).settings.schedule.day_starts_at


def _running_bout(wall: datetime) -> list[RecordBout]:
    """Give the bout under way, from the running coach; none if none runs. Its beginning is as if it had no gaps."""
    try:
        data = ask(Request("status"), timedelta(seconds=2)).data
        sat_for = timedelta(seconds=int(data["sat_for_s"]))
        posture = Posture(data["posture"])
    except (Unavailable, KeyError, ValueError, TypeError):
        return []
    return [RecordBout(posture, wall - sat_for, wall, sat_for)] if sat_for else []


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UserError(Problem(_("“{word}” is no date; write it as 2025-02-03.").format(word=word))) from None


def _agreed(before: date | None) -> bool:
    if not sys.stdin.isatty():
        raise UserError(_("Nothing was deleted: without a terminal to ask on, say --yes."))
    what = _("everything that was recorded") if before is None else _("everything before {on}").format(on=before)
    sys.stderr.write(_("Delete {what} for good? [y/N] ").format(what=what))
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes", _("yes")}


def _private_file(path: Path) -> TextIO:
    path.touch(0o600)
    return path.open("w", encoding="utf-8", newline="")


def _line(title: str, figures: Day | Week) -> str:
    cells = (_hours(figures.sat_for), _hours(figures.stood_for), _hours(figures.longest_sit))
    return f"{title:<14}" + "".join(
        f"{cell:>11}" for cell in (*cells, f"{figures.breaks_done}/{figures.breaks_planned}")
    )


def _hours(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else "–"


def _week_data(week: Week) -> dict[str, Any]:
    return {
        **_figures(week),
        "streak": week.streak,
        "days": [
            {
                "on": day.on.isoformat(),
                **_figures(day),
                "away_for_s": round(day.away_for.total_seconds()),
                "outcomes": {outcome.value: count for outcome, count in day.outcomes.items()},
                "parts": [
                    {"kind": part.kind, "began_at": part.began_at.isoformat(), "ended_at": part.ended_at.isoformat()}
                    for part in day.parts
                ],
            }
            for day in week.days
        ],
    }


def _figures(figures: Day | Week) -> dict[str, Any]:
    return {
        "sat_for_s": round(figures.sat_for.total_seconds()),
        "stood_for_s": round(figures.stood_for.total_seconds()),
        "longest_sit_s": round(figures.longest_sit.total_seconds()),
        "breaks_done": figures.breaks_done,
        "breaks_planned": figures.breaks_planned,
    }
