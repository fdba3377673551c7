"""Checks of bodies and their movement: 1 joints, 2 reach, 3 drift, 4 depth, 7 speed, 8 jumps. See docs/figure.md."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from traycoach.figure import check_limits as limits
from traycoach.figure.channels import CHANNELS, PINNED_ANKLE_HIGH, SIDES
from traycoach.figure.check_finding import Finding
from traycoach.figure.check_track import Moment, contact_error, ends
from traycoach.figure.clip import Clip
from traycoach.figure.props import ground
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import angle_between, distance, sub
from traycoach.text import _

Moments = tuple[Moment, ...]


def written_joints(clip: Clip) -> Iterator[Finding]:
    """Check 1, written angles. The parser sees to them too; a clip may also be made by hand."""
    for name, pose in clip.poses.items():
        for channel, value in pose.channels.items():
            known = CHANNELS[channel]
            high = PINNED_ANKLE_HIGH if channel.startswith("ankle") else known.high
            if not known.low <= value <= high:
                message = _("{joint} is written beyond its limit").format(joint=channel)
                yield Finding(1, name, 0.0, value, known.low if value < known.low else high, message)


def solved_joints(body: Body) -> Iterator[tuple[str, float, float]]:
    """(joint, degrees, limit) of the joints that contacts bend."""
    points = body.points
    for side in SIDES:
        hip, knee, ankle = (points[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
        shoulder, elbow, wrist = (points[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist"))
        yield f"knee_{side}", angle_between(sub(knee, hip), sub(ankle, knee)), limits.KNEE
        yield f"elbow_{side}", angle_between(sub(elbow, shoulder), sub(wrist, elbow)), limits.ELBOW
        bent = 90.0 - angle_between(body.frames[f"foot_{side}"][0], sub(knee, ankle))
        yield f"ankle_{side}", bent, limits.ANKLE


def joints(moments: Moments) -> Iterator[Finding]:
    """Check 1, solved angles."""
    for moment in moments:
        for joint, value, limit in solved_joints(moment.body):
            if value > limit + limits.JOINT_SLACK:
                message = _("{joint} is bent beyond its limit by its contact").format(joint=joint)
                yield moment_finding(1, moment, value, limit, message)


def reach(moments: Moments) -> Iterator[Finding]:
    """Check 2."""
    for moment in moments:
        for end, missing in moment.body.missing.items():
            if missing > limits.REACH:
                message = _("{end} does not reach its target").format(end=end)
                yield moment_finding(2, moment, missing, limits.REACH, message)


def drifts(clip: Clip, moment: Moment) -> Iterator[tuple[str, float]]:
    """(end, cm) of every contact held in full."""
    for held in moment.stance.pins.values():
        for pin, weight in held:
            if weight >= 1.0:
                name = f"{pin.end}_{pin.side}"
                yield name, contact_error(moment.body, pin, clip.setting.props) - moment.body.missing.get(name, 0.0)


def drift(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 3. What is out of reach altogether is check 2's."""
    for moment in moments:
        for end, error in drifts(clip, moment):
            if error > limits.DRIFT:
                message = _("{end} moves against what it holds").format(end=end)
                yield moment_finding(3, moment, error, limits.DRIFT, message)


def penetration(clip: Clip, moment: Moment) -> float:
    """How far (cm) the body is under floor or mat, the mat's softness taken off."""
    level = ground(clip.setting.props)
    return level - (limits.MAT_GIVES if level else 0.0) - moment.lowest


def depth(clip: Clip, moments: Moments) -> Iterator[Finding]:
    """Check 4."""
    for moment in moments:
        under = penetration(clip, moment)
        if under > limits.DEPTH:
            yield moment_finding(4, moment, under, limits.DEPTH, _("part of the body is under the ground"))


def speeds(moments: Moments) -> Iterator[tuple[Moment, str, float]]:
    """(moment, end, cm a second) of hands, feet and head."""
    for before, moment in pairwise(moments):
        then, now = ends(before.body), ends(moment.body)
        for end, point in now.items():
            yield moment, end, distance(point, then[end]) / moment.step_s


def speed(clip: Clip, moments: Moments, stretch: bool) -> Iterator[Finding]:
    """Check 7. `stretch`: into a long hold, the limb of a target goes slowly."""
    slow = {_end_of(target) for target in clip.target} if stretch else set()
    for moment, end, value in speeds(moments):
        stretched = end in slow and moment.move.hold >= limits.LONG_HOLD_S
        limit = limits.STRETCH_SPEED if stretched else limits.SPEED
        if value > limit:
            yield moment_finding(7, moment, value, limit, _("{end} moves too fast").format(end=end))


def _end_of(target: str) -> str:
    """The end that travels when a target is stretched ("" for the trunk)."""
    stem, _underscore, side = target.rpartition("_")
    if stem in ("hamstring", "quad", "calf", "hip_flexor"):
        return f"foot_{side}"
    if stem in ("shoulder", "forearm_palm", "forearm_back") or target in ("forearm_palm", "forearm_back"):
        return f"hand_{side}"
    return "head" if target.startswith("neck") else ""


def jumps(moments: Moments) -> Iterator[Finding]:
    """Check 8: elbow and knee flips."""
    for before, moment in pairwise(moments):
        for joint, point in moment.body.points.items():
            far = distance(point, before.body.points[joint])
            if far > limits.JUMP:
                message = _("{joint} jumps between two frames").format(joint=joint)
                yield moment_finding(8, moment, far, limits.JUMP, message)


def moment_finding(
    check: int, moment: Moment, value: float, limit: float, message: str, is_warning: bool = False
) -> Finding:
    """A finding at a moment."""
    return Finding(check, moment.move.to, round(moment.time_s, 3), round(value, 3), limit, message, is_warning)
