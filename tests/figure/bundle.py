"""The bundled exercises, parsed once, and measures the tests share."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from traycoach.figure.channels import SIDES
from traycoach.figure.clip import Clip, parse_clip
from traycoach.figure.skeleton import Body
from traycoach.figure.vector import Vec

ROOT = Path(__file__).resolve().parents[2]
FRAMES_PER_SECOND = 30


@cache
def presets() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config/poses.toml").read_text(encoding="utf-8"))


@cache
def exercises() -> dict[str, dict[str, Any]]:
    files = sorted((ROOT / "config/exercises").glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


@cache
def clips() -> dict[str, Clip]:
    return {name: parse_clip(mapping, presets(), f"{name}.toml") for name, mapping in exercises().items()}


def moments(clip: Clip) -> list[float]:
    """Thirty moments a second of the whole loop, holds thinned out."""
    times: list[float] = []
    for span in clip.timeline.spans:
        steps = round(span.move.time * FRAMES_PER_SECOND)
        times += [span.start + span.move.time * k / steps for k in range(steps)]
        times.append(min(span.arrival + 0.001, clip.timeline.duration - 1e-6))
    return times


def clip_of(motion: str, **changes: Any) -> Clip:
    """A clip from a few lines of TOML, with the keys every clip needs filled in."""
    mapping: dict[str, Any] = {"id": "test", "title": "Test", "alt": "A test."}
    mapping |= tomllib.loads(motion)
    mapping |= changes
    return parse_clip(mapping, presets())


def ends(body: Body) -> dict[str, Vec]:
    """Hands, feet and head."""
    limbs = {f"{joint}_{side}": body.points[f"{joint}_{side}"] for joint in ("wrist", "ankle") for side in SIDES}
    return {**limbs, "head": body.points["neck_top"]}
