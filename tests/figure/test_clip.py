"""The parser: all problems at once, each with its key, what was expected, and the nearest known word."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.figure.bundle import ROOT, clip_of, clips, presets
from traycoach.errors import UserError
from traycoach.figure.clip import check_poses, parse_clip
from traycoach.figure.scene import CloseUp, FixedFrame

GOOD = """
[scene]
props = ["chair"]
[pose.a]
base = "sit"
[pose.b]
base = "a"
knee = 60
[[move]]
to = "b"
cue = "Go"
[[move]]
to = "a"
"""


def problems(motion: str, **changes: Any) -> dict[str, tuple[str, str | None]]:
    with pytest.raises(UserError) as caught:
        clip_of(motion, **changes)
    return {p.key or "": (p.message, p.suggestion) for p in caught.value.problems}


def pose(lines: str) -> str:
    return GOOD.replace('base = "sit"\n', f'base = "sit"\n{lines}\n')


def test_clip_without_mistakes_is_read() -> None:
    clip = clip_of(GOOD)
    assert clip.still == ("b", "a")
    assert clip.key_pose == "b"
    assert clip_of(GOOD, picture="a").key_pose == "a"
    assert clip_of(GOOD + "hold = 2").key_pose == "a"
    assert clip.moves[0].cue == "Go"


@pytest.mark.parametrize(
    ("lines", "key", "expected", "suggestion"),
    [
        ("kne = 3", "pose.a.kne", "not known", "knee"),
        ("hip = { flx = 3 }", "pose.a.hip.flx", "not known", "flex"),
        ("hip = 3", "pose.a.hip", "expected a table", None),
        ("knee = 200", "pose.a.knee", "from 0 to 150", None),
        ("knee = true", "pose.a.knee", "expected a number", None),
        ("ankle_r = 36", "pose.a.ankle_r", "from -85 to 35", None),
        ("pin.foot_r = false\nankle_r = 33", "pose.a.ankle_r", "from -85 to 30", None),
        ('anchor = { point = "seet" }', "pose.a.anchor.point", "expected one of", "seat"),
        ('anchor = { point = "sit", on = "mat" }', "pose.a.anchor.on", "no mat among the props", None),
        ('anchor = { point = "pelvis", over = "foot_r+hand_l" }', "pose.a.anchor.over", "pinned feet", None),
        ('anchor = { point = "pelvis", over = "fot_r" }', "pose.a.anchor.over", "pinned feet", "foot_r"),
        ('settle = { dof = "turn", of = "shank_r", on = "floor" }', "pose.a.settle.dof", "one of: tilt, lean", None),
        ('pin.hant_r = { on = "desk" }', "pose.a.pin.hant_r", "not known", "hand_r"),
        ('pin.hand_r = { on = "neither" }', "pose.a.pin.hand_r.on", "expected one of", None),
        ('pin.hand_r = { on = "wall" }', "pose.a.pin.hand_r.y", "needs its height", None),
        ('pin.hand_r = { on = "floor", palm = "dawn" }', "pose.a.pin.hand_r.palm", "directions", "down"),
        ('pin.hand_r = { on = "floor", point = [1, 2] }', "pose.a.pin.hand_r.point", "list of 3 numbers", None),
        ('pin.hand_r = { on = "floor", grip = "hook" }', "pose.a.pin.hand_r.grip", "expected one of", None),
        ('pin.foot_r = { on = "floor", heel_up = 90 }', "pose.a.pin.foot_r.heel_up", "from 0 to 70", None),
        ('pin.ankle_r = { on = "floor" }', "pose.a.pin.ankle_r.on", "expected one of", "foot_r"),
        ("pin.foot_r = 3", "pose.a.pin.foot_r", "expected a table", None),
    ],
)
def test_mistake_in_a_pose_is_named(lines: str, key: str, expected: str, suggestion: str | None) -> None:
    message, nearest = problems(pose(lines))[key]
    assert expected in message
    assert nearest == suggestion


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"titel": "x"}, "titel", "not known"),
        ({"title": " "}, "title", "expected a text"),
        ({"sides": "left"}, "sides", "expected one of"),
        ({"target": ["glut_r"]}, "target", "expected one of"),
        ({"target": "glute_r"}, "target", "list of texts"),
        ({"still": ["c"]}, "still", "expected one of: a, b"),
        ({"still": []}, "still", "at least one pose"),
        ({"still": "a"}, "still", "list of texts"),
        ({"scene": 3}, "scene", "expected a table"),
        ({"scene": {"view": "top", "props": ["chair"]}}, "scene.view", "expected one of"),
        ({"scene": {"pitch": 40, "props": ["chair"]}}, "scene.pitch", "from 0 to 20"),
        ({"scene": {"pitch": 10**400, "props": ["chair"]}}, "scene.pitch", "from 0 to 20"),
        ({"scene": {"pitch": -(10**400), "props": ["chair"]}}, "scene.pitch", "from 0 to 20"),
        ({"scene": {"props": "chair"}}, "scene.props", "list of props"),
        ({"scene": {"props": ["chair", "sofa"]}}, "scene.props[1]", "expected one of"),
        ({"scene": {"props": ["chair", "chair"]}}, "scene.props[1]", "already a chair"),
        ({"scene": {"props": ["chair", {"kind": "mat", "lenght": 3}]}}, "scene.props[1].lenght", "not known"),
        ({"scene": {"props": ["chair"], "frame": [0, 1, 0]}}, "scene.frame", "height above 0"),
        ({"scene": {"props": ["chair"], "frame": [0, 1]}}, "scene.frame", "list of 3 numbers"),
        ({"scene": {"props": ["chair"], "frame": {"on": "hed"}}}, "scene.frame.on", "expected one of"),
        ({"scene": {"props": ["chair"], "floor": 1}}, "scene.floor", "true or false"),
        ({"move": []}, "move", "at least one move"),
        ({"move": {"to": "a"}}, "move", "list of tables"),
        ({"move": [{"to": "a"}]}, "move", "a cue in at least one"),
        ({"move": [{"to": "x", "cue": "Go"}]}, "move[0].to", "expected one of: a, b"),
        ({"move": [{"to": "a", "cue": "Go", "ease": "fast"}]}, "move[0].ease", "expected one of"),
        ({"move": [{"to": "a", "cue": "one two three four five six seven eight nine"}]}, "move[0].cue", "8 words"),
        ({"move": [{"to": "a", "cue": "x" * 43}]}, "move[0].cue", "42 characters"),
        ({"arrow": [{"path": [[0, 0, 0]]}]}, "arrow[0].path", "three points"),
        ({"arrow": [{"path": [[0, 0, 0]] * 3, "on": "tail"}]}, "arrow[0].on", "expected one of"),
        ({"arrow": [{"path": [[0, 0, 0]] * 3}] * 3}, "arrow", "at most 2 arrows"),
        ({"gaze": [{"to": [0, 0, 0], "moves": ["z"]}]}, "gaze[0].moves", "expected one of"),
    ],
)
def test_mistake_elsewhere_is_named(changes: dict[str, Any], key: str, expected: str) -> None:
    assert expected in problems(GOOD, **changes)[key][0]


def test_further_view_without_a_still_pose_is_named() -> None:
    view = {**tomllib.loads(GOOD), "still": []}
    assert "at least one pose" in problems(GOOD, clip={"front": view})["clip.front.still"][0]


def test_base_that_does_not_exist_is_named() -> None:
    message, nearest = problems(GOOD.replace('base = "a"', 'base = "sti"'))["pose.b.base"]
    assert "expected one of" in message
    assert nearest == "sit"


def test_long_list_of_choices_is_cut() -> None:
    assert "…" in problems(GOOD, target=["x"])["target"][0]


def test_all_problems_are_told_at_once_with_the_file() -> None:
    mapping = {"id": "x", "title": "", "alt": "y", **tomllib.loads(GOOD), "sides": "up"}
    with pytest.raises(UserError) as caught:
        parse_clip(mapping, presets(), "x.toml")
    assert {p.key for p in caught.value.problems} == {"title", "sides"}
    assert {p.file for p in caught.value.problems} == {"x.toml"}


def test_settle_needs_an_anchor() -> None:
    lines = '[pose.a]\nsettle = { dof = "lean", of = "shank_r", on = "floor" }\n[[move]]\nto = "a"\ncue = "Go"'
    assert "needs an anchor" in problems(lines)["pose.a.settle"][0]


def test_one_sided_key_wins_over_the_key_of_both_sides_in_any_order() -> None:
    clip = clip_of(pose("elbow_l = 20\nelbow = 50\nhip_r = { flex = 40 }\nhip = { flex = 60, abd = 9 }"))
    channels = clip.poses["a"].channels
    assert (channels["elbow_l"], channels["elbow_r"]) == (20.0, 50.0)
    assert (channels["hip_r.flex"], channels["hip_l.flex"], channels["hip_r.abd"]) == (40.0, 60.0, 9.0)


def test_tables_merge_per_value_and_pins_per_limb() -> None:
    lines = 'neck = { side = 5 }\npin.hand_r = { on = "floor", z = 3, along = 0.2 }'
    clip = clip_of(
        pose(lines).replace("knee = 60", 'neck = { flex = -8 }\npin.hand_r = false\npin.hand_l = { on = "head" }')
    )
    assert clip.poses["b"].channels["neck.side"] == 5.0
    assert set(clip.poses["b"].pins) == {"foot_r", "foot_l", "hand_l"}


def test_ankle_pin_takes_the_place_of_the_foot_pin() -> None:
    clip = clip_of(pose('pin.ankle_r = { on = "thigh_l" }'))
    assert set(clip.poses["a"].pins) == {"foot_l", "ankle_r"}


def test_frames_views_and_props_are_read() -> None:
    scene = """
    [scene]
    view = 66
    pitch = 3
    frame = [0, 100, 150]
    disc = false
    props = ["chair", "wall", "mat", { kind = "desk", front = true }, { kind = "window", at = [1, 2, 3] }]
    """
    clip = clip_of(scene + GOOD.split('props = ["chair"]')[1])
    assert clip.setting.frame == FixedFrame(0.0, 100.0, 150.0)
    assert set(clip.setting.props) == {"chair", "wall", "mat", "desk", "window"}
    assert clip_of(GOOD, scene={"props": ["chair"], "frame": {"on": "head"}}).setting.frame == CloseUp(
        "head", 0.5, (0.0, 0.0, 0.0), 60.0
    )


def test_left_side_swaps_words_and_targets() -> None:
    clip = clips()["figure4-seated"]
    assert clip.target_for("right") == ("piriformis_r",)
    assert clip.target_for("left") == ("piriformis_l",)
    assert "the right ankle" in clip.alt_for("right")
    assert "the left ankle" in clip.alt_for("left")
    bird_dog = clip_of(GOOD, target=["core", "glute_l"], sides="right-left", alt="{side}, {other}")
    assert bird_dog.target_for("left") == ("core", "glute_r")
    assert bird_dog.alt_for("left") == "left, right"


def test_symmetric_clip_has_one_side() -> None:
    assert clips()["heel-raise"].target_for("left") == ("calf_r", "calf_l")


def test_base_poses_are_good_and_mistakes_in_them_are_named() -> None:
    text = (ROOT / "config/poses.toml").read_text(encoding="utf-8")
    assert {"stand", "sit", "quadruped", "supine"} <= set(check_poses(tomllib.loads(text)))
    with pytest.raises(UserError) as caught:
        check_poses({"stand": {"neee": 4}}, "poses.toml")
    assert str(caught.value.problems[0]).startswith("poses.toml: stand.neee")
