"""A source made of a counter that can only be asked: the reserve of a platform that tells nothing by itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from traycoach import clock as clocks
from traycoach.activity.base import Post
from traycoach.activity.judge import IdleJudge
from traycoach.clock import Clock
from traycoach.core.events import SourceLost
from traycoach.core.instant import SECOND
from traycoach.errors import Unavailable
from traycoach.text import _

_RETURN_AT_LEAST = SECOND
_RETURN_AT_MOST = 10 * SECOND
_MARGIN = timedelta(milliseconds=5)  # the question comes a little after the crossing, not a little before it

_log = logging.getLogger(__name__)


class PolledSource:
    """Asks a counter just after it can have crossed the threshold, and while idle ever more slowly for the return.

    `ask` gives the counter, or raises Unavailable when the mechanism is gone; it is called from several threads, one at
    a time. `probe` is the source's own. With the threshold at 60 s and a person at work that is a question a minute; a
    return is seen after a twentieth of the absence, at least 1 s and at most 10 s (the age of the input is exact).
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[], timedelta],
        probe: Callable[[], None] | None = None,
        clock: Clock = clocks.system,
        *,
        nudged: bool = False,
        await_return: Callable[[], None] = lambda: None,
        counts: Callable[[], bool] = lambda: True,
    ) -> None:
        """With `nudged` every return of the person is told by `nudge` or `input_came`, and need not be asked for.

        `await_return` is called when the person has become idle: from now on the next input has to be told.
        `counts`: whether the counter counts at present; while it does not, only a nudge can change anything.
        """
        self.name = name
        self._nudged = nudged
        self._await_return = await_return
        self._counts = counts
        self._ask = ask
        self._probe = probe
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._stopping = True
        self._news = False
        self._judge: IdleJudge | None = None
        self._thread: threading.Thread | None = None

    def probe(self) -> None:
        """See `Source`."""
        if self._probe is not None:
            self._probe()
        self._ask()

    def start(self, post: Post) -> None:
        """See `Source`."""
        self._judge = IdleJudge(post, self._clock)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, args=(post,), name=self.name, daemon=True)
        self._thread.start()

    def watch(self, after: timedelta) -> None:
        """See `Source`."""
        with self._changed:
            self._live_judge().watch(after)
            self._news = True
            self._changed.notify()

    @property
    def running(self) -> bool:
        """Whether the source was started and has neither been stopped nor lost its mechanism."""
        return not self._stopping

    @property
    def idle(self) -> bool:
        """Whether a return of the person is waited for."""
        return self._judge is not None and self._judge.idle

    def nudge(self) -> None:
        """Ask now: there is news (for a mechanism that does tell something)."""
        with self._changed:
            self._news = True
            self._changed.notify()

    def input_came(self) -> None:
        """Ask now if a return of the person is waited for: here it is. Not while an answer is being judged."""
        with self._changed:
            if self.idle:
                self.nudge()

    def idle_for(self) -> timedelta:
        """See `Source`."""
        with self._changed:
            was_idle = self.idle
            idle_for = self._read()
            if self.idle != was_idle:
                self.nudge()  # what the thread waits for has changed
            return idle_for

    def stop(self) -> None:
        """See `Source`."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _read(self) -> timedelta:
        judge = self._live_judge()
        was_idle = judge.idle
        idle_for = judge.reading(self._ask())
        if judge.idle and not was_idle:
            self._await_return()
            idle_for = judge.reading(self._ask())  # there may have been input in between
        return idle_for

    def _live_judge(self) -> IdleJudge:
        if self._judge is None or self._stopping:
            raise Unavailable(_("The source “{name}” is stopped.").format(name=self.name))
        return self._judge

    def _run(self, post: Post) -> None:
        with self._changed:
            pause: timedelta | None = None
            while self._goes_on_after(pause):
                try:
                    pause = self._pause(self._read())
                except Unavailable as error:
                    self._stopping = True
                    post(SourceLost(error.reason))
                except Exception as error:
                    _log.exception("the source %s failed", self.name)
                    self._stopping = True
                    reason = _("The source “{name}” failed ({error}).")
                    post(SourceLost(reason.format(name=self.name, error=type(error).__name__)))

    def _goes_on_after(self, pause: timedelta | None) -> bool:
        """Wait, cut short by news, and tell whether the source still runs."""
        self._changed.wait_for(lambda: self._news or self._stopping, None if pause is None else pause.total_seconds())
        self._news = False
        return not self._stopping

    def _pause(self, idle_for: timedelta) -> timedelta | None:
        """Give how long nothing can happen; None for ever (no threshold yet)."""
        judge = self._live_judge()
        if judge.after is None or not self._counts():
            return None
        until_threshold = judge.after - idle_for + _MARGIN
        if not judge.idle:
            return max(until_threshold, _MARGIN)
        if self._nudged:
            return until_threshold if until_threshold > _MARGIN else None
        until_return = min(max(idle_for / 20, _RETURN_AT_LEAST), _RETURN_AT_MOST)
        return min(until_return, until_threshold) if until_threshold > _MARGIN else until_return
