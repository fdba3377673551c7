"""What moves besides joints: jaw, lids and belly; a glow that grows; whose hand is whose; what one can see through."""

from __future__ import annotations

import pytest

from tests.figure.bundle import clip_of
from traycoach.figure import shape_hair, shape_head
from traycoach.figure.brush import Style
from traycoach.figure.camera import Camera
from traycoach.figure.drawing import ROLES, Curve, Detail, FigureCommand, Fill, Glow, Tone
from traycoach.figure.layers import figure
from traycoach.figure.prop_shapes import Placed
from traycoach.figure.props import Chair, Door
from traycoach.figure.shape_hand import hand
from traycoach.figure.shape_room import door
from traycoach.figure.shape_seat import chair
from traycoach.figure.shape_trunk import hem, shirt
from traycoach.figure.skeleton import Body
from traycoach.figure.solver import solve

FRONT, SIDE, BEHIND = Camera.seeing(0, 6), Camera.seeing(90, 6), Camera.seeing(180, 6)
BROW = Tone("hair")


def body_of(lines: str = "") -> Body:
    return solve(clip_of(f'[pose.a]\nbase = "stand"\n{lines}\n[[move]]\nto = "a"\ncue = "Go"').poses["a"], {})


def commands(body: Body, camera: Camera, *targets: str, detail: Detail = Detail.FACE) -> list[FigureCommand]:
    return list(figure(body, camera, targets, Style(detail)))


# --- the head -------------------------------------------------------------------------------------------------------


def test_open_jaw_drops_the_chin_by_a_fingers_width_and_draws_it_back() -> None:
    shut, dropped = body_of(), body_of("jaw = { open = 12 }")
    before, after = (shape_head.face(body)[1][-1].center for body in (shut, dropped))
    assert 1.0 < before[1] - after[1] < 2.5
    assert after[0] < before[0]
    assert shape_head.face(shut)[0] == shape_head.face(dropped)[0]


def mouth(body: Body, camera: Camera) -> list[Fill | Curve]:
    marks = shape_head.features(body, camera, BROW)
    return [mark for mark in marks if mark.tone.role == "skin_far"]


def test_mouth_is_a_line_when_shut_and_dark_between_two_lips_when_open() -> None:
    assert [type(mark) for mark in mouth(body_of(), FRONT)] == [Curve]
    gap, upper, lower = mouth(body_of("jaw = { open = 12 }"), FRONT)
    assert isinstance(gap, Fill)
    assert isinstance(upper, Curve)
    assert isinstance(lower, Curve)
    assert {gap.tone.role, gap.tone.other} <= set(ROLES)
    ys = gap.outlines[0][1::2]
    assert max(ys) - min(ys) > 1.0
    assert upper.points[3] > lower.points[3]
    assert mouth(body_of("jaw = { open = 12 }"), BEHIND) == []


def test_scarf_follows_the_jaw() -> None:
    back, front = shape_hair.chin_wrap(body_of())
    back_open, front_open = shape_hair.chin_wrap(body_of("jaw = { open = 12 }"))
    assert back == back_open
    assert front_open.center[1] < front.center[1]


def test_squeezed_lids_bring_the_brows_down_and_lines_beside_the_eyes() -> None:
    soft = shape_head.features(body_of("eyes = { shut = 1 }"), FRONT, BROW)
    firm = shape_head.features(body_of("eyes = { shut = 1, squeeze = 1 }"), FRONT, BROW)
    assert len(firm) == len(soft) + 4
    brows = [
        [mark.points[1] for mark in marks if mark.tone == BROW and isinstance(mark, Curve)] for marks in (soft, firm)
    ]
    assert all(low < high for high, low in zip(*brows, strict=True))


# --- the trunk ------------------------------------------------------------------------------------------------------


def reaches(body: Body, way: float) -> list[float]:
    """How far the shirt reaches forward (1) or back (-1), from the hips up."""
    return [way * blob.center[0] + blob.axes[0] for blob in shirt(body)[0]]


def test_breath_moves_the_belly_forward_and_leaves_the_back_where_it_is() -> None:
    out, breath = body_of(), body_of("belly = { out = 3 }")
    rises = [after - before for before, after in zip(reaches(out, 1.0), reaches(breath, 1.0), strict=True)]
    assert max(rises) == pytest.approx(3.0, abs=0.1)
    assert rises[-1] == 0.0
    assert reaches(breath, -1.0) == pytest.approx(reaches(out, -1.0), abs=0.3)
    fronts = [max(blob.center[0] + blob.axes[0] for blob in hem(body, 0.0)) for body in (out, breath)]
    assert fronts[1] > fronts[0] + 1.0


# --- the glow -------------------------------------------------------------------------------------------------------


def test_glow_is_as_large_as_the_pose_says() -> None:
    glows = [
        [command.radius for command in commands(body_of(lines), FRONT, "core") if isinstance(command, Glow)]
        for lines in ("", "glow = { size = 0.5 }")
    ]
    assert glows[1] == pytest.approx([radius / 2 for radius in glows[0]])


def test_neither_thigh_covers_the_others_glow_seen_from_the_front() -> None:
    painted = commands(body_of(), FRONT, "quad_r", "quad_l")
    trousers = [index for index, one in enumerate(painted) if isinstance(one, Fill) and one.tone.role == "trousers"]
    glows = [index for index, one in enumerate(painted) if isinstance(one, Glow)]
    assert len(glows) == 2
    assert min(glows) > max(trousers)


def test_near_leg_covers_the_far_ones_glow() -> None:
    painted = commands(body_of(), SIDE, "quad_l")
    trousers = [index for index, one in enumerate(painted) if isinstance(one, Fill) and one.tone.role == "trousers"]
    (glow,) = (index for index, one in enumerate(painted) if isinstance(one, Glow))
    assert glow < max(trousers)


# --- hands ----------------------------------------------------------------------------------------------------------


def skin(body: Body) -> set[float]:
    """How far each piece of skin is shaded, from the front, with fingers."""
    painted = commands(body, FRONT, detail=Detail.FINGERS)
    return {one.tone.share for one in painted if isinstance(one, Fill) and one.tone.other == "skin_far"}


def test_helping_hand_has_a_tone_of_its_own_and_two_hands_that_do_alike_have_none() -> None:
    helping = 'pin.hand_l = { on = "fore_r", along = 0.6, off = [3, 0, 0], palm = "back" }'
    reaching = "shoulder = { flex = 60 }\nelbow = 60"
    alone, helped = body_of(reaching), body_of(f"{reaching}\n{helping}")
    assert alone.helping == {}
    assert helped.helping == {"l": 1.0}
    assert skin(helped) - skin(alone) == {0.45}


def test_pinch_bends_the_forefinger_and_no_other() -> None:
    open_hand, ring = (hand(body_of(lines), "r", fingers=True) for lines in ("", "pinch_r = 66"))
    bent = [before != after for before, after in zip(open_hand, ring, strict=True)]
    assert bent == [False, True, False, False, False, False]


# --- props ----------------------------------------------------------------------------------------------------------


def solid(placed: Placed) -> list[Fill]:
    return [fill for fill in placed.front if not fill.hollow]


def test_clear_door_leaves_the_figure_to_be_seen_through_its_posts() -> None:
    beyond = Camera.seeing(34, 6)
    assert solid(door(Door(), beyond))
    clear = door(Door(clear=True), beyond)
    assert solid(clear) == []
    assert len(clear.front) == 2
    assert len(clear.back) > len(door(Door(), beyond).back)
    assert door(Door(clear=True), BEHIND).front == []


def test_chair_that_cannot_roll_stands_on_four_legs() -> None:
    rolling, fixed = (chair(Chair(legs=legs), SIDE) for legs in (False, True))
    assert any(fill.tone.role == "caster" for fill in rolling.back)
    assert not any(fill.tone.role == "caster" for fill in fixed.back)
    lowest = min(min(outline[1::2]) for fill in fixed.back for outline in fill.outlines)
    assert lowest == pytest.approx(0.0, abs=3.0)
