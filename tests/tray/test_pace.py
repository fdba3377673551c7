"""How often icon and tooltip change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tray.stage import tray_state
from traycoach.core.instant import MINUTE, ZERO
from traycoach.tray.pace import icon_after, title_after

HALF = MINUTE / 2


@pytest.mark.parametrize(
    ("shown", "wanted", "shown_for", "after"),
    [
        (tray_state(progress=0.42), tray_state(progress=0.43), 9 * MINUTE, None),
        (tray_state(progress=0.42), tray_state(progress=0.44), HALF, HALF),
        (tray_state(progress=0.42), tray_state(progress=0.44), MINUTE, ZERO),
        (tray_state(progress=0.42), tray_state(progress=0.0), 2 * MINUTE, ZERO),
        (tray_state(progress=0.42), tray_state("due", progress=0.42), ZERO, ZERO),
        (tray_state(progress=0.79), tray_state(progress=0.8, nearly=True), ZERO, ZERO),
        (tray_state("due"), tray_state("due", down=True), ZERO, ZERO),
        (tray_state("due"), tray_state("due", why="something else"), MINUTE, None),
    ],
)
def test_icon(shown: object, wanted: object, shown_for: timedelta, after: timedelta | None) -> None:
    assert icon_after(shown, wanted, shown_for) == after  # type: ignore[arg-type]


def test_title_follows_a_state_at_once_and_a_countdown_by_the_minute() -> None:
    shown = tray_state(words="sitting 24 of 30 min")
    assert title_after(shown, tray_state(words="sitting 24 of 30 min"), ZERO) is None
    assert title_after(shown, tray_state(words="sitting 25 of 30 min"), HALF) == HALF
    assert title_after(shown, tray_state("due", words="break due"), ZERO) == ZERO
