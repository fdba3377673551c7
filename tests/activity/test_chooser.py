"""Choosing the source of input, and another when it dies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.activity.fake_compositor import EXT, FakeCompositor
from tests.contracts.source import LIMIT_S, SHORT
from tests.desktops.lab import XServer, wait_until
from traycoach.activity.base import Post
from traycoach.activity.chooser import InputWatch, Refusal, choose
from traycoach.activity.memory import MemorySource
from traycoach.activity.wayland import PROTOCOLS, WaylandIdle
from traycoach.activity.x11 import X11Alarms
from traycoach.core.events import Event, IdleBegan, InputResumed, SourceFound, SourceLost
from traycoach.desktop.x11 import SharedX11
from traycoach.errors import Unavailable

MINUTE = timedelta(minutes=1)
AT_ONCE = (timedelta(milliseconds=1),)
NEVER = (timedelta(hours=1),)


class Absent(MemorySource):
    name = "absent"

    def probe(self) -> None:
        raise Unavailable("There is none here.")


class Broken(MemorySource):
    name = "broken"

    def start(self, post: Post) -> None:
        raise ZeroDivisionError


class StillBorn(MemorySource):
    """Dies in the very moment it is started."""

    name = "stillborn"

    def start(self, post: Post) -> None:
        super().start(post)
        self.die("It died young.")


class Room:
    """Sources that a test can take away and bring back."""

    def __init__(self, *sources: MemorySource, retry_after: tuple[timedelta, ...] = NEVER) -> None:
        self.sources = list(sources)
        self.posted: SimpleQueue[Event] = SimpleQueue()
        self.watch = InputWatch([self.first, self.second], self.posted.put, retry_after)

    def first(self) -> MemorySource:
        return self.sources[0] if self.sources else Absent()

    def second(self) -> MemorySource:
        return self.sources[1] if len(self.sources) > 1 else Absent()

    def next(self) -> Event:
        return self.posted.get(timeout=LIMIT_S)


def test_first_source_that_works_is_chosen_and_every_refusal_kept() -> None:
    wanted = MemorySource()

    source, refusals = choose([Absent, Broken, lambda: wanted, Absent], lambda _: None)

    assert source is wanted
    assert refusals == (
        Refusal("absent", "There is none here."),
        Refusal("broken", "It failed (ZeroDivisionError)."),
    )


def test_where_nothing_works_the_coach_is_told_why() -> None:
    room = Room()
    room.watch.start()

    assert room.next() == SourceLost("There is none here.")
    assert room.watch.idle_for() is None
    assert room.watch.name is None
    assert [refusal.name for refusal in room.watch.refusals] == ["absent", "absent"]
    room.watch.stop()


def test_what_the_source_posts_is_passed_on() -> None:
    source = MemorySource()
    room = Room(source)
    room.watch.start()
    room.watch.watch(MINUTE)

    source.pass_time(2 * MINUTE)
    source.touch()

    assert [room.next(), room.next()] == [IdleBegan(MINUTE), InputResumed()]
    assert room.watch.idle_for() == timedelta(0)
    assert room.watch.name == "memory"


def test_next_source_takes_over_with_the_threshold_and_without_a_word() -> None:
    first, second = MemorySource(), MemorySource()
    room = Room(first, second)
    room.watch.start()
    room.watch.watch(MINUTE)
    room.sources[0] = Absent()

    first.die()
    wait_until(lambda: room.watch.refusals, LIMIT_S, "the second source")
    wait_until(lambda: room.watch.idle_for() is not None, LIMIT_S, "the second source")
    second.pass_time(2 * MINUTE)

    assert room.next() == IdleBegan(MINUTE)
    assert room.posted.empty()


def test_person_who_came_back_while_sources_changed_is_told() -> None:
    first, second = MemorySource(), MemorySource()
    room = Room(first, second)
    room.watch.start()
    room.watch.watch(MINUTE)
    first.pass_time(5 * MINUTE)
    room.sources[0] = Absent()

    first.die()

    assert [room.next(), room.next()] == [IdleBegan(MINUTE), InputResumed()]


def test_last_source_that_dies_is_told_and_found_again() -> None:
    source = MemorySource()
    room = Room(source, retry_after=AT_ONCE)
    room.watch.start()
    room.watch.watch(MINUTE)
    back = MemorySource()
    room.sources[0] = Absent()

    source.die("The server is gone.")
    lost = room.next()
    room.sources[0] = back
    found = room.next()
    back.pass_time(2 * MINUTE)

    assert lost == SourceLost("There is none here.")
    assert found == SourceFound(timedelta(0))
    assert room.next() == IdleBegan(MINUTE)
    room.watch.stop()


def test_source_that_dies_while_it_is_chosen_is_replaced() -> None:
    room = Room(StillBorn(), MemorySource())
    room.watch.start()

    wait_until(lambda: room.watch.name == "memory", LIMIT_S, "the second source")

    assert room.watch.idle_for() == timedelta(0)


def test_dead_source_is_not_heard_any_more() -> None:
    first, second = MemorySource(), MemorySource()
    room = Room(first, second)
    room.watch.start()
    posts = first._post
    assert posts is not None
    room.sources[0] = Absent()
    first.die()
    wait_until(lambda: room.watch.refusals, LIMIT_S, "the second source")

    posts(IdleBegan(MINUTE))
    posts(SourceLost("again"))

    assert room.posted.empty()


def test_stopped_watch_is_silent() -> None:
    source = MemorySource()
    room = Room(source)
    room.watch.start()
    room.watch.watch(MINUTE)

    room.watch.stop()
    room.watch.stop()
    source.pass_time(2 * MINUTE)

    assert room.posted.empty()
    assert room.watch.idle_for() is None


# --- one source after another -----------------------------------------------------------------------------------------


class Best(MemorySource):
    name = "best"


class Forgetful(MemorySource):
    """A source that cannot look back, and is told what was before."""

    name = "forgetful"

    def take_over(self, idle_for: timedelta) -> None:
        self._touched_at = self._awake_for() - idle_for


def test_better_source_takes_over_once_it_is_there() -> None:
    room = Room(Absent(), MemorySource(), retry_after=(timedelta(milliseconds=10),) * 2000)
    room.watch.start()
    assert room.watch.name == "memory"
    room.watch.watch(MINUTE)
    best = Best()

    room.sources[0] = best
    wait_until(lambda: room.watch.name == "best", LIMIT_S, "the better source")
    wait_until(lambda: best._judge and best._judge.after == MINUTE, LIMIT_S, "the threshold")
    best.pass_time(2 * MINUTE)

    assert room.next() == IdleBegan(MINUTE)
    assert room.watch.refusals == ()
    assert room.posted.empty()
    room.watch.stop()


def test_better_source_is_looked_for_a_few_times_only() -> None:
    looked: list[str] = []

    def first() -> MemorySource:
        looked.append("first")
        return Absent()

    posted: SimpleQueue[Event] = SimpleQueue()
    watch = InputWatch([first, MemorySource], posted.put, AT_ONCE * 3)
    watch.start()

    wait_until(lambda: len(looked) == 4, LIMIT_S, "every look")

    assert watch.name == "memory"
    watch.stop()


def test_silence_goes_on_with_a_source_that_cannot_look_back() -> None:
    first, second = MemorySource(), Forgetful()
    room = Room(first, second)
    room.watch.start()
    room.watch.watch(MINUTE)
    first.pass_time(5 * MINUTE)
    assert room.next() == IdleBegan(MINUTE)
    room.sources[0] = Absent()

    first.die()
    again = room.next()
    second.touch()

    assert isinstance(again, IdleBegan)
    assert again.idle_for >= MINUTE
    assert room.next() == InputResumed()
    room.watch.stop()


def test_short_silence_under_a_higher_threshold_ends_with_a_word_all_the_same() -> None:
    first, second = MemorySource(), Forgetful()
    room = Room(first, second)
    room.watch.start()
    room.watch.watch(timedelta(seconds=3))
    first.pass_time(timedelta(seconds=4))
    assert room.next() == IdleBegan(timedelta(seconds=3))
    room.watch.watch(MINUTE)
    room.sources[0] = Absent()

    first.die()
    assert isinstance(room.next(), IdleBegan)
    second.touch()

    assert room.next() == InputResumed()
    room.watch.stop()


def test_silence_that_nobody_saw_the_end_of_is_not_handed_on() -> None:
    first, second = MemorySource(), Forgetful()
    room = Room(first, second)
    room.watch.start()
    room.watch.watch(MINUTE)
    first.pass_time(5 * MINUTE)
    assert room.next() == IdleBegan(MINUTE)
    assert first._judge is not None
    first._judge._post = lambda _: None  # its word of the return gets lost
    first.touch()
    assert room.watch.idle_for() == timedelta(0)
    room.sources[0] = Absent()

    room.watch._heard(room.watch._number, SourceLost("gone"))
    wait_until(lambda: room.watch.name == "forgetful", LIMIT_S, "the second source")
    second.pass_time(2 * MINUTE)

    assert room.next() == IdleBegan(MINUTE)
    room.watch.stop()


class Hanging(MemorySource):
    """Does not answer at first."""

    name = "hanging"

    def idle_for(self) -> timedelta:
        if not self.answers:
            self.answers = True
            raise Unavailable("It hangs.")
        return super().idle_for()

    answers = False


def test_source_that_answers_late_is_found_all_the_same() -> None:
    room = Room(retry_after=AT_ONCE)
    room.watch.start()
    assert isinstance(room.next(), SourceLost)

    room.sources.append(Hanging())

    assert room.next() == SourceFound(timedelta(0))
    room.watch.stop()


def test_source_that_dies_before_it_was_told_of_leaves_that_to_the_next() -> None:
    dying = MemorySource()
    room = Room(retry_after=AT_ONCE)
    room.watch.start()
    assert isinstance(room.next(), SourceLost)

    class Dying(MemorySource):
        name = "dying"

        def idle_for(self) -> timedelta:
            room.sources[0] = dying
            self.die()
            raise Unavailable("It is dying.")

    room.sources.append(Dying())

    assert room.next() == SourceFound(timedelta(0))
    assert room.posted.empty()
    room.watch.stop()


def test_silence_before_a_time_without_a_source_says_nothing_about_after_it() -> None:
    first = Forgetful()
    room = Room(first, retry_after=AT_ONCE)
    room.watch.start()
    room.watch.watch(MINUTE)
    first.pass_time(5 * MINUTE)
    assert room.next() == IdleBegan(MINUTE)
    room.sources[0] = Absent()

    first.die()
    assert isinstance(room.next(), SourceLost)
    room.sources[0] = Forgetful()

    assert room.next() == SourceFound(timedelta(0))
    assert room.posted.empty()
    room.watch.stop()


# --- real servers -----------------------------------------------------------------------------------------------------


@pytest.fixture
def compositor(tmp_path: Path) -> Iterator[FakeCompositor]:
    with FakeCompositor(tmp_path / "wayland-9", {EXT: 2}) as made:
        yield made


def wayland_watch(compositor: FakeCompositor, posted: SimpleQueue[Event]) -> InputWatch:
    session = {"WAYLAND_DISPLAY": str(compositor.path)}
    watch = InputWatch([lambda: WaylandIdle(PROTOCOLS["ext input"], session)], posted.put, AT_ONCE)
    watch.start()
    watch.watch(SHORT)
    return watch


def test_compositor_that_is_restarted_is_lost_and_found(compositor: FakeCompositor) -> None:
    posted: SimpleQueue[Event] = SimpleQueue()
    watch = wayland_watch(compositor, posted)
    assert isinstance(posted.get(timeout=LIMIT_S), IdleBegan)

    compositor.crash()
    lost = posted.get(timeout=LIMIT_S)
    nothing = watch.idle_for()
    compositor.start()
    found = posted.get(timeout=LIMIT_S)
    began = posted.get(timeout=LIMIT_S)
    compositor.touch()

    assert isinstance(lost, SourceLost)
    assert "compositor" in lost.reason
    assert nothing is None
    assert isinstance(found, SourceFound)
    assert found.idle_for < timedelta(seconds=LIMIT_S)
    assert isinstance(began, IdleBegan)
    assert posted.get(timeout=LIMIT_S) == InputResumed()
    watch.stop()


def test_silence_goes_on_over_a_new_connection(compositor: FakeCompositor) -> None:
    posted: SimpleQueue[Event] = SimpleQueue()
    watch = wayland_watch(compositor, posted)
    began = posted.get(timeout=LIMIT_S)
    assert isinstance(began, IdleBegan)
    first = compositor.clients[0]

    compositor.remove(EXT)
    again = posted.get(timeout=LIMIT_S)
    wait_until(lambda: first not in compositor.clients, LIMIT_S, "the new connection")
    still = watch.idle_for()
    wait_until(lambda: all(one.idle for one in compositor.notifications()), LIMIT_S, "the compositor's word")
    compositor.touch()

    assert isinstance(again, IdleBegan)
    assert again.idle_for >= began.idle_for
    assert still is not None
    assert still >= again.idle_for
    assert posted.get(timeout=LIMIT_S) == InputResumed()
    watch.stop()


@pytest.fixture
def connect(x_server: XServer) -> Iterator[SharedX11]:
    shared = SharedX11({"DISPLAY": x_server.name})
    yield shared
    shared.close()


def test_x_server_that_dies_is_told_to_the_coach(x_server: XServer, connect: SharedX11) -> None:
    posted: SimpleQueue[Event] = SimpleQueue()
    watch = InputWatch([lambda: X11Alarms(connect)], posted.put, NEVER)
    watch.start()
    watch.watch(MINUTE)

    x_server.stop()
    lost = posted.get(timeout=LIMIT_S)

    assert isinstance(lost, SourceLost)
    assert "display" in lost.reason
    assert watch.idle_for() is None
    watch.stop()
