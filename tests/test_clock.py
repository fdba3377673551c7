"""The clock: steady time, suspend, zones and jumps of the wall clock."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from traycoach import clock
from traycoach.clock import JumpWatch, SystemZone
from traycoach.core.instant import ZERO, Instant

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
JANUARY = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOWHERE = Path("/nonexistent/localtime")


class SetClock:
    """A clock whose two hands a test moves by themselves."""

    def __init__(self) -> None:
        self.steady = HOUR
        self.wall = JULY

    def now(self) -> Instant:
        return Instant(self.steady, self.wall)

    def suspended_for(self) -> timedelta:
        return ZERO

    def boot_id(self) -> str:
        return "a boot"

    def passes(self, steady: timedelta, wall: timedelta | None = None) -> None:
        self.steady += steady
        self.wall += steady if wall is None else wall


def test_steady_time_never_goes_back_and_the_wall_is_aware() -> None:
    moments = [clock.now() for _ in range(100)]

    assert moments == sorted(moments, key=lambda moment: moment.steady)
    assert all(moment.wall.utcoffset() is not None for moment in moments)


def test_time_between_two_readings_never_looks_like_sleep() -> None:
    told = [clock.suspended_for() for _ in range(2000)]

    assert set(told) == {told[0]}


def test_boot_id_is_the_same_for_two_processes_of_one_boot() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from traycoach import clock; print(clock.boot_id())"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == clock.boot_id() != ""


def test_time_asleep_counts_as_steady_and_as_suspended() -> None:
    # A time namespace whose boot clock is an hour ahead of its monotonic one looks, from within, like an hour of sleep.
    unshare = shutil.which("unshare")
    namespace = [str(unshare), "--user", "--map-root-user", "--time", "--boottime", "3600"]
    if unshare is None or subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this kernel or container allows no time namespace")
    ask = (
        "from traycoach import clock; print(clock.suspended_for().total_seconds(), clock.now().steady.total_seconds())"
    )
    before = clock.suspended_for(), clock.now().steady

    told = subprocess.run([*namespace, sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    suspended_s, steady_s = (float(word) for word in told.stdout.split())
    assert suspended_s - before[0].total_seconds() == pytest.approx(3600, abs=1)
    assert 3600 <= steady_s - before[1].total_seconds() < 3600 + 60


@pytest.mark.parametrize(
    ("name", "july", "january"),
    [
        ("Europe/Berlin", 2, 1),
        (":Europe/Berlin", 2, 1),
        ("/usr/share/zoneinfo/Europe/Berlin", 2, 1),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2, 1),
        ("EST5", -5, -5),
        ("", 0, 0),
        ("Nowhere/Atall", 0, 0),
    ],
)
def test_tz_of_the_environment_is_followed_in_every_form(name: str, july: int, january: int) -> None:
    zone = SystemZone({"TZ": name}, NOWHERE).zone()

    offsets = [moment.astimezone(zone).utcoffset() for moment in (JULY, JANUARY)]
    assert offsets == [july * HOUR, january * HOUR]


def test_posix_zone_knows_the_hour_that_daylight_saving_skips() -> None:
    zone = SystemZone({"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}, NOWHERE).zone()
    before = Instant(ZERO, datetime(2026, 3, 29, 1, 30, tzinfo=zone))

    assert before.after(HOUR).wall.hour == 3


def test_zone_link_is_followed_while_the_program_runs(tmp_path: Path) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    system = SystemZone({}, localtime)
    first = system.zone()

    localtime.unlink()
    localtime.symlink_to("/usr/share/zoneinfo/America/New_York")

    assert first is BERLIN
    assert system.zone() is ZoneInfo("America/New_York")


def test_copied_zone_file_serves_as_well_as_a_link(tmp_path: Path) -> None:
    localtime = tmp_path / "localtime"
    localtime.write_bytes(Path("/usr/share/zoneinfo/Asia/Kolkata").read_bytes())
    system = SystemZone({}, localtime)

    assert JULY.astimezone(system.zone()).utcoffset() == timedelta(hours=5, minutes=30)
    assert system.zone() is system.zone()


@pytest.mark.parametrize("content", [None, b"", b"not a zone at all"])
def test_without_a_usable_zone_file_local_time_is_utc(tmp_path: Path, content: bytes | None) -> None:
    localtime = tmp_path / "localtime"
    if content is not None:
        localtime.write_bytes(content)

    assert SystemZone({}, localtime).zone() is UTC


@pytest.mark.parametrize("wall", [timedelta(hours=-3), HOUR, timedelta(minutes=1, seconds=5)])
def test_wall_clock_that_was_set_is_noticed_once(wall: timedelta) -> None:
    hands = SetClock()
    watch = JumpWatch(hands)

    hands.passes(timedelta(minutes=1), wall)

    assert [watch.jumped(), watch.jumped()] == [True, False]


@pytest.mark.parametrize("span", [timedelta(minutes=1), timedelta(hours=9)])
def test_time_that_passes_on_both_clocks_is_no_jump(span: timedelta) -> None:
    hands = SetClock()
    watch = JumpWatch(hands)

    hands.passes(span, span + timedelta(milliseconds=100))

    assert not watch.jumped()


def test_change_of_zone_is_a_jump_and_daylight_saving_is_none() -> None:
    hands = SetClock()
    hands.wall = datetime(2026, 3, 29, 1, 59, tzinfo=BERLIN)
    watch = JumpWatch(hands)

    hands.steady += timedelta(minutes=1)
    hands.wall = datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)
    over_the_change = watch.jumped()
    hands.wall = hands.wall.astimezone(UTC)

    assert not over_the_change
    assert watch.jumped()


@pytest.mark.skipif(sys.platform != "linux", reason="timerfd is Linux")
def test_descriptor_of_the_jump_watch_is_quiet_while_nobody_sets_the_clock() -> None:
    watch = JumpWatch()
    fd = watch.fileno()
    try:
        assert fd is not None
        assert select.select([fd], [], [], 0)[0] == []
        assert not watch.jumped()
        assert not os.get_inheritable(fd)
    finally:
        watch.close()
    assert watch.fileno() is None
