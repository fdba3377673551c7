"""The thirteen checks every bundled clip must pass. Limits: `check_limits`; reference: docs/figure.md, "Checks".

    for finding in check_clip(clip):
        print(finding)

Pure and quick (about a second a clip): one loop is sampled at 30 frames a second and solved once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from traycoach.figure import check_limits as limits
from traycoach.figure.check_balance import support
from traycoach.figure.check_finding import Finding
from traycoach.figure.check_motion import (
    Moments,
    depth,
    drift,
    drifts,
    joints,
    jumps,
    penetration,
    reach,
    solved_joints,
    speed,
    speeds,
    written_joints,
)
from traycoach.figure.check_picture import arrows, draw_order, frame, hidden
from traycoach.figure.check_track import track
from traycoach.figure.clip import Clip
from traycoach.figure.props import surface
from traycoach.figure.region import REGIONS
from traycoach.figure.vector import distance
from traycoach.text import _

__all__ = ["Finding", "Inspection", "Measures", "check_clip", "inspect_clip", "measure_clip"]


@dataclass(frozen=True, slots=True)
class Measures:
    """The worst of a clip: cm, degrees over a joint's limit (negative: under it), cm a second."""

    drift: float
    penetration: float
    joint_excess: float
    reach: float
    speed: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `check_clip` and `measure_clip` tell, of one sampling. No measures: a name leads nowhere."""

    findings: tuple[Finding, ...]
    measures: Measures | None


def inspect_clip(clip: Clip, stretch: bool = False) -> Inspection:
    """Everything that breaks a limit, the worst of each kind and pose, in the order of the checks; and the measures.

    `stretch` holds the stretched limb to its slower speed. Findings the clip waives with a reason are left out; a
    waiver that waives nothing is itself found, as a warning.
    """
    found, measures = [*_names(clip)], None
    if not found:
        moments = track(clip)
        measures = _measures(clip, moments)
        found += [*_loop(clip, moments), *_words(clip), *_movement(clip, moments, stretch)]
        found += [*frame(clip, moments), *draw_order(clip, moments), *hidden(clip, moments), *arrows(clip, moments)]
    worst: dict[tuple[int, str, str], Finding] = {}
    for finding in found:
        key = (finding.check, finding.pose, finding.message)
        if key not in worst or _excess(finding) > _excess(worst[key]):
            worst[key] = finding
    kept = sorted(_not_waived(clip, list(worst.values())), key=lambda one: (one.check, one.time_s))
    return Inspection(tuple(kept), measures)


def check_clip(clip: Clip, stretch: bool = False) -> tuple[Finding, ...]:
    """The findings of `inspect_clip`."""
    return inspect_clip(clip, stretch).findings


def measure_clip(clip: Clip) -> Measures:
    """The worst contact drift, penetration, joint excess, reach and speed of a clip."""
    return _measures(clip, track(clip))


def _measures(clip: Clip, moments: Moments) -> Measures:
    bodies = [moment.body for moment in moments]
    return Measures(
        drift=max((error for moment in moments for _end, error in drifts(clip, moment)), default=0.0),
        penetration=max(penetration(clip, moment) for moment in moments),
        joint_excess=max(value - limit for body in bodies for _joint, value, limit in solved_joints(body)),
        reach=max((missing for body in bodies for missing in body.missing.values()), default=0.0),
        speed=max(value for _moment, _end, value in speeds(moments)),
    )


def _excess(finding: Finding) -> float:
    return abs(finding.value - finding.limit)


def _movement(clip: Clip, moments: Moments, stretch: bool) -> Iterator[Finding]:
    yield from written_joints(clip)
    yield from joints(moments)
    yield from reach(moments)
    yield from drift(clip, moments)
    yield from depth(clip, moments)
    yield from support(clip, moments)
    yield from speed(clip, moments, stretch)
    yield from jumps(moments)


def _names(clip: Clip) -> Iterator[Finding]:
    """Check 11, names. The parser sees to them too; a clip may also be made by hand."""

    def missing(kind: str, name: str) -> Finding:
        message = _("there is no {kind} called {name}").format(kind=kind, name=name)
        return Finding(11, name if kind == "pose" else "", 0.0, 1.0, 0.0, message)

    shown = [moves for mark in clip.arrows for moves in mark.moves]
    shown += [moves for mark in clip.gazes for moves in mark.moves]
    for name in dict.fromkeys([*(move.to for move in clip.moves), *clip.still, *shown]):
        if name not in clip.poses:
            yield missing("pose", name)
    for name in clip.target:
        if name not in REGIONS:
            yield missing("region", name)
    anchors = [pose.anchor for pose in clip.poses.values() if pose.anchor is not None]
    for on in dict.fromkeys(anchor.on for anchor in anchors):
        if surface(clip.setting.props, on) is None:
            yield missing("surface", on)


def _loop(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 11: the last frame is the first."""
    first, last = moments[0].body.points, moments[-1].body.points
    apart = max(distance(point, last[joint]) for joint, point in first.items())
    if apart > 0.01:
        yield Finding(11, clip.moves[-1].to, clip.timeline.duration, apart, 0.0, _("the loop does not close"))


def _words(clip: Clip) -> Iterator[Finding]:
    """Check 12."""
    if not clip.alt.strip():
        yield Finding(12, "", 0.0, 0.0, 1.0, _("the sentence for screen readers (alt) is missing"))
    if not any(move.cue for move in clip.moves):
        yield Finding(12, "", 0.0, 0.0, 1.0, _("no move has a cue"))
    for span in clip.timeline.spans:
        cue = span.move.cue
        for value, limit in ((len(cue), limits.CUE_LETTERS), (len(cue.split()), limits.CUE_WORDS)):
            if value > limit:
                yield Finding(12, span.move.to, span.start, value, limit, _("the cue is too long"))


def _not_waived(clip: Clip, found: list[Finding]) -> Iterator[Finding]:
    used = set()
    for finding in found:
        for waiver in clip.waivers:
            if waiver.check == finding.check and waiver.pose in ("", finding.pose):
                used.add(waiver)
                break
        else:
            yield finding
    for waiver in clip.waivers:
        if waiver not in used:
            message = _("this waiver waives nothing: {reason}").format(reason=waiver.reason)
            yield Finding(waiver.check, waiver.pose, 0.0, 0.0, 0.0, message, is_warning=True)
