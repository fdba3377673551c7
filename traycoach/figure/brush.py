"""The words the figure's layers are written in: chains, tones, fills, contact shades, glows.

Source: docs/figure.md, "Tone" and "Targets".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, degrees, hypot
from typing import Final

from traycoach.figure.camera import Camera
from traycoach.figure.drawing import Detail, FigureCommand, Fill, Glow, Points, Shade, Tone
from traycoach.figure.outline import Blob, Chain
from traycoach.figure.region import REGIONS
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import Vec

INK_WIDTH: Final = 0.75
_INK_SHADE: Final = 0.64
_INK_ALPHA: Final = 0.84


@dataclass(frozen=True, slots=True)
class Style:
    """What changes the drawing besides the body: level of detail, hair shape, ink outline of every part."""

    detail: Detail = Detail.FACE
    hair: str = "short"
    outlined: bool = False
    girth: float = 1.0
    """0.9 … 1.25 of the reference figure's width."""


class Brush:
    """Draws parts of one body: every command lands in `out`, every chain in `chains`."""

    def __init__(self, body: Body, camera: Camera, targets: Sequence[str], style: Style) -> None:
        """`targets` are region names; their glow is painted when the last layer over them is."""
        self.body, self.camera, self.style = body, camera, style
        body.girth = style.girth
        self.trunk_depth = camera.depth(body.spine[3][0])
        self.fine = 0.6 if style.detail >= Detail.FINGERS else 1.0
        self.out: list[FigureCommand] = []
        self.chains: list[Chain] = []
        self.waiting = {name: set(REGIONS[name].under) for name in targets}

    def underlay(self) -> None:
        """Ink under everything: all chains drawn so far, grown."""
        under = tuple(chain.outline(grow=INK_WIDTH) for chain in self.chains)
        self.out.append(Fill(under, Tone("ink")))

    def chain(self, blobs: Iterable[Blob], convex: bool = False) -> Chain:
        """The outline of a row of blobs."""
        chain = Chain(blobs, self.camera, convex, self.fine)
        self.chains.append(chain)
        return chain

    def row(self, chains: Iterable[Iterable[Blob]]) -> list[Chain]:
        """The outlines of several rows."""
        return [self.chain(blobs) for blobs in chains]

    def depth(self, point: Vec) -> float:
        """Distance towards the viewer, cm."""
        return self.camera.depth(point)

    def far(self, depth: float) -> float:
        """Share of the far tone, measured where the limb is joined to the trunk, so it never changes in a swing."""
        return min(1.0, max(0.0, (self.trunk_depth - depth - 3.0) / 13.0))

    def tone(self, role: str, depth: float) -> Tone:
        """`role`, shaded by how far back the part is joined."""
        share = round(self.far(depth), 3)
        return Tone(role, f"{role}_far", share) if share else Tone(role)

    def fill(self, chains: Sequence[Chain], tone: Tone) -> None:
        """Fill chains together."""
        self.out.append(Fill(tuple(chain.outline() for chain in chains), tone))

    def shade(self, outlines: tuple[Points[float], ...], alpha: float, tone: Tone | None = None) -> None:
        """Contact shade on what is painted already; ink in the outlined style."""
        if self.style.outlined:
            self.out.append(Shade(outlines, Tone("ink"), _INK_ALPHA))
        else:
            self.out.append(Shade(outlines, tone or Tone("shade"), alpha))

    def edge(self, chains: Sequence[Chain], width: float, alpha: float) -> None:
        """Contact shade around whole chains."""
        grow = _INK_SHADE if self.style.outlined else width
        self.shade(tuple(chain.outline(grow=grow) for chain in chains), alpha)

    def edge_from(self, chain: Chain, start: int, width: float, stop: int | None = None) -> Points[float]:
        """Outline for the contact shade of a limb without its seam ends."""
        return chain.outline(start, _INK_SHADE if self.style.outlined else width, stop)

    def glow(self, *layers: str) -> None:
        """Paint the glow of every target whose last covering layer has just been painted."""
        for name, left in self.waiting.items():
            if left.intersection(layers):
                left.difference_update(layers)
                if not left:
                    self.out.extend(glows(self.body, self.camera, name))


def glows(body: Body, camera: Camera, target: str) -> list[Glow]:
    """The glow of a target region, as large as the pose says: one stretched spot between each two of its points."""
    region = REGIONS[target]
    spots = [camera.project(body.on(region.on, along, off)) for along, off in region.points]
    pairs = list(pairwise(spots)) or [(spots[0], spots[0])]
    return [
        Glow(
            x=(ax + bx) / 2.0,
            y=(ay + by) / 2.0,
            half=hypot(bx - ax, by - ay) / 2.0,
            radius=region.radius * 1.65 * body.channels["glow.size"],
            angle=degrees(atan2(by - ay, bx - ax)),
        )
        for (ax, ay), (bx, by) in pairs
    ]
