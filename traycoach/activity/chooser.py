"""Chooses the source of input, and another when it dies."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from traycoach.activity.base import Post, Source
from traycoach.core.events import Event, IdleBegan, InputResumed, SourceFound, SourceLost
from traycoach.core.instant import SECOND
from traycoach.errors import Unavailable
from traycoach.text import _

_RETRY_AFTER = (SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one mechanism was not chosen; a line for `doctor`."""

    name: str
    reason: str


def choose(makers: Sequence[Callable[[], Source]], post: Post) -> tuple[Source | None, tuple[Refusal, ...]]:
    """Start the first source that works, and give it with the refusals of those before it. None: nothing works here."""
    refusals: list[Refusal] = []
    for make in makers:
        source = make()
        try:
            source.probe()
            source.start(post)
        except Unavailable as error:
            refusals.append(Refusal(source.name, error.reason))
        except Exception as error:  # a mechanism that misbehaves must not take the others along
            _log.exception("the source %s failed", source.name)
            refusals.append(Refusal(source.name, _("It failed ({error}).").format(error=type(error).__name__)))
        else:
            return source, tuple(refusals)
    return None, tuple(refusals)


class InputWatch:
    """The one source in use, whatever stands behind it.

    It passes IdleBegan and InputResumed on. When the source dies the next is chosen at once, and the coach hears
    nothing of it but InputResumed, if the person came back meanwhile. Only when none is left SourceLost is posted; then
    the list is tried again after 1, 2, 5, 10, 30 and every 60 s, and SourceFound tells the end of that.
    """

    def __init__(
        self,
        makers: Sequence[Callable[[], Source]],
        post: Post,
        retry_after: Sequence[timedelta] = _RETRY_AFTER,
    ) -> None:
        """`makers` make the sources in the order of preference; none is made before `start`."""
        self._makers = makers
        self._post = post
        self._retry_after = retry_after
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._source: Source | None = None
        self._after: timedelta | None = None
        self._idle = False
        self._choosing = threading.Lock()
        self._number = 0
        """Of the source in use: what an earlier one posts is not heard."""
        self.refusals: tuple[Refusal, ...] = ()
        """Of the last choice: what was not available, and why."""

    @property
    def name(self) -> str | None:
        """The mechanism in use; None without one."""
        source = self._source
        return None if source is None else source.name

    def start(self) -> None:
        """Choose a source. Without one SourceLost is posted, and one is looked for in the background."""
        if not self._choose():
            self._look_in_background()

    def watch(self, after: timedelta) -> None:
        """Set the threshold; kept for every source that is chosen later."""
        with self._lock:
            self._after = after
            source = self._source
        if source is not None:
            _watch(source, after)

    def idle_for(self) -> timedelta | None:
        """Give the age of the last input; None without a source."""
        source = self._source
        if source is None:
            return None
        try:
            return source.idle_for()
        except Unavailable:
            return None  # it is dying; SourceLost is on its way

    def stop(self) -> None:
        """Watch no more. Stopping twice is fine."""
        self._stopping.set()
        with self._lock:
            source, self._source = self._source, None
        if source is not None:
            source.stop()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _choose(self) -> bool:
        """Choose a source and bring it to where the last one was; tell whether there is one (or none is wanted)."""
        with self._choosing:
            with self._lock:
                self._number += 1
                number = self._number
            source, self.refusals = choose(self._makers, lambda event: self._heard(number, event))
            with self._lock:
                self._source = source
                after, was_idle = self._after, self._idle
            if self._stopping.is_set():
                self.stop()
                return True
            if source is None:
                return False
            _log.info("the source of input is: %s", source.name)
            if after is not None:
                _watch(source, after)
                if was_idle and (idle_for := self.idle_for()) is not None and idle_for < after:
                    self._heard(number, InputResumed())
            return True

    def _heard(self, number: int, event: Event) -> None:
        """Take what the source of this number posts, by whatever thread."""
        with self._lock:
            if number != self._number or self._stopping.is_set():
                return
            if isinstance(event, SourceLost):
                self._number += 1  # it has nothing more to say
            else:
                self._idle = isinstance(event, IdleBegan)
        if isinstance(event, SourceLost):
            # not here: the dying source's own thread is not the place to open another
            threading.Thread(target=self._replace, name="source-chooser", daemon=True).start()
        else:
            self._post(event)

    def _replace(self) -> None:
        with self._choosing:  # the source may die before it is quite chosen
            dead = self._source
        if dead is not None:
            dead.stop()
        if not self._choose():
            self._look()

    def _look_in_background(self) -> None:
        threading.Thread(target=self._look, name="source-chooser", daemon=True).start()

    def _look(self) -> None:
        """Tell that there is no source, look for one ever more seldom, and tell when there is."""
        self._post(SourceLost(" ".join(refusal.reason for refusal in self.refusals)))
        waits = itertools.chain(self._retry_after, itertools.repeat(self._retry_after[-1]))
        for wait in waits:
            if self._stopping.wait(wait.total_seconds()):
                return
            if self._choose():
                break
        if (idle_for := self.idle_for()) is not None:
            self._post(SourceFound(idle_for))


def _watch(source: Source, after: timedelta) -> None:
    try:
        source.watch(after)
    except Unavailable:
        _log.debug("a source died before it could be told its threshold", exc_info=True)
