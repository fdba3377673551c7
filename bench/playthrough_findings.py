"""What must hold of a routine that is played: see `bench.playthrough`.

A finding is a sentence; each function gives those of what it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from traycoach.core.routine import Phase
from traycoach.library.dose import GET_READY
from traycoach.messages import OpenRoutineWindow, RoutineStep
from traycoach.settings.durations import parse_duration
from traycoach.ui.controls import Button
from traycoach.ui.figure_painter import Stage
from traycoach.ui.routine_window import RoutineWindow
from traycoach.ui.words_label import Words

WIDE, NARROW, LEAST = QSize(640, 704), QSize(480, 704), QSize(480, 560)
LENGTH_OFF: Final = 0.05
A_WORD_S: Final = 0.28
"""What a word takes to read at a glance; a cue that stands for less is missed."""
STILL_SHARE: Final = 0.002
"""The least share of the picture that must differ between two moments for a movement to be seen."""
SLOWER: Final = 1.34
"""More than this a movement may not be stretched, nor be pressed together, to fill its step."""
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS: Final = {word: number for number, word in enumerate(_WORDS, 1)} | {"fifteen": 15, "twenty": 20, "thirty": 30}
_NUMBER: Final = rf"(\d+|{'|'.join(NUMBERS)})"
TOLD_LENGTH: Final = re.compile(
    rf"\b(?:{_NUMBER}(?: slow)? (?:counts?|seconds?)|count of {_NUMBER}|for {_NUMBER})\b(?! (?:times|of))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the window showed at one moment; `left_s` is what was left of the routine, `at_s` since it began."""

    at_s: float
    index: int
    phase: Phase
    cue: str
    explanation: str
    feel: str
    ring: int
    of: str
    left_s: int
    chip: str
    stage_side: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How a step's movement is played: whole loops, each stretched by `bend` against its file."""

    stage: Stage
    loops: int
    bend: float

    @property
    def lengths(self) -> list[float]:
        """Every length that can be felt in one loop, s: ways, holds, both, all holds together, the loop."""
        moves = [span.move for span in self.stage.clip.timeline.spans]
        each = [value for move in moves for value in (move.time, move.hold, move.time + move.hold)]
        return [value * self.bend for value in (*each, sum(move.hold for move in moves), self.stage.duration)]

    @property
    def holds(self) -> list[float]:
        """How long the figure is still in a pose, or in several one after the other, their ways counted or not, s."""
        spans = self.stage.clip.timeline.spans
        lengths = []
        for first, one in enumerate(spans):
            for last in range(first, len(spans)):
                run = spans[first : last + 1]
                lengths += [run[-1].end - one.arrival, sum(span.move.hold for span in run)]
        return [length * self.bend for length in lengths]

    def cues(self) -> dict[str, float]:
        """How long each cue stands at its longest, s."""
        spans = self.stage.clip.timeline.spans
        lengths: dict[str, float] = {}
        cue, stood = self.stage.cue(0.0), 0.0
        for span in (*spans, *spans):
            now = self.stage.cue(span.start)
            if now != cue:
                cue, stood = now, 0.0
            stood += (span.end - span.start) * self.bend
            lengths[cue] = max(lengths.get(cue, 0.0), stood)
        return lengths


@cache
def movement(stage: Stage) -> float:
    """The largest share of the picture that differs between two moments of the loop; the glow's pulse aside."""
    size = QSize(312, 193)
    count = 12
    images = [stage.image(size, 1.0, stage.duration * k / count, 0.0, arrows=False) for k in range(count)]
    plain = [bytes(image.convertToFormat(QImage.Format.Format_Grayscale8).constBits()) for image in images]
    most = 0
    for other in plain[1:]:
        most = max(most, sum(abs(a - b) > 12 for a, b in zip(plain[0], other, strict=True)))
    return most / (size.width() * size.height())


def step_findings(step: RoutineStep, pace: Pace | None, seen: Sequence[Seen], *, lesson: bool) -> Iterator[str]:
    """Check what was seen of one step."""
    if pace is None:
        yield "no figure"
        return
    for one in seen:
        if not one.cue or not one.explanation:
            yield f"no text at {one.at_s:.1f} s"
            break
    if not lesson and not seen[0].feel:
        yield "nothing says where it is felt"
    ready = [one.ring for one in seen if one.phase is Phase.READY]
    if not lesson and sorted(set(ready), reverse=True) != [3, 2, 1]:
        yield f"getting ready counts {ready}"
    yield from _count_findings(step, [one for one in seen if one.phase is Phase.PLAYING])
    yield from _side_findings(step, seen)
    if not lesson:
        yield from _length_findings(step, pace)
        moves = pace.stage.clip.moves
        if not moves[0].cue and len({move.cue for move in moves if move.cue}) > 1:
            yield f"the loop begins under the cue of its end, “{pace.stage.cue(0.0)}”"
        for cue, stands_for in pace.cues().items():
            if stands_for < max(1.0, A_WORD_S * len(cue.split())) - 0.01:
                yield f"cue “{cue}” stands for {stands_for:.1f} s only"
    share = movement(pace.stage)
    holds = "hold" in step.exercise.get("dose", {}) or len(pace.stage.clip.moves) == 1
    if share < STILL_SHARE and not (holds or lesson):
        yield f"nothing is seen to move ({share:.2%} of the picture)"


def _count_findings(step: RoutineStep, playing: Sequence[Seen]) -> Iterator[str]:
    rings = [one.ring for one in playing]
    if step.reps is None:
        first, last = round(step.time.total_seconds()), 1
        steady = all(0 <= before - after <= 1 for before, after in pairwise(rings))
    else:
        first, last = 1, step.reps
        steady = all(0 <= after - before <= 1 for before, after in pairwise(rings))
        if {one.of for one in playing} != {f"/{step.reps}"}:
            yield f"the ring does not say “/{step.reps}”"
    if (rings[0], rings[-1]) != (first, last) or not steady:
        yield f"the ring goes {rings[0]} … {rings[-1]}, not {first} … {last}"


def _side_findings(step: RoutineStep, seen: Sequence[Seen]) -> Iterator[str]:
    for one in seen:
        if {one.chip, one.stage_side} != {step.side}:
            yield f"the side is {step.side}, the chip says {one.chip}, the figure is {one.stage_side}"
            return
        other = {"right": "left", "left": "right"}.get(step.side)
        if other and re.search(rf"\b{other}\b", one.cue):
            yield f"on the {step.side} the cue says “{one.cue}”"
            return
        if other and not re.search(rf"\b{step.side}\b", one.explanation + one.feel):
            yield f"nothing in the words names the {step.side} side"
            return
        if "{" in one.cue + one.explanation + one.feel:
            yield "a text has an empty place"
            return


def _length_findings(step: RoutineStep, pace: Pace) -> Iterator[str]:
    dose = step.exercise.get("dose", {})
    hold = parse_duration(dose.get("hold", "0s"))
    if hold:
        wanted = hold.total_seconds()
        nearest = min(pace.holds, key=lambda held: abs(held - wanted))
        if abs(nearest - wanted) > max(0.6, 0.15 * wanted):
            yield f"the dose holds {wanted:g} s, the figure {nearest:.1f} s"
    if not 1 / SLOWER < pace.bend < SLOWER:
        yield f"the movement is played {pace.bend:.2f} times as slowly as it was made"
    texts = [str(step.exercise.get(key, "")) for key in ("summary", "how", "breathing")]
    texts += [move.cue for move in pace.stage.clip.moves]
    for text in texts:
        for found in TOLD_LENGTH.finditer(text):
            word = next(filter(None, found.groups())).lower()
            told = float(NUMBERS.get(word, 0) or word)
            nearest = min((*pace.lengths, step.time.total_seconds()), key=lambda one: abs(one - told))
            if abs(nearest - told) > max(0.75, 0.2 * told):
                yield f"“{found.group()}”, but the nearest length in the figure is {nearest:.1f} s"


def routine_findings(message: OpenRoutineWindow, seen: Sequence[Seen], stated: timedelta) -> Iterator[str]:
    """Check the routine as a whole."""
    ready = timedelta(0) if message.change_now is not None else GET_READY
    takes = sum((step.time + ready for step in message.steps), timedelta(0)).total_seconds()
    told = stated.total_seconds()
    if abs(takes - told) > LENGTH_OFF * told:
        yield f"it takes {takes:.0f} s and says {told:.0f} s"
    if abs(seen[0].left_s - takes) > 1.0 or seen[-1].left_s > 1:
        yield f"it begins with “{seen[0].left_s} s left” and ends with “{seen[-1].left_s} s left”"
    if any(not 0 <= before.left_s - after.left_s <= 2 for before, after in pairwise(seen)):
        yield "the time left jumps"


def cut_texts(window: RoutineWindow, page: QWidget, cues: Sequence[str], size: QSize) -> Iterator[str]:
    """What is cut on this page at a window's size. In a narrow one a link “More” shows the rest of the explanation."""
    window.resize(size)
    QCoreApplication.processEvents()
    shown = f"{size.width()} × {size.height()}"
    texts = [(label, label.text()) for label in page.findChildren(Words) if label.isVisible() and label.text()]
    texts += [(window.page.cue, cue) for cue in cues if window.page.isVisible()]
    for label, text in texts:
        label.setText(text)
        QCoreApplication.processEvents()
        label.grab()
        meant = label is window.page.explanation and window.page.more.isVisible() and size != WIDE
        if label.toolTip() and not meant:
            yield f"cut at {shown}: “{text}”"
        if label.height() < label.heightForWidth(label.width()) and not meant:
            yield f"too low at {shown}: “{text}”"
    for button in page.findChildren(Button):
        if button.isVisible():
            button.grab()
            if button.toolTip():
                yield f"cut at {shown}: “{button.caption}”"
