"""GNOME Shell without a screen (Wayland, headless), with the AppIndicator extension or as GNOME ships it.

Both are in the matrix of desktops.

    with GnomeDesktop(tmp_path) as desktop:              # both buses, gnome-shell: 4 s
        desktop.hands.click(1109, 14)
        desktop.extension(on=False)                      # the tray goes, as after an update of the shell

`--unsafe-mode` lets us take pictures (org.gnome.Shell.Screenshot) and ask the shell where things stand
(org.gnome.Shell.Eval). Pointer and keys: `gnome_hands.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from tests.desktops.driver import Aspect, Box, Driver, Hands, MenuLook
from tests.desktops.gnome_hands import GnomeHands
from tests.desktops.lab import Bus, Lab, pause
from tests.desktops.parts import FakeLogind, Part
from tests.desktops.person import Typist

SHELL = "org.gnome.Shell"
WATCHER = "org.kde.StatusNotifierWatcher"
EXTENSION = "ubuntu-appindicators@ubuntu.com"
EXTENSIONS = Path("/usr/share/gnome-shell/extensions")

SETTINGS = """[org/gnome/shell]
enabled-extensions=@as [{extension}]
disable-extension-version-validation=true
welcome-dialog-last-shown-version='999'
[org/gnome/desktop/interface]
enable-animations=false
enable-hot-corners=false
[org/gnome/desktop/session]
idle-delay=uint32 0
[org/gnome/desktop/lockdown]
disable-lock-screen=true
[org/gnome/mutter]
dynamic-workspaces=false
"""

SESSION_MANAGER = "/usr/libexec/gnome-session-binary"
SESSION = "[GNOME Session]\nName=Lab\nRequiredComponents=org.gnome.Shell;\n"
SHELL_ENTRY = """[Desktop Entry]
Type=Application
Name=GNOME Shell
Exec={command}
X-GNOME-Autostart-Phase=DisplayServer
X-GNOME-Provides=panel;windowmanager;
X-GNOME-Autostart-Notify=true
X-GNOME-AutoRestart=false
"""

# The shell begins in the overview and tells that there is no GDM: clear both.
TIDY = """(() => {
    if (Main.layoutManager._startingUp) return false;
    Main.overview.hide();
    Main.messageTray.bannerBlocked = true;
    Main.messageTray.getSources().forEach(source => source.destroy());
    return !Main.overview.visible;
})()"""


class GnomeShell(Part):
    """The compositor, panel and notification server in one process."""

    programs: ClassVar[tuple[str, ...]] = ("gnome-shell", "gjs")

    def __init__(self, lab: Lab, size: str = "1280x800", *, extension: bool = True) -> None:
        super().__init__(lab, "gnome-shell")
        self.size = size
        self._extension = extension
        if extension and not (EXTENSIONS / EXTENSION).is_dir():
            lab.need([f"the extension {EXTENSION}"])
        folder = lab.folder / "config" / "glib-2.0" / "settings"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keyfile").write_text(SETTINGS.format(extension=f"'{EXTENSION}'" if extension else ""))
        lab.environ |= {
            "XDG_CURRENT_DESKTOP": "GNOME",
            "XDG_SESSION_DESKTOP": "gnome",
            "DESKTOP_SESSION": "gnome",
            "XDG_SESSION_TYPE": "wayland",
            "WAYLAND_DISPLAY": "wayland-gnome",
            "GSETTINGS_BACKEND": "keyfile",
        }

    @property
    def command(self) -> list[str]:
        """What starts it."""
        name = self.lab.environ["WAYLAND_DISPLAY"]
        how = ["--headless", "--wayland", "--no-x11", "--unsafe-mode", "--wayland-display", name]
        return ["gnome-shell", *how, "--virtual-monitor", self.size]

    def start(self) -> None:
        """Start it; the plain desktop is on the screen and the tray answers when this returns."""
        self._launch(["env", "-u", "WAYLAND_DISPLAY", *self.command])
        self.is_ready()

    def is_ready(self) -> None:
        """Wait for the plain desktop and its tray, whoever started the shell."""
        self.lab.session_bus.wait_for(SHELL, 60)
        if self._extension:
            self.lab.session_bus.wait_for(WATCHER, 30)
        self.lab.wait_until(self._tidied, 30, "the end of the overview")
        pause(0.3)  # a banner that was on its way
        self.evaluate("Main.messageTray.bannerBlocked = false")

    def _tidied(self) -> bool:
        try:
            return bool(self.evaluate(TIDY))
        except RuntimeError:
            return False  # it owns its name a moment before it can be asked

    def evaluate(self, script: str) -> Any:
        """Run JavaScript in the shell and give its value; RuntimeError if it fails."""
        done, answer = self.lab.session_bus.call(SHELL, "/org/gnome/Shell", SHELL, "Eval", "s", (script,))
        if not done:
            raise RuntimeError(f"the shell: {answer}")
        return json.loads(answer) if answer else None


class GnomeSession(Part):
    """GNOME's session manager without systemd: it starts the shell, and then the autostart entries."""

    def __init__(self, lab: Lab, shell: GnomeShell) -> None:
        super().__init__(lab, "session")
        lab.need([SESSION_MANAGER])
        entry = lab.folder / "data" / "applications" / "org.gnome.Shell.desktop"
        session = lab.folder / "config" / "gnome-session" / "sessions" / "lab.session"
        for file, text in ((entry, SHELL_ENTRY.format(command=" ".join(shell.command))), (session, SESSION)):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        lab.environ["XDG_CONFIG_DIRS"] = str(lab.folder / "nothing")

    def start(self) -> None:
        """Start it; all that it starts may still be on its way when this returns."""
        self._launch(["env", "-u", "WAYLAND_DISPLAY", SESSION_MANAGER, "--builtin", "--session=lab"])


class GnomeDesktop(Lab):
    """GNOME on Wayland."""

    def __init__(self, folder: Path, size: str = "1280x800", *, extension: bool = True, shell: bool = True) -> None:
        super().__init__(folder)
        self.bus = Bus(self)
        self.system = Bus(self, "system")  # the shell wants one, even an empty one
        self.shell = GnomeShell(self, size, extension=extension)
        self._hands: GnomeHands | None = None
        self._wanted = [self.bus, self.system, *([self.shell] if shell else [])]

    def __exit__(self, *_: object) -> None:
        self.rest_hands()
        super().__exit__()

    @property
    def hands(self) -> GnomeHands:
        """The one remote session, begun when first asked for."""
        if self._hands is None:
            self._hands = GnomeHands(self.bus.address)
        return self._hands

    def rest_hands(self) -> None:
        """End the remote session: its sign goes from the bar."""
        if self._hands is not None:
            self._hands.close()
            self._hands = None

    def extension(self, *, on: bool) -> None:
        """Switch the tray's extension; its watcher has come or gone when this returns."""
        verb = "EnableExtension" if on else "DisableExtension"
        self.bus.call(SHELL, "/org/gnome/Shell", "org.gnome.Shell.Extensions", verb, "s", (EXTENSION,))
        self.wait_until(lambda: self.bus.has_owner(WATCHER) is on, 20, f"the extension to be {'on' if on else 'off'}")

    def picture(self) -> Image.Image:
        """Take a picture of the whole screen, without the pointer."""
        file = self.folder / "picture.png"
        name = "org.gnome.Shell.Screenshot"
        values = (False, False, str(file))
        done, _ = self.bus.call(name, "/org/gnome/Shell/Screenshot", name, "Screenshot", "bbs", values)
        assert done, "the shell took no picture"
        with Image.open(file) as picture:
            return picture.convert("RGB")

    def screenshot(self, path: Path) -> Path:
        """Write a picture of the whole screen to `path` (PNG)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path)
        return path


# --- in the matrix ----------------------------------------------------------------------------------------------------

WINDOWS = """global.get_window_actors().map(one => one.meta_window).filter(one => !one.minimized).map(one => {
    const box = one.get_frame_rect();
    return [one.get_title() || "", [box.x, box.y, box.x + box.width, box.y + box.height]];
})"""

PLACE = """const place = actor => {
    const [x, y] = actor.get_transformed_position(), [width, height] = actor.get_transformed_size();
    return [x, y, x + width, y + height].map(Math.round);
};"""

# The last of what is to be shown, once it has come down from the bar: a greeting may stand before a prompt.
BANNER = f"""(() => {{
    {PLACE}
    const tray = Main.messageTray;
    const shown = tray._banner && tray._notificationState === 2 && !tray._notificationQueue.length;
    return shown ? place(tray._banner) : null;
}})()"""

BUTTONS_OF_BANNER = f"""(() => {{
    {PLACE}
    const banner = Main.messageTray._banner;
    if (!banner)
        return null;
    return banner.expanded && banner._buttonBox ? banner._buttonBox.get_children().map(place) : [];
}})()"""

ELSEWHERE = (640, 400)
ACTIONS = ("start", "snooze", "skip")  # the shell shows three buttons, in the order of the coach


class GnomeDriver(Driver):
    """GNOME with the AppIndicator extension, as Debian and Ubuntu have it."""

    heavy = True
    prompts_by_notification = True
    panel: ClassVar[Box] = (0, 0, 1280, 32)
    tray: ClassVar[Box | None] = (1000, 0, 1125, 32)
    near: ClassVar[int] = 18  # the extension makes the icon a little transparent
    menu_look = MenuLook(above=11, row=36, separator=13)  # with the menu's shadow
    extension: ClassVar[bool] = True
    notes: ClassVar[Mapping[Aspect, str]] = {
        Aspect.CLICK: "a double click; a left click opens the menu",
        Aspect.RESTART: "the extension switched off and on; when the shell ends, the session ends",
        Aspect.BUTTONS: "the shell shows three: Start, Snooze, Skip",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desktop = GnomeDesktop(folder, self.size, extension=self.extension)

    @property
    def lab(self) -> GnomeDesktop:
        """The lab that runs the desktop."""
        return self._desktop

    def start(self) -> None:
        """Start all of it, and the hands, whose sign moves the icon."""
        super().start()
        self.move(*ELSEWHERE)

    def log_in(self) -> None:
        """Start the buses, and let the session manager start the rest."""
        desktop = self.lab
        for part in (desktop.bus, desktop.system, FakeLogind(desktop), GnomeSession(desktop, desktop.shell)):
            desktop.keep(part)
        desktop.shell.is_ready()
        self.move(*ELSEWHERE)

    def version(self) -> str:
        """Give the version of the shell; the extension tells none."""
        return self.lab.run(["gnome-shell", "--version"]).stdout.strip()

    def person(self) -> Hands:
        """Give somebody at the desk."""
        return Typist(lambda: self.lab.hands.tap("Shift_L"))

    def move(self, x: int, y: int) -> None:
        """Move the pointer there."""
        self.lab.hands.move(x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click."""
        self.lab.hands.click(x, y, button)

    def tap(self, key: str) -> None:
        """Press and let go one key."""
        self.lab.hands.tap(key)

    def window(self, title: str) -> Box | None:
        """Give where a window stands whose title contains this."""
        return next((_box(box) for name, box in self.lab.shell.evaluate(WINDOWS) if title in name), None)

    def click_icon(self, icon: tuple[int, int]) -> None:
        """Click twice, quickly."""
        self.lab.hands.click(*icon, times=2)

    def call_menu(self, icon: tuple[int, int]) -> None:
        """Click."""
        self.click(*icon)

    def kill_host(self) -> None:
        """Switch the extension off."""
        self.lab.extension(on=False)

    def start_host(self) -> None:
        """Switch the extension on."""
        self.lab.extension(on=True)

    def await_notification(self, before: Image.Image, limit_s: float = 60.0) -> Box:
        """Wait until a banner stands, and no other waits behind it, and give where."""
        return _box(self.lab.wait_until(lambda: self.lab.shell.evaluate(BANNER), limit_s, "the notification"))

    def press(self, action: str, box: Box) -> None:
        """Click the banner, or the button that comes out under the pointer; nothing if the banner is gone."""
        middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
        if action == "default":
            self.click(*middle)
        else:
            self.move(*middle)
            self.lab.wait_until(self._buttons_rest, 30, "the banner's buttons")
            places = self.lab.shell.evaluate(BUTTONS_OF_BANNER) or []
            for left, top, right, bottom in places[ACTIONS.index(action) :][:1]:
                self.click((left + right) // 2, (top + bottom) // 2)
        pause(0.5)  # the shell looks where the pointer is when it comes to the click
        # a banner that comes down over the pointer shows its buttons only when the pointer has been elsewhere
        self.move(*ELSEWHERE)

    def _buttons_rest(self) -> bool:
        """Tell whether all buttons have come to rest, or there is no banner any more."""
        first = self.lab.shell.evaluate(BUTTONS_OF_BANNER)
        pause(0.3)  # some frames
        second = self.lab.shell.evaluate(BUTTONS_OF_BANNER)
        if second is None:
            return True
        return len(second) == len(ACTIONS) and first == second and not any(None in place for place in second)


class StockGnomeDriver(GnomeDriver):
    """GNOME as it comes: no tray at all."""

    has_tray = False
    extension: ClassVar[bool] = False
    notes: ClassVar[Mapping[Aspect, str]] = {Aspect.BUTTONS: GnomeDriver.notes[Aspect.BUTTONS]}


def _box(values: list[int]) -> Box:
    left, top, right, bottom = values
    return left, top, right, bottom
