"""The idle sources of Wayland: against a compositor of our own, that offers one protocol or another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.activity.fake_compositor import EXT, KDE, FakeCompositor, event
from tests.contracts.source import LONG, SHORT, Desk, SourceContract
from tests.desktops.lab import wait_until
from traycoach.activity.wayland import PROTOCOLS, WaylandIdle
from traycoach.clock import SystemClock
from traycoach.core.events import IdleBegan, InputResumed, SourceLost
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.errors import Unavailable

OFFERS = {"ext input": {EXT: 2}, "ext": {EXT: 1}, "kde": {KDE: 1}}


class WaylandDesk(Desk):
    def __init__(self, compositor: FakeCompositor, protocol: str) -> None:
        super().__init__()
        self.compositor = compositor
        self.source = self.wayland = WaylandIdle(PROTOCOLS[protocol], environ(compositor.path))

    def touch(self) -> None:
        self.compositor.touch()

    def break_down(self) -> None:
        self.compositor.crash()

    def watched(self, after: timedelta = SHORT) -> WaylandDesk:
        """Start, touch, and set the threshold."""
        self.source.start(self.posted.put)
        self.touch()
        self.source.watch(after)
        return self


def environ(socket: Path) -> dict[str, str]:
    return {"WAYLAND_DISPLAY": socket.name, "XDG_RUNTIME_DIR": str(socket.parent)}


@pytest.fixture
def protocol() -> str:
    return "ext input"


@pytest.fixture
def desk(tmp_path: Path, protocol: str) -> Iterator[WaylandDesk]:
    with FakeCompositor(tmp_path / "wayland-9", OFFERS[protocol]) as compositor:
        made = WaylandDesk(compositor, protocol)
        yield made
        made.source.stop()
        assert compositor.complaints == []


every_protocol = pytest.mark.parametrize("protocol", list(PROTOCOLS))


@every_protocol
class TestWaylandIdle(SourceContract):
    @pytest.fixture
    def desk(self, desk: WaylandDesk) -> WaylandDesk:
        return desk


# --- what it asks for -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("protocol", "opcode"), [("ext input", 2), ("ext", 1), ("kde", 0)])
def test_each_protocol_is_asked_in_its_own_way(desk: WaylandDesk, opcode: int) -> None:
    desk.watched()
    desk.next_idle()

    assert {asked for asked, _ in desk.compositor.asked} == {opcode}


def test_older_protocol_works_where_the_newer_is_offered(tmp_path: Path) -> None:
    with FakeCompositor(tmp_path / "wayland-9", {EXT: 2}) as compositor:
        desk = WaylandDesk(compositor, "ext").watched()

        assert desk.next_idle().idle_for >= SHORT
        assert {opcode for opcode, _ in compositor.asked} == {1}
        desk.source.stop()


@pytest.mark.parametrize(
    ("protocol", "offers", "what"),
    [
        ("ext input", {EXT: 1}, "ext_idle_notifier_v1, version 2"),
        ("ext", {KDE: 1}, "ext_idle_notifier_v1, version 1"),
        ("kde", {EXT: 2}, "org_kde_kwin_idle"),
    ],
)
def test_compositor_without_the_protocol_is_refused_by_what_it_lacks(
    tmp_path: Path, protocol: str, offers: dict[str, int], what: str
) -> None:
    with FakeCompositor(tmp_path / "wayland-9", offers) as compositor:
        source = WaylandIdle(PROTOCOLS[protocol], environ(compositor.path))
        with pytest.raises(Unavailable, match=what):
            source.probe()
        with pytest.raises(Unavailable, match=what):
            source.start(lambda _: None)
        wait_until(lambda: not compositor.clients, what="the end of both connections")


def test_compositor_without_a_seat_is_refused(tmp_path: Path) -> None:
    with (
        FakeCompositor(tmp_path / "wayland-9", {EXT: 2}, seats=0) as compositor,
        pytest.raises(Unavailable, match="wl_seat"),
    ):
        WaylandIdle(PROTOCOLS["ext input"], environ(compositor.path)).probe()


@pytest.mark.parametrize(
    ("session", "what"),
    [
        ({}, "not a Wayland session"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}, "not a Wayland session"),
        ({"XDG_SESSION_TYPE": "wayland"}, "WAYLAND_DISPLAY"),
        ({"WAYLAND_DISPLAY": "wayland-9"}, "XDG_RUNTIME_DIR"),
        ({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nonexistent"}, "cannot be reached"),
        ({"WAYLAND_DISPLAY": "/nonexistent/wayland-9"}, "cannot be reached"),
    ],
)
@every_protocol
def test_session_without_a_compositor_is_refused(protocol: str, session: dict[str, str], what: str) -> None:
    with pytest.raises(Unavailable, match=what):
        WaylandIdle(PROTOCOLS[protocol], session).probe()


def test_socket_may_be_named_by_its_whole_path(tmp_path: Path) -> None:
    with FakeCompositor(tmp_path / "wayland-9", {EXT: 2}) as compositor:
        WaylandIdle(PROTOCOLS["ext input"], {"WAYLAND_DISPLAY": str(compositor.path)}).probe()


# --- what it tells ----------------------------------------------------------------------------------------------------


def timeouts(desk: WaylandDesk) -> list[timedelta]:
    """Give the lengths of the notifications that there are, the standing one first."""
    desk.source.idle_for()  # the compositor has seen all that was asked for
    return sorted(one.timeout for one in desk.compositor.notifications())


def test_person_at_work_costs_two_notifications_that_stay_and_no_event(desk: WaylandDesk) -> None:
    desk.watched(MINUTE)
    assert len(timeouts(desk)) == 2
    before = [one.object_id for one in desk.compositor.notifications()]

    ages = []
    for _ in range(20):
        desk.touch()
        ages.append(desk.source.idle_for())

    assert max(ages) < 2 * SECOND
    assert [one.object_id for one in desk.compositor.notifications()] == before
    assert timeouts(desk) == [2 * SECOND, pytest.approx(MINUTE, abs=SECOND / 10)]
    assert desk.posted.empty()


def test_short_silence_asks_for_nothing_new(desk: WaylandDesk) -> None:
    desk.watched(MINUTE)
    desk.touch()
    desk.source.idle_for()
    asked = len(desk.compositor.asked)

    wait_until(lambda: desk.compositor.notifications()[0].idle, what="a silence")
    desk.touch()
    desk.source.idle_for()

    assert len(desk.compositor.asked) == asked
    assert desk.posted.empty()


def test_threshold_set_in_a_silence_is_met_by_what_is_left_of_it(desk: WaylandDesk) -> None:
    desk.watched(MINUTE)
    wait_until(lambda: desk.compositor.notifications()[0].idle, what="a silence")

    desk.source.watch(10 * SECOND)
    _, left = timeouts(desk)
    desk.touch()
    _, whole = timeouts(desk)

    assert 5 * SECOND < left <= 8.5 * SECOND
    assert whole == pytest.approx(10 * SECOND, abs=SECOND / 10)


def test_alarm_that_goes_off_early_is_set_again(desk: WaylandDesk) -> None:
    desk.watched(3 * SECOND)
    standing, alarm = wait_until(
        lambda: two if (two := desk.compositor.notifications())[0].idle and len(two) == 2 else None
    )

    desk.compositor.send(event(alarm.object_id, 0))

    assert desk.next_idle().idle_for >= 3 * SECOND
    assert standing in desk.compositor.notifications()


def test_ids_of_notifications_are_used_again(desk: WaylandDesk) -> None:
    desk.watched()
    for _ in range(3):
        desk.next_idle()
        desk.touch()
        assert desk.next() == InputResumed()
        desk.source.watch(LONG)
        desk.source.watch(SHORT)
        desk.source.idle_for()

    assert len(desk.compositor.clients[0].objects) < 12


@every_protocol
def test_inhibitor_holds_back_what_honours_it_and_no_more(desk: WaylandDesk, protocol: str) -> None:
    desk.compositor.inhibit(True)
    desk.watched()
    if protocol == "ext input":
        assert desk.next_idle().idle_for >= SHORT
        return
    held_for = desk.source.idle_for()
    assert desk.compositor.notifications()[0].idle is False
    assert held_for < SECOND

    desk.compositor.inhibit(False)

    assert desk.next_idle().idle_for >= SHORT


def test_names_say_where_a_film_looks_like_a_person() -> None:
    assert [("inhibitor" in one.name) for one in PROTOCOLS.values()] == [False, True, True]


def test_age_before_the_first_input_counts_from_the_start(desk: WaylandDesk) -> None:
    desk.source.start(desk.posted.put)

    assert ZERO <= desk.source.idle_for() < LONG


def test_age_that_is_taken_over_goes_on_until_there_is_input(desk: WaylandDesk) -> None:
    desk.source.start(desk.posted.put)
    desk.wayland.take_over(LONG)
    desk.source.watch(MINUTE)

    began = desk.next()
    still = desk.source.idle_for()
    wait_until(lambda: desk.compositor.notifications()[0].idle, what="the compositor's word")
    after = desk.source.idle_for()
    desk.touch()
    resumed = desk.next()

    assert isinstance(began, IdleBegan)
    assert LONG <= began.idle_for <= still <= after
    assert resumed == InputResumed()


def test_person_who_types_on_without_a_pause_ends_an_age_that_was_taken_over(desk: WaylandDesk) -> None:
    desk.source.start(desk.posted.put)
    desk.wayland.take_over(LONG)
    desk.source.watch(MINUTE)
    assert isinstance(desk.next(), IdleBegan)

    def is_seen() -> bool:
        desk.touch()
        return not desk.posted.empty()

    wait_until(is_seen, what="the person to be seen")

    assert desk.next() == InputResumed()
    assert desk.source.idle_for() < 2 * SECOND


class SleepyClock(SystemClock):
    """The machine's clock, on a machine that can be made to sleep."""

    slept = ZERO

    def now(self) -> Instant:
        return super().now().after(self.slept)

    def suspended_for(self) -> timedelta:
        return super().suspended_for() + self.slept


def test_sleep_is_counted_until_somebody_is_seen_after_it(desk: WaylandDesk) -> None:
    clock = SleepyClock()
    desk.source = WaylandIdle(PROTOCOLS["ext input"], environ(desk.compositor.path), clock)
    desk.watched(MINUTE)
    before = desk.source.idle_for()
    clock.slept = timedelta(hours=8)

    after = desk.source.idle_for()
    began = desk.next()

    def is_seen() -> bool:
        desk.touch()  # without a pause, so that the compositor has nothing to say
        return not desk.posted.empty()

    wait_until(is_seen, what="the person to be seen")

    assert before < MINUTE
    assert clock.slept <= after < clock.slept + MINUTE
    assert began == IdleBegan(after)
    assert desk.next() == InputResumed()
    assert desk.source.idle_for() < MINUTE


# --- compositors that misbehave ---------------------------------------------------------------------------------------


def test_global_that_is_taken_away_ends_the_source(desk: WaylandDesk) -> None:
    desk.watched()

    desk.compositor.remove(EXT)
    lost = desk.next()

    assert isinstance(lost, SourceLost)
    assert EXT in lost.reason


def test_compositor_that_hangs_gives_no_age_and_is_asked_again_when_it_answered(desk: WaylandDesk) -> None:
    desk.watched(MINUTE)
    desk.compositor.answers = False

    for _ in range(2):
        with pytest.raises(Unavailable, match="did not answer"):
            desk.source.idle_for()

    assert desk.posted.empty()
