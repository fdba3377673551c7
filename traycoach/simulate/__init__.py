"""Day scripts and recorded days through the coach, on a virtual clock. The verbs `simulate` and `replay`.

`docs/day-scripts.md` describes the scripts. Heavy parts are imported when they are needed: the daemon uses the
`recording` module alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traycoach.simulate.timeline import Timeline

__all__ = ["replay_main", "run_script", "simulate_main"]


def run_script(path: Path) -> Timeline:
    """Run the day script in this file and give what happened. Raises UserError with every problem of the script."""
    from traycoach.simulate.desktop import VirtualDesktop
    from traycoach.simulate.script import load_script

    return VirtualDesktop(load_script(path)).run()


def simulate_main(paths: list[Path], *, json: bool = False) -> int:
    """Run scripts and print their timelines; give the exit code. Raises UserError for a bad script."""
    from traycoach.simulate.verbs import simulate

    return simulate(paths, json=json)


def replay_main(log: Path, *, json: bool = False) -> int:
    """Play a recorded day again and print its timeline; give the exit code. Raises UserError for a bad recording."""
    from traycoach.simulate.verbs import replay

    return replay(log, json=json)
