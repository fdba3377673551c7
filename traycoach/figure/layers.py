"""From a solved body to the ordered commands of the figure. Source: docs/figure.md, "Parts and order", "Tone".

Parts are sorted by the depth of their middle, with the rules named there. Every part comes as: contact shade on what
is already painted, then its own fill, then the glow of every target it was the last to cover.
"""

from __future__ import annotations

from collections.abc import Sequence

from traycoach.figure import shape_trunk
from traycoach.figure.brush import Style
from traycoach.figure.camera import Camera
from traycoach.figure.channels import SIDES
from traycoach.figure.drawing import Detail, FigureCommand, Fill, Tone
from traycoach.figure.layer_arms import arms_in_order, queue_arm
from traycoach.figure.layer_head import queue_head
from traycoach.figure.layer_legs import queue_leg
from traycoach.figure.shape_held import carried
from traycoach.figure.skeleton import Body
from traycoach.figure.stack import Stack
from traycoach.figure.vector import dot


def figure(
    body: Body, camera: Camera, targets: Sequence[str], style: Style, near: Sequence[Fill] = ()
) -> tuple[FigureCommand, ...]:
    """The commands of the figure, back to front; `near` are props between its legs and its arms."""
    stack = Stack(body, camera, targets, style)
    _queue(stack, near)
    if style.outlined:
        stack.underlay()
    for part in stack.parts:
        part.paint()
    # The parts hold the stack that holds them: such a ring would stay in memory until the next collection.
    stack.parts.clear()
    return tuple(stack.out)


def painting_order(body: Body, camera: Camera) -> tuple[tuple[str, ...], ...]:
    """The names of the parts, back to front; what is painted as one shares an entry."""
    stack = Stack(body, camera, (), Style(Detail.PLAIN))
    _queue(stack, ())
    names = tuple(part.names for part in stack.parts)
    stack.parts.clear()  # as above
    return names


def _queue(stack: Stack, near: Sequence[Fill]) -> None:
    """Queue all parts and order them by depth."""
    body, camera = stack.body, stack.camera
    for side in SIDES:
        queue_leg(stack, side)
    _queue_trunk(stack)
    queue_head(stack)
    for side in arms_in_order(body):
        queue_arm(stack, side)
    if "both" in body.held:
        things = carried(body, body.held["both"], camera)
        stack.part(stack.leg_front + 0.06, lambda: stack.out.extend(things), "held")
    if near:
        stack.part(stack.leg_front + 0.05, lambda: stack.out.extend(near), "near")
    stack.parts.sort(key=lambda part: part.depth)


def _queue_trunk(stack: Stack) -> None:
    body, points = stack.body, stack.body.points
    hem = stack.chain(shape_trunk.hem(body, stack.flex))
    shirt = [*stack.row(shape_trunk.shirt(body)), hem]
    neck = stack.chain(shape_trunk.neck(body))

    def paint_pelvis() -> None:
        stack.pelvis_done = True
        if len(stack.near_legs) < len(SIDES):
            # With both legs in the near tone a shade would only draw arcs across the hips.
            stack.edge(stack.pelvis, 0.6, 0.2)
        stack.fill(stack.pelvis, Tone("trousers"))
        stack.glow("pelvis")

    def paint_shirt() -> None:
        stack.edge(shirt, 0.6, 0.24)
        stack.fill(shirt, Tone("shirt"))
        stack.glow("chest")

    def paint_hem() -> None:
        stack.fill([hem], Tone("shirt"))
        stack.glow("lumbar")

    def paint_neck() -> None:
        stack.edge([neck], 0.55, 0.2)
        cloth = Tone("hair", "hair_far", 0.35)
        stack.fill([neck], cloth if stack.style.hair == "scarf" else Tone("skin", "skin_far", 0.32))
        stack.glow("neck")

    from_behind = dot(stack.camera.toward, body.frames["chest"][0]) <= -0.35
    stack.part(stack.depth(points["pelvis"]) - 0.5, paint_pelvis, "pelvis")
    stack.part(stack.trunk_depth, paint_shirt, "shirt")
    stack.part(stack.leg_front, paint_hem, "hem")
    stack.part(stack.trunk_depth + (-0.3 if from_behind else 0.3), paint_neck, "neck")
