"""Is music or a film playing? Players tell it on the session bus (MPRIS D-Bus Interface Specification 2.2).

This is never a sign of presence: music plays to an empty chair as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from traycoach.desktop.bus import Bus, CallFailed, Signal, Subscription
from traycoach.errors import Unavailable
from traycoach.guards.base import Telling, Verdict
from traycoach.guards.bus_guard import LIMIT_S, PROPERTIES

_PREFIX = "org.mpris.MediaPlayer2."
_PATH, _PLAYER = "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player"
_BUS, _BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"

_log = logging.getLogger(__name__)


class MediaGuard:
    """Follows every player on the bus: one that says "Playing" is enough."""

    name = "media"
    mechanism = "MPRIS players"

    def __init__(self, connect: Callable[[], Bus]) -> None:
        self._connect = connect
        self._bus: Bus | None = None
        self._kept: list[Subscription] = []
        self._telling = Telling()
        self._playing: dict[str, bool | None] = {}
        """By the player's unique name; None while a player has not answered."""

    def probe(self) -> None:
        """See `Guard`."""
        self._connect()

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        bus = self._bus = self._connect()
        self._telling.begin(changed)
        self._kept += [
            bus.subscribe(
                self._player_changed, interface=PROPERTIES, member="PropertiesChanged", path=_PATH, arg0=_PLAYER
            ),
            bus.subscribe(
                self._name_changed, interface=_BUS, member="NameOwnerChanged", sender=_BUS, arg0_namespace=_PREFIX[:-1]
            ),
            bus.watch_connection(self._connection_changed),
        ]
        bus.defer(self._look_round)

    def stop(self) -> None:
        """See `Guard`."""
        self._telling.end()
        kept, self._kept = self._kept, []
        for one in kept:
            one.close()

    # --- on the bus's callback thread ---------------------------------------------------------------------------------

    def _connection_changed(self, connected: bool) -> None:
        if connected:
            self._look_round()
        else:
            self._playing.clear()
            self._telling.tell(Verdict.UNKNOWN)

    def _look_round(self) -> None:
        assert self._bus is not None, "started"
        if not self._telling.wanted:
            return
        self._playing.clear()
        try:
            (names,) = self._bus.call(_BUS, _BUS_PATH, _BUS, "ListNames", limit_s=LIMIT_S)
        except Unavailable as error:
            _log.info("the players are not known: %s", error.reason)
            self._telling.tell(Verdict.UNKNOWN)
            return
        for name in names:
            if str(name).startswith(_PREFIX):
                self._meet(str(name))
        self._judge()

    def _meet(self, name: str) -> None:
        assert self._bus is not None, "started"
        owner = ""
        try:
            owner = self._bus.name_owner(name)
            status = self._bus.get_property(name, _PATH, _PLAYER, "PlaybackStatus", limit_s=LIMIT_S)
        except CallFailed as error:
            _log.debug("a player that plays nothing: %s", error.reason)
        except Unavailable as error:
            _log.debug("a player did not answer: %s", error.reason)
            self._playing[owner] = None
        else:
            self._playing[owner] = status == "Playing"

    def _name_changed(self, signal: Signal) -> None:
        name, before, after = signal.body
        if before:
            self._look_round()  # who gave up this name may play on under another
        elif after:
            self._meet(name)
            self._judge()

    def _player_changed(self, signal: Signal) -> None:
        _interface, changed, _invalidated = signal.body
        if "PlaybackStatus" in changed:
            self._playing[signal.sender] = changed["PlaybackStatus"][1] == "Playing"
            self._judge()

    def _judge(self) -> None:
        states = self._playing.values()
        self._telling.tell(Verdict.YES if True in states else Verdict.UNKNOWN if None in states else Verdict.NO)
