"""Meetings by the user's calendars: over time, over changes of files and of the clock, and when nothing can be read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from tests.calendars.writing import calendar, event
from tests.contracts.guard import LIMIT_S, GuardContract, Scene
from traycoach import clock
from traycoach.calendars import AHEAD, LONGEST, Fault, Folder, Meeting, Reading, Trouble
from traycoach.calendars.pace import Pace
from traycoach.calendars.watch import REFRESH, MeetingWatch
from traycoach.core.instant import Instant, wall_between
from traycoach.errors import Problem, Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.meeting import MeetingGuard

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2025, 6, 4, 12, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
AT_ONCE = Pace(settle=timedelta(0), apart=timedelta(0), rest=0)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self._steady = timedelta(days=3)
        self.wall = NOON

    def now(self) -> Instant:
        return Instant(self._steady, self.wall)

    def suspended_for(self) -> timedelta:
        return timedelta(0)

    def boot_id(self) -> str:
        return "boot"

    def runs_for(self, span: timedelta) -> None:
        self._steady += span
        self.wall = (self.wall.astimezone(UTC) + span).astimezone(self.wall.tzinfo)


class Reader:
    """Gives what a test has written down, and counts."""

    def __init__(self, time: Watch) -> None:
        self._time = time
        self.meetings: list[tuple[timedelta, timedelta]] = []
        self.calendars = 1
        self.until = AHEAD
        self.troubles: tuple[Trouble, ...] = ()
        self.folders: tuple[Folder, ...] = ()
        self.refuses = ""
        self.read_for: SimpleQueue[tuple[str, ...]] = SimpleQueue()
        self.go_on = threading.Event()
        self.go_on.set()
        self.cancelled = threading.Event()

    def read(self, paths: Sequence[str]) -> Reading:
        now = self._time.now().wall.astimezone(UTC)
        self.read_for.put(tuple(paths))
        self.go_on.wait(LIMIT_S)
        if self.refuses:
            raise Unavailable(self.refuses)
        return Reading(
            now - LONGEST,
            now + self.until,
            self.calendars,
            tuple(
                Meeting(NOON.astimezone(UTC) + start, NOON.astimezone(UTC) + end, str(number))
                for number, (start, end) in enumerate(self.meetings)
            ),
            self.troubles,
            self.folders,
        )

    def cancel(self) -> None:
        self.cancelled.set()
        self.go_on.set()


class Desk:
    """A guard at work, and all that it tells."""

    def __init__(self, *meetings: tuple[timedelta, timedelta], pace: Pace = AT_ONCE) -> None:
        self.time = Watch()
        self.reader = Reader(self.time)
        self.reader.meetings = list(meetings)
        self.told: SimpleQueue[object] = SimpleQueue()
        self.guard = MeetingGuard(
            ["/calendars"],
            end_known=lambda at: self.told.put(("end", at)),
            next_known=lambda at: self.told.put(("next", at)),
            troubled=self.told.put,
            make_reader=lambda: self.reader,
            time=self.time,
            pace=pace,
        )

    def start(self) -> None:
        self.guard.start(self.told.put)

    def heard(self, count: int) -> list[object]:
        """Wait for so many tellings."""
        found: list[object] = []
        for _number in range(count):
            try:
                found.append(self.told.get(timeout=LIMIT_S))
            except Empty:
                raise AssertionError(f"only {found} was told within {LIMIT_S:g} s") from None
        return found

    def runs_for(self, span: timedelta) -> None:
        """Let time pass, and the guard notice."""
        self.time.runs_for(span)
        self.guard.look()

    def was_read(self) -> tuple[str, ...]:
        return self.reader.read_for.get(timeout=LIMIT_S)


@pytest.fixture
def desks() -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(*meetings: tuple[timedelta, timedelta], pace: Pace = AT_ONCE) -> Desk:
        made.append(Desk(*meetings, pace=pace))
        return made[-1]

    yield make
    for desk in made:
        desk.guard.stop()


Desks = Callable[..., Desk]


# --- the contract of all guards, with real files, the real process and the real clock ---------------------------------


class CalendarScene(Scene):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.path = folder / "work.ics"
        self.guard = MeetingGuard([str(self.path)], pace=AT_ONCE)
        self.write()

    def write(self, *events: str) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(calendar(*events))
        new.replace(self.path)

    def begin(self) -> None:
        start = clock.now().wall.astimezone(UTC) - HOUR
        self.write(event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT2H"))

    def end(self) -> None:
        self.write()

    def break_down(self) -> None:
        self.path.unlink()


class TestMeetingGuard(GuardContract):
    @pytest.fixture
    def scene(self, tmp_path: Path) -> Iterator[CalendarScene]:
        own = CalendarScene(tmp_path)
        yield own
        own.guard.stop()


def test_without_calendars_there_is_no_meeting_and_the_guard_says_why() -> None:
    told: SimpleQueue[Verdict] = SimpleQueue()
    guard = MeetingGuard([])

    guard.probe()
    guard.start(told.put)

    assert (told.get(timeout=LIMIT_S), guard.mechanism) == (Verdict.NO, "no calendars are set")


# --- over time --------------------------------------------------------------------------------------------------------


def test_meeting_is_told_ahead_begins_and_ends(desks: Desks) -> None:
    desk = desks((60 * MINUTE, 90 * MINUTE))
    starts, ends = NOON + 60 * MINUTE, NOON + 90 * MINUTE
    desk.start()

    assert desk.heard(3) == [("end", None), ("next", None), Verdict.NO]
    desk.runs_for(45 * MINUTE)
    assert desk.heard(1) == [("next", starts)]
    desk.runs_for(5 * MINUTE)
    assert desk.heard(1) == [("end", ends)]
    desk.runs_for(10 * MINUTE)
    assert desk.heard(2) == [("next", None), Verdict.YES]
    desk.runs_for(30 * MINUTE)
    assert desk.heard(2) == [("end", None), Verdict.NO]


def test_times_are_told_in_the_local_zone(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR))
    desk.start()

    ((_end, at),) = cast(list[tuple[str, datetime]], desk.heard(1))

    assert at.isoformat() == "2025-06-04T13:00:00+02:00"


def test_guard_wakes_by_itself_at_the_beginning_and_the_end_of_a_meeting() -> None:
    """The clock is the real one here: nobody rings."""
    told: SimpleQueue[Verdict] = SimpleQueue()
    second = timedelta(seconds=1)

    class Soon(Reader):
        def read(self, paths: Sequence[str]) -> Reading:
            now = clock.now().wall.astimezone(UTC)
            meeting = Meeting(now + second / 4, now + second / 2, "")
            return Reading(now - LONGEST, now + AHEAD, 1, (meeting,))

    guard = MeetingGuard(["/calendars"], make_reader=lambda: Soon(Watch()))
    guard.start(told.put)
    seen = [told.get(timeout=LIMIT_S) for _ in range(3)]
    guard.stop()

    assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]


@pytest.mark.parametrize(("jump", "verdict"), [(2 * HOUR, Verdict.NO), (-2 * HOUR, Verdict.NO), (HOUR / 2, None)])
def test_clock_that_was_set_is_believed(desks: Desks, jump: timedelta, verdict: Verdict | None) -> None:
    desk = desks((-HOUR, HOUR))
    desk.start()
    desk.heard(3)
    desk.was_read()

    desk.time.wall += jump
    desk.guard.look()

    if verdict is None:
        desk.runs_for(HOUR)  # the end comes at its wall time
        verdict = Verdict.NO
    assert desk.heard(2) == [("end", None), verdict]


def test_clock_that_was_set_back_beyond_the_reading_has_calendars_read_again(desks: Desks) -> None:
    desk = desks()
    desk.start()
    desk.heard(3)
    desk.was_read()

    desk.time.wall -= timedelta(days=30)
    desk.guard.look()

    assert desk.was_read() == ("/calendars",)
    assert desk.heard(2) == [Verdict.UNKNOWN, Verdict.NO]


def test_night_of_sleep_ends_in_the_right_verdict_at_once(desks: Desks) -> None:
    desk = desks((20 * HOUR, 21 * HOUR))
    desk.start()
    desk.heard(3)

    desk.reader.go_on.clear()  # no reading helps
    desk.runs_for(20 * HOUR + MINUTE)

    assert desk.heard(2) == [("end", NOON + 21 * HOUR), Verdict.YES]


def test_calendars_are_read_again_before_what_is_known_runs_out(desks: Desks) -> None:
    desk = desks()
    desk.start()
    desk.was_read()
    desk.heard(3)

    desk.runs_for(REFRESH - MINUTE)
    assert desk.reader.read_for.empty()
    desk.reader.meetings = [(REFRESH - HOUR, REFRESH + HOUR)]
    desk.runs_for(MINUTE)

    assert desk.was_read() == ("/calendars",)
    assert desk.heard(2)[1] is Verdict.YES


def test_reading_that_could_not_tell_all_is_followed_by_another(desks: Desks) -> None:
    desk = desks()
    desk.reader.until = HOUR
    desk.start()
    desk.was_read()
    desk.heard(3)

    desk.runs_for(HOUR)

    assert desk.was_read() == ("/calendars",)


@pytest.mark.parametrize("zone", [ZoneInfo("America/New_York"), UTC])
def test_other_zone_has_calendars_read_again(desks: Desks, zone: tzinfo) -> None:
    desk = desks()
    desk.start()
    desk.was_read()
    desk.heard(3)

    desk.time.wall = desk.time.wall.astimezone(zone)
    desk.guard.look()

    assert desk.was_read() == ("/calendars",)


# --- over changes of files --------------------------------------------------------------------------------------------


def test_changed_calendar_is_read_again(desks: Desks, tmp_path: Path) -> None:
    desk = desks()
    desk.reader.folders = (Folder(str(tmp_path)),)
    desk.time.wall = datetime(2100, 1, 1, tzinfo=BERLIN)  # nothing here was changed since
    desk.start()
    desk.was_read()
    desk.heard(3)

    since_noon = wall_between(NOON, desk.time.wall)
    desk.reader.meetings = [(since_noon, since_noon + HOUR)]
    (tmp_path / "a.ics").write_text("x")

    assert desk.was_read() == ("/calendars",)
    assert desk.heard(2)[1] is Verdict.YES


def test_end_of_a_meeting_does_not_wait_for_a_reading(desks: Desks, tmp_path: Path) -> None:
    desk = desks((-HOUR, HOUR))
    desk.reader.folders = (Folder(str(tmp_path)),)
    desk.start()
    desk.was_read()
    desk.heard(3)
    desk.reader.go_on.clear()
    (tmp_path / "a.ics").write_text("x")
    desk.was_read()  # it has begun, and does not end

    desk.runs_for(HOUR)

    assert desk.heard(2) == [("end", None), Verdict.NO]


# --- when nothing can be read -----------------------------------------------------------------------------------------


def test_calendars_that_cannot_be_read_leave_the_answer_unknown(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR))
    desk.reader.calendars = 0
    desk.reader.troubles = (Trouble(Fault.NOT_FOUND, "work.ics"),)
    desk.start()

    problems, *others = desk.heard(4)

    assert others == [("end", None), ("next", None), Verdict.UNKNOWN]
    assert [problem.file for problem in desk.guard.problems] == ["work.ics"]
    assert problems == desk.guard.problems


def test_reading_that_fails_is_told_and_tried_again(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR), pace=Pace(retries=(MINUTE,), apart=timedelta(0)))
    desk.reader.refuses = "It took too long."
    desk.start()
    desk.was_read()
    assert desk.heard(4) == [(Problem("It took too long."),), ("end", None), ("next", None), Verdict.UNKNOWN]

    desk.reader.refuses = ""
    desk.runs_for(MINUTE)

    assert desk.was_read() == ("/calendars",)
    assert desk.heard(2) == [("end", NOON + HOUR), Verdict.YES]
    assert desk.guard.problems == ()


def test_reading_that_fails_takes_nothing_back_that_is_still_known(desks: Desks, tmp_path: Path) -> None:
    desk = desks((-HOUR, 30 * HOUR))
    desk.reader.folders = (Folder(str(tmp_path)),)
    desk.start()
    desk.heard(3)
    desk.reader.refuses = "It took too long."
    (tmp_path / "a.ics").write_text("x")
    assert desk.heard(1) == [(Problem("It took too long."),)]

    desk.runs_for(30 * HOUR)
    assert desk.heard(2) == [("end", None), Verdict.NO]
    desk.runs_for(AHEAD - 30 * HOUR)
    assert desk.heard(1) == [Verdict.UNKNOWN]


def test_problem_is_told_once_even_if_it_moves_to_another_line(desks: Desks) -> None:
    desk = desks()
    desk.reader.troubles = (Trouble(Fault.BAD_RULE, "a.ics", 12, "VEVENT.RRULE"),)
    desk.start()
    desk.heard(4)

    desk.reader.troubles = tuple(
        Trouble(Fault.BAD_RULE, name, line, "VEVENT.RRULE") for name, line in (("a.ics", 40), ("b.ics", 3))
    )
    desk.runs_for(REFRESH)

    (told,) = cast(list[tuple[Problem, ...]], desk.heard(1))
    assert [(one.file, one.line) for one in told] == [("b.ics", 3)]
    assert [problem.line for problem in desk.guard.problems] == [40, 3]


def test_bug_of_a_reading_is_a_failed_reading(desks: Desks) -> None:
    class Bad(Reader):
        def read(self, paths: Sequence[str]) -> Reading:
            raise ZeroDivisionError

    desk = desks()
    desk.reader = Bad(desk.time)
    desk.start()

    assert desk.heard(4)[-1] is Verdict.UNKNOWN


# --- the end ----------------------------------------------------------------------------------------------------------


def test_stop_ends_a_reading_that_is_under_way(desks: Desks) -> None:
    desk = desks()
    desk.reader.go_on.clear()
    desk.start()
    desk.was_read()

    desk.guard.stop()

    assert desk.reader.cancelled.is_set()
    assert desk.told.empty()


def test_guard_that_was_stopped_starts_again(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR))
    desk.start()
    desk.heard(3)
    desk.guard.stop()

    desk.reader.meetings = []
    desk.start()

    assert desk.heard(3) == [("end", None), ("next", None), Verdict.NO]


def test_watch_that_met_a_bug_tells_that_it_is_lost_and_starts_anew(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(*_words: object) -> timedelta:
        raise ZeroDivisionError

    desk = desks((-HOUR, HOUR))
    with monkeypatch.context() as patch:
        patch.setattr(MeetingWatch, "_judge", bad)
        desk.start()
        assert desk.heard(3)[-1] is Verdict.UNKNOWN
        assert desk.guard.lost
        desk.guard.stop()

    desk.start()

    assert desk.heard(3)[-1] is Verdict.YES
    assert not desk.guard.lost


# --- edits of the settings --------------------------------------------------------------------------------------------


def test_other_calendars_are_read_at_once(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR))
    desk.start()
    desk.was_read()
    desk.heard(3)

    desk.reader.meetings = []
    desk.guard.change(["/other"])

    assert desk.was_read() == ("/other",)
    assert desk.heard(3) == [("end", None), ("next", None), Verdict.NO]


def test_the_same_calendars_are_not_read_again(desks: Desks) -> None:
    desk = desks()
    desk.start()
    desk.was_read()
    desk.heard(3)

    desk.guard.change(["/calendars"])
    desk.runs_for(MINUTE)

    assert desk.reader.read_for.empty()


def test_first_calendars_are_read_at_once_and_the_last_are_taken_back(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR))
    desk.guard.change([])
    desk.start()
    assert desk.heard(1) == [Verdict.NO]

    desk.guard.change(["/calendars"])
    assert desk.heard(3) == [("end", NOON + HOUR), ("next", None), Verdict.YES]

    desk.guard.change([])
    assert desk.heard(3) == [Verdict.NO, ("end", None), ("next", None)]


def test_change_starts_no_guard_that_was_not_started(desks: Desks) -> None:
    desk = desks((-HOUR, HOUR))

    desk.guard.change(["/other"])

    assert desk.reader.read_for.empty()


def test_guard_that_does_not_run_has_no_problems_and_nothing_to_look_at() -> None:
    guard = MeetingGuard(["/calendars"])

    guard.look()
    guard.stop()

    assert guard.problems == ()
