"""Which mechanism serves which purpose on this desktop, and why each other one does not: the page for a bug report.

Nothing private is in it: no window titles, no file names beyond our own, the home folder written as `~`.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traycoach import __version__, control, remedies
from traycoach.activity.chooser import InputWatch
from traycoach.activity.session import SessionWatch
from traycoach.activity.sources import input_sources
from traycoach.desktop import display
from traycoach.desktop.bus import Bus, session_bus, system_bus
from traycoach.desktop.x11 import SharedX11, XConnection
from traycoach.errors import Problem, Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.watch import GuardWatch
from traycoach.messages import Request
from traycoach.notify import Notifications
from traycoach.paths import Paths, user_paths
from traycoach.text import _
from traycoach.tray.linux import Tray
from traycoach.ui_process import UiProcess
from traycoach.wire import from_data, to_data


@dataclass(frozen=True, slots=True)
class Finding:
    """One mechanism: what it is for, its name, whether it is in use, a sentence, and what can be done about it."""

    purpose: str
    name: str
    in_use: bool
    note: str = ""
    remedy: str = ""

    def line(self) -> str:
        """Give the finding as a line of the page, and its remedy as another."""
        mark = "✓" if self.in_use else "–"
        line = f"  {mark} {self.name}" + (f": {self.note}" if self.note else "")
        return line + (f"\n    → {self.remedy}" if self.remedy else "")


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
        remedy = "" if version else remedies.package(name)
        yield Finding(_("packages"), name, bool(version), version or _("not installed"), remedy)
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


@dataclass(frozen=True, slots=True)
class Inside:
    """The parts of the running coach that can tell how they are."""

    input: InputWatch
    x11: Callable[[], XConnection]
    session: SessionWatch
    guards: GuardWatch
    calendar_problems: Callable[[], Sequence[Problem]]
    tray: Tray
    notices: Notifications
    windows: UiProcess

    def findings(self) -> list[dict[str, Any]]:
        """Give what each part says of itself, as data for the control channel."""
        found = (*self._input(), *self._session(), *self._guards(), *self._tray(), *self._notices(), *self._windows())
        return [to_data(finding) for finding in found]

    def live(self) -> dict[str, Any]:
        """Give what changes from moment to moment, for `doctor --watch`."""
        idle_for = self.input.idle_for()
        return {
            "source": self.input.name,
            "idle_for_s": idle_for.total_seconds() if idle_for is not None else None,
            "guards": {f"{one.name} ({one.mechanism})": one.verdict.value for one in self.guards.report()},
        }

    def _input(self) -> Iterable[Finding]:
        """Give the sources as they were chosen; those after the chosen one are probed to say why not."""
        in_use = self.input.name
        for refusal in self.input.refusals:
            yield Finding(_("input"), refusal.name, False, refusal.reason)
        refused = {refusal.name for refusal in self.input.refusals}
        for make in input_sources(self.x11):
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

    def _session(self) -> Iterable[Finding]:
        for name in ("org.freedesktop.login1", "screen savers"):
            refused = self.session.refusals.get(name)
            yield Finding(_("lock and sleep"), name, refused is None, refused or "")

    def _guards(self) -> Iterable[Finding]:
        for one in self.guards.report():
            name = f"{one.name} ({one.mechanism})"
            known = one.refusal is None and one.verdict is not Verdict.UNKNOWN
            yield Finding(_("guards"), name, known, one.refusal if one.refusal is not None else one.verdict.value)
        for problem in self.calendar_problems():
            line = _("line {number}").format(number=problem.line) if problem.line is not None else _("a calendar")
            yield Finding(_("calendars"), line, False, problem.message)

    def _tray(self) -> Iterable[Finding]:
        backend = self.tray.backend
        if backend == "none":
            yield Finding(_("tray"), backend, False, _("no panel shows the icon"), remedies.tray(os.environ))
        else:
            yield Finding(_("tray"), backend, True)
        for name, reason in self.tray.refusals:
            yield Finding(_("tray"), name, False, reason)

    def _notices(self) -> Iterable[Finding]:
        refused = self.notices.refused
        remedy = remedies.notifications() if refused else ""
        yield Finding(_("notifications"), "org.freedesktop.Notifications", not refused, refused, remedy)

    def _windows(self) -> Iterable[Finding]:
        failing = self.windows.is_failing
        note = _("they failed several times in a row") if failing else ""
        yield Finding(_("windows"), "Qt", not failing, note, remedies.windows() if failing else "")


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
