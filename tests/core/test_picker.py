"""The picker: by rule and suitability, never the same twice running, all of the body within a day, and it says why."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.whole_catalogue import CATALOGUE
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.picker import (
    MUCH_MINUTES,
    NOT_AGAIN_FOR,
    Choice,
    Lead,
    Past,
    RoutineInfo,
    Why,
    fits,
    may_offer,
    pick,
)
from traycoach.core.reasons import because
from traycoach.core.remembered import HOLDS_FOR, Remembered
from traycoach.core.rules import DAY, RoutineFilter
from traycoach.settings import settings_of
from traycoach.wire import from_data, to_data

RULES = {rule.id: rule.routines for rule in settings_of("").schedule.rules}
WORKING_DAY = (*("micro", "stand", "micro", "move") * 8, "wind-down")
BEGAN_AT = Instant(ZERO, datetime(2026, 3, 2, 9, tzinfo=UTC))
ANY = RoutineFilter()
NAMES = tuple("abcdefghijkl")
PARTS = ("neck", "shoulders", "hands", "hips", "legs", "eyes", "chest")


def routine(name: str, *regions: str, purposes: str = "micro", **more: object) -> RoutineInfo:
    info = RoutineInfo(name, name, name, 2 * MINUTE, frozenset(purposes.split()), regions)
    return replace(info, **more)  # type: ignore[arg-type]


@dataclass
class Person:
    """One person's prompts, one after the other, as the coach gives them."""

    catalogue: tuple[RoutineInfo, ...] = CATALOGUE
    seed: int = 7
    now: Instant = BEGAN_AT
    remembered: Remembered = field(default_factory=Remembered)
    recent: tuple[str, ...] = ()
    choices: list[Choice] = field(default_factory=list)

    def asked(self, wanted: RoutineFilter) -> RoutineInfo:
        choice = pick(self.catalogue, wanted, self.recent, self.seed, self.remembered.past(self.now))
        assert choice is not None
        self.remembered.chose(choice)
        name = choice.routine.id
        self.recent = (*[old for old in self.recent if old != name], name)
        self.choices.append(choice)
        self.seed += 1
        return choice.routine

    def passes(self, span: timedelta) -> None:
        self.now = self.now.after(span)


def count(person: Person, wanted: RoutineFilter, times: int) -> Counter[str]:
    return Counter(person.asked(wanted).id for _ in range(times))


# --- a thousand prompts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("skips", [False, True], ids=["follows", "skips and types"])
def test_thousand_prompts_repeat_nothing_soon_and_reach_all_of_the_body_each_day(seed: int, *, skips: bool) -> None:
    person = Person(seed=1000 * seed)
    moods = Random(seed)
    offered: list[str] = []
    wanted_regions = {
        region for name in {*WORKING_DAY} for one in CATALOGUE if may_offer(one, RULES[name]) for region in one.regions
    }
    assert len(wanted_regions) >= 12

    for _day in range(31):
        reached: set[str] = set()
        for name in WORKING_DAY:
            if skips:
                person.remembered.hands_used(10, 4, person.now)
            chosen = person.asked(RULES[name])
            fitting = [one.id for one in CATALOGUE if may_offer(one, RULES[name])]
            last = [one for one in reversed(offered) if one in fitting]
            assert chosen.offered
            assert chosen.id in fitting
            assert chosen.id not in last[: min(NOT_AGAIN_FOR, len(fitting) - 1)]
            offered.append(chosen.id)
            reached |= set(chosen.regions)
            if skips and moods.random() < 0.2:
                person.remembered.skipped(chosen.id, person.now)
            person.passes(15 * MINUTE)
        assert wanted_regions <= reached
        person.passes(DAY - len(WORKING_DAY) * 15 * MINUTE)

    assert len(offered) > 1000
    sentences = [because(choice.why, choice.routine) for choice in person.choices]
    assert all(len(sentence) <= 110 and sentence.startswith("Chosen ") for sentence in sentences)
    assert all("-" not in sentence and "{" not in sentence for sentence in sentences)


# --- properties -------------------------------------------------------------------------------------------------------


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[RoutineInfo, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    return tuple(
        RoutineInfo(
            id=name,
            title=name,
            offer=name,
            length=draw(st.integers(20, 300)) * SECOND,
            purposes=draw(st.frozensets(st.sampled_from(("micro", "move", "typing", "programme")), min_size=1)),
            regions=tuple(draw(st.lists(st.sampled_from(PARTS), max_size=3, unique=True))),
            level=draw(st.integers(1, 3)),
            offered=draw(st.sampled_from((True, True, False))),
        )
        for name in names
    )


filters = st.builds(
    RoutineFilter,
    purpose=st.sampled_from((None, "micro", "move", "programme")),
    at_least=st.sampled_from((None, MINUTE)),
    at_most=st.sampled_from((None, 3 * MINUTE)),
    ids=st.sampled_from(((), (), ("a", "c"))),
)
pasts = st.builds(
    Past,
    waited=st.dictionaries(st.sampled_from((*PARTS, *NAMES)), st.integers(0, 50)),
    chances=st.dictionaries(st.sampled_from(NAMES), st.floats(0.1, 1)),
    typing_minutes=st.integers(0, 60),
    pointing_minutes=st.integers(0, 60),
    gently=st.booleans(),
)


@settings(deadline=None)
@given(catalogues(), filters, st.lists(st.sampled_from(NAMES)), st.integers(), pasts)
def test_exclusions_hold_and_the_same_arguments_give_the_same_choice(
    catalogue: tuple[RoutineInfo, ...], wanted: RoutineFilter, recent: list[str], seed: int, past: Past
) -> None:
    choice = pick(catalogue, wanted, tuple(recent), seed, past)

    assert pick(catalogue, wanted, tuple(recent), seed, past) == choice
    fitting = {one.id for one in catalogue if may_offer(one, wanted)}
    if choice is None:
        assert not fitting
        return
    assert fits(choice.routine, wanted)
    if wanted.ids:
        assert choice.routine.id in wanted.ids
    else:
        assert choice.routine.offered
        assert wanted.purpose is not None or choice.routine.purposes != {"programme"}
    last = [one for one in dict.fromkeys(reversed(recent)) if one in fitting]
    assert choice.routine.id not in last[: min(5, len(fitting) - 1)]
    assert because(choice.why, choice.routine)
    assert from_data(to_data(choice), Choice) == choice


@settings(deadline=None)
@given(catalogues(), st.integers(0, 1000))
def test_every_region_has_its_turn_within_as_many_offers_as_there_are_regions_and_resting_routines(
    catalogue: tuple[RoutineInfo, ...], seed: int
) -> None:
    person = Person(tuple(replace(one, offered=True, purposes=frozenset({"stretch"})) for one in catalogue), seed)
    parts = {part for one in person.catalogue for part in one.waits_for}
    within = len(parts) + min(NOT_AGAIN_FOR, len(catalogue) - 1)
    waited = dict.fromkeys(parts, 0)
    for _ in range(60):
        had = person.asked(ANY).waits_for
        for part in parts:
            waited[part] = 0 if part in had else waited[part] + 1
        assert max(waited.values()) < within


# --- what fits --------------------------------------------------------------------------------------------------------


def test_nothing_is_chosen_where_nothing_fits() -> None:
    assert pick((), ANY, (), 1) is None
    assert pick((routine("a"),), RoutineFilter(purpose="move"), (), 1) is None
    assert pick((routine("a", offered=False),), RoutineFilter(at_most=5 * MINUTE), (), 1) is None


def test_what_the_settings_leave_out_is_found_by_a_rule_that_names_it() -> None:
    choice = pick((routine("a"), routine("b", offered=False)), RoutineFilter(ids=("b",)), (), 1)
    assert choice is not None
    assert choice.routine.id == "b"


def test_routine_of_programmes_alone_is_offered_only_where_that_is_asked_for() -> None:
    only = routine("sciatica", purposes="programme")
    assert not may_offer(only, ANY)
    assert may_offer(only, RoutineFilter(purpose="programme"))
    assert may_offer(routine("both", purposes="programme micro"), ANY)


# --- turns ------------------------------------------------------------------------------------------------------------


def test_of_two_the_other_comes_and_one_alone_comes_again() -> None:
    pair = Person((routine("a", "neck"), routine("b", "neck")))
    names = [pair.asked(ANY).id for _ in range(6)]
    assert all(first != second for first, second in pairwise(names))
    alone = Person((routine("a"),))
    assert [alone.asked(ANY).id for _ in range(3)] == ["a", "a", "a"]


def test_seed_decides_among_equals() -> None:
    catalogue = tuple(routine(name, part) for name, part in zip(NAMES, PARTS, strict=False))
    assert len({pick(catalogue, ANY, (), seed).routine.id for seed in range(40)}) > 4  # type: ignore[union-attr]


def test_routine_without_regions_waits_for_its_own_turn() -> None:
    person = Person(tuple(routine(name) for name in NAMES))
    assert set(count(person, ANY, 12)) == set(NAMES)
    assert person.choices[-1].why == Why(Lead.NEW)


# --- hands ------------------------------------------------------------------------------------------------------------

TIRED = (
    routine("eyes", "eyes"),
    routine("fingers", "hands", purposes="micro typing"),
    routine("mouse", "forearms", "neck", purposes="micro mousing"),
    routine("shrug", "shoulders"),
)


@pytest.mark.parametrize(
    ("past", "expected", "why"),
    [
        (Past(typing_minutes=31), "fingers", Why(Lead.TYPING, ("hands",), 31)),
        (Past(pointing_minutes=26, typing_minutes=3), "mouse", Why(Lead.POINTING, ("forearms",), 26)),
    ],
)
def test_after_much_typing_or_pointing_what_is_for_it_goes_first(past: Past, expected: str, why: Why) -> None:
    for seed in range(10):
        choice = pick(TIRED, RoutineFilter(purpose="micro"), (), seed, past)
        assert choice == Choice(next(one for one in TIRED if one.id == expected), why)


def test_without_a_routine_made_for_it_hands_go_first_and_then_shoulders() -> None:
    tired = Past(typing_minutes=MUCH_MINUTES)
    micro = RoutineFilter(purpose="micro")

    def chosen(*catalogue: RoutineInfo) -> Choice:
        choice = pick(catalogue, micro, (), 3, tired)
        assert choice is not None
        return choice

    eyes, _fingers, mouse, shrug = TIRED
    assert chosen(eyes, mouse, shrug).routine.id == "mouse"
    assert chosen(eyes, shrug).routine.id == "shrug"
    assert chosen(eyes).why == Why(Lead.ONLY, ("eyes",))
    assert chosen(routine("any", purposes="micro typing")).why == Why(Lead.TYPING, (), MUCH_MINUTES)


def test_little_typing_and_rules_for_the_legs_leave_the_order_alone() -> None:
    tired = Past(typing_minutes=MUCH_MINUTES, waited={"hands": 1, "forearms": 1, "neck": 1, "shoulders": 1})
    stand = tuple(replace(one, purposes=one.purposes | {"stand-up"}) for one in TIRED)
    for past, wanted in (
        (replace(tired, typing_minutes=MUCH_MINUTES - 1), RoutineFilter(purpose="micro")),
        (tired, RoutineFilter(purpose="stand-up")),
    ):
        choice = pick(stand, wanted, (), 1, past)
        assert choice is not None
        assert choice.routine.id == "eyes"


def test_minutes_of_the_last_hour_count_until_hands_have_had_their_turn() -> None:
    person = Person(TIRED)
    person.remembered.hands_used(20, 0, person.now)
    person.passes(40 * MINUTE)
    person.remembered.hands_used(20, 5, person.now)
    assert person.remembered.past(person.now).typing_minutes == 40
    person.passes(25 * MINUTE)
    assert person.remembered.past(person.now).typing_minutes == 20
    person.remembered.hands_used(50, 0, person.now)
    assert person.remembered.past(person.now).typing_minutes == 60
    assert person.asked(RoutineFilter(purpose="micro")).id == "fingers"
    assert person.remembered.past(person.now).typing_minutes == 0


def test_shoulders_offered_for_tired_hands_are_their_turn_too() -> None:
    person = Person((TIRED[0], TIRED[3]))
    person.remembered.hands_used(30, 0, person.now)
    assert person.asked(RoutineFilter(purpose="micro")).id == "shrug"
    assert person.remembered.past(person.now).typing_minutes == 0


# --- ratings and skips ------------------------------------------------------------------------------------------------

EQUALS = tuple(routine(name, "neck") for name in NAMES)


@pytest.mark.parametrize(("effort", "pain"), [(5, 0), (5, None), (None, 2), (3, 3)])
def test_too_hard_or_painful_comes_much_more_rarely_for_two_weeks(effort: int | None, pain: int | None) -> None:
    person = Person(EQUALS)
    person.remembered.rated("a", effort, pain, person.now)
    counts = count(person, ANY, 600)
    assert 0 < counts["a"] < 0.5 * min(counts[name] for name in NAMES[1:])
    person.passes(HOLDS_FOR)
    assert count(person, ANY, 600)["a"] > 30


def test_painful_routine_that_alone_serves_a_region_comes_more_rarely_too() -> None:
    catalogue = tuple(routine(part, part) for part in PARTS)
    person = Person(catalogue)
    person.remembered.rated("eyes", None, 2, person.now)
    counts = count(person, ANY, 400)
    assert 0 < counts["eyes"] < 0.6 * counts["neck"]
    assert Lead.LONG in {choice.why.lead for choice in person.choices}


def test_after_a_rating_of_too_hard_gentler_levels_go_first() -> None:
    catalogue = tuple(routine(name, "neck", level=1 + index % 3) for index, name in enumerate(NAMES))
    person = Person(catalogue)
    before = count(person, ANY, 300)
    person.remembered.rated("elsewhere", 5, 0, person.now)
    after = count(person, ANY, 300)

    def of_level(counts: Counter[str], level: int) -> int:
        return sum(counts[one.id] for one in catalogue if one.level == level)

    assert of_level(after, 1) > of_level(before, 1)
    assert of_level(after, 3) < 0.8 * of_level(before, 3)
    assert person.choices[-1].why.gently == (person.choices[-1].routine.level == 1)
    assert any(choice.why.gently for choice in person.choices)


def test_good_rating_takes_a_bad_one_back_and_silence_does_not() -> None:
    remembered = Remembered()
    remembered.rated("a", 5, 0, BEGAN_AT)
    remembered.rated("a", None, None, BEGAN_AT)
    assert remembered.past(BEGAN_AT).chances["a"] < 1
    remembered.rated("a", 3, 0, BEGAN_AT)
    assert remembered.past(BEGAN_AT) == Past()


def test_each_skip_lowers_the_chance_a_little_until_it_is_followed() -> None:
    remembered = Remembered()
    chances = []
    for _ in range(5):
        remembered.skipped("a", BEGAN_AT)
        chances.append(remembered.past(BEGAN_AT).chances["a"])
    assert chances == pytest.approx([0.9, 0.81, 0.729, 0.729, 0.729])
    assert remembered.past(BEGAN_AT.after(HOLDS_FOR)).chances["a"] == 1
    remembered.skipped("a", BEGAN_AT.after(HOLDS_FOR))
    assert remembered.past(BEGAN_AT.after(HOLDS_FOR)).chances["a"] == pytest.approx(0.9)
    remembered.followed("a")
    remembered.followed("never seen")
    assert remembered.past(BEGAN_AT.after(HOLDS_FOR)).chances["a"] == 1
    assert not remembered.past(BEGAN_AT).gently


def test_memory_is_bounded_and_survives_being_saved() -> None:
    remembered = Remembered()
    now = BEGAN_AT
    for number in range(300):
        info = routine(f"r{number}", f"part-{number}")
        remembered.chose(Choice(info, Why(Lead.NEW, info.regions)))
        remembered.skipped(info.id, now)
        remembered.rated(info.id, 5, 0, now)
        remembered.hands_used(1, 1, now)
        now = now.after(SECOND)
    text = json.dumps(to_data(remembered))
    assert len(text) < 40_000
    assert from_data(json.loads(text), Remembered).past(now) == remembered.past(now)
    assert "part-299" in remembered.regions
    later = now.after(HOLDS_FOR)
    remembered.skipped("new", later)
    assert list(remembered.dislikes) == ["new"]


# --- the sentence -----------------------------------------------------------------------------------------------------

NECK = routine("n", "neck", "shoulders", needs=frozenset({"chair"}))


@pytest.mark.parametrize(
    ("why", "about", "sentence"),
    [
        (
            Why(Lead.LONGEST, ("neck", "shoulders")),
            NECK,
            "Chosen for neck and shoulders, whose last turn is longest ago: 2 min, no floor.",
        ),
        (Why(Lead.LONG, ("neck",)), NECK, "Chosen for neck, whose last turn is long ago: 2 min, no floor."),
        (Why(Lead.NEW, ("low-back",)), NECK, "Chosen for lower back, which had no turn yet: 2 min, no floor."),
        (Why(Lead.ONLY, ("neck",)), NECK, "Chosen because nothing else fits: 2 min, no floor."),
        (Why(Lead.LONGEST), NECK, "Chosen because its last turn is longest ago: 2 min, no floor."),
        (
            Why(Lead.TYPING, ("hands",), 31),
            replace(NECK, needs=frozenset(), discreet=3, length=40 * SECOND),
            "Chosen for hands after 31 minutes of typing lately: 40 s, no floor, no kit, nobody notices.",
        ),
        (
            Why(Lead.POINTING, (), 26, gently=True),
            replace(NECK, length=110 * SECOND),
            "Chosen after 26 minutes of pointing lately: 2 min, gentle, no floor.",
        ),
        (
            Why(Lead.NEW, ("big-toe",)),
            replace(NECK, floor=True),
            "Chosen for big toe, which had no turn yet: 2 min, on the floor.",
        ),
    ],
)
def test_sentence_says_why(why: Why, about: RoutineInfo, sentence: str) -> None:
    assert because(why, about) == sentence
