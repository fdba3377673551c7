"""When a change may be shown: a new state at once, progress by 2 % and at most once a minute. Pure."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.actions import TrayState
from traycoach.core.instant import MINUTE, ZERO

STEP = 0.02


def icon_after(shown: TrayState, wanted: TrayState, shown_for: timedelta) -> timedelta | None:
    """Give how long to wait until `wanted` is drawn; None if it looks like what is `shown` since `shown_for`."""
    if (shown.kind, shown.nearly, shown.down) != (wanted.kind, wanted.nearly, wanted.down):
        return ZERO
    # a hair less than the step: 0.44 - 0.42 is 0.0199…
    if abs(wanted.progress - shown.progress) > STEP - 1e-9:
        return max(ZERO, MINUTE - shown_for)
    return None


def title_after(shown: TrayState, wanted: TrayState, shown_for: timedelta) -> timedelta | None:
    """Give how long to wait until the tooltip says the words of `wanted`; None if it says them."""
    if shown.words == wanted.words:
        return None
    return ZERO if shown.kind is not wanted.kind else max(ZERO, MINUTE - shown_for)
