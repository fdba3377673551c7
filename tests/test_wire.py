"""The codec of the channels and files: whatever goes in comes out equal, and whatever is wrong is named."""

from __future__ import annotations

import builtins
import collections.abc
import json
from dataclasses import dataclass, field, is_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traycoach.core import actions, events, rules
from traycoach.errors import UserError
from traycoach.messages import FromWindows, Reply, Request, RoutineStep, ShowPromptWindow, ToWindows
from traycoach.wire import MAX_LINE, decode, encode, from_data, to_data

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
    timedelta: st.timedeltas(min_value=timedelta(days=-40_000), max_value=timedelta(days=40_000)),
    datetime: st.datetimes(timezones=st.just(UTC)),
    time: st.times(),
    Any: PLAIN,
}


@cache
def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """All values that a type hint of a message allows."""
    args = get_args(kind)
    if kind in LEAVES:
        return LEAVES[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        return st.builds(kind, **{name: values_of(hint) for name, hint in get_type_hints(kind).items()})
    match get_origin(kind):
        case collections.abc.Mapping:
            return st.dictionaries(st.text(), values_of(args[1]), max_size=3)
        case builtins.frozenset:
            return st.frozensets(values_of(args[0]), max_size=3)
        case builtins.tuple if args[-1] is Ellipsis:
            return st.lists(values_of(args[0]), max_size=3).map(tuple)
        case builtins.tuple:
            return st.tuples(*map(values_of, args))
        case None:
            return st.sampled_from(list(kind))
    return st.one_of(*map(values_of, args))


def all_of(union: object) -> list[type]:
    return list(get_args(union))


MESSAGES = [*all_of(ToWindows), *all_of(FromWindows), Request, Reply, *all_of(events.Event), *all_of(actions.Action)]


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_message_event_and_action_comes_back_equal(kind: type, data: st.DataObject) -> None:
    message = data.draw(values_of(kind))
    line = encode(message)
    assert "\n" not in line
    assert line.isascii()
    assert decode(line, kind) == message
    assert from_data(json.loads(json.dumps(to_data(message))), kind) == message


@pytest.mark.parametrize(
    "union", [ToWindows, FromWindows, events.Event, actions.Action], ids=["to", "from", "event", "action"]
)
@given(data=st.data())
def test_a_union_tells_its_members_apart(union: object, data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(all_of(union)).flatmap(values_of))
    back = decode(encode(message), union)
    assert back == message
    assert type(back) is type(message)
    assert from_data(to_data(message, union), union) == message


@given(st.text() | st.binary())
def test_arbitrary_lines_are_refused_and_nothing_else_happens(line: str | bytes) -> None:
    with pytest.raises(UserError):
        decode(line, Request)


def refusal(data: object, kind: object) -> UserError | None:
    try:
        from_data(data, kind)
    except UserError as error:
        return error
    return None


@pytest.mark.parametrize("kind", [rules.Schedule, actions.Prompt, dict[str, int] | None, frozenset[Any], events.Event])
@given(data=PLAIN)
def test_arbitrary_json_is_refused_with_a_problem_or_makes_a_value(kind: object, data: object) -> None:
    error = refusal(data, kind)
    assert error is None or error.problems


@given(st.sampled_from(MESSAGES), st.dictionaries(st.text(), PLAIN, max_size=4), st.data())
def test_one_wrong_field_raises_nothing_but_a_user_error(
    kind: type, other: dict[str, Any], data: st.DataObject
) -> None:
    fields = to_data(data.draw(values_of(kind)))
    name = data.draw(st.sampled_from([*fields, "something"]))
    fields[name] = data.draw(PLAIN)
    error = refusal({**other, **fields}, kind)
    assert error is None or all(str(problem) for problem in error.problems)


def problems(line: str | bytes, kind: object = Request) -> list[tuple[str | None, str]]:
    with pytest.raises(UserError) as caught:
        decode(line, kind)
    return [(problem.key, problem.message) for problem in caught.value.problems]


def test_all_wrong_fields_are_named_at_once_with_their_path() -> None:
    found = problems('{"type": "Request", "words": ["a", 1], "protocol": true, "colour": "red"}')
    assert [key for key, _sentence in found] == ["words[1]", "protocol", "verb", "colour"]
    assert found[0][1] == "expected text, found a number"


def test_a_path_leads_into_nested_values() -> None:
    prompt = to_data(
        actions.Prompt(
            7,
            "stand",
            rules.Look.CARD,
            "Up?",
            "",
            timedelta(minutes=30),
            snoozes=(actions.SnoozeChoice(timedelta(minutes=5), datetime(2025, 1, 1, tzinfo=UTC)),),
        )
    )
    prompt["snoozes"][0]["until"] = "tonight"
    line = json.dumps({"type": "ShowPromptWindow", "prompt": prompt, "thumbnail": None})
    assert problems(line, ToWindows) == [
        ("prompt.snoozes[0].until", "expected a date and time, found other text"),
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('{"type": "Request"}', "verb"),
        ('{"type": "Nothing", "verb": "why"}', "type"),
        ('{"type": ["Request"], "verb": "why"}', "type"),
        ('{"verb": "why"}', "type"),
        ('{"type": "Request", "verb": null}', "verb"),
        ('{"type": "Request", "verb": "why", "protocol": 1.0}', "protocol"),
        ('{"type": "Request", "verb": "why", "protocol": 99999999999999999999}', "protocol"),
        ('{"type": "Request", "verb": "\\ud83d"}', "verb"),
        ('{"type": "Request", "verb": "why", "words": "30m"}', "words"),
        ("{", None),
        ("", None),
        ("[]", None),
        ('"Request"', None),
        (b"\xff\xfe", None),
        ("[" * 200_000, None),
        ("1" * 5000, None),
        ('{"type": "Request", "verb": "why", "protocol": NaN}', None),
    ],
)
def test_a_malformed_line_names_its_field(line: str | bytes, key: str | None) -> None:
    assert problems(line)[0][0] == key


@pytest.mark.parametrize("seconds", ["1e999", "1e300", "-1e18", '"60"', "true", "[60]"])
def test_a_span_that_is_none_is_refused(seconds: str) -> None:
    assert problems(f'{{"type": "IdleBegan", "idle_for": {seconds}}}', events.Event)[0][0] == "idle_for"


def test_values_are_not_quoted_in_a_problem() -> None:
    with pytest.raises(UserError) as caught:
        decode('{"type": "Request", "verb": {"my": "secret"}, "words": ["secret", 3]}', Request)
    assert "secret" not in str(caught.value)


def test_a_line_that_is_too_long_is_refused_on_both_sides() -> None:
    with pytest.raises(UserError, match="4 MiB"):
        encode(Request("x" * MAX_LINE))
    with pytest.raises(UserError, match="4 MiB"):
        decode(" " * (MAX_LINE + 1), Request)


def test_plain_data_nested_too_deeply_is_refused_on_both_sides() -> None:
    deep: Any = "bottom"
    for _level in range(100):
        deep = {"next": deep}
    with pytest.raises(UserError, match="deep"):
        encode(Reply(0, "", deep))
    with pytest.raises(UserError, match="deep"):
        decode(json.dumps({"type": "Reply", "code": 0, "text": "", "data": deep}), Reply)


def test_a_missing_field_with_a_default_takes_it() -> None:
    assert decode('{"type": "Request", "verb": "why"}', Request) == Request("why")


def test_a_time_keeps_its_offset() -> None:
    at = datetime(2025, 10, 26, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    back = decode(encode(events.OccurrenceReached("lunch", at)), events.Event)
    assert back.scheduled_at.utcoffset() == timedelta(hours=2)


def test_equal_sets_give_equal_lines() -> None:
    one = events.HoldsChanged(frozenset(["microphone", "fullscreen", "meeting"]))
    other = events.HoldsChanged(frozenset(["meeting", "microphone", "fullscreen"]))
    assert encode(one) == encode(other)


def test_any_kind_of_mapping_and_tuples_in_plain_data_become_json() -> None:
    exercise = MappingProxyType({"id": "figure-4", "poses": ({"at": 0.5}, {"at": 1})})
    step = RoutineStep(exercise, "right", timedelta(seconds=30))
    assert decode(encode(step), RoutineStep).exercise == {"id": "figure-4", "poses": [{"at": 0.5}, {"at": 1}]}
    thumbnail = ShowPromptWindow(actions.Prompt(1, "r", rules.Look.CARD, "", "", timedelta(0)), exercise)
    assert decode(encode(thumbnail), ToWindows).thumbnail["id"] == "figure-4"


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Kitchen:
    """Every kind of field at once, as the coach's saved state has them."""

    table: dict[str, Colour]
    nothing: None
    day_on: date
    pair: tuple[int, str]
    many: list[tuple[date | None, ...]]
    choice: timedelta | Colour | None
    days: frozenset[int] = frozenset()
    hidden: int = field(default=0, init=False)


def test_all_kinds_of_fields_come_back_equal() -> None:
    kitchen = Kitchen(
        {"a": Colour.RED}, None, date(2025, 2, 3), (1, "b"), [(date(2025, 1, 1), None)], Colour.RED, frozenset({3, 1})
    )
    data = json.loads(json.dumps(to_data(kitchen)))
    assert from_data(data, Kitchen) == kitchen
    assert from_data({**data, "choice": 1.5}, Kitchen).choice == timedelta(seconds=1.5)
    assert from_data(to_data({"k": kitchen}, dict[str, Kitchen]), dict[str, Kitchen]) == {"k": kitchen}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pair", [1]),
        ("pair", [1, 2]),
        ("table", {"a": "blue"}),
        ("choice", "blue"),
        ("choice", []),
        ("hidden", 1),
        ("day_on", "soon"),
        ("many", [0]),
        ("nothing", 0),
        ("days", [[1]]),
    ],
)
def test_each_kind_of_field_refuses_the_wrong_value(name: str, value: object) -> None:
    data = to_data(Kitchen({}, None, date(2025, 2, 3), (1, "b"), [], None))
    error = refusal({**data, name: value}, Kitchen)
    assert error is not None
    assert (error.problems[0].key or "").startswith(name)


@dataclass(frozen=True)
class Positive:
    number: int

    def __post_init__(self) -> None:
        if self.number <= 0:
            raise ValueError("expected a number above 0")


def test_a_check_of_the_dataclass_itself_is_a_problem_too() -> None:
    with pytest.raises(UserError, match=r"many\[1\]: expected a number above 0|\[1\]: expected a number above 0"):
        from_data([{"number": 1}, {"number": 0}], tuple[Positive, ...])


@pytest.mark.parametrize(
    "kind", [int | float, timedelta | int, dict[str, int] | Positive, object, bytes, dict[int, str]]
)
def test_a_type_that_cannot_travel_is_a_loud_bug(kind: object) -> None:
    with pytest.raises(TypeError):
        to_data(1, kind)
