"""The words below an animation: of a lesson every sentence is there to the last letter, on frames of one size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage

from traycoach.library import Library
from traycoach.messages import OpenRoutineWindow, RoutineStep
from traycoach.ui.animation import BAND, frame_count, frames
from traycoach.ui.storyboard import segments
from traycoach.ui.theme import Theme

SIZE = 400
LESSONS = [entry.id for entry in Library.load().lessons()]


def first_frame(theme: Theme, message: OpenRoutineWindow) -> QImage:
    image, _ms = next(frames(message, theme, segments(message, theme, all_views=False), SIZE))
    return image


def saying(message: OpenRoutineWindow, step: RoutineStep, how: str) -> OpenRoutineWindow:
    """A lesson of the one part, with this sentence."""
    return replace(message, steps=(replace(step, exercise={**step.exercise, "how": how}),))


def rows_left_below(image: QImage, theme: Theme) -> int:
    """Rows at the bottom on which nothing is written."""
    empty = theme.colour("window").rgb()
    rows = range(image.height() - 1, 0, -1)
    return next(n for n, y in enumerate(rows) if any(image.pixel(x, y) != empty for x in range(image.width())))


@pytest.mark.parametrize("name", LESSONS)
def test_every_sentence_of_a_lesson_is_seen_to_its_end(theme: Theme, name: str) -> None:
    message = Library.load().lesson_message(name)
    for step in message.steps:
        how = step.exercise["how"]
        whole = first_frame(theme, saying(message, step, how))
        other = first_frame(theme, saying(message, step, f"{how[:-1]}!"))
        assert whole != other, f"the end is cut off: {how}"
        assert rows_left_below(whole, theme) >= 4, how


def test_frames_of_a_lesson_have_room_for_its_longest_sentence_and_are_of_one_size(theme: Theme) -> None:
    message = Library.load().lesson_message("seat")
    short, long = "Sit.", "Sit as far back on the seat as it goes. " * 6
    steps = [saying(message, message.steps[0], how).steps[0] for how in (short, long)]
    heights = []
    for parts in ((steps[0],), (steps[1],), tuple(steps)):
        lesson = replace(message, steps=parts)
        found = segments(lesson, theme, all_views=False)
        seen = [image.size().toTuple() for image, _ms in frames(lesson, theme, found, SIZE)]
        assert len(seen) == frame_count(found)
        assert {width for width, _height in seen} == {SIZE}
        (height,) = {height for _width, height in seen}
        heights.append(height)
    assert heights[0] < heights[1] == heights[2]


def test_band_of_a_routine_has_two_lines_whatever_its_exercises_explain(theme: Theme) -> None:
    message = Library.load().open_message("stand-60")
    assert first_frame(theme, message).height() == SIZE + BAND
