"""How a routine is played: which step, how much of it is left, what counts as done. The window only paints this.

Every call is told the time on an even clock, as a `timedelta` since any beginning. The countdown moves with the calls:
a stretch of more than `GAP` without one (the machine slept, the process stood still) is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil

from traycoach.core.instant import SECOND, ZERO

READY_FOR = 3 * SECOND
"""The figure stands in its first pose before each step."""
BACK_AGAIN_FOR = 2 * SECOND
"""A second "back" within this goes to the step before."""
GAP = 2 * SECOND
TEN = 10 * SECOND


class Phase(StrEnum):
    """Where in a step the routine is."""

    READY = "ready"
    PLAYING = "playing"
    OVER = "over"


class StepState(StrEnum):
    """What became of a step so far."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class Moment(StrEnum):
    """Something worth telling happened: a step came up, began to run, is half over, has ten seconds left, ended."""

    STEP_CAME = "step_came"
    STEP_BEGAN = "step_began"
    HALF = "half"
    TEN_LEFT = "ten_left"
    STEP_ENDED = "step_ended"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Step:
    """A timed step, or a counted one with `reps`; its `time` is then what the repetitions take. `time` is positive.

    `turns`: 2 for a step whose first half is done on one side and whose second half on the other.
    """

    time: timedelta
    reps: int | None = None
    turns: int = 1

    def loops(self, loop_s: float) -> int:
        """Whole turns of a movement of `loop_s` seconds in this step: one a repetition, else as many as fit best."""
        return self.reps or self.turns * max(1, round(self.time.total_seconds() / self.turns / loop_s))


class Player:
    """One routine from the first get-ready to the end. Not started anew: a new routine is a new player.

    Every method that is told the time gives the moments passed since the last call, in order.
    """

    def __init__(self, steps: Sequence[Step], now: timedelta, ready_for: timedelta = READY_FOR) -> None:
        """Begin to get ready for the first of `steps`, of which there is at least one; `ready_for` before each."""
        self.steps = tuple(steps)
        self.index = 0
        self.phase = Phase.READY
        self.paused = False
        self.states = [StepState.OPEN] * len(self.steps)
        self.done_for = ZERO
        """Time really spent on steps; getting ready and pauses are not in it."""
        self._ready_for = ready_for
        self._ready_left = ready_for
        self._elapsed = ZERO
        self._last_at = now
        self._back_at: timedelta | None = None

    # --- reading ----------------------------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """The step being played; the last one when all is over."""
        return self.steps[self.index]

    @property
    def share(self) -> float:
        """How much of the step is over, 0…1."""
        return self._elapsed / self.step.time

    @property
    def left_for(self) -> timedelta:
        """What is left of the step itself."""
        return self.step.time - self._elapsed

    @property
    def seconds_shown(self) -> int:
        """The number in the ring: 3-2-1 while getting ready, then the seconds left."""
        return ceil((self._ready_left or self.left_for) / SECOND)

    @property
    def rep_shown(self) -> int:
        """The repetition being done, from 1; 0 in a timed step."""
        reps = self.step.reps
        return 0 if reps is None else min(reps, int(self.share * reps) + 1)

    @property
    def total_left_for(self) -> timedelta:
        """What is left of the routine, with the times of getting ready."""
        if self.phase is Phase.OVER:
            return ZERO
        later = sum((step.time + self._ready_for for step in self.steps[self.index + 1 :]), ZERO)
        return self._ready_left + self.left_for + later

    @property
    def fraction(self) -> float:
        """How far the routine is, 0…1, by the lengths of its steps; skipped ones are passed too."""
        if self.phase is Phase.OVER:
            return 1.0
        passed = sum((step.time for step in self.steps[: self.index]), self._elapsed)
        return passed / sum((step.time for step in self.steps), ZERO)

    @property
    def steps_done(self) -> int:
        """Number of steps done, early ends included."""
        return self.states.count(StepState.DONE)

    @property
    def steps_skipped(self) -> int:
        """Number of steps skipped."""
        return self.states.count(StepState.SKIPPED)

    def loop_at(self, loop_s: float) -> float:
        """Where in its movement, a loop of `loop_s` seconds, the figure is, in seconds (may exceed one loop).

        The pace is bent so that whole loops fill the step: it ends in the pose in which it began.
        """
        return self.share * self.step.loops(loop_s) * loop_s

    # --- time and orders --------------------------------------------------------------------------------------------

    def advance(self, now: timedelta) -> tuple[Moment, ...]:
        """Let time pass until `now`."""
        passed, self._last_at = now - self._last_at, now
        if self.paused or not ZERO < passed <= GAP:
            return ()
        moments: list[Moment] = []
        while passed > ZERO and self.phase is not Phase.OVER:
            if self.phase is Phase.READY:
                passed = self._get_ready(passed, moments)
            else:
                passed = self._play(passed, moments)
        return tuple(moments)

    def pause(self, now: timedelta) -> tuple[Moment, ...]:
        """Stop the countdown; again is fine."""
        moments = self.advance(now)
        self.paused = self.phase is not Phase.OVER
        return moments

    def resume(self, now: timedelta) -> tuple[Moment, ...]:
        """Let the countdown go on; again is fine."""
        moments = self.advance(now)
        self.paused = False
        return moments

    def next(self, now: timedelta) -> tuple[Moment, ...]:
        """Go on to the next step. This one is done early; one that has not begun to run is skipped."""

        def leave(moments: list[Moment]) -> None:
            self._close(StepState.DONE if self.phase is Phase.PLAYING else StepState.SKIPPED, moments)

        return self._order(now, leave)

    def skip(self, now: timedelta) -> tuple[Moment, ...]:
        """Go on to the next step; this one is not done."""
        return self._order(now, lambda moments: self._close(StepState.SKIPPED, moments))

    def restart(self, now: timedelta) -> tuple[Moment, ...]:
        """Get ready for this step again."""
        return self._order(now, lambda moments: self._come(self.index, moments))

    def back(self, now: timedelta) -> tuple[Moment, ...]:
        """Get ready for this step again; a second time within two seconds, for the one before it."""
        again = self._back_at is not None and now - self._back_at <= BACK_AGAIN_FOR
        self._back_at = now
        return self._order(now, lambda moments: self._come(max(0, self.index - again), moments))

    def take_steps(self, steps: Sequence[Step], now: timedelta) -> tuple[Moment, ...]:
        """Play these from now on, as many as before: what is over of the step at hand is kept as a share of it."""
        moments = self.advance(now)
        share = self.share
        self.steps = tuple(steps)
        self._elapsed = share * self.step.time
        return moments

    # --- inside -----------------------------------------------------------------------------------------------------

    def _order(self, now: timedelta, order: Callable[[list[Moment]], None]) -> tuple[Moment, ...]:
        moments = list(self.advance(now))
        if self.phase is not Phase.OVER:
            order(moments)
        return tuple(moments)

    def _get_ready(self, passed: timedelta, moments: list[Moment]) -> timedelta:
        used = min(passed, self._ready_left)
        self._ready_left -= used
        if self._ready_left == ZERO:
            self.phase = Phase.PLAYING
            moments.append(Moment.STEP_BEGAN)
        return passed - used

    def _play(self, passed: timedelta, moments: list[Moment]) -> timedelta:
        used = min(passed, self.left_for)
        before, self._elapsed = self._elapsed, self._elapsed + used
        self.done_for += used
        length = self.step.time
        if before < length / 2 <= self._elapsed < length:
            moments.append(Moment.HALF)
        # In a step of up to 20 s the half comes at ten seconds or later: one word is enough.
        if length > 2 * TEN and before < length - TEN <= self._elapsed < length:
            moments.append(Moment.TEN_LEFT)
        if self._elapsed == length:
            self._close(StepState.DONE, moments)
        return passed - used

    def _close(self, state: StepState, moments: list[Moment]) -> None:
        self.states[self.index] = state
        moments.append(Moment.STEP_ENDED)
        if self.index + 1 < len(self.steps):
            self._come(self.index + 1, moments)
        else:
            self.phase, self.paused = Phase.OVER, False
            moments.append(Moment.OVER)

    def _come(self, index: int, moments: list[Moment]) -> None:
        self.index = index
        self.states[index] = StepState.OPEN
        self.phase, self._ready_left, self._elapsed = Phase.READY, self._ready_for, ZERO
        moments.append(Moment.STEP_CAME)
