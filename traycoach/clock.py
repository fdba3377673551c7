"""The only module that reads time.

Steady time counts suspend: on Linux it is CLOCK_BOOTTIME, clock_gettime(2). Elsewhere `time.monotonic` stands in for
it; that counts suspend on Windows but not on macOS, where a sleep is known by its signals alone until a source of its
own is written.
"""

from __future__ import annotations

import ctypes
import functools
import io
import logging
import os
import struct
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from traycoach.core.instant import ZERO, Instant

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_LOCALTIME = Path("/etc/localtime")
_ZONES = "/zoneinfo/"

JUMP = timedelta(seconds=2)
"""A wall clock that left the steady one by so much between two looks was set; a smaller step is the slewing of NTP."""

_BETWEEN_READINGS = timedelta(milliseconds=100)
"""Two clocks cannot be read at once: what looks like so short a sleep is the time between the readings."""

_log = logging.getLogger(__name__)


class Clock(Protocol):
    """Where the time comes from. The daemon takes `SystemClock`, the simulation a virtual one."""

    def now(self) -> Instant:
        """Give this moment on both clocks."""
        ...

    def suspended_for(self) -> timedelta:
        """Give how long the machine has slept since it was booted; it only grows."""
        ...

    def boot_id(self) -> str:
        """Name this boot: the steady times of two runs compare only if their boot ids are equal."""
        ...


class SystemZone:
    """The zone of the system at this moment: a change at run time is seen at the next question.

    Facts: tzset(3) for TZ (`Area/City`, a path, or the POSIX form `CET-1CEST,M3.5.0,M10.5.0/3`; empty means UTC), and
    localtime(5) for /etc/localtime. `environ` and `localtime` are parameters so that both can be tested.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ, localtime: Path = _LOCALTIME) -> None:
        self._environ = environ
        self._localtime = localtime
        self._mark: object = None
        self._zone: tzinfo = UTC

    def zone(self) -> tzinfo:
        """Give the zone, aware of daylight saving; the same object until the zone changes."""
        name = self._environ.get("TZ")
        mark: object = name if name is not None else self._localtime_mark()
        if mark != self._mark:
            self._mark = mark
            self._zone = self._from_localtime() if name is None else self._from_tz(name)
        return self._zone

    def _localtime_mark(self) -> object:
        try:
            link = str(self._localtime.readlink()) if self._localtime.is_symlink() else ""
            state = self._localtime.stat()
        except OSError:
            return ()
        return link, state.st_ino, state.st_mtime_ns

    def _from_localtime(self) -> tzinfo:
        if sys.platform == "win32":
            import tzlocal  # a dependency of APScheduler

            return tzlocal.get_localzone()
        try:
            key = _zone_name(str(self._localtime.resolve(strict=True)))
            return ZoneInfo(key) if key else _zone_from(self._localtime.read_bytes(), "localtime")
        except (OSError, ValueError, KeyError):
            _log.warning("no usable %s: local time is taken for UTC", self._localtime)
            return UTC

    @staticmethod
    def _from_tz(name: str) -> tzinfo:
        name = name.removeprefix(":")
        if not name:
            return UTC
        try:
            if name.startswith("/"):
                return _zone_from(Path(name).read_bytes(), _zone_name(name) or name)
            return ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            pass
        try:
            return _posix_zone(name)
        except ValueError:
            _log.warning("the environment's TZ names no known zone: local time is taken for UTC")
            return UTC


def _zone_name(path: str) -> str | None:
    """Give the `Area/City` of a file of the zone database; None for another file."""
    _, found, key = path.rpartition(_ZONES)
    return key.removeprefix("posix/") if found else None


def _zone_from(data: bytes, key: str) -> ZoneInfo:
    return ZoneInfo.from_file(io.BytesIO(data), key=key)


def _posix_zone(rule: str) -> ZoneInfo:
    """Build a zone from a POSIX TZ rule: an empty TZif version 2 file whose footer is the rule (RFC 8536, section 3.3).

    Raises ValueError for anything else.
    """
    header = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    one_type = struct.pack(">lbb4s", 0, 0, 0, b"UTC\0")
    return _zone_from(2 * (header + one_type) + b"\n" + rule.encode() + b"\n", rule)


class SystemClock:
    """The machine's own clocks."""

    def __init__(self, zone: SystemZone | None = None) -> None:
        self._zone = zone or SystemZone()
        self._suspended = ZERO

    def now(self) -> Instant:
        """Give this moment; the wall time is in the zone that the system has now."""
        return Instant(_steady(), datetime.now(self._zone.zone()))

    def suspended_for(self) -> timedelta:
        """Give the time slept since boot; zero where the system has no clock that tells."""
        if sys.platform != "linux":
            return ZERO
        monotonic = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        suspended = _span(time.clock_gettime_ns(time.CLOCK_BOOTTIME) - monotonic)
        if suspended - self._suspended > _BETWEEN_READINGS:
            self._suspended = suspended
        return self._suspended

    def boot_id(self) -> str:
        """Give the kernel's id of this boot (random(4)); "" where there is none, which equals no saved one."""
        try:
            return _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return ""


def _steady() -> timedelta:
    if sys.platform == "linux":
        return _span(time.clock_gettime_ns(time.CLOCK_BOOTTIME))
    else:
        return _span(time.monotonic_ns())


def _span(nanoseconds: int) -> timedelta:
    return timedelta(microseconds=nanoseconds // 1000)


system: Clock = SystemClock()
"""The clock of this machine, for the composition root and everything that is not simulated."""


def now() -> Instant:
    """Give this moment on the machine's clocks."""
    return system.now()


def suspended_for() -> timedelta:
    """Give how long this machine has slept since it was booted."""
    return system.suspended_for()


def boot_id() -> str:
    """Name this boot of this machine."""
    return system.boot_id()


class JumpWatch:
    """Notices that the wall clock was set, or that the zone changed.

    Every look compares the two clocks. Where the system offers it, `fileno()` becomes readable at the moment the clock
    is set (and, on recent kernels, at the end of a suspend), so that a loop need not look by itself; a changed zone is
    seen at the next look only.
    """

    def __init__(self, clock: Clock = system) -> None:
        self._clock = clock
        self._seen = clock.now()
        self._fd = _open_set_timer() if clock is system else None

    def fileno(self) -> int | None:
        """Give the descriptor to watch for reading; None where there is none, then look now and then."""
        return self._fd

    def jumped(self) -> bool:
        """Tell whether the wall clock jumped or the zone changed since the last look; makes `fileno` quiet again."""
        before, now = self._seen, self._clock.now()
        self._seen = now
        if self._fd is not None:
            _arm_set_timer(self._fd)
        drift = (now.wall - before.wall.astimezone(UTC)) - (now - before)
        return abs(drift) > JUMP or now.wall.tzinfo != before.wall.tzinfo

    def close(self) -> None:
        """Give the descriptor back."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def worked_for() -> timedelta:
    """Give the processor time that this thread has used: what a piece of work costs, on a busy machine too."""
    return timedelta(microseconds=time.thread_time_ns() // 1000)


# timerfd_create(2). os.timerfd_create exists from Python 3.13 on, so the C library is asked directly on the older ones.
_TFD_TIMER_ABSTIME = 1
_TFD_TIMER_CANCEL_ON_SET = 2
_FAR = 2**40  # a date that never comes, seconds since 1970


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _open_set_timer() -> int | None:
    if sys.platform != "linux":
        return None
    flags = os.O_NONBLOCK | os.O_CLOEXEC  # TFD_NONBLOCK and TFD_CLOEXEC have these values
    fd = _libc().timerfd_create(time.CLOCK_REALTIME, flags)
    if fd < 0:
        return None
    if not _arm_set_timer(fd):
        os.close(fd)
        return None
    return int(fd)


def _arm_set_timer(fd: int) -> bool:
    """Arm, or arm again: that clears a cancellation too, and is armed even where it then answers ECANCELED."""
    never = struct.pack("@qqqq", 0, 0, _FAR, 0)  # struct itimerspec: interval and value, each seconds and nanoseconds
    return bool(_libc().timerfd_settime(fd, _TFD_TIMER_ABSTIME | _TFD_TIMER_CANCEL_ON_SET, never, None) == 0)
