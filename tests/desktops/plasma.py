"""KDE Plasma without a screen, on Wayland (KWin's virtual output) and on X11 (Xvfb), and in the matrix of desktops.

with PlasmaDesktop(tmp_path) as desktop:             # bus, kwin_wayland, kded5, plasmashell: 2 to 9 s
    desktop.shell.restart()                          # the panel; the tray's watcher is kded5 and goes on
    desktop.kded.kill9()
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PIL import Image

from tests.desktops.driver import Box, Driver, Hands, MenuLook
from tests.desktops.kwin import SWITCHES, Kwin, picture_by_kwin, plain_copy, screen_of, windows_of
from tests.desktops.lab import Bus, Lab, XServer, pause
from tests.desktops.parts import Part
from tests.desktops.person import Typist
from tests.desktops.x11_driver import X11Driver

WATCHER = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS = "org.freedesktop.Notifications"
SIZE = "1280x800"
QUICK = ("env", "QT_QUICK_BACKEND=software", "QSG_RENDER_LOOP=basic")

CONFIG = {
    "plasma-welcomerc": "[Wizard]\nShowOnStartup=false\n",
    "kscreenlockerrc": "[Daemon]\nAutolock=false\nLockOnResume=false\n",
    "baloofilerc": "[Basic Settings]\nIndexing-Enabled=false\n",
    "ksplashrc": "[KSplash]\nEngine=none\nTheme=None\n",
    "kdeglobals": "[KDE]\nAnimationDurationFactor=0\n",
    "plasmarc": "[Theme]\nname={theme}\n",
}


class Kded(Part):
    """Plasma's background daemon: it owns the tray's watcher, apart from the panel."""

    programs: ClassVar[tuple[str, ...]] = ("kded5",)

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "kded")

    def start(self) -> None:
        """Start it; the watcher answers when this returns."""
        self._launch(["kded5"])
        self.lab.session_bus.wait_for(WATCHER, 30)

    def stop(self) -> None:
        """End it; the watcher is gone when this returns."""
        super().stop()
        bus = self.lab.session_bus
        if bus.running:
            self.lab.wait_until(lambda: not bus.has_owner(WATCHER), 10, "the watcher's end")


class Plasmashell(Part):
    """The panel at the bottom with its tray, and the notification server."""

    programs: ClassVar[tuple[str, ...]] = ("plasmashell",)

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "plasmashell")

    def start(self) -> None:
        """Start it; it takes icons and notifications when this returns."""
        self._launch([*QUICK, "plasmashell", "--no-respawn"])
        self.is_ready()

    def is_ready(self) -> None:
        """Wait until it takes icons and notifications, whoever started it."""
        bus = self.lab.session_bus
        bus.wait_for(NOTIFICATIONS, 60)
        if bus.has_owner(WATCHER):
            hosted = (WATCHER, "/StatusNotifierWatcher", WATCHER, "IsStatusNotifierHostRegistered")
            self.lab.wait_until(lambda: bool(bus.get(*hosted)), 60, "the tray of the panel")

    def stop(self) -> None:
        """End it; the bus knows of it when this returns."""
        super().stop()
        bus = self.lab.session_bus
        if bus.running:
            self.lab.wait_until(lambda: not bus.has_owner(NOTIFICATIONS), 10, "the end of the notification server")


class PlasmaSession(Part):
    """Plasma's session manager: it starts KWin, kded5 and plasmashell, and the autostart entries."""

    programs: ClassVar[tuple[str, ...]] = ("plasma_session", "ksmserver")

    def __init__(self, lab: Lab, size: str = SIZE, *, x11: bool = False) -> None:
        super().__init__(lab, "session")
        self.x11 = x11
        # plasmashell is an autostart entry itself; the others there are not wanted
        entries = lab.folder / "session-config" / "autostart"
        entries.mkdir(parents=True)
        (entries / "org.kde.plasmashell.desktop").symlink_to("/etc/xdg/autostart/org.kde.plasmashell.desktop")
        lab.environ |= {
            "XDG_CONFIG_DIRS": str(entries.parent),
            "QT_QUICK_BACKEND": "software",
            "QSG_RENDER_LOOP": "basic",
        }
        lab.environ |= {"XDG_SESSION_TYPE": "x11", "KWIN_COMPOSE": "N"} if x11 else self._on_wayland(size)

    def _on_wayland(self, size: str) -> dict[str, str]:
        """Have the compositor know its screen: it is started by its name on the path, without a word about that."""
        self.lab.need(["kwin_wayland_wrapper", "Xwayland"])  # ksmserver wants X
        plain_copy(self.lab, "kwin_wayland")
        folder = self.lab.folder / "session-bin"
        folder.mkdir()
        wrapper = folder / "kwin_wayland_wrapper"
        wrapper.write_text(f"#!/bin/sh\nexec /usr/bin/kwin_wayland_wrapper {' '.join(screen_of(size))} --xwayland\n")
        wrapper.chmod(0o755)
        return {"PATH": f"{folder}:{self.lab.environ['PATH']}", **SWITCHES}

    def start(self) -> None:
        """Start it; all that it starts may still be on its way when this returns."""
        self._launch(["plasma_session"] if self.x11 else ["env", "-u", "WAYLAND_DISPLAY", "plasma_session"])


class Plasma(Lab):
    """What both kinds have in common."""

    def __init__(self, folder: Path, *, dark: bool) -> None:
        super().__init__(folder)
        for name, text in CONFIG.items():
            (folder / "config" / name).write_text(text.format(theme="breeze-dark" if dark else "breeze-light"))
        self.environ |= {
            "XDG_CURRENT_DESKTOP": "KDE",
            "DESKTOP_SESSION": "plasma",
            "KDE_FULL_SESSION": "true",
            "KDE_SESSION_VERSION": "5",
        }
        # whoever asks kded5 for something would have the bus start another one while ours is down
        self.masked = folder / "services" / "org.kde.kded5.service"
        self.masked.parent.mkdir(exist_ok=True)
        self.masked.write_text("[D-BUS Service]\nName=org.kde.kded5\nExec=/bin/false\n")
        self.kded = Kded(self)
        self.shell = Plasmashell(self)


class PlasmaDesktop(Plasma):
    """Plasma on Wayland. Leave a part out with its switch, start it later."""

    def __init__(
        self,
        folder: Path,
        size: str = SIZE,
        *,
        kwin: bool = True,
        kded: bool = True,
        shell: bool = True,
        system_bus: bool = False,
        dark: bool = False,
    ) -> None:
        super().__init__(folder, dark=dark)
        self.kwin = Kwin(self, size)
        self.bus = Bus(self)
        self._wanted = [self.bus, *([Bus(self, "system")] if system_bus else []), *([self.kwin] if kwin else [])]
        self._wanted += [*([self.kded] if kded else []), *([self.shell] if shell else [])]

    def __exit__(self, *_: object) -> None:
        self.kwin.let_go()
        super().__exit__()

    def picture(self) -> Image.Image:
        """Take a picture of the whole screen, without the pointer."""
        return picture_by_kwin(self)

    def screenshot(self, path: Path) -> Path:
        """Write a picture of the whole screen to `path` (PNG)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path)
        return path


class PlasmaX11Desktop(Plasma):
    """Plasma on X11: pointer, keyboard and pictures are the X server's."""

    def __init__(
        self,
        folder: Path,
        size: str = SIZE,
        *,
        kded: bool = True,
        shell: bool = True,
        system_bus: bool = False,
        dark: bool = False,
    ) -> None:
        super().__init__(folder, dark=dark)
        self.server = XServer(self, size)
        self.bus = Bus(self)
        self.kwin = Kwin(self, size, x11=True)
        self._wanted = [self.server, self.bus, *([Bus(self, "system")] if system_bus else []), self.kwin]
        self._wanted += [*([self.kded] if kded else []), *([self.shell] if shell else [])]


# --- in the matrix ----------------------------------------------------------------------------------------------------

OFF_THE_PANEL = (640, 300)
BUTTON_FACE = 243  # a button of Breeze is lighter than the notification (239, 240, 241) that it lies on
LEAST_BUTTON = (30, 20)
# as the coach names them, the first first; Plasma lays them out from right to left, the last first
ACTIONS = ("start", "snooze", "skip", "getting-up")


class PlasmaLook(Driver):
    """What looks the same on both kinds of Plasma."""

    heavy = True
    panel: ClassVar[Box] = (0, 756, 1280, 800)
    tray: ClassVar[Box | None] = (960, 756, 1083, 800)
    menu_look = MenuLook(above=4, row=26, separator=7)

    @property
    def lab(self) -> PlasmaDesktop | PlasmaX11Desktop:
        """The lab that runs the desktop."""
        raise NotImplementedError

    def version(self) -> str:
        """Give the version of Plasma."""
        return f"Plasma {self.lab.run(['plasmashell', '--version']).stdout.split()[1]}"

    def icon(self, state: str, limit_s: float = 30.0) -> tuple[int, int]:
        """Wait until the icon is in this state, with the pointer off it: Plasma lightens an icon under the pointer."""
        self.move(*OFF_THE_PANEL)
        return super().icon(state, limit_s)

    def kill_host(self) -> None:
        """Crash the panel and the watcher, which is not in it."""
        self.lab.shell.kill9()
        self.lab.kded.kill9()

    def start_host(self) -> None:
        """Start both again."""
        self.lab.kded.start()
        self.lab.shell.start()

    def await_notification(self, before: Image.Image, limit_s: float = 60.0) -> Box:
        """Wait until a notification stands that shows buttons, or that is not in `before`, and give where."""
        return self.lab.wait_until(lambda: self._notification(before), limit_s, "the notification")

    def _notification(self, before: Image.Image) -> Box | None:
        for window in windows_of(self.lab):
            if window.notification and self.appeared(before, self.picture(), (120, 40)) is not None:
                return window.box
        return None

    def press(self, action: str, box: Box) -> None:
        """Click the notification's text, or the button."""
        if action == "default":
            self.click(box[0] + 60, box[1] + 55)
            return
        buttons = self.lab.wait_until(lambda: self._buttons_at_rest(box), 30, "the notification's buttons")
        self.click(*buttons[action])

    def _buttons_at_rest(self, box: Box) -> dict[str, tuple[int, int]] | None:
        first = self._all_buttons(box)
        pause(0.3)  # some frames
        return first if first == self._all_buttons(box) else None

    def _all_buttons(self, box: Box) -> dict[str, tuple[int, int]] | None:
        found = light_boxes(self.picture().crop(box), BUTTON_FACE, LEAST_BUTTON)
        if len(found) != len(ACTIONS):
            return None
        ordered = sorted(found, key=lambda one: (round(one[1] / 10), -one[0]))
        middles = [(box[0] + (one[0] + one[2]) // 2, box[1] + (one[1] + one[3]) // 2) for one in ordered]
        return dict(zip(reversed(ACTIONS), middles, strict=True))


def light_boxes(picture: Image.Image, least: int, size: tuple[int, int]) -> list[Box]:
    """Give the boxes of what is at least so light in every colour, and has a row of pixels without a gap on its top."""
    red, green, blue = picture.convert("RGB").split()
    light = [min(pixel) >= least for pixel in zip(red.tobytes(), green.tobytes(), blue.tobytes(), strict=True)]
    found: list[list[int]] = []
    for y in range(picture.height):
        row = light[y * picture.width : (y + 1) * picture.width]
        for left, right in _runs(row):
            known = next((one for one in found if one[0] - 2 <= left and right <= one[2] + 2 and y - one[3] <= 2), None)
            if known is not None:
                known[3] = y
            elif right - left >= size[0]:
                found.append([left, y, right, y])
    return [(left, top, right, bottom) for left, top, right, bottom in found if bottom - top >= size[1]]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Give the beginnings and ends of the parts that are true."""
    changes = [x for x in range(len(row) + 1) if (x > 0 and row[x - 1]) != (x < len(row) and row[x])]
    return list(zip(changes[::2], changes[1::2], strict=True))


class PlasmaDriver(PlasmaLook):
    """Plasma on Wayland."""

    prompts_by_notification = True
    menu_look = MenuLook(above=18, row=26, separator=7)  # with the menu's shadow

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desktop = PlasmaDesktop(folder, self.size)

    @property
    def lab(self) -> PlasmaDesktop:
        """The lab that runs the desktop."""
        return self._desktop

    def log_in(self) -> None:
        """Start the bus, and let the session manager start the rest."""
        self._desktop.masked.unlink()  # the session manager has kded5 started in this way
        self._desktop.keep(self._desktop.bus)
        self._desktop.keep(PlasmaSession(self._desktop, self.size))
        self._desktop.kwin.find_hands()
        self._desktop.shell.is_ready()

    def person(self) -> Hands:
        """Give somebody at the desk."""
        return Typist(self.lab.kwin.hands.tap)

    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""
        self.lab.kwin.hands.move(x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click."""
        self.lab.kwin.hands.click(x, y, button)

    def tap(self, key: str) -> None:
        """Press and let go one key."""
        self.lab.kwin.hands.tap(key)

    def window(self, title: str) -> Box | None:
        """Give where a window stands whose title contains this."""
        return next((one.box for one in windows_of(self.lab) if title in one.title), None)


class PlasmaX11Driver(PlasmaLook, X11Driver):
    """Plasma on X11."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desktop = PlasmaX11Desktop(folder, self.size)

    @property
    def lab(self) -> PlasmaX11Desktop:
        """The lab that runs the desktop."""
        return self._desktop

    def log_in(self) -> None:
        """Start the X server and the bus, and let the session manager start the rest."""
        self._desktop.masked.unlink()  # the session manager has kded5 started in this way
        self._desktop.keep(self._desktop.server)
        self._desktop.keep(self._desktop.bus)
        self._desktop.keep(PlasmaSession(self._desktop, self.size, x11=True))
        self._desktop.shell.is_ready()
