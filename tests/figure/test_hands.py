"""Hands: what they hold, how they close, what they are painted before and behind; layers a pose sets."""

from __future__ import annotations

import pytest

from tests.figure.bundle import clip_of
from traycoach.errors import UserError
from traycoach.figure.between import between
from traycoach.figure.brush import Style
from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Detail, Fill
from traycoach.figure.layers import figure, painting_order
from traycoach.figure.pose import Pose, Stance
from traycoach.figure.props import Mat, Scene
from traycoach.figure.shape_held import ONE_HANDED, TWO_HANDED
from traycoach.figure.skeleton import Body
from traycoach.figure.solver import solve

MOVE = '\n[[move]]\nto = "a"\ncue = "Go"'


def pose(lines: str, base: str = "stand") -> Pose:
    return clip_of(f'[pose.a]\nbase = "{base}"\n{lines}{MOVE}').poses["a"]


def body_of(lines: str, base: str = "stand") -> Body:
    return solve(pose(lines, base), {})


def roles(body: Body, view: float, detail: Detail = Detail.FACE) -> list[str]:
    commands = figure(body, Camera.seeing(view, 6), (), Style(detail))
    return [command.tone.role for command in commands if isinstance(command, Fill)]


def order(body: Body, view: float) -> dict[str, int]:
    parts = painting_order(body, Camera.seeing(view, 6))
    return {name: index for index, names in enumerate(parts) for name in names}


@pytest.mark.parametrize("thing", ONE_HANDED)
@pytest.mark.parametrize("detail", [Detail.FACE, Detail.FINGERS])
def test_thing_lies_between_palm_and_fingers(thing: str, detail: Detail) -> None:
    hold = 'shoulder_r = {{ flex = 40 }}\nelbow_r = 60\nforearm_r = {0}\nfingers_r = 78\nheld_r = "{1}"'
    counts = []
    for forearm in (-90, 90):
        body = body_of(hold.format(forearm, thing))
        with_thing = roles(body, 90, detail)
        body.held = {}
        assert len(with_thing) > len(roles(body, 90, detail))
        counts.append(with_thing)
    assert set(counts[0]) == set(counts[1])


@pytest.mark.parametrize("thing", TWO_HANDED)
def test_thing_for_two_hands_is_one_thing(thing: str) -> None:
    body = body_of(f'held = "{thing}"\nshoulder = {{ flex = 40 }}\nelbow = 60')
    assert body.held == {"both": thing}
    before = len(roles(body, 40))
    body.held = {}
    assert before > len(roles(body, 40))


def test_held_by_both_hands_by_one_and_by_none() -> None:
    assert pose('held = "bottle"').held == {"r": "bottle", "l": "bottle"}
    assert pose('held = "bottle"\nheld_l = false').held == {"r": "bottle"}
    assert pose('held = "box"\nheld_r = "pen"').held == {"r": "pen"}
    for line in ('held_r = "box"', 'held = "bag"', "held = 3"):
        with pytest.raises(UserError, match="held"):
            pose(line)


def test_thing_is_seen_on_the_way_only_if_both_poses_hold_it() -> None:
    text = """
    [pose.a]
    base = "stand"
    held_r = "pen"
    [pose.b]
    base = "a"
    held_l = "pen"
    [[move]]
    to = "b"
    cue = "Go"
    [[move]]
    to = "a"
    """
    assert clip_of(text).timeline.frame(0.6).held == {"r": "pen"}


def test_closed_hand_hides_its_fingertips_behind_what_it_holds() -> None:
    pin = (
        'shoulder_r = {{ flex = 60 }}\nelbow_r = 30\npin.hand_l = {{ on = "fore_r", along = 0.8, off = [0, 0, {0}], '
        'palm = "{1}", point = "up", grip = "wrap", order = 1 }}'
    )
    outside, inside = body_of(pin.format(3, "left")), body_of(pin.format(-3, "right"))
    assert outside.wrapped == inside.wrapped == {"l"}
    assert outside.channels["fingers_l"] > 50
    for detail in (Detail.FACE, Detail.FINGERS):
        assert len(roles(outside, 90, detail)) <= len(roles(inside, 90, detail))
    assert order(outside, 90)["fore_l"] > order(outside, 90)["fore_r"]
    assert order(inside, 90)["fore_l"] < order(inside, 90)["fore_r"]


def test_hand_opens_on_its_way_from_what_it_held() -> None:
    text = """
    [pose.a]
    base = "stand"
    pin.hand_l = { on = "fore_r", along = 0.8, grip = "wrap" }
    [pose.b]
    base = "stand"
    fingers = 0
    [[move]]
    to = "b"
    cue = "Go"
    [[move]]
    to = "a"
    """
    clip = clip_of(text)
    near, far = (solve(clip.timeline.frame(t), {}) for t in (0.2, 1.0))
    assert near.wrapped == {"l"}
    assert far.wrapped == set()
    assert 0 < far.channels["fingers_l"] < near.channels["fingers_l"]


def test_hand_in_the_lap_is_painted_after_the_thigh_and_a_hand_behind_it_before() -> None:
    lap = 'pin.hand_r = { on = "thigh_r", along = 0.6, off = [8, 0, 0], palm = "down", point = "forward" }'
    under = 'pin.hand_r = { on = "thigh_r", along = 0.5, off = [-8, 0, -7], palm = "up", point = "left" }'
    scene = {"props": ["chair"]}
    for lines, above in ((lap, True), (under, False)):
        clip = clip_of(f'[pose.a]\nbase = "sit"\n{lines}{MOVE}', scene=scene)
        body = solve(clip.poses["a"], clip.setting.props)
        rank = order(body, 60)
        assert (rank["fore_r"] > rank["thigh_r"]) == above


def test_fingers_bend_at_each_joint_and_spread() -> None:
    flat = body_of("fingers_r = 0")
    shapes = {lines: roles(body_of(lines), 0, Detail.FINGERS) for lines in ("knuckles_r = 80", "tips_r = -60")}
    assert all(len(shape) == len(roles(flat, 0, Detail.FINGERS)) for shape in shapes.values())
    for lines in ("knuckles_r = 80", "fingers_r = 90\ntips_r = -60", "spread_r = 20", "oppose_r = 60"):
        front = Camera.seeing(0, 6)
        drawn, plain = (figure(body, front, (), Style(Detail.FINGERS)) for body in (body_of(lines), flat))
        assert drawn != plain


def test_layer_moves_a_limb_in_the_order_of_painting() -> None:
    assert order(body_of(""), 90)["fore_l"] < order(body_of(""), 90)["shirt"]
    moved = order(body_of("layer = { arm_l = 60, fore_l = 90 }"), 90)
    assert moved["fore_l"] > moved["upper_l"] > moved["shirt"]
    assert order(body_of("layer = { head = -90 }"), 90)["head"] < order(body_of(""), 90)["shirt"]
    assert order(body_of("layer = { leg_l = 90 }"), 90)["thigh_l"] > order(body_of(""), 90)["thigh_r"]
    with pytest.raises(UserError, match="layer"):
        body_of("layer = { hand_l = 3 }")


def test_layer_comes_in_on_the_way() -> None:
    text = """
    [pose.a]
    base = "stand"
    [pose.b]
    base = "stand"
    layer = { head = 40 }
    [[move]]
    to = "b"
    cue = "Go"
    [[move]]
    to = "a"
    """
    assert clip_of(text).timeline.frame(0.6).layer["head"] == pytest.approx(20.0)


def test_hand_and_foot_leaving_the_mat_do_not_dip_into_it() -> None:
    text = """
    [scene]
    props = ["mat"]
    [pose.a]
    base = "quadruped"
    [pose.b]
    base = "quadruped"
    pin.hand_r = false
    shoulder_r = { flex = 30 }
    elbow_r = 70
    [[move]]
    to = "b"
    cue = "Go"
    [[move]]
    to = "a"
    """
    clip = clip_of(text)
    scene: Scene = {"mat": Mat()}
    for k in range(1, 12):
        body = solve(clip.timeline.frame(k / 10), scene)
        assert body.on("hand_r", 1.0)[1] > 0.0
    up = pose("pin.foot_r = false\nhip_r = { flex = 10 }\nknee_r = 20\nankle_r = -40")
    down = pose("")
    for k in range(1, 10):
        body = solve(between(down, up, k / 10), {})
        assert min(body.point(f"{name}_r")[1] for name in ("heel", "ball", "toe")) > -0.6


def test_stance_of_a_pose_keeps_what_it_holds() -> None:
    held = pose('held_r = "pen"\nlayer = { head = 4 }')
    assert Stance.of(held).held == {"r": "pen"}
    assert Stance.of(held).layer == {"head": 4.0}
