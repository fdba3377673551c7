"""Head, hair and face in the order of painting. Source: docs/figure.md, "Parts and order", rule 6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from traycoach.figure import shape_hair, shape_head
from traycoach.figure.drawing import Detail, Tone
from traycoach.figure.outline import Chain
from traycoach.figure.stack import Stack
from traycoach.figure.vector import dot

_SKIN: Final = Tone("skin")
_HAIR: Final = Tone("hair")


def queue_head(stack: Stack) -> None:
    """Queue the head with its hair or scarf; long hair in front of a trunk seen from behind, else behind it."""
    facing = dot(stack.camera.toward, stack.body.frames["head"][0])
    dress = _scarf(stack, facing) if stack.style.hair == "scarf" else _hair(stack, facing)
    middle = stack.depth(shape_head.middle(stack.body))
    stack.part(max(middle, stack.trunk_depth + 0.4) + stack.moved("head"), dress, "head")
    if stack.style.hair == "long":
        mane = stack.chain(shape_hair.mane(stack.body), convex=True)

        def paint_mane() -> None:
            stack.edge([mane], 0.6, 0.2)
            stack.fill([mane], Tone("hair", "hair_far", 0.35) if facing > -0.25 else _HAIR)

        behind, before = stack.trunk_depth - 0.4, max(middle, stack.trunk_depth + 0.4) + 0.01
        stack.part(behind if facing > -0.25 else before, paint_mane, "mane")


def _hair(stack: Stack, facing: float) -> Callable[[], None]:
    body, camera = stack.body, stack.camera
    face = stack.row(shape_head.face(body))
    volume = stack.chain(shape_hair.volume(body), convex=True)
    fringe = stack.chain(shape_hair.fringe(body), convex=True)
    ears = {out: stack.chain(shape_head.ear(body, out)) for out in (1.0, -1.0)}
    sideways = dot(camera.toward, body.frames["head"][2])
    far = [out for out in ears if sideways * out <= 0.02]
    style = stack.style.hair
    bun = stack.chain(shape_hair.bun(body)) if style == "bun" else None
    curls = [stack.chain([curl]) for curl in shape_hair.curls(body)] if style == "curly" else []

    def paint() -> None:
        stack.edge(face, 0.6, 0.24)
        if abs(facing) > 0.3:
            for out in far:
                stack.fill([ears[out]], Tone("skin", "skin_far", 0.4))
        if bun is not None and facing > -0.2:
            stack.fill([bun], Tone("hair", "hair_far", 0.5))
        if style != "none":
            stack.fill([volume, *curls], _HAIR)
        if facing > -0.6 or style == "none":
            stack.fill(face, _SKIN)
        else:
            stack.fill(face[1:], _SKIN)
            stack.fill([volume, *curls], _HAIR)
        if style != "none":
            stack.out.append(shape_hair.cap(body, camera))
            stack.fill([fringe], _HAIR)
        if bun is not None and facing <= -0.2:
            stack.fill([bun], Tone("hair", "hair_far", 0.6))
        near = Tone("skin", "skin_far", 0.28) if abs(sideways) > 0.5 else _SKIN
        for out, chain in ears.items():
            if out not in far:
                stack.fill([chain], near)
        _features(stack)

    return paint


def _scarf(stack: Stack, facing: float) -> Callable[[], None]:
    """A head covering: around head and chin, the face free. The neck under it takes the scarf's colour, too."""
    body, camera = stack.body, stack.camera
    face = stack.row(shape_head.face(body))
    wrap = stack.chain(shape_hair.wrap(body), convex=True)
    chin = stack.chain(shape_hair.chin_wrap(body))
    under = Tone("hair", "hair_far", 0.35)

    def paint() -> None:
        pieces: list[Chain] = [wrap, chin]
        stack.edge(pieces, 0.6, 0.24)
        stack.fill([wrap], _HAIR)
        stack.fill([chin], under)
        if facing > -0.6:
            stack.fill(face, _SKIN)
        stack.out.append(shape_hair.cap(body, camera, shape_hair.SCARF_CAP))
        _features(stack)

    return paint


def _features(stack: Stack) -> None:
    if stack.style.detail >= Detail.FACE:
        brow = Tone("eye") if stack.style.hair == "scarf" else _HAIR
        stack.out.extend(shape_head.features(stack.body, stack.camera, brow))
