"""The real program, started inside a private desktop and asked by its own command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from traycoach import clock, coach_state
from traycoach.coach_state import Saved
from traycoach.core import coach as core_coach
from traycoach.settings import load

if TYPE_CHECKING:
    from tests.desktops.lab import Lab


class Coach:
    """`traycoach run` with its own settings file. `environ` adds to the lab's environment, for this program alone."""

    def __init__(self, lab: Lab, settings: str = "", **environ: str) -> None:
        self.lab = lab
        self.home = Path(environ.get("TRAYCOACH_HOME", lab.environ["TRAYCOACH_HOME"]))
        self.environ = environ
        self.process: subprocess.Popen[bytes] | None = None
        if settings:
            self.write_settings(settings)

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.home / "config" / "traycoach.toml"

    @property
    def history(self) -> Path:
        """The history database."""
        return self.home / "state" / "history.sqlite3"

    @property
    def log(self) -> str:
        """The program's own log, and what it printed."""
        file = self.home / "state" / "traycoach.log"
        return (file.read_text(errors="replace") if file.exists() else "") + self.lab.log("coach")

    @property
    def pid(self) -> int:
        """The pid of the daemon."""
        assert self.process is not None, "the coach was not started"
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the daemon runs."""
        return self.process is not None and self.process.poll() is None

    def write_settings(self, text: str) -> None:
        """Replace the settings file, as an editor does: a new file under the old name."""
        self.settings.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.settings.with_suffix(".new")
        draft.write_text(text)
        draft.rename(self.settings)

    def has_been_here(self) -> None:
        """Leave the state of a coach that has this moment ended, so that the next one does not introduce itself."""
        now = clock.now()
        core = core_coach.Coach(load(self.settings).schedule, (), None, seed=1, now=now)
        coach_state.save(self.home / "state" / "coach.json", Saved(core.state, clock.suspended_for(), now.wall))

    def start(self, *words: str, ready: bool = True) -> None:
        """Start `traycoach run WORDS`; with `ready` it answers its command line when this returns."""
        command = [sys.executable, "-m", "traycoach", "run", *words]
        self.process = self.lab.processes.start(command, {**self.lab.environ, **self.environ}, "coach")
        if ready:
            self.lab.wait_until(self._answers, 20, "the coach's first answer")

    def _answers(self) -> bool:
        assert self.running, f"the coach ended by itself\n{self.log}"
        # the socket comes first: a whole process for each poll would be slow
        return (self.home / "run" / "control").exists() and self.tell("status").returncode == 0

    def tell(self, *words: str, timeout: float = 20.0) -> subprocess.CompletedProcess[str]:
        """Run the command line with these words and give what it printed and its exit code."""
        command = [sys.executable, "-m", "traycoach", *words]
        return subprocess.run(
            command,
            env={**self.lab.environ, **self.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def ask(self, *words: str) -> Any:
        """Run a reading verb with `--json` and give what it said, parsed. Any exit code but 0 is a failure."""
        said = self.tell(*words, "--json")
        assert said.returncode == 0, f"{words}: {said.returncode} {said.stdout}{said.stderr}\n{self.log}"
        return json.loads(said.stdout)

    def say(self, *words: str) -> str:
        """Run a verb and give its sentence. Any exit code but 0 is a failure."""
        said = self.tell(*words)
        assert said.returncode == 0, f"{words}: {said.returncode} {said.stdout}{said.stderr}\n{self.log}"
        return said.stdout.strip()

    def kill9(self) -> None:
        """End the daemon as a power cut would; its window process is left to notice by itself."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask the daemon to end (SIGTERM) and give its exit status."""
        assert self.process is not None
        status = self.lab.processes.end(self.process)
        self.process = None
        return status

    def restart(self) -> None:
        """End the daemon and start it again on the same files."""
        if self.running:
            self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.running:
            self.stop()
