"""Draw the application's icon, once, from one list of shapes: icons/traycoach.svg, PNG 16-512 and ICO.

    python bench/app_icon.py [FOLDER]

The ring is the tray icon's; in it somebody has got up and stretches. Up to 24 px the figure is stouter and has no legs.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

SIZES = (16, 20, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 48, 64, 256)
SCALE = 8
SMALL = 24
GROUND, TRACK, RING, FIGURE = "#14776C", "#3A9488", "#A6EADF", "#FFFFFF"


@dataclass(frozen=True)
class Ground:
    radius: float = 116

    def svg(self) -> str:
        return f'<rect width="512" height="512" rx="{self.radius:g}" fill="{GROUND}"/>'

    def draw(self, draw: ImageDraw.ImageDraw, k: float) -> None:
        draw.rounded_rectangle((0, 0, 512 * k - 1, 512 * k - 1), self.radius * k, fill=GROUND)


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    colour: str = FIGURE

    def svg(self) -> str:
        return f'<circle cx="{self.x:g}" cy="{self.y:g}" r="{self.radius:g}" fill="{self.colour}"/>'

    def draw(self, draw: ImageDraw.ImageDraw, k: float) -> None:
        x, y, r = self.x * k, self.y * k, self.radius * k
        draw.ellipse((x - r, y - r, x + r, y + r), fill=self.colour)


@dataclass(frozen=True)
class Line:
    points: tuple[tuple[float, float], ...]
    width: float

    def svg(self) -> str:
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in self.points)
        return (
            f'<path d="{path}" fill="none" stroke="{FIGURE}" stroke-width="{self.width:g}"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def draw(self, draw: ImageDraw.ImageDraw, k: float) -> None:
        draw.line([(x * k, y * k) for x, y in self.points], fill=FIGURE, width=round(self.width * k))
        for x, y in self.points:
            Dot(x, y, self.width / 2).draw(draw, k)


@dataclass(frozen=True)
class Ring:
    """A part of a ring around the middle, clockwise from 12 o'clock."""

    part: float
    radius: float
    width: float
    colour: str

    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        angle = self.part * math.tau
        return (256, 256 - self.radius), (256 + self.radius * math.sin(angle), 256 - self.radius * math.cos(angle))

    def svg(self) -> str:
        stroke = f'fill="none" stroke="{self.colour}" stroke-width="{self.width:g}"'
        if self.part >= 1:
            return f'<circle cx="256" cy="256" r="{self.radius:g}" {stroke}/>'
        (x0, y0), (x1, y1) = self.ends()
        large = int(self.part > 0.5)
        arc = f"M{x0:g} {y0:g} A{self.radius:g} {self.radius:g} 0 {large} 1 {x1:.2f} {y1:.2f}"
        return f'<path d="{arc}" {stroke} stroke-linecap="round"/>'

    def draw(self, draw: ImageDraw.ImageDraw, k: float) -> None:
        outer = self.radius + self.width / 2
        box = [(256 + sign * outer) * k for sign in (-1, -1, 1, 1)]
        draw.arc(tuple(box), -90, 360 * self.part - 90, fill=self.colour, width=round(self.width * k))
        if self.part < 1:
            for x, y in self.ends():
                Dot(x, y, self.width / 2, self.colour).draw(draw, k)


Shape = Ground | Dot | Line | Ring

LARGE_SHAPES: tuple[Shape, ...] = (
    Ground(),
    Ring(1, 182, 36, TRACK),
    Ring(0.75, 182, 36, RING),
    Dot(256, 162, 32),
    Line(((180, 166), (256, 262), (332, 166)), 28),
    Line(((256, 266), (256, 304)), 42),
    Line(((222, 386), (256, 308), (290, 386)), 30),
)
SMALL_SHAPES: tuple[Shape, ...] = (
    Ground(96),
    Ring(1, 186, 52, TRACK),
    Ring(0.75, 186, 52, RING),
    Dot(256, 148, 38),
    Line(((164, 170), (256, 264), (348, 170)), 44),
    Line(((256, 268), (256, 366)), 58),
)


def drawn(size: int) -> Image.Image:
    large = Image.new("RGBA", (size * SCALE, size * SCALE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(large)
    for shape in SMALL_SHAPES if size <= SMALL else LARGE_SHAPES:
        shape.draw(draw, size * SCALE / 512)
    # premultiplied, or the transparent corners would darken the edge
    return large.convert("RGBa").reduce(SCALE).convert("RGBA")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = "\n  ".join(shape.svg() for shape in LARGE_SHAPES)
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">'
    (folder / "traycoach.svg").write_text(f"{head}\n  <title>traycoach</title>\n  {body}\n</svg>\n")
    pictures = {size: drawn(size) for size in SIZES}
    for size, picture in pictures.items():
        picture.save(folder / f"traycoach-{size}.png", optimize=True)
    largest, *others = (pictures[size] for size in sorted(ICO_SIZES, reverse=True))
    largest.save(folder / "traycoach.ico", sizes=[(size, size) for size in ICO_SIZES], append_images=others)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "icons")
