"""Errors with an addressee: the user (`UserError`), or the chooser of backends and `doctor` (`Unavailable`).

Anything else that is raised is a bug and is loud.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with something a person wrote.

    `message` is a whole sentence for that person and says what was expected. `file`, `line` (from 1) and `key` (dotted:
    `rule.stand.every`) say where, as far as known. `suggestion` is the nearest correct key or value.
    """

    message: str
    file: str | None = None
    key: str | None = None
    line: int | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}"
        parts = [part for part in (place, self.key) if part]
        text = ": ".join([*parts, self.message])
        return f"{text} (did you mean “{self.suggestion}”?)" if self.suggestion else text


class UserError(Exception):
    """Something a person can put right. Shown as sentences, never with a traceback; nothing has been changed."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            problem if isinstance(problem, Problem) else Problem(problem) for problem in problems
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Unavailable(Exception):  # noqa: N818 - a state of the desktop, not a fault
    """A backend cannot be used here. `reason` is one sentence for `traycoach doctor`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotHere(Unavailable):
    """A backend can never be used in this session: it belongs to another desktop. Nobody needs to try it again."""
