"""Reads poses from parsed TOML: base, channels, anchor, pins, settle. Source: docs/figure.md, "Poses"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from traycoach.figure.channels import (
    CHANNELS,
    LIMB,
    PINNED_ANKLE_HIGH,
    SIDES,
    SINGLE,
    TRUNK,
    Channel,
)
from traycoach.figure.pose import ENDS, LAYERED, Anchor, End, Grip, Pin, Pose, Settle
from traycoach.figure.props import SURFACES, UPRIGHT, Scene, surface
from traycoach.figure.reading import Reader, Table, join, nearest
from traycoach.figure.shape_held import ONE_HANDED, THINGS, TWO_HANDED
from traycoach.figure.skeleton import PART_NAMES, POINT_NAMES, split_side
from traycoach.text import _

_SPECIAL = ("base", "anchor", "pin", "settle", "layer", "held", "held_r", "held_l")
_JOINTS: dict[str, dict[str, Channel]] = {
    **TRUNK,
    **{name: values for joint, values in LIMB.items() for name in (joint, f"{joint}_r", f"{joint}_l")},
}
_SINGLES = tuple(name for joint in SINGLE for name in (joint, f"{joint}_r", f"{joint}_l"))
POSE_KEYS = (*_SPECIAL, *_JOINTS, *_SINGLES)

_FOOT_KEYS = ("on", "x", "y", "z", "gap", "toe_out", "heel_up", "toe_up", "swivel")
_ANKLE_KEYS = ("on", "along", "off", "swivel")
_HAND_KEYS = ("on", "x", "y", "z", "gap", "along", "off", "palm", "point", "grip", "swivel", "order")
_ANCHOR_KEYS = ("point", "on", "x", "y", "z", "over", "bend")
_SETTLE_KEYS = ("dof", "of", "along", "on", "y")
_LIMITS: dict[str, tuple[float, float]] = {
    "along": (0.0, 1.0),
    "toe_out": (-180.0, 180.0),
    "heel_up": (0.0, 70.0),
    "toe_up": (0.0, 50.0),
    "swivel": (-180.0, 180.0),
}


def parse_poses(
    reader: Reader, tables: Table, presets: Mapping[str, Pose], scene: Scene | None, path: str = "pose"
) -> dict[str, Pose]:
    """All poses of `tables` in their order; `base` may name a preset or an earlier pose.

    `scene` None (presets): surfaces are checked by name only, not against the props that are there.
    """
    poses: dict[str, Pose] = {}
    for name, value in tables.items():
        where = join(path, name)
        table = reader.table(value, where)
        known = {**presets, **poses}
        base = Pose()
        if "base" in table:
            wanted = reader.choice(table["base"], join(where, "base"), known)
            base = known.get(wanted, base)
        poses[name] = _PoseReader(reader, scene, where).read(table, base)
    return poses


class _PoseReader:
    """Reads one pose on top of its base."""

    def __init__(self, reader: Reader, scene: Scene | None, where: str) -> None:
        self.reader, self.scene, self.where = reader, scene, where

    def read(self, table: Table, base: Pose) -> Pose:
        self.reader.check_keys(table, POSE_KEYS, self.where)
        pins = dict(base.pins)
        if "pin" in table:
            self._pins(self.reader.table(table["pin"], join(self.where, "pin")), pins)
        anchor = base.anchor
        if "anchor" in table:
            anchor = self._anchor(self.reader.table(table["anchor"], join(self.where, "anchor")), pins)
        settle = base.settle
        if "settle" in table:
            settle = self._settle(self.reader.table(table["settle"], join(self.where, "settle")))
            if anchor is None:
                self.reader.wrong(join(self.where, "settle"), _("settle needs an anchor"))
                settle = None
        channels = dict(base.channels)
        # Both-sided keys first, so that one-sided ones win whatever their order in the file.
        for key in sorted(table, key=lambda name: name[-2:] in ("_r", "_l")):
            if key in _JOINTS:
                self._joint(key, self.reader.table(table[key], join(self.where, key)), channels)
            elif key in _SINGLES:
                self._single(key, table[key], channels, pins)
        layer = dict(base.layer)
        if "layer" in table:
            self._layer(self.reader.table(table["layer"], join(self.where, "layer")), layer)
        return Pose(channels, anchor, pins, settle, self._held(table, dict(base.held)), layer)

    def _layer(self, table: Table, layer: dict[str, float]) -> None:
        """Limbs first, so that a part's own key wins."""
        where = join(self.where, "layer")
        self.reader.check_keys(table, LAYERED, where)
        for key in (key for key in LAYERED if key in table):
            by = self.reader.number(table[key], join(where, key), 0.0, -120.0, 120.0)
            layer.update(dict.fromkeys(LAYERED[key], by))

    def _held(self, table: Table, held: dict[str, str]) -> dict[str, str]:
        """What the hands hold: `held` both of them, `held_r` and `held_l` one; false empties them."""
        for key, hands in (("held", ("r", "l")), ("held_r", ("r",)), ("held_l", ("l",))):
            if key not in table:
                continue
            held = {hand: thing for hand, thing in held.items() if hand not in (*hands, "both")}
            if table[key] is not False:
                things = THINGS if key == "held" else ONE_HANDED
                thing = self.reader.choice(table[key], join(self.where, key), things)
                held |= {"both": thing} if thing in TWO_HANDED else dict.fromkeys(hands, thing)
        return held

    def _joint(self, key: str, values: Table, channels: dict[str, float]) -> None:
        where, known = join(self.where, key), _JOINTS[key]
        self.reader.check_keys(values, known, where)
        names = [f"{key}_{side}" for side in SIDES] if key in LIMB else [key]
        for value, channel in known.items():
            if value in values:
                number = self.reader.number(
                    values[value], join(where, value), channel.neutral, channel.low, channel.high
                )
                channels.update({f"{name}.{value}": number for name in names})

    def _single(self, key: str, value: object, channels: dict[str, float], pins: Mapping[str, Pin]) -> None:
        names = [f"{key}_{side}" for side in SIDES] if key in SINGLE else [key]
        for name in names:
            channel = CHANNELS[name]
            high = PINNED_ANKLE_HIGH if name.replace("ankle", "foot") in pins and "ankle" in name else channel.high
            channels[name] = self.reader.number(value, join(self.where, key), channel.neutral, channel.low, high)

    def _anchor(self, table: Table, pins: Mapping[str, Pin]) -> Anchor:
        reader, where = self.reader, join(self.where, "anchor")
        reader.check_keys(table, _ANCHOR_KEYS, where)
        point = reader.choice(table.get("point"), join(where, "point"), POINT_NAMES)
        over: tuple[str, ...] = ()
        if "over" in table:
            over = tuple(reader.text(table["over"], join(where, "over")).split("+"))
            for foot in over:
                if foot not in pins or not foot.startswith("foot_"):
                    message = _("expected pinned feet such as “foot_r+foot_l”")
                    reader.wrong(join(where, "over"), message, nearest(foot, [p for p in pins if p[:4] == "foot"]))
                    over = ()
                    break
        bend = None
        if "bend" in table:
            bend = reader.number(table["bend"], join(where, "bend"), 0.0, 0.0, 150.0)
        x, y, z = self._coordinates(table, where)
        return Anchor(point, self._surface(table, where), x, y, z, over, bend)

    def _settle(self, table: Table) -> Settle:
        reader, where = self.reader, join(self.where, "settle")
        reader.check_keys(table, _SETTLE_KEYS, where)
        return Settle(
            dof="lean" if reader.choice(table.get("dof"), join(where, "dof"), ("tilt", "lean")) == "lean" else "tilt",
            of=reader.choice(table.get("of"), join(where, "of"), PART_NAMES),
            along=reader.number(table.get("along", 1.0), join(where, "along"), 1.0, 0.0, 1.0),
            on=self._surface(table, where, "mat"),
            y=reader.number(table.get("y", 0.0), join(where, "y")),
        )

    def _pins(self, table: Table, pins: dict[str, Pin]) -> None:
        where = join(self.where, "pin")
        self.reader.check_keys(table, ENDS, where)
        for name, value in table.items():
            if name not in ENDS:
                continue
            if value is False:
                pins.pop(name, None)
            else:
                pin = self._pin(name, self.reader.table(value, join(where, name)), join(where, name))
                for other in [held for held in pins if pins[held].limb == pin.limb]:
                    del pins[other]
                pins[name] = pin

    def _pin(self, name: str, table: Table, where: str) -> Pin:
        reader = self.reader
        end, side = split_side(name)
        keys = {"foot": _FOOT_KEYS, "ankle": _ANKLE_KEYS, "hand": _HAND_KEYS}[end]
        reader.check_keys(table, keys, where)
        places = SURFACES if end == "foot" else PART_NAMES if end == "ankle" else (*SURFACES, *PART_NAMES)
        on = reader.choice(table.get("on"), join(where, "on"), places)
        self._check_surface(on, join(where, "on"))
        if on in UPRIGHT and "y" not in table:
            reader.wrong(join(where, "y"), _("a contact at an upright surface needs its height"))
        pin = Pin(cast(End, end), side, on, order=int(reader.number(table.get("order", 0), join(where, "order"))))
        for key in ("x", "y", "z", "gap", "along", "toe_out", "heel_up", "toe_up", "swivel"):
            if key in table and key in keys:
                low, high = _LIMITS.get(key, (-300.0, 300.0))
                number = reader.number(table[key], join(where, key), 0.0, low, high)
                pin = replace(pin, **{key: number})  # type: ignore[arg-type]
        if "off" in table and "off" in keys:
            pin = replace(pin, off=reader.vector(table["off"], join(where, "off")))
        if end == "hand":
            pin = self._hand(pin, table, where)
        return pin

    def _hand(self, pin: Pin, table: Table, where: str) -> Pin:
        reader = self.reader
        if "palm" in table:
            pin = replace(pin, palm=reader.direction(table["palm"], join(where, "palm")))
        if "point" in table:
            pin = replace(pin, point=reader.direction(table["point"], join(where, "point")))
        if "grip" in table:
            grip = reader.choice(table["grip"], join(where, "grip"), ("palm", "fingers", "wrist", "wrap"))
            pin = replace(pin, grip=cast(Grip, grip))
        return pin

    def _coordinates(self, table: Table, where: str) -> tuple[float, float, float]:
        x, y, z = (self.reader.number(table.get(axis, 0.0), join(where, axis)) for axis in ("x", "y", "z"))
        return x, y, z

    def _surface(self, table: Table, where: str, default: str = "floor") -> str:
        on = self.reader.choice(table.get("on", default), join(where, "on"), SURFACES)
        self._check_surface(on, join(where, "on"))
        return on

    def _check_surface(self, on: str, where: str) -> None:
        """Note a surface whose prop is not in the scene."""
        if self.scene is not None and on in SURFACES and surface(self.scene, on) is None:
            prop = on.partition(".")[0]
            self.reader.wrong(where, _("there is no {prop} among the props of the scene").format(prop=prop))
