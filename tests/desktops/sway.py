"""sway without a screen: wlroots' headless output, waybar with its tray, and mako for notifications.

    with SwayDesktop(tmp_path) as desktop:              # bus, sway, waybar, mako: 2 s
        desktop.hands.pointer.move(640, 400)            # a real pointer (zwlr_virtual_pointer_v1)
        desktop.bar.kill9()                             # waybar is the tray's watcher and its host

sway 1.7 refuses to run as root. There it is started in a user namespace of its own, in which it is user 1000 with the
same rights to files; bar, notifications and the coach stay outside.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from tests.desktops.driver import Aspect, Box, Driver, Hands, MenuLook
from tests.desktops.lab import Bus, Lab, MissingProgramsError
from tests.desktops.parts import Part
from tests.desktops.person import Typist
from tests.desktops.wayland_input import WaylandHands

WATCHER = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS = "org.freedesktop.Notifications"
PANEL_HEIGHT = 34
PARKED = (640, 15)
ORDINARY_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "setpriv", "--pdeathsig", "TERM")
HEADLESS = ("WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman", "WLR_HEADLESS_OUTPUTS=1")

SWAY_CONFIG = """xwayland disable
output * resolution {size}
seat seat0 fallback true
exec "env > {ready}"
"""

WAYBAR_CONFIG = {
    "layer": "top",
    "position": "top",
    "height": PANEL_HEIGHT,
    "modules-left": ["sway/workspaces"],
    "modules-right": ["tray"],
    "tray": {"icon-size": 22, "spacing": 10, "show-passive-items": True},
}

# waybar's own style draws a line in nearly the colour of the icon's ring
WAYBAR_STYLE = "window#waybar { background: #202428; color: #ffffff; } #tray { padding: 0 10px; }"


@cache
def ordinary_user() -> tuple[str, ...]:
    """Give what to put before a command that refuses to run as root. Raises MissingProgramsError if that may not be."""
    if os.getuid() != 0:
        return ()
    tried = subprocess.run([*ORDINARY_USER, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise MissingProgramsError(f"sway refuses to run as root, and no user namespace is to be had: {tried.stderr}")
    return ORDINARY_USER


class Sway(Part):
    """The compositor. Sets WAYLAND_DISPLAY and SWAYSOCK for everything that the lab starts afterwards."""

    programs = ("sway", "swaymsg", "grim")

    def __init__(self, lab: Lab, size: str = "1280x800", at_start: Sequence[str] = ()) -> None:
        super().__init__(lab, "sway")
        self._ready = lab.folder / "sway-is-ready"
        self._socket = lab.runtime / "sway.sock"
        lines = SWAY_CONFIG.format(size=size, ready=self._ready) + "".join(f"exec {one}\n" for one in at_start)
        self._config = lab.folder / "sway.conf"
        self._config.write_text(lines)
        width, height = size.split("x")
        self._size = (int(width), int(height))
        self._hands: WaylandHands | None = None
        lab.environ |= {"XDG_CURRENT_DESKTOP": "sway", "XDG_SESSION_TYPE": "wayland", "DESKTOP_SESSION": "sway"}

    def start(self) -> None:
        """Start it; it takes clients, and there are a pointer and a keyboard, when this returns."""
        for left in (self._ready, self._socket):  # by a compositor that was killed
            left.unlink(missing_ok=True)
        self.lab.environ["SWAYSOCK"] = str(self._socket)
        own = ["env", "-u", "WAYLAND_DISPLAY", *HEADLESS]
        self._launch([*ordinary_user(), *own, "sway", "--unsupported-gpu", "-c", str(self._config)])
        environ = self.lab.wait_until(self._environ, 30, "sway")
        self.lab.environ["WAYLAND_DISPLAY"] = environ["WAYLAND_DISPLAY"]
        self._hands = WaylandHands(Path(self.lab.environ["XDG_RUNTIME_DIR"]) / environ["WAYLAND_DISPLAY"], self._size)

    def stop(self) -> None:
        """Take the hands away, then end it; every client loses its connection."""
        if self._hands is not None:
            self._hands.close()
            self._hands = None
        super().stop()

    @property
    def hands(self) -> WaylandHands:
        """The pointer and the keyboard."""
        assert self._hands is not None, "sway does not run"
        return self._hands

    def _environ(self) -> dict[str, str] | None:
        """Give the environment of sway's own programs, once it has started one."""
        if not self.running:
            raise RuntimeError(f"sway ended by itself\n{self.lab.processes.log_tails()}")
        text = self._ready.read_text() if self._ready.exists() else ""
        found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        return found if "WAYLAND_DISPLAY" in found and text.endswith("\n") else None


class Waybar(Part):
    """The bar at the top with its tray: StatusNotifier watcher and host in one."""

    programs = ("waybar",)

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "waybar")
        folder = lab.folder / "config" / "waybar"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config").write_text(json.dumps(WAYBAR_CONFIG))
        (folder / "style.css").write_text(WAYBAR_STYLE)

    def start(self) -> None:
        """Start it; it takes icons when this returns."""
        self._launch(["waybar"])
        bus = self.lab.session_bus
        bus.wait_for(WATCHER, 60)
        hosted = (WATCHER, "/StatusNotifierWatcher", WATCHER, "IsStatusNotifierHostRegistered")
        self.lab.wait_until(lambda: bool(bus.get(*hosted)), 60, "the tray of the bar")

    def stop(self) -> None:
        """End it; its watcher is gone when this returns."""
        super().stop()
        bus = self.lab.session_bus
        if bus.running:
            self.lab.wait_until(lambda: not bus.has_owner(WATCHER), 20, "the watcher's end")


class Mako(Part):
    """The notification server. It draws no buttons; a click is the default action."""

    programs = ("mako", "makoctl")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "mako")

    def start(self) -> None:
        """Start it; notifications are shown when this returns."""
        self._launch(["mako"])
        self.lab.session_bus.wait_for(NOTIFICATIONS, 30)


class SwayDesktop(Lab):
    """sway, waybar and mako. Leave bar or notifications out with its switch, start it later.

    With `login` sway itself starts both, and `dex -a` the autostart entries, as in the configuration of a user. Even
    the bus is then in a user namespace where there is one, and `session_bus` cannot be called from here.
    """

    def __init__(
        self,
        folder: Path,
        size: str = "1280x800",
        *,
        bar: bool = True,
        notifications: bool = True,
        system_bus: bool = False,
        login: bool = False,
    ) -> None:
        super().__init__(folder)
        self.bus: Bus = _LoginBus(self) if login else Bus(self)
        at_start = ("waybar", "mako", "dex -a -e sway") if login else ()
        self.compositor = Sway(self, size, at_start)
        self.bar = Waybar(self)
        self.notifications = Mako(self)
        self._wanted = [self.bus, *([Bus(self, "system")] if system_bus else []), self.compositor]
        if login:
            self.need(["dex"])
            self.environ["XDG_CONFIG_DIRS"] = str(folder / "nothing")
        else:
            self._wanted += [*([self.bar] if bar else []), *([self.notifications] if notifications else [])]

    @property
    def hands(self) -> WaylandHands:
        """The pointer and the keyboard."""
        return self.compositor.hands

    def picture(self) -> Image.Image:
        """Take a picture of the whole screen, the pointer included."""
        taken = subprocess.run(
            ["grim", "-t", "ppm", "-"], env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        assert taken.returncode == 0, f"grim: {taken.stderr.decode()}\n{self.processes.log_tails()}"
        return Image.open(BytesIO(taken.stdout)).convert("RGB")

    def screenshot(self, path: Path) -> Path:
        """Write a picture of the whole screen to `path` (PNG)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path)
        return path

    def windows(self) -> list[dict[str, Any]]:
        """Give the windows that sway shows: `name`, `app_id`, `rect`, `focused`, `fullscreen_mode`, …"""
        tree = json.loads(self.run(["swaymsg", "-r", "-t", "get_tree"]).stdout)
        return [node for node in _nodes(tree) if node.get("pid") and node["visible"]]


class _LoginBus(Bus):
    """The session bus of a login: in a user namespace its clients are known by another number than here."""

    def start(self) -> None:
        self.before = ordinary_user()
        super().start()


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in (*node["nodes"], *node["floating_nodes"]):
        yield from _nodes(below)


class SwayDriver(Driver):
    """sway in the matrix of desktops."""

    prompts_by_notification = True
    panel: ClassVar[Box] = (0, 0, 1280, PANEL_HEIGHT)
    menu_look = MenuLook(above=-12, row=26, separator=1)  # it begins on the panel
    notes: ClassVar[Mapping[Aspect, str]] = {
        Aspect.BUTTONS: "mako draws none: a click is Start, the others by `makoctl invoke`",
        Aspect.LOGIN: "by `exec dex -a` in sway's configuration",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desktop = SwayDesktop(folder)

    @property
    def lab(self) -> SwayDesktop:
        """The lab that runs the desktop."""
        return self._desktop

    def log_in(self) -> None:
        """Start sway, which starts the rest."""
        self._desktop = SwayDesktop(self.folder, login=True)
        self._desktop.__enter__()

    def version(self) -> str:
        """Give the versions of sway and waybar; mako tells none."""
        sway = self.lab.run(["sway", "--version"]).stdout.split()[-1]
        waybar = self.lab.run(["waybar", "--version"]).stdout.split()[-1]
        return f"sway {sway}, waybar {waybar.lstrip('v')}, mako"

    def person(self) -> Hands:
        """Give somebody at the desk."""
        return Typist(self.lab.hands.keyboard.tap)

    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""
        self.lab.hands.pointer.move(x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click."""
        pointer = self.lab.hands.pointer
        pointer.move(x, y)
        pointer.press(button)
        pointer.release(button)

    def tap(self, key: str) -> None:
        """Press and let go one key."""
        self.lab.hands.keyboard.tap(key)

    def window(self, title: str) -> Box | None:
        """Give where a window stands whose title contains this."""
        found = next((one for one in self.lab.windows() if title in (one["name"] or "")), None)
        if found is None:
            return None
        rect = found["rect"]
        return rect["x"], rect["y"], rect["x"] + rect["width"], rect["y"] + rect["height"]

    def still(self, limit_s: float = 20.0) -> Image.Image:
        """Take the pointer out of sight first: it is part of the pictures, but on the panel nobody looks for it."""
        self.move(*PARKED)
        return super().still(limit_s)

    def close_menu(self) -> None:
        """Click beside it: waybar's menus get no keys."""
        self.click(300, 700)
        self.move(*PARKED)

    def kill_host(self) -> None:
        """Crash waybar."""
        self.lab.bar.kill9()

    def start_host(self) -> None:
        """Start waybar again."""
        self.lab.bar.start()

    def press(self, action: str, box: Box) -> None:
        """Click the notification for its default action; mako draws no buttons for the others."""
        if action == "default":
            self.click((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
        else:
            self.lab.run(["makoctl", "invoke", action])
