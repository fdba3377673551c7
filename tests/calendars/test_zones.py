"""Zones by name, by definition, and neither."""

# ruff: noqa: DTZ001 - local times, before they have a zone

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendars.writing import BERLIN, Read, calendar, event, lines
from traycoach.calendars import Fault
from traycoach.calendars.components import Property, components
from traycoach.calendars.values import Wrong
from traycoach.calendars.zones import DefinedZone, FileZones, named

AROUND = datetime(2025, 6, 4, tzinfo=UTC)
OUTLOOK = lines(
    "BEGIN:VTIMEZONE",
    "TZID:Ours",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def defined(text: str) -> DefinedZone:
    (one,) = components(text.encode(), ("VTIMEZONE",))
    return DefinedZone(one, AROUND.replace(tzinfo=None))


def in_zone(name: str, *definitions: str, day: str = "2025-06-04") -> Read:
    stamp = day.replace("-", "") + "T09"
    text = calendar(*definitions, event(f"DTSTART;TZID={name}:{stamp}0000", f"DTEND;TZID={name}:{stamp}3000"))
    return Read(text, day, zone=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("/mozilla.org/20070129_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_name_is_known_by_itself_behind_a_prefix_and_as_windows_has_it(name: str, key: str) -> None:
    assert named(name) == ZoneInfo(key)


@pytest.mark.parametrize(("name", "minutes"), [("GMT+0530", 330), ("UTC-03:30", -210), ("+01:00", 60)])
def test_name_that_is_an_offset_means_it(name: str, minutes: int) -> None:
    zone = named(name)

    assert zone is not None
    assert zone.utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("name", ["", " ", "Atlantis", "Europe", "../../etc/passwd", "\0", "x" * 5000])
def test_name_that_means_nothing_gives_none(name: str) -> None:
    assert named(name) is None


@given(st.datetimes(datetime(2024, 8, 1), datetime(2026, 5, 1)))
def test_definition_as_outlook_writes_it_is_the_zone_it_means(local: datetime) -> None:
    zone = defined(OUTLOOK)

    assert local.replace(tzinfo=zone).astimezone(UTC) == local.replace(tzinfo=BERLIN).astimezone(UTC)
    assert local.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=UTC).astimezone(
        BERLIN
    ).replace(tzinfo=None)


def test_definition_of_one_offset_has_it_always() -> None:
    text = lines(
        "BEGIN:VTIMEZONE", "TZID:a", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETTO:-0330", "END:STANDARD"
    )

    assert {defined(text).utcoffset(datetime(year, 6, 1)) for year in (1900, 2025, 2100)} == {-timedelta(minutes=210)}


def test_rule_that_has_ended_leaves_its_last_offset_until_the_next_begins() -> None:
    parts = [
        ("DAYLIGHT", "19700405T020000", "+0200", "+0300", "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20100404T000000Z"),
        ("STANDARD", "19701004T030000", "+0300", "+0200", "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU;UNTIL=20101003T000000Z"),
        ("STANDARD", "20250701T000000", "+0200", "+0500", ""),
    ]
    text = ["BEGIN:VTIMEZONE", "TZID:a"]
    for name, start, before, after, rule in parts:
        text += [f"BEGIN:{name}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
        text += [f"RRULE:{rule}"] * bool(rule) + [f"END:{name}"]
    zone = defined(lines(*text, "END:VTIMEZONE"))

    assert [zone.utcoffset(datetime(2025, month, 1)) for month in (1, 6, 8)] == [
        timedelta(hours=hours) for hours in (2, 2, 5)
    ]


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("TZOFFSETTO:+0100\r\n", "", "6 VTIMEZONE.STANDARD bad-zone"),
        ("DTSTART:16010101T030000\r\n", "", "6 VTIMEZONE.STANDARD bad-zone"),
        ("TZOFFSETTO:+0100", "TZOFFSETTO:one hour", "9 VTIMEZONE.TZOFFSETTO bad-zone"),
        ("TZOFFSETTO:+0100", "TZOFFSETTO:+9900", "9 VTIMEZONE.TZOFFSETTO bad-zone"),
        ("DTSTART:16010101T020000", "DTSTART:in March", "13 VTIMEZONE.DTSTART bad-time"),
        ("FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "in autumn", "10 VTIMEZONE.RRULE bad-rule"),
    ],
)
def test_definition_that_is_not_whole_is_named_and_the_local_zone_taken(written: str, instead: str, fault: str) -> None:
    text = calendar(OUTLOOK.replace(written, instead), event("DTSTART;TZID=Ours:20250604T090000", "DURATION:PT1H"))
    read = Read(text, "2025-06-04", zone=ZoneInfo("America/New_York"))

    assert (read.times, read.faults) == (["04 09:00-10:00"], [fault])


@pytest.mark.parametrize(("offset", "expected"), [("-0500", "04 14:00-14:30"), ("+0500", "04 04:00-04:30")])
@pytest.mark.parametrize(
    "onsets",
    [
        ["DTSTART:99991231T235900"],
        ["DTSTART:99991231"],
        ["DTSTART:00010101T000000"],
        ["DTSTART:00010101"],
        ["DTSTART:19700101T000000", "RDATE:99991231T235900"],
    ],
)
def test_definition_from_an_end_of_the_calendar_has_its_offset(onsets: list[str], offset: str, expected: str) -> None:
    offsets = f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"
    zone = lines("BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", *onsets, *offsets, "END:STANDARD", "END:VTIMEZONE")
    read = in_zone("Ours", zone)

    assert (read.times, read.faults) == ([expected], [])


def test_definition_whose_rule_means_no_time_is_named_and_the_local_zone_taken() -> None:
    odd = OUTLOOK.replace("BYDAY=-1SU;BYMONTH=10", "BYDAY=10SU;BYMONTH=12")
    read = in_zone("Ours", odd)

    assert (read.times, read.faults) == (["04 09:00-09:30"], ["10 VTIMEZONE.RRULE bad-rule"])


def test_definition_stands_for_a_name_that_is_not_known() -> None:
    assert in_zone("Ours", OUTLOOK).times == ["04 07:00-07:30"]
    assert in_zone("Ours", OUTLOOK, day="2025-12-04").times == ["04 08:00-08:30"]


def test_definition_that_names_its_location_is_that_zone() -> None:
    definition = lines("BEGIN:VTIMEZONE", "TZID:Ours", "X-LIC-LOCATION:Asia/Tokyo", "END:VTIMEZONE")

    assert in_zone("Ours", definition).times == ["04 00:00-00:30"]


def test_zone_without_a_name_and_zone_without_a_definition_are_told_once_and_are_local() -> None:
    nameless = OUTLOOK.replace("TZID:Ours\r\n", "")
    times = [event(f"DTSTART;TZID=Ours:20250604T{hour}0000", "DURATION:PT1H", uid=hour) for hour in ("09", "11")]
    read = Read(calendar(nameless, *times), "2025-06-04")

    assert (read.times, read.faults) == (["04 09:00-10:00", "04 11:00-12:00"], ["21 DTSTART unknown-zone"])


def test_two_files_may_define_the_same_name_differently() -> None:
    other = OUTLOOK.replace("+0200", "+0600").replace("+0100", "+0500")

    assert in_zone("Ours", OUTLOOK).times == ["04 07:00-07:30"]
    assert in_zone("Ours", other).times == ["04 03:00-03:30"]


def test_zone_of_a_property_without_one_is_none() -> None:
    zones = FileZones([], BERLIN, AROUND, lambda _wrong: None)

    assert zones.of(Property("DTSTART", {}, "20250604T090000", 1)) is None


def test_definition_without_any_observance_is_wrong() -> None:
    with pytest.raises(Wrong) as raised:
        defined(lines("BEGIN:VTIMEZONE", "TZID:a", "END:VTIMEZONE"))

    assert raised.value.fault is Fault.BAD_ZONE
