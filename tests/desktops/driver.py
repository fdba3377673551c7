"""What the matrix of desktops asks of a desktop, whichever it is: one `Driver` class a desktop.

`test_matrix.py` has one test an aspect and runs it on every desktop that `DESKTOPS` names; `docs/desktops.md` shows the
results. A new desktop is a subclass of `Driver` (or of `x11_driver.X11Driver`) and one line in `DESKTOPS`. Every method
acts as a person would, on the real desktop: a real pointer, real keys, pixels of the real screen. What a desktop offers
no such way for goes another way, and `notes` says so in the cell.

A driver is used again for the next aspect of the same desktop, with a coach in a home of its own; after a failed test,
and for LOGIN, it is started anew.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from PIL import Image, ImageChops

from tests.desktops.coach import Coach
from tests.desktops.lab import Lab
from tests.tray.driver import box_of_colour

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the screen."""

# The states whose colours tell the icon from everything else on a panel: the ring while sitting (its track, and what is
# filled of it), and the disc of a due prompt.
TOLD_BY_COLOUR = ("sitting", "due")
LEAST_OF_ICON = 20  # pixels of its colours
WIDEST_ICON = 48


class Aspect(StrEnum):
    """A row of the matrix. The value is what the page calls it."""

    ICON = "icon on the screen"
    MENU = "menu"
    CLICK = "left click"
    LIVE = "icon and menu change live"
    RESTART = "panel restarted"
    IDLE = "idle and resume"
    BUTTONS = "notification buttons"
    LOGIN = "started at login"
    ROUTINE = "prompt, routine, history"


OF_THE_TRAY = (Aspect.MENU, Aspect.CLICK, Aspect.LIVE, Aspect.RESTART)
"""What there is only with an icon."""


class Hands(Protocol):
    """Somebody at the desk, as `person.Person` is one: input that is real to the desktop and writes nothing."""

    def typing(self) -> AbstractContextManager[None]:
        """Type without a pause for as long as the block lasts."""
        ...

    def type_for(self, length_s: float) -> None:
        """Type without a pause for so long."""
        ...

    def touch(self) -> None:
        """Tap one key, or move the pointer once."""
        ...


@dataclass(frozen=True)
class MenuLook:
    """How this desktop draws a menu of the tray, in pixels: `above` the first row, a row's and a separator's height."""

    above: int
    row: int
    separator: int

    def middle_of(self, box: Box, row: int, separators: int) -> tuple[int, int]:
        """Give the middle of a row: `row` rows and `separators` separators are above it."""
        y = box[1] + self.above + row * self.row + separators * self.separator + self.row // 2
        return box[0] + min(60, (box[2] - box[0]) // 2), y


class Driver(ABC):
    """One desktop, for one test after the other. Between `start` and `stop` everything below can be asked of it."""

    heavy: ClassVar[bool] = False
    """Whether it needs the packages of `make desktops`."""
    has_tray: ClassVar[bool] = True
    """False: this desktop shows no icon of anybody; the coach must say so and be of use without."""
    prompts_by_notification: ClassVar[bool] = False
    """True: with `by = "auto"` a prompt is a notification (Wayland); False: a card."""
    has_menu: ClassVar[bool] = True
    """False: the tray draws no menu (XEmbed); a right click opens the status window instead."""
    menu_look: ClassVar[MenuLook]
    panel: ClassVar[Box]
    """Where the panel is; menus and notifications are looked for outside of it."""
    tray: ClassVar[Box | None] = None
    """Where on the panel the icon is looked for, if the panel has other things in its colours; None: all over it."""
    near: ClassVar[int] = 7
    """How far off, in each channel, a pixel of the icon may be."""
    notes: ClassVar[Mapping[Aspect, str]] = {}
    """What the page must say beside the verdict of a tested cell."""
    untested: ClassVar[Mapping[Aspect, str]] = {}
    """Cells without a test here, and what the page says there: "not tested: WHY", "fake only: WHAT", "–: WHY NOT"."""
    size: ClassVar[str] = "1280x800"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def without_test(cls) -> dict[Aspect, str]:
        """Give the cells of this desktop that have no test, and what the page says there."""
        return {**({} if cls.has_tray else dict.fromkeys(OF_THE_TRAY, "–")), **cls.untested}

    @classmethod
    def remark(cls, aspect: Aspect) -> str:
        """Give what the page says to a tested cell; "" if nothing."""
        if aspect is Aspect.ROUTINE and cls.prompts_by_notification:
            return cls.notes.get(aspect, "the prompt is a notification, and a click on it opens the routine")
        return cls.notes.get(aspect, "")

    # --- the desktop itself -------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def lab(self) -> Lab:
        """The lab that runs the desktop; programs start with its environment."""

    def start(self) -> None:
        """Start the desktop with its panel and its notification server; when this returns all of it is ready."""
        self.lab.__enter__()

    def stop(self) -> None:
        """End the desktop and everything in it."""
        self.lab.__exit__()

    @abstractmethod
    def log_in(self) -> None:
        """Start the desktop as a login does, by its own session manager, which starts the autostart entries.

        Called in place of `start`. The test has written the entry to lab.environ["XDG_CONFIG_HOME"]/autostart before;
        for that `lab.environ` has the desktop's variables (XDG_CURRENT_DESKTOP, …) from `__init__` on. No other entries
        may be started: set XDG_CONFIG_DIRS to an empty folder where the desktop bears it.
        """

    @abstractmethod
    def version(self) -> str:
        """Give the names and versions of what runs, for the page: "sway 1.7, waybar 0.9.17, mako 1.7"."""

    # --- what a person sees and does ----------------------------------------------------------------------------------

    def picture(self) -> Image.Image:
        """Take a picture of the whole screen."""
        return self.lab.picture()

    @abstractmethod
    def person(self) -> Hands:
        """Give somebody at the desk."""

    @abstractmethod
    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""

    @abstractmethod
    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click: 1 left, 2 middle, 3 right."""

    @abstractmethod
    def tap(self, key: str) -> None:
        """Press and let go one key, by its keysym's name: "Return", "Escape", "Down"."""

    @abstractmethod
    def window(self, title: str) -> Box | None:
        """Give where a mapped window stands whose title contains this; None if there is none.

        Where the desktop tells no place (Wayland), the whole screen will do: only being there counts.
        """

    # --- the tray -----------------------------------------------------------------------------------------------------

    def icon(self, state: str, limit_s: float = 30.0) -> tuple[int, int]:
        """Wait until the icon is on the panel in this state ("sitting", "due"), and give its middle."""
        return self.lab.wait_until(lambda: self._icon_now(state), limit_s, f"the icon while {state}")

    def no_icon(self, limit_s: float = 30.0) -> None:
        """Wait until no icon of the coach is on the panel."""
        gone = lambda: not any(self._icon_now(state) for state in TOLD_BY_COLOUR)  # noqa: E731
        self.lab.wait_until(gone, limit_s, "the icon's end")

    def _icon_now(self, state: str) -> tuple[int, int] | None:
        where = self.tray or self.panel
        box = box_of_colour(self.picture().crop(where), state, LEAST_OF_ICON, self.near)
        if box is None or max(box[2] - box[0], box[3] - box[1]) > WIDEST_ICON:
            return None
        return where[0] + (box[0] + box[2]) // 2, where[1] + (box[1] + box[3]) // 2

    def click_icon(self, icon: tuple[int, int]) -> None:
        """Do what means "the default action" here. A left click; on GNOME a double click."""
        self.click(*icon)

    def call_menu(self, icon: tuple[int, int]) -> None:
        """Do what opens the icon's menu here. A right click; on GNOME a left one."""
        self.click(*icon, 3)

    def open_menu(self, icon: tuple[int, int], limit_s: float = 20.0) -> Box:
        """Open the icon's menu and give where it stands, once it is drawn."""
        before = self.still()
        self.call_menu(icon)
        return self.lab.wait_until(lambda: self._appeared_still(before, least=(80, 100)), limit_s, "the menu")

    def close_menu(self) -> None:
        """Close the menu that is open."""
        self.tap("Escape")

    def choose(self, icon: tuple[int, int], row: int, separators: int) -> None:
        """Open the menu and click a row; `row` rows and `separators` separators are above it."""
        box = self.open_menu(icon)
        x, y = self.menu_look.middle_of(box, row, separators)
        self.move(x, y)
        self.click(x, y)

    @abstractmethod
    def kill_host(self) -> None:
        """End the panel as a crash does (SIGKILL); the icon's place is gone when this returns."""

    @abstractmethod
    def start_host(self) -> None:
        """Start the panel again; it takes icons when this returns."""

    # --- notifications ------------------------------------------------------------------------------------------------

    def await_notification(self, before: Image.Image, limit_s: float = 60.0) -> Box:
        """Wait until a notification stands that is not in `before`, and give where.

        Where the desktop can be asked (a list of windows, D-Bus), do that instead: a blinking caret is a change, too.
        """
        return self.lab.wait_until(lambda: self._appeared_still(before, least=(120, 40)), limit_s, "the notification")

    @abstractmethod
    def press(self, action: str, box: Box) -> None:
        """Press the notification at `box`: "default" is a click, "start", "snooze", "skip", "getting-up" a button.

        By the pointer where the server draws buttons; else by its own command, and `notes` says so.
        """

    # --- pictures -----------------------------------------------------------------------------------------------------

    def still(self, limit_s: float = 20.0) -> Image.Image:
        """Give a picture of the screen once two in a row are the same outside of the panel."""
        seen = [self.picture()]

        def same() -> Image.Image | None:
            seen.append(self.picture())
            return seen[-1] if self.appeared(seen[-2], seen[-1], least=(1, 1)) is None else None

        return self.lab.wait_until(same, limit_s, "a screen on which nothing moves")

    def appeared(self, before: Image.Image, after: Image.Image, least: tuple[int, int]) -> Box | None:
        """Give the box of what differs outside of the panel, if it is at least so wide and high."""
        difference = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
        difference.paste((0, 0, 0), self.panel)
        box = difference.getbbox()
        if box is None or box[2] - box[0] < least[0] or box[3] - box[1] < least[1]:
            return None
        return box

    def _appeared_still(self, before: Image.Image, least: tuple[int, int]) -> Box | None:
        """Give the box of what appeared, once it grows no more."""
        first = self.appeared(before, self.picture(), least)
        return first if first is not None and first == self.appeared(before, self.picture(), least) else None

    # --- the coach in it ----------------------------------------------------------------------------------------------

    @contextmanager
    def coach(self, settings: str, home: Path) -> Iterator[Coach]:
        """Run the real coach here with these settings and all of its files below `home`; ended with the block.

        It has been here before, so it does not introduce itself, and somebody is at the desk.
        """
        coach = self.lab.coach(settings, TRAYCOACH_HOME=str(home))
        coach.has_been_here()
        self.person().touch()
        with coach:
            yield coach

    def accept_prompt(self, coach: Coach, before: Image.Image) -> None:
        """Wait for the prompt, which is not in `before`, and take it by the pointer; the routine is open afterwards.

        This is the way of a desktop where prompts are notifications.
        """
        self.press("default", self.await_notification(before))
        self.lab.wait_until(lambda: coach.ask("status")["routine"] is not None, 30, "the routine")


DESKTOPS: dict[str, tuple[str, str]] = {
    "xfce": ("XFCE", "tests.desktops.xfce:XfceDriver"),
    "xembed": ("X11, XEmbed tray only", "tests.desktops.xembed:XembedDriver"),
    "sway": ("sway + waybar", "tests.desktops.sway:SwayDriver"),
    "plasma": ("Plasma, Wayland", "tests.desktops.plasma:PlasmaDriver"),
    "plasma-x11": ("Plasma, X11", "tests.desktops.plasma:PlasmaX11Driver"),
    "gnome": ("GNOME + AppIndicator", "tests.desktops.gnome:GnomeDriver"),
    "gnome-stock": ("GNOME", "tests.desktops.gnome:StockGnomeDriver"),
}
"""Every desktop of the matrix: its heading, and where its driver is."""


def driver_class(name: str) -> type[Driver]:
    """Give the driver of a desktop."""
    module, _, kind = DESKTOPS[name][1].partition(":")
    found = getattr(importlib.import_module(module), kind)
    assert isinstance(found, type)
    assert issubclass(found, Driver)
    return found
