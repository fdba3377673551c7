"""The SYNC extension on python-xlib, which has none: system counters and alarms.

Facts: X Synchronization Extension Protocol, version 3.1 (X.Org). The server's counters of interest are milliseconds
since the last input: `IDLETIME` for all devices, `DEVICEIDLETIME n` for input device n.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Any

from Xlib.display import Display
from Xlib.protocol import rq

from traycoach.errors import Unavailable
from traycoach.text import _

EXTENSION = "SYNC"
_ALL_VALUES = 0x3F  # counter, value type, value, test type, delta, events: every request sets them all
_ALARM_NOTIFY = 1  # offset from the extension's first event


class Test(IntEnum):
    """When an alarm goes off.

    `REACHES`: once, when the counter is at the value or above (at once, if it is already); `change_alarm` sets it
    again. `FALLS_TO`: at each crossing of the value downwards; it stays set by itself.

    WORKAROUND X.Org Server 21.1: a test for crossing upwards would stay set by itself too, but if it goes off at
    exactly its value, the server takes that value for the next one as well, sets no timer, and forgets all higher
    alarms on the counter, of every client, until something else wakes it (Xext/sync.c, SyncComputeBracketValues).
    """

    FALLS_TO = 1  # NegativeTransition
    REACHES = 2  # PositiveComparison


class _Initialize(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(0), rq.RequestLength(), rq.Card8("major"), rq.Card8("minor"), rq.Pad(2)
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("major"),
        rq.Card8("minor"),
        rq.Pad(22),
    )


class _ListSystemCounters(rq.ReplyRequest):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(1), rq.RequestLength())
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card32("count"),
        rq.Pad(20),
        rq.Binary("counters"),
    )


class _QueryCounter(rq.ReplyRequest):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card32("counter"))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Int32("high"),
        rq.Card32("low"),
        rq.Pad(16),
    )


def _alarm_request(opcode: int) -> rq.Struct:
    return rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(opcode),
        rq.RequestLength(),
        rq.Card32("alarm"),
        rq.Card32("value_mask"),
        rq.Card32("counter"),
        rq.Card32("value_type"),
        rq.Int32("high"),
        rq.Card32("low"),
        rq.Card32("test"),
        rq.Int32("delta_high"),
        rq.Card32("delta_low"),
        rq.Card32("events"),
    )


class _CreateAlarm(rq.Request):
    _request = _alarm_request(8)


class _ChangeAlarm(rq.Request):
    _request = _alarm_request(9)


class _DestroyAlarm(rq.Request):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(11), rq.RequestLength(), rq.Card32("alarm"))


class AlarmNotify(rq.Event):
    """An alarm went off. `alarm` is its number; `counter_ms` reads the counter at that moment."""

    _code = None
    _fields = rq.Struct(
        rq.Card8("type"),
        rq.Card8("kind"),
        rq.Card16("sequence_number"),
        rq.Card32("alarm"),
        rq.Int32("counter_high"),
        rq.Card32("counter_low"),
        rq.Int32("alarm_high"),
        rq.Card32("alarm_low"),
        rq.Card32("timestamp"),
        rq.Card8("state"),
        rq.Pad(3),
    )

    alarm: int

    @property
    def counter_ms(self) -> int:
        """The counter's value when the alarm went off."""
        fields: Any = self
        return _joined(fields.counter_high, fields.counter_low)


def initialize(display: Display) -> None:
    """Make the extension usable on this connection; once more does no harm. Raises Unavailable."""
    extension = display.query_extension(EXTENSION)
    if extension is None or not extension.present:
        raise Unavailable(_("The X server has no SYNC extension."))
    display.display.set_extension_major(EXTENSION, extension.major_opcode)
    display.display.add_extension_event(extension.first_event + _ALARM_NOTIFY, AlarmNotify)
    _Initialize(display=display.display, opcode=extension.major_opcode, major=3, minor=1)


def system_counters(display: Display) -> dict[str, int]:
    """Give the number of every system counter by its name."""
    reply: Any = _ListSystemCounters(display=display.display, opcode=_opcode(display))
    return parse_counters(bytes(reply.counters), reply.count)


def parse_counters(data: bytes, count: int) -> dict[str, int]:
    """Read a LISTofSYSTEMCOUNTER: number, resolution, length of the name, name; each entry padded to four bytes."""
    counters: dict[str, int] = {}
    at = 0
    for _entry in range(count):
        counter, name_length = struct.unpack_from("=I8xH", data, at)
        counters[data[at + 14 : at + 14 + name_length].decode("latin-1")] = counter
        at += (14 + name_length + 3) & ~3
    return counters


def query_counter_ms(display: Display, counter: int) -> int:
    """Give the present value of a counter of milliseconds."""
    reply: Any = _QueryCounter(display=display.display, opcode=_opcode(display), counter=counter)
    return _joined(reply.high, reply.low)


def create_alarm(display: Display, counter: int, value_ms: int, test: Test) -> int:
    """Set an alarm and give its number."""
    alarm: int = display.display.allocate_resource_id()
    _CreateAlarm(display=display.display, **_alarm_values(display, alarm, counter, value_ms, test))
    return alarm


def change_alarm(display: Display, alarm: int, counter: int, value_ms: int, test: Test) -> None:
    """Move an alarm to another value, or set it again at the same one."""
    _ChangeAlarm(display=display.display, **_alarm_values(display, alarm, counter, value_ms, test))


def destroy_alarm(display: Display, alarm: int) -> None:
    """Remove an alarm."""
    _DestroyAlarm(display=display.display, opcode=_opcode(display), alarm=alarm)
    display.display.free_resource_id(alarm)


def _alarm_values(display: Display, alarm: int, counter: int, value_ms: int, test: Test) -> dict[str, Any]:
    return {
        "opcode": _opcode(display),
        "alarm": alarm,
        "value_mask": _ALL_VALUES,
        "counter": counter,
        "value_type": 0,  # absolute
        "high": value_ms >> 32,
        "low": value_ms & 0xFFFFFFFF,
        "test": int(test),
        "delta_high": 0,  # with a delta of zero the value stays, a comparison goes off once, a transition for ever
        "delta_low": 0,
        "events": 1,
    }


def _opcode(display: Display) -> int:
    return int(display.display.get_extension_major(EXTENSION))


def _joined(high: int, low: int) -> int:
    return (high << 32) | low
