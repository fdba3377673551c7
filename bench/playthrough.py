"""Every routine and lesson played from beginning to end in the real window, to be looked at and checked.

    python -m bench.playthrough               all of them
    python -m bench.playthrough ID …          only these routines and lessons
    python -m bench.playthrough --checks …    without the pictures

Time is virtual: the window's own clock is moved on, and what Qt waits for is ended at once. build/playthrough/ID.png
has a strip a step: the window as it gets ready, then getting ready, six moments of one loop and the end of the step,
each with the ring and the cue that the window shows. A step that was drawn before is not drawn again. What the checks
find is printed; ends with 1 if they find anything.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "*=false")

from PySide6.QtCore import QCoreApplication, QEventLoop, QRectF, QSize, Qt, QTimer, QTimerEvent, QVariantAnimation
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from bench.playthrough_findings import (
    LEAST,
    NARROW,
    WIDE,
    Pace,
    Seen,
    cut_texts,
    routine_findings,
    step_findings,
)
from traycoach.core.routine import Phase
from traycoach.library import Library
from traycoach.library.dose import GET_READY
from traycoach.messages import Appearance, OpenRoutineWindow
from traycoach.ui.routine_window import SIZE, RoutineWindow
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import load_fonts

OUT: Final = Path(__file__).resolve().parent.parent / "build/playthrough"
TICK: Final = timedelta(milliseconds=500)
MOMENTS: Final = 6
LONGEST_HOLD: Final = 2.0
"""A hold counts as so many seconds at most when moments are chosen evenly over a loop."""
TILE: Final = QSize(264, 163)
WINDOW_TILE: Final = QSize(380, 398)


class Played:
    """A routine's window on a clock that stands until it is moved on."""

    def __init__(self, message: OpenRoutineWindow) -> None:
        self.at = timedelta(0)
        self.message = message
        self.window = RoutineWindow(Theme(Appearance("light")), message, lambda _message: None, lambda: self.at)
        self.window.open()
        self.play, self.page, self.player = self.window.playback, self.window.page, self.window.playback.player
        self.settle()

    def end_waits(self) -> None:
        """End at once what runs in real time: fades, flips, and the texts that follow them."""
        waiting = [one for one in self.window.findChildren(QTimer) if one.isActive() and one.isSingleShot()]
        if waiting:
            self.turn()  # the texts come when the new chips have been laid out
        for timer in waiting:
            QCoreApplication.sendEvent(timer, QTimerEvent(timer.timerId()))
        for motion in self.window.findChildren(QVariantAnimation):
            motion.setCurrentTime(motion.duration())

    def turn(self) -> None:
        """Let Qt do what is due, what is made on the way included."""
        loop = QEventLoop()
        for _round in range(3):
            QTimer.singleShot(0, loop.quit)
            loop.exec()

    def settle(self) -> None:
        """Let everything be laid out and painted."""
        self.end_waits()
        self.turn()

    def forward(self, to: timedelta) -> None:
        """Let time pass until `to`, as the window's ticks do; nothing is drawn on the way."""
        self.play.see(seen=False)
        while self.at < to:
            self.at = min(to, self.at + TICK)
            self.play.tick()
        self.end_waits()

    def show(self) -> None:
        """Draw the present moment."""
        self.play.see(seen=True)
        self.play.tick()
        self.settle()

    def seen(self) -> Seen:
        """Read the window."""
        page = self.page
        minutes, seconds = re.findall(r"(\d+):(\d\d)", page.step_words.text())[-1]
        chips = [chip for chip in page.sides.chips if chip.isChecked()] if page.sides.isVisible() else []
        stage = page.stage.stage
        return Seen(
            self.at.total_seconds(),
            self.player.index,
            self.player.phase,
            page.cue.text(),
            page.explanation.text(),
            page.feel.words.text() if page.feel.isVisible() else "",
            int(page.ring._number),  # noqa: SLF001 - painted, and said nowhere else
            page.ring._of,  # noqa: SLF001
            int(minutes) * 60 + int(seconds),
            chips[0].caption.lower() if chips else "none",
            "none" if stage is None or stage.clip.sides == "none" else stage.side,
        )


# --- one step ---------------------------------------------------------------------------------------------------------


def pace_of(played: Played) -> Pace | None:
    """How the step at hand is played; None if it has no figure."""
    stage = played.page.stage.stage
    if stage is None:
        return None
    step = played.player.step
    loops = step.loops(stage.duration)
    return Pace(stage, loops, step.time.total_seconds() / (loops * stage.duration))


def loop_moments(pace: Pace) -> list[float]:
    """Moments evenly over one loop, s since it began as played; a long hold is shortened first."""
    parts = []
    for span in pace.stage.clip.timeline.spans:
        parts += [(span.start, span.move.time), (span.arrival, min(LONGEST_HOLD, span.move.hold))]
    whole = sum(length for _start, length in parts)
    moments = []
    for number in range(MOMENTS):
        left = whole * (number + 0.5) / MOMENTS
        for start, length in parts:
            if left <= length:
                moments.append((start + left) * pace.bend)
                break
            left -= length
    return moments


# --- pictures ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strip:
    """One step as pictures: the whole window as it gets ready, and the stage at several moments."""

    head: str
    window: QPixmap
    moments: tuple[tuple[str, QPixmap], ...]


def strip_image(strip: Strip) -> QImage:
    """Lay a strip out: the window, and its moments in two rows."""
    columns = -(-len(strip.moments) // 2)
    row = TILE.height() + 22
    width = WINDOW_TILE.width() + columns * (TILE.width() + 8) + 8
    image = QImage(width, max(WINDOW_TILE.height(), 2 * row) + 26, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    font = QFont("Inter")
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        font.setPixelSize(14)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(QRectF(4, 2, width, 20), strip.head)
        font.setBold(False)
        font.setPixelSize(13)
        painter.setFont(font)
        painter.drawPixmap(0, 24, _scaled(strip.window, WINDOW_TILE))
        for number, (words, picture) in enumerate(strip.moments):
            x = WINDOW_TILE.width() + 8 + number % columns * (TILE.width() + 8)
            y = 24 + number // columns * row
            painter.drawPixmap(x, y, _scaled(picture, TILE))
            painter.drawText(QRectF(x + 2, y + TILE.height() + 1, TILE.width(), 18), words)
    return image


def _scaled(picture: QPixmap, size: QSize) -> QPixmap:
    return picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def below_each_other(images: Sequence[QImage]) -> QImage:
    """One picture of many, from top to bottom."""
    height = sum(image.height() + 6 for image in images)
    whole = QImage(max(image.width() for image in images), height, QImage.Format.Format_RGB32)
    whole.fill(QColor("#8fa3a8"))
    with QPainter(whole) as painter:
        y = 0
        for image in images:
            painter.drawImage(0, y, image)
            y += image.height() + 6
    return whole


def _moment(played: Played) -> tuple[str, QPixmap]:
    one = played.seen()
    ring = f"{one.ring}{one.of}" if one.phase is Phase.PLAYING else f"ready {one.ring}"
    return f"{ring} · {one.cue}", played.page.stage.grab()


# --- all of it --------------------------------------------------------------------------------------------------------


def play(message: OpenRoutineWindow, stated: timedelta, known: set[str], *, pictures: bool) -> list[str]:
    """Play one through; give what was found. `known` are the steps whose picture and cut texts are done already."""
    played, found, seen, strips = Played(message), [], [], []
    lesson = message.change_now is not None
    for number, step in enumerate(message.steps):
        where = f"{number + 1} {step.exercise.get('id')}" + (f" {step.side}" if step.side != "none" else "")
        begins, pace = played.at, pace_of(played)
        played.settle()
        plays_from = begins + (timedelta(0) if lesson else GET_READY)
        ends = plays_from + step.time
        head = f"{message.routine} · {where} · {step.time.total_seconds():g} s" + (
            f" × {step.reps}" if step.reps else ""
        )
        key = f"{step.exercise.get('id')} {step.side} {number if lesson else step.reps}"
        new = key not in known
        known.add(key)
        wanted = pictures and pace is not None and new
        if wanted:
            played.show()
        whole = played.window.grab() if wanted else QPixmap()
        cues = sorted(filter(None, pace.cues())) if pace and not lesson else []
        for size in (WIDE, NARROW, LEAST) if new else ():
            found += [f"{where}: {words}" for words in cut_texts(played.window, played.page, cues, size)]
        played.window.resize(SIZE)
        at = [plays_from + timedelta(seconds=one) for one in loop_moments(pace)] if wanted and pace else []
        shots = [begins + timedelta(seconds=1), *at, ends - timedelta(milliseconds=60)] if wanted else []
        grid = [begins + TICK * k for k in range(int((ends - begins) / TICK))]
        here, moments = [], []
        for when in sorted({*grid, plays_from, ends - timedelta(milliseconds=60), *shots}):
            played.forward(when)
            here.append(played.seen())
            if when in shots:
                played.show()
                moments.append(_moment(played))
        if wanted:
            strips.append(strip_image(Strip(head, whole, tuple(moments))))
        found += [f"{where}: {words}" for words in step_findings(step, pace, here, lesson=lesson)]
        seen += here
        played.forward(ends)
    found += routine_findings(message, seen, stated)
    if played.window.end_card is None:
        found.append("the routine does not end with its last step")
    else:
        for size in (WIDE, NARROW, LEAST):
            found += [f"end: {words}" for words in cut_texts(played.window, played.window.end_card, (), size)]
    if strips:
        OUT.mkdir(parents=True, exist_ok=True)
        below_each_other(strips).save(str(OUT / f"{message.routine}.png"))
    played.window.close_now()
    return list(dict.fromkeys(found))


def main(words: list[str]) -> int:
    """Play what is asked for; 1 if anything was found."""
    application = QApplication.instance() or QApplication(["playthrough"])
    load_fonts()
    library = Library.load()
    pictures, wanted = "--checks" not in words, [word for word in words if not word.startswith("--")]
    known: set[str] = set()
    total = 0
    lessons = {entry.id: entry.length for entry in library.lessons()}
    lengths = {entry.id: entry.length for entry in library.entries()} | lessons
    for name, length in lengths.items():
        if not wanted or name in wanted:
            message = library.lesson_message(name) if name in lessons else library.open_message(name)
            found = play(message, length, known, pictures=pictures)
            total += len(found)
            print(f"{name}: {len(found) or 'no'} findings", *found, sep="\n  ", flush=True)
    print(f"{total} findings")
    del application
    return 1 if total else 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Qt's offscreen platform may crash while the interpreter tears down; everything is written by now.
    sys.stdout.flush()
    os._exit(code)
