"""Where files live: the platform's folders for the user, and the data that ships with the package.

`TRAYCOACH_HOME` (for tests, portable use and `make demo`) moves all of the user's files under one folder.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

APP = "traycoach"


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders of one user. None of them is created by asking; `private()` does that."""

    config: Path
    state: Path
    runtime: Path

    @property
    def settings(self) -> Path:
        """The user's settings file."""
        return self.config / "traycoach.toml"

    @property
    def coach_state(self) -> Path:
        """The coach's saved state."""
        return self.state / "coach.json"

    @property
    def history(self) -> Path:
        """The history database."""
        return self.state / "history.sqlite3"

    @property
    def log(self) -> Path:
        """The log file."""
        return self.state / "traycoach.log"

    @property
    def recording(self) -> Path:
        """The recorded events of the last days, for `traycoach replay`."""
        return self.state / "events.jsonl"

    @property
    def socket(self) -> Path:
        """The control channel's socket."""
        return self.runtime / "control"


def user_paths() -> Paths:
    """Give the folders of the current user."""
    home = os.environ.get("TRAYCOACH_HOME")
    if home:
        root = Path(home)
        return Paths(config=root / "config", state=root / "state", runtime=root / "run")
    import platformdirs

    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    return Paths(
        config=dirs.user_config_path,
        state=dirs.user_state_path,
        runtime=dirs.user_runtime_path if _runtime_exists() else dirs.user_state_path / "run",
    )


def _runtime_exists() -> bool:
    # platformdirs falls back to a shared folder under /tmp, which is not private
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return not sys.platform.startswith("linux") or (bool(runtime) and Path(runtime).is_dir())


def private(folder: Path) -> Path:
    """Create the folder if need be, readable by its owner only, and give it back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def bundled(name: str) -> Path:
    """Give a folder or file of the shipped data: `bundled("config/default.toml")`, in a checkout or in a wheel."""
    package = Path(__file__).parent
    for root in (package / "data", package.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(name)
