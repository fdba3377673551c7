"""Is a camera in use? Linux: by who keeps a capture device open, looked at whenever one is opened or closed.

Programs open a camera for a moment to ask what it can do (browsers for every list of devices): who keeps it open for a
second uses it. Not so PipeWire and its session manager. They lend cameras to other programs, and may keep them open all
day; for them a camera is in use while they have its pictures in memory. No event tells when that begins or ends, so as
long as one of them keeps a camera open it is looked at now and then.

Fact: inotify(7) works on device nodes and tells when one is opened, not by whom.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from traycoach import inotify
from traycoach.errors import NotHere
from traycoach.guards.base import Verdict
from traycoach.guards.camera_files import CameraPlaces, Holder
from traycoach.guards.following import Following
from traycoach.inotify import Inotify
from traycoach.stop_flag import StopFlag
from traycoach.text import _

SETTLE_S = 0.3
"""A program that lists devices opens each of them in turn; what comes within this time is looked at once."""

PROBE_S = 1.0
"""A device that is open for less was only asked what it can do."""

LENT_S = 30.0
"""How often a program that lends cameras is looked at while it keeps one open."""

_NODES_CHANGE = inotify.CREATE | inotify.DELETE | inotify.MOVED_FROM | inotify.MOVED_TO | inotify.ATTRIB
_FOLDER_GOES = inotify.DELETE_SELF | inotify.MOVE_SELF
_OPENED_OR_CLOSED = inotify.OPEN | inotify.CLOSE_WRITE | inotify.CLOSE_NOWRITE


class V4l2Camera:
    """Follows the video devices that there are and that come. Without any the verdict is no."""

    name = "camera"
    mechanism = "open video devices"

    def __init__(self, places: CameraPlaces | None = None, lent_s: float = LENT_S) -> None:
        self._places = CameraPlaces() if places is None else places
        self._lent_s = lent_s
        self._following = Following(self.name, self._follow)
        self._holders: frozenset[Holder] = frozenset()

    @property
    def lost(self) -> bool:
        """See `Mortal`."""
        return self._following.lost

    def probe(self) -> None:
        """See `Guard`."""
        try:
            self._places.nodes()
            os.scandir(self._places.proc).close()
        except OSError as error:
            raise NotHere(_("Devices or processes cannot be listed ({reason}).").format(reason=error)) from error
        Inotify().close()

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        self.probe()
        self._holders = frozenset()
        self._following.start(changed)

    def stop(self) -> None:
        """See `Guard`."""
        self._following.stop()

    # --- on the guard's thread ----------------------------------------------------------------------------------------

    def _follow(self, stop: StopFlag) -> None:
        """Look at every event. Raises OSError when devices can be listed no more, Unavailable without watches."""
        with Inotify() as files:
            self._watch(files)
            self._look(stop)
            while not stop.is_set:
                lent = any(self._places.lends(holder) for holder in self._holders)
                if stop.wait(files.fileno(), self._lent_s if lent else None):
                    stop.wait(limit_s=SETTLE_S)
                    files.read()
                    self._watch(files)
                    self._look(stop)
                else:
                    self._tell_use()

    def _watch(self, files: Inotify) -> None:
        """Hear of the devices that are there now, and of new ones. A watch goes with its device."""
        files.add(self._places.dev, _NODES_CHANGE | _FOLDER_GOES)
        for node in self._places.nodes():
            files.add(node, _OPENED_OR_CLOSED)

    def _look(self, stop: StopFlag) -> None:
        """Find out who has a camera open, for longer than a moment."""
        self._holders = frozenset(holder for holder in self._holders if self._places.holds(holder))
        if not any(self._places.uses(holder) for holder in self._holders):
            found = self._places.holders()
            if found - self._holders:
                stop.wait(limit_s=PROBE_S)
                found &= self._places.holders()
            self._holders = found
        self._tell_use()

    def _tell_use(self) -> None:
        used = any(self._places.uses(holder) for holder in self._holders)
        self._following.telling.tell(Verdict.YES if used else Verdict.NO)
