"""All calendars at once; what leaves a reading; and that nothing in a calendar can break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calendars.writing import BERLIN, FILES, Read, calendar, event
from traycoach.calendars import AHEAD, LONGEST, Fault, Folder, Reading, Trouble, events, reading, series
from traycoach.calendars.faults import problems, sentence
from traycoach.calendars.reading import read
from traycoach.errors import Problem
from traycoach.wire import decode, encode

NOON = datetime(2025, 6, 4, 12, tzinfo=BERLIN)


def meeting(start: str, uid: str = "one") -> str:
    return event(f"DTSTART:20250604T{start}00Z", "DURATION:PT30M", uid=uid)


def write(folder: Path, name: str, *parts: str) -> Path:
    path = folder / name
    path.write_bytes(calendar(*parts).encode())
    return path


def starts(of: Reading) -> list[str]:
    return [f"{one.starts_at:%H:%M}" for one in of.meetings]


def test_all_paths_are_read_into_one(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    one = write(tmp_path, "one.ics", meeting("1300"))
    write(folder, "two.ics", meeting("1500", "two"), meeting("1100", "three"))

    got = read([str(one), str(folder)], NOON)

    assert (starts(got), got.calendars, got.troubles) == (["11:00", "13:00", "15:00"], 2, ())
    assert got.folders == (Folder(str(tmp_path), ("one.ics",)), Folder(str(folder)))
    assert (got.since, got.until) == (NOON.astimezone(UTC) - LONGEST, NOON.astimezone(UTC) + AHEAD)


def test_meetings_that_are_under_way_and_those_until_tomorrow_night_are_told(tmp_path: Path) -> None:
    series = event("DTSTART:20250101T040000Z", "DURATION:PT7H", "RRULE:FREQ=HOURLY;INTERVAL=12")
    path = write(tmp_path, "a.ics", series)

    assert [f"{one.starts_at:%d %H}" for one in read([str(path)], NOON).meetings] == [
        "04 04",
        "04 16",
        "05 04",
        "05 16",
    ]


def test_troubles_of_files_are_told_and_the_others_read(tmp_path: Path) -> None:
    good = write(tmp_path, "good.ics", meeting("1300"))
    (tmp_path / "empty.ics").write_bytes(b"")
    (tmp_path / "login.ics").write_text("<html><body>Please log in</body></html>")
    (tmp_path / "large.ics").write_bytes(b"")
    with (tmp_path / "large.ics").open("r+b") as file:
        file.truncate(50_000_000)
    paths = [str(tmp_path / name) for name in ("gone.ics", "empty.ics", "login.ics", "large.ics")]

    got = read([*paths, str(good)], NOON)

    assert (starts(got), got.calendars) == (["13:00"], 1)
    assert got.troubles == (
        Trouble(Fault.NOT_FOUND, "gone.ics"),
        Trouble(Fault.EMPTY, "empty.ics"),
        Trouble(Fault.NO_CALENDAR, "login.ics"),
        Trouble(Fault.TOO_LARGE, "large.ics"),
    )


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYDAY=53MO", "FREQ=YEARLY;BYMONTH=12;BYDAY=10MO"])
def test_odd_rule_takes_neither_its_calendar_nor_the_others_along(tmp_path: Path, rule: str) -> None:
    odd = event("DTSTART:20250504T110000Z", "DURATION:PT30M", f"RRULE:{rule}", uid="odd")
    bad = write(tmp_path, "a.ics", odd, meeting("1300"))
    good = write(tmp_path, "b.ics", meeting("1500", "two"))

    got = read([str(bad), str(good)], NOON)

    assert (starts(got), got.calendars) == (["13:00", "15:00"], 2)
    assert [(one.fault, one.key) for one in got.troubles] == [(Fault.BAD_RULE, "VEVENT.RRULE")]


@pytest.mark.parametrize("error", [IndexError, KeyError, OverflowError, TypeError, ZeroDivisionError])
@pytest.mark.parametrize("part", ["one_event.read", "meetings"])
def test_event_that_nobody_thought_of_takes_no_other_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, error: type[Exception]
) -> None:
    works: dict[str, Callable[..., Any]] = {"one_event.read": events.read, "meetings": series.meetings}
    fails = iter([True])

    def works_but_once(*arguments: Any) -> Any:
        if next(fails, False):
            raise error
        return works[part](*arguments)

    monkeypatch.setattr(f"traycoach.calendars.reading.{part}", works_but_once)
    path = write(tmp_path, "a.ics", meeting("1300"), meeting("1500", "two"))

    got = read([str(path)], NOON)

    assert starts(got) == ["15:00"]
    assert [(one.fault, one.key) for one in got.troubles] == [(Fault.NOT_UNDERSTOOD, "VEVENT")]


def test_calendar_without_events_is_one(tmp_path: Path) -> None:
    assert read([str(write(tmp_path, "a.ics"))], NOON).calendars == 1


def test_five_thousand_small_files_are_read(tmp_path: Path) -> None:
    for number in range(5000):
        write(tmp_path, f"{number}.ics", meeting(f"{number % 24:02}{number // 24 % 60:02}", str(number)))

    got = read([str(tmp_path)], NOON)

    assert (got.calendars, got.troubles) == (5000, ())
    assert len(got.meetings) == reading.MOST_MEETINGS
    assert got.until == got.meetings[-1].starts_at + timedelta(minutes=1)


def test_meeting_within_another_one_is_not_told(tmp_path: Path) -> None:
    long = event("DTSTART:20250604T090000Z", "DURATION:PT1H", uid="long")
    path = write(tmp_path, "a.ics", meeting("0930"), meeting("0900", "two"), meeting("0945", "three"), long)

    assert [f"{one.starts_at:%H:%M}-{one.ends_at:%H:%M}" for one in read([str(path)], NOON).meetings] == [
        "09:00-10:00",
        "09:45-10:15",
    ]


def test_reading_ends_before_the_first_meeting_that_it_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_MEETINGS", 2)
    path = write(tmp_path, "a.ics", *(meeting(at, at) for at in ("1000", "1100", "1200")))

    got = read([str(path)], NOON)

    assert (starts(got), got.until) == (["10:00", "11:00"], datetime(2025, 6, 4, 12, tzinfo=UTC))


def test_troubles_are_limited_for_each_file_and_in_all(tmp_path: Path) -> None:
    for name in range(30):
        write(tmp_path, f"{name:02}.ics", *(event(uid=str(uid)) for uid in range(30)))

    got = read([str(tmp_path)], NOON).troubles

    assert got[reading.MOST_TROUBLES_A_FILE].fault is Fault.AND_MORE
    assert (len(got), got[-1].fault) == (reading.MOST_TROUBLES + 1, Fault.AND_MORE)


def test_work_is_limited_and_what_is_left_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_WORK", timedelta(microseconds=1))
    write(tmp_path, "a.ics", meeting("1300"))
    write(tmp_path, "b.ics", meeting("1400"))

    got = read([str(tmp_path)], NOON)

    assert starts(got) == []
    assert {trouble.fault for trouble in got.troubles} == {Fault.TOOK_TOO_LONG}


# --- what leaves a reading --------------------------------------------------------------------------------------------

PRIVATE = ("Secret", "secret", "Karla", "muster", "Daily", "Hamburg", "Atlantis", "London", "Runde", "standup", "fm-1")


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.stem)
def test_nothing_of_what_stands_in_a_calendar_leaves(path: Path) -> None:
    line = encode(read([str(path)], NOON))
    told = str(decode(line, Reading).troubles) + " ".join(map(str, problems(decode(line, Reading).troubles)))
    said = line.replace(str(FILES), "")

    assert not [word for word in PRIVATE if word in said + told]
    strings = set(re.findall(r'"((?:[^"\\]|\\.)*)"', said))
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00"
    assert all(
        re.fullmatch(time + r"|[0-9a-f]{16}|[a-z_-]+|Reading|[A-Z.-]*[A-Z]", text) or text in {path.name, ""}
        for text in strings
    ), strings


def test_meeting_has_the_same_key_each_time_and_no_other_has_it(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ics", meeting("1300"), meeting("1315", "two"))

    first, again = read([str(path)], NOON), read([str(path)], NOON)

    assert first.meetings == again.meetings
    assert len({one.key for one in first.meetings}) == 2


def test_every_fault_has_a_sentence() -> None:
    said = [sentence(fault) for fault in Fault]

    assert len(set(said)) == len(Fault)


def test_problem_says_file_line_and_component() -> None:
    (one,) = problems([Trouble(Fault.BAD_TIME, "work.ics", 12, "VEVENT.DTSTART")])

    assert one == Problem(sentence(Fault.BAD_TIME), file="work.ics", key="VEVENT.DTSTART", line=12)
    assert str(one).startswith("work.ics:12: VEVENT.DTSTART: a time like 20250602T090000 was expected")


# --- anything can stand in a calendar ---------------------------------------------------------------------------------

NAMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "TZOFFSETTO", "TZID", "FREEBUSY")
VALUES = (
    "20250604T100000",
    "20250604T110000Z",
    "20250604",
    "PT1H",
    "-P1W",
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,-1FR;INTERVAL=99999",
    "FREQ=YEARLY;UNTIL=00010101T000000Z",
    "FREQ=MONTHLY;BYSETPOS=-366;COUNT=99",
    "FREQ=HOURLY;BYMINUTE=59;BYSETPOS=2",
    "20250604T100000/PT1H",
    "20250604T100000Z/20250604T120000Z",
    "00010101T000000Z",
    "99991231T235959",
    "+0100",
    "-2359",
    "Ours",
    "",
)
PARAMETERS = (
    "",
    ";TZID=Ours",
    ";TZID=Europe/Berlin",
    ";VALUE=DATE",
    ";VALUE=PERIOD",
    ";RANGE=THISANDFUTURE",
    ';TZID="',
)
LINE = st.one_of(
    st.builds(lambda name, more, value: f"{name}{more}:{value}", *map(st.sampled_from, (NAMES, PARAMETERS, VALUES))),
    st.builds(lambda mark, name: f"{mark}:{name}", *map(st.sampled_from, (("BEGIN", "END"), ("VEVENT", "VALARM")))),
    st.sampled_from(["BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "BEGIN:VFREEBUSY", "UID:a"]),
    st.text(max_size=20),
)
UNDAMAGED = sorted(path for path in FILES.glob("*.ics") if path.stem != "broken")
QUICK = settings(suppress_health_check=[HealthCheck.too_slow])


def fine(data: bytes) -> None:
    found = Read(data, "2025-06-04", days=2)
    assert not [trouble for trouble in found.troubles if trouble.fault is Fault.NOT_UNDERSTOOD]
    assert all(one.starts_at < one.ends_at <= one.starts_at + LONGEST for one in found.meetings)


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(data: bytes) -> None:
    fine(data)
    fine(b"BEGIN:VEVENT\n" + data + b"\nEND:VEVENT")
    fine(b"BEGIN:VEVENT\nDTSTART:" + data + b"\nDURATION:PT1H\nEND:VEVENT")


@QUICK
@given(st.lists(LINE, max_size=30))
def test_any_order_of_lines_is_survived(several: list[str]) -> None:
    fine("\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *several, "END:VEVENT"]).encode())


@QUICK
@given(
    st.sampled_from(UNDAMAGED),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=8),
)
def test_damaged_calendars_of_others_are_survived(path: Path, damages: list[tuple[float, bytes]]) -> None:
    data = bytearray(path.read_bytes())
    for where, instead in damages:
        at = int(where * len(data))
        data[at : at + 2] = instead
    fine(bytes(data))


@pytest.mark.parametrize("size", [10, 1000, 100_000])
def test_depth_and_repetition_are_survived(size: int) -> None:
    fine(b"BEGIN:VEVENT\n" * min(size, 10_000))
    fine(b"BEGIN:VEVENT\n" + b"BEGIN:VALARM\n" * size)
    fine(b"BEGIN:VEVENT\nDTSTART:20250604T100000Z" + b"\n " * size + b"\nEND:VEVENT")
    fine(b"BEGIN:VEVENT\nDTSTART:20250604T100000Z\nEXDATE:" + b"20250604T100000Z," * size + b"\nEND:VEVENT")
    fine(b"\r\n" * size + b"BEGIN:VEVENT" + b";" * size)
