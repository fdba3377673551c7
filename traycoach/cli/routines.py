"""The verbs about routines."""

from __future__ import annotations

import argparse
from pathlib import Path

from traycoach.cli.output import show
from traycoach.library import Library, pages
from traycoach.paths import bundled, user_paths


def list_routines(arguments: argparse.Namespace) -> int:
    """Print all routines."""
    return show(*pages.list_page(_library()), as_json=arguments.json)


def show_routine(arguments: argparse.Namespace) -> int:
    """Print one routine. Raises `UserError` for an unknown one."""
    return show(*pages.show_page(_library(), arguments.routine), as_json=arguments.json)


def check_routines(arguments: argparse.Namespace) -> int:
    """Check the user's own files. Raises `UserError` with every problem."""
    folder = Path(arguments.folder) if arguments.folder else user_paths().config
    return show(*pages.check_page(folder, bundled("config")), as_json=arguments.json)


def _library() -> Library:
    return Library.load(bundled("config"), user_paths().config)
