"""What `traycoach routines check` prints of a report: a page of text, and the same as plain data for --json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from traycoach.figure import check_limits as limits
from traycoach.figure.check import Measures
from traycoach.library.check import Report
from traycoach.library.movement import View
from traycoach.text import _

FRAME_MS = 10.0
"""What solving and outlining a frame may take, docs/figure.md, "Cost"; a slow machine takes longer."""


class Worst(NamedTuple):
    """The worst figure of its kind, and the view it is in. `is_limit`: the library must keep it."""

    key: str
    what: str
    value: float
    limit: float
    unit: str
    view: str


def report_page(report: Report) -> tuple[str, dict[str, Any]]:
    """Give the counts, the worst figures, waivers and warnings; the errors are only counted."""
    whose = _("Your own: ") if report.own else ""
    counts = _("{exercises} exercises and {lessons} lessons in {views} views, {routines} routines").format(
        exercises=len(report.exercises),
        lessons=len(report.lessons),
        views=len(report.views),
        routines=len(report.routines),
    )
    lines = [whose + counts]
    figures = worst_figures(report.views)
    for worst in figures:
        value = f"{worst.value:.2f} {worst.unit}"
        lines.append(f"  {worst.what:22} {value:>12}  ({worst.limit:g})  {worst.view}")
    for view, waiver in report.waivers:
        where = f"{view}, {waiver.pose}" if waiver.pose else view
        lines.append(
            _("waived: check {number}, {where}: {reason}").format(
                number=waiver.check, where=where, reason=waiver.reason
            )
        )
    if not report.waivers:
        lines.append(_("no waivers"))
    lines += [_("warning: {problem}").format(problem=problem) for problem in report.warnings]
    if report.errors:
        lines.append(_("problems: {count}").format(count=len(report.errors)))
    else:
        lines.append(_("all good"))
    return "\n".join(lines), {
        "folder": str(report.folder),
        "own": report.own,
        "exercises": sorted(report.exercises),
        "routines": sorted(report.routines),
        "lessons": sorted(report.lessons),
        "views": len(report.views),
        "worst": {one.key: {"value": one.value, "limit": one.limit, "view": one.view} for one in figures},
        "waivers": [
            {"view": view, "check": waiver.check, "pose": waiver.pose, "reason": waiver.reason}
            for view, waiver in report.waivers
        ],
        "warnings": [str(problem) for problem in report.warnings],
        "errors": [str(problem) for problem in report.errors],
    }


def worst_figures(views: list[View]) -> list[Worst]:
    """Give the worst of each kind over all views; [] if there is none."""
    measured = [(view, view.measures) for view in views if view.measures is not None]
    if not measured:
        return []

    def worst(key: str, what: str, limit: float, unit: str, of: Callable[[Measures], float]) -> Worst:
        view, measures = max(measured, key=lambda one: of(one[1]))
        return Worst(key, what, round(of(measures), 3), limit, unit, view.title)

    slowest = max(views, key=lambda view: view.slowest_ms)
    return [
        worst("drift", _("worst contact drift"), limits.DRIFT, _("cm"), lambda one: one.drift),
        worst("penetration", _("worst penetration"), limits.DEPTH, _("cm"), lambda one: one.penetration),
        worst("joint_excess", _("worst joint excess"), limits.JOINT_SLACK, _("degrees"), lambda one: one.joint_excess),
        worst("reach", _("worst reach missing"), limits.REACH, _("cm"), lambda one: one.reach),
        worst("speed", _("fastest end"), limits.SPEED, _("cm/s"), lambda one: one.speed),
        Worst(
            "frame_ms",
            _("slowest frame"),
            round(slowest.slowest_ms, 1),
            FRAME_MS,
            _("ms"),
            _("{view} at {time} s").format(view=slowest.title, time=f"{slowest.slowest_at_s:.2f}"),
        ),
    ]
