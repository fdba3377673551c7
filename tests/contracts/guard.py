"""What every guard keeps: subclass `GuardContract` and give it a `scene`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from queue import Empty, SimpleQueue

import pytest

from traycoach.guards.base import Guard, Verdict

LIMIT_S = 20.0


class Scene:
    """A guard together with the desktop that it watches. At the beginning the reason is absent."""

    guard: Guard

    def __init__(self) -> None:
        self.told: SimpleQueue[Verdict] = SimpleQueue()

    def begin(self) -> None:
        """Let the reason begin (a call, a full-screen window)."""
        raise NotImplementedError

    def end(self) -> None:
        """Let the reason end."""
        raise NotImplementedError

    def break_down(self) -> None:
        """Take the mechanism away."""
        raise NotImplementedError

    def next(self) -> Verdict:
        """Wait for the next thing that the guard tells."""
        try:
            return self.told.get(timeout=LIMIT_S)
        except Empty:
            raise AssertionError(f"nothing was told within {LIMIT_S:g} s") from None


class GuardContract(ABC):
    @pytest.fixture
    @abstractmethod
    def scene(self) -> Scene:
        """Give a scene whose guard is made, but not yet started."""

    def test_probe_of_a_guard_that_works_says_so_twice(self, scene: Scene) -> None:
        scene.guard.probe()
        scene.guard.probe()

        assert scene.guard.name
        assert scene.guard.mechanism

    def test_reason_that_comes_and_goes_is_told(self, scene: Scene) -> None:
        scene.guard.start(scene.told.put)
        seen = [scene.next()]

        scene.begin()
        seen.append(scene.next())
        scene.end()
        seen.append(scene.next())

        assert seen == [Verdict.NO, Verdict.YES, Verdict.NO]

    def test_reason_that_is_there_at_the_start_is_told_at_the_start(self, scene: Scene) -> None:
        scene.begin()
        scene.guard.start(scene.told.put)

        assert scene.next() is Verdict.YES

    def test_mechanism_that_goes_leaves_the_answer_unknown(self, scene: Scene) -> None:
        scene.begin()
        scene.guard.start(scene.told.put)
        scene.next()

        scene.break_down()
        last = scene.next()
        if last is Verdict.NO:  # the reason may be seen to go before the mechanism is
            last = scene.next()
        scene.guard.stop()

        assert last is Verdict.UNKNOWN

    def test_stopped_guard_is_silent_and_may_be_stopped_again(self, scene: Scene) -> None:
        scene.guard.start(scene.told.put)
        scene.next()

        scene.guard.stop()
        scene.guard.stop()
        scene.begin()

        assert scene.told.empty()
