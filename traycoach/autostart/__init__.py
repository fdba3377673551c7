"""Start at login: by an entry that the desktop starts, or by a unit that systemd starts; and the truth about both.

Only one of them is switched on at a time. Should both be on (a package may bring one), the second coach to come ends at
once and in silence (`run --login`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from traycoach.autostart import entry, unit
from traycoach.text import _

__all__ = ["AutostartStatus", "off", "on", "status"]


@dataclass(frozen=True, slots=True)
class AutostartStatus:
    """`on`: the coach will be started at the next login, as far as can be known. `sentence` says it, or why not."""

    on: bool
    sentence: str
    path: Path


def on(environ: Mapping[str, str] = os.environ, *, systemd: bool = False) -> AutostartStatus:
    """Have this very installation started and tell how it stands now. Raises `UserError`, `Unavailable`.

    By the desktop, or by systemd; the other way is switched off.
    """
    if systemd:
        unit.switch_on(environ)
        entry.switch_off(environ)
    else:
        entry.switch_on(environ)
        unit.switch_off(environ)
    return status(environ)


def off(environ: Mapping[str, str] = os.environ) -> AutostartStatus:
    """Have it started in no way. Raises `Unavailable`."""
    unit.switch_off(environ)
    entry.switch_off(environ)
    return status(environ)


def status(environ: Mapping[str, str] = os.environ) -> AutostartStatus:
    """Tell whether the coach will be started, and what stands against it. Raises nothing."""
    by_entry, by_unit = entry.status(environ), unit.status(environ)
    against = by_entry.against
    if by_entry.path is not None and against is None and unit.entry_is_masked(environ):
        against = _("systemd is told not to start the entry (its unit is masked).")
    entry_works = by_entry.path is not None and against is None
    if by_unit.enabled and by_unit.path is not None and (by_unit.against is None or not entry_works):
        if by_unit.against is not None:
            return AutostartStatus(False, by_unit.against, by_unit.path)
        sentence = _("The coach is started at login, by systemd.")
        if entry_works:
            sentence += " " + _("The desktop starts it too; the second to come ends at once.")
        return AutostartStatus(True, sentence, by_unit.path)
    if by_entry.path is None:
        return AutostartStatus(False, _("The coach is not started at login."), entry.own_path(environ))
    if against is not None:
        return AutostartStatus(False, against, by_entry.path)
    sentence = " ".join(filter(None, [_("The coach is started at login."), by_entry.hint]))
    return AutostartStatus(True, sentence, by_entry.path)
