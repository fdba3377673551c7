"""The figures of a day, as pure values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traycoach.core.actions import RecordBout
from traycoach.core.rules import Posture
from traycoach.history.days import Day, day_of, split

ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
TIMES = st.times().map(lambda clock: clock.replace(microsecond=0))
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=4)), st.floats(0, 1), TIMES)
def test_splitting_a_bout_loses_nothing_and_each_piece_lies_in_one_day(
    began_at: datetime, span: timedelta, share: float, starts: time
) -> None:
    bout = RecordBout(Posture.SITTING, began_at, began_at + span, span * share)
    pieces = split(bout, starts)
    assert sum((piece.sat_for for piece in pieces), timedelta(0)) == bout.sat_for
    assert pieces[0].began_at == bout.began_at
    assert pieces[-1].ended_at == bout.ended_at
    assert all(one.ended_at == other.began_at for one, other in pairwise(pieces))
    for piece in pieces:
        last = piece.ended_at - timedelta(microseconds=1)
        assert day_of(piece.began_at, starts) == day_of(max(last, piece.began_at), starts)


@pytest.mark.parametrize(
    ("clock", "on"), [("03:59:59", date(2025, 2, 2)), ("04:00:00", date(2025, 2, 3)), ("23:59:59", date(2025, 2, 3))]
)
def test_the_day_rolls_over_at_its_start(clock: str, on: date) -> None:
    assert day_of(datetime.fromisoformat(f"2025-02-03T{clock}+01:00"), time(4)) == on


@pytest.mark.parametrize(("done", "planned", "kept"), [(3, 6, True), (2, 5, False), (0, 0, False), (1, 1, True)])
def test_a_day_is_kept_with_at_least_half_of_the_planned_breaks(done: int, planned: int, kept: bool) -> None:
    assert Day(date(2025, 2, 3), breaks_done=done, breaks_planned=planned).is_kept is kept
