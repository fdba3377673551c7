"""Points, directions and frames as plain tuples.

A vector is (x, y, z): x forward, y up, z to the figure's right, in cm. A `Basis` is a frame as its three columns
(forward, up, right), so `place(basis, v)` turns local coordinates into world ones. All angles are in degrees.
"""

from __future__ import annotations

from math import acos, atan2, cos, degrees, radians, sin, sqrt

Vec = tuple[float, float, float]
Basis = tuple[Vec, Vec, Vec]

ORIGIN: Vec = (0.0, 0.0, 0.0)
FORWARD: Vec = (1.0, 0.0, 0.0)
UP: Vec = (0.0, 1.0, 0.0)
RIGHT: Vec = (0.0, 0.0, 1.0)
WORLD: Basis = (FORWARD, UP, RIGHT)


def add(a: Vec, b: Vec) -> Vec:
    """Sum."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def sub(a: Vec, b: Vec) -> Vec:
    """The way from `b` to `a`."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Vec, factor: float) -> Vec:
    """`a` times `factor`."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def step(a: Vec, direction: Vec, length: float) -> Vec:
    """The point `length` along `direction` from `a`."""
    return (a[0] + direction[0] * length, a[1] + direction[1] * length, a[2] + direction[2] * length)


def mix(a: Vec, b: Vec, share: float) -> Vec:
    """The point `share` (0…1) of the way from `a` to `b`."""
    rest = 1.0 - share
    return (a[0] * rest + b[0] * share, a[1] * rest + b[1] * share, a[2] * rest + b[2] * share)


def dot(a: Vec, b: Vec) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    """Vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a: Vec) -> float:
    """Euclidean length."""
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


def distance(a: Vec, b: Vec) -> float:
    """Distance of two points."""
    return length(sub(a, b))


def unit(a: Vec) -> Vec:
    """`a` with length 1; a vector too short to have a direction becomes zero."""
    size = length(a)
    return scale(a, 1.0 / size) if size > 1e-9 else ORIGIN


def without(a: Vec, axis: Vec) -> Vec:
    """The part of `a` at right angles to the unit vector `axis`."""
    return step(a, axis, -dot(a, axis))


def angle_between(a: Vec, b: Vec) -> float:
    """Degrees between two directions, 0…180."""
    return degrees(acos(max(-1.0, min(1.0, dot(unit(a), unit(b))))))


def place(basis: Basis, v: Vec) -> Vec:
    """World direction of the local vector `v`."""
    f, u, r = basis
    x, y, z = v
    return (f[0] * x + u[0] * y + r[0] * z, f[1] * x + u[1] * y + r[1] * z, f[2] * x + u[2] * y + r[2] * z)


def at(origin: Vec, basis: Basis, x: float, y: float, z: float) -> Vec:
    """World point of local coordinates (x, y, z) in the frame `basis` at `origin`."""
    f, u, r = basis
    return (
        origin[0] + f[0] * x + u[0] * y + r[0] * z,
        origin[1] + f[1] * x + u[1] * y + r[1] * z,
        origin[2] + f[2] * x + u[2] * y + r[2] * z,
    )


def spin_x(basis: Basis, angle: float) -> Basis:
    """`basis` turned about its own forward axis."""
    c, s = cos(radians(angle)), sin(radians(angle))
    f, u, r = basis
    return f, _pair(u, c, r, s), _pair(u, -s, r, c)


def spin_y(basis: Basis, angle: float) -> Basis:
    """`basis` turned about its own up axis."""
    c, s = cos(radians(angle)), sin(radians(angle))
    f, u, r = basis
    return _pair(f, c, r, -s), u, _pair(f, s, r, c)


def spin_z(basis: Basis, angle: float) -> Basis:
    """`basis` turned about its own right axis."""
    c, s = cos(radians(angle)), sin(radians(angle))
    f, u, r = basis
    return _pair(f, c, u, s), _pair(f, -s, u, c), r


def _pair(a: Vec, p: float, b: Vec, q: float) -> Vec:
    return (a[0] * p + b[0] * q, a[1] * p + b[1] * q, a[2] * p + b[2] * q)


def frame(up: Vec, forward: Vec) -> Basis:
    """The frame whose up axis is `up` and whose forward axis is as near `forward` as that allows."""
    y = unit(up)
    x = unit(without(unit(forward), y))
    return x, y, cross(x, y)


def average(a: Basis, b: Basis, share: float) -> Basis:
    """Column by column mean. Not orthonormal; meant for the skin between two neighbouring frames."""
    return mix(a[0], b[0], share), mix(a[1], b[1], share), mix(a[2], b[2], share)


def turn(a: Basis, b: Basis, share: float) -> Basis:
    """The frame `share` of the way from `a` to `b` on the shortest rotation."""
    if share <= 0.0:
        return a
    if share >= 1.0:
        return b
    # Rotation b·aᵀ as axis and angle, then that share of it applied to a.
    rows = [[sum(b[k][i] * a[k][j] for k in range(3)) for j in range(3)] for i in range(3)]
    axis = (rows[2][1] - rows[1][2], rows[0][2] - rows[2][0], rows[1][0] - rows[0][1])
    sine = length(axis)
    angle = atan2(sine, rows[0][0] + rows[1][1] + rows[2][2] - 1.0)
    if sine < 1e-6:
        if angle < 1.0:
            return b
        # Half a turn: the axis is the column of (M + 1) that is longest.
        columns = [tuple(rows[i][j] + (1.0 if i == j else 0.0) for i in range(3)) for j in range(3)]
        axis = max(((c[0], c[1], c[2]) for c in columns), key=length)
    axis = unit(axis)
    return (
        about(a[0], axis, degrees(angle) * share),
        about(a[1], axis, degrees(angle) * share),
        about(a[2], axis, degrees(angle) * share),
    )


def about(v: Vec, axis: Vec, angle: float) -> Vec:
    """`v` turned about the unit vector `axis`."""
    c, s = cos(radians(angle)), sin(radians(angle))
    return add(_pair(v, c, cross(axis, v), s), scale(axis, dot(axis, v) * (1.0 - c)))
