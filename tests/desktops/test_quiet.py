"""The guards against real desktops: what a person or a program switches there, and what the guard tells.

What is left to stand-ins (tests/guards) is what no desktop of the lab has: KDE's and XFCE's power managers, logind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.contracts.guard import Scene
from tests.desktops.gnome import GnomeDesktop, GnomeSession
from tests.desktops.lab import FakeLogind, Lab, XfceDesktop
from tests.desktops.person import Person
from tests.desktops.plasma import PlasmaDesktop
from tests.desktops.sway import SwayDesktop
from tests.desktops.test_at_work import card_of, settings, stage_of, wait_for_card
from traycoach.core.events import Event, EvidenceChanged, HoldsChanged
from traycoach.desktop import pipewire
from traycoach.desktop.bus import Bus
from traycoach.guards.base import Guard, Verdict
from traycoach.guards.focus import FocusWatch, InFront, fullscreen
from traycoach.guards.inhibitors import gnome_inhibitors
from traycoach.guards.quiet import gnome_quiet, kde_quiet, mako_quiet
from traycoach.guards.sharing import PipeWireSharing
from traycoach.guards.sway_focus import SwayFocus
from traycoach.guards.watch import GuardWatch

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
HEAVY = [pytest.mark.heavy_desktop, pytest.mark.xdist_group("heavy_desktop")]


@contextmanager
def started(guard: Guard) -> Iterator[Scene]:
    """Give the scene of a guard that watches; it is stopped afterwards."""
    scene = Scene()
    scene.guard = guard
    guard.probe()
    guard.start(scene.told.put)
    try:
        yield scene
    finally:
        guard.stop()


@contextmanager
def bus_of(lab: Lab) -> Iterator[Bus]:
    """Give a connection of our own to the session bus of the lab."""
    bus = Bus("session", lab.session_bus.address).connect()
    try:
        yield bus
    finally:
        bus.close()


# --- sway -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sway(tmp_path: Path) -> Iterator[SwayDesktop]:
    with SwayDesktop(tmp_path, bar=False) as made:
        yield made


def opens(sway: SwayDesktop, app_id: str) -> None:
    """Open a window of this program; it is in use when this returns."""
    sway.start(["foot", "--app-id", app_id, "sleep", "600"], app_id)
    sway.wait_until(lambda: any(one["app_id"] == app_id and one["focused"] for one in sway.windows()), 30, "the window")


def says(sway: SwayDesktop, order: str) -> None:
    sway.run(["swaymsg", order])


def test_sway_window_in_full_screen_and_back(sway: SwayDesktop) -> None:
    sway.need(["foot"])
    opens(sway, "Film")
    with started(fullscreen(FocusWatch(SwayFocus(sway.environ)))) as scene:
        seen = [scene.next()]
        says(sway, '[app_id="Film"] fullscreen enable')
        seen.append(scene.next())
        says(sway, '[app_id="Film"] fullscreen disable')
        seen.append(scene.next())

    assert seen == [NO, YES, NO]


def test_sway_program_that_the_user_named_is_in_use_or_not(sway: SwayDesktop) -> None:
    sway.need(["foot"])
    opens(sway, "Film")
    with started(InFront(FocusWatch(SwayFocus(sway.environ)), ["film"])) as scene:
        seen = [scene.next()]
        opens(sway, "editor")
        seen.append(scene.next())
        says(sway, '[app_id="Film"] focus')
        seen.append(scene.next())
        says(sway, '[app_id="Film"] kill')
        seen.append(scene.next())

    assert seen == [YES, NO, YES, NO]


def test_sway_that_crashed_is_followed_again_by_both_guards(sway: SwayDesktop) -> None:
    sway.need(["foot"])
    posted: SimpleQueue[Event] = SimpleQueue()
    watch = FocusWatch(SwayFocus(sway.environ, rests_s=0.2))
    guards = GuardWatch(
        [fullscreen(watch), InFront(watch, ["film"])],
        posted.put,
        {"fullscreen": True, "application": True},
        retries_s=(0.2,),
    )
    guards.start()
    heard: list[Event] = []
    for _life in range(2):
        opens(sway, "film")
        says(sway, "fullscreen enable")
        while HoldsChanged(frozenset({"fullscreen", "application"})) not in heard[-1:]:
            heard.append(posted.get(timeout=30))
        sway.compositor.kill9()
        while HoldsChanged(frozenset()) not in heard[-1:]:
            heard.append(posted.get(timeout=30))
        sway.compositor.start()
    guards.stop()

    assert heard.count(EvidenceChanged(frozenset({"fullscreen"}))) == 2


def test_mako_told_not_to_disturb_is_known_once_it_is_asked(sway: SwayDesktop) -> None:
    with bus_of(sway) as bus:
        guard = mako_quiet(lambda: bus)
        with started(guard) as scene:
            seen = [scene.next()]
            for change in ("-a", "-r"):
                sway.run(["makoctl", "mode", change, "do-not-disturb"])
                guard.ask_now()
                seen.append(scene.next())
            sway.notifications.stop()
            seen.append(scene.next())

    assert seen == [NO, YES, NO, UNKNOWN]


# --- Plasma -----------------------------------------------------------------------------------------------------------


class TestPlasma:
    pytestmark = HEAVY

    def test_do_not_disturb_is_followed_and_gone_with_the_shell(self, tmp_path: Path) -> None:
        server, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
        with (
            PlasmaDesktop(tmp_path, kded=False) as desktop,
            bus_of(desktop) as presenter,
            bus_of(desktop) as bus,
            started(kde_quiet(lambda: bus)) as scene,
        ):
            first = scene.next()
            seen = [scene.next() if first is UNKNOWN else first]  # at its beginning the shell is slow to answer
            words: tuple[str, str, dict[str, str]] = ("org.kde.okular", "slides", {})
            (cookie,) = presenter.call(server, path, server, "Inhibit", "ssa{sv}", words, limit_s=10)
            seen.append(scene.next())
            presenter.call(server, path, server, "UnInhibit", "u", (cookie,), limit_s=10)
            seen.append(scene.next())
            desktop.shell.stop()
            seen.append(scene.next())

        assert seen == [NO, YES, NO, UNKNOWN]


# --- GNOME ------------------------------------------------------------------------------------------------------------

NOTIFICATIONS = "new imports.gi.Gio.Settings({schema_id: 'org.gnome.desktop.notifications'})"
CAST = "org.gnome.Mutter.ScreenCast"
SESSION_MANAGER, SESSION_PATH = "org.gnome.SessionManager", "/org/gnome/SessionManager"
LOGS_OUT, IS_IDLE = 1, 8


class TestGnome:
    pytestmark = HEAVY

    def test_do_not_disturb_as_the_shell_sets_it_is_followed(self, tmp_path: Path) -> None:
        """With dconf, as every real session has it: without its daemon nothing tells of changes."""
        desktop = GnomeDesktop(tmp_path, extension=False)
        desktop.environ["GSETTINGS_BACKEND"] = "dconf"
        with desktop, bus_of(desktop) as bus, started(gnome_quiet(lambda: bus, desktop.environ)) as scene:
            seen = [scene.next()]
            for value in ("false", "true"):
                desktop.shell.evaluate(f"{NOTIFICATIONS}.set_boolean('show-banners', {value})")
                seen.append(scene.next())
            desktop.shell.kill9()
            seen.append(scene.next())

        assert seen == [NO, YES, NO, UNKNOWN]

    def test_screen_is_shared_while_somebody_takes_its_picture(self, tmp_path: Path) -> None:
        with GnomeDesktop(tmp_path, extension=False) as desktop:
            desktop.need(["pipewire"])
            server = desktop.start(["pipewire"], "pipewire")
            place = pipewire.place(desktop.environ)
            assert place is not None
            desktop.wait_until(lambda: pipewire.is_running(place), 20, "PipeWire")
            with bus_of(desktop) as viewer, started(PipeWireSharing(desktop.environ)) as scene:
                seen = [scene.next()]
                for _again in range(2):
                    path = f"/{CAST.replace('.', '/')}"
                    (session,) = viewer.call(CAST, path, CAST, "CreateSession", "a{sv}", ({},), limit_s=10)
                    inside = (CAST, session, f"{CAST}.Session")
                    viewer.call(*inside, "RecordMonitor", "sa{sv}", ("", {}), limit_s=10)
                    viewer.call(*inside, "Start", limit_s=10)
                    seen.append(scene.next())
                    viewer.call(*inside, "Stop", limit_s=10)
                    seen.append(scene.next())
                desktop.end(server)
                seen.append(scene.next())

        assert seen == [NO, YES, NO, YES, NO, UNKNOWN]

    def test_program_that_keeps_the_session_awake_is_known(self, tmp_path: Path) -> None:
        desktop = GnomeDesktop(tmp_path, extension=False, shell=False)
        with (
            desktop,
            FakeLogind(desktop),
            GnomeSession(desktop, desktop.shell),
            bus_of(desktop) as player,
            bus_of(desktop) as bus,
        ):
            desktop.shell.is_ready()
            player.call(*ask_to_inhibit(LOGS_OUT), limit_s=10)  # such a one keeps no screen on
            with started(gnome_inhibitors(lambda: bus)) as scene:
                seen = [scene.next()]
                (cookie,) = player.call(*ask_to_inhibit(IS_IDLE), limit_s=10)
                seen.append(scene.next())
                player.call(SESSION_MANAGER, SESSION_PATH, SESSION_MANAGER, "Uninhibit", "u", (cookie,), limit_s=10)
                seen.append(scene.next())

        assert seen == [NO, YES, NO]


def ask_to_inhibit(flags: int) -> tuple[str, str, str, str, str, tuple[str, int, str, int]]:
    words = ("org.gnome.Totem", 0, "a film", flags)
    return SESSION_MANAGER, SESSION_PATH, SESSION_MANAGER, "Inhibit", "susu", words


# --- the coach --------------------------------------------------------------------------------------------------------


def test_do_not_disturb_on_xfce_holds_the_prompt_and_its_end_brings_it(xfce: XfceDesktop) -> None:
    switch = ["xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb"]
    with xfce.coach(settings(patience="3s")) as coach, Person(xfce).typing():
        xfce.run([*switch, "-n", "-t", "bool", "-s", "true"])
        xfce.wait_until(lambda: coach.ask("status")["holds"] == ["dnd"], 20, "the hold")
        xfce.wait_until(lambda: stage_of(coach) == "due", 60, "the rule to come due")
        assert "the desktop asks for quiet" in coach.say("why")
        xfce.wait_until(lambda: coach.ask("status")["sat_for_s"] >= 20, 60, "time for a prompt that is not held")
        assert (stage_of(coach), card_of(xfce)) == ("due", None)

        xfce.run([*switch, "-s", "false"])
        xfce.wait_until(lambda: coach.ask("status")["holds"] == [], 20, "the end of the hold")
        xfce.wait_until(lambda: stage_of(coach) == "shown", 90, "the prompt after settling")
        wait_for_card(xfce)
