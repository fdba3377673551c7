"""Every bundled exercise against the movement checks of docs/figure.md, "Checks"."""

from __future__ import annotations

import re
from math import sqrt

import pytest

from tests.figure.bundle import clips, ends, exercises, moments
from traycoach.figure.channels import SIDES
from traycoach.figure.clip import CLIP_KEYS, TEXT_KEYS, Clip
from traycoach.figure.film import Film
from traycoach.figure.outline import Blob
from traycoach.figure.pin_leg import target
from traycoach.figure.pose import Pin
from traycoach.figure.props import ground
from traycoach.figure.shape_hand import hand
from traycoach.figure.shape_head import face, middle
from traycoach.figure.shape_limb import FOREARM, SHANK_LEG, SLEEVE, THIGH_LEG, UPPER_ARM, limb, shoe
from traycoach.figure.shape_trunk import pelvis, shirt
from traycoach.figure.skeleton import HAND_POINTS, Body, sign
from traycoach.figure.solver import solve
from traycoach.figure.vector import angle_between, at, distance, sub

CLIPS = list(clips().values())
each_clip = pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.id)

FORBIDDEN = re.compile(
    r"\b(cure[sd]?|fix(es|ed)?|heal(s|ed|ing)?|treat(s|ed|ment)?|guarantee|prevent|correct posture|bad posture|damage"
    r"|crumbling|wear and tear|put back in|detox|disc)\b",
    re.IGNORECASE,
)


def bodies(clip: Clip) -> list[tuple[float, Body]]:
    return [(t, solve(clip.timeline.frame(t), clip.setting.props)) for t in moments(clip)]


def flesh(body: Body) -> list[Blob]:
    points, frames = body.points, body.frames
    blobs = [b for row in (*pelvis(body, SIDES), *shirt(body), *face(body)) for b in row]
    for side in SIDES:
        bones = (
            (THIGH_LEG, "hip", "knee", "thigh"),
            (SHANK_LEG, "knee", "ankle", "shank"),
            (UPPER_ARM, "shoulder", "elbow", "upper"),
            (SLEEVE, "shoulder", "elbow", "upper"),
            (FOREARM, "elbow", "wrist", "fore"),
        )
        for links, start, end, frame in bones:
            blobs += limb(links, points[f"{start}_{side}"], points[f"{end}_{side}"], frames[f"{frame}_{side}"])
        upper, sole = shoe(body, side)
        blobs += [b for row in (*upper, *sole, *hand(body, side, True)) for b in row]
    return blobs


def lowest(blob: Blob) -> float:
    if blob.basis is None:
        return blob.center[1] - blob.axes[0]
    return blob.center[1] - sqrt(sum((v[1] * size) ** 2 for v, size in zip(blob.basis, blob.axes, strict=True)))


@each_clip
def test_every_pin_is_reached(clip: Clip) -> None:
    worst = {end: (miss, t) for t, body in bodies(clip) for end, miss in body.missing.items() if miss > 0.5}
    assert worst == {}


@each_clip
def test_pinned_hands_and_feet_do_not_drift(clip: Clip) -> None:
    for t in moments(clip):
        stance = clip.timeline.frame(t)
        body = solve(stance, clip.setting.props)
        for held in stance.pins.values():
            for pin, weight in held:
                if weight == 1.0:
                    assert contact_error(body, pin, clip) <= 0.3, (t, pin.end, pin.side)


def contact_error(body: Body, pin: Pin, clip: Clip) -> float:
    wanted = target(body, pin, clip.setting.props)
    if pin.end == "hand":
        x, y, z = HAND_POINTS[pin.grip]
        touching = at(body.points[f"wrist_{pin.side}"], body.frames[f"hand_{pin.side}"], x, y, z * sign(pin.side))
        return distance(touching, wanted)
    if pin.end == "ankle":
        return distance(body.points[f"ankle_{pin.side}"], wanted)
    if pin.heel_up or pin.toe_up:
        # The pivot stays; its height tells as much as its place.
        pivot = body.point(f"{'ball' if pin.heel_up else 'heel'}_{pin.side}")
        return abs(pivot[1] - wanted[1])
    return distance(body.point(f"sole_{pin.side}"), wanted)


@each_clip
def test_solved_joints_stay_within_their_limits(clip: Clip) -> None:
    for t, body in bodies(clip):
        for side in SIDES:
            hip, knee, ankle = (body.points[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
            shoulder, elbow, wrist = (body.points[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist"))
            assert angle_between(sub(knee, hip), sub(ankle, knee)) <= 151, (t, side)
            assert angle_between(sub(elbow, shoulder), sub(wrist, elbow)) <= 155, (t, side)
            bent = 90.0 - angle_between(body.frames[f"foot_{side}"][0], sub(knee, ankle))
            assert bent <= 35.5, (t, side)


@each_clip
def test_nothing_dips_more_than_a_centimetre_under_the_ground(clip: Clip) -> None:
    level = 0.0 if "mat" not in clip.setting.props else ground(clip.setting.props)
    for t, body in bodies(clip):
        under = min((lowest(blob), i) for i, blob in enumerate(flesh(body)))
        # The trunk of a lying figure presses into the mat, which is soft.
        soft = 1.2 if level else 0.0
        assert under[0] >= level - 1.0 - soft, t


@each_clip
def test_nothing_moves_faster_than_a_person_would(clip: Clip) -> None:
    previous: tuple[float, dict[str, tuple[float, float, float]]] | None = None
    for t, body in bodies(clip):
        now = ends(body)
        if previous is not None and t - previous[0] > 0.01:
            for name, point in now.items():
                assert distance(point, previous[1][name]) / (t - previous[0]) <= 200.0, (t, name)
        previous = (t, now)


@each_clip
def test_no_joint_jumps_between_two_frames(clip: Clip) -> None:
    previous: dict[str, tuple[float, float, float]] = {}
    for t, body in bodies(clip):
        for name, point in body.points.items():
            if name in previous:
                assert distance(point, previous[name]) <= 12.0, (t, name)
        previous = dict(body.points)


@each_clip
def test_loop_closes(clip: Clip) -> None:
    first = solve(clip.timeline.frame(0.0), clip.setting.props)
    last = solve(clip.timeline.frame(clip.timeline.duration - 1e-9), clip.setting.props)
    for name, point in first.points.items():
        assert distance(point, last.points[name]) < 0.01


@each_clip
def test_body_stays_in_the_picture(clip: Clip) -> None:
    film = Film(clip)
    bounds = film.bounds
    margin = 0.03 * (bounds.top - bounds.bottom) if bounds.tight else 0.0
    for _, body in bodies(clip):
        x, y = film.camera.project(middle(body))
        if clip.id != "wrist-flexor-stretch":
            assert bounds.bottom + margin <= y <= bounds.top - margin
        if not bounds.tight:
            for point in body.points.values():
                x, y = film.camera.project(point)
                assert bounds.left <= x <= bounds.right
                assert bounds.bottom <= y <= bounds.top


@each_clip
def test_exercise_file_is_complete(clip: Clip) -> None:
    mapping = exercises()[clip.id]
    assert set(mapping) <= {*CLIP_KEYS, *TEXT_KEYS}
    assert {"summary", "how", "feel", "breathing", "mistake", "caution", "dose", "level", "sources"} <= set(mapping)
    assert len(mapping["how"]) <= 140
    assert mapping["level"] in (1, 2, 3)
    assert mapping["dose"].get("each_side", False) == (clip.sides == "right-left")
    assert any(move.cue for move in clip.moves)


@each_clip
def test_texts_promise_no_cure_and_call_no_posture_bad(clip: Clip) -> None:
    mapping = exercises()[clip.id]
    texts = [value for value in mapping.values() if isinstance(value, str)] + [move.cue for move in clip.moves]
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@each_clip
def test_sided_texts_name_the_side(clip: Clip) -> None:
    texts = " ".join(str(exercises()[clip.id][key]) for key in ("how", "feel", "alt"))
    assert ("{side}" in texts) == (clip.sides == "right-left")


def test_sixteen_exercises_are_bundled() -> None:
    assert len(CLIPS) == 16
    assert all(clip.id == name for name, clip in clips().items())


@each_clip
def test_loop_lasts_one_repetition(clip: Clip) -> None:
    dose = exercises()[clip.id]["dose"]
    if "time" in dose:
        assert set(dose) <= {"time", "each_side"}
        assert dose["time"] == f"{seconds(dose['time']):.0f}s"
    else:
        work = seconds(dose.get("hold", "0s")) + seconds(dose["pace"])
        assert abs(clip.timeline.duration - work) <= 0.05 * work


def seconds(text: str) -> float:
    found = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text)
    assert found is not None
    assert text
    return 60.0 * int(found[1] or 0) + int(found[2] or 0)
