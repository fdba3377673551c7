"""A bare window manager on X11 with a tray that knows XEmbed only, in the matrix of desktops."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tests.desktops.driver import Aspect, Box, MenuLook
from tests.desktops.lab import Lab, XembedDesktop
from tests.desktops.parts import Part, Trayer
from tests.desktops.x11_driver import X11Driver


class OpenboxSession(Part):
    """openbox with its autostart script: the tray of the user's own file, then the autostart entries."""

    programs = ("openbox-session", "trayer")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "session")
        script = lab.folder / "config" / "openbox" / "autostart"
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(" ".join(Trayer.COMMAND) + " &\n")
        lab.environ["XDG_CONFIG_DIRS"] = str(lab.folder / "nothing")

    def start(self) -> None:
        """Start it; there is a tray when this returns."""
        self._launch(["openbox-session"])
        self.lab.wait_until(lambda: self.lab.x_server.selection_owner("_NET_SYSTEM_TRAY_S0"), 30, "the tray")


class XembedDriver(X11Driver):
    """openbox and trayer; no StatusNotifier, no notification server."""

    has_menu = False
    menu_look = MenuLook(above=0, row=1, separator=1)
    panel: ClassVar[Box] = (1000, 0, 1280, 34)
    notes: ClassVar[Mapping[Aspect, str]] = {
        Aspect.MENU: "the tray draws none: a right click opens the status window",
        Aspect.LOGIN: "by openbox-session, with python3-xdg",
    }
    untested: ClassVar[Mapping[Aspect, str]] = {Aspect.BUTTONS: "–: no notification server; prompts are cards"}

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desktop = XembedDesktop(folder, self.size)

    @property
    def lab(self) -> XembedDesktop:
        """The lab that runs the desktop."""
        return self._desktop

    def log_in(self) -> None:
        """Start the X server and the bus, and let openbox start the rest."""
        self._desktop.keep(self._desktop.server)
        self._desktop.keep(self._desktop.bus)
        self._desktop.keep(OpenboxSession(self._desktop))

    def version(self) -> str:
        """Give the version of openbox; trayer tells none."""
        return f"openbox {self.lab.run(['openbox', '--version']).stdout.split()[1]}, trayer"

    def kill_host(self) -> None:
        """Crash the tray."""
        self._desktop.trayer.kill9()

    def start_host(self) -> None:
        """Start the tray again."""
        self._desktop.trayer.start()

    def press(self, action: str, box: Box) -> None:
        """Refuse: nothing here shows notifications."""
        raise AssertionError("there are no notifications here")
