"""The idle sources of Wayland on real compositors without a screen, with real input: sway, KWin and GNOME Shell.

A compositor serves one test after the other until one of them breaks it down.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Self

import pytest

from tests.contracts.source import LIMIT_S, SHORT, Desk, SourceContract
from tests.desktops.gnome import GnomeDesktop
from tests.desktops.lab import Lab, wait_until
from tests.desktops.parts import Part
from tests.desktops.plasma import PlasmaDesktop
from tests.desktops.sway import SwayDesktop
from traycoach.activity.base import Source
from traycoach.activity.chooser import InputWatch
from traycoach.activity.mutter import MutterIdle
from traycoach.activity.sources import input_sources
from traycoach.activity.wayland import PROTOCOLS, WaylandIdle
from traycoach.core.events import Event, IdleBegan, InputResumed, SourceFound, SourceLost
from traycoach.core.instant import SECOND
from traycoach.desktop.bus import Bus
from traycoach.desktop.x11 import SharedX11
from traycoach.errors import Unavailable

pytestmark = pytest.mark.desktop
SWAY = pytest.mark.xdist_group("idle_on_sway")
HEAVY = [pytest.mark.heavy_desktop, pytest.mark.xdist_group("heavy_desktop")]

MUTTER = "org.gnome.Mutter.IdleMonitor"
AT_ONCE = (timedelta(milliseconds=50),)


class Compositor(ABC):
    """A compositor that runs, and somebody in front of it."""

    lab: Lab
    part: Part

    @abstractmethod
    def touch(self) -> None:
        """Press a key; the compositor has dealt with it when this returns."""

    def crash(self) -> None:
        """End the compositor as a crash does."""
        self.part.kill9()

    def __enter__(self) -> Self:
        self.lab.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.lab.__exit__()


class SwayCompositor(Compositor):
    def __init__(self, folder: Path) -> None:
        self.lab = self.desktop = SwayDesktop(folder, bar=False, notifications=False)
        self.part = self.desktop.compositor

    def touch(self) -> None:
        self.desktop.hands.keyboard.tap()
        self.desktop.hands.settle()


class KwinCompositor(Compositor):
    def __init__(self, folder: Path) -> None:
        self.lab = self.desktop = PlasmaDesktop(folder, kded=False, shell=False)
        self.part = self.desktop.kwin
        self._x = 100

    def touch(self) -> None:
        self._x = 300 - self._x  # there and back: a pointer that stays where it is has not moved
        self.desktop.kwin.hands.move(self._x, 100)


class GnomeCompositor(Compositor):
    def __init__(self, folder: Path) -> None:
        self.lab = self.desktop = GnomeDesktop(folder, extension=False)
        self.part = self.desktop.shell

    def __enter__(self) -> Self:
        super().__enter__()
        self.touch()
        return self

    def crash(self) -> None:
        self.desktop.rest_hands()  # they could not say goodbye afterwards
        super().crash()

    def touch(self) -> None:
        before = self._idle_ms()
        self.desktop.hands.tap("Shift_L")  # goes through a thread of the shell
        wait_until(lambda: self._idle_ms() < max(before, 50), LIMIT_S, "the shell to see the key")

    def _idle_ms(self) -> int:
        return int(self.desktop.bus.call(MUTTER, "/org/gnome/Mutter/IdleMonitor/Core", MUTTER, "GetIdletime")[0])


class Shared:
    """The compositors of this module: started when first wanted, and anew when one was broken."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._running: dict[type[Compositor], Compositor] = {}

    def __call__(self, kind: type[Compositor]) -> Compositor:
        running = self._running.get(kind)
        if running is not None and not running.part.running:
            self._running.pop(kind).__exit__()
            running = None
        if running is None:
            running = kind(self._folders.mktemp(kind.__name__)).__enter__()  # type: ignore[call-arg]
            self._running[kind] = running
        return running

    def close(self) -> None:
        for running in self._running.values():
            running.__exit__()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    made = Shared(tmp_path_factory)
    yield made
    made.close()


class CompositorDesk(Desk):
    def __init__(self, compositor: Compositor, make: Callable[[dict[str, str]], Source]) -> None:
        super().__init__()
        self.compositor = compositor
        self.source = make(compositor.lab.environ)

    def touch(self) -> None:
        if self.compositor.part.running:
            self.compositor.touch()

    def break_down(self) -> None:
        self.compositor.crash()


def wayland_desk(compositor: Compositor, protocol: str) -> Iterator[CompositorDesk]:
    desk = CompositorDesk(compositor, lambda environ: WaylandIdle(PROTOCOLS[protocol], environ))
    yield desk
    desk.source.stop()


@SWAY
class TestSway(SourceContract):
    """sway 1.7 speaks KDE's protocol; newer ones speak both."""

    @pytest.fixture
    def desk(self, shared: Shared) -> Iterator[CompositorDesk]:
        yield from wayland_desk(shared(SwayCompositor), "kde")


@pytest.mark.parametrize("protocol", ["ext", "kde"])
class TestKwin(SourceContract):
    pytestmark = HEAVY

    @pytest.fixture
    def desk(self, shared: Shared, protocol: str) -> Iterator[CompositorDesk]:
        yield from wayland_desk(shared(KwinCompositor), protocol)


class TestGnome(SourceContract):
    pytestmark = HEAVY

    @pytest.fixture
    def desk(self, shared: Shared) -> Iterator[CompositorDesk]:
        compositor = shared(GnomeCompositor)
        bus = Bus("session", compositor.lab.session_bus.address).connect()
        desk = CompositorDesk(compositor, lambda _: MutterIdle(lambda: bus))
        yield desk
        desk.source.stop()
        bus.close()


# --- what each compositor lacks ---------------------------------------------------------------------------------------


@pytest.mark.heavy_desktop
@pytest.mark.xdist_group("heavy_desktop")
@pytest.mark.parametrize("kind", [KwinCompositor, GnomeCompositor])
def test_what_a_compositor_does_not_offer_is_refused(shared: Shared, kind: type[Compositor]) -> None:
    environ = shared(kind).lab.environ
    reasons = {protocol: _refusal(WaylandIdle(PROTOCOLS[protocol], environ)) for protocol in PROTOCOLS}

    assert all("does not offer" in reason for reason in reasons.values() if reason)
    refused = {protocol for protocol, reason in reasons.items() if reason}
    assert refused <= {"ext input"} if kind is KwinCompositor else "kde" in refused


# --- a compositor that stops, and one that comes back -----------------------------------------------------------------


@SWAY
def test_sway_that_hangs_gives_no_age_and_is_no_absence(shared: Shared) -> None:
    sway = shared(SwayCompositor)
    desk = CompositorDesk(sway, lambda environ: WaylandIdle(PROTOCOLS["kde"], environ))
    desk.source.start(desk.posted.put)
    desk.source.watch(60 * SECOND)
    process = _child_of(sway.part)

    os.kill(process, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable, match="did not answer"):
            desk.source.idle_for()
    finally:
        os.kill(process, signal.SIGCONT)
    wait_until(lambda: _age(desk.source) is not None, LIMIT_S, "an age")
    desk.source.stop()

    assert desk.posted.empty()


@pytest.mark.heavy_desktop
@pytest.mark.xdist_group("heavy_desktop")
def test_kwin_that_is_restarted_is_lost_and_found(shared: Shared) -> None:
    kwin = shared(KwinCompositor)
    posted: SimpleQueue[Event] = SimpleQueue()
    session = {name: kwin.lab.environ[name] for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")}
    makers = input_sources(SharedX11(session), session)[:3]
    watch = InputWatch(makers, posted.put, AT_ONCE)
    watch.start()
    kwin.touch()
    watch.watch(SHORT)
    assert isinstance(posted.get(timeout=LIMIT_S), IdleBegan)

    kwin.crash()
    lost = posted.get(timeout=LIMIT_S)
    kwin.part.start()
    found = posted.get(timeout=LIMIT_S)
    began = posted.get(timeout=LIMIT_S)
    kwin.touch()
    resumed = posted.get(timeout=LIMIT_S)
    watch.stop()

    assert isinstance(lost, SourceLost)
    assert isinstance(found, SourceFound)
    assert isinstance(began, IdleBegan)
    assert resumed == InputResumed()


def _refusal(source: Source) -> str:
    try:
        source.probe()
    except Unavailable as error:
        return error.reason
    return ""


def _age(source: Source) -> timedelta | None:
    try:
        return source.idle_for()
    except Unavailable:
        return None


def _child_of(part: Part) -> int:
    """Give the compositor's own process, which may run below what changes the user for it."""
    assert part.process is not None
    children = Path(f"/proc/{part.process.pid}/task/{part.process.pid}/children").read_text().split()
    name = Path(f"/proc/{part.process.pid}/comm").read_text().strip()
    return part.process.pid if name == part.name_of_log else int(children[0])
