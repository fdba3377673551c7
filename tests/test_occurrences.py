"""Clock rules as pure values: the calendar, daylight saving, working hours, and what cron lines may say."""

# ruff: noqa: DTZ001 - the subject of these tests is what a naive local time means

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from traycoach.core.rules import (
    DAY,
    AtTimes,
    BeforeWorkEnds,
    Cron,
    HourRange,
    Interval,
    Medium,
    Trigger,
    WeekHours,
)
from traycoach.errors import UserError
from traycoach.occurrences import between, check, in_zone, next_after
from traycoach.settings.hours import DAYS, EVERY_DAY, parse_hours

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KOLKATA = ZoneInfo("Asia/Kolkata")
APIA = ZoneInfo("Pacific/Apia")
ZONES = (BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, UTC)
HOUR = timedelta(hours=1)


def hours(*texts: str) -> WeekHours:
    ranges = tuple(found for text in texts if (found := parse_hours(text)) is not None)
    assert len(ranges) == len(texts)
    return WeekHours(ranges)


def local(found: list[datetime]) -> list[str]:
    return [happens_at.strftime("%d %H:%M%z") for happens_at in found]


# --- daylight saving --------------------------------------------------------------------------------------------------

GAPS = [
    # zone, day, a skipped time, the end of the gap
    (BERLIN, date(2026, 3, 29), time(2, 30), "29 03:00+0200"),
    (NEW_YORK, date(2026, 3, 8), time(2, 30), "08 03:00-0400"),
    (LORD_HOWE, date(2026, 10, 4), time(2, 15), "04 02:30+1100"),
]
FOLDS = [
    # zone, day, a doubled time, its first occurrence
    (BERLIN, date(2026, 10, 25), time(2, 30), "25 02:30+0200"),
    (NEW_YORK, date(2026, 11, 1), time(1, 30), "01 01:30-0400"),
    (LORD_HOWE, date(2026, 4, 5), time(1, 45), "05 01:45+1100"),
]


def triggers_at(clock: time) -> list[Trigger]:
    return [AtTimes((clock,)), Cron(f"{clock.minute} {clock.hour} * * *")]


@pytest.mark.parametrize(("zone", "day", "clock", "expected"), GAPS)
def test_skipped_time_happens_when_the_gap_ends(zone: ZoneInfo, day: date, clock: time, expected: str) -> None:
    midnight = datetime.combine(day, time(0), zone)
    for trigger in triggers_at(clock):
        assert local(between(trigger, None, midnight, midnight + DAY)) == [expected]


@pytest.mark.parametrize(("zone", "day", "clock", "expected"), GAPS)
def test_all_times_of_a_gap_are_one(zone: ZoneInfo, day: date, clock: time, expected: str) -> None:
    midnight = datetime.combine(day, time(0), zone)
    minutes = [clock.replace(minute=minute) for minute in range(clock.minute - 10, clock.minute + 11, 5)]
    assert local(between(AtTimes(tuple(minutes)), None, midnight, midnight + DAY)) == [expected]
    cron = Cron(f"{','.join(str(minute.minute) for minute in minutes)} {clock.hour} * * *")
    assert local(between(cron, None, midnight, midnight + DAY)) == [expected]


def test_time_at_the_end_of_a_gap_and_one_inside_it_are_one() -> None:
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN)
    found = between(AtTimes((time(2, 10), time(3, 0))), None, midnight, midnight + DAY)
    assert local(found) == ["29 03:00+0200"]


@pytest.mark.parametrize(("zone", "day", "clock", "expected"), FOLDS)
def test_of_a_doubled_time_the_first_counts(zone: ZoneInfo, day: date, clock: time, expected: str) -> None:
    midnight = datetime.combine(day, time(0), zone)
    for trigger in triggers_at(clock):
        found = between(trigger, None, midnight, midnight + DAY)
        assert local(found) == [expected]
        assert next_after(trigger, None, found[0]) == in_zone(datetime.combine(day + DAY, clock), zone)


def test_day_that_a_zone_skips_is_one_prompt_at_its_end() -> None:
    # Samoa went from 29 to 31 December 2011
    start = datetime(2011, 12, 29, 12, tzinfo=APIA)
    found = between(AtTimes((time(9), time(15))), None, start, datetime(2011, 12, 31, 12, tzinfo=APIA))
    assert local(found) == ["29 15:00-1000", "31 00:00+1400", "31 09:00+1400"]


def test_hours_of_the_rule_look_at_the_time_as_written() -> None:
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN)
    limit = hours("02:00-03:00")
    assert local(between(Cron("30 2 * * *"), None, midnight, midnight + DAY, limit)) == ["29 03:00+0200"]


@given(
    naive=st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from((*ZONES, APIA)),
)
def test_time_in_a_zone_is_itself_or_the_end_of_the_gap_it_lies_in(naive: datetime, zone: ZoneInfo) -> None:
    happens_at = in_zone(naive, zone)
    back = happens_at.astimezone(UTC).astimezone(zone)
    wall = back.replace(tzinfo=None, fold=0)
    assert happens_at.fold == 0
    assert wall >= naive
    if wall != naive:
        just_before = (happens_at.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert just_before < naive


# --- the calendar ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("clock", [time(0, 0), time(0, 1), time(12, 0), time(23, 59)])
def test_cron_of_one_weekday_comes_on_that_day_alone(zone: ZoneInfo, weekday: int, clock: time) -> None:
    monday = datetime(2026, 6, 1, tzinfo=zone)
    assert monday.weekday() == 0
    wanted = datetime.combine(date(2026, 6, 1) + weekday * DAY, clock, zone)
    number = (weekday + 1) % 7
    for field in (DAYS[weekday], str(number), DAYS[weekday].upper(), *(["7"] if weekday == 6 else [])):
        cron = Cron(f"{clock.minute} {clock.hour} * * {field}")
        last = datetime(2026, 6, 8, tzinfo=zone) - timedelta(seconds=1)
        assert between(cron, None, monday - timedelta(seconds=1), last) == [wanted]
        assert next_after(cron, None, wanted) == wanted + 7 * DAY


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize(("start", "end"), [("00:00", "24:00"), ("09:00", "17:00"), ("22:00", "06:00")])
def test_hours_of_one_weekday_let_through_its_times_alone(zone: ZoneInfo, weekday: int, start: str, end: str) -> None:
    limit = hours(f"{DAYS[weekday]} {start}-{end}")
    clocks = (time(0), time(5, 59), time(6), time(9), time(16, 59), time(17), time(22), time(23, 59))
    day = date(2026, 6, 1) + weekday * DAY
    in_day = {"00:00": clocks, "09:00": (time(9), time(16, 59)), "22:00": (time(22), time(23, 59))}[start]
    expected = [datetime.combine(day, clock, zone) for clock in in_day]
    if start == "22:00":
        expected += [datetime.combine(day + DAY, clock, zone) for clock in (time(0), time(5, 59))]

    week = [in_zone(datetime.combine(day + step * DAY, time(12)), zone) for step in (-1, 6, 27)]
    assert between(AtTimes(clocks), None, week[0], week[1], limit) == expected
    assert len(between(AtTimes(clocks), None, week[0], week[2], limit)) == 4 * len(expected)


def test_cron_numbers_mean_what_cron_says() -> None:
    monday = datetime(2026, 6, 1, tzinfo=BERLIN)
    for field, expected in {
        "1-5": "mon tue wed thu fri",
        "0": "sun",
        "5-7": "fri sat sun",
        "fri-mon": "mon fri sat sun",
        "*/2": "tue thu sat sun",
        "1,3": "mon wed",
        "2/2": "tue thu sat",
    }.items():
        found = between(Cron(f"0 12 * * {field}"), None, monday, monday + 7 * DAY)
        assert " ".join(DAYS[at.weekday()] for at in found) == expected, field


def test_edges_after_is_excluded_and_until_included() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=BERLIN)
    trigger = AtTimes((time(12),))
    assert between(trigger, None, noon, noon + DAY) == [noon + DAY]
    assert between(trigger, None, noon - timedelta(seconds=1), noon) == [noon]
    assert between(trigger, None, noon, noon) == []
    assert between(trigger, None, noon + DAY, noon) == []


def test_zone_is_that_of_the_end_when_the_traveller_moved() -> None:
    before = datetime(2026, 6, 1, 8, tzinfo=BERLIN)
    after_flight = datetime(2026, 6, 1, 11, tzinfo=NEW_YORK)
    assert local(between(AtTimes((time(10, 30),)), None, before, after_flight)) == ["01 10:30-0400"]


def test_interval_rules_have_no_clock_times() -> None:
    trigger = Interval(HOUR, Medium.SITTING)
    start = datetime(2026, 6, 1, tzinfo=BERLIN)
    assert between(trigger, None, start, start + DAY) == []
    assert next_after(trigger, None, start) is None


def test_leap_day_is_found_years_ahead() -> None:
    found = next_after(Cron("0 12 29 2 *"), None, datetime(2026, 6, 1, tzinfo=BERLIN))
    assert found == datetime(2028, 2, 29, 12, tzinfo=BERLIN)


def test_times_that_the_hours_never_allow_have_no_next() -> None:
    start = datetime(2026, 6, 1, tzinfo=BERLIN)
    assert next_after(AtTimes((time(12),)), None, start, hours("22:00-06:00")) is None
    assert next_after(Cron("* 12 * * *"), None, start, hours("22:00-06:00")) is None


# --- before the end of work -------------------------------------------------------------------------------------------

TEN = BeforeWorkEnds(timedelta(minutes=10))


def test_work_end_is_that_of_the_last_range_of_the_day() -> None:
    work = hours("mon-fri 13:00-18:00", "mon-fri 09:00-12:00", "sat 10:00-12:00")
    friday = datetime(2026, 6, 5, tzinfo=BERLIN)
    found = between(TEN, work, friday, friday + 4 * DAY)
    assert local(found) == ["05 17:50+0200", "06 11:50+0200", "08 17:50+0200"]
    assert next_after(TEN, work, found[1]) == found[2]


def test_range_past_midnight_belongs_to_the_day_it_begins_in() -> None:
    friday = datetime(2026, 6, 5, tzinfo=BERLIN)
    found = between(TEN, hours("fri 22:00-02:00"), friday, friday + 7 * DAY)
    assert local(found) == ["06 01:50+0200"]


def test_day_that_ends_after_the_next_days_end_loses_nothing() -> None:
    friday = datetime(2026, 6, 5, tzinfo=BERLIN)
    found = between(TEN, hours("fri 22:00-20:00", "sat 09:00-12:00"), friday, friday + 3 * DAY)
    assert local(found) == ["06 11:50+0200", "06 19:50+0200"]


def test_lead_is_real_time_across_daylight_saving() -> None:
    saturday = datetime(2026, 3, 28, tzinfo=BERLIN)
    found = between(TEN, hours("sat 20:00-03:05"), saturday, saturday + 2 * DAY)
    assert local(found) == ["29 01:55+0100"]


def test_without_working_hours_it_never_comes() -> None:
    start = datetime(2026, 6, 1, tzinfo=BERLIN)
    assert between(TEN, None, start, start + 7 * DAY) == []
    assert next_after(TEN, None, start) is None


def test_weekdays_of_the_rule_limit_the_end_of_work() -> None:
    work = hours("mon-fri 09:00-18:00")
    monday = datetime(2026, 6, 1, tzinfo=BERLIN)
    found = between(TEN, work, monday, monday + 7 * DAY, hours("fri 00:00-24:00"))
    assert local(found) == ["05 17:50+0200"]


# --- properties -------------------------------------------------------------------------------------------------------

CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
RANGES = st.builds(HourRange, st.frozensets(st.integers(0, 6), min_size=1), CLOCKS, CLOCKS)
TRIGGERS: st.SearchStrategy[Trigger] = st.one_of(
    st.builds(AtTimes, st.lists(CLOCKS, min_size=1, max_size=4).map(tuple)),
    st.sampled_from(["*/20 * * * *", "30 2 * * *", "0 9-17 * * mon-fri", "15 1,2,3 * * 0"]).map(Cron),
    st.builds(BeforeWorkEnds, st.timedeltas(timedelta(0), 8 * HOUR)),
)


@settings(max_examples=60, deadline=None)
@given(
    trigger=TRIGGERS,
    work=st.none() | st.lists(RANGES, min_size=1, max_size=3).map(lambda ranges: WeekHours(tuple(ranges))),
    limit=st.none() | RANGES.map(lambda one: WeekHours((one,))),
    zone=st.sampled_from(ZONES),
    start=st.sampled_from([datetime(2026, 3, 7), datetime(2026, 3, 28), datetime(2026, 4, 4), datetime(2026, 10, 24)]),
    cut=st.integers(1, 47),
)
@example(AtTimes((time(2, 30),)), None, None, BERLIN, datetime(2026, 3, 28), 26)
def test_a_span_cut_in_two_has_the_same_occurrences(
    trigger: Trigger, work: WeekHours | None, limit: WeekHours | None, zone: ZoneInfo, start: datetime, cut: int
) -> None:
    first = start.replace(tzinfo=zone)
    last = (first.astimezone(UTC) + 48 * HOUR).astimezone(zone)
    middle = (first.astimezone(UTC) + cut * HOUR).astimezone(zone)

    whole = between(trigger, work, first, last, limit)
    parts = between(trigger, work, first, middle, limit) + between(trigger, work, middle, last, limit)
    utc = [at.astimezone(UTC) for at in whole]

    assert parts == whole
    assert utc == sorted(set(utc))
    assert all(first.astimezone(UTC) < at <= last.astimezone(UTC) for at in utc)
    following = next_after(trigger, work, first, limit)
    assert (whole[0] if whole else None) == (
        following if following is not None and following.astimezone(UTC) <= last.astimezone(UTC) else None
    )


# --- what a cron line may say -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("30 10 * *", "five fields"),
        ("", "five fields"),
        ("60 * * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 0 32 * *", "day of the month"),
        ("0 0 * 13 *", "month"),
        ("0 0 * * 8", "weekday"),
        ("0 0 * * foo", "weekday"),
        ("0 0 * * *-fri", "weekday"),
        ("0 0 * * mon-foo", "weekday"),
        ("*/0 * * * *", "minute"),
        ("0 0 13 * fri", "not both"),
        ("0 0 30 2 *", "no such day"),
    ],
)
def test_faulty_cron_line_is_told_by_its_field(line: str, part: str) -> None:
    problem = check(Cron(line))
    assert isinstance(problem, UserError)
    assert part in str(problem)


@pytest.mark.parametrize("line", ["30 10,15 * * mon-fri", "*/15 9-17 * jan-jun *", "0 0 29 2 *", "0 9 last * *"])
def test_good_cron_line_has_nothing_wrong(line: str) -> None:
    assert check(Cron(line)) is None


def test_other_triggers_have_nothing_to_check() -> None:
    assert check(AtTimes((time(9),))) is None
    assert check(TEN) is None
    assert frozenset(range(7)) == EVERY_DAY


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("0123456789*/,-monfrijaslt", max_size=6), min_size=4, max_size=6).map(" ".join))
def test_any_cron_line_is_good_or_told(line: str) -> None:
    problem = check(Cron(line))
    if problem is None:
        assert next_after(Cron(line), None, datetime(2026, 1, 1, tzinfo=BERLIN)) is not None
    else:
        assert problem.problems
