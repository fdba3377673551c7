"""Calendars in the manner of the programs that write them. The texts in `files/` are ours, their habits are not."""

from __future__ import annotations

import pytest

from tests.calendars.writing import FILES, Read


def read(name: str, first: str, days: int) -> Read:
    return Read((FILES / f"{name}.ics").read_bytes(), first, days)


@pytest.mark.parametrize(
    ("name", "first", "days", "times"),
    [
        # a daily stand-up of ten years: one deleted, one moved; a last monthly one; one single invitation
        ("google", "2025-06-03", 2, ["04 11:30-11:45", "04 15:00-16:00", "04 17:00-17:30"]),
        ("google", "2025-06-05", 1, ["05 09:00-09:15"]),
        ("google", "2025-10-27", 1, ["27 09:00-09:15"]),
        ("google", "2025-07-02", 1, ["02 09:00-09:15"]),
        # Windows' names, definitions of one's own, names with colons; only busy and out of office hold
        ("outlook", "2025-06-04", 2, ["04 14:00-14:30", "04 15:00-15:30", "04 16:30-17:30"]),
        ("outlook", "2025-06-05", 14, ["11 10:00-11:00", "12 10:00-11:00"]),
        # every other day across the change of the clock, one of them moved; a whole day on that very day
        (
            "apple",
            "2025-03-26",
            14,
            [
                "26 08:00-08:30",
                "28 08:00-08:30",
                "30 08:00-08:30",
                "30 11:00-11:30",
                "01 16:30-17:00",
                "03 08:00-08:30",
                "05 08:00-08:30",
            ],
        ),
        # six in all: two deleted, one cancelled
        ("nextcloud", "2025-05-01", 60, ["02 14:00-14:45", "09 14:00-14:45", "30 14:00-14:45"]),
        # a vendor's prefix, added dates, floating times, a day that is written as 24 hours
        ("thunderbird", "2025-06-03", 2, ["04 10:00-10:30", "04 12:00-12:30", "04 17:00-17:30"]),
        ("thunderbird", "2025-06-11", 1, ["11 12:00-12:30", "11 17:00-17:30"]),
        # UNTIL in local time and as a day; busy times, one of them folded
        (
            "fastmail",
            "2025-06-04",
            1,
            ["04 08:00-08:30", "04 09:00-09:15", "04 11:00-11:30", "04 16:00-17:00", "04 18:00-18:30"],
        ),
        ("fastmail", "2025-06-05", 7, []),
    ],
)
def test_calendar_is_read_as_its_writer_means_it(name: str, first: str, days: int, times: list[str]) -> None:
    found = read(name, first, days)

    assert (found.times, found.faults) == (times, [])


def test_all_that_is_wrong_is_named_and_all_that_is_right_is_read() -> None:
    found = read("broken", "2025-06-04", 1)

    assert found.times == [
        "04 08:00-08:30",
        "04 10:00-10:30",
        "04 11:00-11:30",
        "04 14:00-14:30",
        "04 18:00-18:30",
        "04 19:00-19:30",
    ]
    assert sorted(found.faults, key=lambda fault: int(fault.split()[0])) == [
        "5 VTIMEZONE.STANDARD bad-zone",
        "9 VEVENT no-start",
        "15 VEVENT.DTSTART bad-time",
        "22 VEVENT.RRULE bad-rule",
        "27 VEVENT.DTEND ends-before-start",
        "32 VEVENT.DURATION bad-length",
        "36 DTSTART unknown-zone",
        "50 VEVENT.EXDATE bad-time",
        "58 VEVENT.RRULE took-too-long",
        "60 VEVENT no-end",
        "70 VFREEBUSY.FREEBUSY bad-time",
    ]
