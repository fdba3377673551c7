"""Minutes of typing and pointing: the counting by itself, and with a real server's devices."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.activity.test_x11 import X11Desk
from tests.contracts.source import SHORT
from tests.desktops.lab import XServer
from traycoach.activity.hook import Touch
from traycoach.activity.load import FULL, MINUTES, OFF, Device, DeviceMinutes, InputLoad, InputMeter
from traycoach.activity.x11 import X11Alarms
from traycoach.core.instant import ZERO, Instant
from traycoach.desktop.x11 import SharedX11

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
START = timedelta(hours=5)


class HandClock:
    """Steady time that a test moves; the server's counters go on by themselves."""

    def __init__(self) -> None:
        self.steady = START + MINUTE / 2

    def now(self) -> Instant:
        return Instant(self.steady, datetime(2026, 1, 1, tzinfo=UTC))

    def suspended_for(self) -> timedelta:
        return ZERO

    def boot_id(self) -> str:
        return "hand"


@given(touches=st.lists(st.integers(0, 1800), min_size=1, max_size=60), asked=st.lists(st.integers(0, 1900)))
def test_minutes_counted_at_pauses_are_the_minutes_with_input_in_them(touches: list[int], asked: list[int]) -> None:
    touches = sorted(touches)
    counter = DeviceMinutes(START)
    last: int | None = None
    for at in range(2000):
        came = at in touches
        # what the two alarms tell: the first input after a pause, and a pause of a minute
        signal = (came and (last is None or at - last >= 60)) or (last is not None and at - last == 60)
        if came:
            last = at
        if signal or at in asked:
            idle_for = timedelta(hours=1) if last is None else (at - last) * SECOND
            counter.reading(idle_for, START + at * SECOND)

    assert counter.take() == len({at // 60 for at in touches})
    assert counter.take() == 0


def test_input_from_before_the_start_is_not_counted() -> None:
    counter = DeviceMinutes(START)

    counter.reading(20 * MINUTE, START + SECOND)

    assert counter.take() == 0


@pytest.fixture
def connect(x_server: XServer) -> Iterator[SharedX11]:
    shared = SharedX11({"DISPLAY": x_server.name})
    yield shared
    shared.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def meter(x_server: XServer, connect: SharedX11, clock: HandClock) -> Iterator[InputMeter]:
    """A meter whose pause is short, and over: the server was started, which it takes for input, a while ago."""
    made = InputMeter(MINUTES, connect, clock, pause=SHORT / 2)
    made.start()
    let_pause_pass(x_server, connect)
    made.take()
    yield made
    made.stop()


def let_pause_pass(x_server: XServer, connect: SharedX11) -> None:
    desk = X11Desk(x_server, connect, X11Alarms(connect))
    desk.source.start(desk.posted.put)
    desk.source.watch(SHORT)
    desk.next_idle()  # by then the meter's own alarms have gone off
    desk.source.stop()


def test_typing_and_pointing_are_told_apart(
    x_server: XServer, connect: SharedX11, clock: HandClock, meter: InputMeter
) -> None:
    clock.steady += MINUTE
    x_server.keyboard.type("word")
    typed = meter.take()
    let_pause_pass(x_server, connect)
    meter.take()
    clock.steady += MINUTE
    x_server.pointer.click(100, 100)
    pointed = meter.take()

    assert typed == InputLoad(typing_minutes=1)
    assert pointed == InputLoad(pointing_minutes=1)


def test_device_that_was_used_last_is_named(x_server: XServer, connect: SharedX11, meter: InputMeter) -> None:
    x_server.keyboard.tap()
    typed = meter.latest()
    let_pause_pass(x_server, connect)
    x_server.pointer.move(30, 30)
    pointed = meter.latest()
    meter.stop()

    assert (typed, pointed, meter.latest()) == (Device.KEYBOARD, Device.POINTER, None)


def test_minutes_of_a_pause_are_not_counted(
    x_server: XServer, connect: SharedX11, clock: HandClock, meter: InputMeter
) -> None:
    x_server.keyboard.tap()
    let_pause_pass(x_server, connect)
    meter.take()

    clock.steady += 10 * MINUTE
    x_server.keyboard.tap()

    assert meter.take() == InputLoad(typing_minutes=1)


def test_minutes_of_steady_work_are_counted_without_being_looked_at(
    x_server: XServer, connect: SharedX11, clock: HandClock
) -> None:
    meter = InputMeter(MINUTES, connect, clock)
    x_server.keyboard.tap()
    meter.start()
    meter.take()

    clock.steady += 10 * MINUTE
    x_server.keyboard.tap()

    assert meter.take().typing_minutes == 10
    meter.stop()


def test_counting_that_is_off_opens_no_connection() -> None:
    meter = InputMeter(OFF, SharedX11({}))
    meter.start()

    assert meter.take() == InputLoad()
    assert meter.refusal is None


@pytest.mark.parametrize("counts", [MINUTES, FULL])
def test_where_nothing_can_be_counted_the_reason_is_kept(counts: str) -> None:
    meter = InputMeter(counts, SharedX11({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}))
    meter.start()

    assert meter.take() == InputLoad()
    assert "Wayland" in str(meter.refusal)
    meter.stop()


def test_server_that_goes_ends_the_counting_in_peace(x_server: XServer, connect: SharedX11) -> None:
    meter = InputMeter(MINUTES, connect)
    meter.start()

    x_server.stop()

    assert meter.take() == InputLoad()
    assert meter.refusal
    meter.stop()


def test_nothing_that_counts_has_room_for_a_key() -> None:
    assert {field.type for field in dataclasses.fields(InputLoad)} == {"int"}
    assert {touch.name for touch in Touch} == {"KEY", "CLICK", "MOTION"}
