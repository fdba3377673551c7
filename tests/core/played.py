"""A few lines of a day script, played, with looks at the coach in between."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.actions import TrayState
from traycoach.core.coach import Coach
from traycoach.simulate.desktop import VirtualDesktop
from traycoach.simulate.script import parse_script

ROUTINES = '["hips: stand-up 2m", "stroll: move 4m", "hands: micro 30s", "lean: standing 2m"]'


class Played:
    """A day that was played. `looks` are local times at which the tray and the sentence are taken down.

    `only` names the default rules in use; `tables` are further TOML tables, `[settings]` or `[edits.NAME]`.
    """

    def __init__(
        self,
        day: str,
        *looks: str,
        only: str = "stand",
        tables: str = "",
        routines: str = ROUTINES,
        start: str = "2026-03-02 09:00",
    ) -> None:
        rules = ", ".join(f'"{rule}"' for rule in only.split())
        self.script = parse_script(
            f'start = "{start}"\nzone = "Europe/Berlin"\nonly = [{rules}]\nroutines = {routines}\n'
            f'day = """\n{day}\n"""\n{tables}',
            "played",
        )
        self.trays: list[TrayState] = []
        self.whys: list[str] = []
        desktop = VirtualDesktop(self.script)

        def look() -> None:
            assert desktop._coach is not None
            self.trays.append(desktop._coach.tray(desktop.now))
            self.whys.append(desktop._coach.why(desktop.now))

        for one in looks:
            desktop.later(_clock(one) - _clock(start[-5:]), look)
        timeline = desktop.run()
        self.entries = timeline.entries
        self.lines = [" ".join(line.split()) for line in timeline.lines()]
        assert desktop._coach is not None
        self.coach: Coach = desktop._coach

    def said(self, words: str) -> list[str]:
        """Give the lines that contain these words."""
        return [line for line in self.lines if words in line]


def _clock(text: str) -> timedelta:
    hours, minutes, *seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
