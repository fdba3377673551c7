"""What is a meeting and what is not; series with moved, cancelled, deleted and added meetings."""

from __future__ import annotations

import pytest

from tests.calendars.writing import Read, calendar, event
from traycoach.calendars import Fault

NINE = "DTSTART;TZID=Europe/Berlin:20250604T090000"
TEN = "DTEND;TZID=Europe/Berlin:20250604T100000"
DAILY = ("DTSTART;TZID=Europe/Berlin:20250501T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY")
THERE = ["04 09:00-10:00"]


def times(*properties: str, day: str = "2025-06-04") -> list[str]:
    read = Read(calendar(event(*properties)), day)
    assert read.faults == []
    return read.times


def instead(of: str, *properties: str, sequence: int = 1) -> str:
    return event(f"RECURRENCE-ID;{of}", f"SEQUENCE:{sequence}", *properties)


@pytest.mark.parametrize(
    ("more", "is_there"),
    [
        ("TRANSP:OPAQUE", True),
        ("TRANSP:TRANSPARENT", False),
        ("STATUS:CONFIRMED", True),
        ("STATUS:CANCELLED", False),
        ("STATUS:TENTATIVE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", False),
        ("x-microsoft-cdo-busystatus:free", False),
        ("CLASS:PRIVATE", True),
    ],
)
def test_event_is_a_meeting_unless_it_says_otherwise(more: str, is_there: bool) -> None:
    assert times(NINE, TEN, more) == THERE * is_there


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ((NINE, TEN), THERE),
        ((NINE, "DURATION:PT1H"), THERE),
        ((NINE, "DURATION:P0DT0H60M"), THERE),
        ((NINE, "DTEND:20250604T080000Z"), THERE),
        ((NINE, "DTEND;TZID=America/New_York:20250604T040000"), THERE),
        ((NINE, "DURATION:PT8H"), ["04 09:00-17:00"]),
        ((NINE, "DURATION:PT8H1S"), []),
        ((NINE, "DURATION:P1W"), []),
        ((NINE,), []),
        ((NINE, NINE.replace("DTSTART", "DTEND")), []),
        (("DTSTART;VALUE=DATE:20250604", "DTEND;VALUE=DATE:20250605"), []),
        (("DTSTART:20250604",), []),
        (("DTSTART:20250604T090000", "DURATION:PT1H"), THERE),
        (("DTSTART:20250604T070000Z", "DURATION:PT1H"), THERE),
        (("DTSTART:20250604T0700Z", "DURATION:PT1H"), THERE),
        (("DTSTART;TZID=Europe/Berlin:20250603T233000", "DURATION:PT1H"), ["03 23:30-00:30"]),
        (("DTSTART;TZID=Europe/Berlin:20250604T233000", "DURATION:PT1H"), ["04 23:30-00:30"]),
        (("DTSTART;TZID=Europe/Berlin:20250603T230000", "DURATION:PT1H"), []),
        (("DTSTART;TZID=Europe/Berlin:20250605T000000", "DURATION:PT1H"), []),
    ],
)
def test_meeting_has_a_length_of_up_to_eight_hours(properties: tuple[str, ...], expected: list[str]) -> None:
    assert times(*properties) == expected


def test_all_day_series_over_a_change_of_the_clock_holds_nothing() -> None:
    series = event("DTSTART;VALUE=DATE:20250101", "DTEND;VALUE=DATE:20250102", "RRULE:FREQ=DAILY")

    assert Read(calendar(series), "2025-03-29", days=3).times == []


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE;TZID=Europe/Berlin:20250604T090000",
        "EXDATE:20250604T070000Z",
        "EXDATE:20250604T090000",
        "EXDATE;TZID=America/New_York:20250604T030000",
        "EXDATE;VALUE=DATE:20250604",
        "EXDATE;TZID=Europe/Berlin:20250603T090000,20250604T090000",
        "EXRULE:FREQ=WEEKLY;BYDAY=WE",
    ],
)
def test_meeting_of_a_series_is_deleted_however_its_time_is_written(line: str) -> None:
    assert times(*DAILY, line) == []
    assert times(*DAILY, line, day="2025-06-05") == ["05 09:00-10:00"]


@pytest.mark.parametrize("name", ["EXDATE", "RDATE"])
def test_bad_date_in_a_list_leaves_the_good_ones(name: str) -> None:
    series = event(*DAILY[: 3 if name == "EXDATE" else 2], f"{name}:20250603T070000Z,bogus,20250605T070000Z")
    read = Read(calendar(series), "2025-06-03", days=3)
    deleted, added = ["04 09:00-10:00"], ["03 09:00-10:00", "05 09:00-10:00"]

    assert read.times == (deleted if name == "EXDATE" else added)
    assert [trouble.fault for trouble in read.troubles] == [Fault.BAD_TIME]


def test_meetings_are_added_to_a_series_with_a_length_of_their_own() -> None:
    added = (
        "RDATE;TZID=Europe/Berlin:20250604T120000",
        "RDATE;VALUE=PERIOD:20250604T120000Z/PT30M,20250604T130000Z/20250604T134500Z",
        "RDATE;VALUE=DATE:20250605",
        "RDATE:",
    )
    start = "DTSTART;TZID=Europe/Berlin:20250501T090000"

    assert times(start, "DURATION:PT1H", *added) == ["04 12:00-13:00", "04 14:00-14:30", "04 15:00-15:45"]
    assert times(start, "DURATION:PT1H", *added, day="2025-06-05") == ["05 09:00-10:00"]


@pytest.mark.parametrize(
    "of",
    [
        "TZID=Europe/Berlin:20250604T090000",
        "VALUE=DATE-TIME:20250604T070000Z",
        "VALUE=DATE-TIME:20250604T090000",
        "VALUE=DATE:20250604",
    ],
)
def test_moved_meeting_is_where_it_went_and_not_where_it_was(of: str) -> None:
    moved = instead(of, "DTSTART;TZID=Europe/Berlin:20250604T143000", "DURATION:PT15M")

    assert Read(calendar(event(*DAILY), moved), "2025-06-04").times == ["04 14:30-14:45"]
    assert Read(calendar(moved, event(*DAILY)), "2025-06-04").times == ["04 14:30-14:45"]


def test_meeting_moved_to_another_day_leaves_and_arrives() -> None:
    both = calendar(
        event(*DAILY),
        instead("TZID=Europe/Berlin:20250604T090000", "DTSTART;TZID=Europe/Berlin:20250720T120000", "DURATION:PT1H"),
        instead("TZID=Europe/Berlin:20241231T090000", "DTSTART;TZID=Europe/Berlin:20250604T160000", "DURATION:PT1H"),
    )

    assert Read(both, "2025-06-04").times == ["04 16:00-17:00"]
    assert Read(both, "2025-07-20").times == ["20 09:00-10:00", "20 12:00-13:00"]


@pytest.mark.parametrize("more", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_cancelled_meeting_of_a_series_is_gone(more: str) -> None:
    gone = instead("TZID=Europe/Berlin:20250604T090000", NINE, TEN, more)

    assert Read(calendar(event(*DAILY), gone), "2025-06-04", days=2).times == ["05 09:00-10:00"]


def test_meeting_of_a_series_that_became_a_whole_day_is_gone() -> None:
    day = instead("TZID=Europe/Berlin:20250604T090000", "DTSTART;VALUE=DATE:20250604")

    assert Read(calendar(event(*DAILY), day), "2025-06-04", days=2).times == ["05 09:00-10:00"]


def test_meeting_that_was_moved_and_then_deleted_is_gone() -> None:
    series = event(*DAILY, "EXDATE;TZID=Europe/Berlin:20250604T090000")
    moved = instead("TZID=Europe/Berlin:20250604T090000", "DTSTART:20250604T120000Z", "DURATION:PT1H")

    assert Read(calendar(series, moved), "2025-06-04").times == []


def test_single_meeting_of_a_series_that_is_not_there_counts() -> None:
    assert Read(calendar(instead("VALUE=DATE:20250604", NINE, TEN)), "2025-06-04").times == THERE


def test_series_that_ended_is_no_reason_to_forget_a_meeting_moved_from_it() -> None:
    series = event(*DAILY[:2], "RRULE:FREQ=DAILY;UNTIL=20250510T000000Z")
    moved = instead("TZID=Europe/Berlin:20250509T090000", NINE, TEN)

    assert Read(calendar(series, moved), "2025-06-04").times == THERE


def test_change_of_all_later_meetings_moves_them_from_there_on() -> None:
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20250604T090000",
        "DTSTART;TZID=Europe/Berlin:20250604T113000",
        "DURATION:PT30M",
    )
    both = calendar(event(*DAILY), later)

    assert Read(both, "2025-06-03", days=3).times == ["03 09:00-10:00", "04 11:30-12:00", "05 11:30-12:00"]
    assert Read(both, "2025-12-24").times == ["24 11:30-12:00"]


def test_all_later_meetings_can_be_cancelled() -> None:
    later = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20250604T070000Z", NINE, TEN, "STATUS:CANCELLED")

    assert Read(calendar(event(*DAILY), later), "2025-06-03", days=5).times == ["03 09:00-10:00"]


def test_of_several_versions_the_newest_counts_even_if_it_is_on_another_day() -> None:
    old = event(NINE, TEN, "SEQUENCE:1")
    moved = event("DTSTART:20250801T070000Z", "DURATION:PT1H", "SEQUENCE:2")

    assert Read(calendar(old, moved), "2025-06-04").times == []
    assert Read(calendar(moved, old), "2025-06-04").times == []
    assert Read(calendar(old, moved), "2025-08-01").times == ["01 09:00-10:00"]


def test_of_several_versions_of_one_changed_meeting_the_newest_counts() -> None:
    of = "TZID=Europe/Berlin:20250604T090000"
    one = instead(of, "DTSTART:20250604T100000Z", "DURATION:PT1H", sequence=3)
    two = instead(of, "DTSTART:20250604T120000Z", "DURATION:PT1H", sequence=2)

    assert Read(calendar(event(*DAILY), one, two), "2025-06-04").times == ["04 12:00-13:00"]


def test_start_of_a_series_counts_even_if_the_rule_does_not_name_it() -> None:
    series = (NINE, TEN, "RRULE:FREQ=WEEKLY;BYDAY=FR")

    assert times(*series) == THERE
    assert times(*series, day="2025-06-06") == ["06 09:00-10:00"]


def test_series_that_ends_before_it_begins_was_deleted() -> None:
    assert times(NINE, TEN, "RRULE:FREQ=DAILY;UNTIL=20250604T065959Z") == []


def test_events_without_uid_are_events_of_their_own() -> None:
    both = calendar(
        event(NINE, TEN).replace("UID:one\r\n", ""),
        event("DTSTART:20250604T100000Z", "DURATION:PT1H").replace("UID:one\r\n", ""),
    )

    assert Read(both, "2025-06-04").times == ["04 09:00-10:00", "04 12:00-13:00"]


def test_times_far_beyond_the_calendar_are_survived() -> None:
    text = calendar(
        event("DTSTART:00010101T000000", "DTEND:99991231T235959", "RRULE:FREQ=DAILY", uid="a"),
        event("DTSTART:00010101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z", uid="b"),
        event("DTSTART:99991231T235959Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=00010101T000000Z", uid="c"),
        event(NINE, "DURATION:P999999W", "RRULE:FREQ=DAILY", uid="d"),
        event(*DAILY, "EXDATE:00010101T000000", "RDATE:99991231T235959", uid="e"),
    )

    assert "04 09:00-10:00" in Read(text, "2025-06-04").times
