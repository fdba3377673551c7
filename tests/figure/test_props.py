"""Props: what they offer for contacts, how they are written, where they stand in the order of painting."""

from __future__ import annotations

import tomllib
from math import tan

import pytest

from tests.figure.bundle import clip_of, presets
from traycoach.errors import UserError
from traycoach.figure.camera import Camera
from traycoach.figure.drawing import ROLES, Fill, Shade
from traycoach.figure.film import Film
from traycoach.figure.props import (
    ARMREST_UP,
    KINDS,
    SURFACES,
    Ball,
    Box,
    Chair,
    Desk,
    Door,
    Mat,
    Pillow,
    Scene,
    Wall,
    Wheelchair,
    surface,
)
from traycoach.figure.reading import Reader
from traycoach.figure.scene import parse_setting
from traycoach.figure.scenery import backdrop
from traycoach.figure.solver import solve

SIDE, BACK, FRONT = Camera.seeing(90, 6), Camera.seeing(180, 6), Camera.seeing(0, 6)
ALL: Scene = {
    "chair": Chair(arms=True, recline=12),
    "wheelchair": Wheelchair(),
    "desk": Desk(keyboard=True),
    "wall": Wall(),
    "door": Door(),
    "box": Box(),
    "ball": Ball(),
    "pillow": Pillow(),
    "mat": Mat(),
}


def top(name: str, scene: Scene = ALL) -> tuple[float, float, float]:
    found = surface(scene, name)
    assert found is not None
    return found.at(0.0, 0.0, 0.0)


def test_every_surface_is_offered_by_its_prop_and_by_no_other() -> None:
    for name in SURFACES:
        assert surface(ALL, name) is not None
        assert (surface({}, name) is None) == (name != "floor")


def test_things_to_rest_on_are_as_high_as_they_look() -> None:
    assert top("chair.seat")[1] == 46.0
    assert top("chair.arm_r") == (0.0, 46.0 + ARMREST_UP, 27.0)
    assert top("chair.arm_l")[2] == -27.0
    assert top("wheelchair.armrest_l") == (0.0, 50.0 + ARMREST_UP, -27.0)
    assert top("wheelchair.footrest")[:2] == (47.0, 12.0)
    assert top("box")[1] == 12.0
    assert top("ball") == (30.0, 7.0, 10.0)
    assert top("pillow")[1] == pytest.approx(1.2 + 0.75 * 5.0)
    assert top("pillow", {"pillow": Pillow(y=46.0)})[1] == pytest.approx(46.0 + 0.75 * 5.0)


def test_upright_surfaces_are_met_at_a_height_and_a_gap() -> None:
    rim, edge, door, back = (
        surface(ALL, name) for name in ("wheelchair.rim_l", "chair.edge_r", "door", "wheelchair.back")
    )
    assert rim is not None
    assert rim.at(5.0, 57.0, 0.0, 1.0) == (-9.0, 57.0, -32.0)
    assert edge is not None
    assert edge.at(-8.0, 45.0, 0.0, 0.5) == (-8.0, 45.0, 22.5)
    assert door is not None
    assert door.at(0.0, 160.0, 46.0, 2.0) == (28.0, 160.0, 46.0)
    assert back is not None
    assert back.at(0.0, 80.0, 3.0) == (-24.0, 80.0, 3.0)


def test_reclined_backrest_goes_back_with_the_height() -> None:
    back = surface({"chair": Chair(recline=20.0)}, "chair.back")
    assert back is not None
    low, high = back.at(0.0, 60.0, 0.0), back.at(0.0, 90.0, 0.0)
    assert (low[0] - high[0]) / 30.0 == pytest.approx(tan(20.0 * 3.14159265 / 180.0))
    turned = surface({"chair": Chair(facing="back")}, "chair.back")
    assert turned is not None
    assert turned.at(0.0, 80.0, 0.0)[0] == 24.0


def test_parts_on_the_viewers_side_are_painted_with_the_figure() -> None:
    arms: Scene = {"chair": Chair(arms=True)}
    assert backdrop(arms, SIDE).near
    assert not backdrop({"chair": Chair()}, SIDE).near
    assert not backdrop(arms, FRONT).near
    assert backdrop({"wheelchair": Wheelchair()}, SIDE).near
    assert backdrop({"wheelchair": Wheelchair()}, BACK).front
    assert backdrop({"door": Door()}, FRONT).front
    assert not backdrop({"door": Door()}, SIDE).front
    turned = backdrop({"chair": Chair(facing="back")}, FRONT)
    assert turned.front


@pytest.mark.parametrize(
    ("kind", "wider"), [("mat", True), ("box", True), ("pillow", True), ("wheelchair", True), ("desk", False)]
)
def test_small_props_are_seen_whole_and_large_ones_may_run_out(kind: str, wider: bool) -> None:
    motion = {"pose": {"a": {"base": "stand"}}, "move": [{"to": "a", "cue": "Go"}]}
    alone, beside = (Film(clip_of("", scene={"props": props}, **motion)).bounds for props in ([], [kind]))
    grown = beside.right - beside.left > alone.right - alone.left + 1.0
    assert grown == wider


def test_wall_behind_the_figure_fills_the_picture() -> None:
    assert len(backdrop({"wall": Wall(-14)}, FRONT).back) == 2
    assert len(backdrop({"wall": Wall(40)}, BACK).back) == 2
    assert len(backdrop({"wall": Wall(40)}, FRONT).back) == 3


def test_every_prop_is_painted_in_known_colours_from_all_round() -> None:
    for view in range(-180, 180, 30):
        drawn = backdrop(ALL, Camera.seeing(view, 6))
        assert all(fill.tone.role in ROLES for fill in (*drawn.back, *drawn.near, *drawn.front))


@pytest.mark.parametrize(
    ("prop", "key"),
    [
        ({"kind": "chair", "recline": 80}, "recline"),
        ({"kind": "chair", "facing": "left"}, "facing"),
        ({"kind": "chair", "arms": 1}, "arms"),
        ({"kind": "ball", "r": 0}, "r"),
        ({"kind": "box", "height": 3}, "height"),
        ({"kind": "window"}, "at"),
        ({"kind": "window", "at": [1, 2]}, "at"),
    ],
)
def test_mistake_in_a_prop_is_named(prop: dict[str, object], key: str) -> None:
    reader = Reader()
    parse_setting(reader, {"props": [prop]})
    assert [problem.key for problem in reader.problems] == [f"scene.props[0].{key}"]


def test_every_prop_can_be_written_by_its_name_alone() -> None:
    names = [name for name in KINDS if name != "window"]
    reader = Reader()
    assert set(parse_setting(reader, {"props": names}).props) == set(names)
    reader.finish()


def test_contact_at_an_upright_surface_needs_its_height() -> None:
    with pytest.raises(UserError, match="needs its height"):
        clip_of('[pose.a]\nbase = "stand"\npin.hand_r = { on = "door" }', scene={"props": ["door"]})


BASES = {
    "sit_desk": ["chair", {"kind": "desk", "x": 30}],
    "sit_arms": [{"kind": "chair", "arms": True}],
    "sit_recline": [{"kind": "chair", "recline": 24}],
    "stand_desk": [{"kind": "desk", "x": 26, "h": 94}],
    "stand_wall": [{"kind": "wall", "x": 45}],
    "stand_door": [{"kind": "door", "x": 22}],
    "step_up": [{"kind": "box", "x": 20}],
}


@pytest.mark.parametrize("name", presets())
def test_every_base_pose_meets_its_contacts(name: str) -> None:
    props = BASES.get(name, ["chair", "wheelchair", "mat", "pillow"])
    motion = {"pose": {"a": {"base": name}}, "move": [{"to": "a", "cue": "Go"}], "scene": {"props": props}}
    clip = clip_of("", **motion)
    missing = solve(clip.poses["a"], clip.setting.props).missing
    assert max(missing.values(), default=0.0) < 0.1


def test_near_wheel_is_painted_before_the_arm_that_turns_it() -> None:
    text = '[scene]\nprops = ["wheelchair"]\n[pose.a]\nbase = "wheelchair_rims"\n[[move]]\nto = "a"\ncue = "Go"'
    clip = clip_of("", **tomllib.loads(text))
    commands = Film(clip).drawing(0).figure
    roles = [command.tone.role for command in commands if isinstance(command, Fill | Shade)]
    wheel = max(i for i, role in enumerate(roles) if role == "caster")
    assert "skin" in roles[wheel:]
    assert "trousers" in roles[:wheel]
