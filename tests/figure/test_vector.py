from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traycoach.figure.vector import (
    FORWARD,
    ORIGIN,
    RIGHT,
    UP,
    WORLD,
    Basis,
    Vec,
    about,
    angle_between,
    dot,
    frame,
    length,
    spin_x,
    spin_y,
    spin_z,
    turn,
    unit,
)

angles = st.floats(-180, 180)
frames = st.builds(lambda x, y, z: spin_z(spin_y(spin_x(WORLD, x), y), z), angles, angles, angles)


def near(a: Vec, b: Vec) -> bool:
    return a == pytest.approx(b, abs=1e-6)


def square(basis: Basis) -> bool:
    return all(abs(dot(basis[i], basis[j]) - (1.0 if i == j else 0.0)) < 1e-6 for i in range(3) for j in range(i, 3))


def test_vector_without_length_has_no_direction() -> None:
    assert unit((1e-12, 0.0, 0.0)) == ORIGIN


def test_quarter_turns_follow_the_right_hand() -> None:
    assert near(spin_y(WORLD, 90)[0], (0.0, 0.0, -1.0))
    assert near(spin_z(WORLD, 90)[0], UP)
    assert near(spin_x(WORLD, 90)[1], RIGHT)
    assert near(about(FORWARD, UP, 90), (0.0, 0.0, -1.0))


@given(frames, frames, st.floats(0, 1))
def test_turning_between_frames_gives_a_square_frame(a: Basis, b: Basis, share: float) -> None:
    assert square(turn(a, b, share))


@given(frames, frames)
def test_turning_ends_in_both_frames(a: Basis, b: Basis) -> None:
    assert turn(a, b, 0.0) == a
    assert turn(a, b, 1.0) == b
    assert all(
        length((x[0] - y[0], x[1] - y[1], x[2] - y[2])) < 1e-3 for x, y in zip(turn(a, b, 0.999999), b, strict=True)
    )


def test_turning_between_equal_frames_stays() -> None:
    assert turn(WORLD, WORLD, 0.5) == WORLD


@pytest.mark.parametrize("opposite", [spin_x(WORLD, 180), spin_y(WORLD, 180), spin_z(WORLD, 180)])
def test_half_a_turn_has_a_middle(opposite: Basis) -> None:
    middle = turn(WORLD, opposite, 0.5)
    assert square(middle)
    moved = [angle_between(a, b) for a, b in zip(WORLD, middle, strict=True)]
    assert sorted(moved) == pytest.approx([0.0, 90.0, 90.0], abs=1e-4)


def test_frame_keeps_up_and_comes_near_forward() -> None:
    basis = frame((0.0, 2.0, 0.0), (1.0, 1.0, 0.0))
    assert near(basis[1], UP)
    assert near(basis[0], FORWARD)
