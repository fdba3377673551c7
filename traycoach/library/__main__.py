"""`python -m traycoach.library --build` makes config/index.json anew; `--check` tells whether it is up to date."""

from __future__ import annotations

import sys

from traycoach.errors import UserError
from traycoach.library.index import check, write
from traycoach.paths import bundled


def main(words: list[str]) -> int:
    """Do one of the two; give the exit code."""
    folder = bundled("config")
    try:
        match words:
            case ["--build"]:
                index = write(folder)
                sys.stdout.write(f"{len(index.exercises)} exercises, {len(index.routines)} routines\n")
            case ["--check"]:
                check(folder)
            case _:
                sys.stderr.write("expected --build or --check\n")
                return 2
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
