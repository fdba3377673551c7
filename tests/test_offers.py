"""What [routines] leaves out is never offered: checked against the exercises themselves, not against the index."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from traycoach.core.picker import pick
from traycoach.core.rules import RoutineFilter
from traycoach.library import Library
from traycoach.settings import Offers, settings_of
from traycoach.settings.values import Kit

WORDS = ("kneel", "hands", "ext", "flex", "rot", "neck-end", "hip-end", "overhead", "balance", "core", "load", "stand")
EXERCISES = ("curl-up", "shoulder-roll", "sit-to-stand", "heel-raise", "seated-brace")

STANDING_STILL = """
id = "statue"
title = "Statue"
summary = "Stand."
how = "Stand quite still."
dose = { time = "57s" }
place = ["standing"]
sides = "none"
alt = "Somebody stands."

[scene]
view = "side"

[pose.a]
base = "stand"

[[move]]
to = "a"
time = 1
cue = "Stand"
"""
QUIET = """
id = "quiet"
title = "Quiet"
summary = "Sit, then stand."
purposes = ["micro"]
length = "1m"
place = ["seated", "standing"]

[[step]]
exercise = "statue"
"""

offers_drawn = st.builds(
    Offers,
    floor=st.booleans(),
    wheelchair=st.booleans(),
    level=st.integers(1, 3),
    leave_out=st.frozensets(st.sampled_from((*WORDS, *EXERCISES)), max_size=3),
    seated=st.booleans(),
    kit=st.frozensets(st.sampled_from(tuple(Kit))),
    discreet=st.integers(1, 3),
    hidden=st.frozensets(st.sampled_from(("walk-2", "eyes-30"))),
)


@cache
def library() -> Library:
    return Library.load()


@cache
def exercises_of(routine: str) -> tuple[dict[str, Any], ...]:
    return tuple(dict(step.exercise) for step in library().routine(routine).steps)


@settings(deadline=None)
@given(offers_drawn)
def test_no_offered_routine_holds_what_the_settings_leave_out(offers: Offers) -> None:
    offered = {info.id for info in library().catalogue(offers) if info.offered}
    assert not offered & offers.hidden
    for exercise in (one for name in offered for one in exercises_of(name)):
        place = set(exercise["place"])
        assert offers.floor or place != {"floor"}
        assert not offers.seated or "seated" in place
        assert not offers.wheelchair or exercise.get("wheelchair")
        assert set(exercise.get("needs", ())) <= offers.kit
        assert exercise["level"] <= offers.level
        assert exercise["discreet"] >= offers.discreet
        assert not offers.leave_out & {exercise["id"], *exercise.get("filters", ())}


def test_each_kind_of_person_still_has_something_for_each_rule_of_the_day() -> None:
    kinds = (Offers(seated=True), Offers(wheelchair=True), Offers(discreet=3), Offers(kit=frozenset({"chair"})))
    for offers in kinds:
        catalogue = library().catalogue(offers)
        for purpose in ("micro", "stand-up"):
            assert pick(catalogue, RoutineFilter(purpose=purpose), (), 1) is not None, (offers, purpose)


def test_own_exercise_that_does_not_say_it_stands_is_not_offered_to_who_sits(tmp_path: Path) -> None:
    for folder, name, text in (("exercises", "statue", STANDING_STILL), ("routines", "quiet", QUIET)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.toml").write_text(text)
    own = Library.load(user_dir=tmp_path)
    assert own.problems == ()

    def is_offered(offers: Offers) -> bool:
        return next(info.offered for info in own.catalogue(offers) if info.id == "quiet")

    assert is_offered(Offers())
    assert not is_offered(Offers(seated=True))


def test_settings_say_it_all() -> None:
    offers = settings_of(
        'version = 1\n[routines]\nseated = true\nkit = ["chair"]\ndiscreet = 2\nleave_out = ["kneel", "curl-up"]'
    ).offers
    assert offers == Offers(
        level=2, seated=True, kit=frozenset({"chair"}), discreet=2, leave_out=frozenset({"kneel", "curl-up"})
    )
    assert settings_of("").offers == Offers(level=2)
