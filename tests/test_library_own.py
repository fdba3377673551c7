"""The user's own folders: whatever lies in them, each fault is named and the rest works."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_library import BREAK, NOD
from traycoach.core.instant import SECOND
from traycoach.errors import Problem, UserError
from traycoach.library import Library
from traycoach.library.bodies import LARGEST

Write = Callable[[str, str], Path]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for folder, name, text in (("exercises", "nod", NOD), ("routines", "my-break", BREAK)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.toml").write_text(text)
    return tmp_path


@pytest.fixture
def put(own: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = own / f"{name}.toml"
        path.write_text(text)
        return path

    return write


def named(name: str, **links: str) -> str:
    """The little nod under another id, with links."""
    lines = "".join(f'{key} = "{value}"\n' for key, value in links.items())
    return NOD.replace('id = "nod"', f'id = "{name}"\n{lines}')


def of(library: Library, name: str) -> list[Problem]:
    return [problem for problem in library.problems if Path(problem.file or "").name == f"{name}.toml"]


def works(library: Library) -> bool:
    """The good own files and the shipped ones are there."""
    return bool(library.open_message("my-break").steps) and bool(library.open_message("stand-60").steps)


def test_file_of_ten_megabytes_is_named_and_not_read(own: Path, put: Write) -> None:
    put("exercises/huge", named("huge") + "# " + "x" * 10_000_000)
    library = Library.load(user_dir=own)
    assert [str(problem.message) for problem in of(library, "huge")] == [
        f"the file has 10000 kB; one of the library has at most {LARGEST // 1000}"
    ]
    assert works(library)


@pytest.mark.parametrize("name", ["..", "..nod", "../nod", "../../exercises/nod", "nod/../nod", "/etc/passwd", "a\\b"])
def test_id_that_is_a_path_is_named(own: Path, put: Write, name: str) -> None:
    put("exercises/sly", NOD.replace('id = "nod"', f"id = '{name}'"))
    library = Library.load(user_dir=own)
    assert [problem.key for problem in of(library, "sly")] == ["id"]
    assert name not in {entry.id for entry in library.exercises()}
    assert works(library)


def test_file_whose_name_has_dots_is_named(own: Path, put: Write) -> None:
    put("exercises/..nod", named("..nod"))
    library = Library.load(user_dir=own)
    assert [problem.key for problem in of(library, "..nod")] == ["id"]
    assert works(library)


def test_step_and_link_that_are_paths_lead_nowhere(own: Path, put: Write) -> None:
    secret = own / "secret.toml"
    secret.write_text(named("secret"))
    put("routines/sly", BREAK.replace('"my-break"', '"sly"').replace('exercise = "nod"', 'exercise = "../secret"'))
    put("exercises/linked", named("linked", harder="../secret"))
    library = Library.load(user_dir=own)
    assert [problem.key for problem in of(library, "sly")] == ["step[0].exercise"]
    assert [problem.key for problem in of(library, "linked")] == ["harder"]
    for lookup in (library.exercise, library.routine, library.lesson_message):
        with pytest.raises(UserError):
            lookup("../secret")
    assert works(library)


def test_second_file_of_an_id_is_named_with_the_first(own: Path, put: Write) -> None:
    put("exercises/nod-again", NOD)
    library = Library.load(user_dir=own)
    (problem,) = of(library, "nod-again")
    assert (problem.key, problem.suggestion) == ("id", "nod-again")
    assert "nod.toml has this name already" in problem.message
    assert works(library)


def test_circle_is_named_on_each_file_of_it_and_its_exercises_stay(own: Path, put: Write) -> None:
    put("exercises/one", named("one", harder="two"))
    put("exercises/two", named("two", harder="three"))
    put("exercises/three", named("three", harder="one"))
    put("exercises/four", named("four", easier="one"))
    library = Library.load(user_dir=own)
    for name in ("one", "two", "three"):
        (problem,) = of(library, name)
        assert problem.key == "harder"
        assert problem.line == 3
        assert "circle" in problem.message
        circle = problem.message.partition(": ")[2].split(" → ")
        assert circle[0] == circle[-1]
        assert set(circle) == {"one", "two", "three"}
        assert "harder" not in library.exercise(name)
    assert of(library, "four") == []
    assert library.exercise("four")["easier"] == "one"
    assert works(library)


def test_circle_of_one_and_of_easier_and_harder_together_is_named(own: Path, put: Write) -> None:
    put("exercises/alone", named("alone", easier="alone"))
    put("exercises/up", named("up", harder="down"))
    put("exercises/down", named("down", harder="up"))
    put("exercises/fine", named("fine", harder="finer"))
    put("exercises/finer", named("finer", easier="fine"))
    library = Library.load(user_dir=own)
    assert {Path(problem.file or "").stem for problem in library.problems} == {"alone", "up", "down"}


def test_own_exercise_that_closes_a_circle_with_shipped_ones_is_the_one_named(own: Path, put: Write) -> None:
    put("exercises/figure4-seated", named("figure4-seated", easier="figure4-supine"))
    library = Library.load(user_dir=own)
    assert [problem.key for problem in of(library, "figure4-seated") if "circle" in problem.message] == ["easier"]
    assert library.exercise("figure4-supine")["easier"] == "figure4-seated"


def test_link_to_nowhere_is_named_with_the_nearest(own: Path, put: Write) -> None:
    put("exercises/one", named("one", harder="chin-tukc"))
    (problem,) = Library.load(user_dir=own).problems
    assert (problem.key, problem.suggestion) == ("harder", "chin-tuck")


def test_folders_pipes_links_and_deep_brackets_are_named(own: Path, put: Write) -> None:
    (own / "exercises" / "folder.toml").mkdir()
    os.mkfifo(own / "exercises" / "pipe.toml")
    (own / "exercises" / "gone.toml").symlink_to(own / "nowhere")
    put("routines/deep", "x = " + "[" * 50_000)
    put("exercises/number", named("number").replace("flex = 10", "flex = nan"))
    library = Library.load(user_dir=own)
    told = {Path(problem.file or "").stem for problem in library.problems}
    assert told == {"folder", "pipe", "gone", "deep", "number"}
    assert works(library)


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("exercises/odd", named("odd").replace("level = 1", f"level = 1{'0' * 400}"), "level"),
        ("exercises/odd", named("odd").replace("level = 1", f"level = 0x{'f' * 9000}"), "level"),
        ("exercises/odd", named("odd").replace('pace = "2s"', 'pace = "999999h"'), "dose"),
        ("exercises/odd", named("odd").replace("[scene]", "still = []\n[scene]", 1), "still"),
        ("routines/odd", BREAK.replace('"60s"', f"0x{'f' * 9000}"), "length"),
        ("routines/odd", BREAK.replace('"1s"', '"999999h"'), "step[1].dose"),
    ],
)
def test_value_beyond_all_measure_is_named(own: Path, put: Write, name: str, text: str, key: str) -> None:
    put(name, text.replace('"my-break"', '"odd"'))
    library = Library.load(user_dir=own)
    assert [problem.key for problem in of(library, "odd")] == [key]
    assert len(library.problems) == 1, "the rest of the library is read"
    assert works(library)


def test_many_steps_of_a_huge_dose_are_named_with_what_is_expected(own: Path, put: Write) -> None:
    step = '\n[[step]]\nexercise = "nod"\ndose = { reps = 200, hold = "999999h" }\n'
    put("routines/long", BREAK.partition("[[step]]")[0].replace('"my-break"', '"long"') + 200 * step)
    library = Library.load(user_dir=own)
    told = of(library, "long")
    assert [problem.key for problem in told] == [f"step[{number}].dose" for number in range(200)]
    assert all("at most 4h" in problem.message for problem in told)
    assert works(library)


# --- an own exercise in the place of a shipped one --------------------------------------------------------------------


def test_own_exercise_takes_the_place_of_a_shipped_one_in_its_routines(own: Path, put: Write) -> None:
    text = named("stand-tall-reset").replace('dose = { reps = 5, pace = "2s" }', 'dose = { time = "90s" }')
    put("exercises/stand-tall-reset", text)
    before = {entry.id: entry for entry in Library.load().entries()}
    library = Library.load(user_dir=own)
    after = {entry.id: entry for entry in library.entries()}
    assert of(library, "stand-tall-reset") == []
    concerned = [name for name, entry in before.items() if "stand-tall-reset" in entry.exercises]
    assert concerned
    for name in concerned:
        routine = library.routine(name)
        (step,) = [step for step in routine.steps if step.exercise["id"] == "stand-tall-reset"]
        assert step.exercise["title"] == "Nod"
        spent = sum((3 * SECOND + one.time for one in routine.steps), 0 * SECOND)
        assert after[name].length == spent, "the length is counted anew"
    untouched = before.keys() - concerned
    assert all(after[name] == before[name] for name in untouched)


def test_shipped_routine_that_cannot_take_an_own_exercise_keeps_the_shipped_one(own: Path, put: Write) -> None:
    put("exercises/sit-to-stand", named("sit-to-stand").replace('{ reps = 5, pace = "2s" }', '{ time = "20s" }'))
    library = Library.load(user_dir=own)
    told = [problem.message for problem in of(library, "sit-to-stand")]
    assert any("stand-60" in message and "keeps the shipped exercise" in message for message in told)
    (step,) = [step for step in library.routine("stand-60").steps if step.exercise["id"] == "sit-to-stand"]
    assert step.exercise["title"] != "Nod"
    assert step.reps == 3
    assert library.exercise("sit-to-stand")["title"] == "Nod"
    assert works(library)


def test_own_exercise_that_became_faulty_since_is_told_when_it_is_used(own: Path, put: Write) -> None:
    put("exercises/stand-tall-reset", named("stand-tall-reset").replace('{ reps = 5, pace = "2s" }', '{ time = "9s" }'))
    library = Library.load(user_dir=own)
    put("exercises/stand-tall-reset", 'id = "stand-tall-reset"')
    concerned = [entry.id for entry in library.entries() if "stand-tall-reset" in entry.exercises]
    for name in concerned:
        with pytest.raises(UserError):
            library.open_message(name)
    assert works(Library.load(user_dir=own))
