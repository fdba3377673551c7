"""The settings as the program uses them: frozen, typed, complete. Nothing here knows a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from traycoach.core.rules import Schedule
from traycoach.errors import Problem


class Means(StrEnum):
    """How prompts reach the user; AUTO is what the desktop does best."""

    AUTO = "auto"
    WINDOW = "window"
    NOTIFICATION = "notification"


class Corner(StrEnum):
    """Where the card stands; AUTO is beside the tray."""

    AUTO = "auto"
    BOTTOM_RIGHT = "bottom-right"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    TOP_LEFT = "top-left"


class Theme(StrEnum):
    """Colours of the windows."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Hair(StrEnum):
    """Shape of the figure's hair."""

    SHORT = "short"
    BUN = "bun"
    LONG = "long"
    CURLY = "curly"
    SCARF = "scarf"
    NONE = "none"


class Bar(StrEnum):
    """Colour of the panel that the icon stands on."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Counts(StrEnum):
    """What is kept of input: minutes of typing and pointing, counts of keys and clicks too, or nothing."""

    MINUTES = "minutes"
    FULL = "full"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Guards:
    """Which reasons not to interrupt are watched for.

    `calendars` are paths as written; `~` is not yet expanded. `in_front` and `running` are names of programs.
    """

    fullscreen: bool
    microphone: bool
    camera: bool
    do_not_disturb: bool
    sharing: bool
    inhibitor: bool
    media: bool
    on_battery: bool
    in_front: tuple[str, ...]
    running: tuple[str, ...]
    meeting: bool
    calendars: tuple[str, ...]

    @property
    def switches(self) -> dict[str, bool]:
        """Whether each reason, by the name that its guard has, holds prompts back."""
        return {
            "fullscreen": self.fullscreen,
            "microphone": self.microphone,
            "camera": self.camera,
            "dnd": self.do_not_disturb,
            "sharing": self.sharing,
            "inhibitor": self.inhibitor,
            "media": self.media,
            "battery": self.on_battery,
            "application": bool(self.in_front or self.running),
            "meeting": self.meeting,
        }


@dataclass(frozen=True, slots=True)
class Prompting:
    """How a prompt reaches the user."""

    by: Means
    corner: Corner


class Kit(StrEnum):
    """What a routine may need besides the person."""

    CHAIR = "chair"
    DESK = "desk"
    WALL = "wall"
    MAT = "mat"
    DOOR = "door"
    STEP = "step"
    TOWEL = "towel"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Offers:
    """Which routines are offered unasked. `leave_out` are filter words ("kneel", "neck-end") and ids of exercises.

    `discreet` is the least that is offered: 1 anything, 2 ordinary movements, 3 what nobody notices. `favourites`
    and `hidden` are ids of routines; favourites stand first in lists, hidden ones are in none.
    """

    floor: bool = False
    wheelchair: bool = False
    level: int = 3
    leave_out: frozenset[str] = frozenset()
    seated: bool = False
    kit: frozenset[str] = frozenset(Kit)
    discreet: int = 1
    favourites: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FigureLook:
    """The user's figure. Colours are "#rrggbb", or empty for the theme's own."""

    skin: str
    hair: Hair
    hair_colour: str
    shirt: str
    trousers: str
    shoes: str
    girth: float


@dataclass(frozen=True, slots=True)
class Appearance:
    """How windows look. `text_scale` multiplies the system's."""

    theme: Theme
    high_contrast: bool
    reduced_motion: bool
    text_scale: float
    sounds: bool
    figure: FigureLook


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `language` empty is the system's. `warnings` are doubts about good settings, for `config check`."""

    preset: str
    language: str
    schedule: Schedule
    guards: Guards
    prompting: Prompting
    offers: Offers
    appearance: Appearance
    bar: Bar
    counts: Counts
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
