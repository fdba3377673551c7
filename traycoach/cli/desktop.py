"""The verbs about this desktop: start at login, and what works here."""

from __future__ import annotations

import argparse
import sys

from traycoach import autostart
from traycoach.autostart import AutostartStatus
from traycoach.cli.output import show


def autostart_status(arguments: argparse.Namespace) -> int:
    """Print whether the coach is started at login."""
    return _show(autostart.status(), arguments)


def autostart_on(arguments: argparse.Namespace) -> int:
    """Have the coach started at login. Raises `UserError`, `Unavailable`."""
    return _show(autostart.on(systemd=arguments.systemd), arguments)


def autostart_off(arguments: argparse.Namespace) -> int:
    """Have it no longer started. Raises `Unavailable`."""
    return _show(autostart.off(), arguments)


def doctor(arguments: argparse.Namespace) -> int:
    """Print what works on this desktop, or go on showing what the coach sees. Raises `Unavailable`."""
    if arguments.watch:
        from traycoach import doctor_watch

        doctor_watch.watch(sys.stdout)
        return 0
    from traycoach import doctor as own

    return show(*own.report(), as_json=arguments.json)


def _show(status: AutostartStatus, arguments: argparse.Namespace) -> int:
    data = {"on": status.on, "sentence": status.sentence, "path": str(status.path)}
    return show(status.sentence, data, as_json=arguments.json)
