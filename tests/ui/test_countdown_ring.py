"""The countdown's ring: what is said in it fits into it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from traycoach.messages import Appearance
from traycoach.ui.countdown_ring import CountdownRing
from traycoach.ui.theme import Theme


def painted(application: QApplication, scale: float, *, small: bool, paused: bool) -> QImage:
    ring = CountdownRing(Theme(Appearance("light", text_scale=scale)))
    ring.show_small(small=small)
    ring.show_seconds(12, 0.5)
    ring.show_paused(paused=paused)
    ring.resize(ring.sizeHint())
    return ring.grab().toImage()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_pause_is_named_in_a_ring_that_has_room(application: QApplication, scale: float) -> None:
    running, paused = (painted(application, scale, small=False, paused=now) for now in (False, True))
    assert running != paused


def test_ring_without_room_for_the_word_keeps_its_number_as_it_was(application: QApplication) -> None:
    running, paused = (painted(application, 2.0, small=True, paused=now) for now in (False, True))
    assert running == paused
