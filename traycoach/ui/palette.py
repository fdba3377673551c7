"""Every colour of the program's windows and of the figure, as named roles (docs/figure.md, "Colour").

Colours are plain "#RRGGBB" texts, so this module imports nothing and any window, test or icon may read it.
`Palette` holds the interface roles; `FigureColours` the roles a figure drawing names ("skin", "chair_dark", …);
`FigureLook` the five colours and one hair shape a user may choose. Contrast figures stand beside the tables in the
design notes: all text >= 4.5:1, all controls and state marks >= 3:1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Theme = Literal["light", "dark"]
HairShape = Literal["short", "bun", "none", "long", "curly", "scarf"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Interface colours of one theme. Roles are named for their use, not for their hue."""

    name: str
    dark: bool
    contrast: bool
    """True in the high-contrast themes: borders are 2 px and every part of the figure gets an ink outline."""
    window: str
    card: str
    stage: str
    disc: str
    text: str
    text_second: str
    accent: str
    text_on_accent: str
    accent_soft: str
    text_on_accent_soft: str
    target: str
    """Also pain and due: the one warm colour."""
    warning: str
    border: str
    divider: str
    focus: str
    history_sitting: str
    history_standing: str
    history_away: str
    history_away_hatch: str
    figure: FigureColours

    @property
    def border_width(self) -> int:
        """Width of control borders, px."""
        return 2 if self.contrast else 1


@dataclass(frozen=True, slots=True)
class FigureColours:
    """Colours of figure and scene; the field names are the colour roles of `traycoach.figure.drawing`."""

    skin: str
    skin_far: str
    hair: str
    hair_far: str
    shirt: str
    shirt_far: str
    trousers: str
    trousers_far: str
    shoe: str
    shoe_far: str
    sole: str
    eye: str
    shade: str
    """Contact shade between two parts."""
    ink: str
    """Outline of every part in the high-contrast figure."""
    glow: str
    glow_core: str
    arrow: str
    rim: str
    """Rim of the arrow, the stage's colour."""
    shadow: str
    chair: str
    chair_dark: str
    chair_light: str
    caster: str
    desk_side: str
    desk_top: str
    mat: str
    mat_side: str
    cloth: str
    """Pillow, towel, ball, bottle: things one brings along."""
    cloth_light: str
    floor: str
    sky: str
    sun: str
    hill: str
    hill_near: str

    def colour(self, role: str) -> str:
        """The colour of a role; an unknown role is a bug and raises AttributeError."""
        value: str = getattr(self, role)
        return value


@dataclass(frozen=True, slots=True)
class FigureLook:
    """The user's figure: colours left None come from the theme. A scarf takes the hair's colour."""

    hair_shape: HairShape = "short"
    girth: float = 1.0
    """Width of the body, 0.9 … 1.25 of the reference figure's."""
    skin: str | None = None
    hair: str | None = None
    shirt: str | None = None
    trousers: str | None = None
    shoe: str | None = None


_LIGHT_FIGURE = FigureColours(
    skin="#CB875E",
    skin_far="#A86743",
    hair="#3A2B2E",
    hair_far="#2A1E21",
    shirt="#1F8A7E",
    shirt_far="#146A61",
    trousers="#33456B",
    trousers_far="#222F4D",
    shoe="#E2A23C",
    shoe_far="#B97F27",
    sole="#FFFFFF",
    eye="#2A1C1C",
    shade="#10242B",
    ink="#16282D",
    glow="#FF6B3D",
    glow_core="#FFC08F",
    arrow="#E4572E",
    rim="#EAF1EF",
    shadow="#24424A",
    chair="#B9C7CB",
    chair_dark="#9DAEB4",
    chair_light="#CBD6D9",
    caster="#7E9196",
    desk_side="#BFA27A",
    desk_top="#D8BF9C",
    mat="#A9C9C3",
    mat_side="#9EBBB8",
    cloth="#A9A6CC",
    cloth_light="#C6C4E0",
    floor="#CFDCD9",
    sky="#BFE0EC",
    sun="#FFE3A3",
    hill="#9CC7B4",
    hill_near="#7FB59D",
)

_DARK_FIGURE = FigureColours(
    skin="#DFA07A",
    skin_far="#B27650",
    hair="#8B6355",
    hair_far="#6E4B40",
    shirt="#3DB8A6",
    shirt_far="#2A8578",
    trousers="#6C86B8",
    trousers_far="#56709F",
    shoe="#F0BC66",
    shoe_far="#B98A44",
    sole="#FFF6E6",
    eye="#2A1C1C",
    shade="#0B1A22",
    ink="#EAF2F4",
    glow="#FF6A33",
    glow_core="#FFD699",
    arrow="#FFA274",
    rim="#18232B",
    shadow="#05090C",
    chair="#455A66",
    chair_dark="#364853",
    chair_light="#536B78",
    caster="#8FA4AE",
    desk_side="#6E5A43",
    desk_top="#8C7457",
    mat="#3A5B5A",
    mat_side="#4F6D6F",
    cloth="#5D5A86",
    cloth_light="#77749F",
    floor="#2B3B45",
    sky="#2C4A63",
    sun="#F3D9A0",
    hill="#35605F",
    hill_near="#2B5150",
)

LIGHT = Palette(
    name="light",
    dark=False,
    contrast=False,
    window="#FBFDFC",
    card="#FFFFFF",
    stage="#EAF1EF",
    disc="#DDE9E6",
    text="#16282D",
    text_second="#4A5F66",
    accent="#12695F",
    text_on_accent="#FFFFFF",
    accent_soft="#D7ECE7",
    text_on_accent_soft="#0D5249",
    target="#B23A18",
    warning="#8A5200",
    border="#73878C",
    divider="#D5E0DD",
    focus="#1F5FBF",
    history_sitting="#C2701A",
    history_standing="#14655B",
    history_away="#D7E0E2",
    history_away_hatch="#73878C",
    figure=_LIGHT_FIGURE,
)

DARK = Palette(
    name="dark",
    dark=True,
    contrast=False,
    window="#0F171D",
    card="#1A262E",
    stage="#18232B",
    disc="#21303A",
    text="#E8F0F2",
    text_second="#A9BCC3",
    accent="#45C9B6",
    text_on_accent="#06211D",
    accent_soft="#163F39",
    text_on_accent_soft="#8FE3D6",
    target="#FF9A72",
    warning="#F2B14C",
    border="#7D939C",
    divider="#2B3B45",
    focus="#8AB8FF",
    history_sitting="#EBA957",
    history_standing="#2B9486",
    history_away="#31424C",
    history_away_hatch="#7D939C",
    figure=_DARK_FIGURE,
)

_CONTRAST_PARTS = {
    "skin": "#F2CDB0",
    "skin_far": "#E6B894",
    "hair": "#4A3A3E",
    "hair_far": "#3A2B2E",
    "shirt": "#CDE8E2",
    "shirt_far": "#A9D2C9",
    "trousers": "#CFD8EE",
    "trousers_far": "#AFBDDF",
    "shoe": "#FBE3A6",
    "shoe_far": "#EFCF86",
    "sole": "#FFFFFF",
    "glow": "#E4572E",
    "glow_core": "#FFA274",
}

LIGHT_CONTRAST = replace(
    LIGHT,
    name="light-contrast",
    contrast=True,
    window="#FFFFFF",
    stage="#FFFFFF",
    disc="#EFF3F4",
    text="#000000",
    text_second="#1E2A2E",
    border="#1E2A2E",
    divider="#73878C",
    figure=replace(_LIGHT_FIGURE, **_CONTRAST_PARTS, ink="#000000", rim="#FFFFFF", arrow="#B23A18"),
)

DARK_CONTRAST = replace(
    DARK,
    name="dark-contrast",
    contrast=True,
    window="#000000",
    card="#0A0F12",
    stage="#000000",
    disc="#161E23",
    text="#FFFFFF",
    text_second="#DCE6E9",
    border="#DCE6E9",
    divider="#7D939C",
    figure=replace(_DARK_FIGURE, **_CONTRAST_PARTS, ink="#000000", rim="#000000", arrow="#FFA274"),
)


def palette_for(theme: Theme, contrast: bool = False) -> Palette:
    """The palette of a theme; `contrast` asks for the high-contrast one."""
    if theme == "dark":
        return DARK_CONTRAST if contrast else DARK
    return LIGHT_CONTRAST if contrast else LIGHT


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` (0…1) of the way from `first` to `second`, both "#RRGGBB", in straight sRGB."""
    start, end = _channels(first), _channels(second)
    return "#{:02X}{:02X}{:02X}".format(*(round(a + (b - a) * share) for a, b in zip(start, end, strict=True)))


def contrast_ratio(first: str, second: str) -> float:
    """WCAG contrast of two "#RRGGBB" colours, 1…21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def dressed(palette: Palette, look: FigureLook) -> FigureColours:
    """The figure colours of `palette` in the user's `look`; far tones of chosen colours are 24 % darker."""
    chosen = {part: getattr(look, part) for part in ("skin", "hair", "shirt", "trousers", "shoe")}
    changes = {part: colour for part, colour in chosen.items() if colour is not None}
    changes |= {f"{part}_far": mix(colour, "#000000", 0.24) for part, colour in changes.items()}
    return replace(palette.figure, **changes)


def needs_outline(palette: Palette, look: FigureLook) -> bool:
    """Whether the chosen figure must get the thin ink outline: shoes under 1.9:1 or skin under 2:1 to the stage."""
    colours = dressed(palette, look)
    return (
        palette.contrast
        or contrast_ratio(colours.shoe, palette.stage) < 1.85
        or contrast_ratio(colours.skin, palette.stage) < 2.0
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
