"""Is the screen shared or recorded? On Wayland that goes through PipeWire, whatever the desktop and the program.

The compositor offers the picture as a stream in PipeWire's graph for as long as somebody may look at it (seen with
GNOME Shell 43; KWin does the same; the portal of wlroots offers a source of its own). On X11 every program may look at
the screen at any time, and nobody can tell.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping

from traycoach.desktop import pipewire
from traycoach.desktop.display import is_wayland
from traycoach.desktop.pipewire import Appeared, Complete, Inbox, Ping, Vanished
from traycoach.errors import NotHere, Unavailable
from traycoach.guards.base import LIMIT, Verdict
from traycoach.guards.following import Following
from traycoach.stop_flag import StopFlag
from traycoach.text import _

_NODE = "PipeWire:Interface:Node"
_OF_WLROOTS = "xdg-desktop-portal"


class PipeWireSharing:
    """Follows the streams of pictures in PipeWire's graph. Without a server it is refused, and to be tried again."""

    name = "sharing"
    mechanism = "PipeWire"

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._following = Following(self.name, self._follow)

    @property
    def lost(self) -> bool:
        """See `Mortal`."""
        return self._following.lost

    def probe(self) -> None:
        """See `Guard`."""
        self._connect().close()

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        self.probe()
        self._following.start(changed)

    def stop(self) -> None:
        """See `Guard`."""
        self._following.stop()

    def _connect(self) -> socket.socket:
        if not is_wayland(self._environ):
            raise NotHere(_("On X11 nobody can tell who looks at the screen."))
        listens = pipewire.place(self._environ)
        if listens is None:
            raise NotHere(_("There is no runtime folder: XDG_RUNTIME_DIR is not set."))
        if not pipewire.is_running(listens):
            raise Unavailable(_("PipeWire does not run."))
        channel = socket.socket(socket.AF_UNIX)
        channel.settimeout(LIMIT.total_seconds())
        try:
            channel.connect(str(listens))
        except OSError as error:
            channel.close()
            raise Unavailable(_("PipeWire cannot be reached ({reason}).").format(reason=error)) from error
        return channel

    def _follow(self, stop: StopFlag) -> None:
        with self._connect() as channel:
            channel.sendall(pipewire.hello())
            inbox, shown, complete = Inbox(), set[int](), False
            while stop.wait(channel.fileno()):
                data = channel.recv(65536)
                if not data:
                    raise ConnectionResetError
                for news in inbox.take(data):
                    match news:
                        case Appeared() if is_picture(news):
                            shown.add(news.number)
                        case Vanished(number=number):
                            shown.discard(number)
                        case Complete():
                            complete = True
                        case Ping(answer=answer):
                            channel.sendall(answer)
                if complete:
                    self._following.telling.tell(Verdict.YES if shown else Verdict.NO)


def is_picture(thing: Appeared) -> bool:
    """Tell whether a thing in the graph is a picture of the screen. A camera is a source of a device, and is none."""
    words = thing.properties
    media = words.get("media.class")
    ours = media == "Stream/Output/Video"
    wlroots = media == "Video/Source" and words.get("node.name", "").startswith(_OF_WLROOTS)
    return thing.kind == _NODE and (ours or wlroots)
