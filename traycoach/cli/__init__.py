"""The command line: `traycoach VERB …`. docs/cli.md is its manual.

Exit codes: 0 done; 1 not possible now, with one sentence; 2 bad usage or a bad file, with all problems. Every body of a
verb is imported when it is called: `traycoach status` imports a socket and little more.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from traycoach.errors import Unavailable, UserError

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Do what the words say and give the exit code; every error is a sentence on the error stream."""
    from traycoach.cli.parser import build_parser

    _speak_the_users_language()
    try:
        arguments = build_parser().parse_args(words)
        module, _colon, name = arguments.body.partition(":")
        code = int(getattr(import_module(f"traycoach.cli.{module}"), name)(arguments))
        sys.stdout.flush()
    except UserError as error:
        return _tell([str(problem) for problem in error.problems], 2)
    except Unavailable as error:
        return _tell([error.reason], 1)
    except BrokenPipeError:  # “traycoach history | head”: nobody wants the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _tell(sentences: Sequence[str], code: int) -> int:
    for sentence in sentences:
        sys.stderr.write(f"traycoach: {sentence}\n")
    return code


def _speak_the_users_language() -> None:
    # a terminal that cannot show a character shows another one; it never ends the program
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    import gettext

    from traycoach import text
    from traycoach.paths import bundled

    # without a catalogue the sentences stand as they are written, in English
    with contextlib.suppress(FileNotFoundError):
        text.install(gettext.translation("traycoach", bundled("locale"), fallback=True))
