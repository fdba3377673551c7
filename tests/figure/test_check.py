"""The thirteen checks: a good clip passes, and each way of breaking it is found by its check."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from tests.figure.bundle import ROOT, clip_of, clips, presets
from traycoach.errors import UserError
from traycoach.figure import check_limits as limits
from traycoach.figure.check import Finding, check_clip, measure_clip
from traycoach.figure.check_balance import centre_of_mass, outside
from traycoach.figure.clip import Clip, clip_names, parse_clip
from traycoach.figure.motion import Move
from traycoach.figure.pose import Anchor, Pose
from traycoach.figure.skeleton import stand_up
from traycoach.figure.solver import solve

GOOD = """
[scene]
view = "side"
[pose.tall]
base = "stand"
[pose.up]
base = "stand"
pin.foot_r = { on = "floor", x = 0, z = 9, heel_up = 30 }
pin.foot_l = { on = "floor", x = 0, z = -9, heel_up = 30 }
anchor = { point = "pelvis", over = "foot_r+foot_l", x = 9 }
[[move]]
to = "up"
hold = 1
cue = "Up"
[[move]]
to = "tall"
hold = 1
"""


def found(clip: Clip, **options: bool) -> set[int]:
    return {finding.check for finding in check_clip(clip, **options)}


def changed(old: str, new: str, motion: str = GOOD, **changes: Any) -> Clip:
    assert old in motion
    return clip_of(motion.replace(old, new), **changes)


def posed(name: str, **changes: Any) -> Clip:
    clip = clip_of(GOOD)
    return replace(clip, poses={**clip.poses, name: replace(clip.poses[name], **changes)})


def test_good_clip_passes_all_checks() -> None:
    assert check_clip(clip_of(GOOD, target=["calf_r", "calf_l"])) == ()


def test_written_angle_beyond_its_limit() -> None:
    channels = dict(clip_of(GOOD).poses["up"].channels)
    for channel, value in (("neck.flex", 70.0), ("ankle_r", -90.0)):
        finding = next(f for f in check_clip(posed("up", channels={**channels, channel: value})) if f.check == 1)
        assert (finding.pose, finding.value) == ("up", value)
        assert abs(finding.limit) < abs(value)


def test_joint_bent_too_far_by_its_contact() -> None:
    clip = changed('to = "tall"', 'to = "deep"', GOOD.replace("[[move]]", DEEP + "[[move]]", 1))
    assert 1 in found(clip)


DEEP = """
[pose.deep]
base = "stand"
root = { lean = 20 }
anchor = { point = "pelvis", on = "floor", x = -10, y = 18 }
"""


def test_target_out_of_reach() -> None:
    clip = changed('base = "stand"\npin', 'base = "stand"\npin.hand_r = { on = "floor", x = 90, y = 90 }\npin')
    finding = next(f for f in check_clip(clip) if f.check == 2)
    assert finding.value > 10
    assert finding.limit == limits.REACH


def test_contact_that_drifts() -> None:
    # A hand held on the head and one held on that hand, solved in the wrong order: the second is left behind.
    pins = (
        'pin.hand_l = { on = "hand_r", along = 0.4, palm = "down", point = "right" }\n'
        'pin.hand_r = { on = "chest", off = [18, 0, 0], palm = "back", point = "left", order = 1 }\npin.foot_r'
    )
    clip = changed("pin.foot_r", pins)
    assert 3 in found(clip)


def test_body_under_the_ground() -> None:
    assert 4 in found(changed("x = 9 }", "x = 9 }\nroot = { y = -3 }", GOOD.replace("heel_up = 30", "y = -3")))


def test_figure_that_touches_nothing_and_one_that_would_fall() -> None:
    assert 5 in found(posed("up", anchor=None, pins={}))
    flying = posed("up", anchor=Anchor("pelvis", "floor", y=140.0), pins={})
    assert 5 in found(flying)
    leaning = changed("x = 9 }", "x = 9 }\nroot = { lean = 30 }")
    finding = next(f for f in check_clip(leaning) if f.check == 5)
    assert finding.value > limits.BALANCE
    hands = "root = { lean = 30 }\n" + 'pin.hand_r = { on = "wall", y = 110, z = 20 }'
    held = changed("x = 9 }", f"x = 9 }}\n{hands}", scene={"props": [{"kind": "wall", "x": 62}]})
    assert 5 not in found(held)


def test_closed_frame_shows_no_ground_and_needs_no_anchor() -> None:
    close = '[scene]\nframe = { on = "head", span = 60 }\n[pose.a]\nneck = { flex = 5 }\n[[move]]\nto = "a"\ncue = "Go"'
    assert found(clip_of(close)) == set()


def test_target_outside_a_close_up_and_limb_outside_a_picture() -> None:
    scene = {"frame": {"on": "head", "span": 60}}
    assert 6 in found(clip_of(GOOD, scene=scene, target=["calf_r"]))
    assert 6 not in found(clip_of(GOOD, scene=scene, target=["neck_deep"]))
    assert 6 in found(clip_of(GOOD, scene={"frame": [0, 150, 40]}, target=["calf_r"]))
    quick = GOOD.replace('to = "up"', 'to = "up"\ntime = 0.05').replace("x = 9 }", "x = 9 }\nshoulder = { flex = 170 }")
    assert 6 not in found(clip_of(quick))


def test_hand_that_is_too_fast() -> None:
    assert 7 in found(changed('to = "up"', 'to = "up"\ntime = 0.1', GOOD.replace("x = 9 }", ARMS_UP)))


ARMS_UP = "x = 9 }\nshoulder = { flex = 120 }"


@pytest.mark.parametrize(
    ("target", "lines"),
    [
        ("shoulder_r", "shoulder = { flex = 120 }"),
        ("forearm_palm_r", "shoulder = { flex = 120 }"),
        ("neck_side_r", "lumbar = { flex = 50 }\nroot = { x = 8 }"),
    ],
)
def test_stretched_limb_goes_slowly_into_its_hold(target: str, lines: str) -> None:
    clip = changed("x = 9 }", f"x = 9 }}\n{lines}", GOOD.replace("hold = 1", "hold = 9", 1), target=[target])
    assert 7 not in found(clip)
    assert 7 in found(clip, stretch=True)
    assert 7 not in found(replace(clip, target=("core",)), stretch=True)
    assert 7 not in found(replace(clip, target=("calf_r",)), stretch=True)


def test_joint_that_jumps() -> None:
    clip = changed('to = "up"', 'to = "up"\ntime = 0.05', GOOD.replace("x = 9 }", ARMS_UP))
    assert 8 in found(clip)


def test_limb_that_keeps_changing_its_layer() -> None:
    # A hand that waves through the plane of the trunk in a front view.
    turn = "chest = {{ turn = {0} }}\nlayer = {{ arm_l = {1} }}\nshoulder = {{ flex = 30, abd = -20 }}\nelbow = 90"
    lines = "".join(
        f'[pose.p{k}]\nbase = "stand"\n{turn.format(0, 60 if k % 2 else -60)}\n[[move]]\nto = "p{k}"\ntime = 0.2\n'
        for k in range(2)
    )
    steady = '[scene]\nview = "front"\n' + lines + 'cue = "Go"'
    assert 9 not in found(clip_of(steady))


def test_order_of_painting_is_counted_per_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ORDER_CHANGES_MOVE", 0)
    crossing = GOOD.replace("x = 9 }", "x = 9 }\nlayer = { leg_l = 60 }")
    findings = [f for f in check_clip(clip_of(crossing)) if f.check == 9]
    assert findings
    assert all("leg" in f.message for f in findings)


def test_target_that_is_not_seen_is_a_warning() -> None:
    (finding,) = check_clip(clip_of(GOOD, target=["upper_back"], scene={"view": "front"}))
    assert (finding.check, finding.is_warning) == (10, True)
    assert "upper_back" in str(finding)
    assert check_clip(clip_of(GOOD, target=["upper_back"], scene={"view": "back"})) == ()
    # Of a pair, the near one is enough; alone, the far one is covered by the near leg.
    assert check_clip(clip_of(GOOD, target=["quad_r", "quad_l"])) == ()
    assert found(clip_of(GOOD, target=["quad_l"])) == {10}
    assert found(clip_of(GOOD.replace("hold = 1", "hold = 0"), target=["quad_l"])) == {10}


def test_names_that_do_not_exist() -> None:
    clip = clip_of(GOOD)
    assert found(replace(clip, moves=(Move("nowhere", cue="Go"),))) == {11}
    assert found(replace(clip, still=("nowhere",))) == {11}
    assert found(replace(clip, target=("nothing",))) == {11}
    assert found(posed("up", anchor=Anchor("sit", "chair.seat"))) == {11}
    shown = "\n[[arrow]]\npath = [[0,0,0],[1,1,1],[2,2,2]]\n[[gaze]]\nto = [90, 90, 0]\n"
    marked = clip_of(GOOD + shown)
    assert found(replace(marked, poses={"up": clip.poses["up"]})) == {11}


def test_loop_that_does_not_close(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = clip_of(GOOD)
    first = clip.timeline.frame(0.3)
    whole = type(clip.timeline).frame
    monkeypatch.setattr(type(clip.timeline), "frame", lambda line, t: first if t == 0.0 else whole(line, t))
    assert 11 in found(clip)


def test_words_that_are_missing_or_too_long() -> None:
    clip = clip_of(GOOD)
    assert found(replace(clip, alt=" ")) == {12}
    silent = tuple(replace(move, cue="") for move in clip.moves)
    assert found(replace(clip, moves=silent)) == {12}
    for cue in ("a b c d e f g h i", "x" * 43):
        assert found(replace(clip, moves=(replace(clip.moves[0], cue=cue), clip.moves[1]))) == {12}


def test_arrow_over_the_head_is_a_warning() -> None:
    arrow = '\n[[arrow]]\nmoves = ["up"]\non = "head"\npath = [[0, 4, 0], [4, 9, 0], [9, 9, 0]]'
    (finding,) = check_clip(clip_of(GOOD + arrow))
    assert (finding.check, finding.is_warning, finding.pose) == (13, True, "up")
    assert check_clip(clip_of(GOOD + arrow.replace('on = "head"', ""))) == ()


def test_waiver_with_a_reason_silences_its_finding_only() -> None:
    motion = GOOD.replace("x = 9 }", "x = 9 }\nroot = { lean = 30 }")
    waive = '\n[[waive]]\ncheck = 5\npose = "up"\nreason = "the wall holds it"\n'
    assert 5 in found(clip_of(motion))
    assert found(clip_of(motion + waive)) == set()
    assert found(clip_of(motion + waive.replace('pose = "up"\n', ""))) == set()
    assert 5 in found(clip_of(motion + waive.replace("check = 5", "check = 4")))
    (idle,) = check_clip(clip_of(GOOD + waive))
    assert idle.is_warning
    assert "the wall holds it" in idle.message
    for line in ("check = 14", "check = 0", "chck = 3\ncheck = 3", 'check = 3\npose = "none"'):
        with pytest.raises(UserError):
            clip_of(GOOD + f'\n[[waive]]\n{line}\nreason = "x"')


def test_worst_of_each_kind_is_told_once() -> None:
    clip = changed('base = "stand"\npin', 'base = "stand"\npin.hand_r = { on = "floor", x = 90, y = 90 }\npin')
    told = [(f.check, f.pose, f.message) for f in check_clip(clip)]
    assert len(told) == len(set(told))


def test_measures_are_the_worst_of_the_clip() -> None:
    measures = measure_clip(clips()["bird-dog"])
    assert measures.reach == 0.0
    assert measures.drift < 1e-6
    assert measures.penetration < limits.DEPTH
    assert measures.joint_excess < 0.0
    assert 50.0 < measures.speed < limits.SPEED


def test_ankle_on_the_other_thigh_is_a_contact_too() -> None:
    assert measure_clip(clips()["figure4-seated"]).drift < limits.DRIFT


def test_finding_reads_as_one_line() -> None:
    text = str(Finding(4, "", 1.5, 2.25, 1.0, "part of the body is under the ground"))
    assert text == "check  4 error: part of the body is under the ground (2.25, limit 1) → – at 1.50 s"


def test_standing_body_has_its_weight_between_its_feet() -> None:
    x, z = centre_of_mass(solve(clip_of(GOOD).poses["tall"], {}))
    assert -8 < x < 8
    assert abs(z) < 0.5


def test_distance_to_a_support_of_any_shape() -> None:
    square = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0)]
    assert outside((1.0, 1.0), square) == 0.0
    assert outside((5.0, 1.0), square) == pytest.approx(3.0)
    assert outside((1.0, 3.0), [(0.0, 0.0), (2.0, 0.0)]) == pytest.approx(3.0)
    assert outside((1.0, 3.0), []) > 100


def test_limits_are_those_of_the_reference() -> None:
    text = (ROOT / "docs/figure.md").read_text(encoding="utf-8")
    table = text.split("### Checks and limits")[1].split("\n\n")[1]
    told = {int(row.split("|")[1]): [float(n) for n in re.findall(r"\d+(?:\.\d+)?", row.split("|")[3])]
            for row in table.splitlines()[2:]}  # fmt: skip
    assert told == {
        1: [limits.KNEE, limits.ELBOW, limits.ANKLE],
        2: [limits.REACH],
        3: [limits.DRIFT],
        4: [limits.DEPTH],
        5: [limits.BALANCE],
        6: [limits.MARGIN * 100],
        7: [limits.SPEED, limits.STRETCH_SPEED],
        8: [limits.JUMP],
        9: [limits.ORDER_CHANGES_HOLD, limits.ORDER_CHANGES_MOVE],
        10: [],
        11: [],
        12: [limits.CUE_LETTERS, limits.CUE_WORDS],
        13: [],
    }


def test_every_view_of_an_exercise_is_a_clip() -> None:
    motion = (
        GOOD
        + """
[clip.close]
target = ["neck_deep"]
[clip.close.scene]
frame = { on = "head", span = 60 }
[clip.close.pose.look]
base = "up"
neck = { turn = 20 }
[[clip.close.move]]
to = "look"
cue = "Look"
"""
    )
    mapping = {"id": "x", "title": "X", "alt": "A.", **tomllib.loads(motion)}
    close = parse_clip(mapping, presets(), name="close")
    assert (close.title, close.alt, close.target) == ("X", "A.", ("neck_deep",))
    assert close.poses["look"].pins.keys() == {"foot_r", "foot_l"}
    assert parse_clip(mapping, presets()).target == ()
    assert clip_names(mapping) == ("", "close")
    assert clip_names({"id": "x"}) == ("",)
    mapping["clip"]["close"]["move"][0]["to"] = "nowhere"
    mapping["clip"]["close"]["sides"] = "none"
    with pytest.raises(UserError) as caught:
        parse_clip(mapping, presets())
    assert {p.key for p in caught.value.problems} == {"clip.close.move[0].to", "clip.close.sides"}


def test_pose_made_by_hand_can_be_checked() -> None:
    assert stand_up(Pose().channels).girth == 1.0
