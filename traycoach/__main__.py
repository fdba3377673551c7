"""`python -m traycoach`, and the `traycoach` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and give the exit code."""
    from traycoach.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
