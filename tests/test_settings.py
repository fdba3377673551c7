"""Settings files as a person may leave them: good ones, bad ones with every problem, and ones that cannot be read."""

from __future__ import annotations

import os
import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from traycoach.core.instant import MINUTE, SECOND
from traycoach.core.rules import (
    AtTimes,
    BeforeWorkEnds,
    Budget,
    Cron,
    HourRange,
    Interval,
    Look,
    Medium,
    Posture,
    RoutineFilter,
    Rule,
    WeekHours,
)
from traycoach.errors import Problem, UserError
from traycoach.paths import bundled
from traycoach.settings import Settings, check, load, load_at_start, settings_of
from traycoach.settings.building import default_layer
from traycoach.settings.doubts import load_of
from traycoach.settings.durations import duration_text, nearest_duration, parse_duration
from traycoach.settings.files import LARGEST, good_copy
from traycoach.settings.hours import DAYS, clock_text, days_text, hours_text, nearest_hours, parse_days, parse_hours
from traycoach.settings.lines import key_lines
from traycoach.settings.schema import KEYS, RULE_KEYS, preset_names

HOUR = timedelta(hours=1)
MON_FRI = frozenset(range(5))


def rule(text: str, name: str) -> Rule:
    found = settings_of(f"version = 1\n{text}").schedule.rule(name)
    assert found is not None
    return found


def told(text: str) -> list[str]:
    """Give the problems of a file in one line each: line, key, the nearest right one."""
    return [
        f"{problem.line} {problem.key}{f' → {problem.suggestion}' if problem.suggestion else ''}"
        for problem in check(text, "traycoach.toml")
    ]


# --- the defaults -----------------------------------------------------------------------------------------------------


def test_defaults_are_those_of_the_product() -> None:
    schedule = settings_of("").schedule
    assert [(one.id, one.look.value) for one in schedule.rules] == [
        ("micro", "notice"),
        ("stand", "card"),
        ("move", "card"),
        ("sit-down", "card"),
        ("wind-down", "card"),
    ]
    assert [one.trigger for one in schedule.rules] == [
        Interval(30 * MINUTE, Medium.SITTING, 15 * MINUTE),
        Interval(30 * MINUTE, Medium.SITTING),
        Interval(60 * MINUTE, Medium.SITTING),
        Interval(30 * MINUTE, Medium.STANDING),
        BeforeWorkEnds(10 * MINUTE),
    ]
    assert [one.resets_after for one in schedule.rules] == [3 * MINUTE, 3 * MINUTE, 5 * MINUTE, 3 * MINUTE, None]
    assert schedule.budget == Budget(4, 2, 10 * MINUTE)
    assert (schedule.idle_after, schedule.away_after, schedule.patience) == (60 * SECOND, 3 * MINUTE, 60 * SECOND)
    assert schedule.day_starts_at == time(4)
    assert schedule.quiet_hours == WeekHours((HourRange(frozenset(range(7)), time(22), time(7)),))
    assert schedule.work_hours is not None
    assert [one.days for one in schedule.work_hours.ranges] == [MON_FRI, MON_FRI]


def test_wind_down_may_speak_until_work_ends() -> None:
    found = settings_of("").schedule.rule("wind-down")
    assert found is not None
    assert found.catch_up is None


def test_every_setting_has_a_default_and_one_comment_line() -> None:
    text = bundled("config/default.toml").read_text(encoding="utf-8")
    lines = text.split("\n")
    assert list(default_layer().values) == list(KEYS)
    for path, line in key_lines(text).items():
        if len(path) > 1 and isinstance(path[-1], int):  # entries of lists have no comment of their own
            continue
        if lines[line - 1].startswith("["):
            continue
        if path[0] == "rule" and len(path) > 3:  # inside an inline table
            continue
        above, further = lines[line - 2], lines[line - 3]
        assert above.startswith("# "), f"line {line} has no comment"
        assert not further.startswith("# "), f"line {line} has more than one comment line"


def test_every_key_of_a_rule_is_explained() -> None:
    from traycoach.settings.reference import entries

    assert [entry.key for entry in entries("rule")] == [f"rule.*.{key}" for key in RULE_KEYS]


def test_commented_examples_of_the_defaults_are_good_settings() -> None:
    text = bundled("config/default.toml").read_text(encoding="utf-8")
    examples = text.partition("# Two rules of your own")[2].split("\n")[1:]
    found = settings_of("version = 1\n" + "\n".join(line.removeprefix("# ") for line in examples))
    own = [one.id for one in found.schedule.rules if one.id in {"after-lunch", "eyes-closed"}]
    assert own == ["after-lunch", "eyes-closed"]
    assert found.warnings == ()


@pytest.mark.parametrize("name", preset_names())
def test_preset_is_good_and_within_its_own_budget(name: str) -> None:
    raw = tomllib.loads(bundled(f"config/presets/{name}.toml").read_text(encoding="utf-8"))
    found = settings_of(f'version = 1\npreset = "{name}"')
    assert raw["title"]
    assert raw["summary"]
    assert found.preset == name
    assert found.warnings == ()


def test_eyes_rule_is_in_use_in_the_eyes_first_preset_alone() -> None:
    using = [
        name
        for name in preset_names()
        if settings_of(f'version = 1\npreset = "{name}"').schedule.rule("eyes") is not None
    ]
    assert using == ["eyes-first"]


# --- rules of the user's file -----------------------------------------------------------------------------------------


def test_rule_of_a_known_id_changes_only_what_it_names() -> None:
    stand = rule('[[rule]]\nid = "stand"\nlook = "overlay"', "stand")
    default = settings_of("").schedule.rule("stand")
    assert default is not None
    assert stand.look is Look.OVERLAY
    assert (stand.trigger, stand.resets_after, stand.routines) == (
        default.trigger,
        default.resets_after,
        default.routines,
    )


def test_rule_can_be_switched_off_and_keeps_its_place_when_changed() -> None:
    text = 'version = 1\n[[rule]]\nid = "move"\nenabled = false\n[[rule]]\nid = "micro"\nevery = "20m sitting"'
    rules = settings_of(text).schedule.rules
    assert [one.id for one in rules] == ["micro", "stand", "sit-down", "wind-down"]


def test_rule_of_a_new_id_comes_last_with_the_prompt_defaults() -> None:
    text = '[prompt]\nsnooze = ["7m"]\nlook = "notice"\n[[rule]]\nid = "tea"\nat = ["15:00", "10:30", "15:00"]'
    tea = rule(text, "tea")
    assert tea.trigger == AtTimes((time(10, 30), time(15)))
    assert tea.look is Look.NOTICE
    assert tea.snooze == (7 * MINUTE,)
    assert tea.resets_after is None
    assert tea.catch_up == 30 * MINUTE
    assert settings_of(f"version = 1\n{text}").schedule.rules[-1] == tea


def test_trigger_of_another_kind_takes_the_place_of_the_default() -> None:
    assert rule('[[rule]]\nid = "stand"\ncron = "30 10 * * mon"', "stand").trigger == Cron("30 10 * * mon")
    assert rule('[[rule]]\nid = "micro"\nat = ["10:30"]', "micro").trigger == AtTimes((time(10, 30),))
    assert rule('[[rule]]\nid = "wind-down"\nevery = "2h use"', "wind-down").trigger == Interval(2 * HOUR, Medium.USE)


def test_offset_of_the_default_goes_when_the_interval_gets_shorter_than_it() -> None:
    assert rule('[[rule]]\nid = "micro"\nevery = "10m sitting"', "micro").trigger == Interval(
        10 * MINUTE, Medium.SITTING
    )
    assert rule('[[rule]]\nid = "micro"\nevery = "40m sitting"', "micro").trigger == Interval(
        40 * MINUTE, Medium.SITTING, 15 * MINUTE
    )


def test_routines_of_a_rule_are_replaced_as_a_whole() -> None:
    stand = rule('[[rule]]\nid = "stand"\nroutines = { ids = ["walk-2", "stand-60"] }', "stand")
    assert stand.routines == RoutineFilter(ids=("walk-2", "stand-60"))


def test_user_file_lies_over_the_preset_and_the_preset_over_the_defaults() -> None:
    text = 'version = 1\npreset = "gentle"\n[[rule]]\nid = "move"\nlook = "overlay"'
    looks = {one.id: one.look for one in settings_of(text).schedule.rules}
    assert looks["stand"] is Look.NOTICE
    assert looks["move"] is Look.OVERLAY


def test_empty_hours_are_no_limit() -> None:
    found = settings_of("version = 1\n[work]\nhours = []\n[quiet]\nhours = []").schedule
    assert found.work_hours is None
    assert found.quiet_hours is None


# --- problems ---------------------------------------------------------------------------------------------------------

FAULTY = """version = 1
preset = "gentel"
hour = 3
[presence]
idle_after = "10 min"
away_after = 240
idel_after = "60s"
[work]
hours = [
  "mon-fri 09:00-12:00",
  "monday to friday 13-18",
]
[quiet]
microphone = "yes"
hours = "22:00-07:00"
[budgte]
apart = "5m"
[look]
theme = "drak"
figure = { shirt = "red" }
text_scale = nan
[[rule]]
id = "stand"
evry = "45m sitting"
[[rule]]
id = "tea"
at = ["10:30",
      "25:00"]
cron = "* * * *"
[[rule]]
id = "x"
every = "45m"
routines = { purpose = "stand-up", at_least = "3m", at_most = "2m" }
[[rule]]
every = "10m use"
[[rule]]
id = "x"
at = ["10:00"]
"""


def test_every_problem_is_told_at_once_with_line_key_and_nearest() -> None:
    assert told(FAULTY) == [
        "2 preset → gentle",
        "3 hour → work.hours",
        "5 presence.idle_after → 10m",
        "6 presence.away_after → 4m",
        "7 presence.idel_after → presence.idle_after",
        "11 work.hours → mon-fri 13:00-18:00",
        "14 quiet.microphone → true",
        '15 quiet.hours → ["22:00-07:00"]',
        "16 budgte → budget",
        "19 look.theme → dark",
        "20 look.figure.shirt",
        "21 look.text_scale",
        "24 rule.stand.evry → every",
        "28 rule.tea.at",
        "29 rule.tea.cron",
        "29 rule.tea.cron",
        "32 rule.x.every → 45m sitting",
        "33 rule.x.routines.at_least",
        "34 rule[4]",
        "37 rule.x.id",
    ]
    sentences = [str(problem) for problem in check(FAULTY, "traycoach.toml")]
    assert sentences[0].startswith("traycoach.toml:2: preset: expected one of ")
    assert sentences[0].endswith("(did you mean “gentle”?)")
    assert '"45m", "1h30m" or "20s", found "10 min"' in sentences[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[presence]\nidle_after = '5m'\naway_after = '2m'", "3 presence.idle_after"),
        ("[presence]\naway_after = '1m'\nidle_after = '2m'", "4 presence.idle_after"),
        ("presence = 4", "2 presence"),
        ("[[rule]]\nid = 'new'", "2 rule.new"),
        ("[[rule]]\nid = 'new'\nlook = 'card'\nevery = '5 sitting'", "5 rule.new.every"),
        ("[[rule]]\nid = 'stand'\nevery = '30m sitting'\nat = ['10:00']", "5 rule.stand.at"),
        ("[[rule]]\nid = 'tea'\nat = ['10:00']\noffset = '5m'", "5 rule.tea.offset"),
        ("[[rule]]\nid = 'stand'\noffset = '45m'", "4 rule.stand.offset"),
        ("[rule.stand]\nlook = 'card'", "2 rule"),
        ("[[rule]]\nid = 'No Good'\nat = ['10:00']", "3 rule.No Good.id"),
        ("[[rule]]\nid = 'a'\nat = []", "4 rule.a.at"),
        ("quiet.camera = 1", "2 quiet.camera"),
        ("[quiet]\ncalendars = ['work.ics']", "3 quiet.calendars"),
    ],
)
def test_problem_has_its_place(text: str, expected: str) -> None:
    assert told(f"version = 1\n{text}") == [expected]


def test_text_that_is_no_toml_is_told_with_its_line() -> None:
    assert told("version = 1\n[presence\nidle_after = 3") == ["2 None"]
    assert told('version = 1\n[work]\nhours = "mon') == ["3 None"]
    assert "nested" in str(check("version = 1\na = " + "[" * 5000)[0])
    assert told("version = 1\nversion = 1") == ["2 None"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[quiet]\ncamera = true", "write version = 1"),
        ("version = 2", "update the program"),
        ("version = 0", "expected version = 1"),
        ("version = true", "expected version = 1"),
        ("version = 1.0", "expected version = 1"),
        ('version = "1"', "expected version = 1"),
    ],
)
def test_version_that_does_not_fit_is_told_and_nothing_else(text: str, part: str) -> None:
    problems = check(f"{text}\nnonsense = 3")
    assert len(problems) == 1
    assert part in problems[0].message


# --- doubts -----------------------------------------------------------------------------------------------------------


def doubts(text: str) -> list[str]:
    return [str(doubt) for doubt in settings_of(f"version = 1\n{text}", "f").warnings]


def test_defaults_use_their_budget_to_the_full_and_no_more() -> None:
    schedule = settings_of("").schedule
    sitting = load_of(schedule, Posture.SITTING)
    assert (sitting.prompts, sitting.cards, sitting.apart) == (4, 2, 15 * MINUTE)


def test_rules_beyond_the_budget_are_doubted_but_good() -> None:
    found = doubts("[budget]\ncards_an_hour = 1")
    assert len(found) == 2
    assert found[0].startswith("f:2: budget: ")
    assert "2 cards in an hour of sitting, the budget allows 1" in found[0]
    assert "standing" in found[1]
    assert "apart" in doubts('[[rule]]\nid = "extra"\nevery = "37m sitting"')[0]


def test_rule_that_can_never_speak_is_doubted() -> None:
    found = doubts('[[rule]]\nid = "tea"\nat = ["10:30"]\nhours = ["22:00-07:00"]')
    assert found == ["f:5: rule.tea.hours: none of its times lies in its hours: this rule never speaks"]
    assert "never speaks" in doubts("[work]\nhours = []")[0]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "traycoach.toml"


def unreadable(file: Path) -> str:
    with pytest.raises(UserError) as caught:
        load(file)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].file == str(file)
    return caught.value.problems[0].message


def test_missing_file_is_all_defaults(file: Path) -> None:
    assert load(file) == settings_of("")
    assert not good_copy(file).exists()


def test_empty_file_is_all_defaults(file: Path) -> None:
    file.write_text("")
    assert load(file) == settings_of("")


def test_mark_and_line_ends_of_windows_are_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfversion = 1\r\n[quiet]\r\ncamera = false\r\n")
    assert not load(file).guards.camera


def test_file_that_is_not_utf_8_is_told_with_its_line(file: Path) -> None:
    file.write_bytes('version = 1\n[[rule]]\nid = "tea"\ntext = "Grüße"\n'.encode("latin-1"))
    assert "UTF-8" in unreadable(file)
    with pytest.raises(UserError) as caught:
        load(file)
    assert caught.value.problems[0].line == 4
    file.write_text("version = 1", encoding="utf-16")
    assert "UTF-16" in unreadable(file)


def test_huge_file_is_refused_unread(file: Path) -> None:
    with file.open("wb") as handle:
        handle.truncate(50 * 1024 * 1024)
    assert "at most 1049" in unreadable(file)
    file.write_bytes(b"#" * LARGEST)
    assert load(file) == settings_of("")


def test_folder_in_its_place_is_told(file: Path) -> None:
    file.mkdir()
    assert "folder" in unreadable(file)


def test_pipe_in_its_place_is_told_and_does_not_block(file: Path) -> None:
    os.mkfifo(file)
    assert "pipe" in unreadable(file)


def test_file_in_place_of_its_folder_is_told(file: Path) -> None:
    file.write_text("")
    assert "not a folder" in unreadable(file / "traycoach.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_told(file: Path) -> None:
    file.write_text("version = 1")
    file.chmod(0o000)
    assert "may not read" in unreadable(file)


def test_link_is_followed_and_a_broken_one_told(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text("version = 1\n[quiet]\ncamera = false\n")
    file.symlink_to(target)
    assert not load(file).guards.camera
    target.unlink()
    assert "does not exist" in unreadable(file)
    target.symlink_to(file)
    assert unreadable(file)


def test_good_file_is_kept_beside_it_for_its_owner_only(file: Path) -> None:
    file.write_text("version = 1\n# mine\n")
    load(file)
    copy = good_copy(file)
    assert copy.read_text() == file.read_text()
    assert copy.stat().st_mode & 0o777 == 0o600


def test_same_good_file_is_not_written_again(file: Path) -> None:
    file.write_text("version = 1\n")
    load(file)
    before = good_copy(file).stat()
    load(file)
    assert good_copy(file).stat() == before


def test_bad_file_at_start_falls_back_on_the_last_good_one(file: Path) -> None:
    file.write_text("version = 1\n[quiet]\ncamera = false\n")
    load(file)
    file.write_text("version = 1\n[quiet]\ncamera = maybe\n")
    started = load_at_start(file)
    assert not started.settings.guards.camera
    assert [problem.line for problem in started.problems] == [3]


def test_bad_file_at_the_first_start_gives_what_is_good_in_it(file: Path) -> None:
    file.write_text('version = 1\n[quiet]\ncamera = false\nmicrophone = "x"\n[[rule]]\nid = "stand"\nevery = "1"\n')
    started = load_at_start(file)
    assert not started.settings.guards.camera
    assert started.settings.guards.microphone
    assert started.settings.schedule == settings_of("").schedule
    assert len(started.problems) == 2


def test_start_survives_a_bad_copy_and_an_unreadable_file(file: Path) -> None:
    good_copy(file).write_text("nonsense")
    file.write_bytes(b"\xff")
    started = load_at_start(file)
    assert started.settings == settings_of("")
    assert len(started.problems) == 1
    good_copy(file).unlink()
    good_copy(file).mkdir()
    assert load_at_start(file).settings == settings_of("")


def test_good_file_at_start_has_no_problems(file: Path) -> None:
    assert load_at_start(file).problems == ()


# --- lengths, hours, days ---------------------------------------------------------------------------------------------


@given(st.integers(0, 100 * 3600))
@example(90)
@example(60)
def test_length_survives_being_written_and_read(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(duration_text(span)) == span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("45m", 45 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("1h 30m 5s", 90 * MINUTE + 5 * SECOND),
        ("20s", 20 * SECOND),
        ("90s", 90 * SECOND),
        ("0s", 0 * SECOND),
        ("", None),
        ("45", None),
        ("45 m", None),
        ("30m1h", None),
        ("1.5h", None),
        ("-5m", None),
        (" 5m", None),
        ("5M", None),
        ("٤m", None),
        ("5m5m", None),
    ],
)
def test_lengths_as_they_may_be_written(text: str, span: timedelta | None) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("45 min", "45m"),
        ("1.5h", "1h30m"),
        ("1,5 hours", "1h30m"),
        ("90 seconds", "90s"),
        ("1 hr 20 min", "1h20m"),
        ("soon", None),
        ("0 min", None),
    ],
)
def test_faulty_length_is_guessed(text: str, guess: str | None) -> None:
    assert nearest_duration(text) == guess


RANGES = st.builds(
    HourRange,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
).filter(lambda hours: hours.start != hours.end or hours.start == time(0))


@given(RANGES)
def test_hours_survive_being_written_and_read(hours: HourRange) -> None:
    assert parse_hours(hours_text(hours)) == hours


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_days_survive_being_written_and_read(days: frozenset[int]) -> None:
    assert parse_days(days_text(days)) == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("mon-fri 9:00-17:30", "mon-fri 09:00-17:30"),
        ("Sat,SUN 10:00-24:00", "sat-sun 10:00-24:00"),
        ("fri-mon 00:00-24:00", "mon,fri-sun 00:00-24:00"),
        ("mon-sun 08:00-09:00", "08:00-09:00"),
        ("09:00-09:00", None),
        ("00:00-00:00", None),
        ("24:00-08:00", None),
        ("mon 9-17", None),
        ("mon tue 09:00-10:00", None),
        ("noon", None),
        ("", None),
        ("monday 09:00-10:00", None),
        ("09:00", None),
    ],
)
def test_hours_as_they_may_be_written(text: str, expected: str | None) -> None:
    found = parse_hours(text)
    assert (None if found is None else hours_text(found)) == expected


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("Monday-Friday 9-17", "mon-fri 09:00-17:00"),
        ("mon – fri 9.30 – 17.00", "mon-fri 09:30-17:00"),
        ("sat, sun 10:00-12:00", "sat-sun 10:00-12:00"),
        ("22 to 7", "22:00-07:00"),
        ("always", None),
        ("9-25", None),
    ],
)
def test_faulty_hours_are_guessed(text: str, guess: str | None) -> None:
    assert nearest_hours(text) == guess


def test_clock_is_written_with_two_digits() -> None:
    assert clock_text(time(4, 5)) == "04:05"
    assert DAYS[0] == "mon"


# --- any edit at all --------------------------------------------------------------------------------------------------

DEFAULT_TEXT = bundled("config/default.toml").read_text(encoding="utf-8")


def read_or_told(text: str) -> tuple[Problem, ...]:
    """Give no problems for settings that were read, at least one for those that were not."""
    try:
        assert isinstance(settings_of(text, "traycoach.toml"), Settings)
    except UserError as error:
        problems = error.problems
    else:
        return ()
    assert problems
    return problems


PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "[",
            "]",
            "[[rule]]\n",
            '"',
            "'",
            "\n",
            "=",
            "{",
            "}",
            "1",
            "nan",
            "-inf",
            "1979-05-27",
            "true",
            '"30m"',
            "#",
            "[work]\n",
            "hours = [",
            'id = "stand"\n',
            'cron = "* * * * *"\n',
            "every = 30\n",
            "\x00",
            "é",
            '"""',
        ]
    ),
)


@settings(max_examples=250, deadline=None)
@given(start=st.integers(0, len(DEFAULT_TEXT)), length=st.integers(0, 400), piece=PIECES)
def test_any_edit_of_the_file_is_settings_or_problems(start: int, length: int, piece: str) -> None:
    text = DEFAULT_TEXT[:start] + piece + DEFAULT_TEXT[start + length :]
    last = text.count("\n") + 1
    assert all(problem.line is None or 1 <= problem.line <= last for problem in read_or_told(text))


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["30m sitting", "5m", "mon-fri 09:00-12:00", "card", "10:30", "* * * * *"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(list(RULE_KEYS)), inner)),
    max_leaves=4,
)


@settings(max_examples=250, deadline=None)
@given(
    values=st.dictionaries(st.sampled_from(list(KEYS)), VALUES, max_size=4),
    rules=st.lists(st.dictionaries(st.sampled_from([*RULE_KEYS, "evry"]), VALUES, max_size=4), max_size=3),
)
def test_any_values_are_settings_or_problems(values: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    import tomlkit

    document: dict[str, Any] = {"version": 1}
    for key, value in values.items():
        table = document
        *sections, name = key.split(".")
        for section in sections:
            table = table.setdefault(section, {})
        table[name] = value
    document["version"] = 1
    if rules:
        document["rule"] = rules
    assert all(problem.line is not None for problem in read_or_told(tomlkit.dumps(document)))


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.dictionaries(st.text(min_size=1, max_size=5), st.integers(0, 9), max_size=3),
        lambda inner: st.dictionaries(
            st.text(min_size=1, max_size=5), st.one_of(inner, st.lists(inner, min_size=1, max_size=3)), max_size=3
        ),
        max_leaves=8,
    )
)
def test_every_key_is_found_on_the_line_it_stands_on(table: dict[str, Any]) -> None:
    import tomlkit

    text = tomlkit.dumps(table)
    lines = key_lines(text)
    # splitting at line feeds alone, as TOML does
    written = text.split("\n")

    def visit(value: object, path: tuple[str | int, ...]) -> None:
        if path:
            assert path in lines
            name = path[-1]
            if isinstance(name, str) and name.isascii() and name.isalnum():
                assert name in written[lines[path] - 1]
        if isinstance(value, dict):
            for key, part in value.items():
                visit(part, (*path, key))
        elif isinstance(value, list):
            for index, part in enumerate(value):
                visit(part, (*path, index))

    visit(tomllib.loads(text), ())


def test_lines_are_found_in_unusual_but_good_toml() -> None:
    text = (
        'a . "b c" = 1 # [x]\n'
        "s = '''\n[no]\n''' # none\n"
        't = """\n"q" \\"""\nk = 1\n"""\n'
        "l = [ # one\n  [1, 2], { x = 1, y.z = [3] },\n]\n"
        "d = 1979-05-27 07:32:00Z\n"
        "[[r]]\n[r.sub]\nk = 1\n[[r.more]]\nk = 1\n[[r]]\n[r.sub]\nk = 2\n"
    )
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines["a", "b c"] == 1
    assert lines["s",] == 2
    assert lines["t",] == 5
    assert lines["l",] == 9
    assert lines["l", 1] == 10
    assert lines["l", 1, "y", "z", 0] == 10
    assert lines["d",] == 12
    assert lines["r", 0, "sub", "k"] == 15
    assert lines["r", 0, "more", 0, "k"] == 17
    assert lines["r", 1, "sub", "k"] == 20
