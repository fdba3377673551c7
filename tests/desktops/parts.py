"""The parts of a private desktop: buses, window managers, panels, trays. Each is a context manager and can restart."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from jeepney import DBusAddress, HeaderFields, MessageType, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from tests.desktops.lab import Lab

# Several notification servers may be installed; an early Notify must wait for the desktop's own, not start another one.
# There is no systemd in a private desktop.
MASKED = ("org.freedesktop.Notifications", "org.freedesktop.systemd1")

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{type}</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

PANEL_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="{dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p={position};x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="{height}"/>
      <property name="icon-size" type="uint" value="0"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="systray">
      <property name="known-legacy-items" type="array"/>
    </property>
    <property name="plugin-3" type="string" value="clock"/>
  </property>
</channel>
"""


def session_address(runtime: Path) -> str:
    """Where the session bus of the lab with this runtime folder listens, once it runs."""
    return f"unix:path={runtime}/session-bus"


class Part:
    """One program of a desktop. `programs` are what it needs on the path."""

    programs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, lab: Lab, name: str) -> None:
        self.lab = lab
        self.name_of_log = name
        self.before: Sequence[str] = ()  # what stands before the command
        self.process: subprocess.Popen[bytes] | None = None
        lab.need(self.programs)
        lab.add(self)

    def start(self) -> None:
        """Start the program; when this returns it is ready for use."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the program and all that it started, in order."""
        if self.process is not None:
            self.lab.processes.end(self.process)
            self.process = None

    def kill9(self) -> None:
        """End the program without a chance to say anything (a crash)."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.stop()

    def restart(self) -> None:
        """End the program and start it anew, as a desktop does after a crash or an update."""
        self.stop()
        self.start()

    @property
    def running(self) -> bool:
        """Whether the program runs."""
        return self.process is not None and self.process.poll() is None

    def _launch(self, command: Sequence[str], keep_fds: Sequence[int] = ()) -> None:
        whole = [*self.before, *command]
        self.process = self.lab.processes.start(whole, self.lab.environ, self.name_of_log, keep_fds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Bus(Part):
    """A private message bus, session or system. Sets its address for everything that the lab starts afterwards.

    Start it after the X server: services that the bus activates inherit its environment.
    """

    programs = ("dbus-daemon",)

    def __init__(self, lab: Lab, kind: str = "session", *, activation: bool = True) -> None:
        super().__init__(lab, f"bus-{kind}")
        self.kind = kind
        self.activation = activation and kind == "session"
        self._socket = lab.runtime / f"{kind}-bus"
        self.address = f"unix:path={self._socket}"
        self._variable = f"DBUS_{kind.upper()}_BUS_ADDRESS"

    def start(self) -> None:
        """Start the bus; it takes connections when this returns."""
        services = f"<servicedir>{self._services()}</servicedir>" if self.activation else ""
        config = self.lab.folder / f"{self.kind}-bus.conf"
        kind = "session" if self.kind == "session" else "custom"
        config.write_text(BUS_CONFIG.format(type=kind, address=self.address, services=services))
        self._socket.unlink(missing_ok=True)
        self.lab.environ[self._variable] = self.address
        self._launch(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"])
        self.lab.wait_until(self._listens, 10, f"the {self.kind} bus")

    def _listens(self) -> bool:
        """Tell whether a connection is taken: the socket is there a moment before the bus listens on it."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0

    def stop(self) -> None:
        """End the bus; the address stays in the environment, as it does in a real session."""
        super().stop()
        self._socket.unlink(missing_ok=True)

    def _services(self) -> Path:
        chosen = self.lab.folder / "services"
        chosen.mkdir(exist_ok=True)
        for service in Path("/usr/share/dbus-1/services").glob("*.service"):
            lines = service.read_text(errors="replace").splitlines()
            link = chosen / service.name
            if not link.exists() and not any(f"Name={name}" in lines for name in MASKED):
                link.symlink_to(service)
        return chosen

    def call(
        self, destination: str, path: str, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        """Call a method and give its answer's body; an error answer raises RuntimeError with its name and text."""
        address = DBusAddress(path, bus_name=destination, interface=interface)
        message = new_method_call(address, member, signature or None, body)
        return self._send(message, f"{interface}.{member}")

    def get(self, destination: str, path: str, interface: str, name: str) -> Any:
        """Give the value of a property, without its type."""
        address = DBusAddress(path, bus_name=destination, interface=interface)
        return self._send(Properties(address).get(name), f"{interface}.{name}")[0][1]

    def has_owner(self, name: str) -> bool:
        """Tell whether a name is owned. Never starts a service."""
        bus = "org.freedesktop.DBus"
        return bool(self.call(bus, "/org/freedesktop/DBus", bus, "NameHasOwner", "s", (name,))[0])

    def wait_for(self, name: str, timeout: float = 15.0) -> None:
        """Wait until a name is owned."""
        self.lab.wait_until(lambda: self.has_owner(name), timeout, f"the owner of {name}")

    def _send(self, message: Any, what: str) -> tuple[Any, ...]:
        with closing(open_dbus_connection(bus=self.address)) as connection:
            reply = connection.send_and_get_reply(message, timeout=10)
        if reply.header.message_type is MessageType.error:
            raise RuntimeError(f"{what}: {reply.header.fields.get(HeaderFields.error_name)} {reply.body}")
        return tuple(reply.body)


class WindowManager(Part):
    """A window manager: "xfwm4" or "openbox". xfwm4 keeps its settings on the session bus; without one it gets one."""

    def __init__(self, lab: Lab, name: str = "xfwm4") -> None:
        super().__init__(lab, name)
        self.command = [name, "--compositor=off"] if name == "xfwm4" else [name]
        lab.need([name])

    def start(self) -> None:
        """Start it; windows are managed when this returns."""
        if self.name_of_log == "xfwm4" and not self.lab.has_session_bus:
            Bus(self.lab).start()
        server = self.lab.x_server
        # a property left by a manager that died says nothing: its window is gone
        before = server.root_property("_NET_SUPPORTING_WM_CHECK")
        self._launch(self.command)
        self.lab.wait_until(
            lambda: (now := server.root_property("_NET_SUPPORTING_WM_CHECK")) and now != before, 20, self.command[0]
        )


class XfcePanel(Part):
    """The XFCE panel with a task list, the tray (StatusNotifier and XEmbed) and a clock, always in the same place."""

    programs = ("xfce4-panel",)

    def __init__(self, lab: Lab, *, dark: bool = False, bottom: bool = False, height: int = 32) -> None:
        super().__init__(lab, "panel")
        folder = lab.folder / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
        folder.mkdir(parents=True, exist_ok=True)
        text = PANEL_CONFIG.format(dark="true" if dark else "false", position=8 if bottom else 6, height=height)
        (folder / "xfce4-panel.xml").write_text(text)
        lab.environ |= {"XDG_CURRENT_DESKTOP": "XFCE", "DESKTOP_SESSION": "xfce"}

    def start(self) -> None:
        """Start it; the tray's watcher answers when this returns."""
        self._launch(["xfce4-panel", "--disable-wm-check"])
        self.lab.session_bus.wait_for("org.kde.StatusNotifierWatcher", 30)

    def stop(self) -> None:
        """End it; its watcher is gone when this returns."""
        super().stop()
        bus = self.lab.session_bus
        if bus.running:
            self.lab.wait_until(lambda: not bus.has_owner("org.kde.StatusNotifierWatcher"), 10, "the watcher's end")


class Notifyd(Part):
    """XFCE's notification server."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "notifyd")

    def start(self) -> None:
        """Start it; notifications are shown when this returns."""
        places = sorted(Path("/usr/lib").glob("*/xfce4/notifyd/xfce4-notifyd"))
        if not places:
            self.lab.need(["xfce4-notifyd"])
        self._launch([str(places[0])])
        self.lab.session_bus.wait_for("org.freedesktop.Notifications")


class Trayer(Part):
    """A tray that knows XEmbed only, at the top right."""

    programs = ("trayer",)
    COMMAND: ClassVar[Sequence[str]] = (
        "trayer", "--edge", "top", "--align", "right", "--width", "20", "--height", "32", "--transparent", "false",
        "--tint", "0x808080",
    )  # fmt: skip

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "trayer")

    def start(self) -> None:
        """Start it; it owns the tray selection when this returns."""
        self._launch(self.COMMAND)
        self.lab.wait_until(lambda: self.lab.x_server.selection_owner("_NET_SYSTEM_TRAY_S0"), 10, "trayer")


class FakeLogind(Part):
    """A stand-in for logind on the private system bus (`fake_logind.py`)."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "logind")

    def start(self) -> None:
        """Start it; it owns org.freedesktop.login1 when this returns."""
        self._launch([sys.executable, "-m", "tests.desktops.fake_logind"])
        self.lab.system_bus.wait_for("org.freedesktop.login1")
