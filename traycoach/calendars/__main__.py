"""`python -m traycoach.calendars PATH…` reads calendars and prints a `Reading` as one line of JSON, or a `Crash`.

It limits itself: memory, processor time, and its rank among the processes of the machine. Nothing that stands in a
calendar is ever printed, not even when it fails.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path

MEMORY = 512 * 1024 * 1024
PROCESSOR_S = 20
_NICE = 5


def main(paths: list[str]) -> int:
    """Read and print; give the exit code: 1 after a bug, 2 without paths."""
    if not paths:
        sys.stderr.write("usage: python -m traycoach.calendars PATH...\n")
        return 2
    _limit()
    try:
        from traycoach import clock
        from traycoach.calendars.reading import read
        from traycoach.wire import encode

        line, code = encode(read(paths, clock.now().wall)), 0
    except Exception as error:  # its message may quote a calendar
        line, code = _crash(error), 1
    sys.stdout.write(line + "\n")
    return code


def _crash(error: Exception) -> str:
    from traycoach.calendars import Crash
    from traycoach.wire import encode

    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == Path(__file__).parent]
    where = own[-1] if own else frames[-1]
    return encode(Crash(type(error).__name__, f"{Path(where.filename).name}:{where.lineno}"))


def _limit() -> None:
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    try:
        import resource  # POSIX only
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR_S), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a lower limit of the user's own stands
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
