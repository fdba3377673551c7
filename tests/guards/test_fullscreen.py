"""Full-screen windows on a real X server under real window managers."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from Xlib import X
from Xlib.xobject.drawable import Window

from tests.contracts.guard import GuardContract, Scene
from tests.desktops.lab import Lab, WindowManager, XServer, wait_until
from traycoach.core.events import Event, HoldsChanged
from traycoach.desktop.x11 import SharedX11
from traycoach.errors import Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.focus import Focus, Focused, FocusWatch, InFront, fullscreen
from traycoach.guards.watch import GuardWatch
from traycoach.guards.x11_focus import X11Focus

LIMIT_S = 20.0


class X11Scene(Scene):
    def __init__(self, lab: Lab, server: XServer, connect: SharedX11) -> None:
        super().__init__()
        self.lab = lab
        self.server = server
        self.guard = fullscreen(FocusWatch(X11Focus(connect)))
        self.film = self.opens("film")

    def opens(self, name: str, kind: str | None = None) -> Window:
        """Open a window and give it the focus; it is the active one when this returns."""
        display = self.server.display
        window: Window = display.screen().root.create_window(50, 50, 300, 200, 0, display.screen().root_depth)
        window.set_wm_name(name)
        window.set_wm_class(name, name.capitalize())
        if kind is not None:
            atoms = [display.intern_atom(kind)]
            window.change_property(display.intern_atom("_NET_WM_WINDOW_TYPE"), display.intern_atom("ATOM"), 32, atoms)
        tries = 0

        def managed() -> bool:
            nonlocal tries
            if window.id in self.server.root_property("_NET_CLIENT_LIST"):
                return True
            if tries % 25 == 0:  # a manager that has only just started may overlook a window
                window.unmap()
                window.map()
                display.sync()
            tries += 1
            return False

        wait_until(managed, LIMIT_S, "the window")
        self.activates(window)
        return window

    def activates(self, window: Window) -> None:
        self.lab.run(["wmctrl", "-i", "-a", hex(window.id)])
        # xfwm4 writes a second value, 0
        active = self.server.root_property
        wait_until(lambda: active("_NET_ACTIVE_WINDOW")[:1] == [window.id], LIMIT_S, "the active window")

    def makes(self, window: Window, action: str) -> None:
        """Have the window manager add or remove the full-screen state, and wait until it has."""
        self.lab.run(["wmctrl", "-i", "-r", hex(window.id), "-b", f"{action},fullscreen"])
        display = self.server.display
        state, full = (display.intern_atom(f"_NET_WM_STATE{end}") for end in ("", "_FULLSCREEN"))

        def done() -> bool:
            value = window.get_full_property(state, X.AnyPropertyType)
            return (value is not None and full in value.value) == (action == "add")

        wait_until(done, LIMIT_S, f"full screen to be {action}ed")

    def begin(self) -> None:
        self.makes(self.film, "add")

    def end(self) -> None:
        self.makes(self.film, "remove")

    def break_down(self) -> None:
        self.server.stop()


@pytest.fixture
def connect(x_server: XServer) -> Iterator[SharedX11]:
    shared = SharedX11({"DISPLAY": x_server.name})
    yield shared
    shared.close()


@pytest.fixture
def manager(request: pytest.FixtureRequest, lab: Lab, x_server: XServer) -> Iterator[WindowManager]:
    with WindowManager(lab, getattr(request, "param", "openbox")) as running:
        yield running


@pytest.fixture
def scene(lab: Lab, x_server: XServer, manager: WindowManager, connect: SharedX11) -> Iterator[X11Scene]:
    made = X11Scene(lab, x_server, connect)
    yield made
    made.guard.stop()


@pytest.mark.parametrize("manager", ["xfwm4", "openbox"], indirect=True)
class TestFullscreenOnX11(GuardContract):
    @pytest.fixture
    def scene(self, lab: Lab, x_server: XServer, manager: WindowManager, connect: SharedX11) -> Iterator[X11Scene]:
        made = X11Scene(lab, x_server, connect)
        yield made
        made.guard.stop()


def test_only_the_window_in_use_counts(scene: X11Scene) -> None:
    scene.begin()
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    other = scene.opens("editor")
    seen.append(scene.next())
    scene.activates(scene.film)
    seen.append(scene.next())
    scene.film.destroy()
    scene.server.display.sync()
    seen.append(scene.next())
    other.destroy()
    scene.server.display.sync()

    assert seen == [Verdict.YES, Verdict.NO, Verdict.YES, Verdict.NO]


def test_own_windows_and_desktops_in_full_screen_do_not_count(scene: X11Scene) -> None:
    scene.guard.start(scene.told.put)
    seen = [scene.next()]

    scene.makes(scene.opens("traycoach"), "add")
    scene.begin()
    scene.activates(scene.film)
    seen.append(scene.next())

    assert seen == [Verdict.NO, Verdict.YES]
    assert scene.told.empty()


def test_desktop_window_in_full_screen_does_not_count(lab: Lab, x_server: XServer, connect: SharedX11) -> None:
    with WindowManager(lab, "openbox"):
        scene = X11Scene(lab, x_server, connect)
        scene.begin()
        scene.guard.start(scene.told.put)
        seen = [scene.next()]
        display = x_server.display
        kind, desktop = (display.intern_atom(f"_NET_WM_WINDOW_TYPE{end}") for end in ("", "_DESKTOP"))
        scene.film.change_property(kind, display.intern_atom("ATOM"), 32, [desktop])
        display.sync()
        other = scene.opens("editor")
        seen.append(scene.next())
        scene.activates(scene.film)  # now a desktop
        scene.activates(other)
        scene.makes(other, "add")
        seen.append(scene.next())
        scene.guard.stop()

    assert seen == [Verdict.YES, Verdict.NO, Verdict.YES]
    assert scene.told.empty()


def test_answer_is_unknown_until_a_window_manager_comes(lab: Lab, x_server: XServer, connect: SharedX11) -> None:
    told = Scene()
    guard = fullscreen(FocusWatch(X11Focus(connect)))
    guard.start(told.told.put)
    seen = [told.next()]

    with WindowManager(lab, "openbox"):
        seen.append(told.next())
        guard.stop()

    assert seen == [Verdict.UNKNOWN, Verdict.NO]


def test_guard_is_refused_under_wayland() -> None:
    with pytest.raises(Unavailable, match="Wayland"):
        fullscreen(FocusWatch(X11Focus(SharedX11({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"})))).probe()


def test_server_that_went_and_came_back_is_followed_again_by_every_guard(lab: Lab, x_server: XServer) -> None:
    """The new server has other numbers for the same atoms, and windows of its own."""
    environ = {"DISPLAY": x_server.name}
    shared = SharedX11(environ)
    watch, posted = FocusWatch(X11Focus(shared)), SimpleQueue[Event]()
    switches = {"fullscreen": True, "application": True}
    guards = GuardWatch([fullscreen(watch), InFront(watch, ["film"])], posted.put, switches, retries_s=(0.1,))
    present, nothing = HoldsChanged(frozenset(switches)), HoldsChanged(frozenset())

    def waits_for(event: Event) -> None:
        while posted.get(timeout=LIMIT_S) != event:
            pass

    for life in range(2):
        with WindowManager(lab, "openbox"):
            scene = X11Scene(lab, x_server, shared)
            scene.begin()
            if life == 0:
                guards.start()
            waits_for(present)
            if life == 1:
                scene.end()
                waits_for(HoldsChanged(frozenset({"application"})))
                guards.stop()
                shared.close()
                return
        x_server.stop()
        waits_for(nothing)
        x_server.start()
        for number in range(50):
            x_server.display.intern_atom(f"ANOTHER_{number}")
        environ["DISPLAY"] = x_server.name


def test_server_that_goes_while_the_answer_is_unknown_is_told(lab: Lab, x_server: XServer, connect: SharedX11) -> None:
    told, guard = Scene(), fullscreen(FocusWatch(X11Focus(connect)))
    guard.start(told.told.put)
    seen = [told.next()]  # no window manager

    x_server.stop()
    seen.append(told.next())

    assert seen == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert guard.lost
    guard.stop()


@pytest.mark.parametrize("manager", ["xfwm4", "openbox"], indirect=True)
def test_window_that_changes_its_title_all_the_time_is_left_alone_and_seen_in_full_screen(
    lab: Lab, x_server: XServer, manager: WindowManager, connect: SharedX11
) -> None:
    scene = X11Scene(lab, x_server, connect)
    source = X11Focus(connect, rests_s=(600.0,))
    scene.guard = fullscreen(FocusWatch(source))
    scene.guard.start(scene.told.put)
    seen = [scene.next()]
    heard: list[int] = []
    title = x_server.display.intern_atom("WM_NAME")
    stop = connect().listen(lambda event: heard.append(getattr(event, "atom", 0)))

    for number in range(50):
        scene.film.set_wm_name(f"{number} %")
        x_server.display.sync()
        wait_until(lambda: source.rests, LIMIT_S, "the rest")
    scene.begin()
    seen.append(scene.next())
    stop()
    scene.guard.stop()

    assert seen == [Verdict.NO, Verdict.YES]
    assert heard.count(title) < 25, "of 50; some may be on their way when the rest begins"


def test_rest_ends_by_itself(scene: X11Scene, connect: SharedX11) -> None:
    source = X11Focus(connect, rests_s=(0.05,))
    watch = FocusWatch(source)
    told: SimpleQueue[Focused] = SimpleQueue()
    watch.listen(told.put)
    told.get(timeout=LIMIT_S)
    scene.film.set_wm_name("1 %")
    scene.server.display.sync()
    wait_until(lambda: source.rests, LIMIT_S, "the rest")
    wait_until(lambda: not source.rests, LIMIT_S, "its end")
    scene.begin()

    assert told.get(timeout=LIMIT_S) == Focus(frozenset({"film"}), fullscreen=True)
    watch.leave(told.put)
