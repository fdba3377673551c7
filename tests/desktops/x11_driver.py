"""What the drivers of all X11 desktops have in common: the hands by XTEST, windows by their title, prompts as cards."""

from __future__ import annotations

from PIL import Image

from tests.desktops.coach import Coach
from tests.desktops.driver import Box, Driver, Hands
from tests.desktops.person import Person
from tests.desktops.screen import ShownWindow

START = (107, 122)
"""The middle of Start, seen from the card's corner."""


class X11Driver(Driver):
    """A desktop on the lab's own X server."""

    def person(self) -> Hands:
        """Give somebody at the desk."""
        return Person(self.lab)

    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""
        self.lab.x_server.pointer.move(x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click."""
        self.lab.x_server.pointer.click(x, y, button)

    def tap(self, key: str) -> None:
        """Press and let go one key."""
        self.lab.x_server.keyboard.tap(key)

    def window(self, title: str) -> Box | None:
        """Give where a window stands whose title contains this."""
        found = self.lab.x_server.window(title)
        return None if found is None else _box(found)

    def card(self) -> Box | None:
        """Give where the prompt's card stands; None if there is none."""
        windows = self.lab.x_server.windows("traycoach")
        return next((_box(one) for one in windows if one.height < 300 and one.width > 250), None)

    def accept_prompt(self, coach: Coach, before: Image.Image) -> None:
        """Wait for the card and click Start, again while it is still deaf, until the routine is open."""
        card = self.lab.wait_until(self.card, 60, "the card")

        def opened() -> bool:
            self.click(card[0] + START[0], card[1] + START[1])
            return coach.ask("status")["routine"] is not None

        self.lab.wait_until(opened, 30, "the routine")


def _box(window: ShownWindow) -> Box:
    return window.x, window.y, window.x + window.width, window.y + window.height
