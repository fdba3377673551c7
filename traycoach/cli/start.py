"""`traycoach` alone and `traycoach run`: bringing the coach up."""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from traycoach import clock, log
from traycoach.cli.coach import activation_token, print_reply
from traycoach.control import NotRunning, ask
from traycoach.errors import Unavailable
from traycoach.paths import Paths, private, user_paths
from traycoach.request import Request
from traycoach.text import _
from traycoach.ui_process.child import python_path

UP_WITHIN = timedelta(seconds=30)
LOOK_EVERY_S = 0.05


def start(_arguments: argparse.Namespace) -> int:
    """Show the status window of the running coach, or start one in the background and wait until it answers."""
    try:
        return print_reply(ask(Request("open", ("status",), activation_token=activation_token())))
    except NotRunning:
        pass
    paths = user_paths()
    _start_in_background(paths)
    sys.stdout.write(_("The coach runs; “traycoach status” tells what it sees.") + "\n")
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Run the coach in this process until it quits; give its exit code. Raises `Unavailable` where it cannot run."""
    paths = user_paths()
    log.start(paths.log, arguments.verbose, to_terminal=sys.stderr.isatty())
    from traycoach.daemon import run as run_coach

    try:
        return run_coach(login=arguments.login)
    except Unavailable as error:
        logging.getLogger(__name__).error("%s", error.reason)  # noqa: TRY400 - a state of the desktop, no fault
        raise
    finally:
        log.stop()


def _start_in_background(paths: Paths) -> None:
    """Start `traycoach run` in a session of its own, its output in the log. Raises `Unavailable` with its reason."""
    try:
        private(paths.state)
        output = os.open(paths.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        sentence = _("The log {path} cannot be written: {reason}.")
        raise Unavailable(sentence.format(path=paths.log, reason=error.strerror)) from error
    try:
        heard = os.fstat(output).st_size
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "traycoach", "run"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",  # it may stay for weeks: no folder is kept busy by it
            env={**os.environ, **python_path(os.environ)},
            start_new_session=True,
        )
    finally:
        os.close(output)
    end = clock.now().steady + UP_WITHIN
    while clock.now().steady < end:
        code = _exit_code(process)
        if _answers(paths):
            process.returncode = process.returncode or 0  # it is not ours to wait for any more
            return
        if code is not None:
            raise Unavailable(_last_words(paths.log, heard))
    raise Unavailable(_("The coach was started but does not answer; its log is {path}.").format(path=paths.log))


def _exit_code(process: subprocess.Popen[bytes]) -> int | None:
    """Give the exit code if it ends within a moment."""
    try:
        return process.wait(LOOK_EVERY_S)
    except subprocess.TimeoutExpired:
        return None


def _answers(paths: Paths) -> bool:
    try:
        ask(Request("status"), paths=paths)
    except NotRunning:
        return False
    except Unavailable:
        return True  # busy with its start
    return True


def _last_words(path: Path, heard: int) -> str:
    """Give the sentence with which the coach refused to run, which stands in the log behind what was there before."""
    with path.open("rb") as file:
        file.seek(heard)
        lines = file.read().decode(errors="replace").splitlines()
    said = [line.removeprefix("traycoach: ") for line in lines if line.startswith("traycoach: ")]
    return said[-1] if said else _("The coach ended at once; its log is {path}.").format(path=path)
