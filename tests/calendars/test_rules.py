"""Recurrence: against a day-by-day reckoning without cleverness, and what a rule must not do."""

# ruff: noqa: DTZ001 - rules are reckoned in local time, without a zone

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendars.writing import BERLIN, Read, calendar, event
from traycoach.calendars import Fault
from traycoach.calendars.components import Property
from traycoach.calendars.rules import MOST, Rule, parse
from traycoach.calendars.values import Wrong

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)


def rule(text: str) -> Rule:
    return parse(Property("RRULE", {}, text, 1))


def walked(
    start: datetime, frequency: str, interval: int, days: frozenset[int], count: int | None, until: datetime | None
) -> Iterator[datetime]:
    """Give the times of a daily, weekly or monthly rule by looking at every day since its beginning."""
    given_so_far = 0
    week_of_start = start.date() - timedelta(days=start.weekday())
    for step in range(4000):
        at = start + step * DAY
        if until is not None and at > until:
            return
        match frequency:
            case "DAILY":
                right = step % interval == 0 and (not days or at.weekday() in days)
            case "WEEKLY":
                weeks = (at.date() - week_of_start).days // 7
                right = weeks % interval == 0 and at.weekday() in (days or {start.weekday()})
            case _:
                months = (at.year - start.year) * 12 + at.month - start.month
                right = months % interval == 0 and at.day == start.day
        if right:
            given_so_far += 1
            yield at
            if given_so_far == count:
                return


@given(
    start=st.datetimes(datetime(2016, 1, 1), datetime(2025, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    interval=st.integers(1, 5),
    days=st.frozensets(st.integers(0, 6), max_size=4),
    ends=st.one_of(st.none(), st.integers(1, 900), st.datetimes(datetime(2024, 6, 1), datetime(2026, 6, 1))),
    first=st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1)),
    span=st.timedeltas(timedelta(hours=1), timedelta(days=40)),
)
def test_rule_gives_what_a_walk_through_all_days_gives(
    start: datetime,
    frequency: str,
    interval: int,
    days: frozenset[int],
    ends: int | datetime | None,
    first: datetime,
    span: timedelta,
) -> None:
    count = ends if isinstance(ends, int) else None
    until = ends.replace(microsecond=0) if isinstance(ends, datetime) else None
    text = f"FREQ={frequency};INTERVAL={interval}"
    text += f";COUNT={count}" if count else ""
    text += f";UNTIL={until:%Y%m%dT%H%M%S}" if until else ""
    if frequency == "MONTHLY":
        days = frozenset()
    if days:
        text += ";BYDAY=" + ",".join(DAYS[day] for day in sorted(days))
    last = first + span

    expected = [at for at in walked(start, frequency, interval, days, count, until) if first <= at <= last]

    assert rule(text).between(start, first, last, BERLIN) == expected


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=-1FR", "2015-01-30T16:00", ["2025-06-27T16:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2015-01-30T16:00", ["2025-06-30T16:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "2015-01-30T16:00", ["2025-06-29T16:00"]),
        ("FREQ=MONTHLY", "2015-01-31T16:00", []),
        ("FREQ=MONTHLY;INTERVAL=5", "2015-01-05T16:00", ["2025-06-05T16:00"]),
        ("FREQ=MONTHLY;INTERVAL=7", "2015-01-05T16:00", []),
        ("FREQ=YEARLY", "1999-06-12T16:00", ["2025-06-12T16:00"]),
        ("FREQ=YEARLY;INTERVAL=3", "2000-06-12T16:00", []),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=2SU", "1999-06-13T16:00", ["2025-06-08T16:00"]),
        ("FREQ=YEARLY;BYWEEKNO=23", "1999-06-08T16:00", ["2025-06-03T16:00"]),
        ("FREQ=YEARLY;BYYEARDAY=160", "1999-06-09T16:00", ["2025-06-09T16:00"]),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
            "2025-05-04T09:00",
            ["2025-06-01T09:00", "2025-06-02T09:00", "2025-06-15T09:00"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO",
            "2025-05-05T09:00",
            ["2025-06-02T09:00", "2025-06-08T09:00", "2025-06-16T09:00"],
        ),
        ("FREQ=HOURLY;INTERVAL=240", "2015-06-02T09:00", ["2025-06-09T09:00", "2025-06-19T09:00", "2025-06-29T09:00"]),
        ("freq=daily; interval=20", "2025-06-02T09:00", ["2025-06-02T09:00", "2025-06-22T09:00"]),
        ("FREQ=DAILY;INTERVAL=20;COUNT=-1", "2025-06-02T09:00", ["2025-06-02T09:00", "2025-06-22T09:00"]),
        ("FREQ=DAILY;INTERVAL=20;X-OURS=1;RSCALE=GREGORIAN;SKIP=OMIT", "2025-06-12T09:00", ["2025-06-12T09:00"]),
    ],
)
def test_rules_of_real_calendars(text: str, start: str, expected: list[str]) -> None:
    june = datetime(2025, 6, 1), datetime(2025, 6, 30, 23, 59)
    found = rule(text).between(datetime.fromisoformat(start), *june, BERLIN)

    assert [f"{at:%Y-%m-%dT%H:%M}" for at in found[:3]] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEEKLY",
        "FREQ=",
        "FREQ=SOMETIMES",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=two",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-7",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;UNTIL=",
        "FREQ=WEEKLY;BYDAY=MONDAY",
        "FREQ=MONTHLY;BYDAY=99MO",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=YEARLY;RSCALE=CHINESE",
        "FREQ=DAILY;WKST=XX",
    ],
)
def test_rule_that_is_none_is_named(text: str) -> None:
    with pytest.raises(Wrong) as raised:
        rule(text)

    assert raised.value.fault is Fault.BAD_RULE


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", Fault.TOOK_TOO_LONG),
        ("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=31", Fault.TOOK_TOO_LONG),
        ("FREQ=SECONDLY", Fault.TOO_OFTEN),
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=10", Fault.BAD_RULE),
        ("FREQ=MONTHLY;BYDAY=53MO", Fault.BAD_RULE),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=10MO", Fault.BAD_RULE),
    ],
)
def test_rule_that_cannot_be_worked_out_is_given_up(text: str, fault: Fault) -> None:
    with pytest.raises(Wrong) as raised:
        rule(text).between(datetime(2015, 6, 1, 9), datetime(2025, 6, 1), datetime(2025, 6, 2), BERLIN)

    assert raised.value.fault is fault


def test_as_many_recurrences_as_are_allowed_are_given() -> None:
    found = rule("FREQ=MINUTELY").between(
        datetime(2015, 6, 1), datetime(2025, 6, 1), datetime(2025, 6, 1) + (MOST - 1) * timedelta(minutes=1), BERLIN
    )

    assert len(found) == MOST


UNTIL = [
    # the last meeting is on the 5th at 09:00 in New York, 13:00 UTC
    ("20250605T130000Z", True),
    ("20250605T125959Z", False),
    ("20250605T090000", True),
    ("20250605T085959", False),
    ("20250605", True),
    ("20250604", False),
]


@pytest.mark.parametrize(("until", "is_there"), UNTIL)
def test_until_is_utc_or_local_or_a_whole_day(until: str, is_there: bool) -> None:
    text = calendar(
        event("DTSTART;TZID=America/New_York:20250502T090000", "DURATION:PT30M", f"RRULE:FREQ=DAILY;UNTIL={until}")
    )

    assert Read(text, "2025-06-05", zone=ZoneInfo("UTC")).times == ["05 13:00-13:30"] * is_there


@pytest.mark.parametrize(("until", "is_there"), [("20250604T215959Z", False), ("20250604T220000Z", True)])
def test_until_in_utc_ends_a_series_in_local_time_on_the_local_day(until: str, is_there: bool) -> None:
    # midnight of the 5th in Berlin is 22:00 of the 4th in UTC
    start = "DTSTART;TZID=Europe/Berlin:20250501T000000"
    text = calendar(event(start, "DURATION:PT30M", f"RRULE:FREQ=DAILY;UNTIL={until}"))

    assert Read(text, "2025-06-05").times == ["05 00:00-00:30"] * is_there


@pytest.mark.parametrize(
    ("day", "times"),
    [
        ("2025-03-29", ["29 02:30-02:45", "29 09:00-09:15"]),
        ("2025-03-30", ["30 03:30-03:45", "30 09:00-09:15"]),  # 02:30 is skipped
        ("2025-10-26", ["26 02:30-02:45", "26 09:00-09:15"]),  # 02:30 comes twice
    ],
)
def test_series_keeps_its_local_time_over_changes_of_the_clock(day: str, times: list[str]) -> None:
    series = [
        event(f"DTSTART;TZID=Europe/Berlin:20160101T{at}", "DURATION:PT15M", "RRULE:FREQ=DAILY", uid=at)
        for at in ("023000", "090000")
    ]

    assert Read(calendar(*series), day).times == times


def test_of_a_doubled_time_the_first_is_meant() -> None:
    text = calendar(event("DTSTART;TZID=Europe/Berlin:20251026T023000", "DURATION:PT15M"))

    assert Read(text, "2025-10-26").meetings[0].starts_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_ten_years_of_weekly_meetings_are_read_for_one_day() -> None:
    series = [
        event(
            f"DTSTART;TZID=Europe/Berlin:20150105T{10 + number // 6:02}{number % 6}000",
            "DURATION:PT10M",
            f"RRULE:FREQ=WEEKLY;BYDAY={DAYS[number % 5]}",
            uid=str(number),
        )
        for number in range(20)
    ]

    assert Read(calendar(*series), "2025-06-04").times == [
        "04 10:20-10:30",
        "04 11:10-11:20",
        "04 12:00-12:10",
        "04 12:50-13:00",
    ]
