"""Private desktops without a screen, for tests, the demo and the benchmarks.

    with XfceDesktop(tmp_path) as desktop:              # X server, bus, xfwm4, xfce4-panel, xfce4-notifyd: 1 s
        desktop.x_server.pointer.click(24, 16)          # a real click (XTEST)
        desktop.screenshot(tmp_path / "shot.png")

    with Lab(tmp_path) as lab, XServer(lab), Bus(lab), WindowManager(lab, "openbox"), Trayer(lab) as trayer:
        program = lab.start(["xclock"], "clock")        # inside the desktop, its output in lab.folder/logs/clock.log
        trayer.restart()
        lab.wait_until(lambda: …, 5, "the icon")        # on failure the logs are in the message

Each lab has its own HOME, XDG folders, TRAYCOACH_HOME and environment under the folder it is given, and for sockets a
`runtime` folder with a short path; `lab.environ` is what the next program gets. When the outermost `with` ends, every
process of it is ended by pid, orphans included. Several labs run side by side. Nothing of the user's own session is
touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from PIL import Image

from tests.desktops.coach import Coach
from tests.desktops.parts import Bus, FakeLogind, Notifyd, Part, Trayer, WindowManager, XfcePanel, session_address
from tests.desktops.processes import MARK, GaveUpError, Processes, T, missing_programs, pause, steady_s, wait_until
from tests.desktops.screen import Keyboard, Pointer, ShownWindow, XServer

__all__ = [
    "Bus",
    "Coach",
    "FakeLogind",
    "GaveUpError",
    "Keyboard",
    "Lab",
    "MissingProgramsError",
    "Notifyd",
    "Part",
    "Pointer",
    "Processes",
    "ShownWindow",
    "Trayer",
    "WindowManager",
    "XServer",
    "XembedDesktop",
    "XfceDesktop",
    "XfcePanel",
    "missing_programs",
    "pause",
    "steady_s",
    "wait_until",
]

ROOT = Path(__file__).parents[2]
# What a program may inherit: where programs and libraries are, nothing of the session that the tests run in.
INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "USER", "LOGNAME", "TZ")


class MissingProgramsError(RuntimeError):
    """A desktop needs programs that are not installed; the text says which."""


def short_folder(link: Path) -> Path:
    """Give the folder with a short path, private to its owner, that `link` points to; it is made if it is not there.

    The address of a socket has at most 107 characters, unix(7), and a test's own folder may be deep.
    """
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(tempfile.mkdtemp(prefix="lab-"))
    return link.readlink()


class Lab:
    """A private folder, an environment, and the processes in it. An empty lab has no screen and no bus."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "config", "data", "cache", "state", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.runtime = short_folder(folder / "run")
        self.environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "HOME": str(folder / "home"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_DIRS": "/etc/xdg",
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "TRAYCOACH_HOME": str(folder / "tc"),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            # there is no graphics card, no settings daemon and (unless a test starts one) no accessibility bus
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GSETTINGS_BACKEND": "memory",
            "GIO_USE_VFS": "local",
            "NO_AT_BRIDGE": "1",
            # nobody listens there until a Bus starts; without it some programs would start a bus of their own
            "DBUS_SESSION_BUS_ADDRESS": session_address(self.runtime),
            MARK: str(folder),
        }
        self.processes = Processes(folder / "logs", mark=str(folder))
        self._parts: dict[str, Part] = {}
        self._wanted: list[Part] = []  # what starts with the lab
        self._stack = ExitStack()

    def add(self, part: Part) -> None:
        """Know a part by its class (and a bus by its kind): the newest one counts. Parts call this themselves."""
        self._parts[part.name_of_log] = part

    @property
    def x_server(self) -> XServer:
        """The X server of this lab."""
        found = self._parts.get("xvfb")
        assert isinstance(found, XServer), "this lab has no X server"
        return found

    @property
    def session_bus(self) -> Bus:
        """The session bus of this lab."""
        return self._bus("session")

    @property
    def system_bus(self) -> Bus:
        """The system bus of this lab."""
        return self._bus("system")

    @property
    def has_session_bus(self) -> bool:
        """Whether a session bus of this lab runs."""
        return "bus-session" in self._parts and self._parts["bus-session"].running

    def _bus(self, kind: str) -> Bus:
        found = self._parts.get(f"bus-{kind}")
        assert isinstance(found, Bus), f"this lab has no {kind} bus"
        return found

    def keep(self, part: Part) -> None:
        """Start a part; it ends with the lab."""
        self._stack.enter_context(part)

    def need(self, programs: Sequence[str]) -> None:
        """Raise MissingProgramsError unless all of these are on the path."""
        if missing := missing_programs(programs, self.environ.get("PATH")):
            raise MissingProgramsError(f"not installed: {', '.join(missing)} (`make test` as root installs them)")

    def start(self, command: Sequence[str], log: str) -> subprocess.Popen[bytes]:
        """Start a program inside; what it prints goes to `logs/LOG.log`."""
        return self.processes.start(command, self.environ, log)

    def end(self, process: subprocess.Popen[bytes]) -> int:
        """End a program and all below it; gives its exit status."""
        return self.processes.end(process)

    def run(
        self, command: Sequence[str], timeout: float = 30.0, *, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside to its end and give what it printed; with `check` a failure raises, logs in the text."""
        done = subprocess.run(
            command,
            env=self.environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            said = f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
            raise AssertionError(f"{said}\n{self.processes.log_tails()}")
        return done

    def log(self, name: str) -> str:
        """Give all that a program printed so far."""
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_until(self, predicate: Callable[[], T | None], timeout: float = 10.0, what: str = "") -> T:
        """Wait as `processes.wait_until` does, and show this lab's logs on failure."""
        return wait_until(predicate, timeout, what, self.processes.log_tails)

    def coach(self, settings: str = "", **options: str) -> Coach:
        """Give the real coach, not yet started, with this text as its settings file."""
        return Coach(self, settings, **options)

    def picture(self) -> Image.Image:
        """Take a picture of the whole screen."""
        return self.x_server.picture()

    def screenshot(self, path: Path) -> Path:
        """Write a picture of the whole screen to `path` (PNG)."""
        return self.x_server.screenshot(path)

    def __enter__(self) -> Self:
        try:
            for part in self._wanted:
                self.keep(part)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._stack.close()
        finally:
            self.processes.end_all()
            shutil.rmtree(self.runtime, ignore_errors=True)


class XfceDesktop(Lab):
    """XFCE on X11: window manager, panel with tray, notifications. Leave a part out with its switch, start it later."""

    def __init__(
        self,
        folder: Path,
        size: str = "1280x800",
        *,
        panel: bool = True,
        notifyd: bool = True,
        system_bus: bool = False,
        dark: bool = False,
    ) -> None:
        super().__init__(folder)
        self.server = XServer(self, size)
        self.bus = Bus(self)
        self.window_manager = WindowManager(self, "xfwm4")
        self.panel = XfcePanel(self, dark=dark)
        self.notifyd = Notifyd(self)
        self._wanted = [self.server, self.bus, *([Bus(self, "system")] if system_bus else []), self.window_manager]
        self._wanted += [*([self.panel] if panel else []), *([self.notifyd] if notifyd else [])]


class XembedDesktop(Lab):
    """The poorest X11 session: openbox and a tray that knows XEmbed only; no StatusNotifier, no notifications."""

    def __init__(self, folder: Path, size: str = "1280x800", *, tray: bool = True) -> None:
        super().__init__(folder)
        self.server = XServer(self, size)
        self.bus = Bus(self)
        self.window_manager = WindowManager(self, "openbox")
        self.trayer = Trayer(self)
        self._wanted = [self.server, self.bus, self.window_manager, *([self.trayer] if tray else [])]
