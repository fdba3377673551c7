"""How much the hands did: minutes with typing, minutes with pointing, and counts of keys and clicks for who wants them.

Minutes come from XSync alarms on the idle counters of the master keyboard and the master pointer, at most two wake-ups
a minute and device. The setting `input_counts` chooses: "minutes" (the default), "full", "off".
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from traycoach import clock as clocks
from traycoach.activity.hook import InputHook, Touch
from traycoach.activity.x11 import CounterAlarms
from traycoach.clock import Clock
from traycoach.core.instant import MINUTE
from traycoach.desktop.x11 import XConnection
from traycoach.errors import Unavailable
from traycoach.text import _

if TYPE_CHECKING:
    from Xlib.display import Display

MINUTES, FULL, OFF = "minutes", "full", "off"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InputLoad:
    """What was done since it was last asked: minutes that had such input in them, and counts (zero unless "full")."""

    typing_minutes: int = 0
    pointing_minutes: int = 0
    keys: int = 0
    clicks: int = 0


class Device(StrEnum):
    """Which hand's work an input was."""

    KEYBOARD = "keyboard"
    POINTER = "pointer"


class DeviceMinutes:
    """Counts the minutes in which one device was used, from rare readings of its idle time.

    Between two pauses of a minute every minute has input in it: one without would be a pause. So it is enough to be
    asked at the beginning of a pause, at its end, and when the count is wanted. `awake_for` is time that stands still
    while the machine sleeps, as the server's counters do. A `pause` may be shorter than a minute, not longer.
    """

    def __init__(self, awake_for: timedelta, pause: timedelta = MINUTE) -> None:
        self._pause = pause
        self._counted = awake_for // MINUTE - 1
        self._in_use = False
        self._minutes = 0

    def reading(self, idle_for: timedelta, awake_for: timedelta) -> None:
        """Take the age of the device's last input at this moment."""
        last = (awake_for - idle_for) // MINUTE
        # In a pause nothing is new: without this a millisecond at the edge of a minute would count it twice.
        news = self._in_use or idle_for < self._pause
        if news and last > self._counted:
            self._minutes += last - self._counted if self._in_use else 1
            self._counted = last
        self._in_use = idle_for < self._pause

    def take(self) -> int:
        """Give the minutes counted since this was last asked."""
        minutes, self._minutes = self._minutes, 0
        return minutes


class _DeviceCounter:
    """One device's counter with alarms at the pause, and its minutes."""

    def __init__(self, connection: XConnection, display: Display, device: int, clock: Clock, pause: timedelta) -> None:
        self._clock = clock
        self._minutes = DeviceMinutes(self._awake_for(), pause)
        self._pause = pause
        self._alarms = CounterAlarms(connection, display, f"DEVICEIDLETIME {device}", self._read)
        self._alarms.fall_to(pause - timedelta(milliseconds=1))
        self._read()

    def idle_for(self) -> timedelta:
        return self._alarms.value()

    def take(self) -> int:
        self._read()
        return self._minutes.take()

    def close(self) -> None:
        self._alarms.close()

    def _read(self) -> None:
        idle_for = self._alarms.value()
        self._minutes.reading(idle_for, self._awake_for())
        if idle_for < self._pause:
            self._alarms.reach(self._pause)

    def _awake_for(self) -> timedelta:
        return self._clock.now().steady - self._clock.suspended_for()


class InputMeter:
    """Counts what the setting asks for. What cannot be counted here is zero, and `refusal` says why, for `doctor`.

    `connect` gives the shared X connection, or raises Unavailable.
    """

    def __init__(
        self,
        counts: str,
        connect: Callable[[], XConnection],
        clock: Clock = clocks.system,
        pause: timedelta = MINUTE,
    ) -> None:
        self._counts = counts
        self._pause = pause
        self._connect = connect
        self._clock = clock
        self._connection: XConnection | None = None
        self._devices: list[_DeviceCounter] = []
        self._hook: InputHook | None = None
        self._lock = threading.Lock()
        self._touches = dict.fromkeys(Touch, 0)
        self.refusal: str | None = None

    def start(self) -> None:
        """Begin to count; never fails."""
        if self._counts == OFF:
            return
        try:
            connection = self._connect()
            connection.call(lambda display: self._arm(connection, display))
            self._connection = connection
        except Unavailable as error:
            self.refusal = error.reason
            return
        except Exception as error:  # python-xlib's own errors: an extension that answers nonsense
            _log.exception("typing and pointing minutes cannot be counted")
            self.refusal = _("The X server's devices cannot be read ({error}).").format(error=type(error).__name__)
        if self._counts == FULL:
            self._hook = InputHook(self._touched, self._hook_lost)
            self._hook.start()

    def take(self) -> InputLoad:
        """Give what was counted since this was last asked."""
        with self._lock:
            touches, self._touches = self._touches, dict.fromkeys(Touch, 0)
        typing, pointing = self._take_minutes()
        return InputLoad(typing, pointing, touches[Touch.KEY], touches[Touch.CLICK])

    def latest(self) -> Device | None:
        """Tell which device was used last ("what woke me", for `doctor`); None if that cannot be known here."""
        if self._connection is None:
            return None
        try:
            keyboard, pointer = self._connection.call(lambda _: [device.idle_for() for device in self._devices])
        except Unavailable:
            return None
        return Device.KEYBOARD if keyboard < pointer else Device.POINTER

    def stop(self) -> None:
        """Count no more. Stopping twice is fine."""
        if self._hook is not None:
            self._hook.stop()
            self._hook = None
        connection, self._connection = self._connection, None
        devices, self._devices = self._devices, []
        if connection is not None and connection.lost is None:
            try:
                connection.call(lambda _: _close(devices))
            except Unavailable:
                _log.debug("the X server went while its alarms were removed", exc_info=True)

    def _arm(self, connection: XConnection, display: Display) -> None:
        self._devices = [
            _DeviceCounter(connection, display, device, self._clock, self._pause) for device in master_devices(display)
        ]

    def _take_minutes(self) -> tuple[int, int]:
        if self._connection is None:
            return 0, 0
        try:
            keyboard, pointer = self._connection.call(lambda _: [device.take() for device in self._devices])
        except Unavailable as error:
            self.refusal = error.reason
            return 0, 0
        return keyboard, pointer

    def _touched(self, touch: Touch) -> None:
        with self._lock:
            self._touches[touch] += 1

    def _hook_lost(self, reason: str) -> None:
        self.refusal = reason


def _close(devices: list[_DeviceCounter]) -> None:
    for device in devices:
        device.close()


def master_devices(display: Display) -> tuple[int, int]:
    """Give the numbers of the first master keyboard and pointer (XI2 protocol, XIQueryDevice). Raises Unavailable.

    The server counts a master as idle for as long as all the devices behind it.
    """
    from Xlib.ext import xinput

    if not display.has_extension(xinput.extname):
        raise Unavailable(_("The X server has no XInput extension."))
    methods: Any = display  # python-xlib adds an extension's methods at run time
    methods.xinput_query_version()
    for device in methods.xinput_query_device(xinput.AllMasterDevices).devices:
        if device.use == xinput.MasterPointer:
            return int(device.attachment), int(device.deviceid)
    raise Unavailable(_("The X server has no master pointer."))
