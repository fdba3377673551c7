"""The Routines window of a running coach on a real display: opened by its verb, used by keys, kept in the settings."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.desktops.lab import Bus, Lab, WindowManager, XServer

SETTINGS = "version = 1\n[routines]\n# mine\nlevel = 1 # for now\n"


def test_routines_are_marked_by_key_and_one_is_started(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab, XServer(lab) as server, Bus(lab), WindowManager(lab), lab.coach(SETTINGS) as coach:
        keyboard = server.keyboard

        def marked(key: str) -> list[str]:
            held = tomllib.loads(coach.settings.read_text(encoding="utf-8"))["routines"].get(key, [])
            return list(held)

        coach.say("open", "routines")
        lab.wait_until(lambda: server.window("Routines"), 30, "the Routines window")
        keyboard.tap("f")
        lab.wait_until(lambda: len(marked("favourites")) == 1, 20, "the favourite in the settings")
        keyboard.tap("Down")
        keyboard.tap("h")
        lab.wait_until(lambda: len(marked("hidden")) == 1, 20, "the hidden routine in the settings")
        assert "# mine\nlevel = 1 # for now\n" in coach.settings.read_text(encoding="utf-8")
        keyboard.tap("Home")
        keyboard.tap("Return")
        lab.wait_until(lambda: server.window("Routines") is None, 20, "the window to close")
        lab.wait_until(lambda: coach.ask("status")["routine"] == marked("favourites")[0], 20, "the favourite to run")
