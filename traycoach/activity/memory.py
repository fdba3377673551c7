"""A source without a mechanism: a person and a clock that are moved by hand, for simulations and tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from traycoach.activity.base import Post
from traycoach.activity.judge import IdleJudge
from traycoach.core.events import SourceLost
from traycoach.core.instant import ZERO, Instant
from traycoach.errors import Unavailable

_MORNING = Instant(ZERO, datetime(2026, 1, 5, 9, tzinfo=UTC))


class MemorySource:
    """Passes the suite of sources without waiting. Its own time moves only by `pass_time` and `sleep`."""

    name = "memory"

    def __init__(self, start: Instant = _MORNING) -> None:
        self._now = start
        self._suspended = ZERO
        self._touched_at = ZERO
        self._post: Post | None = None
        self._judge: IdleJudge | None = None
        self._dead: str | None = None

    # --- the person and the machine -----------------------------------------------------------------------------------

    def touch(self) -> None:
        """Have the person press a key."""
        self._touched_at = self._awake_for()
        self._read()

    def pass_time(self, span: timedelta) -> None:
        """Let time pass without input; what has to be posted meanwhile is posted at its moment."""
        judge = self._judge
        if judge is not None and judge.after is not None:
            until = judge.after - (self._awake_for() - self._touched_at)
            if ZERO < until < span:
                self._now = self._now.after(until)
                span -= until
                self._read()
        self._now = self._now.after(span)
        self._read()

    def sleep(self, span: timedelta) -> None:
        """Let the machine sleep: time passes that its counters do not count."""
        self._now = self._now.after(span)
        self._suspended += span

    def die(self, reason: str = "The memory source was ended.") -> None:
        """Let the mechanism go away."""
        self._dead = reason
        if self._post is not None:
            self._post(SourceLost(reason))
            self._post = None

    # --- Clock --------------------------------------------------------------------------------------------------------

    def now(self) -> Instant:
        """See `Clock`."""
        return self._now

    def suspended_for(self) -> timedelta:
        """See `Clock`."""
        return self._suspended

    def boot_id(self) -> str:
        """See `Clock`."""
        return "memory"

    # --- Source -------------------------------------------------------------------------------------------------------

    def probe(self) -> None:
        """See `Source`."""
        if self._dead is not None:
            raise Unavailable(self._dead)

    def start(self, post: Post) -> None:
        """See `Source`."""
        self.probe()
        self._touched_at = self._awake_for()
        self._post = post
        self._judge = IdleJudge(post, self)

    def watch(self, after: timedelta) -> None:
        """See `Source`."""
        self._live_judge().watch(after)
        self._read()

    def idle_for(self) -> timedelta:
        """See `Source`."""
        return self._live_judge().reading(self._awake_for() - self._touched_at)

    def stop(self) -> None:
        """See `Source`."""
        self._post = None
        self._judge = None

    def _awake_for(self) -> timedelta:
        return self._now.steady - self._suspended

    def _live_judge(self) -> IdleJudge:
        if self._judge is None or self._dead is not None:
            raise Unavailable(self._dead or "The memory source is stopped.")
        return self._judge

    def _read(self) -> None:
        if self._judge is not None and self._dead is None:
            self.idle_for()
