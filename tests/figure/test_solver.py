from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figure.bundle import clip_of
from traycoach.figure.channels import CHANNELS, NEUTRAL
from traycoach.figure.limb import bend, blended_pole
from traycoach.figure.pin_leg import target
from traycoach.figure.pose import Anchor, Pin, Pose, Stance
from traycoach.figure.props import Chair, Desk, Mat, Scene, Wall, Window, surface
from traycoach.figure.skeleton import FORE, PART_NAMES, POINT_NAMES, SHANK, THIGH, UPPER, split_side, stand_up
from traycoach.figure.solver import solve
from traycoach.figure.vector import UP, angle_between, distance, dot, length, sub

numbers = st.floats(-60, 60)
points = st.tuples(numbers, numbers, numbers)
poses = st.fixed_dictionaries({n: st.floats(c.low, c.high) for n, c in CHANNELS.items()})


@given(points, points)
def test_two_bones_keep_their_lengths_and_meet_what_they_reach(wanted, pole) -> None:  # type: ignore[no-untyped-def]
    bent = bend((0.0, 0.0, 0.0), wanted, UPPER, FORE, pole)
    if length(sub(bent.middle, (0.0, 0.0, 0.0))) > 1e-6 and length(bent.pole) > 0.5 and length(wanted) > 1e-6:
        assert length(bent.middle) == pytest.approx(UPPER, abs=0.01)
        assert distance(bent.middle, bent.end) == pytest.approx(FORE, abs=0.01)
        assert distance(bent.end, wanted) == pytest.approx(bent.missing, abs=0.01)


@given(poses)
def test_bones_keep_their_lengths_in_every_pose(channels: dict[str, float]) -> None:
    body = stand_up(channels)
    for side in "rl":
        for a, b, size in (("hip", "knee", THIGH), ("knee", "ankle", SHANK), ("shoulder", "elbow", UPPER)):
            assert distance(body.points[f"{a}_{side}"], body.points[f"{b}_{side}"]) == pytest.approx(size)


@given(poses)
def test_right_and_left_use_the_same_numbers_for_the_same_movement(channels: dict[str, float]) -> None:
    for name in channels:
        if name.endswith((".side", ".turn", ".tilt")):
            channels[name] = 0.0
        elif "_l" in name:
            channels[name] = channels[name.replace("_l", "_r")]
    points = stand_up(channels).points
    for name, (x, y, z) in points.items():
        if name.endswith("_r"):
            assert points[name[:-1] + "l"] == pytest.approx((x, y, -z), abs=1e-6)


@pytest.mark.parametrize(
    ("channel", "joint", "axis", "positive"),
    [
        ("root.lean", "neck_top", 0, True),
        ("root.tilt", "neck_top", 2, True),
        ("lumbar.flex", "neck_top", 0, True),
        ("chest.side", "neck_top", 2, True),
        ("neck.slide", "neck_top", 0, True),
        ("shoulder_l.flex", "wrist_l", 0, True),
        ("shoulder_r.abd", "wrist_r", 2, True),
        ("hip_r.flex", "knee_r", 0, True),
        ("hip_l.abd", "knee_l", 2, False),
        ("knee_r", "ankle_r", 0, False),
        ("scapula_r.up", "shoulder_r", 1, True),
        ("scapula_r.back", "shoulder_r", 0, False),
    ],
)
def test_plus_means_what_the_reference_says(channel: str, joint: str, axis: int, positive: bool) -> None:
    before = stand_up(NEUTRAL).points[joint][axis]
    after = stand_up({**NEUTRAL, channel: 4.0 + NEUTRAL[channel]}).points[joint][axis]
    assert (after > before) == positive
    assert after != pytest.approx(before)


def test_sliding_the_head_keeps_the_face_level() -> None:
    for slide in (-4.0, 0.0, 5.0):
        assert angle_between(stand_up({**NEUTRAL, "neck.slide": slide}).frames["head"][1], UP) < 0.01


def test_every_named_point_and_part_is_on_the_body() -> None:
    body = stand_up(NEUTRAL)
    for name in POINT_NAMES:
        assert length(body.point(name)) < 120
    for name in PART_NAMES:
        assert length(body.on(name)) < 120
    with pytest.raises(KeyError):
        split_side("nose")


def test_neutral_figure_is_as_tall_as_it_should_be() -> None:
    clip = clip_of('[pose.a]\nbase = "stand"\n[[move]]\nto = "a"\ncue = "Go"')
    body = solve(clip.poses["a"], {})
    assert body.points["ankle_r"][1] == pytest.approx(7.0, abs=0.05)
    assert body.points["neck_top"][1] + 1.1 * (9.3 + 9.5) == pytest.approx(174, abs=3)


def test_pose_without_anchor_floats_at_a_set_height() -> None:
    assert solve(Pose(), {}).points["pelvis"] == (0.0, 100.0, 0.0)


def test_foot_without_pin_counts_as_flat_on_the_floor() -> None:
    anchor = Anchor("pelvis", over=("foot_r", "foot_l"))
    body = solve(Stance(NEUTRAL, ((anchor, 1.0),), {}), {})
    assert 85 < body.points["pelvis"][1] < 95


def test_bend_of_an_anchor_wins_over_the_knee() -> None:
    heights = []
    for wish in ("", ", bend = 60"):
        line = f'anchor = {{ point = "pelvis", over = "foot_r+foot_l"{wish} }}'
        clip = clip_of(f'[pose.a]\nbase = "stand"\n{line}\n[[move]]\nto = "a"\ncue = "Go"')
        heights.append(solve(clip.poses["a"], {}).points["pelvis"][1])
    assert heights[1] < heights[0] - 5


def test_unknown_surface_is_a_bug() -> None:
    with pytest.raises(KeyError):
        solve(Pose(anchor=Anchor("sit", "chair.seat")), {})


def test_target_out_of_reach_is_noted_for_a_hand_and_a_foot() -> None:
    pins = {"hand_r": Pin("hand", "r", "floor", x=300.0), "foot_l": Pin("foot", "l", "floor", x=300.0)}
    body = solve(Pose(pins=pins), {})
    assert body.missing["hand_r"] > 100
    assert body.missing["foot_l"] > 100


def test_settle_makes_the_second_point_touch() -> None:
    text = """
    [scene]
    props = ["mat"]
    [pose.a]
    root = { lean = 60 }
    anchor = { point = "kneecap_r", on = "mat" }
    settle = { dof = "lean", of = "chest", on = "mat", y = 40 }
    [[move]]
    to = "a"
    cue = "Go"
    """
    clip = clip_of(text)
    body = solve(clip.poses["a"], clip.setting.props)
    assert body.on("chest", 1.0)[1] == pytest.approx(41.2, abs=0.05)


def test_settle_gives_up_politely_when_nothing_helps() -> None:
    text = """
    [scene]
    props = ["mat"]
    [pose.a]
    root = { lean = 60 }
    anchor = { point = "kneecap_r", on = "mat" }
    settle = { dof = "lean", of = "chest", on = "mat", y = 900 }
    [[move]]
    to = "a"
    cue = "Go"
    """
    clip = clip_of(text)
    assert solve(clip.poses["a"], clip.setting.props).points


def test_hand_takes_its_palm_and_fingers_from_what_is_said() -> None:
    scene = {"wall": Wall(40.0)}
    at_wall = solve(Pose(pins={"hand_r": Pin("hand", "r", "wall", y=130.0, point=UP)}), scene)
    assert dot(at_wall.frames["hand_r"][1], UP) < -0.99
    assert dot(at_wall.frames["hand_r"][2], (1.0, 0.0, 0.0)) < -0.99
    free = solve(Pose(pins={"hand_r": Pin("hand", "r", "head", off=(0.0, 0.0, 12.0))}), {})
    pointed = solve(Pose(pins={"hand_r": Pin("hand", "r", "head", off=(0.0, 0.0, 12.0), point=UP)}), {})
    assert free.frames["hand_r"] != pointed.frames["hand_r"]
    # Fingers straight into the palm's direction say nothing: they follow the chest instead.
    into = Pin("hand", "r", "floor", y=90.0, x=20.0, palm=(0.0, -1.0, 0.0), point=(0.0, -1.0, 0.0))
    assert solve(Pose(pins={"hand_r": into}), {}).frames["hand_r"][1][0] < -0.9


def test_two_pins_of_one_limb_share_its_end() -> None:
    scene = {"wall": Wall(40.0)}
    hands = ((Pin("hand", "r", "head"), 0.5), (Pin("hand", "r", "pelvis"), 0.5))
    feet = ((Pin("foot", "l", "floor"), 0.5), (Pin("foot", "l", "wall", y=20.0), 0.5))
    body = solve(Stance(NEUTRAL, (), {"arm_r": hands, "leg_l": feet}), scene)
    high, low = (target(body, pin, scene)[1] for pin, _ in hands)
    assert low < body.points["wrist_r"][1] < high + 20


def test_foot_against_a_wall_points_up() -> None:
    scene = {"wall": Wall(40.0)}
    body = solve(Pose(pins={"foot_r": Pin("foot", "r", "wall", y=60.0, z=9.0)}), scene)
    assert body.frames["foot_r"][0][1] > 0.99


def test_thigh_along_its_rest_direction_still_knows_where_its_knee_goes() -> None:
    body = solve(Pose(pins={"foot_r": Pin("foot", "r", "floor", x=70.0, y=130.0, z=9.0)}), {})
    assert angle_between(sub(body.points["knee_r"], body.points["hip_r"]), (0.0, 1.0, 0.0)) < 90


def test_arm_along_its_rest_direction_still_knows_where_its_elbow_goes() -> None:
    body = solve(Pose(pins={"hand_r": Pin("hand", "r", "floor", x=-25.0, y=105.0, z=22.0)}), {})
    assert length(body.points["elbow_r"]) > 0


@pytest.mark.parametrize(("free", "held", "middle"), [
    ((1.0, 0.0, 0.02), (-1.0, 0.0, 0.02), 1.0),
    ((1.0, 0.0, -0.02), (-1.0, 0.0, -0.02), 1.0),
    ((-1.0, 0.0, -0.02), (1.0, 0.0, -0.02), 1.0),
    ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), -0.7),
])  # fmt: skip
def test_opposite_poles_turn_by_way_of_outside(free, held, middle) -> None:  # type: ignore[no-untyped-def]
    pole = blended_pole(free, held, 0.5, (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    assert pole[2] == pytest.approx(middle, abs=0.05)


def test_surfaces_belong_to_their_props() -> None:
    mat = Mat(along="z")
    scene: Scene = {
        "chair": Chair(x=5.0),
        "desk": Desk(),
        "wall": Wall(-30.0),
        "mat": mat,
        "window": Window((0, 0, 0)),
    }
    back, edge, wall = (surface(scene, name) for name in ("chair.back", "desk.edge", "wall"))
    assert back is not None
    assert back.normal == (1.0, 0.0, 0.0)
    assert edge is not None
    assert edge.at(0.0, 70.0, 3.0, 2.0) == (43.0, 70.0, 3.0)
    assert wall is not None
    assert wall.normal == (1.0, 0.0, 0.0)
    assert surface(scene, "window") is None
    assert mat.half == (28.0, 90.0)
