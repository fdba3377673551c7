"""From bodies to draw lists: outlines, layers, props, marks, films."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, hypot, pi, sin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.figure.bundle import clip_of, clips
from traycoach.figure import shape_hair, shape_head
from traycoach.figure.brush import Style
from traycoach.figure.camera import Camera
from traycoach.figure.channels import NEUTRAL
from traycoach.figure.clip import Clip
from traycoach.figure.drawing import ROLES, Arrow, Curve, Detail, Fill, Gaze, Glow, Points, Shade, Tone
from traycoach.figure.film import Film
from traycoach.figure.layers import figure
from traycoach.figure.outline import Blob, Chain, ball
from traycoach.figure.pose import Pose
from traycoach.figure.profile import between_rows, resample
from traycoach.figure.props import Chair, Desk, Mat, Scene, Wall, Window
from traycoach.figure.region import REGIONS, other_side
from traycoach.figure.scenery import backdrop
from traycoach.figure.shape_hair import HAIR_SHAPES
from traycoach.figure.skeleton import stand_up
from traycoach.figure.solver import solve
from traycoach.figure.vector import WORLD, spin_z

SIDE = Camera.seeing(90, 0)
VIEWS = (0, 25, 52, 90, 140, 180, -90)
STAND = clip_of('[pose.a]\nbase = "stand"\n[[move]]\nto = "a"\ncue = "Go"').poses["a"]
places = st.tuples(st.floats(-40, 40), st.floats(-40, 40), st.floats(-5, 5))


def spots(points: Points[float]) -> list[tuple[float, float]]:
    return list(zip(points[::2], points[1::2], strict=True))


def area(points: Points[float]) -> float:
    ring = spots(points)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def extent(points: Points[float], angle: float) -> float:
    return max(x * cos(angle) + y * sin(angle) for x, y in spots(points))


@given(places, places, st.floats(1, 12), st.floats(1, 12))
def test_outline_of_two_balls_reaches_as_far_as_the_farther_one(a, b, ra, rb) -> None:  # type: ignore[no-untyped-def]
    outline = Chain((ball(a, ra), ball(b, rb)), SIDE).outline()
    assert area(outline) > 0
    for k in range(8):
        c, s = cos(k * pi / 4), sin(k * pi / 4)
        wanted = max(a[0] * c + a[1] * s + ra, b[0] * c + b[1] * s + rb)
        assert extent(outline, k * pi / 4) == pytest.approx(wanted, abs=0.06 * max(ra, rb) + 0.01)


@given(places, places, st.floats(0, 180))
def test_outline_of_two_ellipsoids_covers_both(a, b, tilt) -> None:  # type: ignore[no-untyped-def]
    assume(hypot(a[0] - b[0], a[1] - b[1]) > 12)
    row = (Blob(a, (6.0, 2.0, 3.0), spin_z(WORLD, tilt)), Blob(b, (3.0, 5.0, 3.0), WORLD))
    outline = Chain(row, SIDE).outline()
    hull = Chain(row, SIDE, convex=True).outline()
    for k in range(12):
        assert extent(outline, k * pi / 6) == pytest.approx(extent(hull, k * pi / 6), abs=0.2)


def test_grown_outline_stands_off_everywhere() -> None:
    chain = Chain((ball((0, 0, 0), 4.0), ball((9, 0, 0), 2.0), ball((14, 5, 0), 2.0)), SIDE)
    for k in range(12):
        assert extent(chain.outline(grow=0.5), k * pi / 6) == pytest.approx(
            extent(chain.outline(), k * pi / 6) + 0.5, abs=0.06
        )


@pytest.mark.parametrize("order", [(5.0, 1.0, 3.0), (1.0, 5.0, 3.0), (1.0, 2.0, 9.0), (9.0, 2.0, 1.0)])
def test_ball_inside_its_neighbour_is_left_out(order: tuple[float, float, float]) -> None:
    chain = Chain([ball((k * 0.5, 0, 0), radius) for k, radius in enumerate(order)], SIDE)
    assert area(chain.outline()) == pytest.approx(pi * max(order) ** 2, rel=0.25)


def test_ellipsoid_inside_its_neighbour_is_left_out() -> None:
    large, small = Blob((0, 0, 0), (8, 6, 6), WORLD), Blob((1, 0, 0), (2, 1, 1), WORLD)
    for row in ((large, small), (small, large)):
        assert area(Chain(row, SIDE).outline()) == pytest.approx(pi * 48, rel=0.05)


def test_part_of_a_chain_can_be_outlined() -> None:
    chain = Chain([ball((k * 4.0, 0, 0), 3.0) for k in range(6)], SIDE)
    assert extent(chain.outline(2), pi) == pytest.approx(-5.0, abs=0.05)
    assert extent(chain.outline(0, 0.0, 3), 0.0) == pytest.approx(11.0, abs=0.05)
    assert area(chain.outline(99)) == pytest.approx(pi * 9, rel=0.05)


def test_profiles_pass_through_their_rows() -> None:
    rows = [(0.0, 1.0), (0.5, 3.0), (1.0, 2.0)]
    assert resample(rows, 3) == [pytest.approx(row) for row in rows]
    assert between_rows(rows, 0.25) == pytest.approx((2.0,))
    assert between_rows(rows, 7.0) == (2.0,)


def all_poses() -> Iterator[tuple[Clip, Pose]]:
    for clip in clips().values():
        yield clip, clip.poses[clip.key_pose]


@pytest.mark.parametrize("view", VIEWS)
def test_every_pose_can_be_drawn_from_every_side(view: float) -> None:
    camera = Camera.seeing(view, 6)
    for clip, pose in all_poses():
        commands = figure(solve(pose, clip.setting.props), camera, clip.target, Style())
        for command in commands:
            if isinstance(command, Fill | Shade):
                assert command.tone.role in ROLES
                assert command.tone.other in ("", *ROLES)
                assert all(len(points) >= 6 for points in command.outlines)


@pytest.mark.parametrize("hair", HAIR_SHAPES)
@pytest.mark.parametrize("outlined", [False, True])
@pytest.mark.parametrize("detail", list(Detail))
def test_every_style_can_be_drawn(detail: Detail, outlined: bool, hair: str) -> None:
    for view in VIEWS:
        style = Style(detail, hair, outlined)
        commands = figure(solve(STAND, {}), Camera.seeing(view, 6), (), style)
        inked = [command for command in commands if isinstance(command, Fill | Shade) and command.tone.role == "ink"]
        assert bool(inked) == outlined
        faced = any(isinstance(command, Curve) for command in commands)
        assert faced == (detail >= Detail.FACE and view not in (180, 140))


@pytest.mark.parametrize("target", REGIONS)
def test_every_target_glows_whatever_covers_it(target: str) -> None:
    for name in ("curl-up", "figure4-seated", "march-in-place"):
        clip = clips()[name]
        body = solve(clip.poses[clip.key_pose], clip.setting.props)
        for view in VIEWS:
            commands = figure(body, Camera.seeing(view, 6), (target,), Style())
            assert any(isinstance(command, Glow) for command in commands)


def test_targets_have_another_side() -> None:
    assert other_side("calf_r") == "calf_l"
    assert other_side("calf_l") == "calf_r"
    assert other_side("core") == "core"


def test_detail_grows_with_the_scale() -> None:
    assert [Detail.at(scale) for scale in (1.0, 4.0, 9.0)] == [Detail.PLAIN, Detail.FACE, Detail.FINGERS]


def test_eyelids_shut_and_open() -> None:
    front = Camera.seeing(0, 0)
    opened = shape_head.features(stand_up(NEUTRAL), front, Tone("hair"))
    shut = shape_head.features(stand_up({**NEUTRAL, "eyes.shut": 1.0}), front, Tone("hair"))
    assert sum(isinstance(mark, Fill) for mark in opened) == 2
    assert sum(isinstance(mark, Fill) for mark in shut) == 0


def test_hair_follows_the_head_from_all_round() -> None:
    shapes = set()
    for view in range(-180, 180, 10):
        for lean in (-90, -45, 0, 45, 90):
            body = stand_up({**NEUTRAL, "root.lean": float(lean)})
            for pitch in (0, 20):
                cap = shape_hair.cap(body, Camera.seeing(view, pitch))
                shapes.add((len(cap.outlines), cap.hollow))
    assert shapes == {(1, False), (2, True)}


PROPS: Scene = {
    "chair": Chair(),
    "desk": Desk(monitor=True),
    "wall": Wall(40.0),
    "mat": Mat(),
    "window": Window((100.0, 120.0, 0.0)),
}


def test_props_stand_behind_the_figure_and_the_backrest_in_front_of_its_back() -> None:
    side = backdrop(PROPS, SIDE)
    assert side.front == ()
    assert len(side.shadows) == 1
    assert Film(clips()["near-far"]).backdrop.back
    behind = backdrop(PROPS, Camera.seeing(180, 6))
    assert behind.front
    assert all(fill.tone.role in ROLES for fill in side.back + behind.front)
    assert backdrop({"desk": Desk(front=True)}, SIDE).front


def test_wall_behind_the_figure_fills_the_other_half() -> None:
    here, there = (backdrop({"wall": Wall(x)}, SIDE).back[0].outlines[0] for x in (40.0, -40.0))
    assert extent(here, 0.0) > 1000 > extent(there, 0.0)


def test_marks_belong_to_their_moves() -> None:
    film = Film(clips()["bird-dog"])
    arrows = [mark for mark in film.drawing(0).marks if isinstance(mark, Arrow)]
    assert [arrow.moves for arrow in arrows] == [("slide", "reach")] * 2
    gaze = [mark for mark in Film(clips()["near-far"]).drawing(0).marks if isinstance(mark, Gaze)]
    assert {mark.moves for mark in gaze} == {("near",), ("far",)}


def test_arrow_without_length_is_drawn_as_a_bare_head() -> None:
    motion = '[pose.a]\nbase = "stand"\n[[move]]\nto = "a"\ncue = "Go"\n[[arrow]]\npath = [[0,9,0],[0,9,0],[0,9,0]]\n'
    (mark,) = Film(clip_of(motion + "[[gaze]]\nto = [9, 9, 9]")).drawing(0).marks[:1]
    assert isinstance(mark, Arrow)


def test_frame_is_drawn_once_and_small() -> None:
    film = Film(clips()["sit-to-stand"])
    assert not film.has(3)
    assert film.drawing(3) is film.drawing(3)
    assert film.has(3)
    assert film.drawing(3).byte_count() < 60_000
    assert film.index(0.0) < film.frame_count


def test_close_up_is_square_and_a_fixed_frame_stays() -> None:
    close, fixed = Film(clips()["chin-tuck"]).bounds, Film(clips()["scap-squeeze"]).bounds
    assert close.tight
    assert close.top - close.bottom == pytest.approx(68.0)
    assert (fixed.bottom, fixed.top) == (67.0, 189.0)


def test_shadow_fades_with_height() -> None:
    film = Film(clips()["march-in-place"])
    drawn = [film.draw(pose).shadows for pose in film.clip.poses.values()]
    assert len(drawn[2]) == 2
    assert len(drawn[0]) == 1
    lying = Film(clips()["curl-up"]).drawing(0).shadows
    assert len(lying) > 4
