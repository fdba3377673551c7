"""Turns readings of an idle counter into IdleBegan and InputResumed. The one place where that is decided."""

from __future__ import annotations

from datetime import timedelta

from traycoach.activity.base import Post
from traycoach.clock import Clock
from traycoach.core.events import IdleBegan, InputResumed
from traycoach.core.instant import ZERO


class IdleJudge:
    """Judges one counter, from one thread at a time.

    Its owner only has to arrange a reading near each crossing: a reading too many is harmless, and one that was missed
    is made good by the next, so that a lost signal from the server heals as soon as anybody asks.

    The counters of the display servers stand still while the machine sleeps (they count CLOCK_MONOTONIC); the judge
    adds the sleep. Where input and sleep both lie between two readings, the input is taken for the later one: the
    answer is never older than the truth, and the coach hears of the sleep by itself (`MachineSlept`).
    """

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post = post
        self._clock = clock
        self._after: timedelta | None = None
        self.told = False
        """Whether the present threshold was told."""
        self._raw: timedelta | None = None
        self._read_at = ZERO
        self._suspended = clock.suspended_for()
        self._slept_since_input = ZERO
        self.idle = False
        """Whether IdleBegan was posted and no input has come since."""

    @property
    def after(self) -> timedelta | None:
        """The threshold; None until one is set."""
        return self._after

    @property
    def waits_for_input(self) -> bool:
        """Whether the next input does more than to make the age small: it ends idleness, or a sleep's part in it."""
        return self.idle or self._slept_since_input > ZERO

    def watch(self, after: timedelta) -> None:
        """Set the threshold; a reading has to follow."""
        self._after = after
        self.told = False

    def reading(self, raw: timedelta, *, input_came: bool | None = None) -> timedelta:
        """Take the counter's present value, post what follows from it, and give the age of the last input.

        `input_came`: whether input came since the last reading, from a mechanism that tells. None: it only counts.
        """
        suspended = self._clock.suspended_for()
        read_at = self._clock.now().steady - suspended
        if input_came is None:
            input_came = self._raw is not None and self._input_since(raw, read_at - self._read_at)
        if input_came:
            self._slept_since_input = ZERO
            if self.idle:
                self.idle = False
                self.told = False
                self._post(InputResumed())
        else:
            self._slept_since_input += suspended - self._suspended
        self._raw, self._read_at, self._suspended = raw, read_at, suspended
        idle_for = raw + self._slept_since_input
        if self._after is not None and not self.told and idle_for >= self._after:
            self.told = True
            self.idle = True
            self._post(IdleBegan(idle_for))
        return idle_for

    def _input_since(self, raw: timedelta, elapsed: timedelta) -> bool:
        """Tell whether input came since the last reading.

        Without input the counter has grown by `elapsed`, with input it is at most `elapsed`. The line is drawn half way
        between, which leaves the most room for a reading that was taken late.
        """
        assert self._raw is not None
        return raw < elapsed + self._raw / 2
