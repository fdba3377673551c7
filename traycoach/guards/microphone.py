"""Is a microphone in use? By what the sound server says about the streams that record.

Not every one is somebody speaking: left out are streams that stand still or are muted, recordings of what the speakers
play, level meters, and streams inside the server (a loopback, an echo canceller), which are there all day. Whether
the *microphone* is muted does not matter: who mutes it with its key is in a call all the same.

The mechanism was chosen by measurement (docs/decisions/007-microphone.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from traycoach import inotify
from traycoach.desktop.pulse import PulseLink, PulsePlace
from traycoach.desktop.pulse_wire import NO_INDEX, SourceOutput
from traycoach.errors import Unavailable
from traycoach.guards.base import LIMIT, Verdict
from traycoach.guards.following import Following
from traycoach.inotify import Inotify
from traycoach.stop_flag import StopFlag

SETTLE_S = 0.2
"""A stream that begins is told two or three times; what comes within this time is looked at once."""

RETRY_AFTER_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""How long a server that runs but does not answer, or hangs up, is left alone."""

MIXERS = frozenset({"org.PulseAudio.pavucontrol", "org.gnome.VolumeControl"})
"""Programs that listen only to draw a meter, by their `application.id`."""

_APPEARS = inotify.CREATE | inotify.MOVED_TO | inotify.CLOSE_WRITE

_log = logging.getLogger(__name__)


class PulseMicrophone:
    """Follows the sound server's list of recording streams. `find` gives the server's place, or raises Unavailable.

    A server that is not there yet, or goes, is waited for: the verdict is unknown, nothing is started or polled.
    """

    name = "microphone"
    mechanism = "sound server"

    def __init__(self, find: Callable[[], PulsePlace]) -> None:
        self._find = find
        self._following = Following(self.name, self._follow)
        self._tell = self._following.telling.tell
        self._failures = 0

    @property
    def lost(self) -> bool:
        """See `Mortal`."""
        return self._following.lost

    def probe(self) -> None:
        """See `Guard`. The server may come later: without one the verdict is unknown."""
        self._find()
        Inotify().close()

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        self.probe()
        self._failures = 0
        self._following.start(changed)

    def stop(self) -> None:
        """See `Guard`."""
        self._following.stop()

    # --- on the guard's thread ----------------------------------------------------------------------------------------

    def _follow(self, stop: StopFlag) -> None:
        place = self._find()
        while (link := self._connect(place, stop)) is not None:
            try:
                self._listen(link, stop)
            except OSError as error:
                _log.info("the sound server went away: %s", error)
                self._failures += 1
                self._tell(Verdict.UNKNOWN)
            finally:
                link.close()

    def _listen(self, link: PulseLink, stop: StopFlag) -> None:
        """Follow this server. Raises OSError when it goes, or says what cannot be understood."""
        link.subscribe()
        self._tell(_judge(link))
        while stop.wait(link.fileno()):
            link.read_event()
            stop.wait(limit_s=SETTLE_S)
            self._tell(_judge(link))
            self._failures = 0

    def _connect(self, place: PulsePlace, stop: StopFlag) -> PulseLink | None:
        """Give a connection as soon as there is a server; None if the guard was stopped meanwhile."""
        with Inotify() as files:
            _watch_folders(files, place)
            if self._failures:
                self._await_server(files, place, stop)
            while not stop.is_set:
                _watch_folders(files, place)
                try:
                    return place.open(LIMIT.total_seconds())
                except Unavailable as error:
                    _log.debug("the microphone is not watched: %s", error.reason)
                    self._failures += 1
                    self._tell(Verdict.UNKNOWN)
                self._await_server(files, place, stop)
        return None

    def _await_server(self, files: Inotify, place: PulsePlace, stop: StopFlag) -> None:
        """Wait for a sign of a new server; where one runs that failed us, at most as long as its failures ask for."""
        again_s = RETRY_AFTER_S[min(self._failures, len(RETRY_AFTER_S)) - 1] if place.occupied else None
        if stop.wait(files.fileno(), again_s):
            stop.wait(limit_s=SETTLE_S)
            files.read()
            self._failures = 0


def _watch_folders(files: Inotify, place: PulsePlace) -> None:
    """Hear of the server's socket and pid file, and of the folder for them, which the first server makes."""
    folder = place.socket.parent
    for path in (folder.parent, folder):
        files.add(path, _APPEARS | inotify.ONLYDIR)


def _judge(link: PulseLink) -> Verdict:
    sources = {output.source for output in link.source_outputs() if is_speech(output)}
    return Verdict.YES if any(link.hears_the_room(source) for source in sources) else Verdict.NO


def is_speech(output: SourceOutput) -> bool:
    """Tell whether a stream may be somebody speaking into a microphone, as far as the stream itself says.

    Facts: PulseAudio resamples a level meter's stream by "peaks", PipeWire marks it `stream.monitor`; a stream inside
    PulseAudio belongs to no client, one inside PipeWire has a `node.link-group`.
    """
    words = output.properties
    inside = (output.client == NO_INDEX and "application.name" not in words) or "node.link-group" in words
    meter = (
        output.resampling == "peaks" or words.get("stream.monitor") == "true" or words.get("application.id") in MIXERS
    )
    return not (output.corked or output.muted or inside or meter or output.source == NO_INDEX)
