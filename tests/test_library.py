"""The library: its index, routines expanded into steps, the user's own files, and what is told of faulty ones."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from traycoach.core.instant import SECOND
from traycoach.core.picker import pick
from traycoach.core.rules import RoutineFilter
from traycoach.errors import UserError
from traycoach.library import Library, bundled_catalogue
from traycoach.library.__main__ import main
from traycoach.library.bodies import parsed
from traycoach.library.dose import GET_READY, Dose, dose_of
from traycoach.library.index import NAME, build, check, stored, write
from traycoach.library.pages import list_page, show_page
from traycoach.messages import OpenRoutineWindow
from traycoach.paths import bundled
from traycoach.settings import Offers, parse_duration, settings_of

CONFIG = bundled("config")

NOD = """
id = "nod"
title = "Nod"
summary = "A small nod."
how = "Nod a little."
dose = { reps = 5, pace = "2s" }
level = 1
place = ["seated"]
filters = ["neck-end"]
sides = "none"
alt = "Sitting, the head nods."

[scene]
view = "side"
props = ["chair"]

[pose.up]
base = "sit"

[pose.down]
base = "up"
head = { flex = 10 }

[[move]]
to = "down"
time = 1
cue = "Nod"

[[move]]
to = "up"
time = 1
cue = "And up"
"""

BREAK = """
id = "my-break"
title = "My break"
summary = "What the therapist said."
purposes = ["stand-up"]
length = "60s"
place = ["seated"]

[[step]]
exercise = "nod"
dose = { reps = 10 }

[[step]]
exercise = "figure4-seated"
dose = { hold = "30s", pace = "1s" }
sides = "left"
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for folder, name, text in (("exercises", "nod", NOD), ("routines", "my-break", BREAK)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.toml").write_text(text)
    return tmp_path


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    return folder


# --- the shipped library ----------------------------------------------------------------------------------------------


def test_shipped_library_has_no_problems_and_its_index_is_up_to_date(library: Library) -> None:
    assert library.problems == ()
    check(CONFIG)


def test_stored_index_and_the_files_say_the_same(library: Library) -> None:
    read, kept = build(CONFIG), stored(CONFIG)
    assert kept is not None
    assert (kept.routines, kept.exercises) == (read.routines, read.exercises)


def test_start_from_the_index_opens_no_body_and_loads_no_figure() -> None:
    import subprocess

    program = (
        "import sys; from traycoach.library import Library; library = Library.load(); "
        "library.open_message('stand-60'); "
        "print(sorted(name for name in sys.modules if name.startswith('traycoach.figure') or name == 'tomlkit'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_rule_of_each_preset_finds_a_routine(library: Library) -> None:
    for preset in ("steady", "gentle", "firm", "eyes-first", "few-and-longer", "many-and-short"):
        found = settings_of(f'version = 1\npreset = "{preset}"')
        assert library.doubts(found.schedule, found.offers) == (), preset


def test_every_shipped_routine_opens(library: Library) -> None:
    for info in library.catalogue():
        message = library.open_message(info.id)
        assert isinstance(message, OpenRoutineWindow)
        assert message.routine == info.id
        assert message.title == info.title
        takes = sum((GET_READY + step.time for step in message.steps), timedelta(0))
        assert abs(takes - info.length) <= 0.05 * info.length
        assert "sit" in message.poses
        assert library.thumbnail(info.id) is not None


def test_prompt_line_is_the_summary_and_the_length_is_stated(library: Library) -> None:
    info = next(info for info in library.catalogue() if info.id == "stand-60")
    written = parsed(CONFIG / "routines" / "stand-60.toml")
    assert info.offer == written["summary"]
    assert info.length == parse_duration(written["length"])
    assert info.purposes == {"stand-up"}
    assert info.place == {"standing"}
    assert info.regions == ("legs", "low-back")


def test_sided_exercise_is_a_step_for_each_side(library: Library) -> None:
    steps = library.routine("hips-3").steps
    assert [(step.exercise["id"], step.side, step.reps) for step in steps] == [
        ("figure4-seated", "right", None),
        ("figure4-seated", "left", None),
        ("hip-flexor-standing", "right", None),
        ("hip-flexor-standing", "left", None),
        ("hamstring-seated", "right", None),
        ("hamstring-seated", "left", None),
    ]


def test_dose_of_a_step_lies_over_the_exercise(library: Library) -> None:
    step = library.routine("stand-60").steps[0]
    own = library.exercise("sit-to-stand")
    assert step.exercise["dose"] == {**own["dose"], "reps": 3}
    assert step.reps == 3
    assert step.time == 3 * own_pace(own["dose"]["pace"])


def own_pace(text: str) -> timedelta:
    dose = dose_of({"time": text})
    assert dose is not None
    return dose.work_for


def test_picture_is_that_of_the_longest_part(library: Library) -> None:
    picture = library.thumbnail("stand-2")
    assert picture is not None
    assert picture["id"] == "march-in-place"
    assert library.thumbnail("nothing") is None


def test_unknown_names_are_told_with_the_nearest(library: Library) -> None:
    with pytest.raises(UserError, match="did you mean “hips-3”"):
        library.routine("hip-3")
    with pytest.raises(UserError, match="did you mean “far-gaze”"):
        library.exercise("far-gase")


# --- what is offered --------------------------------------------------------------------------------------------------


def offered(library: Library, offers: Offers) -> set[str]:
    return {info.id for info in library.catalogue(offers) if info.offered}


def test_routine_that_does_not_suit_is_found_by_name_alone(library: Library) -> None:
    offers = settings_of("").offers
    assert "core-3" not in offered(library, offers)
    assert pick(library.catalogue(offers), RoutineFilter(ids=("core-3",)), (), 1) is not None
    assert "core-3" in offered(library, Offers(floor=True))


def test_offers_leave_out_by_level_legs_and_filter_words(library: Library) -> None:
    entries = {entry.id: entry for entry in library.entries()}
    assert all(entries[name].level == 1 for name in offered(library, Offers(floor=True, level=1)))
    assert all(entries[name].wheelchair for name in offered(library, Offers(wheelchair=True)))
    assert offered(library, Offers(wheelchair=True))
    without = offered(library, Offers(leave_out=frozenset({"hip-end"})))
    assert "hips-3" not in without
    assert "stand-60" in without


def test_rule_that_names_an_unknown_routine_or_finds_none_is_doubted(library: Library) -> None:
    text = 'version = 1\n[[rule]]\nid = "a"\nat = ["10:00"]\nroutines = { ids = ["hip-3"] }\n'
    text += '[[rule]]\nid = "b"\nat = ["10:00"]\nroutines = { purpose = "fly" }'
    doubts = library.doubts(settings_of(text).schedule)
    assert [(doubt.key, doubt.suggestion) for doubt in doubts] == [
        ("rule.a.routines", "hips-3"),
        ("rule.b.routines", None),
    ]


def test_simulations_get_the_shipped_routines() -> None:
    assert {"stand-60", "hips-3"} <= {info.id for info in bundled_catalogue()}


# --- the index --------------------------------------------------------------------------------------------------------


def test_index_of_other_files_is_left_aside(shipped: Path) -> None:
    (shipped / "routines" / "stand-60.toml").unlink()
    assert stored(shipped) is None
    names = {info.id for info in Library.load(shipped).catalogue()}
    assert "stand-60" not in names
    assert "hips-3" in names


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 99}', '{"version": 2, "files": {}}'])
def test_index_that_is_none_is_left_aside(shipped: Path, text: str) -> None:
    (shipped / NAME).write_text(text)
    assert stored(shipped) is None
    assert Library.load(shipped).catalogue() == Library.load().catalogue()


def test_index_is_left_aside_after_an_edit_of_the_same_length(shipped: Path) -> None:
    write(shipped)
    path = shipped / "routines" / "stand-60.toml"
    path.write_text(path.read_text().replace('summary = "Sh', 'summary = "Zh'))
    assert stored(shipped) is None
    assert {entry.id: entry.summary for entry in Library.load(shipped).entries()}["stand-60"].startswith("Zh")


def test_index_holds_for_files_that_were_only_written_anew(shipped: Path) -> None:
    write(shipped)
    for path in shipped.rglob("*.toml"):
        path.touch()
    assert stored(shipped) is not None


@pytest.mark.parametrize("folder", ["exercises", "routines", "lessons"])
def test_index_without_a_new_file_is_left_aside(shipped: Path, folder: str) -> None:
    write(shipped)
    source = next((shipped / folder).glob("*.toml"))
    (shipped / folder / "zz-new.toml").write_text(source.read_text().replace(f'"{source.stem}"', '"zz-new"', 1))
    assert stored(shipped) is None


def test_index_knows_doses_tags_and_links_without_the_files(library: Library) -> None:
    kept = stored(CONFIG) or build(CONFIG)
    entry = kept.exercises["figure4-supine"]
    dose = dose_of(library.exercise("figure4-supine")["dose"])
    assert dose is not None
    assert (entry.work_s, entry.reps) == (dose.work_for.total_seconds(), dose.reps)
    assert (entry.sides, entry.easier) == ("right-left", "figure4-seated")
    assert entry.place == ("floor",)
    assert kept.routines["hips-3"].exercises[0] == "figure4-seated"
    assert len(kept.lessons) == len(library.lessons()) == 12


def test_check_tells_an_index_that_is_out_of_date_and_build_makes_it_anew(shipped: Path) -> None:
    path = shipped / "routines" / "stand-60.toml"
    path.write_text(path.read_text().replace('summary = "', 'summary = "Really: '))
    with pytest.raises(UserError, match="--build"):
        check(shipped)
    write(shipped)
    check(shipped)
    assert "Really: " in (shipped / NAME).read_text()


def test_faulty_shipped_file_is_not_indexed(shipped: Path) -> None:
    path = shipped / "routines" / "stand-60.toml"
    path.write_text(path.read_text().replace('"sit-to-stand"', '"sit-to-stend"'))
    before = (shipped / NAME).read_text()
    for refuse in (write, check):
        with pytest.raises(UserError) as caught:
            refuse(shipped)
        problem = caught.value.problems[0]
        assert (problem.file, problem.key, problem.suggestion) == (str(path), "step[0].exercise", "sit-to-stand")
        assert problem.line is not None
        assert "sit-to-stend" in path.read_text().split("\n")[problem.line - 1]
    assert (shipped / NAME).read_text() == before


def test_command_tells_whether_the_index_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert main(["--what"]) == 2
    assert "--build" in capsys.readouterr().err


# --- the user's own files ---------------------------------------------------------------------------------------------


def test_own_routine_is_added_with_own_and_shipped_exercises(own: Path) -> None:
    library = Library.load(user_dir=own)
    assert library.problems == ()
    routine = library.routine("my-break")
    assert [(step.exercise["id"], step.side, step.reps, step.time) for step in routine.steps] == [
        ("nod", "none", 10, 20 * SECOND),
        ("figure4-seated", "left", None, 31 * SECOND),
    ]
    assert pick(library.catalogue(), RoutineFilter(ids=("my-break",)), (), 1) is not None
    assert library.routine("stand-60")


def test_own_routine_takes_the_place_of_a_shipped_one(own: Path) -> None:
    (own / "routines" / "my-break.toml").rename(own / "routines" / "hips-3.toml")
    text = (own / "routines" / "hips-3.toml").read_text()
    (own / "routines" / "hips-3.toml").write_text(text.replace('id = "my-break"', 'id = "hips-3"'))
    library = Library.load(user_dir=own)
    assert library.routine("hips-3").title == "My break"
    assert len(library.catalogue()) == len(Library.load().catalogue())


def test_faulty_own_files_are_named_and_the_rest_works(own: Path) -> None:
    (own / "routines" / "bad.toml").write_text('id = "bad"\ntitle = 3\nlenght = "1m"\n[[step]]\nexercise = "nodd"\n')
    (own / "routines" / "worse.toml").write_text("id = ")
    (own / "exercises" / "half.toml").write_bytes(b"\xff\xfe")
    library = Library.load(user_dir=own)
    told = {f"{Path(problem.file or '').name}:{problem.line}:{problem.key}" for problem in library.problems}
    assert {"bad.toml:2:title", "bad.toml:3:lenght", "bad.toml:5:step[0].exercise"} <= told
    assert any(line.startswith("worse.toml:1:") for line in told)
    assert any(line.startswith("half.toml:1:") for line in told)
    assert library.routine("my-break")
    with pytest.raises(UserError):
        library.routine("bad")


def test_own_exercise_with_a_faulty_movement_is_named(own: Path) -> None:
    path = own / "exercises" / "nod.toml"
    path.write_text(NOD.replace('to = "down"', 'to = "dwon"'))
    library = Library.load(user_dir=own)
    files = {Path(problem.file or "").name for problem in library.problems}
    assert files == {"nod.toml", "my-break.toml"}


def test_own_routine_that_became_faulty_since_is_told_when_opened(own: Path) -> None:
    library = Library.load(user_dir=own)
    (own / "routines" / "my-break.toml").write_text("id = 3")
    with pytest.raises(UserError):
        library.open_message("my-break")
    (own / "routines" / "my-break.toml").unlink()
    with pytest.raises(UserError, match="no such file"):
        library.open_message("my-break")


def test_stated_length_must_be_true(own: Path) -> None:
    path = own / "routines" / "my-break.toml"
    path.write_text(BREAK.replace('length = "60s"', 'length = "2m"'))
    problem = Library.load(user_dir=own).problems[0]
    assert (problem.key, problem.suggestion) == ("length", "57s")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("dose = { reps = 10 }", "dose = { reps = 0 }", "step[0].dose"),
        ("dose = { reps = 10 }", 'dose = { time = "20s" }', "step[0].dose"),
        ("dose = { reps = 10 }", 'sides = "left"', "step[0].sides"),
        ("dose = { reps = 10 }", "doze = 1", "step[0].doze"),
        ('purposes = ["stand-up"]', "purposes = []", "purposes"),
        ('place = ["seated"]', 'place = ["lying"]', "place"),
        ('id = "my-break"', 'id = "other"', "id"),
    ],
)
def test_faulty_key_of_a_routine_is_told(own: Path, old: str, new: str, key: str) -> None:
    path = own / "routines" / "my-break.toml"
    path.write_text(BREAK.replace(old, new))
    problems = Library.load(user_dir=own).problems
    assert key in [problem.key for problem in problems]
    assert all(problem.line is not None for problem in problems)


def test_folder_without_own_files_is_no_problem(tmp_path: Path) -> None:
    assert Library.load(user_dir=tmp_path).catalogue() == Library.load().catalogue()


# --- doses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "dose"),
    [
        ({"time": "45s"}, Dose(45 * SECOND, None, each_side=False)),
        ({"time": "45s", "each_side": True}, Dose(45 * SECOND, None, each_side=True)),
        ({"reps": 8, "hold": "3s", "pace": "3s"}, Dose(48 * SECOND, 8, each_side=False)),
        ({"hold": "25s", "pace": "4s", "each_side": True}, Dose(29 * SECOND, None, each_side=True)),
        ({"reps": 8, "pace": "4s"}, Dose(32 * SECOND, 8, each_side=False)),
        ({"reps": 120, "pace": "2m"}, Dose(4 * 3600 * SECOND, 120, each_side=False)),
        ({"reps": 120, "pace": "2m1s"}, None),
        ({"time": "4h1s"}, None),
        ({}, None),
        ({"time": "45s", "reps": 3}, None),
        ({"reps": 3}, None),
        ({"reps": 0, "pace": "3s"}, None),
        ({"reps": True, "pace": "3s"}, None),
        ({"reps": "3", "pace": "3s"}, None),
        ({"pace": 3}, None),
        ({"pace": "three"}, None),
        ({"pace": "3s", "sets": 2}, None),
        ({"pace": "3s", "each_side": 1}, None),
    ],
)
def test_dose_as_it_may_be_written(written: dict[str, object], dose: Dose | None) -> None:
    assert dose_of(written) == dose


# --- pages of the command line ----------------------------------------------------------------------------------------


def test_list_names_every_routine_and_the_filter_words(own: Path) -> None:
    text, data = list_page(Library.load(user_dir=own))
    assert "stand-60" in text
    assert "My break" in text
    assert "hip-end" in data["filters"]
    assert {one["id"]: one["own"] for one in data["routines"]}["my-break"] is True
    assert json.loads(json.dumps(data)) == data


def test_list_names_faulty_files(own: Path) -> None:
    (own / "routines" / "worse.toml").write_text("id = ")
    text, data = list_page(Library.load(user_dir=own))
    assert "worse.toml:1" in text
    assert len(data["problems"]) == 1


def test_page_of_a_routine_words_each_step_for_its_side(library: Library) -> None:
    text, data = show_page(library, "hips-3")
    assert "1. Ankle on knee, right" in text
    assert "Rest the left ankle" in text
    assert "{" not in text
    assert [step["side"] for step in data["steps"]][:2] == ["right", "left"]
    assert json.loads(json.dumps(data)) == data
    with pytest.raises(UserError):
        show_page(library, "nothing")
