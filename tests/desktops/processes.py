"""The processes of one private desktop: start them, and end every one of them, their orphans included, by pid.

The test process becomes a child subreaper (prctl(2)), so a daemon that forked away or was activated by D-Bus comes back
to us when its parent ends. Such orphans carry the desktop's mark in their environment; that mark, never a name, tells
whose they are, so several desktops run side by side.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

MARK = "TRAYCOACH_LAB"
PR_SET_CHILD_SUBREAPER = 36

T = TypeVar("T")


class GaveUpError(AssertionError):
    """What was waited for did not come."""


def wait_until(
    predicate: Callable[[], T | None], timeout: float = 10.0, what: str = "", shows: Callable[[], str] = lambda: ""
) -> T:
    """Ask `predicate` every 20 ms until its answer is true and give that; after `timeout` s raise `GaveUpError`.

    `what` completes "gave up waiting for …"; `shows` gives what helps to see why (logs), asked only on failure.
    """
    until = time.monotonic() + timeout
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > until:
            raise GaveUpError(
                f"gave up after {timeout:g} s waiting for {what or predicate}; last answer {answer!r}\n{shows()}"
            )
        time.sleep(0.02)


def pause(for_s: float) -> None:
    """Let so many seconds pass, where the thing under test is time itself."""
    time.sleep(for_s)


def steady_s() -> float:
    """Seconds on a clock that only differences are read from."""
    return time.monotonic()


def missing_programs(programs: Iterable[str], path: str | None = None) -> list[str]:
    """Give those of the programs that are not on the path."""
    folders = (path or os.environ.get("PATH", os.defpath)).split(os.pathsep)
    return [name for name in programs if not any(os.access(Path(folder) / name, os.X_OK) for folder in folders)]


def _parents() -> dict[int, int]:
    """Give the parent of every live process (zombies left out), by pid; proc(5), field 4 of stat."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(entry.name)] = int(parent)
    return found


class Processes:
    """Everything that one desktop started. `logs` gets one file a process; `mark` is in the environment of each."""

    def __init__(self, logs: Path, mark: str) -> None:
        self.logs = logs
        self.mark = mark
        self._started: list[subprocess.Popen[bytes]] = []
        self._needle = f"{MARK}={mark}".encode()
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(
        self, command: Sequence[str], environ: Mapping[str, str], log: str, keep_fds: Sequence[int] = ()
    ) -> subprocess.Popen[bytes]:
        """Start a program in its own process group; what it prints goes to the end of `logs/LOG.log`.

        It gets SIGTERM from the kernel when we die before it (setpriv(1), util-linux).
        """
        with (self.logs / f"{log}.log").open("ab") as out:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *command],
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=tuple(keep_fds),
                process_group=0,
            )
        self._started.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes], grace: float = 5.0) -> int:
        """End one process and all below it: SIGTERM, after `grace` s SIGKILL. Gives its exit status."""
        family = [process.pid, *self._below([process.pid], _parents())]
        _signal_all(family if process.poll() is None else family[1:], signal.SIGTERM)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            _signal_all(family, signal.SIGKILL)
            process.wait()
        if process in self._started:
            self._started.remove(process)
        return process.returncode

    def end_all(self, grace: float = 5.0) -> None:
        """End, last started first, whatever this desktop started, directly or not, and reap it."""
        for process in reversed(list(self._started)):
            self.end(process, grace)
        known: set[int] = set()
        for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
            until = time.monotonic() + patience
            told: set[int] = set()
            while left := set(self.alive()):
                _signal_all(left - told, number)
                told |= left
                known |= left
                self._reap(known)
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
        self._reap(known)

    def alive(self) -> list[int]:
        """Give the pids of everything of this desktop that runs, orphans and activated services included."""
        parents = _parents()
        marked = [pid for pid in self._below([os.getpid()], parents) if self._is_ours(pid)]
        return sorted({*marked, *self._below(marked, parents)})

    def log_tails(self, lines: int = 15) -> str:
        """Give the last lines of every log, for a failure's text."""
        tails = []
        for log in sorted(self.logs.glob("*.log")):
            if text := log.read_text(errors="replace").splitlines()[-lines:]:
                tails.append("\n    ".join([f"--- {log.name}", *text]))
        return "\n".join(tails)

    def _is_ours(self, pid: int) -> bool:
        try:
            return self._needle in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return False

    @staticmethod
    def _below(roots: Iterable[int], parents: Mapping[int, int]) -> list[int]:
        found: list[int] = []
        todo = list(roots)
        while todo:
            above = todo.pop()
            children = [pid for pid, parent in parents.items() if parent == above and pid not in found]
            found += children
            todo += children
        return found

    @staticmethod
    def _reap(pids: Iterable[int]) -> None:
        for pid in pids:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
