"""The thread of a guard that follows something: how it ends."""

from __future__ import annotations

import pytest

from tests.contracts.guard import Scene
from traycoach.guards.base import Verdict
from traycoach.guards.following import Following
from traycoach.stop_flag import StopFlag


@pytest.mark.parametrize("error", [OSError("gone"), ZeroDivisionError()])
def test_thread_that_fails_leaves_no_verdict_standing(error: Exception) -> None:
    scene = Scene()

    def follow(_stop: StopFlag) -> None:
        following.telling.tell(Verdict.YES)
        raise error

    following = Following("test", follow)
    following.start(scene.told.put)
    seen = [scene.next(), scene.next()]
    following.stop()

    assert seen == [Verdict.YES, Verdict.UNKNOWN]
    assert following.lost


def test_end_is_told_though_the_verdict_was_unknown_before() -> None:
    """Who hears nothing does not start it again."""
    scene = Scene()

    def follow(_stop: StopFlag) -> None:
        following.telling.tell(Verdict.UNKNOWN)
        raise OSError

    following = Following("test", follow)
    following.start(scene.told.put)
    seen = [scene.next(), scene.next()]
    following.stop()

    assert seen == [Verdict.UNKNOWN, Verdict.UNKNOWN]


def test_thread_that_was_stopped_tells_nothing_more_and_may_begin_again() -> None:
    scene = Scene()

    def follow(stop: StopFlag) -> None:
        following.telling.tell(Verdict.NO)
        stop.wait()
        raise OSError

    following = Following("test", follow)
    for _life in range(2):
        following.start(scene.told.put)
        assert scene.next() is Verdict.NO
        following.stop()

    assert scene.told.empty()
