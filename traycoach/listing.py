"""What the daemon and the Routines window say to each other; part of `messages`, which has their unions.

The steps of a preview travel in `messages.ShowPreview`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class ListedRoutine:
    """A routine or a lesson as the Routines window lists it. `place` holds "seated", "standing", "floor".

    `level` is 1 to 3; `discreet` 3 (nobody notices) to 1 (wants privacy); `wheelchair`: works without using the legs;
    `stands`: some step needs standing; `own`: it comes from the user's folder. A lesson (`lesson`) has the one purpose
    "lesson", opens by its id among the lessons, and can be no favourite and not be hidden.
    """

    id: str
    title: str
    summary: str
    length: timedelta
    purposes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    floor: bool = False
    level: int = 1
    discreet: int = 1
    wheelchair: bool = False
    stands: bool = False
    favourite: bool = False
    hidden: bool = False
    own: bool = False
    lesson: bool = False


@dataclass(frozen=True, slots=True)
class RoutinesView:
    """What the Routines window shows: the whole library, lessons included, in any order."""

    entries: tuple[ListedRoutine, ...]


@dataclass(frozen=True, slots=True)
class ShowRoutines:
    """Open the Routines window or bring it to the front."""

    view: RoutinesView
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class UpdateRoutines:
    """The list has changed, if the Routines window is open."""

    view: RoutinesView


@dataclass(frozen=True, slots=True)
class ShowPictures:
    """The answer to PicturesAsked: the exercise that stands for each entry, by the entry's id; None for none."""

    pictures: Mapping[str, Any]
    poses: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PreviewAsked:
    """The Routines window wants to show the steps of a routine, or the parts of a lesson."""

    routine: str


@dataclass(frozen=True, slots=True)
class PicturesAsked:
    """The Routines window wants the pictures of the entries that have come into sight."""

    routines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoutineMarked:
    """The user made a routine a favourite or hid it, or took that back: this is how it is to be from now on."""

    routine: str
    favourite: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class RoutinesClosed:
    """The Routines window was closed; it needs no news."""
