"""The daemon's half of the Routines window: what it lists, what it shows on demand, and what the user marks in it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from traycoach.core.picker import RoutineInfo
from traycoach.errors import UserError
from traycoach.library import Library
from traycoach.messages import (
    FromWindows,
    ListedRoutine,
    PicturesAsked,
    PreviewAsked,
    RoutineMarked,
    RoutinesClosed,
    RoutinesView,
    ShowPictures,
    ShowPreview,
    ShowRoutines,
    ToWindows,
    UpdateRoutines,
)
from traycoach.settings import Offers

_log = logging.getLogger(__name__)
MENU_ROWS: Final = 8
"""So many routines fit into the status window's menu on any screen."""
MOST_PICTURES: Final = 24
"""More pictures than a screen holds are sent in several messages."""

_UNNOTICED: Final = 3
"""How discreet it is to look at the screen."""

_Heard = PicturesAsked | PreviewAsked | RoutineMarked


def routines_view(library: Library, offers: Offers) -> RoutinesView:
    """Give the whole library, hidden routines and those that `offers` leaves out included: all can be chosen."""
    routines = (
        ListedRoutine(
            id=entry.id,
            title=entry.title,
            summary=entry.summary,
            length=entry.length,
            purposes=entry.purposes,
            regions=entry.regions,
            place=entry.place,
            floor=entry.floor,
            level=entry.level,
            discreet=entry.discreet,
            wheelchair=entry.wheelchair,
            stands=entry.stands,
            favourite=entry.id in offers.favourites,
            hidden=entry.id in offers.hidden,
            own=entry.own,
        )
        for entry in library.entries()
    )
    lessons = (
        ListedRoutine(
            id=entry.id,
            title=entry.title,
            summary=entry.summary,
            length=entry.length,
            purposes=("lesson",),
            discreet=_UNNOTICED,
            wheelchair=True,
            lesson=True,
        )
        for entry in library.lessons()
    )
    return RoutinesView((*routines, *lessons))


def in_menu_order(catalogue: Iterable[RoutineInfo], offers: Offers, most: int | None = None) -> tuple[RoutineInfo, ...]:
    """Give the routines as menus list them: favourites first, then what is offered; hidden ones not at all.

    `most` is for menus that do not scroll. All others are in the Routines window.
    """
    liked = offers.favourites - offers.hidden
    shown = [routine for routine in catalogue if routine.offered or routine.id in liked]
    return tuple(sorted(shown, key=lambda routine: routine.id not in liked)[:most])


class RoutinesDesk:
    """Serves the Routines window. Its answers come from a thread that lives only while there is something to answer.

    `offers` gives the settings in force; `send` takes messages for the window; `tell` takes a sentence for the user;
    `written` is called after an edit of the settings file `settings`.
    """

    def __init__(
        self,
        library: Library,
        settings: Path,
        offers: Callable[[], Offers],
        send: Callable[[ToWindows], object],
        tell: Callable[[str], None],
        written: Callable[[], None],
    ) -> None:
        self._library = library
        self._settings = settings
        self._offers = offers
        self._send = send
        self._tell = tell
        self._written = written
        self._lock = threading.Lock()
        self._waiting: deque[_Heard] = deque()
        self._working = False
        self._open = False

    def show(self, token: str) -> None:
        """Open the window."""
        self._open = True
        self._send(ShowRoutines(routines_view(self._library, self._offers()), token))

    def refresh(self) -> None:
        """The settings have changed: an open window learns of it, but not of a state that its own marks overtake."""
        with self._lock:
            behind = bool(self._waiting)
        if self._open and not behind:
            self._send(UpdateRoutines(routines_view(self._library, self._offers())))

    def lost(self) -> None:
        """The window process has ended, and the window with it."""
        self._open = False

    def heard(self, message: FromWindows) -> bool:
        """Take a message of the window; False: it is not for this desk. Never blocks."""
        if isinstance(message, RoutinesClosed):
            self._open = False
            return True
        if not isinstance(message, PicturesAsked | PreviewAsked | RoutineMarked):
            return False
        with self._lock:
            self._waiting.append(message)
            if self._working:
                return True
            self._working = True
        threading.Thread(target=self._work, name="routines", daemon=True).start()
        return True

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                message = self._waiting.popleft()
            try:
                self._answer(message)
            except Exception:
                _log.exception("the Routines window gets no answer to %s", type(message).__name__)

    def _answer(self, message: _Heard) -> None:
        match message:
            case PicturesAsked(routines=routines):
                for first in range(0, len(routines), MOST_PICTURES):
                    asked = routines[first : first + MOST_PICTURES]
                    pictures = {name: self._picture(name) for name in asked}
                    self._send(ShowPictures(pictures, self._library.poses()))
            case PreviewAsked(routine=routine):
                self._send(self._preview(routine))
            case RoutineMarked():
                self._mark(message)

    def _picture(self, name: str) -> Mapping[str, Any] | None:
        if not self._is_lesson(name):
            return self._library.thumbnail(name)
        try:
            return self._library.lesson_message(name).steps[0].exercise
        except UserError as error:
            _log.warning("a lesson has no picture: %s", error)
            return None

    def _preview(self, name: str) -> ShowPreview:
        try:
            lesson = self._is_lesson(name)
            steps = self._library.lesson_message(name).steps if lesson else self._library.routine(name).steps
        except UserError as error:
            _log.warning("a routine cannot be previewed: %s", error)
            return ShowPreview(name, (), {})
        # A preview shows each step as it stands: its variants would only make the message longer.
        return ShowPreview(
            name, tuple(replace(step, easier=None, harder=None) for step in steps), self._library.poses()
        )

    def _is_lesson(self, name: str) -> bool:
        return name in {entry.id for entry in self._library.lessons()} - {one.id for one in self._library.entries()}

    def _mark(self, mark: RoutineMarked) -> None:
        from traycoach.settings.edit import set_listed  # brings tomlkit, which the daemon does without

        try:
            set_listed(self._settings, "routines.favourites", mark.routine, listed=mark.favourite)
            set_listed(self._settings, "routines.hidden", mark.routine, listed=mark.hidden)
        except (UserError, OSError) as error:
            self._tell(str(error))
            self.refresh()  # the window shows the mark already
        else:
            self._written()
