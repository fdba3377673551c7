"""Every measurement, beside the budgets: `python -m bench`, or `python -m bench memory daemon` for some of them.

A measurement is a module of this folder with `measure() -> list[Figure]`; what else lies here (sheets of pictures) is
run by its own name.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from pathlib import Path

from bench.figures import Figure, table


def measurements() -> list[str]:
    """Give the names of the modules that measure, found without importing them: some draw pictures with Qt."""
    has_one = "\ndef measure() -> list[Figure]:"
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if has_one in path.read_text())


def main() -> int:
    """Run the measurements that are named, or all; print one table; 1 if a budget is broken or one failed."""
    known = measurements()
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, beside the budgets.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure (all of it): {', '.join(known)}")
    names = parser.parse_args().names or known
    if unknown := set(names) - set(known):
        parser.error(f"nothing measures {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    figures: list[Figure] = []
    failed: list[str] = []
    for number, name in enumerate(names, 1):
        print(f"[{number}/{len(names)}] {name} …", file=sys.stderr, flush=True)
        try:
            figures += importlib.import_module(f"bench.{name}").measure()
        except Exception:
            traceback.print_exc()
            failed.append(name)
    print(table(figures))
    if failed:
        print(f"could not be measured: {', '.join(failed)}")
    return 1 if failed or not all(figure.within for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
