"""`traycoach routines check`: the whole shipped library is good, and each way of breaking a copy is found and named."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_library import BREAK, NOD
from traycoach.cli import main
from traycoach.errors import Problem, UserError
from traycoach.figure import check_limits as limits
from traycoach.figure.check_track import FLESH, flesh, track
from traycoach.figure.clip import parse_clip
from traycoach.figure.vector import distance
from traycoach.library import Library
from traycoach.library.check import MOST_WAIVERS, Report, check_library
from traycoach.library.dose import GET_READY, dose_of
from traycoach.library.index import write
from traycoach.library.report import report_page, worst_figures
from traycoach.library.texts import MOST_LETTERS
from traycoach.library.wording import FRIGHTS, PROMISES, banned, wording_problems
from traycoach.paths import bundled

CONFIG = bundled("config")
KEPT = ("figure4-seated", "sit-to-stand", "finger-fan")
"""Few, and those that are quick to check."""
LINKS = ("easier", "harder")


# --- the shipped library ----------------------------------------------------------------------------------------------


def test_shipped_library_is_good_and_the_worst_of_each_kind_is_printed() -> None:
    # one test: the run takes most of a minute, and tests may be shared out between processes
    whole = check_library(CONFIG)
    assert [str(problem) for problem in whole.errors] == []
    assert (len(whole.exercises), len(whole.routines), len(whole.lessons)) == (108, 61, 12)
    assert len(whole.views) >= len(whole.exercises)
    assert len(whole.waivers) <= MOST_WAIVERS
    text, data = report_page(whole)
    assert "108 exercises and 12 lessons" in text
    assert data["worst"].keys() == {"drift", "penetration", "joint_excess", "reach", "speed", "frame_ms"}
    for worst in worst_figures(whole.views):
        assert f"{worst.what}" in text
        assert worst.view in text
        if worst.key != "frame_ms":  # the machine's business, not the library's
            assert worst.value <= worst.limit, worst
    assert data["worst"]["frame_ms"]["value"] > 0
    assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize("name", [*KEPT, "bird-dog", "knee-rolls", "side-bridge"])
def test_no_piece_of_the_body_is_passed_over_where_the_lowest_point_is_sought(name: str) -> None:
    library = Library.load(CONFIG)
    for moment in track(parse_clip(library.exercise(name), library.poses()))[::5]:
        bottoms = []
        for joints, draw in flesh(moment.body):
            for row in draw():
                for center, axes, _basis in row:
                    assert min(distance(center, joint) for joint in joints) + max(axes) <= FLESH
                    bottoms.append(center[1] - max(axes))
        assert moment.lowest >= min(bottoms)


# --- a copy, broken ---------------------------------------------------------------------------------------------------

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small library, with an index of its own: it is quick to check."""
    folder = tmp_path / "config"
    folder.mkdir()
    shutil.copy(CONFIG / "poses.toml", folder)
    for kind in ("exercises", "routines", "lessons"):
        (folder / kind).mkdir()
    for name in KEPT:
        take(folder, name)
    (folder / "lessons" / "reach.toml").write_text(LESSON)
    (folder / "routines" / "up.toml").write_text(routine_of("up", "sit-to-stand", ["stand-up"]))
    (folder / "routines" / "fan.toml").write_text(routine_of("fan", "finger-fan", ["micro", "stand-up"]))
    write(folder)
    return folder


def take(folder: Path, name: str) -> None:
    """Copy an exercise, without its links: the others are not there."""
    lines = (CONFIG / "exercises" / f"{name}.toml").read_text().splitlines()
    kept = [line for line in lines if not line.startswith(LINKS)]
    (folder / "exercises" / f"{name}.toml").write_text("\n".join(kept) + "\n")


LESSON = """
id = "reach"
title = "Reach"
summary = "Near things, seldom far ones."
length = "60s"
sources = ["HSE"]
now = "Move the phone nearer."

[[part]]
title = "Near"
say = "What you use often lies near."
time = "20s"
alt = "Seen from the side. Standing."

[part.scene]
view = "side"

[part.pose.tall]
base = "stand"

[[part.move]]
to = "tall"
hold = 20
cue = "Near things"

[[part]]
title = "Hands"
say = "Hands rest."
time = "20s"
exercise = "finger-fan"

[[part]]
title = "Far"
say = "Stand up for what lies far."
time = "20s"
exercise = "sit-to-stand"
"""
ROUTINE = """
id = "{id}"
title = "A title"
summary = "Some words."
purposes = {purposes}
length = "{length}s"
place = ["seated"]
floor = false
needs = {needs}
level = {level}
regions = ["legs"]
discreet = {discreet}
wheelchair = {wheelchair}

[[step]]
exercise = "{exercise}"
"""


def routine_of(name: str, exercise: str, purposes: list[str]) -> str:
    """A routine of one exercise that says of it what is true."""
    body = tomllib.loads((CONFIG / "exercises" / f"{exercise}.toml").read_text())
    dose = dose_of(body["dose"])
    assert dose is not None
    return ROUTINE.format(
        id=name,
        exercise=exercise,
        purposes=json.dumps(purposes),
        length=round((dose.work_for + GET_READY).total_seconds()),
        needs=json.dumps(body["needs"]),
        level=body["level"],
        discreet=body["discreet"],
        wheelchair=json.dumps(body["wheelchair"]),
    )


@pytest.fixture
def edit(copy: Path) -> Edit:
    def change(name: str, old: str, new: str) -> Path:
        path = copy / f"{name}.toml"
        text = path.read_text()
        assert old in text, old
        path.write_text(text.replace(old, new, 1))
        return path

    return change


def only(report: Report, path: Path) -> list[Problem]:
    """The errors, all of which are of this file."""
    assert report.errors
    assert {problem.file for problem in report.errors} == {str(path)}, [str(problem) for problem in report.errors]
    return report.errors


def test_copy_is_good_before_it_is_broken(copy: Path) -> None:
    report = check_library(copy)
    assert [str(problem) for problem in (*report.errors, *report.warnings)] == []


def test_finding_names_file_key_pose_and_time(edit: Edit, copy: Path) -> None:
    far = 'pin.hand_r = { on = "floor", x = 120, y = 90 }'
    path = edit("exercises/figure4-seated", "root = { lean = 26 }\n", f"root = {{ lean = 26 }}\n{far}\n")
    problems = only(check_library(copy), path)
    found = next(problem for problem in problems if problem.key == "pose.fold")
    assert re.search(r"check \d+: .+: [\d.]+, limit [\d.]+; pose “fold” at \d+\.\d\d s", found.message)
    assert found.line is not None
    assert path.read_text().splitlines()[found.line - 1] == "[pose.fold]"


POSES = {
    1: 'root = { lean = 20 }\nanchor = { point = "pelvis", on = "floor", x = -10, y = 18 }',
    2: 'pin.hand_r = { on = "floor", x = 90, y = 90 }',
    3: 'pin.hand_l = { on = "hand_r", along = 0.4, palm = "down", point = "right" }\n'
    'pin.hand_r = { on = "chest", off = [18, 0, 0], palm = "back", point = "left", order = 1 }',
    4: 'root = { y = -4 }\npin.foot_r = { on = "floor", y = -4, z = 9 }',
    5: "root = { lean = 30, x = 18 }",
    7: "shoulder = { flex = 170 }",
    8: "shoulder = { flex = 170 }",
    9: "layer = { leg_l = 60 }",
}
TIMES = {7: 0.1, 8: 0.05}


@pytest.mark.parametrize("check", POSES)
def test_each_check_of_the_movement_is_made(
    copy: Path, edit: Edit, check: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if check == 9:  # a part changes its place twice in one move only when three limbs meet
        monkeypatch.setattr(limits, "ORDER_CHANGES_MOVE", 0)
    pose = f'[pose.broken]\nbase = "stand"\n{POSES[check]}\n\n'
    move = f'[[move]]\nto = "broken"\ntime = {TIMES.get(check, 1.2)}\nhold = 1\n\n[[move]]'
    path = edit("exercises/sit-to-stand", "[[move]]", pose + move)
    errors = check_library(copy).errors
    found = [problem for problem in errors if f"check {check}:" in problem.message and problem.file == str(path)]
    assert found, [str(problem) for problem in errors]
    assert all(problem.key and problem.line for problem in found)


def test_target_outside_a_close_up_is_named(edit: Edit, copy: Path) -> None:
    path = edit("exercises/figure4-seated", "[scene]\n", "[scene]\nframe = [0, 150, 40]\n")
    assert any("check 6:" in problem.message for problem in only(check_library(copy), path))


def test_pose_and_surface_that_do_not_exist_are_named(edit: Edit, copy: Path) -> None:
    path = edit("exercises/figure4-seated", 'to = "fold"', 'to = "folt"')
    problem = next(problem for problem in check_library(copy).errors if problem.file == str(path))
    assert (problem.key, problem.suggestion) == ("move[0].to", "fold")
    edit("exercises/figure4-seated", 'to = "folt"', 'to = "fold"')
    edit("exercises/figure4-seated", 'on = "thigh_l"', 'on = "thing_l"')
    problem = next(problem for problem in check_library(copy).errors if problem.file == str(path))
    assert (problem.key, problem.suggestion) == ("pose.cross.pin.ankle_r.on", "thigh_l")


def test_hidden_target_and_arrow_over_the_head_are_warnings(edit: Edit, copy: Path) -> None:
    arrow = '\n[[arrow]]\nmoves = ["cross"]\non = "head"\npath = [[0, 4, 0], [4, 9, 0], [9, 9, 0]]\n'
    path = edit("exercises/figure4-seated", 'target = ["piriformis_r"]', 'target = ["piriformis_r", "neck_back"]')
    path.write_text(path.read_text() + arrow)
    report = check_library(copy)
    assert report.errors == []
    told = {problem.message.partition(":")[0] for problem in report.warnings if problem.file == str(path)}
    assert "check 13" in told
    edit("exercises/figure4-seated", 'target = ["piriformis_r", "neck_back"]', 'target = ["chest"]')
    edit("exercises/figure4-seated", 'view = "three_quarter"', 'view = "back"')
    told = {problem.message.partition(":")[0] for problem in check_library(copy).warnings}
    assert "check 10" in told


def test_further_view_of_an_exercise_is_checked_too(edit: Edit, copy: Path) -> None:
    take(copy, "glute-squeeze")
    text = (copy / "exercises" / "glute-squeeze.toml").read_text()
    pose = re.search(r"^\[clip\.(\w+)\.pose\.\w+\]$", text, re.MULTILINE)
    assert pose is not None
    sunk = 'root = { y = -20 }\nanchor = { point = "pelvis", on = "floor", y = 60 }'
    path = edit("exercises/glute-squeeze", pose[0], f"{pose[0]}\n{sunk}")
    problems = only(check_library(copy), path)
    assert any((problem.key or "").startswith(f"clip.{pose[1]}.pose.") for problem in problems)


def test_further_view_needs_a_sentence_of_its_own(edit: Edit, copy: Path) -> None:
    take(copy, "glute-squeeze")
    path = copy / "exercises" / "glute-squeeze.toml"
    head, start, rest = path.read_text().partition("[clip.")
    path.write_text(head + start + re.sub(r'^alt = ".*"\n', "", rest, count=1, flags=re.MULTILINE))
    assert any((problem.key or "").endswith(".alt") for problem in only(check_library(copy), path))


def test_part_of_a_lesson_is_checked_too(edit: Edit, copy: Path) -> None:
    path = edit("lessons/reach", "[part.pose.tall]", "[part.pose.tall]\nroot = { y = -30 }")
    found = [problem for problem in only(check_library(copy), path) if "check " in problem.message]
    assert {problem.key for problem in found} == {"part[0].pose.tall"}
    assert all(problem.line for problem in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "key", "says"),
    [
        ("exercises/figure4-seated", "hold = 25\n", "hold = 5\n", "move", "a repetition by the dose"),
        ("exercises/figure4-seated", "mild stretch.", "mild stretch. It heals.", "how", "“heals”"),
        ("exercises/figure4-seated", "Rest the {side} ankle", "Rest the {site} ankle", "how", "in braces"),
        ("exercises/figure4-seated", 'cue = "Come up"', 'cue = "Come up {side}"', "move[1].cue", "as it is written"),
        ("exercises/figure4-seated", 'cue = "Come up"', 'cue = "Up and up and up and up and up"', "move[1].cue", "8"),
        ("exercises/figure4-seated", 'how = "', 'how = "' + "Slow. " * 30, "how", "at most 140 letters"),
        ("exercises/figure4-seated", 'breathing = "', 'breathing2 = "', "breathing2", "not known"),
        ("exercises/figure4-seated", 'alt = "Seen', 'alt = ""\n# "Seen', "alt", "expected a text"),
        ("exercises/figure4-seated", "each_side = true", "each_side = false", "dose.each_side", "right-left"),
        ("exercises/finger-fan", "level = ", 'harder = "finger-fnn"\nlevel = ', "harder", "no exercise called"),
        ("exercises/finger-fan", "level = ", 'harder = "finger-fan"\nlevel = ', "harder", "round in a circle"),
        ("exercises/finger-fan", 'how = "', 'how = "{side} ', "how", "has no sides"),
        ("routines/up", 'length = "', 'length = "2m', "length", "5 %"),
        ("routines/up", '"sit-to-stand"', '"sit-to-stnd"', "step[0].exercise", "one of"),
        ("routines/up", "wheelchair = false", "wheelchair = true", "wheelchair", "by its steps this is: false"),
        ("routines/up", "floor = false", "floor = true", "floor", "by its steps this is: false"),
        ("routines/up", "needs = ", 'needs = ["mat"] # ', "needs", "by its steps this is"),
        ("routines/up", "Some words.", "Cures your back.", "summary", "“Cures”"),
        ("lessons/reach", 'length = "', 'length = "2m', "length", "5 %"),
        ("lessons/reach", '"60s"', '"1s"', "length", "5 %"),
        ("lessons/reach", 'now = "', 'now = "' + "Now. " * 20, "now", "at most 80 letters"),
        ("lessons/reach", 'say = "', 'say = "Bad posture. ', "part[0].say", "“Bad posture”"),
        ("lessons/reach", 'exercise = "', 'exercise = "no-', "part[1].exercise", "one of"),
        ("lessons/reach", 'summary = "', 'sumary = "', "sumary", "not known"),
    ],
)  # fmt: skip
def test_each_fault_of_a_text_is_named(
    copy: Path, edit: Edit, name: str, old: str, new: str, key: str, says: str
) -> None:
    path = edit(name, old, new)
    report = check_library(copy)
    found = [problem for problem in report.errors if problem.file == str(path) and problem.key == key]
    assert [problem for problem in found if says in problem.message], [str(problem) for problem in report.errors]
    assert all(problem.line for problem in found)


def test_lesson_that_takes_too_long_or_has_too_few_parts_is_named(edit: Edit, copy: Path) -> None:
    path = edit("lessons/reach", '"60s"', '"2m"')
    path.write_text(path.read_text().replace('time = "20s"', 'time = "40s"'))
    assert [problem.key for problem in only(check_library(copy), path)] == ["length"]
    path.write_text(LESSON.partition('[[part]]\ntitle = "Far"')[0].replace('time = "20s"', 'time = "30s"'))
    assert [problem.key for problem in only(check_library(copy), path)] == ["part"]


def test_missing_key_of_a_shipped_exercise_is_named(edit: Edit, copy: Path) -> None:
    path = edit("exercises/finger-fan", 'breathing = "', '# "')
    assert ("breathing", "a shipped exercise needs this") in [
        (problem.key, problem.message) for problem in only(check_library(copy), path)
    ]


def test_purpose_without_anything_for_people_who_cannot_stand_is_named(copy: Path) -> None:
    (copy / "routines" / "fan.toml").unlink()
    (problem,) = check_library(copy).errors
    assert "“stand-up”" in problem.message
    assert "cannot stand" in problem.message


def test_tired_legs_need_no_routine_for_people_who_cannot_stand(edit: Edit, copy: Path) -> None:
    edit("routines/up", '["stand-up"]', '["standing"]')
    assert check_library(copy).errors == []


def test_waivers_are_listed_with_their_reasons_and_are_few(edit: Edit, copy: Path) -> None:
    waiver = '[[waive]]\ncheck = 2\npose = "fold"\nreason = "it is meant, number {number}"\n\n'
    far = 'pin.hand_r = { on = "floor", x = 120, y = 90 }\n'
    path = edit("exercises/figure4-seated", "root = { lean = 26 }\n", "root = { lean = 26 }\n" + far)
    assert any("check 2" in problem.message for problem in only(check_library(copy), path))
    edit("exercises/figure4-seated", "[[move]]", waiver.format(number=1) + "[[move]]")
    report = check_library(copy)
    assert not any("check 2" in problem.message and problem.key == "pose.fold" for problem in report.errors)
    text, data = report_page(report)
    assert "waived: check 2, figure4-seated, fold: it is meant, number 1" in text
    assert data["waivers"] == [
        {"view": "figure4-seated", "check": 2, "pose": "fold", "reason": "it is meant, number 1"}
    ]
    many = "".join(waiver.format(number=number) for number in range(MOST_WAIVERS))
    edit("exercises/figure4-seated", "[[move]]", many + "[[move]]")
    assert any("9 waivers" in problem.message for problem in check_library(copy).errors)


def test_same_name_for_an_exercise_and_a_routine_is_named(copy: Path) -> None:
    text = (copy / "routines" / "fan.toml").read_text()
    (copy / "routines" / "fan.toml").unlink()
    path = copy / "routines" / "finger-fan.toml"
    path.write_text(text.replace('id = "fan"', 'id = "finger-fan"'))
    assert [problem.key for problem in only(check_library(copy), path)] == ["id"]


def test_index_that_is_out_of_date_is_a_warning(edit: Edit, copy: Path) -> None:
    edit("routines/fan", "Some words.", "More words.")
    report = check_library(copy)
    assert report.errors == []
    assert ["--build" in problem.message for problem in report.warnings] == [True]


def test_base_pose_that_is_faulty_is_named(copy: Path) -> None:
    path = copy / "poses.toml"
    path.write_text(path.read_text().replace('base = "sit"', 'base = "sti"', 1))
    with pytest.raises(UserError, match=r"poses\.toml"):
        check_library(copy)


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_banned_word_is_found_in_a_text() -> None:
    for word in ("cure", "Heals", "treatment", "bad posture", "damaged", "disc", "no pain no gain", "prevent injury"):
        assert banned(f"This is {word} here."), word
    assert banned("A health check; procedure, discreet, secure, discuss.") == []
    assert PROMISES.keys().isdisjoint(FRIGHTS)


def test_banned_word_is_named_with_its_key() -> None:
    body = {"title": "A cure", "move": [{"cue": "fine"}, {"cue": "Heal"}], "level": 2}
    assert [problem.key for problem in wording_problems(body)] == ["title", "move[1].cue"]


def test_letters_of_a_lesson_are_those_of_its_format() -> None:
    page = (CONFIG / "lessons" / "README.md").read_text(encoding="utf-8")
    for key, most in MOST_LETTERS.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{key.rpartition('.')[2]}` |") and (
            "characters" in line))  # fmt: skip
        assert f"at most {most} characters" in row


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAYCOACH_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "config"
    for name in ("exercises", "routines"):
        (folder / name).mkdir(parents=True)
    (folder / "exercises" / "nod.toml").write_text(NOD)
    (folder / "routines" / "my-break.toml").write_text(BREAK)
    return folder


def test_own_folder_is_checked_on_top_of_the_shipped_library(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "check", str(own)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Your own: 1 exercises and 0 lessons in 1 views, 1 routines\n")
    assert said.out.endswith("all good\n")
    assert main(["routines", "check", "--json", str(own)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["own"], data["exercises"], data["routines"], data["errors"]) == (True, ["nod"], ["my-break"], [])


def test_faults_of_own_files_end_the_command_with_two(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own / "exercises" / "nod.toml"
    path.write_text(NOD.replace("time = 1\n", "time = 0.1\n", 1).replace("flex = 10", "flex = 18"))
    (own / "routines" / "worse.toml").write_text("id = ")
    assert main(["routines", "check", str(own)]) == 2
    said = capsys.readouterr()
    assert "worse.toml:1" in said.err
    assert "nod.toml" in said.err
    assert "problems: " in said.out


def test_folder_of_a_whole_library_is_checked_as_one(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "check", str(copy)]) == 0
    assert "Your own" not in capsys.readouterr().out


def test_folder_without_any_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "check", str(tmp_path)]) == 2
    assert "there is no folder" in capsys.readouterr().err
