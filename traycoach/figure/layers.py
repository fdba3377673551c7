"""From a solved body to the ordered commands of the figure. Source: docs/figure.md, "Parts and order", "Tone".

Parts are sorted by the depth of their middle, with the rules named there. Every part comes as: contact shade on what
is already painted, then its own fill, then the glow of every target it was the last to cover.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from traycoach.figure import shape_head, shape_limb, shape_trunk
from traycoach.figure.brush import Brush, Style
from traycoach.figure.camera import Camera
from traycoach.figure.channels import SIDES, Side
from traycoach.figure.drawing import Detail, FigureCommand, Fill, Tone
from traycoach.figure.outline import Chain
from traycoach.figure.shape_hand import hand
from traycoach.figure.shape_held import carried, held
from traycoach.figure.skeleton import Body, sign
from traycoach.figure.vector import Vec, at, distance, dot, mix

_TOUCHING = 18.0
"""A hand this near (cm) to the bone of a leg may touch it."""
_BEFORE, _BEHIND = 0.5, -4.0
"""How far (cm) towards the viewer from the bone a hand must be to be painted after the leg, or before it."""


class Part(NamedTuple):
    """A piece of the figure, or several painted as one, in the order of painting."""

    depth: float
    names: tuple[str, ...]
    paint: Callable[[], None]


def painting_order(body: Body, camera: Camera) -> tuple[tuple[str, ...], ...]:
    """The names of the parts, back to front; what is painted as one shares an entry."""
    layers = _Layers(body, camera, (), Style(Detail.PLAIN))
    layers.queue()
    return tuple(part.names for part in layers.parts)


def figure(
    body: Body, camera: Camera, targets: Sequence[str], style: Style, near: Sequence[Fill] = ()
) -> tuple[FigureCommand, ...]:
    """The commands of the figure, back to front; `near` are props between its legs and its arms."""
    return _Layers(body, camera, targets, style, near).commands()


class _Layers(Brush):
    """Collects parts with their depth, then runs them in order."""

    def __init__(
        self, body: Body, camera: Camera, targets: Sequence[str], style: Style, near: Sequence[Fill] = ()
    ) -> None:
        super().__init__(body, camera, targets, style)
        self.near = near
        self.flex = max(shape_trunk.thigh_flex(body, side) for side in SIDES)
        self.parts: list[Part] = []
        self.pelvis_done = False
        self.leg_parts: list[tuple[Vec, Vec, float]] = []
        """Bones of thighs and shanks (start, end) with the depth they are painted at."""
        self.leg_front = self.trunk_depth + 0.1
        """Depth of the nearest thigh: the hem is painted after it."""

    def commands(self) -> tuple[FigureCommand, ...]:
        """Queue all parts, run them in their order."""
        self.queue()
        if self.style.outlined:
            self.underlay()
        for part in self.parts:
            part.paint()
        return tuple(self.out)

    def part(self, depth: float, paint: Callable[[], None], *names: str) -> None:
        """Queue a part made of the named pieces."""
        self.parts.append(Part(depth, names, paint))

    def queue(self) -> None:
        """Queue all parts and order them by depth."""
        self.near_legs = [side for side in SIDES if self.far(self.hip_depth(side)) < 0.1]
        self.pelvis = self.row(shape_trunk.pelvis(self.body, self.near_legs))
        for side in SIDES:
            self.queue_leg(side)
        self.queue_trunk()
        self.queue_head()
        near_hand = max(SIDES, key=lambda s: self.camera.depth(self.body.points[f"wrist_{s}"]))
        for side in SIDES:
            self.queue_arm(side, near_hand)
        if "both" in self.body.held:
            things = carried(self.body, self.body.held["both"], self.camera)
            self.part(self.leg_front + 0.06, lambda: self.out.extend(things), "held")
        if self.near:
            self.part(self.leg_front + 0.05, lambda: self.out.extend(self.near), "near")
        self.parts.sort(key=lambda part: part.depth)

    def limb_girth(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Girth of upper arm and thigh, of forearm and shank, at their roots and ends: less and less to the ends."""
        more = self.body.girth - 1.0
        return (1.0 + more, 1.0 + 0.7 * more), (1.0 + 0.7 * more, 1.0 + 0.3 * more)

    def moved(self, part: str) -> float:
        """How far the pose moves a part towards the viewer in the order of painting."""
        return self.body.layer.get(part, 0.0)

    # -- legs, pelvis, shirt

    def hip_depth(self, side: Side) -> float:
        """Depth of a hip joint, spread a little, as the measure of a leg's tone."""
        points = self.body.points
        return self.trunk_depth + (self.depth(points[f"hip_{side}"]) - self.depth(points["pelvis"])) * 1.6

    def queue_leg(self, side: Side) -> None:
        points, frames = self.body.points, self.body.frames
        hip, knee, ankle = (points[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
        joined = self.hip_depth(side)
        upper, lower = self.limb_girth()
        thigh = self.chain(shape_limb.limb(shape_limb.THIGH_LEG, hip, knee, frames[f"thigh_{side}"], upper))
        shank = self.chain(shape_limb.limb(shape_limb.SHANK_LEG, knee, ankle, frames[f"shank_{side}"], lower))
        seam = shape_limb.first_after(shape_limb.THIGH_LEG, 0.3)
        knee_seam = shape_limb.first_after(shape_limb.SHANK_LEG, 0.2)
        tone = self.tone("trousers", joined)
        paint_shoe = self.shoe(side, joined)

        def paint_thigh() -> None:
            self.shade((self.edge_from(thigh, seam, 0.7),), 0.27)
            self.fill([thigh], tone)
            self.seamless_hip(tone)
            self.glow(f"thigh_{side}")

        def paint_shank() -> None:
            paint_shoe()
            self.shade((self.edge_from(shank, knee_seam, 0.7),), 0.27)
            self.fill([shank], tone)
            self.glow(f"shank_{side}", f"foot_{side}")

        def paint_leg() -> None:
            paint_shoe()
            self.shade((self.edge_from(thigh, seam, 0.7), self.edge_from(shank, 0, 0.7)), 0.27)
            self.fill([thigh, shank], tone)
            self.seamless_hip(tone)
            self.glow(f"thigh_{side}", f"shank_{side}", f"foot_{side}")

        thigh_depth = self.depth(mix(hip, knee, 0.5)) + self.moved(f"thigh_{side}")
        shank_depth = self.depth(mix(knee, ankle, 0.5)) + self.moved(f"shank_{side}")
        if abs(thigh_depth - shank_depth) < 9.0:
            thigh_depth = (thigh_depth + shank_depth) / 2.0
            shank_depth = thigh_depth
            self.part(thigh_depth, paint_leg, f"thigh_{side}", f"shank_{side}")
        else:
            self.part(thigh_depth, paint_thigh, f"thigh_{side}")
            self.part(shank_depth, paint_shank, f"shank_{side}")
        self.leg_parts += [(hip, knee, thigh_depth), (knee, ankle, shank_depth)]
        if self.flex < 97.0:
            self.leg_front = max(self.leg_front, thigh_depth + 0.2)

    def shoe(self, side: Side, joined: float) -> Callable[[], None]:
        upper, sole = (self.row(chains) for chains in shape_limb.shoe(self.body, side))
        ankle = self.chain(shape_limb.ankle(self.body, side))
        sole_tone = Tone("sole", "trousers_far", round(0.35 * self.far(joined), 3))
        sole_behind = dot(self.camera.toward, self.body.frames[f"foot_{side}"][1]) > 0.25

        def paint() -> None:
            self.edge([*upper, *sole], 0.6, 0.2)
            if sole_behind:
                self.fill(sole, sole_tone)
            self.fill([ankle], self.tone("skin", joined))
            self.fill(upper, self.tone("shoe", joined))
            if not sole_behind:
                self.fill(sole, sole_tone)

        return paint

    def seamless_hip(self, tone: Tone) -> None:
        """After a near thigh the pelvis is painted again: no seam at the hip."""
        if self.pelvis_done and tone.share < 0.1:
            self.fill(self.pelvis, Tone("trousers"))

    def queue_trunk(self) -> None:
        body, points = self.body, self.body.points
        hem = self.chain(shape_trunk.hem(body, self.flex))
        shirt = [*self.row(shape_trunk.shirt(body)), hem]
        neck = self.chain(shape_trunk.neck(body))

        def paint_pelvis() -> None:
            self.pelvis_done = True
            if len(self.near_legs) < len(SIDES):
                # With both legs in the near tone a shade would only draw arcs across the hips.
                self.edge(self.pelvis, 0.6, 0.2)
            self.fill(self.pelvis, Tone("trousers"))
            self.glow("pelvis")

        def paint_shirt() -> None:
            self.edge(shirt, 0.6, 0.24)
            self.fill(shirt, Tone("shirt"))
            self.glow("chest")

        def paint_hem() -> None:
            self.fill([hem], Tone("shirt"))
            self.glow("lumbar")

        def paint_neck() -> None:
            self.edge([neck], 0.55, 0.2)
            self.fill([neck], Tone("skin", "skin_far", 0.32))
            self.glow("neck")

        from_behind = dot(self.camera.toward, body.frames["chest"][0]) <= -0.35
        self.part(self.depth(points["pelvis"]) - 0.5, paint_pelvis, "pelvis")
        self.part(self.trunk_depth, paint_shirt, "shirt")
        self.part(self.leg_front, paint_hem, "hem")
        self.part(self.trunk_depth + (-0.3 if from_behind else 0.3), paint_neck, "neck")

    # -- head

    def queue_head(self) -> None:
        body, camera, basis = self.body, self.camera, self.body.frames["head"]
        face = self.row(shape_head.face(body))
        volume = self.chain(shape_head.volume(body), convex=True)
        fringe = self.chain(shape_head.fringe(body), convex=True)
        ears = {out: self.chain(shape_head.ear(body, out)) for out in (1.0, -1.0)}
        facing, sideways = dot(camera.toward, basis[0]), dot(camera.toward, basis[2])
        far = [out for out in ears if sideways * out <= 0.02]
        hairy = self.style.hair != "none"
        bun = self.chain(shape_head.bun(body)) if self.style.hair == "bun" else None
        skin, hair = Tone("skin"), Tone("hair")

        def paint() -> None:
            self.edge(face, 0.6, 0.24)
            if abs(facing) > 0.3:
                for out in far:
                    self.fill([ears[out]], Tone("skin", "skin_far", 0.4))
            if bun is not None and facing > -0.2:
                self.fill([bun], Tone("hair", "hair_far", 0.5))
            if hairy:
                self.fill([volume], hair)
            if facing > -0.6 or not hairy:
                self.fill(face, skin)
            else:
                self.fill(face[1:], skin)
                self.fill([volume], hair)
            if hairy:
                self.out.append(shape_head.cap(body, camera))
                self.fill([fringe], hair)
            if bun is not None and facing <= -0.2:
                self.fill([bun], Tone("hair", "hair_far", 0.6))
            near = Tone("skin", "skin_far", 0.28) if abs(sideways) > 0.5 else skin
            for out, chain in ears.items():
                if out not in far:
                    self.fill([chain], near)
            if self.style.detail >= Detail.FACE:
                self.out.extend(shape_head.features(body, camera))

        depth = max(self.depth(shape_head.middle(body)), self.trunk_depth + 0.4) + self.moved("head")
        self.part(depth, paint, "head")

    # -- arms

    def queue_arm(self, side: Side, near_hand: Side) -> None:
        points, frames, trunk = self.body.points, self.body.frames, self.trunk_depth
        shoulder, elbow, wrist = (points[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist"))
        upper_depth = self.depth(mix(shoulder, elbow, 0.5)) + 1.5
        fore_depth = self.depth(mix(elbow, wrist, 0.6)) + 1.5
        # A near arm is never under the hem band, unless a thigh stands far in front of the trunk.
        over_hem = min(self.leg_front + 0.1, trunk + 14.0)
        # An upper arm that hangs from the far shoulder stays behind the chest until it clearly passes it.
        before = upper_depth > (trunk - 4.0 if self.depth(shoulder) > trunk - 2.5 else trunk)
        if before:
            upper_depth = max(upper_depth, over_hem)
        if self.depth(wrist) > trunk + 9.0:
            # A hand in the lap lies before trunk and thighs.
            fore_depth = max(fore_depth, self.leg_front + 0.1)
        elif before and fore_depth > trunk - 4.0:
            fore_depth = max(fore_depth, over_hem)
        fore_depth = self.beside_legs(side, fore_depth) + self.moved(f"fore_{side}")
        upper_depth += self.moved(f"upper_{side}")
        joined = trunk + (self.depth(shoulder) - self.depth(points["neck_base"])) * 0.95
        root, end = self.limb_girth()
        upper_frame = frames[f"upper_{side}"]
        upper = self.chain(shape_limb.limb(shape_limb.UPPER_ARM, shoulder, elbow, upper_frame, root))
        sleeve = self.chain(shape_limb.limb(shape_limb.SLEEVE, shoulder, elbow, upper_frame, root))
        fore = self.chain(shape_limb.limb(shape_limb.FOREARM, elbow, wrist, frames[f"fore_{side}"], end))
        paint_hand = self.hand(side, joined, near_hand)
        skin, cloth = self.tone("skin", joined), self.tone("shirt", joined)
        upper_seam = shape_limb.first_after(shape_limb.UPPER_ARM, 0.3)
        upper_end = shape_limb.first_after(shape_limb.UPPER_ARM, 0.85)
        sleeve_seam = shape_limb.first_after(shape_limb.SLEEVE, 0.2)
        fore_seam = shape_limb.first_after(shape_limb.FOREARM, 0.22)

        def paint_arm() -> None:
            self.shade((self.edge_from(upper, upper_seam, 0.55), self.edge_from(fore, 0, 0.55)), 0.24)
            self.shade((self.edge_from(sleeve, sleeve_seam, 0.6),), 0.24)
            paint_hand()
            self.fill([upper, fore], skin)
            self.glow(f"fore_{side}")
            self.fill([sleeve], cloth)
            self.glow(f"upper_{side}")

        def paint_upper() -> None:
            self.shade((self.edge_from(upper, upper_seam, 0.55, upper_end),), 0.24)
            self.fill([upper], skin)
            self.shade((self.edge_from(sleeve, sleeve_seam, 0.6),), 0.24)
            self.fill([sleeve], cloth)
            self.glow(f"upper_{side}")

        def paint_fore() -> None:
            self.shade((self.edge_from(fore, fore_seam, 0.55),), 0.24)
            paint_hand()
            self.fill([fore], skin)
            self.glow(f"fore_{side}")

        # One part, unless the shirt goes between upper arm and forearm.
        if abs(upper_depth - fore_depth) < 14.0 and (upper_depth > trunk) == (fore_depth > trunk):
            # The hand decides: it touches more than the upper arm does.
            self.part(fore_depth, paint_arm, f"upper_{side}", f"fore_{side}")
        else:
            self.part(upper_depth, paint_upper, f"upper_{side}")
            self.part(fore_depth, paint_fore, f"fore_{side}")

    def beside_legs(self, side: Side, depth: float) -> float:
        """The forearm's depth, moved before or behind each thigh and shank its hand is close to."""
        palm = at(self.body.points[f"wrist_{side}"], self.body.frames[f"hand_{side}"], 0.0, -6.0, 0.0)
        touched = [(self.under(palm, start, end), painted) for start, end, painted in self.leg_parts]
        # The nearest bone has the last word.
        for bone, painted in sorted(touched, key=lambda part: -distance(palm, part[0])):
            if distance(palm, bone) < _TOUCHING:
                nearer = self.depth(palm) - self.depth(bone)
                if nearer > _BEFORE:
                    depth = max(depth, painted + 0.15)
                elif nearer < _BEHIND:
                    depth = min(depth, painted - 0.15)
        return depth

    def under(self, point: Vec, start: Vec, end: Vec) -> Vec:
        """The point of a bone that the picture shows nearest to `point`."""
        (px, py), (ax, ay), (bx, by) = (self.camera.project(spot) for spot in (point, start, end))
        dx, dy = bx - ax, by - ay
        share = ((px - ax) * dx + (py - ay) * dy) / max(dx * dx + dy * dy, 1e-6)
        return mix(start, end, min(1.0, max(0.0, share)))

    def grasp(self, things: Sequence[Fill], palm: Chain | None, tone: Tone) -> None:
        """A thing between the palm (painted first if it faces the viewer) and the fingers."""
        if palm is not None:
            self.fill([palm], tone)
        self.out.extend(things)

    def hand(self, side: Side, joined: float, near_hand: Side) -> Callable[[], None]:
        fingers = self.style.detail >= Detail.FINGERS
        rows = hand(self.body, side, fingers)
        thing = self.body.held.get(side)
        grasped = held(self.body, side, thing, self.camera) if thing else []
        palm_seen = dot(self.camera.toward, self.body.frames[f"hand_{side}"][2]) * sign(side) < 0.0
        chains = [(self.depth(row[-1].center), self.chain(row)) for row in rows]
        tone = self.tone("skin", joined)
        if fingers and side != near_hand:
            # The helping hand is deeper in tone, so that two hands can be told apart.
            tone = Tone("skin", "skin_far", min(1.0, tone.share + 0.28 * (1.0 - tone.share)))

        def paint() -> None:
            if fingers:
                if grasped:
                    self.grasp(grasped, chains[0][1] if palm_seen else None, tone)
                for _, chain in sorted(chains[1:] if grasped and palm_seen else chains, key=lambda pair: pair[0]):
                    self.shade((chain.outline(grow=0.22),), 0.59, Tone("skin_far"))
                    self.fill([chain], tone)
            else:
                whole = [chain for _, chain in chains]
                self.edge(whole, 0.55, 0.24)
                if grasped:
                    self.grasp(grasped, whole[0] if palm_seen else None, tone)
                self.fill(whole[1:] if grasped and palm_seen else whole, tone)

        return paint
