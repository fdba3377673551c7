"""An exercise of the user's in the place of a shipped one: what becomes of the shipped routines that use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traycoach.errors import Problem, UserError
from traycoach.library.bodies import parsed
from traycoach.library.entries import RoutineEntry, routine_entry
from traycoach.text import _

if TYPE_CHECKING:
    from traycoach.library.index import Index


@dataclass(slots=True)
class Replacement:
    """Shipped routines that play exercises of the user's: their entries, with the length that they now have.

    `kept` are the routines that cannot take them, and go on with the shipped ones; `problems` say why.
    """

    routines: dict[str, RoutineEntry] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def replacement(shipped: Index, own: Index) -> Replacement:
    """Read the shipped routines that the user's exercises take part in; mostly there are none."""
    found = Replacement()
    taken = own.exercises.keys() & shipped.exercises.keys()
    concerned = [entry for entry in shipped.routines.values() if taken & set(entry.exercises)]
    if not concerned:
        return found
    from traycoach.library.files import routine_file

    bodies: dict[str, Mapping[str, Any]] = {}

    def body_of(name: str) -> Mapping[str, Any]:
        if name not in bodies:
            index = own if name in own.exercises else shipped
            bodies[name] = parsed(index.folder / index.exercises[name].file)
        return bodies[name]

    for entry in concerned:
        path = shipped.folder / entry.file
        try:
            routine = routine_file(path, body_of, {**shipped.exercises, **own.exercises}, recount=True)
        except UserError as error:
            found.kept.add(entry.id)
            for name in sorted(taken & set(entry.exercises)):
                message = _("the routine “{routine}” cannot use it and keeps the shipped exercise: {reason}")
                reason = error.problems[0].message
                file = str(own.folder / own.exercises[name].file)
                found.problems.append(Problem(message.format(routine=entry.id, reason=reason), file=file))
            continue
        found.routines[entry.id] = routine_entry(path, routine, bodies, own=False)
    return found
