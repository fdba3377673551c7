"""The colours of the tray icon (visual design, tray icon), one palette a rendering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

Rgb = tuple[int, int, int]


class Look(StrEnum):
    """The rendering: for a light bar, for a dark bar, for a bar of unknown brightness, or in one colour.

    Template comes in black and white; on macOS the system colours the black one itself.
    """

    LIGHT = "light"
    DARK = "dark"
    EITHER = "either"
    TEMPLATE_BLACK = "template-black"
    TEMPLATE_WHITE = "template-white"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one rendering. `plate` is a ground of its own; `one_colour`: tell tones by transparency."""

    ring: Rgb
    near: Rgb
    track: Rgb
    due: Rgb
    arrow: Rgb
    ink: Rgb
    dim: Rgb
    plate: Rgb | None = None
    one_colour: bool = False


def _rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _palette(ring: str, near: str, track: str, due: str, arrow: str, ink: str, dim: str) -> Palette:
    return Palette(_rgb(ring), _rgb(near), _rgb(track), _rgb(due), _rgb(arrow), _rgb(ink), _rgb(dim))


def _template(colour: str) -> Palette:
    return replace(_palette(colour, colour, colour, colour, colour, colour, colour), one_colour=True)


PALETTES = {
    Look.LIGHT: _palette("#14776C", "#A86200", "#B4C1C6", "#C8401B", "#FFFFFF", "#2A3E45", "#5F7279"),
    Look.DARK: _palette("#45C9B6", "#F2B14C", "#4C5A62", "#FF7A4D", "#1A1210", "#E8EEF0", "#9FB0B7"),
    Look.TEMPLATE_BLACK: _template("#000000"),
    Look.TEMPLATE_WHITE: _template("#FFFFFF"),
}
# the dark rendering brings its own dark ground along: it reads on every bar, and melts into a dark one
PALETTES[Look.EITHER] = replace(PALETTES[Look.DARK], plate=_rgb("#1C2226"))
