"""A coach that outlived its session makes way for the one that the next login starts."""

from __future__ import annotations

from pathlib import Path

from tests.desktops.lab import XfceDesktop
from tests.desktops.person import Person
from tests.desktops.test_at_work import settings
from tests.tray.driver import icon_place


def test_next_login_has_a_coach_that_goes_on_where_the_left_one_was(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    with XfceDesktop(tmp_path / "first") as first, XfceDesktop(tmp_path / "second") as second:
        left = first.coach(settings(every="10m"), TRAYCOACH_HOME=home)
        left.start("--login")
        Person(first).type_for(1)
        began = left.ask("status")["bout_began_at"]
        assert began is not None
        # the first session goes, the coach in it stays
        first.session_bus.stop()
        first.x_server.stop()
        assert left.process is not None
        assert left.process.poll() is None

        coach = second.coach("", TRAYCOACH_HOME=home)
        coach.start("--login", ready=False)

        assert left.process.wait(30) == 0
        second.wait_until(lambda: coach.tell("status").returncode == 0, 30, "the new coach")
        icon_place(second, "sitting", 30)
        assert coach.ask("status")["bout_began_at"] == began
        # the session starts it once more, as some do from two folders
        assert coach.tell("run", "--login").returncode == 0
        assert coach.running
        assert coach.stop() == 0
