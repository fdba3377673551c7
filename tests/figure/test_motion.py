from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figure.bundle import clip_of, clips
from traycoach.figure.between import between
from traycoach.figure.motion import EASES, Timeline
from traycoach.figure.pose import Anchor, Pin, Pose
from traycoach.figure.solver import solve
from traycoach.figure.vector import distance

TWO = """
[pose.a]
base = "stand"
[pose.b]
base = "a"
shoulder_r = { flex = 90 }
[[move]]
to = "b"
time = 1.0
hold = 2.0
cue = "Up"
[[move]]
to = "a"
time = 1.0
hold = 1.0
[[move]]
to = "a"
time = 0.5
"""


def two() -> Timeline:
    return clip_of(TWO).timeline


@pytest.mark.parametrize("ease", EASES.values())
def test_ease_starts_at_nothing_ends_at_all_and_never_turns_back(ease) -> None:  # type: ignore[no-untyped-def]
    values = [ease(k / 50) for k in range(51)]
    assert values[0] == pytest.approx(0.0)
    assert values[-1] == pytest.approx(1.0)
    assert values == sorted(values)


def test_loop_starts_in_the_pose_of_the_last_move() -> None:
    line = two()
    assert line.frame(0.0).channels["shoulder_r.flex"] == 0.0
    assert line.frame(1.5).channels["shoulder_r.flex"] == 90.0
    assert line.duration == 5.5


@given(st.floats(-1000, 1000))
def test_any_time_lies_in_the_loop(t: float) -> None:
    line = two()
    assert line.span(t) in line.spans
    assert 0 <= line.frame_index(t) < line.frame_count


def test_time_a_hair_before_nothing_is_the_end_of_the_loop() -> None:
    assert two().frame_index(-1e-18) == two().frame_index(0.0)


def test_float_rounding_at_the_very_end_finds_the_last_span(monkeypatch: pytest.MonkeyPatch) -> None:
    line = two()
    monkeypatch.setattr(Timeline, "_within", lambda _self, _t: line.duration)
    assert line.span(0.0) is line.spans[-1]


def test_hold_is_one_frame_and_the_way_back_shares_its_frames() -> None:
    line = two()
    assert line.frame_index(1.1) == line.frame_index(2.9)
    assert line.frame_count == 31
    assert line.frame_index(0.5) in {line.frame_index(3.0 + k / 60) for k in range(61)}


def test_frame_time_shows_the_frame_itself() -> None:
    line = two()
    for index in range(line.frame_count):
        seen = line.frame(line.frame_time(index)).channels["shoulder_r.flex"]
        assert 0.0 <= seen <= 90.0


def test_still_for_counts_moves_that_stay_in_their_pose() -> None:
    line = two()
    assert line.still_for(0.5) == 0.0
    assert line.still_for(1.5) == pytest.approx(1.5)
    assert line.still_for(4.5) == pytest.approx(1.0)


def test_pose_time_is_the_arrival() -> None:
    assert two().pose_time("b") == 1.0
    assert two().pose_time("nowhere") is None


def test_missing_anchor_takes_the_other_pose_s() -> None:
    free, held = Pose(), Pose(anchor=Anchor("sit"))
    assert between(free, held, 0.5).anchors == ((Anchor("sit"), 1.0),)
    assert between(held, free, 0.5).anchors == ((Anchor("sit"), 1.0),)
    assert between(free, free, 0.5).anchors == ()


def test_written_bend_of_both_anchors_is_mixed() -> None:
    low, high = (Pose(anchor=Anchor("pelvis", over=("foot_r",), bend=bend)) for bend in (60.0, 20.0))
    assert between(low, high, 0.25).anchors[0][0].bend == pytest.approx(50.0)


def test_pin_on_another_surface_blends_two_targets() -> None:
    first, last = (Pose(pins={"hand_r": Pin("hand", "r", on)}) for on in ("head", "pelvis"))
    weights = [weight for _, weight in between(first, last, 0.25).pins["arm_r"]]
    assert weights == [0.75, 0.25]


def test_limb_whose_pin_comes_or_goes_uses_the_free_pose_s_angles() -> None:
    pinned = Pose({**Pose().channels, "elbow_r": 150.0}, pins={"hand_r": Pin("hand", "r", "head")})
    free = Pose({**Pose().channels, "elbow_r": 20.0})
    assert between(pinned, free, 0.5).channels["elbow_r"] == 20.0
    assert between(free, pinned, 0.5).channels["elbow_r"] == 20.0


def test_walking_pelvis_glides_between_the_feet() -> None:
    clip = clips()["march-in-place"]
    heights = [solve(clip.timeline.frame(k / 60), {}).points["pelvis"] for k in range(115)]
    assert all(distance(a, b) < 2.5 for a, b in pairwise(heights))
