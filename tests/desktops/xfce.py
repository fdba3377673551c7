"""XFCE on X11 in the matrix of desktops."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from tests.desktops.driver import Box, MenuLook
from tests.desktops.lab import Lab, XfceDesktop
from tests.desktops.parts import Part
from tests.desktops.x11_driver import X11Driver

BUTTONS = ("default", "snooze", "skip", "getting-up")
UP_TO_BUTTONS = 31

# The session's own programs, without the file manager and the desktop icons that it would wait for in vain.
SESSION_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-session" version="1.0">
  <property name="general" type="empty">
    <property name="FailsafeSessionName" type="string" value="Failsafe"/>
    <property name="SaveOnExit" type="bool" value="false"/>
  </property>
  <property name="sessions" type="empty">
    <property name="Failsafe" type="empty">
      <property name="IsFailsafe" type="bool" value="true"/>
      <property name="Count" type="int" value="2"/>
      <property name="Client0_Command" type="array">
        <value type="string" value="xfwm4"/><value type="string" value="--compositor=off"/>
      </property>
      <property name="Client0_Priority" type="int" value="15"/>
      <property name="Client0_PerScreen" type="bool" value="false"/>
      <property name="Client1_Command" type="array">
        <value type="string" value="xfce4-panel"/>
      </property>
      <property name="Client1_Priority" type="int" value="25"/>
      <property name="Client1_PerScreen" type="bool" value="false"/>
    </property>
  </property>
  <property name="startup" type="empty">
    <property name="ssh-agent" type="empty"><property name="enabled" type="bool" value="false"/></property>
    <property name="gpg-agent" type="empty"><property name="enabled" type="bool" value="false"/></property>
  </property>
</channel>
"""


class XfceSession(Part):
    """XFCE's session manager: starts window manager and panel, then the autostart entries."""

    programs = ("xfce4-session", "xfwm4", "xfce4-panel")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "session")
        folder = lab.folder / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
        (folder / "xfce4-session.xml").write_text(SESSION_CONFIG)
        lab.environ["XDG_CONFIG_DIRS"] = str(lab.folder / "nothing")

    def start(self) -> None:
        """Start it; the panel takes icons when this returns."""
        self._launch(["xfce4-session"])
        self.lab.session_bus.wait_for("org.kde.StatusNotifierWatcher", 60)


class XfceDriver(X11Driver):
    """XFCE: panel with StatusNotifier, and notifications with buttons."""

    panel: ClassVar[Box] = (0, 0, 1280, 34)
    menu_look = MenuLook(above=4, row=25, separator=1)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desktop = XfceDesktop(folder, self.size)

    @property
    def lab(self) -> XfceDesktop:
        """The lab that runs the desktop."""
        return self._desktop

    def log_in(self) -> None:
        """Start the X server and the bus, and let the session manager start the rest."""
        self._desktop.keep(self._desktop.server)
        self._desktop.keep(self._desktop.bus)
        self._desktop.keep(XfceSession(self._desktop))

    def version(self) -> str:
        """Give the version of the panel."""
        return f"xfce4-panel {self.lab.run(['xfce4-panel', '--version']).stdout.split()[1]}"

    def kill_host(self) -> None:
        """Crash the panel."""
        self._desktop.panel.kill9()

    def start_host(self) -> None:
        """Start the panel again."""
        self._desktop.panel.start()

    def press(self, action: str, box: Box) -> None:
        """Click a button of xfce4-notifyd: a row of equal ones along the bottom, and "default" is the first of them."""
        place = BUTTONS.index("default" if action == "start" else action)
        left, _top, right, bottom = box
        self.click(left + (right - left) * (2 * place + 1) // (2 * len(BUTTONS)), bottom - UP_TO_BUTTONS)
