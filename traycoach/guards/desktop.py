"""The guards of this desktop, in the order in which `doctor` lists them: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traycoach.core.events import Event, MeetingAhead, MeetingEndKnown
from traycoach.desktop.bus import Bus, session_bus, system_bus
from traycoach.desktop.pulse import pulse_place
from traycoach.desktop.x11 import XConnection
from traycoach.errors import Problem
from traycoach.guards import inhibitors, quiet
from traycoach.guards.base import Guard
from traycoach.guards.camera import V4l2Camera
from traycoach.guards.focus import FocusWatch, InFront, fullscreen
from traycoach.guards.media import MediaGuard
from traycoach.guards.meeting import MeetingGuard
from traycoach.guards.microphone import PulseMicrophone
from traycoach.guards.power import on_battery
from traycoach.guards.running import Running
from traycoach.guards.sharing import PipeWireSharing
from traycoach.guards.sway_focus import SwayFocus
from traycoach.guards.x11_focus import X11Focus
from traycoach.settings import Guards


class DesktopGuards:
    """All guards of a Linux desktop. `change` hands on what the user names in the settings."""

    def __init__(
        self,
        settings: Guards,
        x11: Callable[[], XConnection],
        post: Callable[[Event], None],
        tell_problems: Callable[[Sequence[Problem]], None],
        *,
        session: Callable[[], Bus] = session_bus,
        system: Callable[[], Bus] = system_bus,
    ) -> None:
        focus = [FocusWatch(X11Focus(x11)), FocusWatch(SwayFocus())]
        self._in_front = [InFront(watch, settings.in_front) for watch in focus]
        self._running = Running(settings.running)
        self._meetings = MeetingGuard(
            settings.calendars,
            end_known=lambda at: post(MeetingEndKnown(at)),
            next_known=lambda at: post(MeetingAhead(at)),
            troubled=tell_problems,
        )
        self.all: Sequence[Guard] = [
            *(fullscreen(watch) for watch in focus),
            self._meetings,
            PulseMicrophone(pulse_place),
            V4l2Camera(),
            quiet.gnome_quiet(session),
            quiet.kde_quiet(session),
            quiet.xfce_quiet(session),
            quiet.dunst_quiet(session),
            quiet.mako_quiet(session),
            PipeWireSharing(),
            inhibitors.gnome_inhibitors(session),
            inhibitors.kde_inhibitors(session),
            inhibitors.xfce_inhibitors(session),
            inhibitors.logind_inhibitors(system),
            MediaGuard(session),
            *self._in_front,
            self._running,
            on_battery(system),
        ]

    def change(self, settings: Guards) -> None:
        """Take new settings."""
        for guard in self._in_front:
            guard.change(settings.in_front)
        self._running.change(settings.running)
        self._meetings.change(settings.calendars)

    def time_moved(self) -> None:
        """Look anew at what follows the wall clock: it was set, the zone changed, or the machine slept."""
        self._meetings.look()

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the files that the user named."""
        return self._meetings.problems
