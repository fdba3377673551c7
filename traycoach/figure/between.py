"""The stance part of the way from one pose to the next. Source: docs/figure.md, "Between two poses"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from traycoach.figure.channels import ARM_CHANNELS, LEG_CHANNELS, Side
from traycoach.figure.pose import Anchor, Pin, Pose, Stance, Weighted
from traycoach.figure.vector import Vec, mix, unit


def between(start: Pose, end: Pose, share: float) -> Stance:
    """The stance `share` (0…1) of the way from `start` to `end`; contacts of both poses stay exact."""
    if share <= 0.0:
        return Stance.of(start)
    if share >= 1.0:
        return Stance.of(end)
    rest = 1.0 - share
    channels = {name: value * rest + end.channels[name] * share for name, value in start.channels.items()}
    from_pins, to_pins = _by_limb(start), _by_limb(end)
    pins: dict[str, Weighted] = {}
    for limb in {**from_pins, **to_pins}:
        first, last = from_pins.get(limb), to_pins.get(limb)
        pins[limb] = _pins_between(first, last, share)
        free = end if last is None else start if first is None else None
        if free is not None:
            # Angles written for a pinned limb mean nothing; moving towards them drags the hand through the body.
            side: Side = "r" if limb.endswith("_r") else "l"
            for name in (ARM_CHANNELS if limb.startswith("arm") else LEG_CHANNELS)[side]:
                channels[name] = free.channels[name]
    # A thing is in the hand while both poses hold it; it never comes or goes on the way.
    held = {hand: thing for hand, thing in start.held.items() if end.held.get(hand) == thing}
    layer = {
        part: start.layer.get(part, 0.0) * rest + end.layer.get(part, 0.0) * share
        for part in {**start.layer, **end.layer}
    }
    return Stance(channels, _anchors_between(start, end, share), pins, end.settle or start.settle, held, layer)


def _by_limb(pose: Pose) -> Mapping[str, Pin]:
    return {pin.limb: pin for pin in pose.pins.values()}


def _pins_between(first: Pin | None, last: Pin | None, share: float) -> Weighted:
    match first, last:
        case Pin(), Pin() if first.end == last.end and first.on == last.on and first.grip == last.grip:
            return ((_moved(first, last, share), 1.0),)
        case Pin(), Pin():
            return ((first, 1.0 - share), (last, share))
        case Pin(), None:
            return ((first, 1.0 - share),)
        case _:
            assert last is not None
            return ((last, share),)


def _moved(first: Pin, last: Pin, share: float) -> Pin:
    """One pin whose target travels from `first` to `last` on the same surface or part."""
    if first == last:
        return last

    def glide(a: float, b: float) -> float:
        return a + (b - a) * share

    def direction(a: Vec | None, b: Vec | None) -> Vec | None:
        return unit(mix(a, b, share)) if a is not None and b is not None else b

    return replace(
        last,
        x=glide(first.x, last.x),
        y=glide(first.y, last.y),
        z=glide(first.z, last.z),
        gap=glide(first.gap, last.gap),
        along=glide(first.along, last.along),
        off=mix(first.off, last.off, share),
        toe_out=glide(first.toe_out, last.toe_out),
        heel_up=glide(first.heel_up, last.heel_up),
        toe_up=glide(first.toe_up, last.toe_up),
        swivel=glide(first.swivel, last.swivel),
        palm=direction(first.palm, last.palm),
        point=direction(first.point, last.point),
    )


def _anchors_between(start: Pose, end: Pose, share: float) -> tuple[tuple[Anchor, float], ...]:
    first, last = _own(start), _own(end)
    if first is None or last is None:
        return tuple((anchor, 1.0) for anchor in (last or first,) if anchor is not None)
    if first == last:
        return ((last, 1.0),)
    if (first.point, first.on, first.over) != (last.point, last.on, last.over):
        return ((first, 1.0 - share), (last, share))
    bend = None
    if first.bend is not None and last.bend is not None:
        bend = first.bend + (last.bend - first.bend) * share
    x, y, z = mix((first.x, first.y, first.z), (last.x, last.y, last.z), share)
    return ((replace(last, x=x, y=y, z=z, bend=bend), 1.0),)


def _own(pose: Pose) -> Anchor | None:
    """The anchor with the knee bend of its own pose: in between, the channels belong to neither."""
    anchor = pose.anchor
    if anchor is None or not anchor.over or anchor.bend is not None:
        return anchor
    return replace(anchor, bend=min(pose.channels[f"knee_{foot[-1]}"] for foot in anchor.over))
