"""The verbs about settings. A running coach notices a saved file by itself."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

from traycoach.cli.output import show
from traycoach.errors import Problem, Unavailable, UserError
from traycoach.paths import bundled, user_paths
from traycoach.text import _


def show_path(arguments: argparse.Namespace) -> int:
    """Print where the settings file is, or would be."""
    path = user_paths().settings
    return show(str(path), {"path": str(path), "exists": path.exists()}, as_json=getattr(arguments, "json", False))


def show_config(arguments: argparse.Namespace) -> int:
    """Print all settings in force. Raises `UserError` for a file with problems."""
    from traycoach.settings.show import show as in_force

    text = in_force(user_paths().settings)
    return show(text, tomllib.loads(text), as_json=arguments.json)


def check_config(arguments: argparse.Namespace) -> int:
    """Print every problem and every doubt of the settings file; 2 if there are problems."""
    path = Path(arguments.file) if arguments.file else user_paths().settings
    problems, doubts = _look_at(path)
    if arguments.json:
        data = {"file": str(path), "problems": _data(problems), "doubts": _data(doubts)}
        show("", data, as_json=True)
        return 2 if problems else 0
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    for doubt in doubts:
        sys.stderr.write(_("doubtful: {doubt}").format(doubt=doubt) + "\n")
    if problems:
        return 2
    return show(_("The settings are good."), None, as_json=False)


def edit_config(_arguments: argparse.Namespace) -> int:
    """Open the settings file, made if need be, and check it when the editor is done. Raises `Unavailable`."""
    from traycoach.settings import edit

    path = user_paths().settings
    if not path.exists():
        edit.create(path)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        from traycoach.opening import open_file

        open_file(path)
        return 0
    try:
        code = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        sentence = _("The editor “{editor}” cannot be started: {error}.")
        raise Unavailable(sentence.format(editor=editor, error=error)) from error
    if code:
        raise Unavailable(_("The editor “{editor}” ended with {code}.").format(editor=editor, code=code))
    problems, _doubts = _look_at(path)
    if problems:
        raise UserError(*problems)
    return 0


def get_setting(arguments: argparse.Namespace) -> int:
    """Print the value in force of one setting. Raises `UserError` for an unknown key."""
    from traycoach.settings.show import get, literal

    value = get(user_paths().settings, arguments.key)
    return show(value if isinstance(value, str) else literal(value), value, as_json=arguments.json)


def set_setting(arguments: argparse.Namespace) -> int:
    """Write one setting into the file. Raises `UserError`, with nothing changed, for what does not fit."""
    from traycoach.settings.edit import set_value

    set_value(user_paths().settings, arguments.key, arguments.value)
    return 0


def unset_setting(arguments: argparse.Namespace) -> int:
    """Take one setting out of the file. Raises `UserError` for an unknown key."""
    from traycoach.settings.edit import unset

    unset(user_paths().settings, arguments.key)
    return 0


def schema(arguments: argparse.Namespace) -> int:
    """Print what settings there are. Raises `UserError` for a key that begins none."""
    from traycoach.settings.reference import schema_data, schema_text

    return show(schema_text(arguments.prefix), schema_data(arguments.prefix), as_json=arguments.json)


def _look_at(path: Path) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Give the problems of the file, and if there are none its doubts. A file that cannot be read is one problem."""
    from traycoach.library import Library
    from traycoach.settings import check, settings_of
    from traycoach.settings.files import read_text

    try:
        text = read_text(path) or ""
    except UserError as error:
        return error.problems, ()
    problems = check(text, str(path))
    if problems:
        return problems, ()
    settings = settings_of(text, str(path))
    library = Library.load(bundled("config"), user_paths().config)
    return (), (*settings.warnings, *library.doubts(settings.schedule, settings.offers))


def _data(problems: tuple[Problem, ...]) -> list[dict[str, object]]:
    return [
        {"message": one.message, "file": one.file, "key": one.key, "line": one.line, "suggestion": one.suggestion}
        for one in problems
    ]
