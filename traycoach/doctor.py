"""Which mechanism serves which purpose on this desktop, and why each other one does not: the page for a bug report.

Nothing private is in it: no window titles, no file names beyond our own, the home folder written as `~`.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traycoach import __version__, control
from traycoach.activity.chooser import Refusal
from traycoach.activity.sources import input_sources
from traycoach.desktop import display
from traycoach.desktop.bus import Bus, session_bus, system_bus
from traycoach.desktop.x11 import SharedX11, XConnection
from traycoach.errors import Unavailable
from traycoach.guards.watch import GuardReport
from traycoach.messages import Request
from traycoach.paths import Paths, user_paths
from traycoach.text import _
from traycoach.wire import from_data, to_data


@dataclass(frozen=True, slots=True)
class Finding:
    """One mechanism: what it is for, its name, whether it is in use, and a sentence."""

    purpose: str
    name: str
    in_use: bool
    note: str = ""

    def line(self) -> str:
        """Give the finding as a line of the page."""
        mark = "✓" if self.in_use else "–"
        return f"  {mark} {self.name}" + (f": {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order of the page."""

    findings: tuple[Finding, ...]

    def text(self) -> str:
        """Give the page."""
        lines: list[str] = []
        purpose = ""
        for finding in self.findings:
            if finding.purpose != purpose:
                purpose = finding.purpose
                lines.append(f"{purpose}:")
            lines.append(finding.line())
        return "\n".join(lines)


def report(paths: Paths | None = None) -> tuple[str, dict[str, Any]]:
    """Give the page and the same as data: the running coach's own findings, or what a coach would find here now."""
    own = user_paths() if paths is None else paths
    try:
        reply = control.ask(Request("doctor"), paths=own)
        live = from_data(reply.data["findings"], tuple[Finding, ...]) if reply.code == 0 else ()
        coach = Finding(_("coach"), _("running"), True)
    except Unavailable as error:
        live = tuple(probe(SharedX11()))
        coach = Finding(_("coach"), _("not running"), False, error.reason)
    whole = Report((*surroundings(own), coach, *live))
    return whole.text(), {"findings": to_data(whole.findings, tuple[Finding, ...])}


def surroundings(paths: Paths) -> Iterable[Finding]:
    """Give versions, session and folders."""
    system = _("system")
    yield Finding(system, "traycoach", True, __version__)
    yield Finding(system, "Python", True, platform.python_version())
    yield Finding(system, platform.system(), True, platform.release())
    yield Finding(system, _("desktop"), True, os.environ.get("XDG_CURRENT_DESKTOP", _("unknown")))
    yield Finding(system, _("session"), True, "wayland" if display.is_wayland() else "x11")
    yield Finding(system, _("display"), display.is_there(), "" if display.is_there() else _("does not answer"))
    for name, version in _versions():
        yield Finding(_("packages"), name, bool(version), version or _("not installed"))
    for name, folder in ((_("settings"), paths.settings), (_("history"), paths.history), (_("log"), paths.log)):
        yield Finding(_("files"), name, folder.exists(), _short(folder))


def probe(x11: Callable[[], XConnection]) -> Iterable[Finding]:
    """Give what a coach would find here: every source and both buses, without starting any."""
    first = True
    for make in input_sources(x11):
        source = make()
        try:
            source.probe()
        except Unavailable as error:
            yield Finding(_("input"), source.name, False, error.reason)
        else:
            note = _("would be used") if first else _("works, comes after the one above")
            first = False
            yield Finding(_("input"), source.name, False, note)
        finally:
            source.stop()
    for name, connect in ((_("session bus"), session_bus), (_("system bus"), system_bus)):
        yield _bus(name, connect)


def live_input(in_use: str | None, refusals: Sequence[Refusal], x11: Callable[[], XConnection]) -> Iterable[Finding]:
    """Give the sources as the running coach chose them; those after the chosen one are probed to say why not."""
    for refusal in refusals:
        yield Finding(_("input"), refusal.name, False, refusal.reason)
    refused = {refusal.name for refusal in refusals}
    for make in input_sources(x11):
        source = make()
        if source.name in refused:
            continue
        if source.name == in_use:
            yield Finding(_("input"), source.name, True)
            continue
        try:
            source.probe()
            note = _("works, comes after the one in use")
        except Unavailable as error:
            note = error.reason
        yield Finding(_("input"), source.name, False, note)


def live_guards(reports: Iterable[GuardReport]) -> Iterable[Finding]:
    """Give the guards and what they say now."""
    for one in reports:
        note = one.refusal if one.refusal is not None else f"{one.mechanism}: {one.verdict.value}"
        yield Finding(_("guards"), one.name, one.refusal is None, note)


def live_session(refusals: Mapping[str, str]) -> Iterable[Finding]:
    """Give where lock and sleep are heard of."""
    for name in ("org.freedesktop.login1", "screen savers"):
        yield Finding(_("lock and sleep"), name, name not in refusals, refusals.get(name, ""))


def live_notices(refused: str) -> Iterable[Finding]:
    """Give whether notifications can be shown."""
    yield Finding(_("notifications"), "org.freedesktop.Notifications", not refused, refused)


def live_windows(*, failing: bool) -> Iterable[Finding]:
    """Give whether the window process can be relied on."""
    yield Finding(_("windows"), "Qt", not failing, _("they failed several times in a row") if failing else "")


def live_tray(backend: str, refusals: Iterable[tuple[str, str]]) -> Iterable[Finding]:
    """Give the way the icon is shown, and why the others are not in use."""
    yield Finding(_("tray"), backend, backend != "none", "" if backend != "none" else _("no panel shows the icon"))
    for name, reason in refusals:
        yield Finding(_("tray"), name, False, reason)


def _bus(name: str, connect: Callable[[], Bus]) -> Finding:
    try:
        connect()
    except Unavailable as error:
        return Finding(_("D-Bus"), name, False, error.reason)
    return Finding(_("D-Bus"), name, True)


def _versions() -> Iterable[tuple[str, str]]:
    from importlib.metadata import PackageNotFoundError, version

    for name in ("pystray", "pillow", "apscheduler", "pynput", "jeepney", "python-xlib", "PySide6-Essentials"):
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, ""


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
