"""Guards that ask a service of a bus: each with a stand-in for its service on a private bus, and the real ones."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from tests.contracts.guard import GuardContract, Scene
from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import Lab, MissingProgramsError, XServer
from traycoach.desktop.bus import Bus, Interface, Method, Property, Refused
from traycoach.errors import Unavailable
from traycoach.guards import inhibitors, power, quiet
from traycoach.guards.base import Verdict
from traycoach.guards.bus_guard import PROPERTIES, ServiceGuard, boolean

XFCE = {"XDG_CURRENT_DESKTOP": "XFCE"}
SERVER, SERVER_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"

Maker = Callable[[Callable[[], Bus]], ServiceGuard]


@dataclass
class Service:
    """A stand-in: `interfaces` make the object for a state that is on or off, `tell` sends the news of a change."""

    guard: Maker
    name: str
    path: str
    interfaces: Callable[[Callable[[], bool]], tuple[Interface, ...]]
    tell: Callable[[Bus, bool], None]
    also_owns: tuple[str, ...] = field(default=())


def property_service(guard: Maker, name: str, path: str, interface: str, key: str, is_on: Any, is_off: Any) -> Service:
    signature = "b" if isinstance(is_on, bool) else "s"

    def interfaces(on: Callable[[], bool]) -> tuple[Interface, ...]:
        return (Interface(interface, {}, {key: Property(signature, lambda: is_on if on() else is_off)}),)

    def tell(bus: Bus, now: bool) -> None:
        changed = {key: (signature, is_on if now else is_off)}
        bus.emit(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", (interface, changed, []))

    return Service(guard, name, path, interfaces, tell)


def method_service(
    guard: Maker, name: str, path: str, interface: str, member: str, takes: str, signal: tuple[str, str]
) -> Service:
    def interfaces(on: Callable[[], bool]) -> tuple[Interface, ...]:
        return (Interface(interface, {member: Method(takes, "b", lambda *_: (on(),))}),)

    def tell(bus: Bus, now: bool) -> None:
        name, signature = signal
        body: tuple[Any, ...] = {"o": ("/one",), "b": (now,), "a(ss)as": ([], [])}[signature]
        bus.emit(path, interface, name, signature, body)

    return Service(guard, name, path, interfaces, tell)


def xfconf() -> Service:
    def interfaces(on: Callable[[], bool]) -> tuple[Interface, ...]:
        def get(channel: str, key: str) -> tuple[Any, ...]:
            assert (channel, key) == ("xfce4-notifyd", "/do-not-disturb")
            if not on():
                raise Refused("org.xfce.Xfconf.Error.PropertyNotFound", "there is none")
            return (("b", True),)

        return (Interface("org.xfce.Xfconf", {"GetProperty": Method("ss", "v", get)}),)

    def tell(bus: Bus, now: bool) -> None:
        place = ("xfce4-notifyd", "/do-not-disturb")
        bus.emit("/org/xfce/Xfconf", "org.xfce.Xfconf", "PropertyChanged", "ssv", ("xfce4-panel", "/size", ("b", True)))
        if now:
            bus.emit("/org/xfce/Xfconf", "org.xfce.Xfconf", "PropertyChanged", "ssv", (*place, ("b", True)))
        else:
            bus.emit("/org/xfce/Xfconf", "org.xfce.Xfconf", "PropertyRemoved", "ss", place)

    return Service(lambda bus: quiet.xfce_quiet(bus, XFCE), "org.xfce.Xfconf", "/org/xfce/Xfconf", interfaces, tell)


def mako() -> Service:
    def interfaces(on: Callable[[], bool]) -> tuple[Interface, ...]:
        modes = Method("", "as", lambda: (["default", *(["do-not-disturb"] if on() else [])],))
        return (Interface("fr.emersion.Mako", {"ListModes": modes}),)

    def tell(bus: Bus, now: bool) -> None:
        changed: dict[str, tuple[str, list[str]]] = {"Modes": ("as", [])}
        bus.emit("/fr/emersion/Mako", PROPERTIES, "PropertiesChanged", "sa{sv}as", ("fr.emersion.Mako", changed, []))

    return Service(quiet.mako_quiet, SERVER, "/fr/emersion/Mako", interfaces, tell)


LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "BlockInhibited")
KDE_POWER = "org.kde.Solid.PowerManagement.PolicyAgent"
SERVICES = {
    "kde": property_service(quiet.kde_quiet, SERVER, SERVER_PATH, SERVER, "Inhibited", True, False),
    "dunst": property_service(quiet.dunst_quiet, SERVER, SERVER_PATH, "org.dunstproject.cmd0", "paused", True, False),
    "xfconf": xfconf(),
    "mako": mako(),
    "gnome inhibitors": method_service(
        inhibitors.gnome_inhibitors,
        "org.gnome.SessionManager",
        "/org/gnome/SessionManager",
        "org.gnome.SessionManager",
        "IsInhibited",
        "u",
        ("InhibitorAdded", "o"),
    ),
    "kde inhibitors": method_service(
        inhibitors.kde_inhibitors,
        KDE_POWER,
        "/org/kde/Solid/PowerManagement/PolicyAgent",
        KDE_POWER,
        inhibitors._KDE_ASK,
        "u",
        (inhibitors._KDE_TELLS, "a(ss)as"),
    ),
    "xfce inhibitors": method_service(
        inhibitors.xfce_inhibitors,
        "org.freedesktop.PowerManagement",
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement.Inhibit",
        "HasInhibit",
        "",
        ("HasInhibitChanged", "b"),
    ),
    "logind": property_service(inhibitors.logind_inhibitors, *LOGIND, "sleep:idle", "sleep"),
    "battery": property_service(
        power.on_battery,
        "org.freedesktop.UPower",
        "/org/freedesktop/UPower",
        "org.freedesktop.UPower",
        "OnBattery",
        True,
        False,
    ),
}


class ServiceScene(Scene):
    def __init__(self, service: Service, private: PrivateBus) -> None:
        super().__init__()
        self.private = private
        address = private.address
        self.service = service
        self.on = False
        self.ours = Bus("session", address).connect()
        self.guard: ServiceGuard = service.guard(lambda: self.ours)
        self.theirs = Bus("session", address).connect()
        self.theirs.export(service.path, *service.interfaces(lambda: self.on))
        self.theirs.own_name(service.name)

    def turn(self, on: bool) -> None:
        self.on = on
        self.service.tell(self.theirs, on)

    def begin(self) -> None:
        self.turn(True)

    def end(self) -> None:
        self.turn(False)

    def break_down(self) -> None:
        self.theirs.close()

    def close(self) -> None:
        self.guard.stop()
        self.ours.close()
        self.theirs.close()


@pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
class TestEveryService(GuardContract):
    @pytest.fixture
    def scene(self, service: Service, session_bus: PrivateBus) -> Iterator[ServiceScene]:
        made = ServiceScene(service, session_bus)
        yield made
        made.close()


@pytest.fixture
def scene(session_bus: PrivateBus) -> Iterator[ServiceScene]:
    made = ServiceScene(SERVICES["kde"], session_bus)
    yield made
    made.close()


def test_a_service_that_comes_later_is_asked_then(session_bus: PrivateBus) -> None:
    ours = Bus("session", session_bus.address).connect()
    guard = quiet.kde_quiet(lambda: ours)
    told = Scene()
    guard.start(told.told.put)
    seen = [told.next()]

    late = ServiceScene(SERVICES["kde"], session_bus)
    seen.append(told.next())
    guard.stop()
    late.close()
    ours.close()

    assert seen == [Verdict.UNKNOWN, Verdict.NO]


def test_another_server_without_the_property_leaves_it_unknown(session_bus: PrivateBus) -> None:
    """XFCE's server has no `Inhibited`: nobody may take that for "not disturbed"."""
    other = ServiceScene(SERVICES["dunst"], session_bus)
    guard = quiet.kde_quiet(lambda: other.ours)
    guard.start(other.told.put)

    assert other.next() is Verdict.UNKNOWN
    guard.stop()
    other.close()


def test_an_answer_of_another_type_is_no_answer(session_bus: PrivateBus) -> None:
    service = property_service(quiet.kde_quiet, SERVER, SERVER_PATH, SERVER, "Inhibited", "yes", "no")
    odd = ServiceScene(service, session_bus)
    odd.guard.start(odd.told.put)

    assert odd.next() is Verdict.UNKNOWN
    odd.close()


def test_news_of_another_property_asks_nobody(scene: ServiceScene) -> None:
    asked: list[bool] = []
    ask = boolean(SERVER, SERVER_PATH, SERVER, "Inhibited")

    def counted(bus: Bus) -> bool:
        asked.append(True)
        return ask(bus)

    guard = ServiceGuard("dnd", "counted", lambda: scene.ours, SERVER, counted, scene.guard._hints)
    guard.start(scene.told.put)
    scene.next()
    scene.theirs.emit(SERVER_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", (SERVER, {"Other": ("b", True)}, []))
    scene.begin()
    scene.next()
    guard.stop()

    assert len(asked) == 2


def test_a_service_without_news_is_asked_when_a_prompt_is_near_and_on_until_it_says_no(scene: ServiceScene) -> None:
    ask = boolean(SERVER, SERVER_PATH, SERVER, "Inhibited")
    guard = ServiceGuard("dnd", "slow", lambda: scene.ours, SERVER, ask, (), asks_again_s=(0.05,))
    guard.start(scene.told.put)
    seen = [scene.next()]

    scene.on = True
    guard.ask_now()
    seen.append(scene.next())
    scene.on = False
    seen.append(scene.next())
    guard.stop()

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_a_service_that_was_too_busy_is_asked_again_by_itself_and_then_when_a_prompt_is_near(
    scene: ServiceScene,
) -> None:
    """As notification servers are while a session begins."""
    asked: SimpleQueue[str] = SimpleQueue()
    busy = True

    def ask(_bus: Bus) -> bool:
        asked.put("")
        if busy:
            raise Unavailable("It did not answer in time.")
        return True

    guard = ServiceGuard("dnd", "busy", lambda: scene.ours, SERVER, ask, (), after_silence_s=(0.01, 0.02))
    guard.start(scene.told.put)
    seen = [scene.next()]
    for _question in range(3):
        asked.get(timeout=20)

    busy = False
    guard.ask_now()
    seen.append(scene.next())
    guard.ask_now()
    guard.stop()
    guard.ask_now()

    assert seen == [Verdict.UNKNOWN, Verdict.YES]
    scene.ours.close()  # whatever was to be asked has been
    assert asked.qsize() == 1


def test_bus_that_went_and_came_back_is_no_end(scene: ServiceScene) -> None:
    private = scene.private
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    private.stop()
    seen.append(scene.next())
    private.start()
    seen.append(scene.next())
    scene.end()
    seen.append(scene.next())

    assert seen == [Verdict.YES, Verdict.UNKNOWN, Verdict.YES, Verdict.NO]


@pytest.mark.parametrize("make", [quiet.xfce_quiet, quiet.gnome_quiet])
def test_settings_of_another_desktop_say_nothing(make: Any) -> None:
    with pytest.raises(Unavailable, match="not"):
        make(lambda: None, {"XDG_CURRENT_DESKTOP": "KDE"}).probe()


# --- the real ones ----------------------------------------------------------------------------------------------------


def test_real_dunst_is_paused_and_goes_on(lab: Lab, x_server: XServer, session_bus: PrivateBus) -> None:
    lab.need(["dunst", "dunstctl"])
    lab.start(["dunst"], "dunst")
    session_bus.wait_for(SERVER)
    told, ours = Scene(), Bus("session", session_bus.address).connect()
    guard = quiet.dunst_quiet(lambda: ours)
    guard.start(told.told.put)
    seen = [told.next()]

    for state in ("true", "false"):
        lab.run(["dunstctl", "set-paused", state])
        seen.append(told.next())
    guard.stop()
    ours.close()

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_real_settings_of_xfce_are_followed(lab: Lab, x_server: XServer, session_bus: PrivateBus) -> None:
    lab.need(["xfconf-query"])
    change = ["xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb"]
    lab.run(["xfconf-query", "-l"])  # starts the settings daemon, as any session of XFCE does
    session_bus.wait_for("org.xfce.Xfconf")
    told, ours = Scene(), Bus("session", session_bus.address).connect()
    guard = quiet.xfce_quiet(lambda: ours, XFCE)
    guard.start(told.told.put)
    seen = [told.next()]

    lab.run([*change, "-n", "-t", "bool", "-s", "true"])
    seen.append(told.next())
    lab.run([*change, "-r"])
    seen.append(told.next())
    guard.stop()
    ours.close()

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


def test_real_settings_of_gnome_are_followed(lab: Lab, session_bus: PrivateBus) -> None:
    """The settings and their daemon are the real ones; the shell's name, the sign of a GNOME session, is borrowed."""
    lab.need(["gsettings"])
    if not Path("/usr/share/dbus-1/services/ca.desrt.dconf.service").exists():
        raise MissingProgramsError("not installed: dconf-gsettings-backend")
    environ = {**lab.environ, "GSETTINGS_BACKEND": "dconf", "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}

    def write(value: str) -> None:
        subprocess.run(["gsettings", "set", *quiet._GNOME, value], env=environ, check=True, timeout=30)

    ours = Bus("session", session_bus.address).connect()
    shell = Bus("session", session_bus.address).connect()
    shell.own_name("org.gnome.Shell")
    told, guard = Scene(), quiet.gnome_quiet(lambda: ours, environ)
    guard.probe()
    guard.start(told.told.put)
    seen = [told.next()]

    for value in ("false", "true"):
        write(value)
        seen.append(told.next())
    guard.stop()
    shell.close()
    ours.close()

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]
