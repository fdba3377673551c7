"""The verbs `simulate` and `replay`: what they print and how they end."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traycoach.core import actions, events
from traycoach.core.actions import Prompt
from traycoach.core.coach import Coach
from traycoach.core.instant import Instant
from traycoach.errors import Problem, UserError
from traycoach.simulate.note import Notes
from traycoach.simulate.recording import actions_data, read_recording
from traycoach.simulate.timeline import Timeline
from traycoach.text import _


@dataclass(frozen=True, slots=True)
class Difference:
    """The first event of a recording at which the coach now orders something else than it did then."""

    line: int
    event: str
    recorded: tuple[Any, ...]
    now: tuple[Any, ...]


def simulate(paths: list[Path], *, json: bool) -> int:
    """Run scripts and print their timelines; 0. A problem of any script is raised before anything is printed."""
    from traycoach.simulate.desktop import VirtualDesktop
    from traycoach.simulate.script import Script, load_script

    scripts: list[Script] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            scripts.append(load_script(path))
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(*problems)
    for path, script in zip(paths, scripts, strict=True):
        _print(VirtualDesktop(script).run(), str(path) if len(paths) > 1 else None, json=json)
    return 0


def replay(log: Path, *, json: bool) -> int:
    """Play a recording and print its timeline, then the first difference to what was recorded; 1 if there is one."""
    timeline, difference = replay_recording(log)
    _print(timeline, None, json=json)
    if difference is None:
        return 0
    message = _(
        "{file}:{line}: at {event} the coach now decides otherwise.\n  recorded: {recorded}\n  now:      {now}\n"
    )
    sys.stderr.write(
        message.format(
            file=log,
            line=difference.line,
            event=difference.event,
            recorded=json_module.dumps(difference.recorded),
            now=json_module.dumps(difference.now),
        )
    )
    return 1


def replay_recording(log: Path) -> tuple[Timeline, Difference | None]:
    """Put a recording through the coach. Gives the timeline, and the first difference to the recorded actions, if any.

    What only the tray, the source and the disk are told is left out of the comparison. Raises UserError.
    """
    head, heard = read_recording(log)
    timeline = Timeline()
    notes = Notes(timeline, head.wall)
    coach = Coach(head.schedule, head.catalogue, head.state, head.seed, Instant(head.steady, head.wall))
    shown: Prompt | None = None
    difference: Difference | None = None
    for line, one in heard:
        now = Instant(one.steady, one.wall)
        at = one.steady - head.steady
        if isinstance(
            one.event, events.PromptAnswered | events.PromptClosed | events.PromptFailed | events.WindowsLost
        ):
            shown = None
        ordered = coach.handle(one.event, now)
        for action in ordered:
            if isinstance(action, actions.ShowPrompt):
                shown = action.prompt
                notes.shown(shown, at, now)
            elif isinstance(action, actions.WithdrawPrompt):
                if shown is not None and shown.id == action.prompt:
                    notes.withdrawn(shown, at, now)
                    shown = None
            else:
                notes.take(action, at, now)
        if difference is None and one.actions is not None:
            then, this_time = _worth_comparing(one.actions), _worth_comparing(actions_data(ordered))
            if then != this_time:
                difference = Difference(line, type(one.event).__name__, then, this_time)
    return timeline, difference


_TOLD_AGAIN = (actions.UpdateTray, actions.RefreshTray, actions.WatchIdle, actions.SaveState, actions.WarmWindows)
_REPEATED = {kind.__name__ for kind in _TOLD_AGAIN}
"""Orders that a coach gives again after a start, and the tray's texts, which change with the language."""


def _worth_comparing(data: Iterable[Any]) -> tuple[Any, ...]:
    """Leave out what does not decide about the person."""
    return tuple(one for one in data if not isinstance(one, dict) or one.get("type") not in _REPEATED)


def _print(timeline: Timeline, title: str | None, *, json: bool) -> None:
    if json:
        sys.stdout.write(json_module.dumps(timeline.data(), ensure_ascii=False) + "\n")
        return
    if title is not None:
        sys.stdout.write(f"# {title}\n")
    sys.stdout.write(timeline.text())
