"""What the daemon costs on every desktop, beside the budgets: `python -m bench.desktops [NAME …]`.

Wake-ups and CPU with somebody at the keys and with nobody there, and the memory with nothing open. A desktop that is
not installed is named and left out. About six minutes a desktop: the first two pass in silence, since that is when the
coach looks again for what was not there at its start.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, table
from bench.processes import pss_mib, use_of
from tests.desktops.driver import DESKTOPS, Driver, driver_class
from tests.desktops.lab import MissingProgramsError, pause

SPAN_S = 60.0
SETTLES_S = 115.0
SETTINGS = 'version = 1\n[presence]\nidle_after = "60s"\naway_after = "65s"\n[quiet]\nhours = []\n'


def measured_on(name: str, driver: Driver) -> list[Figure]:
    """Measure on one desktop, which runs."""
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as home, driver.coach(SETTINGS, Path(home)) as coach:
        person = driver.person()
        pause(SETTLES_S)
        with person.typing():
            pause(5)
            used = use_of(coach.pid, SPAN_S)
            present = coach.ask("status")["presence"]
        pause(90)
        away = use_of(coach.pid, SPAN_S)
        presence = coach.ask("status")["presence"]
        print(f"{name}, typing: {used.busiest()}; away: {away.busiest()}")
        assert (present, presence) == ("active", "away"), f"measured something else: {present}, then {presence}"
        return [
            Figure(f"{name}: wake-ups a second while typing", used.wakeups_a_second, "/s", 1),
            Figure(f"{name}: CPU while typing", used.cpu_percent, "% of a core", 0.05),
            Figure(f"{name}: wake-ups a second while away", away.wakeups_a_second, "/s", 0.1),
            Figure(f"{name}: CPU while away", away.cpu_percent, "% of a core", 0.005),
            Figure(f"{name}: memory, nothing open (PSS)", pss_mib(coach.pid), "MiB", 32),
        ]


def main(names: list[str]) -> int:
    """Measure on the named desktops, or on all; 1 if one could not be."""
    failed = False
    for name in names or DESKTOPS:
        with tempfile.TemporaryDirectory(prefix="tc-bench-") as folder:
            driver = driver_class(name)(Path(folder))
            try:
                driver.start()
                print(table(measured_on(DESKTOPS[name][0], driver)), flush=True)
            except MissingProgramsError as error:
                print(f"{DESKTOPS[name][0]}: {error}", flush=True)
                failed = True
            finally:
                driver.stop()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
