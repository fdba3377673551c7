"""The verbs about routines."""

from __future__ import annotations

import argparse
from pathlib import Path

from traycoach.cli.output import progress, show
from traycoach.errors import UserError
from traycoach.library import Library, pages
from traycoach.library.index import FOLDERS
from traycoach.paths import bundled, user_paths
from traycoach.text import _

GIF_SIZE = 400
"""Side of the picture, px."""
PRINTED_SIZE = 480
"""The same on the page to print, where it is some 4 cm wide."""


def list_routines(arguments: argparse.Namespace) -> int:
    """Print all routines."""
    return show(*pages.list_page(_library()), as_json=arguments.json)


def show_routine(arguments: argparse.Namespace) -> int:
    """Print one routine. Raises `UserError` for an unknown one."""
    return show(*pages.show_page(_library(), arguments.routine), as_json=arguments.json)


def check_routines(arguments: argparse.Namespace) -> int:
    """Check a folder, or the shipped library and the user's own. Raises `UserError` with every problem."""
    from traycoach.library.check import check_library
    from traycoach.library.report import report_page

    shipped, own = bundled("config"), user_paths().config
    if arguments.folder:
        folder = Path(arguments.folder)
        whole = (folder / "poses.toml").exists()
        wanted = [(folder, None if whole else shipped)]
    else:
        wanted = [(shipped, None)]
        if any((own / name).is_dir() for name in FOLDERS):
            wanted.append((own, shipped))
    reports = [check_library(folder, below, progress(_("checking"))) for folder, below in wanted]
    pages = [report_page(report) for report in reports]
    data = [page[1] for page in pages]
    show("\n\n".join(page[0] for page in pages), data[0] if len(data) == 1 else data, as_json=arguments.json)
    errors = [problem for report in reports for problem in report.errors]
    if errors:
        raise UserError(*errors)
    return 0


def export_routine(arguments: argparse.Namespace) -> int:
    """Write a routine, an exercise or a lesson as a file. Raises `UserError`, and `Unavailable` without Qt."""
    from traycoach.cli import export, export_files

    wanted = export.subject(_library(), arguments.routine)
    look = export.appearance(dark=arguments.dark)
    bar = progress(_("painting"))
    if arguments.gif:
        out = Path(arguments.gif)
        content = export_files.gif(export.painted(wanted, look, "animation", GIF_SIZE, bar))
    elif arguments.png:
        out = Path(arguments.png)
        content = export_files.png(export.painted(wanted, look, "page", 0, bar))
    else:
        out = Path(arguments.html)
        pictures = export.painted(wanted, look, "panels", PRINTED_SIZE, bar)
        content = export_files.page(wanted, look.language, pictures)
    export_files.write(out, content)
    return show(_("{file}: {size} kB").format(file=out, size=round(len(content) / 1000)), None, as_json=False)


def _library() -> Library:
    return Library.load(bundled("config"), user_paths().config)
