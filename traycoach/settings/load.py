"""The settings file to `Settings`: strictly while the coach runs, and as much of it as is good when it starts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from traycoach.errors import Problem, UserError
from traycoach.settings.building import build
from traycoach.settings.doubts import doubts
from traycoach.settings.files import good_copy, keep_good, read_text
from traycoach.settings.migrate import migrated
from traycoach.settings.reading import Layer, read_layer
from traycoach.settings.values import Settings


@dataclass(frozen=True, slots=True)
class Started:
    """Settings to start with, and everything that was wrong with the user's file (nothing, as a rule)."""

    settings: Settings
    problems: tuple[Problem, ...] = ()


def load(path: Path) -> Settings:
    """Read the user's file; a missing one is all defaults. Raises UserError with every problem at once.

    Whoever has settings keeps them then: a bad file changes nothing. A good file is kept as the copy that
    `load_at_start` falls back on.
    """
    text = read_text(path)
    if text is not None:
        text = migrated(path, text)
    settings = settings_of(text or "", str(path))
    if text is not None:
        _remember(path, text)
    return settings


def load_at_start(path: Path) -> Started:
    """Read the user's file when there are no settings yet to go on with. Never raises.

    A bad file does not keep the coach from starting: the last good copy of it holds, and where there is none, every
    good key of it and the default for each bad one.
    """
    try:
        return Started(load(path))
    except UserError as error:
        problems = error.problems
    try:
        copy = read_text(good_copy(path))
        if copy is not None:
            return Started(settings_of(copy, str(good_copy(path))), problems)
    except UserError:
        pass  # the problems of the file itself are the ones to tell
    try:
        text = read_text(path) or ""
    except UserError:
        text = ""
    return Started(build(read_layer(text, str(path))), problems)


def settings_of(text: str, file: str | None = None) -> Settings:
    """Read settings from a text. Raises UserError with every problem at once; doubts are in `warnings`."""
    layer, settings = _built(text, file)
    if layer.problems:
        raise UserError(*layer.problems)
    return replace(settings, warnings=doubts(settings.schedule, layer))


def check(text: str, file: str | None = None) -> tuple[Problem, ...]:
    """Give every problem of a text, in the order of its lines; none if it is good."""
    return tuple(_built(text, file)[0].problems)


def _built(text: str, file: str | None) -> tuple[Layer, Settings]:
    layer = read_layer(text, file)
    settings = build(layer)
    layer.problems.sort(key=lambda problem: problem.line or 0)
    return layer, settings


def _remember(path: Path, text: str) -> None:
    with suppress(UserError):  # a folder that cannot be written to takes nothing from settings that can be read
        keep_good(path, text)
