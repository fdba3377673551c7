"""The window in use: what it tells about not interrupting. How it is known, `x11_focus.py` and `sway_focus.py` say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from traycoach.guards.base import Telling, Verdict

OWN = "traycoach"
"""The class of our own windows: a routine or an overlay in full screen is no reason to be silent."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The window in use: the names that its program goes by, in lower case, and whether it fills the screen."""

    programs: frozenset[str]
    fullscreen: bool


Focused = Focus | None
"""None: nobody knows which window is in use."""

NOTHING = Focus(frozenset(), fullscreen=False)
"""No window is in use."""


class FocusSource(Protocol):
    """A mechanism that follows the window in use."""

    @property
    def mechanism(self) -> str:
        """What it is, in a few words, for `doctor`."""
        ...

    def probe(self) -> None:
        """Return if the mechanism works here. Raises Unavailable with the reason."""
        ...

    def start(self, changed: Callable[[Focused], None]) -> None:
        """Begin: tell the present window soon, then what may be a change, from any thread. Raises Unavailable."""
        ...

    def stop(self) -> None:
        """Tell nothing more and give everything back. Stopping twice is fine; it may be started again."""
        ...

    @property
    def lost(self) -> bool:
        """Whether the mechanism has died since it was started; None was told then."""
        ...


class FocusWatch:
    """One source for several guards: it runs while any of them does."""

    def __init__(self, source: FocusSource) -> None:
        self.source = source
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Focused], None]] = []
        self._focus: Focused = None
        self._known = False

    def listen(self, changed: Callable[[Focused], None]) -> None:
        """Call with the present window soon, then with each change. Raises Unavailable."""
        with self._lock:
            first = not self._listeners
            self._listeners.append(changed)
            if first:
                self._known = False
            focus, known = self._focus, self._known
        if first:
            try:
                self.source.start(self._changed)
            except BaseException:
                self.leave(changed)
                raise
        elif known:
            changed(focus)

    def leave(self, changed: Callable[[Focused], None]) -> None:
        """Call no more; nothing happens for one that does not listen."""
        with self._lock:
            if changed not in self._listeners:
                return
            self._listeners.remove(changed)
            last = not self._listeners
        if last:
            self.source.stop()

    def _changed(self, focus: Focused) -> None:
        with self._lock:
            if self._known and focus is not None and focus == self._focus:
                return
            self._focus, self._known = focus, True
            listeners = tuple(self._listeners)
        for changed in listeners:
            changed(focus)


class FocusGuard:
    """A reason that the window in use decides. `judge` tells whether it is present."""

    def __init__(self, name: str, watch: FocusWatch, judge: Callable[[Focus], bool]) -> None:
        self.name = name
        self.mechanism = watch.source.mechanism
        self._watch = watch
        self._judge = judge
        self._telling = Telling()
        self._lock = threading.Lock()
        self._focus: Focused = None
        self._hears = self._heard  # one bound method, so that it can be found again

    def probe(self) -> None:
        """See `Guard`."""
        self._watch.source.probe()

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """See `Guard`."""
        self._telling.begin(changed)
        self._watch.listen(self._hears)

    def stop(self) -> None:
        """See `Guard`."""
        self._telling.end()
        self._watch.leave(self._hears)

    @property
    def lost(self) -> bool:
        """See `Mortal`."""
        return self._watch.source.lost

    def look(self) -> None:
        """Judge anew: what decides has changed, the window has not."""
        with self._lock:
            self._tell()

    def _heard(self, focus: Focused) -> None:
        with self._lock:
            self._focus = focus
            self._tell()

    def _tell(self) -> None:
        """Tell the verdict; within the lock, so that a window of before is not judged last."""
        if self._focus is not None:
            self._telling.tell(Verdict.YES if self._judge(self._focus) else Verdict.NO)
        elif self.lost:
            self._telling.lose()
        else:
            self._telling.tell(Verdict.UNKNOWN)


def fullscreen(watch: FocusWatch) -> FocusGuard:
    """Give the guard for a window that fills the screen, ours left aside."""
    return FocusGuard("fullscreen", watch, lambda focus: focus.fullscreen and OWN not in focus.programs)


class InFront(FocusGuard):
    """The guard for programs that the user named, while a window of one of them is in use."""

    def __init__(self, watch: FocusWatch, names: Iterable[str] = ()) -> None:
        super().__init__("application", watch, lambda focus: not self._names.isdisjoint(focus.programs))
        self._names = frozenset(name.lower() for name in names)

    def change(self, names: Iterable[str]) -> None:
        """Take these names instead."""
        self._names = frozenset(name.lower() for name in names)
        self.look()
