"""From bytes to components and properties, with the numbers of their lines."""

from __future__ import annotations

import pytest

from tests.calendars.writing import calendar, event, lines
from traycoach.calendars.components import Component, Property, components

NAMES = ("DTSTART", "UID", "SUMMARY", "DURATION")
WANTED = ("VEVENT", "VTIMEZONE")


def read(text: str | bytes) -> list[tuple[str, int, list[tuple[str, str, int]]]]:
    found = components(text if isinstance(text, bytes) else text.encode(), WANTED)
    return [
        (one.name, one.line, [(prop.name, prop.value, prop.line) for prop in one.properties(NAMES)]) for one in found
    ]


def only(text: str) -> Component:
    (one,) = components(text.encode(), WANTED)
    return one


def prop(line: str, name: str = "DTSTART") -> Property:
    (found,) = only(event(line, uid="one")).properties((name,))
    return found


PLAIN = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20250604T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
EXPECTED = [("VEVENT", 2, [("UID", "a", 3), ("DTSTART", "20250604T090000Z", 4)])]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip().encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.lower().replace("20250604t090000z", "20250604T090000Z").encode(),
    ],
    ids=["lf", "crlf", "crcrlf", "cr", "no end", "bom", "utf-16", "utf-16-be", "lower case"],
)
def test_lines_may_end_in_any_way_and_names_be_written_in_any_case(data: bytes) -> None:
    assert read(data) == EXPECTED


def test_folded_lines_are_one_and_count_as_many() -> None:
    text = event("SUMMARY:Gr", " ö", "\tße", "DTSTART:2025", " 0604T0900", " 00Z", uid="a")

    assert read(text) == [("VEVENT", 1, [("UID", "a", 2), ("SUMMARY", "Größe", 4), ("DTSTART", "20250604T090000Z", 7)])]


def test_line_that_is_folded_within_a_character_is_whole_again() -> None:
    data = "BEGIN:VEVENT\r\nSUMMARY:Größe\r\nEND:VEVENT\r\n".encode().replace(b"\xc3\xb6", b"\xc3\r\n \xb6")

    assert read(data) == [("VEVENT", 1, [("SUMMARY", "Größe", 2)])]


def test_text_that_looks_like_a_component_is_none_while_it_is_folded() -> None:
    text = event("DESCRIPTION:see", " BEGIN:VEVENT", " DTSTART:20250101T000000Z", "DTSTART:20250604T090000Z", uid="a")

    assert [name for _component, _line, props in read(text) for name, _value, _at in props] == ["UID", "DTSTART"]


def test_broken_lines_are_passed_over() -> None:
    text = event("no colon at all", "", ":", "=;:", "DTSTARTLE:1", "X-DTSTART:2", "DTSTART:3", uid="a")

    assert read(text)[0][2] == [("UID", "a", 2), ("DTSTART", "3", 10)]


def test_component_within_an_event_keeps_its_own_lines() -> None:
    alarm = lines("BEGIN:VALARM", "DURATION:PT5M", "UID:alarm", "END:VALARM")
    one = only(event(alarm, "DURATION:PT1H", uid="a"))

    assert [(prop.value, prop.line) for prop in one.properties(("UID", "DURATION"))] == [("a", 2), ("PT1H", 8)]
    assert [part.name for part in one.parts] == ["VALARM"]


def test_component_without_end_ends_where_the_next_begins() -> None:
    text = calendar("BEGIN:VEVENT\r\nUID:a", event("SUMMARY:x", uid="b"), "BEGIN:VTIMEZONE")
    found = components(text.encode(), WANTED)

    assert [(one.name, one.ended) for one in found] == [("VEVENT", False), ("VEVENT", True), ("VTIMEZONE", False)]
    assert [prop.value for one in found for prop in one.properties(("UID",))] == ["a", "b"]


def test_alarm_without_end_does_not_hide_the_event() -> None:
    text = event("BEGIN:VALARM", "TRIGGER:-PT5M", "DTSTART:20250604T090000Z", uid="a")

    assert read(text)[0][2][-1][:2] == ("DTSTART", "20250604T090000Z")


def test_end_without_beginning_is_nothing() -> None:
    assert read(lines("END:VEVENT", "END:VALARM", event(uid="a"))) == [("VEVENT", 3, [("UID", "a", 4)])]


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("DTSTART;TZID=Europe/Berlin:20250604T090000", "Europe/Berlin"),
        ('DTSTART;VALUE=DATE-TIME;TZID="W. Europe Standard Time":20250604T090000', "W. Europe Standard Time"),
        ('DTSTART;TZID="(UTC+01:00) Bern; Rom":20250604T090000', "(UTC+01:00) Bern; Rom"),
        ("DTSTART;TZID=(UTC+01:00) Bern, Rom:20250604T090000", "(UTC+01:00) Bern, Rom"),
        ("DTSTART ; tzid = Europe/Berlin : 20250604T090000 ", "Europe/Berlin"),
    ],
)
def test_zone_is_read_with_and_without_quotes(line: str, zone: str) -> None:
    found = prop(line)

    assert (found.parameters["TZID"], found.value) == (zone, "20250604T090000")


def test_uid_is_taken_whole() -> None:
    (found,) = only(event(uid="urn:uuid:1")).properties(("UID",))

    assert found.value == "urn:uuid:1"
