"""Chooses the source of input, and another when it dies."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from traycoach import clock as clocks
from traycoach.activity.base import Post, Source, TakesOver
from traycoach.clock import Clock
from traycoach.core.events import Event, IdleBegan, InputResumed, SourceFound, SourceLost
from traycoach.core.instant import SECOND
from traycoach.errors import Unavailable
from traycoach.text import _

_RETRY_AFTER = (SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND)
_ASKS_AGAIN = SECOND

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

    It passes IdleBegan and InputResumed on. When the source dies the next is chosen at once; it goes on from where the
    dead one was, and the coach hears InputResumed if the person came back meanwhile. Only when none is left SourceLost
    is posted; then the list is tried again after 1, 2, 5, 10, 30 and every 60 s, and SourceFound tells the end of that.
    What was before such a gap says nothing about after it.

    A source that is not the first of the list may be in use only because a better one was not there yet: a compositor
    takes a moment to come back. So the better ones are tried again after the same times, once each.
    """

    def __init__(
        self,
        makers: Sequence[Callable[[], Source]],
        post: Post,
        retry_after: Sequence[timedelta] = _RETRY_AFTER,
        clock: Clock = clocks.system,
    ) -> None:
        """`makers` make the sources in the order of preference; none is made before `start`."""
        self._makers = makers
        self._post = post
        self._retry_after = retry_after
        self._clock = clock
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._source: Source | None = None
        self._rank = len(makers)
        """Of the source in use among the makers."""
        self._after: timedelta | None = None
        self._silent_since: timedelta | None = None
        """Steady time of the last input while the person is idle as far as the coach was told; else None."""
        self._choosing = threading.Lock()
        self._number = 0
        """Of the source in use: what an earlier one posts is not heard."""
        self._numbers = itertools.count(1)
        self._dead: frozenset[int] = frozenset()
        """Numbers of sources that have nothing more to say."""
        self._lost_was_told = False
        self.refusals: tuple[Refusal, ...] = ()
        """Of the last choice: what was not available, and why."""

    @property
    def name(self) -> str | None:
        """The mechanism in use; None without one."""
        source = self._source
        return None if source is None else source.name

    def start(self) -> None:
        """Choose a source. Without one SourceLost is posted, and one is looked for in the background."""
        found = self._choose()
        if not found or self._rank:
            _in_background(self._settle if found else self._look)

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
            idle_for = source.idle_for()
        except Unavailable:
            return None  # it is dying; SourceLost is on its way
        with self._lock:
            if self._silent_since is not None and self._came_after(self._silent_since, idle_for):
                self._silent_since = None
        return idle_for

    def stop(self) -> None:
        """Watch no more. Stopping twice is fine."""
        self._stopping.set()
        with self._lock:
            source, self._source = self._source, None
        if source is not None:
            source.stop()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _choose(self, better_than: int | None = None) -> bool:
        """Choose a source and bring it to where the last one was; tell whether there is one (or none is wanted).

        `better_than`: only one of a lesser rank than this will do, and without one all stays as it is.
        """
        with self._choosing:
            number = next(self._numbers)
            source, refusals = choose(self._makers[:better_than], lambda event: self._heard(number, event))
            if source is None and better_than is not None:
                return False
            with self._lock:
                self._number = number
                self._dead &= {number}
                self.refusals = refusals
                before, self._source = self._source, source
                self._rank = len(refusals)
            if before is not None:
                before.stop()
            if self._stopping.is_set():
                self.stop()
                return True
            if source is None:
                return False
            _log.info("the source of input is: %s", source.name)
            self._hand_over(source)
            return True

    def _hand_over(self, source: Source) -> None:
        """Bring a new source to where the last one was."""
        with self._lock:
            after, silent_since = self._after, self._silent_since
        if silent_since is not None:
            silent_for = self._clock.now().steady - silent_since
            try:
                if isinstance(source, TakesOver):
                    source.take_over(silent_for)
                if self._came_after(silent_since, source.idle_for()):
                    self._heard(self._number, InputResumed())
                elif after is None or silent_for < after:
                    source.watch(silent_for)  # it has to be idle in order to tell the end of that
            except Unavailable:
                _log.debug("a source died before it could take over", exc_info=True)
        if after is not None:
            _watch(source, after)

    def _came_after(self, silent_since: timedelta, idle_for: timedelta) -> bool:
        """Tell whether input of this age is another than that with which the silence began."""
        return self._clock.now().steady - idle_for > silent_since + SECOND

    def _heard(self, number: int, event: Event) -> None:
        """Take what the source of this number posts, by whatever thread."""
        with self._lock:
            if number < self._number or number in self._dead or self._stopping.is_set():
                return
            match event:
                case SourceLost():
                    self._dead |= {number}
                case IdleBegan(idle_for=idle_for):
                    self._silent_since = self._clock.now().steady - idle_for
                case InputResumed():
                    self._silent_since = None
        if isinstance(event, SourceLost):
            # not here: the dying source's own thread is not the place to open another
            _in_background(partial(self._replace, number))
        else:
            self._post(event)

    def _replace(self, number: int) -> None:
        """Choose another source than the one of this number, which died."""
        with self._choosing:  # it may have died before it was quite chosen
            if number != self._number:
                return
            dead = self._source
        if dead is not None:
            dead.stop()
        if self._choose():
            self._settle()
        else:
            self._look()

    def _look(self) -> None:
        """Tell that there is no source, and look for one ever more seldom."""
        with self._lock:
            self._silent_since = None  # what happens now is not known
            told, self._lost_was_told = self._lost_was_told, True
        if not told:
            # the first is the way this kind of session has; doctor names them all
            self._post(SourceLost(self.refusals[0].reason if self.refusals else ""))
        waits = itertools.chain(self._retry_after, itertools.repeat(self._retry_after[-1]))
        for wait in waits:
            if self._stopping.wait(wait.total_seconds()):
                return
            if self._choose():
                break
        self._settle()

    def _settle(self) -> None:
        """Tell that there is a source again, if that is news, and look for a better one."""
        number = self._number
        while self._lost_was_told and number == self._number and number not in self._dead:
            if (idle_for := self.idle_for()) is not None:
                self._lost_was_told = False
                self._post(SourceFound(idle_for))
            elif self._stopping.wait(_ASKS_AGAIN.total_seconds()):  # it hangs, or is dying
                return
        self._improve()

    def _improve(self) -> None:
        """Look for a better source than the one in use, a few times."""
        number = self._number
        for wait in self._retry_after:
            if not self._rank or self._stopping.wait(wait.total_seconds()) or self._number != number:
                return
            if self._choose(better_than=self._rank):
                number = self._number


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="source-chooser", daemon=True).start()


def _watch(source: Source, after: timedelta) -> None:
    try:
        source.watch(after)
    except Unavailable:
        _log.debug("a source died before it could be told its threshold", exc_info=True)
