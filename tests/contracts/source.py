"""What every source of input keeps: subclass `SourceContract` and give it a `desk`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from queue import Empty, SimpleQueue

import pytest

from traycoach.activity.base import Source
from traycoach.core.events import Event, IdleBegan, InputResumed, SourceLost
from traycoach.errors import Unavailable

SHORT = timedelta(milliseconds=300)
LONG = timedelta(hours=1)
LIMIT_S = 20.0


class Desk:
    """A source together with the person and the machine that it watches."""

    source: Source

    def __init__(self) -> None:
        self.posted: SimpleQueue[Event] = SimpleQueue()

    def touch(self) -> None:
        """Press a key; it has reached the mechanism when this returns."""
        raise NotImplementedError

    def sit_still(self) -> None:
        """Let more than SHORT pass without input, where time does not pass by itself."""

    def break_down(self) -> None:
        """Take the mechanism away."""
        raise NotImplementedError

    def next(self) -> Event:
        """Wait for the next event."""
        try:
            return self.posted.get(timeout=LIMIT_S)
        except Empty:
            raise AssertionError(f"nothing was posted within {LIMIT_S:g} s") from None

    def next_idle(self) -> IdleBegan:
        """Sit still and wait for the next event, which has to be IdleBegan."""
        self.sit_still()
        event = self.next()
        assert isinstance(event, IdleBegan)
        return event


class SourceContract(ABC):
    @pytest.fixture
    @abstractmethod
    def desk(self) -> Desk:
        """Give a desk whose source is made, but not yet started."""

    def test_probe_of_a_source_that_works_says_so_twice(self, desk: Desk) -> None:
        desk.source.probe()
        desk.source.probe()

        assert desk.source.name

    def test_idle_begins_when_the_threshold_is_reached(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)

        began = desk.next_idle()

        assert SHORT <= began.idle_for < LONG

    def test_input_after_idle_is_told_once_and_idle_begins_again(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)
        desk.next_idle()

        desk.touch()
        desk.touch()

        assert desk.next() == InputResumed()
        assert desk.next_idle().idle_for >= SHORT

    def test_threshold_that_has_passed_already_is_told_at_once(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)
        first = desk.next_idle()

        desk.source.watch(SHORT / 3)
        again = desk.next()

        assert isinstance(again, IdleBegan)
        assert again.idle_for >= first.idle_for

    def test_input_is_told_when_the_threshold_was_raised_while_idle(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)
        desk.next_idle()

        desk.source.watch(LONG)
        desk.touch()

        assert desk.next() == InputResumed()

    def test_lowered_threshold_is_kept_while_present(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.source.watch(LONG)
        desk.touch()
        desk.source.watch(SHORT)

        assert SHORT <= desk.next_idle().idle_for < LONG

    def test_age_of_the_input_grows_and_starts_anew(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)
        began = desk.next_idle()

        still = desk.source.idle_for()
        desk.touch()
        anew = desk.source.idle_for()

        assert still >= began.idle_for
        assert anew < still

    def test_age_of_the_input_is_known_without_a_threshold(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()

        assert timedelta(0) <= desk.source.idle_for() < LONG

    def test_input_while_present_is_no_news(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.source.watch(LONG)
        for _ in range(3):
            desk.touch()
            desk.source.idle_for()

        assert desk.posted.empty()

    def test_mechanism_that_goes_is_told_once_with_a_reason(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)
        desk.next_idle()

        desk.break_down()
        lost = desk.next()

        assert isinstance(lost, SourceLost)
        assert lost.reason
        with pytest.raises(Unavailable):
            desk.source.idle_for()
        desk.source.stop()
        assert desk.posted.empty()

    def test_stopped_source_is_silent_and_may_be_stopped_again(self, desk: Desk) -> None:
        desk.source.start(desk.posted.put)
        desk.touch()
        desk.source.watch(SHORT)
        desk.next_idle()

        desk.source.stop()
        desk.source.stop()
        desk.touch()

        with pytest.raises(Unavailable):
            desk.source.idle_for()
        assert desk.posted.empty()
