"""The verbs that run days on a clock of their own."""

from __future__ import annotations

import argparse
from pathlib import Path

from traycoach.paths import user_paths
from traycoach.simulate import replay_main, simulate_main


def simulate(arguments: argparse.Namespace) -> int:
    """Run day scripts. Raises `UserError` with the problems of all of them."""
    return simulate_main([Path(file) for file in arguments.files], json=arguments.json)


def replay(arguments: argparse.Namespace) -> int:
    """Run a recording again, the user's own by default; 1 if the coach now decides otherwise. Raises `UserError`."""
    log = Path(arguments.file) if arguments.file else user_paths().recording
    return replay_main(log, json=arguments.json)
